/* Fills the dimensions, variables and attributes of the table of a surface of doctrines. */
#include "study/doctrine_table.h"
#include "scenario/grid.h"

#include <stdio.h>

const struct zem_doctrine_quantity_row zem_doctrine_quantity_table[ZEM_DOCTRINE_QUANTITIES] = {
    [ZEM_DOCTRINE_NO_LEAK] = {"p_no_leak", "probability that no target leaks"},
    [ZEM_DOCTRINE_LEAKERS] = {"leakers", "expected number of targets that leak"},
    [ZEM_DOCTRINE_SHOTS] = {"shots_fired", "expected number of interceptors fired"},
};

static void add_dimension(struct zem_doctrine_file *file, struct zem_table_dimension dimension)
{
    file->dimension[file->table.dimension_count++] = dimension;
}

/* Adds a parameter: with several values as a dimension, with one value as an attribute. An absent inventory, which is
 * unlimited, is neither. */
static void add_parameter(struct zem_doctrine_file *file, const struct zem_doctrine_set *set, int key)
{
    const struct zem_doctrine_row *row = &zem_doctrine_table[key];
    for (size_t i = 0; key == ZEM_DOCTRINE_FIRE && i < set->count[key]; i++)
        file->fire[i] = set->fire[i].text;
    if (set->count[key] > 1)
        add_dimension(file, (struct zem_table_dimension){.name = row->name,
                                                         .unit = "1",
                                                         .long_name = row->long_name,
                                                         .length = set->count[key],
                                                         .values = key == ZEM_DOCTRINE_FIRE ? NULL : set->value[key],
                                                         .words = key == ZEM_DOCTRINE_FIRE ? file->fire : NULL});
    else if (key == ZEM_DOCTRINE_FIRE)
        zem_table_origin_text(&file->origin, row->name, set->fire[0].text);
    else if (set->count[key] == 1)
        zem_table_origin_number(&file->origin, row->name, &set->value[key][0]);
}

static void add_axes(struct zem_doctrine_file *file, const struct zem_scenario *scenario)
{
    for (size_t i = 0; i < scenario->axis_count; i++)
        add_dimension(file, zem_table_axis(&scenario->axis[i]));
    add_dimension(file, zem_table_radii(scenario));
}

/* Adds one array of a quantity as a variable over all dimensions, if the surface has this array. `ending` follows the
 * name of the quantity; `meaning` is a format for its long name. */
static void add_variable(struct zem_doctrine_file *file, int quantity, const char *ending, const char *meaning,
                         const double *numbers)
{
    const struct zem_doctrine_quantity_row *row = &zem_doctrine_quantity_table[quantity];
    if (numbers == NULL)
        return;
    const size_t i = file->table.variable_count++;
    snprintf(file->name[i], sizeof file->name[i], "%s%s", row->name, ending);
    snprintf(file->long_name[i], sizeof file->long_name[i], meaning, row->long_name);
    file->variable[i] = (struct zem_table_variable){.name = file->name[i],
                                                    .unit = "1",
                                                    .long_name = file->long_name[i],
                                                    .numbers = numbers,
                                                    .rank = file->table.dimension_count};
    for (size_t k = 0; k < file->table.dimension_count; k++)
        file->variable[i].dimension[k] = k;
}

int zem_doctrine_file_init(struct zem_doctrine_file *file, const struct zem_doctrine_surface *surface,
                           struct zem_error *error)
{
    const struct zem_result *result = surface->result;
    *file = (struct zem_doctrine_file){.shots = surface->shots};
    zem_table_origin_init(&file->origin, result->scenario);
    zem_table_origin_text(&file->origin, "digest", result->digest);
    if (!zem_scenario_sweeps(result->scenario, ZEM_KEY_CONFIDENCE))
        zem_table_origin_number(&file->origin, "confidence", &result->scenario->value[ZEM_KEY_CONFIDENCE].first);
    zem_table_origin_text(&file->origin, "interval_method", zem_interval_words[result->interval_method]);
    zem_table_origin_whole(&file->origin, "shots", &file->shots);
    zem_table_origin_text(&file->origin, "unit", zem_doctrine_unit_words[surface->set->unit]);
    if (surface->patterns != NULL && surface->patterns->trials > 0) {
        file->trials = surface->patterns->trials;
        zem_table_origin_whole(&file->origin, "trials_flown_again", &file->trials);
    }
    for (int key = 0; key < ZEM_DOCTRINE_KEYS; key++)
        add_parameter(file, surface->set, key);
    add_axes(file, result->scenario);
    if (file->table.dimension_count > ZEM_TABLE_RANK_MAX)
        return zem_error_set(error, ZEM_USAGE,
                             "doctrine: a file has at most %d dimensions, and these are %zu: give one value for some "
                             "parameters",
                             ZEM_TABLE_RANK_MAX, file->table.dimension_count);
    for (int q = 0; q < ZEM_DOCTRINE_QUANTITIES; q++) {
        add_variable(file, q, "", "%s", surface->series[q].value);
        add_variable(file, q, "_lower", "lower limit of the interval of the %s", surface->series[q].lower);
        add_variable(file, q, "_upper", "upper limit of the interval of the %s", surface->series[q].upper);
        add_variable(file, q, "_independent", "%s if the shots of a salvo were independent",
                     surface->series[q].independent);
    }
    file->table.dimension = file->dimension;
    file->table.variable = file->variable;
    file->table.attribute = file->origin.attribute;
    file->table.attribute_count = file->origin.count;
    return ZEM_OK;
}
