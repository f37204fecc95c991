/* A scenario put out again: as YAML with every default resolved, and as the canonical bytes that the digest covers. */
#ifndef ZEM_SCENARIO_PRINT_H
#define ZEM_SCENARIO_PRINT_H

#include "scenario/scenario.h"

#include <stdio.h>

enum zem_print_units { ZEM_PRINT_SI, ZEM_PRINT_AS_WRITTEN };

/* Writes the resolved scenario as YAML that reads back to the same values, bit for bit. Keys that are absent, or belong
 * to the other kinematics and were not given, are left out. Returns 0, ZEM_INPUT_OUTPUT, or ZEM_INTERNAL without
 * memory. */
int zem_scenario_print(const struct zem_scenario *scenario, enum zem_print_units units, FILE *stream,
                       struct zem_error *error);

/* Hands the canonical byte stream of the resolved scenario to `emit` piece by piece, until it returns other than 0:
 *   for each key of the table: "section.name" NUL; present (1 byte); distribution (1 byte); first, second (IEEE-754);
 * integer number of hit radii; each radius number of axes; for each: "section.name[.part]" NUL; part (1 byte); points;
 * each value Numbers are 8 bytes, little-endian, floating point by its bits; minus zero counts as zero. What is absent
 * is all zero. Text, comments, title, the order of keys and the units in which values were written do not enter. */
void zem_scenario_canonical(const struct zem_scenario *scenario, int (*emit)(void *, const void *, size_t),
                            void *context);

#endif
