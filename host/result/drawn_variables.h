/* The result variables with the values that single trials drew, such as sample_target_phase. The table of scenario keys
 * gives one such variable for every key whose value is a real number. The values are computed again from the numbers
 * of the trials. */
#ifndef ZEM_DRAWN_VARIABLES_H
#define ZEM_DRAWN_VARIABLES_H

#include "result/result.h"
#include "scenario/scenario.h"

/* Writes the value of a key in each single trial that the result keeps of a cell to `numbers`, in the unit of the key.
 * Phase and roll are fractions of a full turn. A value is NaN if the cell does not have the trial. */
void zem_drawn_values(const struct zem_result *result, uint64_t cell, enum zem_key key, double *numbers);

/* ZEM_DRAWN_IF_kind(x) expands to x for the kinds of keys whose values are real numbers, and to nothing for integers
 * and choices. */
#define ZEM_DRAWN_IF_ZEM_QUANTITY(...) __VA_ARGS__
#define ZEM_DRAWN_IF_ZEM_NUMBER(...) __VA_ARGS__
#define ZEM_DRAWN_IF_ZEM_INTEGER(...)
#define ZEM_DRAWN_IF_ZEM_CHOICE(...)

/* ZEM_DRAWN_COMPUTE defines the member `compute` of a key's variable (struct zem_variable). ZEM_DRAWN_ROW expands to
 * the row of that variable in the table of result variables. */
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
