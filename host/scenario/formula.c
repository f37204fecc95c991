/* Reads expressions by recursive descent, with a unit for every intermediate result, and evaluates them on a stack. No
 * library of Debian evaluates expressions with units; UDUNITS-2 reads the units themselves. */
#include "scenario/formula.h"

#include "base/number.h"
#include "scenario/distribution.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 64 /* the most steps of one expression */
#define DEPTH_MAX 16 /* the deepest nesting of parentheses and signs */

/* An expression while it is being read. `at` points to the rest of its text. */
struct parser {
    struct zem_reading *reading;
    const struct zem_yaml_node *node;
    const char *path, *at;
    struct zem_formula_step step[STEPS_MAX];
    size_t count;
    int depth;
};

static bool expression_read(struct parser *parser, struct zem_unit *unit);

static bool fail(struct parser *parser, const char *message)
{
    zem_reading_mistake(parser->reading, parser->node, parser->path, "%s", message);
    return false;
}

static void blanks_skip(struct parser *parser) { parser->at += strspn(parser->at, " \t"); }

static bool step_add(struct parser *parser, struct zem_formula_step step)
{
    if (parser->count == STEPS_MAX)
        return fail(parser, "the expression is too long; it has more than 64 numbers, keys and operations");
    parser->step[parser->count++] = step;
    return true;
}

static bool is_name(char c) { return isalnum((unsigned char)c) || c == '_'; }

/* Returns the length of the unit at the start of a text: one or several names with their powers, separated by slashes.
 * A slash in front of a key, as in "2 m/target.speed", does not belong to the unit. */
static size_t unit_length(const char *text)
{
    size_t length = 0;
    for (;;) {
        size_t end = length;
        while (isalpha((unsigned char)text[end]) || text[end] == '_' || text[end] == '%' || text[end] == '\''
               || (unsigned char)text[end] >= 0x80)
            end++;
        if (end == length)
            return length > 0 ? length - 1 : 0; /* without the slash */
        if (text[end] == '^')
            end++;
        if (text[end] == '-' && isdigit((unsigned char)text[end + 1]))
            end++;
        while (isdigit((unsigned char)text[end]))
            end++;
        if (text[end] == '.' || is_name(text[end]))
            return length > 0 ? length - 1 : 0;
        length = end;
        if (text[length] != '/')
            return length;
        length++;
    }
}

static bool number_read(struct parser *parser, struct zem_unit *unit)
{
    char unit_text[32];
    size_t used = 0;
    const char *text = parser->at;
    const enum zem_number_form form = zem_number_scan(text, strlen(text), &used);
    *unit = (struct zem_unit){.scale = 1, .is_decimal = true};
    if ((form != ZEM_NUMBER_DECIMAL && form != ZEM_NUMBER_JOINED) || used == 0)
        return fail(parser, "a number in the expression cannot be read; write it in decimal, such as 0.5");
    parser->at += used;
    if (is_name(*parser->at))
        return fail(parser, "a blank belongs between a number and its unit, as in \"=0.5 s\"");
    const char *after = parser->at + strspn(parser->at, " \t");
    const size_t length = after > parser->at ? unit_length(after) : 0;
    if (length >= sizeof unit_text)
        return fail(parser, "a unit in the expression is too long");
    if (length > 0) {
        snprintf(unit_text, sizeof unit_text, "%.*s", (int)length, after);
        if (zem_unit_read(parser->reading->units, unit_text, length, unit) != ZEM_UNIT_OK) {
            zem_reading_mistake(parser->reading, parser->node, parser->path,
                                "unknown unit \"%s\" in the expression; a key is written section.name", unit_text);
            return false;
        }
        parser->at = after + length;
    }
    const struct zem_formula_step step = {.operation = ZEM_FORMULA_NUMBER, .number = zem_unit_to_si(unit, text, used)};
    unit->scale = 1;
    return step_add(parser, step);
}

/* Reads section.name or section.name.part. */
static bool key_read(struct parser *parser, struct zem_unit *unit)
{
    char text[96], near[96];
    size_t length = 0;
    while (is_name(parser->at[length]) || parser->at[length] == '.')
        length++;
    snprintf(text, sizeof text, "%.*s", (int)(length < 90 ? length : 90), parser->at);
    parser->at += length;
    struct zem_formula_step step = {.operation = ZEM_FORMULA_KEY, .part = ZEM_PART_VALUE};
    const char *point = strrchr(text, '.');
    step.key = zem_key_find(text, strlen(text));
    if (step.key == ZEM_KEY_COUNT && point != NULL && zem_part_find(point + 1, &step.part))
        step.key = zem_key_find(text, (size_t)(point - text));
    if (step.key == ZEM_KEY_COUNT) {
        const char *name = strchr(text, '.');
        char section[96] = "";
        if (name != NULL)
            snprintf(section, sizeof section, "%.*s", (int)(name - text), text);
        zem_key_suggestion(section, name != NULL ? name + 1 : text, near, sizeof near);
        zem_reading_mistake(parser->reading, parser->node, parser->path, "unknown key \"%s\" in the expression%s%s%s",
                            text, near[0] != '\0' ? "; did you mean \"" : "", near, near[0] != '\0' ? "\"?" : "");
        return false;
    }
    const struct zem_key_info *info = &zem_key_table[step.key];
    if (info->kind == ZEM_CHOICE) {
        zem_reading_mistake(parser->reading, parser->node, parser->path,
                            "\"%s\" has words as values; an expression takes keys that are numbers", text);
        return false;
    }
    *unit = (struct zem_unit){.scale = 1, .is_decimal = true};
    if (info->kind == ZEM_QUANTITY && step.part != ZEM_PART_GEOMETRIC_SIGMA)
        zem_unit_read(parser->reading->units, info->unit, strlen(info->unit), unit);
    unit->scale = 1;
    return step_add(parser, step);
}

static bool factor_read(struct parser *parser, struct zem_unit *unit)
{
    blanks_skip(parser);
    const char first = *parser->at;
    if (++parser->depth > DEPTH_MAX)
        return fail(parser, "the parentheses of the expression are nested too deeply");
    bool good;
    if (first == '(') {
        parser->at++;
        good = expression_read(parser, unit);
        blanks_skip(parser);
        if (good && *parser->at != ')')
            good = fail(parser, "a closing parenthesis is missing in the expression");
        parser->at += good;
    } else if (first == '-' || first == '+') {
        parser->at++;
        good = factor_read(parser, unit);
        if (good && first == '-')
            good = step_add(parser, (struct zem_formula_step){.operation = ZEM_FORMULA_NEGATE});
    } else if (isdigit((unsigned char)first) || first == '.')
        good = number_read(parser, unit);
    else if (isalpha((unsigned char)first))
        good = key_read(parser, unit);
    else
        good = fail(parser, "a number or a key is missing in the expression, which is such as \"=0.5*engagement."
                            "flight_time + 0.1 s\"");
    parser->depth--;
    return good;
}

static bool term_read(struct parser *parser, struct zem_unit *unit)
{
    struct zem_unit right;
    bool good = factor_read(parser, unit);
    for (blanks_skip(parser); good && (*parser->at == '*' || *parser->at == '/'); blanks_skip(parser)) {
        const bool times = *parser->at++ == '*';
        good = factor_read(parser, &right)
               && step_add(parser,
                           (struct zem_formula_step){.operation = times ? ZEM_FORMULA_MULTIPLY : ZEM_FORMULA_DIVIDE});
        for (int i = 0; good && i < ZEM_BASE_UNITS; i++)
            unit->power[i] += times ? right.power[i] : -right.power[i];
    }
    return good;
}

static bool expression_read(struct parser *parser, struct zem_unit *unit)
{
    struct zem_unit right;
    bool good = term_read(parser, unit);
    for (blanks_skip(parser); good && (*parser->at == '+' || *parser->at == '-'); blanks_skip(parser)) {
        const bool plus = *parser->at++ == '+';
        good =
            term_read(parser, &right)
            && step_add(parser, (struct zem_formula_step){.operation = plus ? ZEM_FORMULA_ADD : ZEM_FORMULA_SUBTRACT});
        if (good && !zem_unit_same_kind(unit, &right)) {
            zem_reading_mistake(parser->reading, parser->node, parser->path,
                                "the expression %s %s and %s, which are of different kinds",
                                plus ? "adds" : "subtracts", zem_unit_kind_name(unit), zem_unit_kind_name(&right));
            return false;
        }
    }
    return good;
}

/* Appends the formula that `parser` has read to the scenario. */
static bool formula_keep(const struct parser *parser, enum zem_key key, enum zem_part part)
{
    struct zem_scenario *scenario = parser->reading->scenario;
    struct zem_formula *all = realloc(scenario->formula, (scenario->formula_count + 1) * sizeof *scenario->formula);
    if (all != NULL)
        scenario->formula = all;
    struct zem_formula formula = {.key = key,
                                  .part = part,
                                  .line = parser->node->line,
                                  .column = parser->node->column,
                                  .text = strdup(parser->node->text),
                                  .step_count = parser->count,
                                  .step = malloc(parser->count * sizeof *formula.step)};
    if (all == NULL || formula.text == NULL || formula.step == NULL) {
        free(formula.text);
        free(formula.step);
        parser->reading->out_of_memory = true;
        return false;
    }
    memcpy(formula.step, parser->step, parser->count * sizeof *formula.step);
    scenario->formula[scenario->formula_count++] = formula;
    return true;
}

bool zem_formula_read(struct zem_reading *reading, enum zem_key key, enum zem_part part, const char *path,
                      const struct zem_yaml_node *node)
{
    struct parser parser = {.reading = reading, .node = node, .path = path, .at = node->text + 1};
    const struct zem_key_info *info = &zem_key_table[key];
    struct zem_unit unit, needed = {.scale = 1, .is_decimal = true};
    if (!expression_read(&parser, &unit))
        return false;
    if (*parser.at != '\0') {
        zem_reading_mistake(reading, node, path,
                            "\"%.30s\" in the expression is not understood; an operation such as "
                            "+ or * belongs between two values",
                            parser.at);
        return false;
    }
    if (info->kind == ZEM_QUANTITY && part != ZEM_PART_GEOMETRIC_SIGMA)
        zem_unit_read(reading->units, info->unit, strlen(info->unit), &needed);
    if (!zem_unit_same_kind(&unit, &needed)) {
        zem_reading_mistake(reading, node, path, "the expression is %s where %s is needed", zem_unit_kind_name(&unit),
                            zem_unit_kind_name(&needed));
        return false;
    }
    return formula_keep(&parser, key, part);
}

const struct zem_formula *zem_formula_find(const struct zem_scenario *scenario, enum zem_key key, enum zem_part part)
{
    for (size_t i = 0; i < scenario->formula_count; i++)
        if (scenario->formula[i].key == key && (part == ZEM_PARTS || scenario->formula[i].part == part))
            return &scenario->formula[i];
    return NULL;
}

/* Returns the number that a step of kind NUMBER or KEY pushes onto the stack. NaN if the key or its part is absent. */
static double operand(const struct zem_formula_step *step, const struct zem_value value[ZEM_KEY_COUNT],
                      const struct zem_value source[ZEM_KEY_COUNT])
{
    if (step->operation == ZEM_FORMULA_NUMBER)
        return step->number;
    if (step->part == ZEM_PART_VALUE)
        return value[step->key].present ? zem_distribution_mean(&value[step->key]) : (double)NAN;
    struct zem_value copy = source[step->key];
    const double *part = zem_value_part(&copy, step->part);
    return part != NULL ? *part : (double)NAN;
}

double zem_formula_value(const struct zem_formula *formula, const struct zem_value value[ZEM_KEY_COUNT],
                         const struct zem_value source[ZEM_KEY_COUNT])
{
    double stack[STEPS_MAX] = {0.0};
    size_t top = 0;
    for (size_t i = 0; i < formula->step_count; i++) {
        const struct zem_formula_step *step = &formula->step[i];
        if (step->operation == ZEM_FORMULA_NUMBER || step->operation == ZEM_FORMULA_KEY) {
            stack[top++] = operand(step, value, source);
            continue;
        }
        if (step->operation == ZEM_FORMULA_NEGATE) {
            stack[top - 1] = -stack[top - 1];
            continue;
        }
        const double right = stack[--top], left = stack[top - 1];
        stack[top - 1] = step->operation == ZEM_FORMULA_ADD        ? left + right
                         : step->operation == ZEM_FORMULA_SUBTRACT ? left - right
                         : step->operation == ZEM_FORMULA_MULTIPLY ? left * right
                                                                   : left / right;
    }
    return stack[0];
}

void zem_formulas_free(struct zem_scenario *scenario)
{
    for (size_t i = 0; i < scenario->formula_count; i++) {
        free(scenario->formula[i].text);
        free(scenario->formula[i].step);
    }
    free(scenario->formula);
}
