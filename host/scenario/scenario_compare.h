/* Compares scenarios by their meaning and not by their text: whether two are equal, what differs, and the digest of
 * one. */
#ifndef ZEM_SCENARIO_COMPARE_H
#define ZEM_SCENARIO_COMPARE_H

#include "scenario/scenario.h"

/* Whether the canonical bytes of two resolved scenarios are equal (scenario_print.h). */
bool zem_scenario_same(const struct zem_scenario *a, const struct zem_scenario *b);

/* Whether both scenarios have the same axes with the same values, and the same hit radii. Their cells can then be
 * compared one by one. */
bool zem_scenario_same_grid(const struct zem_scenario *a, const struct zem_scenario *b);

/* Writes how their grids differ into text[size]: "target.period has 9 points from 0.25 to 4 s (log) in the first one
 * and 8 points from 0.25 to 4 s in the second one"; "" if they do not. The text ends where the space does. Returns
 * text. */
const char *zem_scenario_grid_differences(const struct zem_scenario *a, const struct zem_scenario *b, char *text,
                                          size_t size);

/* Writes what differs into text[size], as in "target.period, run.seed, the sweep"; "" if nothing differs. The list ends
 * where the space does. Returns text. */
const char *zem_scenario_differences(const struct zem_scenario *a, const struct zem_scenario *b, char *text,
                                     size_t size);

/* Writes the SHA-256 of the canonical bytes and the kernel version in hexadecimal. */
void zem_scenario_digest(const struct zem_scenario *scenario, char text[65]);

#endif
