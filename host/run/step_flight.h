/* Flies a small fixed share of the trials of a run again: once with the steps and the bits of the run, and once with
 * every step halved, in double precision and with the same random draws. The counts of trials that hit in one of the
 * two alone go into the result (result/step_check.h, which says what they mean).
 *
 * Which trials these are depends on the scenario and on the numbers of trials of the cells, and on no device, thread,
 * batch or checkpoint. They come in blocks of successive numbers. The trials of the run, counted through the cells in
 * order, have one block for each ZEM_STEP_FLIGHT_SHARE times its length, and at most ZEM_STEP_CHECK_TRIALS_MAX trials
 * are flown again; so in a grid of many cells with few trials only some cells have a block. Of several shards, shard i
 * flies the blocks i, i + shards, ... of the whole run: they add up to those of the unsharded run, and each costs the
 * share of one shard. With common random numbers no draw is used twice, because intervals need independent trials:
 * then all blocks together have no more trials than the smallest cell.
 *
 * Refined flights in double precision use a * b + c where a processor has no fused multiply-add, and their misses then
 * differ by 1e-12 of themselves. A count would differ if a miss lay so near a hit radius. */
#ifndef ZEM_STEP_FLIGHT_H
#define ZEM_STEP_FLIGHT_H

#include "result/step_check.h"

/* A trial in so many is flown again. It then costs up to nine times as much as in the run, because it is flown once
 * more with its own steps, and with twice as many in double precision, in a vector of half as many lanes and by engines
 * that are less specialised; that includes its cell, which is derived again for a block. */
#define ZEM_STEP_FLIGHT_SHARE 320u
#define ZEM_STEP_FLIGHT_BLOCK 16u

/* The same where a cell of the scenario is flown by transition matrices (kernels/transition.h): to tabulate those of
 * the halved steps takes as long as to fly a hundred trials. */
#define ZEM_STEP_FLIGHT_TRANSITION_SHARE 1024u
#define ZEM_STEP_FLIGHT_TRANSITION_BLOCK 64u

/* Makes room for the counts of a result and fills it, on `threads` processors, 0 for all. Totals and shards must be
 * final. After a signal it returns 0 early. ZEM_INTERNAL without memory. */
int zem_step_flight(struct zem_result *result, unsigned threads, struct zem_error *error);

/* Writes the numbers of the trials of one cell that zem_step_flight flies to trial[] in the order of flight, at most
 * `capacity` of them. Returns how many there are. */
size_t zem_step_flight_trials(const struct zem_result *result, uint64_t cell, uint64_t *trial, size_t capacity);

#endif
