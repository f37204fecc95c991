/* The queue of work from which all workers take pieces: the trials of a round that are still to be flown. The sizes of
 * pieces never change a result. There is no lock here; worker.c calls the queue under the lock of the run. */
#ifndef ZEM_WORK_QUEUE_H
#define ZEM_WORK_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A piece of work: the trials first_trial to first_trial + trials - 1 of each of cell_count cells, beginning at
 * first_cell. */
struct zem_work_piece {
    uint64_t first_cell, first_trial;
    size_t cell_count;
    uint32_t trials;
};

/* The largest number of pieces that are handed out and not yet counted, on all devices together. */
#define ZEM_WORK_PENDING_MAX 1024

/* The trials of a cell that are to be flown in the present round are done to target - 1. */
struct zem_work_queue {
    uint64_t cells;
    uint64_t *done;   /* per cell: trials handed out */
    uint64_t *target; /* per cell: trials that it shall have at the end of the round */
    uint64_t cell;    /* no cell before this one has work left */
    /* Pieces that are not counted yet. The first `again` of them come from a checkpoint and are still to be handed
     * out. */
    struct zem_work_piece pending[ZEM_WORK_PENDING_MAX];
    size_t pending_count, again;
};

/* Makes a queue in which all targets are zero. 0, or -1 without memory; release it with zem_work_queue_free in either
 * case. */
int zem_work_queue_init(struct zem_work_queue *queue, uint64_t cells);
void zem_work_queue_free(struct zem_work_queue *queue);

/* Starts a round; call it after targets were raised. */
void zem_work_queue_rewind(struct zem_work_queue *queue);

/* Takes a piece of about `wanted` trials in all, with at most `cells_max` cells and at most `trials_max` trials of
 * each. False if the round has no work left. */
bool zem_work_queue_take(struct zem_work_queue *queue, uint64_t wanted, size_t cells_max, uint32_t trials_max,
                         struct zem_work_piece *piece);

/* Records that a piece has been flown and added to the totals. A piece that was taken and not counted stays in
 * `pending`. */
void zem_work_queue_counted(struct zem_work_queue *queue, const struct zem_work_piece *piece);

/* Gives back a piece that was taken and will not be counted, because its device has failed. It is handed out before any
 * other work. */
void zem_work_queue_return(struct zem_work_queue *queue, const struct zem_work_piece *piece);

/* Whether the round has pieces that nobody has taken. */
bool zem_work_queue_left(const struct zem_work_queue *queue);

/* Gives back the pieces that were in flight when a checkpoint was written, at most ZEM_WORK_PENDING_MAX of them. They
 * are handed out before any other work, split for the device that takes them. */
void zem_work_queue_again(struct zem_work_queue *queue, const struct zem_work_piece *pieces, size_t count);

#endif
