/* Whether the tally of a batch adds up. Every trial is counted in several places (outcome, hit radius, miss histogram,
 * sums, salvo), so the counts bound each other. A device that returns anything else has not flown the batch. */
#ifndef ZEM_TALLY_CHECK_H
#define ZEM_TALLY_CHECK_H

#include "base/kernel_types.h"

#include <stdbool.h>
#include <stddef.h>

/* Checks the tally of `trials` trials of a cell. Returns false, and writes what does not add up, such as "501 trials
 * counted by hit radius, 500 flown", into text. Trials counted wrongly in several places may still add up; only flying
 * them again shows those. */
bool zem_tally_adds_up(const struct cell_parameters *cell, const uint64_t *tally, uint64_t trials, char *text,
                       size_t size);

#endif
