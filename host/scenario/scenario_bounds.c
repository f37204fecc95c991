/* Finds the bounds of the values of keys over the cells of a grid. For values that an expression computes or the host
 * draws it examines every cell, or an evenly spread part of a large grid. */
#include "scenario/cell_choice.h"
#include "scenario/distribution.h"
#include "scenario/formula.h"
#include "scenario/grid.h"
#include "scenario/resolution.h"
#include "scenario/scenario_parts.h"

#include <math.h>

bool zem_scenario_resolves(const struct zem_scenario *scenario, enum zem_key key)
{
    bool found = false;
    for (size_t i = 0; i < scenario->resolution.count; i++)
        found = found || scenario->resolution.order[i] == key;
    return found;
}

/* Finds the smallest and the largest number that a computed or drawn key can have in any examined cell. */
static void resolved_bounds(const struct zem_scenario *scenario, enum zem_key key, double *low, double *high)
{
    *low = (double)INFINITY;
    *high = -(double)INFINITY;
    for (uint64_t i = 0; i < zem_cell_examined_count(scenario); i++) {
        struct zem_value value[ZEM_KEY_COUNT];
        double cell_low, cell_high;
        zem_grid_distributions(scenario, zem_cell_examined(scenario, i), value);
        zem_resolution_apply(scenario, value, NULL, NULL);
        zem_distribution_support(&value[key], &cell_low, &cell_high);
        /* A continuous distribution draws its end with probability zero. An end of 0 therefore counts as the smallest
         * positive number, which a key that must be positive may have. (A lag that is drawn near 0 is raised, see
         * ZEM_LAG_FLOOR.) */
        if (value[key].distribution != ZEM_CONSTANT && value[key].distribution != ZEM_LIST && !(fabs(cell_low) > 0.0))
            cell_low = 0x1p-1022;
        *low = fmin(*low, cell_low);
        *high = fmax(*high, cell_high);
    }
}

static bool part_is_first(enum zem_part part)
{
    return part == ZEM_PART_VALUE || part == ZEM_PART_MEAN || part == ZEM_PART_FROM;
}

bool zem_scenario_bounds(const struct zem_scenario *scenario, enum zem_key key, enum zem_part part, double *low,
                         double *high)
{
    const struct zem_value *value = &scenario->value[key];
    bool present = value->present;
    if (zem_scenario_resolves(scenario, key)) {
        resolved_bounds(scenario, key, low, high);
        return true;
    }
    *low = *high = part_is_first(part) ? value->first : value->second;
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const struct zem_axis *axis = &scenario->axis[i];
        if (axis->key != key || axis->values == NULL || part_is_first(axis->part) != part_is_first(part))
            continue;
        present = true;
        *low = *high = axis->values[0];
        for (size_t k = 1; k < axis->points; k++) {
            *low = axis->values[k] < *low ? axis->values[k] : *low;
            *high = axis->values[k] > *high ? axis->values[k] : *high;
        }
    }
    return present;
}

double zem_scenario_lowest(const struct zem_scenario *scenario, enum zem_key key)
{
    double low, high;
    zem_scenario_bounds(scenario, key, ZEM_PART_VALUE, &low, &high);
    return low;
}

double zem_scenario_highest(const struct zem_scenario *scenario, enum zem_key key)
{
    double low, high;
    zem_scenario_bounds(scenario, key, ZEM_PART_VALUE, &low, &high);
    return high;
}

/* A callback of zem_resolution_apply. Replaces a distribution by the lowest number that can be drawn, or by the highest
 * if `*end` is 1. If the distribution has no such end, its first part is taken, for example the mean. */
static void draw_end(void *end, enum zem_key key, struct zem_value *value)
{
    double low, high;
    (void)key;
    zem_distribution_support(value, &low, &high);
    const double number = *(const int *)end == 1 ? high : low;
    zem_value_fix(value, isfinite(number) ? number : value->first);
}

/* Whether an expression gives one of two keys. Its value may then depend on the other key. */
static bool may_follow(const struct zem_scenario *scenario, enum zem_key key, enum zem_key other)
{
    return zem_formula_find(scenario, key, ZEM_PARTS) != NULL || zem_formula_find(scenario, other, ZEM_PARTS) != NULL;
}

/* Returns the largest value over the examined cells of (key - factor * other), or of (key * other) if `product` is
 * true. In each cell both keys are taken together, once with all drawn keys at their lowest numbers and once at their
 * highest. */
static double most_together(const struct zem_scenario *scenario, enum zem_key key, double factor, bool product,
                            enum zem_key other)
{
    double most = -(double)INFINITY;
    for (uint64_t i = 0; i < zem_cell_examined_count(scenario); i++)
        for (int end = 0; end < 2; end++) {
            struct zem_value value[ZEM_KEY_COUNT];
            zem_grid_distributions(scenario, zem_cell_examined(scenario, i), value);
            zem_resolution_apply(scenario, value, draw_end, &end);
            const double first = value[key].first, second = value[other].first;
            most = fmax(most, product ? first * second : first - factor * second);
        }
    return most;
}

double zem_scenario_excess(const struct zem_scenario *scenario, enum zem_key key, double factor, enum zem_key other)
{
    return may_follow(scenario, key, other)
               ? most_together(scenario, key, factor, false, other)
               : zem_scenario_highest(scenario, key) - factor * zem_scenario_lowest(scenario, other);
}

double zem_scenario_product(const struct zem_scenario *scenario, enum zem_key key, enum zem_key other)
{
    return may_follow(scenario, key, other)
               ? most_together(scenario, key, 1.0, true, other)
               : zem_scenario_highest(scenario, key) * zem_scenario_highest(scenario, other);
}
