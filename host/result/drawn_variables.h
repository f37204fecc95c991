/* The variables of what single trials drew: a row of the table of result variables for every number of a scenario, made
 * from the table of keys. The values follow from the numbers of the trials. */
#ifndef ZEM_DRAWN_VARIABLES_H
#define ZEM_DRAWN_VARIABLES_H

#include "result/result.h"
#include "scenario/scenario.h"

/* Values of a key in the single trials of a cell, in the unit of the key, phase and roll in turns. NaN where the cell
 * has no trial of that number. */
void zem_drawn_values(const struct zem_result *result, uint64_t cell, enum zem_key key, double *numbers);

/* Expand to what follows for the kinds of key that are numbers, and to nothing for the others. */
#define ZEM_DRAWN_IF_ZEM_QUANTITY(...) __VA_ARGS__
#define ZEM_DRAWN_IF_ZEM_NUMBER(...) __VA_ARGS__
#define ZEM_DRAWN_IF_ZEM_INTEGER(...)
#define ZEM_DRAWN_IF_ZEM_CHOICE(...)

/* The function of a key as the table wants it, and the row. */
#define ZEM_DRAWN_COMPUTE(identifier, section, name, kind, ...) \
    ZEM_DRAWN_IF_##kind(static void compute_drawn_##identifier(const struct zem_result *result, uint64_t cell, \
                                                               uint64_t *counts, double *numbers) { \
        (void)counts; \
        zem_drawn_values(result, cell, ZEM_KEY_##identifier, numbers); \
    })
#define ZEM_DRAWN_ROW(identifier, section, name, kind, unit, ...) \
    ZEM_DRAWN_IF_##kind( \
        {"sample_" section "_" name, \
         ZEM_KEY_##identifier == ZEM_KEY_PHASE || ZEM_KEY_##identifier == ZEM_KEY_ROLL ? "turn" : unit, \
         section "." name " of single trials, as drawn", \
         false, \
         (enum zem_condition)(ZEM_SAMPLES_DRAWN + ZEM_KEY_##identifier), \
         {ZEM_DIMENSION_SAMPLE}, \
         compute_drawn_##identifier, \
         NULL}, )

#endif
