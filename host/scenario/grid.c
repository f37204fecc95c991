/* Converts between cell indices and axis indices, which are the digits of a mixed-radix number, and applies the axes'
 * values to a cell. */
#include "scenario/grid.h"

#include "scenario/distribution.h"
#include "scenario/resolution.h"

#include <string.h>

uint64_t zem_grid_cells(const struct zem_scenario *scenario)
{
    uint64_t cells = 1;
    for (size_t i = 0; i < scenario->axis_count; i++) {
        uint64_t points = scenario->axis[i].points;
        if (points == 0 || points > ZEM_CELLS_MAX / cells)
            return 0;
        cells *= points;
    }
    return cells;
}

uint64_t zem_grid_most_trials(const struct zem_scenario *scenario)
{
    uint64_t most = scenario->value[ZEM_KEY_TRIALS].integer;
    for (size_t i = 0; i < scenario->axis_count; i++)
        for (size_t k = 0; scenario->axis[i].key == ZEM_KEY_TRIALS && k < scenario->axis[i].points; k++)
            most = k == 0 || scenario->axis[i].values[k] > (double)most ? (uint64_t)scenario->axis[i].values[k] : most;
    return most;
}

void zem_grid_indices(const struct zem_scenario *scenario, uint64_t cell, size_t index[ZEM_AXES_MAX])
{
    for (size_t i = scenario->axis_count; i-- > 0;) {
        index[i] = (size_t)(cell % scenario->axis[i].points);
        cell /= scenario->axis[i].points;
    }
}

uint64_t zem_grid_cell(const struct zem_scenario *scenario, const size_t index[ZEM_AXES_MAX])
{
    uint64_t cell = 0;
    for (size_t i = 0; i < scenario->axis_count; i++)
        cell = cell * scenario->axis[i].points + index[i];
    return cell;
}

static void axis_apply(const struct zem_axis *axis, double swept, struct zem_value *value)
{
    value->given = value->present = true;
    /* An axis of sigma turns a constant into a normal distribution. The reader refuses an axis of any other part that
     * the distribution does not have, so the branch for from and to changes nothing in a scenario without mistakes. */
    if (value->distribution == ZEM_CONSTANT && axis->part == ZEM_PART_SIGMA)
        value->distribution = ZEM_NORMAL;
    else if (axis->part == ZEM_PART_FROM || axis->part == ZEM_PART_TO)
        value->distribution = value->distribution == ZEM_CONSTANT ? ZEM_UNIFORM : value->distribution;
    /* An axis of the value sets the mean, because an axis of sigma before it may have turned the constant into a normal
     * distribution. */
    double *place = zem_value_part(value, axis->part == ZEM_PART_VALUE ? ZEM_PART_MEAN : axis->part);
    if (place != NULL)
        *place = swept;
    if (zem_key_table[axis->key].kind == ZEM_INTEGER)
        value->integer = (uint64_t)swept;
}

void zem_grid_distributions(const struct zem_scenario *scenario, uint64_t cell, struct zem_value value[ZEM_KEY_COUNT])
{
    size_t index[ZEM_AXES_MAX];
    zem_grid_indices(scenario, cell, index);
    memcpy(value, scenario->value, sizeof scenario->value);
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const struct zem_axis *axis = &scenario->axis[i];
        axis_apply(axis, axis->values[index[i]], &value[axis->key]);
    }
}

bool zem_scenario_sweeps(const struct zem_scenario *scenario, enum zem_key key)
{
    for (size_t i = 0; i < scenario->axis_count; i++)
        if (scenario->axis[i].key == key)
            return true;
    return false;
}

void zem_grid_values(const struct zem_scenario *scenario, uint64_t cell, struct zem_value value[ZEM_KEY_COUNT])
{
    zem_grid_distributions(scenario, cell, value);
    zem_resolution_apply(scenario, value, NULL, NULL);
    for (size_t i = 0; i < scenario->resolution.count; i++)
        if (scenario->resolution.drawn[scenario->resolution.order[i]])
            zem_value_fix(&value[scenario->resolution.order[i]],
                          zem_distribution_mean(&value[scenario->resolution.order[i]]));
}
