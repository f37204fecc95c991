/* Reads one value from its YAML node: number, unit, word or distribution. A message about a mistake names the value,
 * the rule and what to write instead. */
#include "scenario/scenario_value.h"

#include "base/number.h"
#include "base/suggestion.h"
#include "scenario/distribution_reader.h"
#include "scenario/distribution.h"
#include "scenario/formula.h"
#include "scenario/unit_alias.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define QUOTE_MAX 48       /* largest number of bytes of a value that a message quotes */
#define EXACT_MAX 9e15     /* a whole number up to this is exact in double precision */
#define CONVERTED_DIGITS 6 /* significant digits of a value that a message converts to another unit */

const struct zem_key_info zem_hit_radius_info = {
    "scoring",
    "hit_radius",
    ZEM_QUANTITY,
    "m",
    NULL,
    ZEM_RULE_POSITIVE,
    0,
    0,
    0,
    NULL,
    "a trial hits if its miss distance is below this; one or several",
};

const char *zem_key_path(enum zem_key key, char *path, size_t size)
{
    snprintf(path, size, "%s.%s", zem_key_table[key].section, zem_key_table[key].name);
    return path;
}

/* Writes a value in quotes for a message. A long value is cut off between two characters, and '?' replaces control
 * characters. */
static void text_quote(const char *text, char *quoted, size_t size)
{
    size_t length = strlen(text), shown = length;
    if (shown > QUOTE_MAX) {
        shown = QUOTE_MAX;
        while (shown > 0 && ((unsigned char)text[shown] & 0xC0) == 0x80)
            shown--;
    }
    snprintf(quoted, size, "\"%.*s%s\"", (int)shown, text, shown < length ? "..." : "");
    for (char *c = quoted; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = '?';
}

void zem_reading_mistake(struct zem_reading *reading, const struct zem_yaml_node *node, const char *path,
                         const char *format, ...)
{
    if (node->refused)
        return;
    char message[512], quoted[QUOTE_MAX + 16] = "";
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (node->kind == ZEM_YAML_SCALAR && !node->null)
        text_quote(node->text, quoted, sizeof quoted);
    zem_diagnostics_add(reading->diagnostics, ZEM_MISTAKE, node->line, node->column, path, "%s%s%s", quoted,
                        quoted[0] != '\0' ? ": " : "", message);
}

/* Writes what kind of value a key needs, with an example: a speed is needed, such as "3 km/s". The example does not use
 * the user's number, because that number belongs to another unit. */
static void need_write(struct zem_reading *reading, const struct zem_key_info *info, char *text, size_t size)
{
    struct zem_unit unit;
    if (info->kind == ZEM_NUMBER)
        snprintf(text, size, "a pure number is needed, such as %s", info->rule == ZEM_RULE_FRACTION ? "0.5" : "4");
    else if (info->kind == ZEM_INTEGER)
        snprintf(text, size, "a whole number is needed, such as %s", strcmp(info->name, "trials") == 0 ? "20000" : "1");
    else {
        zem_unit_read(reading->units, info->unit, strlen(info->unit), &unit);
        const char *example = zem_unit_kind_example(&unit);
        snprintf(text, size, "%s is needed, such as \"%s%s\"", zem_unit_kind_name(&unit), example != NULL ? "" : "1 ",
                 example != NULL ? example : info->unit);
    }
}

static bool scalar_demand(struct zem_reading *reading, const struct zem_key_info *info, const char *path,
                          const struct zem_yaml_node *node)
{
    char need[128];
    need_write(reading, info, need, sizeof need);
    if (node->refused)
        return false;
    if (node->kind == ZEM_YAML_SEQUENCE)
        zem_reading_mistake(reading, node, path, "a list where one value belongs; %s", need);
    else if (node->kind == ZEM_YAML_MAPPING
             && (zem_yaml_child(node, "mean") != NULL || zem_yaml_child(node, "from") != NULL))
        zem_reading_mistake(reading, node, path, "this quantity cannot vary from trial to trial; %s", need);
    else if (node->kind == ZEM_YAML_MAPPING)
        zem_reading_mistake(reading, node, path, "a mapping where one value belongs; %s", need);
    else if (zem_formula_begins(node))
        zem_reading_mistake(reading, node, path, "an expression cannot stand here; %s", need);
    else if (node->null)
        zem_reading_mistake(reading, node, path, "the value is missing; %s", need);
    return node->kind == ZEM_YAML_SCALAR && !node->null && !zem_formula_begins(node);
}

/* Finds the number at the start of a value and sets `*used` to its length. If there is no decimal number, reports a
 * mistake and returns false. */
static bool number_demand(struct zem_reading *reading, const struct zem_key_info *info, const char *path,
                          const struct zem_yaml_node *node, size_t *used)
{
    char need[128];
    need_write(reading, info, need, sizeof need);
    switch (zem_number_scan(node->text, node->length, used)) {
    case ZEM_NUMBER_DECIMAL:
        return true;
    case ZEM_NUMBER_NOT_FINITE:
        zem_reading_mistake(reading, node, path, "not a finite number; %s", need);
        return false;
    case ZEM_NUMBER_HEX:
        zem_reading_mistake(reading, node, path, "numbers are written in decimal; %s", need);
        return false;
    case ZEM_NUMBER_COMMA:
        zem_reading_mistake(reading, node, path,
                            "a comma inside a number; decimals are written with a point, thousands without a mark");
        return false;
    case ZEM_NUMBER_UNDERSCORE:
        zem_reading_mistake(reading, node, path, "an underscore inside a number; write the digits without a mark");
        return false;
    case ZEM_NUMBER_JOINED:
        return true; /* the missing blank is reported when the unit is read */
    case ZEM_NUMBER_NONE:
        break;
    }
    zem_reading_mistake(reading, node, path, "no number; %s", need);
    return false;
}

/* Whether all digits of a number are zero. If they are not and the number was still read as zero, it is too small for a
 * double. */
static bool digits_are_zero(const char *text, size_t length)
{
    for (size_t i = 0; i < length && text[i] != 'e' && text[i] != 'E'; i++)
        if (text[i] >= '1' && text[i] <= '9')
            return false;
    return true;
}

/* Reports a misspelt unit and advises the unit that the user means. If such quantities are usually given in yet another
 * unit, as speeds are in km/s, the message also has the value in that unit. Returns false if the unit is no known
 * misspelling. */
static bool alias_report(struct zem_reading *reading, const char *path, const struct zem_yaml_node *node,
                         const char *unit_text, size_t used, const struct zem_unit *needed)
{
    struct zem_unit right, usual;
    char number[40], converted[96] = "";
    const struct zem_unit_alias *alias = zem_unit_alias_find(reading->units, unit_text, needed, &right);
    if (alias == NULL)
        return false;
    const char *example = zem_unit_kind_example(needed), *name = example != NULL ? strchr(example, ' ') : NULL;
    if (name != NULL && strcmp(name + 1, alias->right) != 0
        && zem_unit_read(reading->units, name + 1, strlen(name + 1), &usual) == ZEM_UNIT_OK) {
        const double value = zem_unit_from_si(&usual, zem_unit_to_si(&right, node->text, used));
        zem_number_format_digits(value, CONVERTED_DIGITS, number, sizeof number);
        snprintf(converted, sizeof converted, ", which is \"%s%s\"", number, name);
    }
    zem_reading_mistake(reading, node, path, "%s; write \"%.*s %s\"%s", alias->why, (int)(used < 40 ? used : 40),
                        node->text, alias->right, converted);
    return true;
}

/* Whether a value would be accepted if it were written as `text`. Messages use it so that they never advise a value
 * that would be refused. */
static bool would_be_read(const struct zem_reading *reading, const struct zem_key_info *info, enum zem_part part,
                          const char *text)
{
    struct zem_diagnostics unseen;
    struct zem_reading trial = *reading;
    struct zem_measure measure;
    const struct zem_yaml_node node = {.kind = ZEM_YAML_SCALAR, .text = text, .length = strlen(text)};
    zem_diagnostics_init(&unseen, "");
    trial.diagnostics = &unseen;
    const bool good = zem_measure_read(&trial, info, part, "", &node, &measure);
    zem_diagnostics_free(&unseen);
    return good;
}

/* Reports a unit after a pure number and advises the number without a unit. A percentage is converted to a fraction. */
static void pure_number_report(struct zem_reading *reading, const struct zem_key_info *info, enum zem_part part,
                               const char *path, const struct zem_yaml_node *node, size_t used)
{
    char need[128], advice[48];
    const char *text = node->text + used + strspn(node->text + used, " \t");
    struct zem_unit unit;
    need_write(reading, info, need, sizeof need);
    snprintf(advice, sizeof advice, "%.*s", (int)(used < 40 ? used : 40), node->text);
    if (zem_unit_read(reading->units, text, strlen(text), &unit) == ZEM_UNIT_OK
        && strcmp(zem_unit_kind_name(&unit), "a pure number") == 0)
        zem_number_format(zem_unit_to_si(&unit, node->text, used), advice, sizeof advice);
    const bool is_unit = *text == '%' || (*text >= 'A' && *text <= 'Z') || (*text >= 'a' && *text <= 'z');
    if (is_unit && would_be_read(reading, info, part, advice))
        zem_reading_mistake(reading, node, path, "a pure number has no unit; write %s", advice);
    else
        zem_reading_mistake(reading, node, path, "%s%s", is_unit ? "a pure number has no unit; " : "", need);
}

/* Reports that a blank is missing between a number and its unit. Returns false and reports nothing if the value would
 * be refused with a blank too, because that other mistake is then reported. */
static bool joined_report(struct zem_reading *reading, const struct zem_key_info *info, enum zem_part part,
                          const char *path, const struct zem_yaml_node *node, size_t used)
{
    char advice[96];
    const int length = snprintf(advice, sizeof advice, "%.*s %s", (int)used, node->text, node->text + used);
    const bool whole = length > 0 && (size_t)length < sizeof advice;
    if (whole && !would_be_read(reading, info, part, advice))
        return false;
    if (!whole)
        snprintf(advice, sizeof advice, "3 km/s");
    zem_reading_mistake(reading, node, path, "a blank belongs between the number and its unit, as in \"%s\"", advice);
    return true;
}

/* Reads the unit after the number of a quantity and checks that it measures the same kind of quantity as the key's
 * unit. */
static bool unit_demand(struct zem_reading *reading, const struct zem_key_info *info, const char *path,
                        const struct zem_yaml_node *node, size_t used, struct zem_measure *measure)
{
    char need[160];
    const char *text = node->text + used;
    struct zem_unit needed;
    need_write(reading, info, need, sizeof need);
    zem_unit_read(reading->units, info->unit, strlen(info->unit), &needed);
    text += strspn(text, " \t");
    if (*text == '\0') {
        /* The example is in SI units, except for angles, which users give in degrees. */
        const char *unit = strcmp(info->unit, "radian") == 0 ? "degree" : info->unit;
        zem_reading_mistake(reading, node, path, "the unit is missing; %s is needed, such as \"%.*s %s\"",
                            zem_unit_kind_name(&needed), (int)(used < 40 ? used : 40), node->text, unit);
        return false;
    }
    enum zem_unit_status status = zem_unit_read(reading->units, text, strlen(text), &measure->unit);
    if (status == ZEM_UNIT_OK && zem_unit_same_kind(&measure->unit, &needed)) {
        snprintf(measure->unit_text, sizeof measure->unit_text, "%s", text);
        return true;
    }
    if (alias_report(reading, path, node, text, used, &needed))
        return false;
    if (status == ZEM_UNIT_UNKNOWN)
        zem_reading_mistake(reading, node, path, "unknown unit \"%.40s\"; %s", text, need);
    else if (status == ZEM_UNIT_NO_SCALE)
        zem_reading_mistake(reading, node, path, "a unit with a zero or a scale of its own; %s", need);
    else
        zem_reading_mistake(reading, node, path, "%s where %s", zem_unit_kind_name(&measure->unit), need);
    return false;
}

static bool rule_demand(struct zem_reading *reading, const struct zem_key_info *info, enum zem_part part,
                        const char *path, const struct zem_yaml_node *node, const struct zem_measure *measure)
{
    char percentage[40], fraction[40];
    if (part == ZEM_PART_SIGMA && measure->si < 0)
        zem_reading_mistake(reading, node, path, "a standard deviation must not be negative");
    else if (part == ZEM_PART_SIGMA)
        return true;
    else if (info->rule == ZEM_RULE_POSITIVE && !(measure->si > 0))
        zem_reading_mistake(reading, node, path, "must be greater than zero");
    else if (info->rule == ZEM_RULE_NONNEGATIVE && !(measure->si >= 0))
        zem_reading_mistake(reading, node, path, "must not be negative");
    else if (info->rule == ZEM_RULE_FRACTION && measure->si > 1 && measure->si < 100)
        zem_reading_mistake(reading, node, path, "must lie between 0 and 1, ends excluded; %s %% is written %s",
                            zem_number_format(measure->si, percentage, sizeof percentage),
                            zem_number_format(measure->si / 100, fraction, sizeof fraction));
    else if (info->rule == ZEM_RULE_FRACTION && !(measure->si > 0 && measure->si < 1))
        zem_reading_mistake(reading, node, path, "must lie between 0 and 1, ends excluded");
    else
        return true;
    return false;
}

/* Reads an integer digit by digit, because a seed such as 2^64 - 1 is not exact as a double. */
static bool integer_demand(struct zem_reading *reading, const struct zem_key_info *info, const char *path,
                           const struct zem_yaml_node *node, size_t used, struct zem_measure *measure)
{
    const char *text = node->text;
    size_t at = text[0] == '+' ? 1 : 0;
    bool whole = used > at && text[0] != '-', above = false;
    uint64_t integer = 0;
    for (; at < used && whole; at++) {
        unsigned digit = (unsigned)(text[at] - '0');
        whole = digit <= 9;
        above = above || integer > (UINT64_MAX - digit) / 10;
        integer = 10 * integer + digit;
    }
    if (!whole) {
        double value = zem_number_value(text, used, 0);
        if (value >= (double)info->low && value <= fmin((double)info->high, EXACT_MAX) && value == floor(value))
            zem_reading_mistake(reading, node, path, "a whole number is written with digits alone: %.0f", value);
        else
            zem_reading_mistake(reading, node, path, "must be a whole number from %llu to %llu",
                                (unsigned long long)info->low, (unsigned long long)info->high);
        return false;
    }
    if (above || integer < info->low || integer > info->high) {
        zem_reading_mistake(reading, node, path, "must be a whole number from %llu to %llu",
                            (unsigned long long)info->low, (unsigned long long)info->high);
        return false;
    }
    measure->integer = integer;
    measure->si = measure->number = (double)integer;
    return true;
}

bool zem_measure_read(struct zem_reading *reading, const struct zem_key_info *info, enum zem_part part,
                      const char *path, const struct zem_yaml_node *node, struct zem_measure *measure)
{
    *measure = (struct zem_measure){.unit_text = "1", .unit = {.scale = 1, .is_decimal = true}};
    size_t used;
    if (!scalar_demand(reading, info, path, node) || !number_demand(reading, info, path, node, &used))
        return false;
    if (info->kind == ZEM_QUANTITY) {
        const bool joined = used < node->length && node->text[used] != ' ' && node->text[used] != '\t';
        if (joined && joined_report(reading, info, part, path, node, used))
            return false;
        if (!unit_demand(reading, info, path, node, used, measure))
            return false;
    } else if (used < node->length) {
        pure_number_report(reading, info, part, path, node, used);
        return false;
    }
    if (info->kind == ZEM_INTEGER)
        return integer_demand(reading, info, path, node, used, measure);
    measure->number = zem_number_value(node->text, used, 0);
    measure->si = zem_unit_to_si(&measure->unit, node->text, used);
    /* The kernels compute in single precision. These limits are far beyond every quantity of an engagement and within
     * the range of single precision. */
    if (!(fabs(measure->si) <= 1e30) || !isfinite(measure->number)) {
        zem_reading_mistake(reading, node, path, "too large a number");
        return false;
    }
    if (fabs(measure->si) < 1e-30 && !digits_are_zero(node->text, used)) {
        zem_reading_mistake(reading, node, path, "too small a number; write 0 with the unit if zero is meant");
        return false;
    }
    return rule_demand(reading, info, part, path, node, measure);
}

static bool choice_read(struct zem_reading *reading, const struct zem_choice *choice, const char *path,
                        const struct zem_yaml_node *node, struct zem_value *value)
{
    enum { WORDS_MAX = 16 };
    const char *words[WORDS_MAX];
    char list[320];
    unsigned index = node->kind == ZEM_YAML_SCALAR ? zem_choice_find(choice, node->text) : choice->count;
    if (index < choice->count) {
        value->first = index;
        return true;
    }
    zem_choice_words(choice, ", ", list, sizeof list);
    if (node->kind != ZEM_YAML_SCALAR || node->null) {
        zem_reading_mistake(reading, node, path, "one of these words is needed: %s", list);
        return false;
    }
    for (index = 0; index < choice->count && index < WORDS_MAX; index++)
        words[index] = choice->row[index].word;
    const char *near = zem_suggestion_nearest(node->text, words, index);
    zem_reading_mistake(reading, node, path, "must be one of %s%s%s%s", list, near != NULL ? "; did you mean \"" : "",
                        near != NULL ? near : "", near != NULL ? "\"?" : "");
    return false;
}

bool zem_value_read(struct zem_reading *reading, enum zem_key key, const struct zem_yaml_node *node,
                    struct zem_value *value)
{
    const struct zem_key_info *info = &zem_key_table[key];
    char path[96];
    zem_key_path(key, path, sizeof path);
    *value =
        (struct zem_value){.given = true, .present = true, .line = node->line, .column = node->column, .unit = "1"};
    if (info->kind == ZEM_CHOICE)
        return choice_read(reading, info->choice, path, node, value);
    if (zem_key_disperses(info) && node->kind == ZEM_YAML_MAPPING)
        return zem_distribution_read(reading, key, path, node, value);
    if (zem_formula_begins(node) && zem_key_takes_formula(info))
        return zem_formula_read(reading, key, ZEM_PART_VALUE, path, node);
    struct zem_measure measure;
    if (!zem_measure_read(reading, info, ZEM_PART_VALUE, path, node, &measure))
        return false;
    value->first = measure.si;
    value->integer = measure.integer;
    memcpy(value->unit, measure.unit_text, sizeof value->unit);
    return true;
}

const char *zem_key_suggestion(const char *section, const char *name, char *path, size_t size)
{
    size_t best = 2 * zem_suggestion_limit(strlen(name)) + 1;
    path[0] = '\0';
    for (int key = -1; key < ZEM_KEY_COUNT; key++) {
        const struct zem_key_info *info = key < 0 ? &zem_hit_radius_info : &zem_key_table[key];
        size_t distance = 2 * zem_suggestion_distance(name, strlen(name), info->name, strlen(info->name));
        distance += strcmp(section, info->section) != 0 ? 1 : 0;
        if (distance < best) {
            best = distance;
            snprintf(path, size, "%s.%s", info->section, info->name);
        }
    }
    return path;
}
