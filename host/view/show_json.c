/* Writes the JSON of `zem show` with jansson, which writes numbers in the C locale whatever locale the process has. */
#include "view/show_json.h"

#include "base/json_text.h"
#include "base/kernel_types.h"
#include "result/outcome.h"
#include "result/step_check.h"
#include "scenario/grid.h"

#include <string.h>

static json_t *numbers(const double *values, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, zem_json_number(values[i]));
    return array;
}

/* Returns an integer as JSON. jansson has signed integers only, so a value above INT64_MAX becomes a text of its
 * digits. */
static json_t *integer(uint64_t value)
{
    char text[24];
    if (value <= INT64_MAX)
        return json_integer((json_int_t)value);
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    return json_string(text);
}

static json_t *axes_json(const struct zem_scenario *scenario)
{
    json_t *array = json_array();
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const struct zem_axis *axis = &scenario->axis[i];
        json_array_append_new(array, json_pack("{s:o, s:o, s:o, s:b, s:o}", "name", zem_json_text(axis->name),
                                               "parameter", zem_json_text(axis->parameter), "unit",
                                               zem_json_text(axis->unit), "logarithmic", axis->logarithmic, "values",
                                               numbers(axis->display, axis->points)));
    }
    return array;
}

static json_t *totals_json(const struct zem_result *result)
{
    uint64_t trials = 0, ended[ZEM_OUTCOME_COUNT] = {0}, stopped[ZEM_STOP_REASON_COUNT] = {0};
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        trials += zem_result_word(result, cell, ZEM_TALLY_TRIALS);
        for (int i = 0; i < ZEM_OUTCOME_COUNT; i++)
            ended[i] += zem_result_word(result, cell, ZEM_TALLY_OUTCOME + (size_t)i);
        stopped[result->stop_reason[cell]]++;
    }
    json_t *outcomes = json_object(), *reasons = json_object();
    for (int i = 0; i < ZEM_OUTCOME_COUNT; i++)
        json_object_set_new(outcomes, zem_outcome_table[i].word, integer(ended[i]));
    for (int i = 0; i < ZEM_STOP_REASON_COUNT; i++)
        json_object_set_new(reasons, zem_stop_reason_table[i].word, integer(stopped[i]));
    return json_pack("{s:o, s:o, s:o, s:o}", "cells", integer(result->cells), "trials", integer(trials), "outcomes",
                     outcomes, "cells_stopped_by", reasons);
}

static json_t *provenance_json(const struct zem_result *result)
{
    const struct zem_provenance *from = &result->provenance;
    json_t *devices = json_array();
    for (size_t i = 0; i < from->device_count; i++)
        json_array_append_new(devices, json_pack("{s:o, s:o, s:o, s:o}", "name", zem_json_text(from->device[i].name),
                                                 "description", zem_json_text(from->device[i].description), "trials",
                                                 integer(from->device[i].trials), "busy_seconds",
                                                 zem_json_number(from->device[i].busy_seconds)));
    json_t *object = json_pack("{s:o, s:o, s:o, s:s, s:s}", "zem_version", zem_json_text(from->version), "commit",
                               zem_json_text(from->commit), "kernel_version", integer(from->kernel_version), "digest",
                               result->digest, "miss_digest", result->miss_digest);
    json_object_set_new(object, "date", zem_json_text(from->date));
    json_object_set_new(object, "host", zem_json_text(from->host));
    json_object_set_new(object, "command", zem_json_text(from->command));
    json_object_set_new(object, "wall_seconds", zem_json_number(from->wall_seconds));
    json_object_set_new(object, "kernel_seconds", zem_json_number(from->kernel_seconds));
    json_object_set_new(object, "threads", from->threads > 0 ? integer(from->threads) : json_null());
    json_object_set_new(object, "threads_reason", zem_json_text(from->threads_reason));
    json_object_set_new(object, "devices", devices);
    return object;
}

/* Returns the values of a view: for two axes nested arrays, row by row; for one axis an array; for none a number. */
static json_t *values_json(const struct zem_view *view, const double *values)
{
    if (values == NULL)
        return json_null();
    if (view->axis_count == 0)
        return zem_json_number(values[0]);
    if (view->axis_count == 1)
        return numbers(values, view->columns);
    json_t *array = json_array();
    for (size_t row = 0; row < view->rows; row++)
        json_array_append_new(array, numbers(values + row * view->columns, view->columns));
    return array;
}

static json_t *extreme_json(const struct zem_scenario *scenario, uint64_t cell, double p, struct zem_interval interval)
{
    size_t index[ZEM_AXES_MAX];
    json_t *at = json_array();
    zem_grid_indices(scenario, cell, index);
    for (size_t k = 0; k < scenario->axis_count; k++)
        json_array_append_new(at, json_integer((json_int_t)index[k]));
    return json_pack("{s:o, s:o, s:o, s:o}", "cell", at, "value", zem_json_number(p), "lower",
                     zem_json_number(interval.lower), "upper", zem_json_number(interval.upper));
}

/* Returns the smallest and largest probabilities of the cells; null where no cell has trials. */
static json_t *extremes_json(const struct zem_scenario *scenario, const struct zem_extremes_table *table)
{
    json_t *array = json_array();
    for (size_t i = 0; i < table->count; i++) {
        const struct zem_extremes *row = &table->row[i];
        const bool some = row->cells > 0;
        json_array_append_new(
            array,
            json_pack("{s:s, s:f, s:f, s:s, s:o, s:o, s:o, s:b}", "variable", zem_counted_names[row->kind],
                      "hit_radius", scenario->radius[row->radius], "confidence", table->confidence, "interval",
                      "Clopper-Pearson, all cells and rows at once", "smallest",
                      some ? extreme_json(scenario, row->smallest, row->least, row->of_smallest) : json_null(),
                      "largest", some ? extreme_json(scenario, row->largest, row->most, row->of_largest) : json_null(),
                      "p_value", some ? zem_json_number(row->chance) : json_null(), "cells_differ", row->differ));
    }
    return array;
}

static json_t *view_json(const struct zem_view *view)
{
    const struct zem_scenario *scenario = view->result->scenario;
    char text[80];
    json_t *object = json_pack("{s:s, s:s, s:s}", "variable", view->variable->name, "unit", view->variable->unit,
                               "long_name", view->variable->long_name);
    if (view->variable->dimension[0] == ZEM_DIMENSION_RADIUS)
        json_object_set_new(object, "hit_radius", json_real(scenario->radius[view->element]));
    if (view->variable->dimension[0] == ZEM_DIMENSION_QUANTILE)
        json_object_set_new(object, "quantile", json_real(zem_quantile_levels[view->element]));
    json_t *drawn = json_array(), *held = json_object();
    for (size_t i = view->axis_count; i-- > 0;) /* in the order of the nested arrays, rows first */
        json_array_append_new(drawn, zem_json_text(scenario->axis[view->axis[i]].name));
    for (size_t i = 0; i < scenario->axis_count; i++)
        if (view->held[i])
            json_object_set_new(held, scenario->axis[i].name, json_real(scenario->axis[i].display[view->index[i]]));
    json_object_set_new(object, "axes", drawn);
    json_object_set_new(object, "held", held);
    json_object_set_new(object, "interval",
                        view->low == NULL
                            ? json_null()
                            : json_string(zem_view_interval_text(view->result, view->variable, text, sizeof text)));
    json_object_set_new(object, "value", values_json(view, view->value));
    json_object_set_new(object, "lower", values_json(view, view->low));
    json_object_set_new(object, "upper", values_json(view, view->high));
    return object;
}

int zem_show_json(const struct zem_view *view, const struct zem_extremes_table *extremes, const char *file, FILE *out,
                  struct zem_error *error)
{
    const struct zem_result *result = view->result;
    const struct zem_scenario *scenario = result->scenario;
    json_t *object = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "file", zem_json_text(file),
                               "title", zem_json_text(scenario->title), "scenario", zem_json_text(scenario->name),
                               "seed", integer(scenario->value[ZEM_KEY_SEED].integer), "hit_radius",
                               numbers(scenario->radius, scenario->radius_count), "axes", axes_json(scenario), "totals",
                               totals_json(result), "extremes", extremes_json(scenario, extremes), "provenance",
                               provenance_json(result), "view", view_json(view));
    if (object != NULL && json_object_set_new(object, "step_check", zem_step_check_json(result)) != 0) {
        json_decref(object);
        object = NULL;
    }
    return zem_json_print(object, JSON_INDENT(2), out, error);
}
