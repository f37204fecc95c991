/* The queue of work from which all engines pull: which trials of which cells are still to be flown, cut into batches.
 * Not locked: run.c calls it under its own lock. How batches are cut never changes a result. */
#ifndef ZEM_WORK_QUEUE_H
#define ZEM_WORK_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One piece: trials first .. first + trials - 1 in each of cell_count cells from first_cell on. */
struct zem_work_piece {
    uint64_t first_cell, first_trial;
    size_t cell_count;
    uint32_t trials;
};

#define ZEM_WORK_PENDING_MAX 1024 /* pieces handed out and not counted yet: batches in flight on all devices */

/* Trials of one cell in the current round: those in [done, target) are to be flown. */
struct zem_work_queue {
    uint64_t cells;
    uint64_t *done, *target; /* per cell; done counts trials handed out */
    uint64_t cell;           /* first cell that may have work left */
    struct zem_work_piece
        pending[ZEM_WORK_PENDING_MAX]; /* the first `again` of them are not in flight, but to be handed out again */
    size_t pending_count, again;
};

/* 0, or -1 without memory. All targets are zero. */
int zem_work_queue_init(struct zem_work_queue *queue, uint64_t cells);
void zem_work_queue_free(struct zem_work_queue *queue);

/* Starts a round after targets were raised. */
void zem_work_queue_rewind(struct zem_work_queue *queue);

/* Takes a piece of about `wanted` trials in all, at most `cells_max` cells and `trials_max` trials a cell. false: the
 * round has no work left. */
bool zem_work_queue_take(struct zem_work_queue *queue, uint64_t wanted, size_t cells_max, uint32_t trials_max,
                         struct zem_work_piece *piece);

/* A piece has been flown and counted. What was taken and not counted stays in `pending`. */
void zem_work_queue_counted(struct zem_work_queue *queue, const struct zem_work_piece *piece);

/* Pieces that an earlier run of this queue had taken and not counted: they are handed out first. At most
 * ZEM_WORK_PENDING_MAX. */
void zem_work_queue_again(struct zem_work_queue *queue, const struct zem_work_piece *pieces, size_t count);

#endif
