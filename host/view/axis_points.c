/* Finds axes by their names, and points of axes by their values, in a scenario. */
#include "view/axis_points.h"

#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int find_axis(const struct zem_scenario *scenario, const char *what, const char *text, size_t length,
                     size_t *found, struct zem_error *error)
{
    char names[400] = "";
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const char *const spellings[] = {scenario->axis[i].name, scenario->axis[i].parameter};
        for (size_t k = 0; k < 2; k++)
            if (strlen(spellings[k]) == length && memcmp(spellings[k], text, length) == 0) {
                *found = i;
                return ZEM_OK;
            }
        const size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "", scenario->axis[i].name);
    }
    if (scenario->axis_count == 0)
        return zem_error_set(error, ZEM_USAGE, "%s \"%s\": the result has no sweep axes", what, text);
    return zem_error_set(error, ZEM_USAGE, "%s \"%s\": no axis of that name; there are %s", what, text, names);
}

int zem_view_find_axis(const struct zem_scenario *scenario, const char *what, const char *name, size_t *axis,
                       struct zem_error *error)
{
    return find_axis(scenario, what, name, strlen(name), axis, error);
}

static double axis_distance(const struct zem_axis *axis, double a, double b)
{
    return axis->logarithmic && a > 0 && b > 0 ? fabs(log(a / b)) : fabs(a - b);
}

/* Finds the point of an axis that is nearest to a value. ZEM_USAGE if the value lies beyond an end of the axis by more
 * than the distance of the last two points there. */
static int nearest_point(const struct zem_axis *axis, const char *what, const char *text, double value, size_t *point,
                         struct zem_error *error)
{
    char first[32], last[32];
    size_t end = axis->points - 1, best = 0;
    for (size_t i = 1; i <= end; i++)
        if (axis_distance(axis, axis->display[i], value) < axis_distance(axis, axis->display[best], value))
            best = i;
    double step = 1e-9 * fabs(axis->display[best]);
    if (end > 0 && (best == 0 || best == end))
        step = axis_distance(axis, axis->display[best], axis->display[best == 0 ? 1 : end - 1]);
    else if (end > 0)
        step = (double)INFINITY;
    if (!(axis_distance(axis, axis->display[best], value) <= step))
        return zem_error_set(error, ZEM_USAGE, "%s \"%s\": the axis has %zu point%s from %s to %s%s%s", what, text,
                             axis->points, zem_plural(axis->points),
                             zem_number_format(axis->display[0], first, sizeof first),
                             zem_number_format(axis->display[end], last, sizeof last),
                             strcmp(axis->unit, "1") ? " " : "", strcmp(axis->unit, "1") ? axis->unit : "");
    *point = best;
    return 0;
}

/* Reads one value of the list, the first `length` bytes of `value`, and finds its point. */
static int read_value(const struct zem_axis *axis, const char *what, const char *text, const char *value, size_t length,
                      size_t *index, struct zem_error *error)
{
    char word[80];
    size_t used = 0;
    const size_t blanks = strspn(value, " ");
    snprintf(word, sizeof word, "%.*s", (int)(length > blanks ? length - blanks : 0), value + blanks);
    const bool pure = strcmp(axis->unit, "1") == 0;
    if (zem_number_scan(word, strlen(word), &used) != ZEM_NUMBER_DECIMAL)
        return zem_error_set(error, ZEM_USAGE, "%s \"%s\": a number is needed after =%s%s", what, text,
                             pure ? "" : ", in ", pure ? "" : axis->unit);
    const char *unit = word + used + strspn(word + used, " ");
    if (*unit != '\0' && pure)
        return zem_error_set(error, ZEM_USAGE, "%s \"%s\": this axis has no unit; write the number alone", what, text);
    if (*unit != '\0' && strcmp(unit, axis->unit) != 0)
        return zem_error_set(error, ZEM_USAGE, "%s \"%s\": the unit of this axis is %s; write this unit or none", what,
                             text, axis->unit);
    return nearest_point(axis, what, text, zem_number_value(word, used, 0), index, error);
}

int zem_view_axis_points(const struct zem_scenario *scenario, const char *what, const char *text, size_t most,
                         struct zem_axis_points *points, struct zem_error *error)
{
    const size_t name = strcspn(text, "=");
    *points = (struct zem_axis_points){.count = 0};
    int status = find_axis(scenario, what, text, name, &points->axis, error);
    most = most < ZEM_AXIS_POINTS_MOST ? most : ZEM_AXIS_POINTS_MOST;
    for (const char *at = text + name; status == ZEM_OK && *at != '\0';) {
        const size_t length = strcspn(++at, most > 1 ? "," : "");
        if (points->count == most)
            return zem_error_set(error, ZEM_USAGE, "%s \"%s\": at most %zu values are possible", what, text, most);
        status =
            read_value(&scenario->axis[points->axis], what, text, at, length, &points->index[points->count++], error);
        for (size_t i = 0; status == ZEM_OK && i + 1 < points->count; i++)
            if (points->index[i] == points->index[points->count - 1])
                status = zem_error_set(error, ZEM_USAGE, "%s \"%s\": two values stand for the same point of the axis",
                                       what, text);
        at += length;
    }
    return status;
}
