/* The table of result variables. The writer, the reader, the printed output and the test of models/FILE-FORMAT.md all
 * use it. To add a variable, add its row in result_variables.c and the function that computes its values for one
 * cell. */
#ifndef ZEM_RESULT_VARIABLES_H
#define ZEM_RESULT_VARIABLES_H

#include "base/kernel_types.h"
#include "result/result.h"

/* The dimensions that a variable may have after the sweep axes. */
enum zem_dimension {
    ZEM_DIMENSION_NONE,
    ZEM_DIMENSION_RADIUS,
    ZEM_DIMENSION_QUANTILE,
    ZEM_DIMENSION_MISS_BIN,
    ZEM_DIMENSION_OUTCOME,
    ZEM_DIMENSION_SHOT,
    ZEM_DIMENSION_HITS_IN_SALVO,
    ZEM_DIMENSION_SAMPLE,
    ZEM_DIMENSION_COUNT
};

/* When a variable exists. A single trial is one that is kept beside the totals (struct zem_sample). */
enum zem_condition {
    ZEM_ALWAYS,
    ZEM_SALVO,            /* with several shots in a salvo */
    ZEM_SAMPLES,          /* if the result has single trials */
    ZEM_SAMPLES_CARLETON, /* if it has single trials and the lethality is Carleton's */
    ZEM_STEP_CHECKED,     /* if trials were flown again with steps half as long */
    ZEM_SAMPLES_DRAWN,    /* plus the number of a key: if it has single trials and the key varies among them */
    ZEM_SAMPLES_DRAWN_LAST = ZEM_SAMPLES_DRAWN + ZEM_KEY_COUNT - 1
};

struct zem_variable {
    const char *name, *unit, *long_name;
    bool is_count; /* uint64 in the file, otherwise float64; single trials and the miss histogram take fewer bytes */
    enum zem_condition condition;
    enum zem_dimension dimension[2];
    /* Computes the values of one cell over the dimensions that follow the sweep axes, in C order. A count is written to
     * `counts`, any other variable to `numbers`. */
    void (*compute)(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers);
    /* Puts the values of one cell, as read from a file, into the result. False if a value is impossible. NULL for a
     * variable that follows from the totals. */
    bool (*restore)(struct zem_result *result, uint64_t cell, const uint64_t *counts, const double *numbers);
};

extern const struct zem_variable zem_variable_table[];
extern const size_t zem_variable_count;

/* Whether the result has this variable. */
bool zem_variable_exists(const struct zem_result *result, const struct zem_variable *variable);

/* One value of one cell: element `element` in C order of a variable that is not one of single trials.
 * zem_variable_number finds the variable by its name, which must exist. */
double zem_variable_value(const struct zem_result *result, const struct zem_variable *variable, size_t element,
                          uint64_t cell);
double zem_variable_number(const struct zem_result *result, const char *name, size_t element, uint64_t cell);

/* The length of a dimension that follows the sweep axes, for this result; 1 for ZEM_DIMENSION_NONE. */
size_t zem_dimension_length(const struct zem_result *result, enum zem_dimension dimension);

/* The name of a dimension that follows the sweep axes: "hit_radius", "quantile", "miss_bin", "outcome", "shot",
 * "hits_in_salvo" or "sample". */
const char *zem_dimension_name(enum zem_dimension dimension);

/* The probabilities whose quantiles are reported, increasing. */
extern const double zem_quantile_levels[];
extern const size_t zem_quantile_level_count;

/* The edges of the miss histogram, ZEM_HISTOGRAM_BINS + 1 values in metres. */
const double *zem_histogram_edges(void);

/* The row of the table with this name, or NULL. */
const struct zem_variable *zem_variable_find(const char *name);

#endif
