/* Sensitivities as a table over the grid and the sources, for a file or for CSV. */
#ifndef ZEM_SENSITIVITY_TABLE_H
#define ZEM_SENSITIVITY_TABLE_H

#include "result/data_table.h"
#include "result/table_origin.h"
#include "study/sensitivity.h"

/* The names and long names of the outputs, such as "miss", "m2", "miss distance". The unit is that of the variance. */
struct zem_sensitivity_output_row {
    const char *name, *unit, *long_name;
};
extern const struct zem_sensitivity_output_row zem_sensitivity_output_table[ZEM_SENSITIVITY_OUTPUTS];

enum {
    /* four counts, three variables of the exact budget, and for each output four estimates with two limits; the mean of
     * two outputs */
    ZEM_SENSITIVITY_VARIABLES = 4 + 3 + 3 * (4 * ZEM_SENSITIVITY_OUTPUTS + 2),
    ZEM_SENSITIVITY_NAME = 48
};

/* The table of a study, which must outlive it. Do not copy it: it points at its own parts. Release it with
 * zem_sensitivity_table_free. */
struct zem_sensitivity_table {
    struct zem_table table;
    size_t row_rank; /* the sweep axes and the sources, which are the rows of CSV */
    struct zem_table_dimension dimension[ZEM_AXES_MAX + 3];
    struct zem_table_variable variable[ZEM_SENSITIVITY_VARIABLES];
    char name[ZEM_SENSITIVITY_VARIABLES][ZEM_SENSITIVITY_NAME], long_name[ZEM_SENSITIVITY_VARIABLES][160];
    const char *source_words[ZEM_CHANCE_LIMIT], *outcome_words[ZEM_OUTCOME_COUNT];
    double place[ZEM_AXES_MAX]; /* the axes of a single cell */
    struct zem_table_origin origin;
};

void zem_sensitivity_table_init(struct zem_sensitivity_table *out, const struct zem_sensitivity *sensitivity);
void zem_sensitivity_table_free(struct zem_sensitivity_table *table);

#endif
