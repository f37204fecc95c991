/* The table of result variables: one line each, driving the writer, the reader, the printed output and the format page
 * in models/. To add a variable: add its line in result_variables.c and the function that computes it for one cell. */
#ifndef ZEM_RESULT_VARIABLES_H
#define ZEM_RESULT_VARIABLES_H

#include "result/result.h"

/* Trailing dimension of a variable, after the sweep axes. */
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

/* When a variable exists: in every result; if shots > 1; if single trials are kept (of the type uint8 or float32 then);
 * if in addition the lethality is Carleton's. */
enum zem_condition { ZEM_ALWAYS, ZEM_SALVO, ZEM_SAMPLES, ZEM_SAMPLES_CARLETON };

struct zem_variable {
    const char *name, *unit, *long_name;
    bool is_count; /* uint64, else float64 */
    enum zem_condition condition;
    enum zem_dimension dimension[2];
    /* Fills the values of one cell, as many as the trailing dimensions span, in C order. Counts use `counts`, others
     * `numbers`. */
    void (*compute)(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers);
    /* The way back, for a reader: NULL where everything follows from the totals. False if a value cannot be. */
    bool (*restore)(struct zem_result *result, uint64_t cell, const uint64_t *counts, const double *numbers);
};

extern const struct zem_variable zem_variable_table[];
extern const size_t zem_variable_count;

/* Whether the result has this variable. */
bool zem_variable_exists(const struct zem_result *result, const struct zem_variable *variable);

/* Length of a trailing dimension for this result; 1 for ZEM_DIMENSION_NONE. */
size_t zem_dimension_length(const struct zem_result *result, enum zem_dimension dimension);

/* Name of a trailing dimension: "hit_radius", "quantile", "miss_bin", "outcome", "shot", "hits_in_salvo", "sample". */
const char *zem_dimension_name(enum zem_dimension dimension);

/* Probabilities of the quantiles reported. */
extern const double zem_quantile_levels[];
extern const size_t zem_quantile_level_count;

/* Edges of the miss histogram, ZEM_HISTOGRAM_BINS + 1 values in metres. */
const double *zem_histogram_edges(void);

/* The line of the table with this name, or NULL. */
const struct zem_variable *zem_variable_find(const char *name);

#endif
