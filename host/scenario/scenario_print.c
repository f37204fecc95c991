/* Prints a scenario as YAML, and emits its canonical bytes, from which its digest is computed. Both follow the table of
 * keys, so that a new key needs no change here. */
#include "scenario/scenario_print.h"

#include "base/number.h"
#include "scenario/distribution.h"
#include "scenario/formula.h"
#include "scenario/unit.h"

#include <string.h>

struct printer {
    const struct zem_scenario *scenario;
    FILE *stream;
    struct zem_units *units; /* NULL if SI units are printed */
};

/* Prints text between double quotes, escaped for YAML. */
static void text_print(FILE *stream, const char *text)
{
    fputc('"', stream);
    for (; *text != '\0'; text++)
        if (*text == '"' || *text == '\\')
            fprintf(stream, "\\%c", *text);
        else if (*text == '\n')
            fputs("\\n", stream);
        else if (*text == '\r')
            fputs("\\r", stream);
        else if (*text == '\t')
            fputs("\\t", stream);
        else
            fputc(*text, stream);
    fputc('"', stream);
}

/* Writes the shortest number in the unit `unit_text` that reads back as exactly this SI value to number[size]. Returns
 * false if there is none. */
static bool number_find(struct zem_units *units, const char *unit_text, double si, char *number, size_t size)
{
    struct zem_unit unit;
    if (zem_unit_read(units, unit_text, strlen(unit_text), &unit) != ZEM_UNIT_OK)
        return false;
    for (int digits = 1; digits <= 17; digits++) {
        zem_number_format_digits(zem_unit_from_si(&unit, si), digits, number, size);
        if (zem_unit_to_si(&unit, number, strlen(number)) == si)
            return true;
    }
    return false;
}

static void quantity_print(const struct printer *printer, double si, const char *si_unit, const char *unit_text)
{
    char number[48];
    if (printer->units == NULL || strcmp(si_unit, "1") == 0
        || !number_find(printer->units, unit_text, si, number, sizeof number)) {
        zem_number_format(si, number, sizeof number);
        unit_text = si_unit;
    }
    fputs(number, printer->stream);
    if (strcmp(si_unit, "1") != 0)
        fprintf(printer->stream, " %s", unit_text);
}

/* The unit in which a part of a key is stored. */
static const char *part_unit(const struct zem_key_info *info, enum zem_part part)
{
    return part == ZEM_PART_GEOMETRIC_SIGMA ? "1" : info->unit;
}

/* Prints a part of a value, or the expression that gives it. */
static void part_print(const struct printer *printer, enum zem_key key, const struct zem_value *value,
                       enum zem_part part)
{
    const struct zem_formula *formula = zem_formula_find(printer->scenario, key, part);
    struct zem_value copy = *value;
    if (formula != NULL)
        text_print(printer->stream, formula->text);
    else
        quantity_print(printer, *zem_value_part(&copy, part), part_unit(&zem_key_table[key], part), value->unit);
}

static void list_print(const struct printer *printer, const struct zem_key_info *info, const struct zem_value *value)
{
    char number[48];
    for (size_t i = 0; i < value->list->count; i++) {
        fputs(i == 0 ? "{values: [" : ", ", printer->stream);
        quantity_print(printer, value->list->value[i], info->unit, value->unit);
    }
    for (size_t i = 0; i < value->list->count; i++)
        fprintf(printer->stream, "%s%s", i == 0 ? "], weights: [" : ", ",
                zem_number_format(value->list->weight[i], number, sizeof number));
    fputs("]}", printer->stream);
}

static void value_print(const struct printer *printer, enum zem_key key, const struct zem_value *value)
{
    const struct zem_key_info *info = &zem_key_table[key];
    if (info->kind == ZEM_CHOICE)
        fputs(info->choice->row[(unsigned)value->first].word, printer->stream);
    else if (info->kind == ZEM_INTEGER)
        fprintf(printer->stream, "%llu", (unsigned long long)value->integer);
    else if (value->distribution == ZEM_LIST)
        list_print(printer, info, value);
    else if (value->distribution == ZEM_CONSTANT)
        part_print(printer, key, value, ZEM_PART_VALUE);
    else {
        const struct zem_distribution_form *form = &zem_distribution_forms[value->distribution];
        for (size_t i = 0; i < form->part_count; i++) {
            fprintf(printer->stream, "%s%s: ", i == 0 ? "{" : ", ", zem_part_names[form->part[i]]);
            part_print(printer, key, value, form->part[i]);
        }
        fputc('}', printer->stream);
    }
}

/* Whether a key is printed. A key that the user gave is always printed; a default is printed unless it belongs to the
 * other kinematics. */
static bool key_shown(const struct zem_scenario *scenario, enum zem_key key)
{
    const struct zem_value *value = &scenario->value[key];
    const zem_key_set other = zem_keys_idle_by(scenario->value, ZEM_KEY_KINEMATICS);
    return value->present && (value->given || !zem_key_in(other, key));
}

static void radii_print(const struct printer *printer, const struct zem_scenario *scenario)
{
    fputs("  hit_radius: [", printer->stream);
    for (size_t i = 0; i < scenario->radius_count; i++) {
        fputs(i > 0 ? ", " : "", printer->stream);
        quantity_print(printer, scenario->radius[i], "m", scenario->radius_unit);
    }
    fputs("]\n", printer->stream);
}

static void keys_print(const struct printer *printer, const struct zem_scenario *scenario)
{
    const char *section = "";
    for (int i = 0; i < ZEM_KEY_COUNT; i++) {
        enum zem_key key = (enum zem_key)i;
        bool scoring = strcmp(zem_key_table[i].section, "scoring") == 0;
        if (!key_shown(scenario, key) && !scoring)
            continue;
        if (strcmp(section, zem_key_table[i].section) != 0) {
            section = zem_key_table[i].section;
            fprintf(printer->stream, "%s:\n", section);
            if (scoring)
                radii_print(printer, scenario);
        }
        fprintf(printer->stream, "  %s: ", zem_key_table[i].name);
        value_print(printer, key, &scenario->value[i]);
        fputc('\n', printer->stream);
    }
}

static void axis_print(const struct printer *printer, const struct zem_axis *axis)
{
    const struct zem_key_info *info = &zem_key_table[axis->key];
    fprintf(printer->stream, "  - parameter: %s.%s%s%s\n    values: [", info->section, info->name,
            axis->part != ZEM_PART_VALUE ? "." : "", zem_part_names[axis->part]);
    for (size_t i = 0; i < axis->points; i++) {
        fputs(i == 0 ? "" : i % 8 == 0 ? ",\n             " : ", ", printer->stream);
        if (info->kind == ZEM_INTEGER)
            fprintf(printer->stream, "%llu", (unsigned long long)axis->values[i]);
        else
            quantity_print(printer, axis->values[i], part_unit(info, axis->part), axis->unit);
    }
    fputs("]\n", printer->stream);
}

static void correlation_print(const struct printer *printer, const struct zem_correlation *group)
{
    char path[96], number[48];
    for (size_t i = 0; i < group->count; i++)
        fprintf(printer->stream, "%s%s", i == 0 ? "  - keys: [" : ", ", zem_key_path(group->key[i], path, sizeof path));
    for (size_t i = 0; i < group->count * group->count; i++)
        fprintf(printer->stream, "%s%s",
                i == 0                  ? "]\n    matrix: [["
                : i % group->count == 0 ? "],\n             ["
                                        : ", ",
                zem_number_format(group->matrix[i], number, sizeof number));
    fputs("]]\n", printer->stream);
}

static void scenario_print(const struct zem_scenario *scenario, const struct printer *printer)
{
    FILE *stream = printer->stream;
    fputs("zem: 1\ntitle: ", stream);
    text_print(stream, scenario->title);
    if (scenario->description[0] != '\0') {
        fputs("\ndescription: ", stream);
        text_print(stream, scenario->description);
    }
    fputs(scenario->reference_count > 0 ? "\nreferences:\n" : "\n", stream);
    for (size_t i = 0; i < scenario->reference_count; i++) {
        fputs("  - ", stream);
        text_print(stream, scenario->references[i]);
        fputc('\n', stream);
    }
    keys_print(printer, scenario);
    fputs(scenario->correlation_count > 0 ? "correlations:\n" : "", stream);
    for (size_t i = 0; i < scenario->correlation_count; i++)
        correlation_print(printer, &scenario->correlation[i]);
    fputs(scenario->axis_count > 0 ? "sweep:\n" : "sweep: []\n", stream);
    for (size_t i = 0; i < scenario->axis_count; i++)
        axis_print(printer, &scenario->axis[i]);
}

int zem_scenario_print(const struct zem_scenario *scenario, enum zem_print_units units, FILE *stream,
                       struct zem_error *error)
{
    struct printer printer = {.scenario = scenario, .stream = stream};
    if (units == ZEM_PRINT_AS_WRITTEN) {
        printer.units = zem_units_create();
        if (printer.units == NULL)
            return zem_error_set(error, ZEM_INTERNAL, "There is not enough memory to print the scenario.");
    }
    scenario_print(scenario, &printer);
    zem_units_free(printer.units);
    return ferror(stream) ? zem_error_set(error, ZEM_INPUT_OUTPUT, "The scenario cannot be written.") : 0;
}

/* The receiver of the canonical bytes. `stopped` is the last value that `emit` returned; after a value other than 0 it
 * gets no more bytes. */
struct canon {
    int (*emit)(void *, const void *, size_t);
    void *context;
    int stopped;
};

static void canon_bytes(struct canon *canon, const void *bytes, size_t size)
{
    if (canon->stopped == 0)
        canon->stopped = canon->emit(canon->context, bytes, size);
}

static void canon_byte(struct canon *canon, unsigned value)
{
    unsigned char byte = (unsigned char)value;
    canon_bytes(canon, &byte, 1);
}

static void canon_integer(struct canon *canon, uint64_t value)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(value >> (8 * i));
    canon_bytes(canon, bytes, sizeof bytes);
}

static void canon_double(struct canon *canon, double value)
{
    uint64_t bits;
    value = value == 0 ? 0 : value;
    memcpy(&bits, &value, sizeof bits);
    canon_integer(canon, bits);
}

static void canon_path(struct canon *canon, enum zem_key key, enum zem_part part)
{
    char path[112];
    int length = snprintf(path, sizeof path, "%s.%s%s%s", zem_key_table[key].section, zem_key_table[key].name,
                          part != ZEM_PART_VALUE ? "." : "", zem_part_names[part]);
    canon_bytes(canon, path, (size_t)length + 1);
}

/* Whether a key is left out of the canonical bytes: it was added after the first digests (ZEM_LATER) and is absent or
 * has its default. Scenarios without the key thus keep their digests. */
static bool as_if_unknown(const struct zem_key_info *info, const struct zem_value *value)
{
    size_t used = 0;
    if ((info->flags & ZEM_LATER) == 0 || !value->present)
        return (info->flags & ZEM_LATER) != 0;
    zem_number_scan(info->default_text, strlen(info->default_text), &used);
    return used > 0 && value->distribution == ZEM_CONSTANT
           && value->first == zem_number_value(info->default_text, used, 0);
}

/* Emits the members third and fourth and the list of values, unless the distribution is constant, normal or uniform. */
static void canon_distribution(struct canon *canon, const struct zem_value *value)
{
    if (value->distribution <= ZEM_UNIFORM)
        return;
    canon_double(canon, value->third);
    canon_double(canon, value->fourth);
    canon_integer(canon, value->list != NULL ? value->list->count : 0);
    for (size_t i = 0; value->list != NULL && i < value->list->count; i++) {
        canon_double(canon, value->list->value[i]);
        canon_double(canon, value->list->cumulative[i]);
    }
}

static void canon_formula(struct canon *canon, const struct zem_formula *formula)
{
    canon_path(canon, formula->key, formula->part);
    canon_integer(canon, formula->step_count);
    for (size_t i = 0; i < formula->step_count; i++) {
        const struct zem_formula_step *step = &formula->step[i];
        canon_byte(canon, (unsigned)step->operation);
        if (step->operation == ZEM_FORMULA_NUMBER)
            canon_double(canon, step->number);
        if (step->operation == ZEM_FORMULA_KEY)
            canon_path(canon, step->key, step->part);
    }
}

static void canon_correlation(struct canon *canon, const struct zem_correlation *group)
{
    canon_integer(canon, group->count);
    for (size_t i = 0; i < group->count; i++)
        canon_path(canon, group->key[i], ZEM_PART_VALUE);
    for (size_t i = 0; i < group->count * group->count; i++)
        canon_double(canon, group->matrix[i]);
}

void zem_scenario_canonical(const struct zem_scenario *scenario, int (*emit)(void *, const void *, size_t),
                            void *context)
{
    struct canon canon = {.emit = emit, .context = context};
    for (int key = 0; key < ZEM_KEY_COUNT; key++) {
        const struct zem_value *value = &scenario->value[key];
        if (as_if_unknown(&zem_key_table[key], value))
            continue;
        canon_path(&canon, (enum zem_key)key, ZEM_PART_VALUE);
        canon_byte(&canon, value->present ? 1 : 0);
        canon_byte(&canon, (unsigned)value->distribution);
        canon_double(&canon, value->first);
        canon_double(&canon, value->second);
        canon_integer(&canon, value->integer);
        canon_distribution(&canon, value);
    }
    canon_integer(&canon, scenario->radius_count);
    for (size_t i = 0; i < scenario->radius_count; i++)
        canon_double(&canon, scenario->radius[i]);
    canon_integer(&canon, scenario->axis_count);
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const struct zem_axis *axis = &scenario->axis[i];
        canon_path(&canon, axis->key, axis->part);
        canon_byte(&canon, (unsigned)axis->part);
        canon_integer(&canon, axis->points);
        for (size_t k = 0; k < axis->points; k++)
            canon_double(&canon, axis->values[k]);
    }
    if (scenario->formula_count + scenario->correlation_count == 0)
        return;
    canon_integer(&canon, scenario->formula_count);
    for (int key = 0; key < ZEM_KEY_COUNT; key++) /* in the order of the table, not in that of the file */
        for (int part = 0; part < ZEM_PARTS; part++) {
            const struct zem_formula *formula = zem_formula_find(scenario, (enum zem_key)key, (enum zem_part)part);
            if (formula != NULL)
                canon_formula(&canon, formula);
        }
    canon_integer(&canon, scenario->correlation_count);
    for (size_t i = 0; i < scenario->correlation_count; i++)
        canon_correlation(&canon, &scenario->correlation[i]);
}
