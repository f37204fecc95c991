/* Whether the tally of a batch adds up. Every trial is counted in several places (outcome, hit radius, miss histogram,
 * sums, salvo), so the counts bound each other. A tally that breaks a bound is wrong, and its device is faulty. */
#ifndef ZEM_TALLY_CHECK_H
#define ZEM_TALLY_CHECK_H

#include "base/kernel_types.h"

#include <stdbool.h>
#include <stddef.h>

/* Checks the tally of `trials` trials of a cell. Returns false, and writes what does not add up to `text`, such as "501
 * trials by hit radius, of 500". A device may also count a trial wrongly in several places at once. Such a tally can
 * add up, and only flying the trials again shows the error. */
bool zem_tally_adds_up(const struct cell_parameters *cell, const uint64_t *tally, uint64_t trials, char *text,
                       size_t size);

#endif
