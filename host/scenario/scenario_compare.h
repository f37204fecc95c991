/* Compares scenarios by their values, not by their text: whether two scenarios are equal and where they differ. Also
 * computes the digest of a scenario. */
#ifndef ZEM_SCENARIO_COMPARE_H
#define ZEM_SCENARIO_COMPARE_H

#include "scenario/scenario.h"

/* Whether two scenarios, with all their defaults, have the same values, expressions, correlations, hit radii and axes,
 * so that a run gives the same counts. Their digests are compared. */
bool zem_scenario_same(const struct zem_scenario *a, const struct zem_scenario *b);

/* Whether both scenarios have the same axes with the same values, and the same hit radii. Their cells can then be
 * compared one by one. */
bool zem_scenario_same_grid(const struct zem_scenario *a, const struct zem_scenario *b);

/* Writes how the grids of two scenarios differ into text[size], such as "target.period has 9 points from 0.25 to 4 s
 * (log) in the first one and 8 points from 0.25 to 4 s in the second one"; "" if they do not differ. A text that is too
 * long is cut off. Returns `text`. */
const char *zem_scenario_grid_differences(const struct zem_scenario *a, const struct zem_scenario *b, char *text,
                                          size_t size);

/* Writes the keys in which two scenarios differ into text[size], such as "target.period, run.seed, the sweep"; "" if
 * nothing differs. A list that is too long ends with "...". Returns `text`. */
const char *zem_scenario_differences(const struct zem_scenario *a, const struct zem_scenario *b, char *text,
                                     size_t size);

/* Writes the digest of a scenario as 64 hexadecimal digits: the SHA-256 of the kernel version and the canonical bytes
 * (scenario_print.h). */
void zem_scenario_digest(const struct zem_scenario *scenario, char text[65]);

#endif
