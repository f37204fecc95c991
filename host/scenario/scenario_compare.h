/* Two scenarios held against each other by what they mean, not by their text. */
#ifndef ZEM_SCENARIO_COMPARE_H
#define ZEM_SCENARIO_COMPARE_H

#include "scenario/scenario.h"

/* Whether the resolved scenarios are the same, by their canonical bytes (scenario_print.h). */
bool zem_scenario_same(const struct zem_scenario *a, const struct zem_scenario *b);

/* Whether both have the same axes with the same values and the same hit radii, so that their cells can be compared one
 * by one. */
bool zem_scenario_same_grid(const struct zem_scenario *a, const struct zem_scenario *b);

/* What differs, "target.period, run.seed, the sweep": up to what fits. "" if nothing does. Returns text. */
const char *zem_scenario_differences(const struct zem_scenario *a, const struct zem_scenario *b, char *text,
                                     size_t size);

/* SHA-256 of the canonical bytes and the kernel version, hexadecimal. */
void zem_scenario_digest(const struct zem_scenario *scenario, char text[65]);

#endif
