/* Fills the attributes of a table. They have the names of the attributes of a result file (result_attributes.c). */
#include "result/table_origin.h"

#include "base/kernel_types.h"
#include "result/provenance.h"
#include "result/unit_symbol.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void add(struct zem_table_origin *origin, struct zem_table_attribute attribute)
{
    assert(origin->count < ZEM_TABLE_ATTRIBUTES_MAX);
    origin->attribute[origin->count++] = attribute;
}

void zem_table_origin_text(struct zem_table_origin *origin, const char *name, const char *text)
{
    add(origin, (struct zem_table_attribute){.name = name, .text = text != NULL ? text : "unknown"});
}

void zem_table_origin_whole(struct zem_table_origin *origin, const char *name, const uint64_t *whole)
{
    add(origin, (struct zem_table_attribute){.name = name, .whole = whole});
}

void zem_table_origin_number(struct zem_table_origin *origin, const char *name, const double *number)
{
    add(origin, (struct zem_table_attribute){.name = name, .number = number});
}

void zem_table_origin_init(struct zem_table_origin *origin, const struct zem_scenario *scenario)
{
    const char *slash = strrchr(scenario->name, '/');
    *origin = (struct zem_table_origin){.kernel_version = ZEM_KERNEL_VERSION};
    zem_table_origin_text(origin, "title", scenario->title);
    snprintf(origin->history, sizeof origin->history, "zem %s", zem_build_version);
    zem_table_origin_text(origin, "history", origin->history);
    zem_table_origin_text(origin, "zem_version", zem_build_version);
    zem_table_origin_whole(origin, "kernel_version", &origin->kernel_version);
    zem_table_origin_text(origin, "commit", zem_build_commit);
    zem_table_origin_text(origin, "scenario_name", slash != NULL ? slash + 1 : scenario->name);
    zem_table_origin_text(origin, "scenario", scenario->text);
    if (scenario->override_count > 0)
        add(origin, (struct zem_table_attribute){.name = "overrides",
                                                 .texts = (const char *const *)scenario->overrides,
                                                 .count = scenario->override_count});
    zem_table_origin_whole(origin, "seed", &scenario->value[ZEM_KEY_SEED].integer);
}

struct zem_table_dimension zem_table_axis(const struct zem_axis *axis)
{
    return (struct zem_table_dimension){.name = axis->name,
                                        .unit = zem_unit_symbol(axis->unit),
                                        .long_name = zem_key_table[axis->key].description,
                                        .length = axis->points,
                                        .values = axis->display,
                                        .parameter = axis->parameter};
}

struct zem_table_dimension zem_table_radii(const struct zem_scenario *scenario)
{
    return (struct zem_table_dimension){.name = "hit_radius",
                                        .unit = "m",
                                        .long_name = "miss distance below which a trial is a hit",
                                        .length = scenario->radius_count,
                                        .values = scenario->radius};
}
