/* Writes a scenario as YAML with all its defaults, and as canonical bytes, which are a binary form of its values from
 * which its digest is computed. */
#ifndef ZEM_SCENARIO_PRINT_H
#define ZEM_SCENARIO_PRINT_H

#include "scenario/scenario.h"

#include <stdio.h>

enum zem_print_units { ZEM_PRINT_SI, ZEM_PRINT_AS_WRITTEN };

/* Writes the scenario with all defaults as YAML that reads back to the same values, bit for bit. Absent keys are left
 * out, and so are keys of the other kinematics unless the user gave them. Returns 0, ZEM_INPUT_OUTPUT, or ZEM_INTERNAL
 * without memory. */
int zem_scenario_print(const struct zem_scenario *scenario, enum zem_print_units units, FILE *stream,
                       struct zem_error *error);

/* Passes the canonical bytes of a scenario with all its defaults, from which its digest is computed, to `emit` in
 * several calls, until `emit` returns a value other than 0. The bytes are:
 *
 *   for each key of the table: "section.name" NUL; present (1 byte); distribution (1 byte); first; second; integer
 *   number of hit radii; each radius
 *   number of axes; for each axis: "section.name[.part]" NUL; part (1 byte); number of points; each value
 *
 *   if there is an expression or a correlation:
 *     number of expressions
 *     for each, in the order of the table: "section.name[.part]" NUL; number of steps
 *       for each step: operation (1 byte); its number or its "section.name[.part]" NUL
 *     number of correlated groups
 *     for each: number of keys; each "section.name" NUL; each coefficient
 *
 * first to fourth are the members of struct zem_value.
 *
 * A distribution other than constant, normal and uniform is followed by third; fourth; number of listed values; each
 * value and the probability up to it. Other numbers are 8 bytes, little-endian; floating-point numbers are IEEE 754
 * doubles, with minus zero as zero. All members of an absent key are zero. A key with the flag ZEM_LATER is left out if
 * it is absent or has its default. Title, description, references, comments, the order of keys and the units that the
 * user wrote have no influence. */
void zem_scenario_canonical(const struct zem_scenario *scenario, int (*emit)(void *, const void *, size_t),
                            void *context);

#endif
