/* The queue of work from which all engines pull: which trials of which cells are still to be flown, cut into batches.
 * Not locked: run.c calls it under its own lock. How batches are cut never changes a result. */
#ifndef ZEM_WORK_QUEUE_H
#define ZEM_WORK_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Trials of one cell in the current round: those in [done, target) are to be flown. */
struct zem_work_queue {
    uint64_t cells;
    uint64_t *done, *target;  /* per cell; done counts trials handed out */
    uint64_t cell;            /* first cell that may have work left */
};

/* One piece: trials first .. first + trials - 1 in each of cell_count cells from first_cell on. */
struct zem_work_piece {
    uint64_t first_cell, first_trial;
    size_t cell_count;
    uint32_t trials;
};

/* 0, or -1 without memory. All targets are zero. */
int zem_work_queue_init(struct zem_work_queue *queue, uint64_t cells);
void zem_work_queue_free(struct zem_work_queue *queue);

/* Starts a round after targets were raised. */
void zem_work_queue_rewind(struct zem_work_queue *queue);

/* Takes a piece of about `wanted` trials in all, at most `cells_max` cells and `trials_max` trials a cell. false: the round has no work left. */
bool zem_work_queue_take(struct zem_work_queue *queue, uint64_t wanted, size_t cells_max, uint32_t trials_max, struct zem_work_piece *piece);

#endif
