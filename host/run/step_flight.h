/* Flies a small fixed share of the trials of a run again, twice and with the same random draws: once bit for bit as in
 * the run, and once in double precision with every step halved. The result gets the counts of trials that hit in one of
 * the two flights and miss in the other (result/step_check.h).
 *
 * The choice of the trials depends on the scenario and on the numbers of trials of the cells only, not on devices,
 * threads, batches or checkpoints. They are chosen in blocks of successive numbers. The trials of the run are counted
 * through, cell after cell. Among so many trials as ZEM_STEP_FLIGHT_SHARE blocks have, one block is flown again. At
 * most ZEM_STEP_CHECK_TRIALS_MAX trials are flown again, so in a grid of many cells with few trials only some cells
 * have a block. Shard i of several flies the blocks i, i + shards, ... of the whole run, so that merged shards have the
 * counts of the unsharded run. With common random numbers all blocks together have no more trials than the smallest
 * cell, so that no draw is used twice, because the intervals need independent trials.
 *
 * On a processor without a fused multiply-add the flights in double precision round a product before they add to it.
 * Their misses then differ by 1e-12 of themselves. This changes a count only if a miss lies so near to a hit radius. */
#ifndef ZEM_STEP_FLIGHT_H
#define ZEM_STEP_FLIGHT_H

#include "result/step_check.h"

/* One trial in so many is flown again. This takes up to nine times as long as the trial in the run: it is flown once
 * more with its own steps, and with twice as many steps in double precision, with half as many lanes and by engines
 * that are less specialised. The time to derive its cell again, once for each block, is included. */
#define ZEM_STEP_FLIGHT_SHARE 320u
#define ZEM_STEP_FLIGHT_BLOCK 16u

/* The share and the block where a cell of the scenario is flown by transition matrices (kernels/transition.h). The
 * blocks are longer, because tabulating the matrices of the halved steps takes as long as flying a hundred trials. */
#define ZEM_STEP_FLIGHT_TRANSITION_SHARE 1024u
#define ZEM_STEP_FLIGHT_TRANSITION_BLOCK 64u

/* Allocates the counts of a result and fills them, on `threads` processors, 0 for all. Totals and shards must be final.
 * After a signal it returns 0 early. ZEM_INTERNAL without memory. */
int zem_step_flight(struct zem_result *result, unsigned threads, struct zem_error *error);

/* Writes the numbers of the trials of one cell that zem_step_flight flies again to `trial`, in the order of flight, at
 * most `capacity` of them. Returns how many there are, which may be more. */
size_t zem_step_flight_trials(const struct zem_result *result, uint64_t cell, uint64_t *trial, size_t capacity);

#endif
