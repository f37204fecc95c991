/* Fills the dimensions and variables of the table. The dimensions are the sweep axes, the sources, the hit radii and
 * the outcomes; if one cell was studied, each axis has one point. */
#include "study/sensitivity_table.h"

#include "result/outcome.h"
#include "scenario/grid.h"
#include "study/chance_source.h"

#include <math.h>
#include <stdio.h>

const struct zem_sensitivity_output_row zem_sensitivity_output_table[ZEM_SENSITIVITY_OUTPUTS] = {
    [ZEM_SENSITIVITY_END] = {"miss_vector", "m2", "vector from interceptor to target at the end, in channels y and z"},
    [ZEM_SENSITIVITY_MISS] = {"miss", "m2", "miss distance"},
    [ZEM_SENSITIVITY_HIT] = {"hit", "1", "event that a trial is a hit"},
};

/* Whether a variable has one value for each cell, or one for each source in each cell. */
enum { OVER_CELLS, OVER_SOURCES };

static void fill_dimensions(struct zem_sensitivity_table *out, const struct zem_sensitivity *s)
{
    const struct zem_scenario *scenario = s->scenario;
    size_t index[ZEM_AXES_MAX], count = 0;
    zem_grid_indices(scenario, s->first_cell, index);
    for (; count < scenario->axis_count; count++) {
        out->dimension[count] = zem_table_axis(&scenario->axis[count]);
        if (s->options.one_cell) {
            out->place[count] = scenario->axis[count].display[index[count]];
            out->dimension[count].length = 1;
            out->dimension[count].values = &out->place[count];
        }
    }
    for (size_t k = 0; k < s->sources; k++)
        out->source_words[k] = zem_chance_source(s->source[k]).word;
    for (int k = 0; k < ZEM_OUTCOME_COUNT; k++)
        out->outcome_words[k] = zem_outcome_table[k].word;
    out->dimension[count++] = (struct zem_table_dimension){.name = "source",
                                                           .unit = "1",
                                                           .long_name = "source of chance, by its key",
                                                           .length = s->sources,
                                                           .words = out->source_words};
    out->row_rank = count;
    out->dimension[count++] = zem_table_radii(scenario);
    out->dimension[count++] = (struct zem_table_dimension){.name = "outcome",
                                                           .unit = "1",
                                                           .long_name = "how a trial ended",
                                                           .length = ZEM_OUTCOME_COUNT,
                                                           .words = out->outcome_words};
    out->table.dimension = out->dimension;
    out->table.dimension_count = count;
}

/* Adds a variable over the sweep axes and returns it. The caller may append further dimensions by behind(). */
static struct zem_table_variable *add(struct zem_sensitivity_table *out, const char *name, const char *unit,
                                      const char *long_name)
{
    const size_t axes = out->row_rank - 1, i = out->table.variable_count++;
    snprintf(out->name[i], sizeof out->name[i], "%s", name);
    snprintf(out->long_name[i], sizeof out->long_name[i], "%s", long_name);
    out->variable[i] =
        (struct zem_table_variable){.name = out->name[i], .unit = unit, .long_name = out->long_name[i], .rank = axes};
    for (size_t k = 0; k < axes; k++)
        out->variable[i].dimension[k] = k;
    return &out->variable[i];
}

static void behind(struct zem_table_variable *variable, size_t dimension)
{
    variable->dimension[variable->rank++] = dimension;
}

static struct zem_table_variable *add_counts(struct zem_sensitivity_table *out, const char *name, const char *long_name,
                                             const uint64_t *counts)
{
    struct zem_table_variable *variable = add(out, name, "1", long_name);
    variable->counts = counts;
    return variable;
}

/* Adds an estimate of an output with its two limits. */
static void add_estimate(struct zem_sensitivity_table *out, int output, const char *name, const char *unit,
                         const char *meaning, double *const numbers[3], int over)
{
    static const char *const ending[] = {"", "_lower", "_upper"}, *const limit[] = {
                                                                      "", "lower limit of the interval of the ",
                                                                      "upper limit of the interval of the "};
    for (int k = 0; k < 3; k++) {
        char text[160], label[ZEM_SENSITIVITY_NAME];
        snprintf(label, sizeof label, "%s%s", name, ending[k]);
        snprintf(text, sizeof text, "%s%s", limit[k], meaning);
        struct zem_table_variable *variable = add(out, label, unit, text);
        variable->numbers = numbers[k];
        if (over == OVER_SOURCES)
            behind(variable, out->row_rank - 1);
        if (output == ZEM_SENSITIVITY_HIT)
            behind(variable, out->row_rank);
    }
}

/* Adds an estimate of an output with its two limits. Its name is the output's name, "_" and `ending`; its long name is
 * `meaning`, "the" and the output's long name. */
static void add_series(struct zem_sensitivity_table *out, int output, const char *ending, const char *unit,
                       const char *meaning, double *const numbers[3], int over)
{
    const struct zem_sensitivity_output_row *row = &zem_sensitivity_output_table[output];
    char name[ZEM_SENSITIVITY_NAME], text[160];
    snprintf(name, sizeof name, "%s_%s", row->name, ending);
    snprintf(text, sizeof text, "%s the %s", meaning, row->long_name);
    add_estimate(out, output, name, unit, text, numbers, over);
}

static void add_output(struct zem_sensitivity_table *out, int output, const struct zem_sensitivity_series *series)
{
    if (output == ZEM_SENSITIVITY_MISS)
        add_estimate(out, output, "miss_mean", "m", "mean of the miss distance", series->mean, OVER_CELLS);
    if (output == ZEM_SENSITIVITY_HIT)
        add_estimate(out, output, "p_hit", "1", "probability that a trial is a hit", series->mean, OVER_CELLS);
    add_series(out, output, "variance", zem_sensitivity_output_table[output].unit, "variance of", series->variance,
               OVER_CELLS);
    add_series(out, output, "first", "1", "first-order index, by itself, in", series->first, OVER_SOURCES);
    add_series(out, output, "total", "1", "total index, with its interactions, in", series->total, OVER_SOURCES);
    add_series(out, output, "interactions", "1", "share of interactions in", series->interactions, OVER_CELLS);
}

static void add_budget(struct zem_sensitivity_table *out, const struct zem_sensitivity *s)
{
    struct zem_table_variable *variable = add(out, "bias_y", "m", "mean of channel y at the end by the source, exact");
    variable->numbers = s->bias[0];
    behind(variable, out->row_rank - 1);
    variable = add(out, "bias_z", "m", "mean of channel z at the end by the source, exact");
    variable->numbers = s->bias[1];
    behind(variable, out->row_rank - 1);
    add(out, "miss_mean_square", "m2", "mean square of the miss distance, exact")->numbers = s->mean_square;
}

void zem_sensitivity_table_init(struct zem_sensitivity_table *out, const struct zem_sensitivity *s)
{
    *out = (struct zem_sensitivity_table){.row_rank = 0};
    zem_table_origin_init(&out->origin, s->scenario);
    out->confidence = zem_sensitivity_confidence(s);
    if (!isnan(out->confidence))
        zem_table_origin_number(&out->origin, "confidence", &out->confidence);
    if (s->options.one_cell)
        zem_table_origin_whole(&out->origin, "cell", &s->first_cell);
    fill_dimensions(out, s);
    add_counts(out, "trials", "trials of a cell", s->trials);
    add_counts(out, "complete", "trials of which every flight has a miss distance", s->complete);
    add_counts(out, "exact", "whether the indices of the miss vector are exact, 1, or estimated, 0", s->exact);
    behind(add_counts(out, "outcomes", "trials by outcome", s->outcomes), out->row_rank + 1);
    for (int output = 0; output < ZEM_SENSITIVITY_OUTPUTS; output++)
        add_output(out, output, &s->series[output]);
    add_budget(out, s);
    out->table.variable = out->variable;
    out->table.attribute = out->origin.attribute;
    out->table.attribute_count = out->origin.count;
}
