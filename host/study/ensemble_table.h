/* An ensemble as a table over time to go, for a file or for CSV. */
#ifndef ZEM_ENSEMBLE_TABLE_H
#define ZEM_ENSEMBLE_TABLE_H

#include "result/data_table.h"
#include "result/table_origin.h"
#include "study/ensemble.h"

enum { ZEM_ENSEMBLE_VARIABLES = 2 + 7 * ZEM_ENSEMBLE_QUANTITIES + 1, ZEM_ENSEMBLE_NAME = 40 };

/* The names, units and long names of the quantities, such as "zero_effort_miss", "m", "zero-effort miss". */
struct zem_ensemble_quantity_row {
    const char *name, *unit, *long_name;
};
extern const struct zem_ensemble_quantity_row zem_ensemble_quantity_table[ZEM_ENSEMBLE_QUANTITIES];

/* The names of the components: y, z, magnitude. */
extern const char *const zem_ensemble_component_words[ZEM_ENSEMBLE_COMPONENTS];

/* The table of an ensemble. Do not copy it, because it points at its own parts. */
struct zem_ensemble_table {
    struct zem_table table;
    struct zem_table_dimension dimension[4];
    struct zem_table_variable variable[ZEM_ENSEMBLE_VARIABLES];
    char name[ZEM_ENSEMBLE_VARIABLES][ZEM_ENSEMBLE_NAME], long_name[ZEM_ENSEMBLE_VARIABLES][120];
    const char *outcome_words[ZEM_OUTCOME_COUNT];
    struct zem_table_origin origin;
    uint64_t shot;
};

/* Fills the table of an ensemble, which must outlive it. */
void zem_ensemble_table_init(struct zem_ensemble_table *out, const struct zem_ensemble *ensemble);

#endif
