/* The queue of work from which all workers take pieces. It holds the trials that are still to be flown in the current
 * round. The sizes of pieces never change a result. The queue has no lock of its own; worker.c calls it under the lock
 * of the run. */
#ifndef ZEM_WORK_QUEUE_H
#define ZEM_WORK_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A piece of work: the trials first_trial to first_trial + trials - 1 in each of cell_count successive cells, the first
 * of which is first_cell. */
struct zem_work_piece {
    uint64_t first_cell, first_trial;
    size_t cell_count;
    uint32_t trials;
};

/* The largest number of pieces that are taken and not yet counted, by all devices together. */
#define ZEM_WORK_PENDING_MAX 1024

/* The queue of a run. In each cell the trials done[cell] to target[cell] - 1 are still to be taken in the current
 * round. */
struct zem_work_queue {
    uint64_t cells;
    uint64_t *done;   /* per cell: number of trials taken so far */
    uint64_t *target; /* per cell: number of trials that it has at the end of the round */
    uint64_t cell;    /* no cell before this one has trials left to take */
    /* Pieces that are not counted yet. The first `again` of them have to be flown again, and are handed out before
     * other work: they were in flight when a checkpoint was written, or their device has failed. Workers are flying the
     * others now. */
    struct zem_work_piece pending[ZEM_WORK_PENDING_MAX];
    size_t pending_count, again;
};

/* Makes a queue in which all targets are 0. Returns 0, or -1 without memory. Release it with zem_work_queue_free in
 * either case. */
int zem_work_queue_init(struct zem_work_queue *queue, uint64_t cells);
void zem_work_queue_free(struct zem_work_queue *queue);

/* Starts a round. It must be called after targets were raised. */
void zem_work_queue_rewind(struct zem_work_queue *queue);

/* Takes a piece of about `wanted` trials over all its cells. It has at most `cells_max` cells and at most `trials_max`
 * trials of each. Returns false if the round has no work left. */
bool zem_work_queue_take(struct zem_work_queue *queue, uint64_t wanted, size_t cells_max, uint32_t trials_max,
                         struct zem_work_piece *piece);

/* Records that a piece has been flown and added to the totals: removes it from `pending`. */
void zem_work_queue_counted(struct zem_work_queue *queue, const struct zem_work_piece *piece);

/* Gives back a piece that was taken and will not be counted, because its device has failed. It is handed out again
 * before other work. */
void zem_work_queue_return(struct zem_work_queue *queue, const struct zem_work_piece *piece);

/* The number of cells, from the first one on, whose trials of this round are all counted. */
uint64_t zem_work_queue_settled(const struct zem_work_queue *queue);

/* Whether the round has trials or pieces that no worker has taken. */
bool zem_work_queue_left(const struct zem_work_queue *queue);

/* Puts the pieces that were in flight when a checkpoint was written into the queue, at most ZEM_WORK_PENDING_MAX of
 * them. They are handed out before other work, split to sizes that suit the device that takes them. */
void zem_work_queue_again(struct zem_work_queue *queue, const struct zem_work_piece *pieces, size_t count);

#endif
