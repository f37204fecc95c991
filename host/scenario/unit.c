/* Reads units with UDUNITS-2. The visitor of UDUNITS-2 splits a unit into a factor and powers of base units. The
 * library's own converters are not used, because they convert Hz to s and radians to pure numbers. */
#include "scenario/unit.h"

#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <udunits2.h>

#define UNIT_LENGTH_MAX 32 /* as long as struct zem_value.unit */
#define CACHE_SIZE 32

struct cached_unit {
    char text[UNIT_LENGTH_MAX];
    enum zem_unit_status status;
    struct zem_unit unit;
};

struct zem_units {
    ut_system *system;
    bool failed;
    char failure[256];
    struct cached_unit cache[CACHE_SIZE]; /* a scenario has few different units */
    size_t cached;
};

static const char *const base_names[ZEM_BASE_UNITS] = {"meter",  "kilogram", "second",  "ampere",
                                                       "kelvin", "mole",     "candela", "radian"};

/* The units of most scenarios, as UDUNITS-2 reads them. They are found here without its database, whose loading takes
 * thirty times as long as reading the rest of a scenario. tests/unit_test.c compares each with another spelling in the
 * database. Powers are of m, kg, s, A, K, mol, cd, rad. */
static const struct {
    const char *text;
    struct zem_unit unit;
} common[] = {
    {"m", {1.0, true, 0, {1}}},
    {"km", {1.0e3, true, 3, {1}}},
    {"s", {1.0, true, 0, {0, 0, 1}}},
    {"ms", {1.0e-3, true, -3, {0, 0, 1}}},
    {"us", {1.0e-6, true, -6, {0, 0, 1}}},
    {"Hz", {1.0, true, 0, {0, 0, -1}}},
    {"m/s", {1.0, true, 0, {1, 0, -1}}},
    {"km/s", {1.0e3, true, 3, {1, 0, -1}}},
    {"m/s2", {1.0, true, 0, {1, 0, -2}}},
    {"gravity", {9.80665, false, 0, {1, 0, -2}}},
    {"radian", {1.0, true, 0, {0, 0, 0, 0, 0, 0, 0, 1}}},
    {"degree", {1.7453292519943295e-2, false, 0, {0, 0, 0, 0, 0, 0, 0, 1}}},
    {"Pa", {1.0, true, 0, {-1, 1, -2}}},
    {"kPa", {1.0e3, true, 3, {-1, 1, -2}}},
    {"kg/m2", {1.0, true, 0, {-2, 1}}},
    {"m2/Hz", {1.0, true, 0, {2, 0, 1}}},
    {"rad2/Hz", {1.0, true, 0, {0, 0, 1, 0, 0, 0, 0, 2}}},
};

/* The kinds of quantities in scenarios, as powers of m, kg, s, A, K, mol, cd, rad. */
static const struct {
    int power[ZEM_BASE_UNITS];
    const char *name, *example;
} kinds[] = {
    {{0, 0, 0}, "a pure number", NULL},
    {{1, 0, 0}, "a length", "1 m"},
    {{2, 0, 0}, "an area", "1 m2"},
    {{3, 0, 0}, "a volume", "1 m3"},
    {{0, 1, 0}, "a mass", "100 kg"},
    {{0, 0, 1}, "a time", "1 s"},
    {{0, 0, -1}, "a frequency", "1 Hz"},
    {{1, 0, -1}, "a speed", "3 km/s"},
    {{1, 0, -2}, "an acceleration", "6 gravity"},
    {{1, 1, -2}, "a force", "1 N"},
    {{-1, 1, -2}, "a pressure", "1 kPa"},
    {{2, 1, -2}, "an energy", "1 J"},
    {{2, 1, -3}, "a power", "1 W"},
    {{-2, 1, 0}, "a mass per area", "5000 kg/m2"},
    {{-3, 1, 0}, "a density", "1 kg/m3"},
    {{2, 0, 1}, "a power spectral density of length", "0.1 m2/Hz"},
    {{0, 0, 0, 0, 0, 0, 0, 1}, "an angle", "30 degree"},
    {{0, 0, 0, 0, 0, 0, 0, 2}, "a solid angle", "1 rad2"},
    {{0, 0, -1, 0, 0, 0, 0, 1}, "an angular rate", "1 degree/s"},
    {{0, 0, 1, 0, 0, 0, 0, 2}, "a power spectral density of angle", "1e-8 rad2/Hz"},
    {{0, 0, 0, 0, 1}, "a temperature", "1 K"},
};

struct zem_units *zem_units_create(void) { return calloc(1, sizeof(struct zem_units)); }

void zem_units_free(struct zem_units *units)
{
    if (units == NULL)
        return;
    if (units->system != NULL)
        ut_free_system(units->system);
    free(units);
}

const char *zem_units_failure(const struct zem_units *units) { return units->failed ? units->failure : NULL; }

static void system_load(struct zem_units *units)
{
    if (units->system != NULL || units->failed)
        return;
    errno = 0;
    units->system = ut_read_xml(NULL);
    if (units->system != NULL)
        return;
    const int reason = errno;
    units->failed = true;
    if (reason == ENOMEM)
        snprintf(units->failure, sizeof units->failure, "there is not enough memory for them");
    else
        snprintf(units->failure, sizeof units->failure,
                 "the unit database of UDUNITS-2 cannot be read; install udunits2-data or name its file in "
                 "UDUNITS2_XML_PATH");
}

/* The functions of a visitor of UDUNITS-2, which fill a struct zem_unit. A status other than UT_SUCCESS means that the
 * unit is not just a factor. */
static ut_status visit_basic(const ut_unit *basic, void *argument)
{
    struct zem_unit *unit = argument;
    const char *name = ut_get_name(basic, UT_ASCII);
    for (size_t i = 0; name != NULL && i < ZEM_BASE_UNITS; i++)
        if (strcmp(name, base_names[i]) == 0) {
            unit->power[i] += 1;
            return UT_SUCCESS;
        }
    return UT_MEANINGLESS;
}

static ut_status visit_product(const ut_unit *product, int count, const ut_unit *const *basic, const int *powers,
                               void *argument)
{
    (void)product;
    struct zem_unit *unit = argument;
    for (int i = 0; i < count; i++) {
        struct zem_unit one = {.scale = 1};
        if (visit_basic(basic[i], &one) != UT_SUCCESS)
            return UT_MEANINGLESS;
        for (size_t k = 0; k < ZEM_BASE_UNITS; k++)
            unit->power[k] += powers[i] * one.power[k];
    }
    return UT_SUCCESS;
}

static ut_status visit_galilean(const ut_unit *galilean, double scale, const ut_unit *underlying, double offset,
                                void *argument);

static ut_status visit_timestamp(const ut_unit *unit, const ut_unit *time, double origin, void *argument)
{
    (void)unit, (void)time, (void)origin, (void)argument;
    return UT_MEANINGLESS;
}

static ut_status visit_logarithmic(const ut_unit *unit, double base, const ut_unit *reference, void *argument)
{
    (void)unit, (void)base, (void)reference, (void)argument;
    return UT_MEANINGLESS;
}

static const ut_visitor visitor = {visit_basic, visit_product, visit_galilean, visit_timestamp, visit_logarithmic};

static ut_status visit_galilean(const ut_unit *galilean, double scale, const ut_unit *underlying, double offset,
                                void *argument)
{
    (void)galilean;
    struct zem_unit *unit = argument;
    if (offset != 0)
        return UT_MEANINGLESS;
    unit->scale *= scale;
    return ut_accept_visitor(underlying, &visitor, unit);
}

/* Makes a factor that is nearly a power of ten exact, so that "5 ms" and "0.005 s" are the same double. The factor may
 * be wrong by a few rounding errors, because UDUNITS-2 computes it by multiplications. */
static void decimal_recognise(struct zem_unit *unit)
{
    for (int exponent = -24; exponent <= 24; exponent++) {
        double power = zem_number_value("1", 1, exponent);
        if (fabs(unit->scale - power) <= 8 * 0x1p-53 * power) {
            unit->scale = power;
            unit->exponent = exponent;
            unit->is_decimal = true;
        }
    }
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%' || c == '\'' || c == '_'
           || (unsigned char)c >= 0x80;
}

/* Returns the length of "name", "name2", "name-1" or "name^2" at the start of `text`, or 0 if there is none. The words
 * by which UDUNITS-2 writes dates, origins and logarithms do not count as names. */
static size_t factor_length(const char *text)
{
    static const char *const reserved[] = {"since", "after", "from", "ref", "shift", "re", "lg", "ln", "lb"};
    size_t name = 0;
    while (is_letter(text[name]))
        name++;
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (strlen(reserved[i]) == name && strncmp(text, reserved[i], name) == 0)
            return 0;
    size_t at = name + (text[name] == '^' ? 1 : 0);
    at += text[at] == '-' || text[at] == '+' ? 1 : 0;
    size_t digits = at;
    while (is_digit(text[at]))
        at++;
    return name > 0 && (at > digits || digits == name) ? at : 0;
}

/* Whether the text is a product of units with powers, separated by a blank, a dot, a star or a slash. No other text is
 * given to UDUNITS-2, because its grammar allows much more, and its parser leaks memory on a syntax error (2.2.28). */
static bool is_plain_product(const char *text)
{
    for (;;) {
        size_t factor = factor_length(text);
        if (factor == 0)
            return false;
        text += factor;
        if (*text == '\0')
            return true;
        size_t blanks = strspn(text, " ");
        text += blanks;
        bool mark = *text == '.' || *text == '*' || *text == '/';
        if (blanks == 0 && !mark)
            return false;
        text += mark ? 1 : 0;
        text += strspn(text, " ");
    }
}

static enum zem_unit_status unit_parse(struct zem_units *units, const char *text, struct zem_unit *unit)
{
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        if (strcmp(common[i].text, text) == 0) {
            *unit = common[i].unit;
            return ZEM_UNIT_OK;
        }
    *unit = (struct zem_unit){.scale = 1};
    if (!is_plain_product(text))
        return ZEM_UNIT_UNKNOWN;
    system_load(units);
    if (units->failed)
        return ZEM_UNIT_UNKNOWN;
    ut_unit *parsed = ut_parse(units->system, text, UT_UTF8);
    if (parsed == NULL)
        return ZEM_UNIT_UNKNOWN;
    enum zem_unit_status status = ZEM_UNIT_OK;
    if (ut_accept_visitor(parsed, &visitor, unit) != UT_SUCCESS || !(unit->scale > 0) || !isfinite(unit->scale))
        status = ZEM_UNIT_NO_SCALE;
    else
        decimal_recognise(unit);
    ut_free(parsed);
    return status;
}

enum zem_unit_status zem_unit_read(struct zem_units *units, const char *text, size_t length, struct zem_unit *unit)
{
    *unit = (struct zem_unit){.scale = 1};
    char name[UNIT_LENGTH_MAX];
    if (length == 0 || length >= sizeof name || memchr(text, '\0', length) != NULL)
        return ZEM_UNIT_UNKNOWN;
    memcpy(name, text, length);
    name[length] = '\0';
    for (size_t i = 0; i < units->cached; i++)
        if (strcmp(units->cache[i].text, name) == 0) {
            *unit = units->cache[i].unit;
            return units->cache[i].status;
        }
    /* UDUNITS-2 would print its error messages to stderr, so they are switched off. The previous handler is restored
     * for other users of the library. */
    ut_error_message_handler previous = ut_set_error_message_handler(ut_ignore);
    enum zem_unit_status status = unit_parse(units, name, unit);
    ut_set_error_message_handler(previous);
    if (units->cached < CACHE_SIZE) {
        struct cached_unit *entry = &units->cache[units->cached++];
        memcpy(entry->text, name, length + 1);
        entry->status = status;
        entry->unit = *unit;
    }
    return status;
}

bool zem_unit_same_kind(const struct zem_unit *a, const struct zem_unit *b)
{
    return memcmp(a->power, b->power, sizeof a->power) == 0;
}

double zem_unit_to_si(const struct zem_unit *unit, const char *number, size_t length)
{
    if (unit->is_decimal)
        return zem_number_value(number, length, unit->exponent);
    return zem_number_value(number, length, 0) * unit->scale;
}

double zem_unit_scale(const struct zem_unit *unit, double number)
{
    if (unit->is_decimal && unit->exponent < 0)
        return number / zem_number_value("1", 1, -unit->exponent);
    return number * unit->scale;
}

double zem_unit_from_si(const struct zem_unit *unit, double si)
{
    if (unit->is_decimal && unit->exponent < 0)
        return si * zem_number_value("1", 1, -unit->exponent);
    return si / unit->scale;
}

const char *zem_unit_kind_name(const struct zem_unit *unit)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (memcmp(kinds[i].power, unit->power, sizeof unit->power) == 0)
            return kinds[i].name;
    return "a quantity of another kind";
}

const char *zem_unit_kind_example(const struct zem_unit *unit)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (memcmp(kinds[i].power, unit->power, sizeof unit->power) == 0)
            return kinds[i].example;
    return NULL;
}
