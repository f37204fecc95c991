/* Reads the sweep of a scenario: the list of axes, and the values of each axis. The size of the grid is checked before
 * memory is allocated for it. */
#include "base/exact_math.h"
#include "base/number.h"
#include "base/suggestion.h"
#include "scenario/distribution.h"
#include "scenario/grid.h"
#include "scenario/scenario_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Largest number of points of one axis. The limit keeps a few bytes of text from asking for a huge amount of memory. No
 * result with more points could be read anyway. */
#define POINTS_MAX 1048576

static const struct zem_key_info points_info = {
    "sweep", "points", ZEM_INTEGER, "1", NULL, ZEM_RULE_RANGE, 1, ZEM_CELLS_MAX, 0, NULL, "points of a sweep axis",
};

/* An axis while it is being read: its nodes in the file, and its first and last value. */
struct axis_draft {
    struct zem_axis *axis;
    const struct zem_yaml_node *node, *parameter, *from, *to, *points, *values, *spacing;
    struct zem_measure first, last;
    char path[64]; /* "sweep[0]" or the parameter, for messages */
};

/* Finds the nodes of an axis by their keys. Returns false after a mistake, which is an unknown key. */
static bool draft_fill(struct zem_reading *reading, struct axis_draft *draft)
{
    static const char *const names[] = {"parameter", "from", "to", "points", "values", "spacing"};
    const struct zem_yaml_node **const places[] = {&draft->parameter, &draft->from,   &draft->to,
                                                   &draft->points,    &draft->values, &draft->spacing};
    bool good = true;
    for (const struct zem_yaml_node *child = draft->node->first; child != NULL; child = child->next) {
        size_t i = 0;
        while (i < 6 && strcmp(child->key, names[i]) != 0)
            i++;
        if (i < 6) {
            *places[i] = child;
            continue;
        }
        const char *near = zem_suggestion_nearest(child->key, names, 6);
        zem_diagnostics_add(
            reading->diagnostics, ZEM_MISTAKE, child->key_line, child->key_column, "sweep",
            "unknown part \"%.40s\" of an axis; it has parameter, from, to, points, spacing or values%s%s%s",
            child->key, near != NULL ? "; did you mean \"" : "", near != NULL ? near : "", near != NULL ? "\"?" : "");
        good = false;
    }
    return good;
}

/* Splits "section.name" or "section.name.part". Returns the key, or ZEM_KEY_COUNT if it is unknown. `part` gets the
 * part, or ZEM_PART_VALUE. */
static enum zem_key parameter_find(const char *path, enum zem_part *part)
{
    *part = ZEM_PART_VALUE;
    size_t length = strlen(path);
    enum zem_key key = zem_key_find(path, length);
    const char *point = strrchr(path, '.');
    if (key != ZEM_KEY_COUNT || point == NULL)
        return key;
    return zem_part_find(point + 1, part) ? zem_key_find(path, (size_t)(point - path)) : ZEM_KEY_COUNT;
}

static void unknown_parameter_report(struct zem_reading *reading, const struct zem_yaml_node *node)
{
    char section[64] = "", near[96];
    const char *point = strchr(node->text, '.');
    if (point != NULL)
        snprintf(section, sizeof section, "%.*s", (int)(point - node->text < 60 ? point - node->text : 60), node->text);
    if (strcmp(node->text, "scoring.hit_radius") == 0) {
        zem_reading_mistake(reading, node, "sweep",
                            "cannot be swept; one run counts all radii listed in scoring.hit_radius");
        return;
    }
    zem_key_suggestion(section, point != NULL ? point + 1 : node->text, near, sizeof near);
    zem_reading_mistake(reading, node, "sweep", "unknown key%s%s%s", near[0] != '\0' ? "; did you mean \"" : "", near,
                        near[0] != '\0' ? "\"?" : "");
}

/* Returns the name of the part of a distribution that is most often swept, for advice in a message. */
static const char *usual_part(const struct zem_value *value)
{
    const struct zem_distribution_form *form = &zem_distribution_forms[value->distribution];
    return zem_part_names[form->part[value->distribution == ZEM_UNIFORM ? 1 : 0]];
}

/* Whether the swept part belongs to the distribution that the key has in the file. If not, adds a mistake. */
static bool part_fits(struct zem_reading *reading, const struct axis_draft *draft)
{
    const struct zem_axis *axis = draft->axis;
    struct zem_value value = reading->scenario->value[axis->key];
    const char *name = zem_part_names[axis->part];
    if (axis->part == ZEM_PART_VALUE && value.distribution == ZEM_LIST) {
        zem_reading_mistake(reading, draft->parameter, "sweep",
                            "this key is a list of values with weights, which cannot be swept");
        return false;
    }
    if (axis->part == ZEM_PART_VALUE && value.distribution != ZEM_CONSTANT) {
        zem_reading_mistake(reading, draft->parameter, "sweep",
                            "this key varies from trial to trial; sweep one of its parts, such as \"%.60s.%s\"",
                            draft->parameter->text, usual_part(&value));
        return false;
    }
    if (axis->part == ZEM_PART_VALUE || reading->bad[axis->key])
        return true;
    if (!zem_key_disperses(&zem_key_table[axis->key])) {
        zem_reading_mistake(reading, draft->parameter, "sweep",
                            "this quantity cannot vary from trial to trial; sweep the key itself");
        return false;
    }
    /* The sigma of a constant may be swept too. The constant is then the mean of a normal distribution. */
    if (zem_value_part(&value, axis->part) != NULL
        || (value.distribution == ZEM_CONSTANT && axis->part == ZEM_PART_SIGMA))
        return true;
    if (value.distribution == ZEM_CONSTANT)
        zem_reading_mistake(reading, draft->parameter, "sweep",
                            "this key has no part %s here; give it a distribution with one before sweeping it", name);
    else
        zem_reading_mistake(reading, draft->parameter, "sweep", "this key is %s here and has no part %s; sweep %s",
                            zem_distribution_forms[value.distribution].word, name,
                            value.distribution == ZEM_LIST ? "another key" : usual_part(&value));
    return false;
}

static bool same_number(const struct zem_axis *a, const struct zem_axis *b)
{
    enum zem_part part_a = a->part == ZEM_PART_VALUE ? ZEM_PART_MEAN : a->part;
    enum zem_part part_b = b->part == ZEM_PART_VALUE ? ZEM_PART_MEAN : b->part;
    return a->key == b->key && part_a == part_b;
}

static bool parameter_read(struct zem_reading *reading, struct axis_draft *draft)
{
    const struct zem_yaml_node *node = draft->parameter;
    struct zem_axis *axis = draft->axis;
    if (node == NULL || node->kind != ZEM_YAML_SCALAR || node->null) {
        zem_reading_mistake(reading, node != NULL ? node : draft->node, "sweep",
                            "an axis needs a parameter, such as \"target.acceleration\"");
        return false;
    }
    axis->key = parameter_find(node->text, &axis->part);
    if (axis->key == ZEM_KEY_COUNT) {
        unknown_parameter_report(reading, node);
        return false;
    }
    if ((zem_key_table[axis->key].flags & ZEM_SWEEPS) == 0) {
        zem_reading_mistake(reading, node, "sweep", "cannot be swept%s",
                            zem_key_table[axis->key].kind == ZEM_CHOICE ? "; run one scenario for each word" : "");
        return false;
    }
    if (!part_fits(reading, draft))
        return false;
    for (const struct zem_axis *other = reading->scenario->axis; other < axis; other++)
        if (other->key != ZEM_KEY_COUNT && same_number(other, axis)) {
            zem_reading_mistake(reading, node, "sweep", "swept twice, first in line %d; keep one axis", other->line);
            return false;
        }
    axis->parameter = strdup(node->text);
    reading->out_of_memory |= axis->parameter == NULL;
    snprintf(draft->path, sizeof draft->path, "%.60s", node->text);
    return axis->parameter != NULL;
}

/* Reads one value of an axis. The values of an axis are stored as doubles, so an integer must be exact as a double. */
static bool end_read(struct zem_reading *reading, const struct axis_draft *draft, const struct zem_yaml_node *node,
                     struct zem_measure *measure)
{
    struct zem_key_info info = zem_key_table[draft->axis->key];
    if (draft->axis->part == ZEM_PART_GEOMETRIC_SIGMA)
        info.kind = ZEM_NUMBER;
    if (!zem_measure_read(reading, &info, draft->axis->part, draft->path, node, measure))
        return false;
    if (measure->integer <= UINT64_C(1) << 53)
        return true;
    zem_reading_mistake(reading, node, draft->path, "a whole number that is swept is at most 9007199254740992");
    return false;
}

static bool values_read(struct zem_reading *reading, struct axis_draft *draft)
{
    struct zem_axis *axis = draft->axis;
    if (draft->from != NULL || draft->to != NULL || draft->points != NULL || draft->spacing != NULL) {
        zem_reading_mistake(reading, draft->values, draft->path, "an axis has either values, or from, to and points");
        return false;
    }
    if (draft->values->kind != ZEM_YAML_SEQUENCE || draft->values->count == 0) {
        zem_reading_mistake(reading, draft->values, draft->path, "values must be a list of at least one value");
        return false;
    }
    if (draft->values->count > POINTS_MAX) {
        zem_reading_mistake(reading, draft->values, draft->path, "an axis has at most %d values", POINTS_MAX);
        return false;
    }
    axis->points = draft->values->count;
    axis->values = calloc(axis->points, sizeof axis->values[0]);
    axis->display = calloc(axis->points, sizeof axis->display[0]);
    if (axis->values == NULL || axis->display == NULL) {
        reading->out_of_memory = true;
        return false;
    }
    bool good = true;
    size_t i = 0;
    for (const struct zem_yaml_node *node = draft->values->first; node != NULL; node = node->next, i++) {
        struct zem_measure measure;
        good = end_read(reading, draft, node, &measure) && good;
        if (!good)
            continue;
        if (i == 0)
            draft->first = measure;
        axis->values[i] = measure.si;
        bool same_unit = strcmp(measure.unit_text, draft->first.unit_text) == 0;
        axis->display[i] = same_unit ? measure.number : zem_unit_from_si(&draft->first.unit, measure.si);
    }
    return good;
}

static bool spacing_read(struct zem_reading *reading, struct axis_draft *draft)
{
    if (draft->spacing == NULL)
        return true;
    const struct zem_yaml_node *node = draft->spacing;
    const struct zem_choice *choice = &zem_axis_spacing_choice;
    const unsigned index = node->kind == ZEM_YAML_SCALAR ? zem_choice_find(choice, node->text) : choice->count;
    char words[64];
    draft->axis->logarithmic = index == ZEM_AXIS_SPACING_LOG;
    if (index < choice->count)
        return true;
    zem_reading_mistake(reading, node, draft->path, "spacing must be %s",
                        zem_choice_words(choice, " or ", words, sizeof words));
    return false;
}

/* Checks the rules that concern both ends of a range. */
static bool range_check(struct zem_reading *reading, const struct axis_draft *draft)
{
    const struct zem_axis *axis = draft->axis;
    uint64_t from = draft->first.integer, to = draft->last.integer, span = from < to ? to - from : from - to;
    bool whole = zem_key_table[axis->key].kind == ZEM_INTEGER;
    const char *word = zem_axis_spacing_choice.row[ZEM_AXIS_SPACING_LOG].word;
    if (axis->logarithmic && !(draft->first.si > 0 && draft->last.si > 0))
        zem_reading_mistake(reading, draft->spacing, draft->path, "spacing: %s needs both ends greater than zero",
                            word);
    else if (axis->logarithmic && whole)
        zem_reading_mistake(reading, draft->spacing, draft->path,
                            "spacing: %s does not give whole numbers; list them in values", word);
    else if (whole && axis->points > 1 && span % (axis->points - 1) != 0)
        zem_reading_mistake(reading, draft->points, draft->path,
                            "these points are not whole numbers; change points or list values");
    else
        return true;
    return false;
}

static bool range_read(struct zem_reading *reading, struct axis_draft *draft)
{
    struct zem_axis *axis = draft->axis;
    struct zem_measure points = {0};
    if (draft->from == NULL || draft->to == NULL || draft->points == NULL) {
        zem_reading_mistake(reading, draft->node, draft->path,
                            "an axis needs values, or from, to and points; %s is missing",
                            draft->from == NULL ? "from"
                            : draft->to == NULL ? "to"
                                                : "points");
        return false;
    }
    char points_path[96];
    snprintf(points_path, sizeof points_path, "points of the axis %s", draft->path);
    bool good = end_read(reading, draft, draft->from, &draft->first);
    good = end_read(reading, draft, draft->to, &draft->last) && good;
    good = zem_measure_read(reading, &points_info, ZEM_PART_VALUE, points_path, draft->points, &points) && good;
    good = spacing_read(reading, draft) && good;
    if (!good)
        return false;
    axis->points = (size_t)points.integer;
    if (axis->points == 1 && draft->first.si != draft->last.si)
        zem_diagnostics_add(reading->diagnostics, ZEM_WARNING, draft->points->line, draft->points->column, draft->path,
                            "one point: only \"%.40s\" is run, \"%.40s\" is not; give 2 points or more",
                            draft->from->text, draft->to->text);
    return range_check(reading, draft);
}

static bool axis_read(struct zem_reading *reading, struct axis_draft *draft)
{
    struct zem_axis *axis = draft->axis;
    axis->line = draft->node->line;
    axis->column = draft->node->column;
    axis->key = ZEM_KEY_COUNT;
    if (draft->node->kind != ZEM_YAML_MAPPING) {
        zem_reading_mistake(reading, draft->node, "sweep",
                            "an axis is {parameter: , from: , to: , points: } or {parameter: , values: [ ]}");
        return false;
    }
    bool good = draft_fill(reading, draft);
    if (!parameter_read(reading, draft)) {
        axis->key = ZEM_KEY_COUNT;
        return false;
    }
    good = (draft->values != NULL ? values_read(reading, draft) : good && range_read(reading, draft)) && good;
    axis->unit = strdup(draft->first.unit_text);
    reading->out_of_memory |= axis->unit == NULL;
    return good && axis->unit != NULL;
}

/* Returns value i, from 0 to `last`, of an axis whose ends are `from` and `to`. Values of an integer key are integers,
 * because range_check has made sure that the step is an integer. */
static double range_value(const struct zem_axis *axis, double from, double to, size_t i, size_t last)
{
    if (zem_key_table[axis->key].kind == ZEM_INTEGER)
        return from + (to - from) / (double)last * (double)i;
    /* The value is rounded to the digits that are exact after the arithmetic, so that an axis has the value 0.65 and
     * not 0.6499999999999999. */
    char text[40];
    if (axis->logarithmic)
        zem_number_format_digits(from * zem_exact_exp(zem_exact_log(to / from) * ((double)i / (double)last)), 14, text,
                                 sizeof text);
    else
        zem_number_format_digits((from * (double)(last - i) + to * (double)i) / (double)last, 15, text, sizeof text);
    return zem_number_value(text, strlen(text), 0);
}

/* Computes the values of a range in the unit of `from`. The ends are exactly the numbers that the user wrote. */
static void range_expand(struct zem_reading *reading, struct axis_draft *draft)
{
    struct zem_axis *axis = draft->axis;
    axis->values = calloc(axis->points, sizeof axis->values[0]);
    axis->display = calloc(axis->points, sizeof axis->display[0]);
    if (axis->values == NULL || axis->display == NULL) {
        reading->out_of_memory = true;
        return;
    }
    bool same_unit = strcmp(draft->first.unit_text, draft->last.unit_text) == 0;
    double from = draft->first.number,
           to = same_unit ? draft->last.number : zem_unit_from_si(&draft->first.unit, draft->last.si);
    for (size_t i = 1; i + 1 < axis->points; i++) {
        axis->display[i] = range_value(axis, from, to, i, axis->points - 1);
        axis->values[i] = zem_unit_scale(&draft->first.unit, axis->display[i]);
    }
    axis->display[0] = from;
    axis->values[0] = draft->first.si;
    if (axis->points > 1) {
        axis->display[axis->points - 1] = to;
        axis->values[axis->points - 1] = draft->last.si;
    }
}

static bool name_taken(const struct zem_scenario *scenario, size_t axes, const char *name)
{
    /* A result file has variables with these names (result_variables.h), so no dimension may have them. */
    if (strcmp(name, "trials") == 0 || strcmp(name, "flight_time_mean") == 0)
        return true;
    for (size_t i = 0; i < axes; i++)
        if (strcmp(scenario->axis[i].name, name) == 0)
            return true;
    return false;
}

/* Gives each axis its dimension name, such as "acceleration", "heading_error_y_sigma" or "speed_2". */
static void axes_name(struct zem_reading *reading)
{
    struct zem_scenario *scenario = reading->scenario;
    for (size_t i = 0; i < scenario->axis_count; i++) {
        struct zem_axis *axis = &scenario->axis[i];
        const char *part = zem_part_names[axis->part];
        char stem[64], name[80];
        snprintf(stem, sizeof stem, "%s%s%s", zem_key_table[axis->key].name, part[0] != '\0' ? "_" : "", part);
        snprintf(name, sizeof name, "%s", stem);
        for (int number = 2; name_taken(scenario, i, name); number++)
            snprintf(name, sizeof name, "%s_%d", stem, number);
        axis->name = strdup(name);
        if (axis->name == NULL) {
            reading->out_of_memory = true;
            return;
        }
    }
}

static bool size_check(struct zem_reading *reading, const struct zem_yaml_node *node, const struct axis_draft *draft,
                       size_t count)
{
    bool good = true;
    for (size_t i = 0; i < count; i++)
        if (draft[i].axis->points > POINTS_MAX) {
            zem_reading_mistake(reading, draft[i].points, draft[i].path, "an axis has at most %d points", POINTS_MAX);
            good = false;
        }
    if (good && zem_grid_cells(reading->scenario) == 0) {
        double cells = 1;
        for (size_t i = 0; i < count; i++)
            cells *= (double)draft[i].axis->points;
        zem_reading_mistake(reading, node, "sweep", "the axes span %.3g cells; at most %llu can be counted", cells,
                            (unsigned long long)ZEM_CELLS_MAX);
        good = false;
    }
    return good;
}

void zem_sweep_read(struct zem_reading *reading, const struct zem_yaml_node *node)
{
    struct zem_scenario *scenario = reading->scenario;
    struct axis_draft draft[ZEM_AXES_MAX] = {0};
    if (node == NULL || node->null)
        return;
    if (node->kind != ZEM_YAML_SEQUENCE) {
        zem_reading_mistake(reading, node, "sweep",
                            "a list of axes is needed, such as [{parameter: target.acceleration, from: 0 gravity, to: "
                            "10 gravity, points: 11}]");
        return;
    }
    if (node->count > ZEM_AXES_MAX) {
        zem_reading_mistake(reading, node, "sweep", "%zu axes; there can be at most %d", node->count, ZEM_AXES_MAX);
        return;
    }
    bool good = true;
    for (const struct zem_yaml_node *child = node->first; child != NULL; child = child->next) {
        struct axis_draft *axis = &draft[scenario->axis_count];
        axis->axis = &scenario->axis[scenario->axis_count++];
        axis->node = child;
        good = axis_read(reading, axis) && good;
    }
    size_t count = scenario->axis_count;
    if (!good || reading->out_of_memory || !size_check(reading, node, draft, count)) {
        for (size_t i = 0; i < count; i++)
            if (scenario->axis[i].key != ZEM_KEY_COUNT)
                reading->bad[scenario->axis[i].key] = true;
        return;
    }
    for (size_t i = 0; i < count && !reading->out_of_memory; i++)
        if (draft[i].values == NULL)
            range_expand(reading, &draft[i]);
    axes_name(reading);
}
