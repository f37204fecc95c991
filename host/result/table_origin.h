/* The attributes that say where a table comes from: the scenario, its seed and the program. Also the dimensions that a
 * table takes from the scenario. */
#ifndef ZEM_TABLE_ORIGIN_H
#define ZEM_TABLE_ORIGIN_H

#include "result/data_table.h"
#include "scenario/scenario.h"

#define ZEM_TABLE_ATTRIBUTES_MAX 24

/* The attributes of a table, and the values that they point at. */
struct zem_table_origin {
    struct zem_table_attribute attribute[ZEM_TABLE_ATTRIBUTES_MAX];
    size_t count;
    uint64_t kernel_version;
    char history[80];
};

/* Fills the attributes title, history, zem_version, kernel_version, commit, scenario_name, scenario, overrides and
 * seed. The scenario must outlive them. */
void zem_table_origin_init(struct zem_table_origin *origin, const struct zem_scenario *scenario);

/* Add an attribute, whose value must outlive the table. */
void zem_table_origin_text(struct zem_table_origin *origin, const char *name, const char *text);
void zem_table_origin_whole(struct zem_table_origin *origin, const char *name, const uint64_t *whole);
void zem_table_origin_number(struct zem_table_origin *origin, const char *name, const double *number);

/* Return the dimension of a table that stands for a sweep axis, or for the hit radii. It points into the scenario. */
struct zem_table_dimension zem_table_axis(const struct zem_axis *axis);
struct zem_table_dimension zem_table_radii(const struct zem_scenario *scenario);

#endif
