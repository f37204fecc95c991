/* The shares of the sources of chance (sensitivity.h) as a table over the grid and the sources, for a file or for
 * CSV. */
#ifndef ZEM_SENSITIVITY_TABLE_H
#define ZEM_SENSITIVITY_TABLE_H

#include "result/data_table.h"
#include "result/table_origin.h"
#include "study/sensitivity.h"

/* The names of the outputs, such as "miss", "m2", "miss distance". The unit is that of the variance. */
struct zem_sensitivity_output_row {
    const char *name, *unit, *long_name;
};
extern const struct zem_sensitivity_output_row zem_sensitivity_output_table[ZEM_SENSITIVITY_OUTPUTS];

enum {
    /* The variables are four counts; three of the exact budget; and for each of three outputs four estimates, each with
     * two limits. Two outputs have the mean as a further estimate. */
    ZEM_SENSITIVITY_VARIABLES = 4 + 3 + 3 * (4 * ZEM_SENSITIVITY_OUTPUTS + 2),
    ZEM_SENSITIVITY_NAME = 48
};

/* The table of a study. Do not copy it, because it points at its own parts. */
struct zem_sensitivity_table {
    struct zem_table table;
    size_t row_rank; /* number of leading dimensions that make a row of CSV: the sweep axes and the sources */
    struct zem_table_dimension dimension[ZEM_AXES_MAX + 3];
    struct zem_table_variable variable[ZEM_SENSITIVITY_VARIABLES];
    char name[ZEM_SENSITIVITY_VARIABLES][ZEM_SENSITIVITY_NAME], long_name[ZEM_SENSITIVITY_VARIABLES][160];
    const char *source_words[ZEM_CHANCE_LIMIT], *outcome_words[ZEM_OUTCOME_COUNT];
    double place[ZEM_AXES_MAX]; /* values of the axes if a single cell was studied */
    double confidence;          /* NaN if it differs between the cells */
    struct zem_table_origin origin;
};

/* Fills the table of a study, which must outlive it. */
void zem_sensitivity_table_init(struct zem_sensitivity_table *out, const struct zem_sensitivity *sensitivity);

#endif
