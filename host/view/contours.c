/* Chooses the levels from the range of the values and the widths of the intervals. Then makes one map of the values for
 * each level. In it a connected group of points on one side of the level goes to the other side if no point of the
 * group has its whole interval on the side where the group is. */
#include "view/contours.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A view, with the limits of the intervals of its points, at a confidence that holds for all points at once. */
struct map {
    const struct zem_view *view;
    size_t points;
    const double *low, *high;
};

/* ---- levels ---- */

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Returns the width that nine tenths of the intervals do not exceed; infinity if there is no interval. `width` is
 * memory for all points. */
static double usual_width(const struct map *map, double *width)
{
    size_t count = 0;
    for (size_t i = 0; i < map->points; i++)
        if (isfinite(map->view->value[i]) && isfinite(map->low[i]) && !isnan(map->high[i]))
            width[count++] = map->high[i] - map->low[i];
    qsort(width, count, sizeof *width, compare_numbers);
    return count > 0 ? width[(count - 1) * 9 / 10] : (double)INFINITY;
}

/* Returns the smallest number of the form 1, 2 or 5 times a power of ten that is at least `least`. */
static double round_step(double least)
{
    const double power = pow(10.0, floor(log10(least))), part = least / power * (1.0 - 1e-12);
    return power * (part <= 1.0 ? 1.0 : part <= 2.0 ? 2.0 : part <= 5.0 ? 5.0 : 10.0);
}

static bool is_above(const struct map *map, size_t i, double level) { return map->low[i] > level; }
static bool is_below(const struct map *map, size_t i, double level) { return map->high[i] < level; }

/* Returns whether the interval of some point lies above a level and the interval of another point below it. */
static bool separates(const struct map *map, double level)
{
    bool above = false, below = false;
    for (size_t i = 0; i < map->points; i++) {
        above = above || is_above(map, i, level);
        below = below || is_below(map, i, level);
    }
    return above && below;
}

/* Widens the range from *low to *high by the values of a view. */
static void add_range(const struct zem_view *view, double *low, double *high)
{
    for (size_t i = 0; i < view->columns * view->rows; i++)
        if (isfinite(view->value[i])) {
            *low = fmin(*low, view->value[i]);
            *high = fmax(*high, view->value[i]);
        }
}

static void choose_levels(const struct map *map, double width, size_t most, struct zem_contours *c)
{
    double low = (double)INFINITY, high = (double)-INFINITY;
    add_range(map->view, &low, &high);
    if (!(low < high) || !isfinite(width))
        return;
    for (double step = round_step(fmax(width, (high - low) / 10.0)); step < 10.0 * (high - low);
         step = round_step(1.5 * step)) {
        c->count = 0;
        for (double k = ceil(low / step); k * step <= high && c->count < ZEM_CONTOURS_MOST; k += 1.0)
            if (separates(map, k * step))
                c->level[c->count++] = k * step;
        if (c->count <= most)
            return;
    }
    c->count = 0;
}

/* Takes from the user's list the levels that separate points by their intervals (separates); if there are no intervals,
 * the levels within the range of the values. The other levels are put into c->refused. */
static void take_levels(const struct map *map, const struct zem_contours_wish *wish, struct zem_contours *c)
{
    double low = (double)INFINITY, high = (double)-INFINITY;
    add_range(map->view, &low, &high);
    for (size_t i = 0; i < wish->count; i++)
        if (c->unknown ? low < wish->level[i] && wish->level[i] < high : separates(map, wish->level[i]))
            c->level[c->count++] = wish->level[i];
        else
            c->refused[c->refused_count++] = wish->level[i];
}

void zem_contours_common(const struct zem_view *views, size_t count, struct zem_contours_wish *wish)
{
    double low = (double)INFINITY, high = (double)-INFINITY;
    for (size_t i = 0; i < count; i++)
        add_range(&views[i], &low, &high);
    wish->count = 0;
    if (!(low < high) || (wish->is_given && wish->most == 0))
        return;
    for (double step = round_step((high - low) / 6.0);; step = round_step(1.5 * step)) {
        wish->count = 0;
        for (double k = floor(low / step) + 1.0; k * step < high && wish->count < ZEM_CONTOURS_MOST; k += 1.0)
            wish->level[wish->count++] = k * step;
        if (!wish->is_given || wish->count <= wish->most)
            return;
    }
}

/* ---- the map of a level ---- */

/* A group of connected points on one side of a level. */
struct group {
    size_t *member; /* memory for the indices of all points */
    size_t count;
    bool *seen;
};

static bool is_on_side(const double *surface, size_t i, double level, bool above)
{
    return isfinite(surface[i]) && (above ? surface[i] > level : surface[i] <= level);
}

/* Collects the connected group of the point `start`. Points are connected if they are neighbours across or upward. */
static void collect(const struct map *map, const double *surface, double level, bool above, size_t start,
                    struct group *group)
{
    const size_t columns = map->view->columns;
    group->count = 1;
    group->member[0] = start;
    group->seen[start] = true;
    for (size_t next = 0; next < group->count; next++) {
        const size_t i = group->member[next], column = i % columns;
        const size_t neighbour[4] = {column > 0 ? i - 1 : i, column + 1 < columns ? i + 1 : i,
                                     i >= columns ? i - columns : i, i + columns < map->points ? i + columns : i};
        for (int k = 0; k < 4; k++)
            if (!group->seen[neighbour[k]] && is_on_side(surface, neighbour[k], level, above)) {
                group->seen[neighbour[k]] = true;
                group->member[group->count++] = neighbour[k];
            }
    }
}

/* Moves connected groups of points from one side of a level, the upper one if `above`, to the other: those in which no
 * point has its whole interval on the first side. The values of a moved group become the level, minus or plus
 * `little`. */
static void clear_side(const struct map *map, double *surface, double level, bool above, double little,
                       struct group *group)
{
    memset(group->seen, 0, map->points * sizeof *group->seen);
    for (size_t i = 0; i < map->points; i++) {
        if (group->seen[i] || !is_on_side(surface, i, level, above))
            continue;
        bool sure = false;
        collect(map, surface, level, above, i, group);
        for (size_t k = 0; k < group->count && !sure; k++)
            sure = above ? is_above(map, group->member[k], level) : is_below(map, group->member[k], level);
        for (size_t k = 0; k < group->count && !sure; k++)
            surface[group->member[k]] = level + (above ? -little : little);
    }
}

static void make_surfaces(const struct map *map, struct zem_contours *c, struct group *group)
{
    for (size_t n = 0; n < c->count; n++) {
        double *surface = c->surface + n * map->points;
        const double little = 1e-6 * (fabs(c->level[n]) > 0.0 ? fabs(c->level[n]) : 1.0);
        memcpy(surface, map->view->value, map->points * sizeof *surface);
        if (c->unknown)
            continue;
        clear_side(map, surface, c->level[n], true, little, group);
        clear_side(map, surface, c->level[n], false, little, group);
    }
}

/* Returns ZEM_USAGE for a level that no value can have, else 0. */
static int check_levels(const struct zem_view *view, const struct zem_contours_wish *wish, struct zem_error *error)
{
    for (size_t i = 0; i < wish->count && zem_view_is_fraction(view); i++)
        if (wish->level[i] < 0.0 || wish->level[i] > 1.0)
            return zem_error_set(error, ZEM_USAGE, "plot: --levels %.6g: %s lies between 0 and 1", wish->level[i],
                                 view->variable->name);
    return ZEM_OK;
}

int zem_contours_find(const struct zem_view *view, const struct zem_contours_wish *wish, struct zem_contours *c,
                      struct zem_error *error)
{
    const size_t points = view->columns * view->rows;
    *c = (struct zem_contours){.points = points};
    const int status = check_levels(view, wish, error);
    if (status != ZEM_OK)
        return status;
    double *width = calloc(points, sizeof *width);
    struct group group = {.member = calloc(points, sizeof *group.member), .seen = calloc(points, sizeof *group.seen)};
    c->low = calloc(points, sizeof *c->low);
    c->high = calloc(points, sizeof *c->high);
    const struct map map = {view, points, c->low, c->high};
    bool memory = c->low != NULL && c->high != NULL && width != NULL && group.member != NULL && group.seen != NULL;
    if (memory) {
        c->unknown = !zem_view_sure_limits(view, c->low, c->high);
        if (wish->count > 0)
            take_levels(&map, wish, c);
        else if (!c->unknown)
            choose_levels(&map, usual_width(&map, width), wish->is_given ? wish->most : ZEM_CONTOURS_MOST, c);
        c->surface = calloc(c->count * points + 1, sizeof *c->surface);
        memory = c->surface != NULL;
    }
    if (memory)
        make_surfaces(&map, c, &group);
    free(width);
    free(group.member);
    free(group.seen);
    return memory ? ZEM_OK
                  : zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the contours of %zu points",
                                  points);
}

void zem_contours_free(struct zem_contours *c)
{
    free(c->surface);
    free(c->low);
    free(c->high);
    *c = (struct zem_contours){0};
}
