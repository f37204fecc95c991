/* Units: the table of common units agrees with the database of UDUNITS-2, and is used without it. */
#include "scenario/unit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Each common unit, and another spelling of it, which only the database has. */
static const struct {
    const char *common, *database;
} spellings[] = {
    {"m", "meter"},           {"km", "kilometer"},
    {"s", "second"},          {"ms", "millisecond"},
    {"us", "microsecond"},    {"Hz", "hertz"},
    {"m/s", "m.s-1"},         {"km/s", "km.s-1"},
    {"m/s2", "m.s-2"},        {"gravity", "standard_free_fall"},
    {"radian", "rad"},        {"degree", "arc_degree"},
    {"Pa", "pascal"},         {"kPa", "kilopascal"},
    {"kg/m2", "kg.m-2"},      {"m2/Hz", "m2.Hz-1"},
    {"rad2/Hz", "rad2.Hz-1"},
};

static struct zem_unit read_well(struct zem_units *units, const char *text)
{
    struct zem_unit unit;
    print_message("%s\n", text);
    assert_int_equal(zem_unit_read(units, text, strlen(text), &unit), ZEM_UNIT_OK);
    return unit;
}

static void common_units_are_those_of_the_database(void **state)
{
    (void)state;
    struct zem_units *units = zem_units_create();
    for (size_t k = 0; k < sizeof spellings / sizeof spellings[0]; k++) {
        const struct zem_unit common = read_well(units, spellings[k].common),
                              database = read_well(units, spellings[k].database);
        assert_true(common.scale == database.scale);
        assert_int_equal(common.is_decimal, database.is_decimal);
        assert_int_equal(common.exponent, database.exponent);
        assert_true(zem_unit_same_kind(&common, &database));
    }
    zem_units_free(units);
}

static void only_other_units_need_the_database(void **state)
{
    (void)state;
    struct zem_units *units = zem_units_create();
    struct zem_unit unit;
    assert_int_equal(setenv("UDUNITS2_XML_PATH", "/nowhere/udunits2.xml", 1), 0);
    for (size_t k = 0; k < sizeof spellings / sizeof spellings[0]; k++)
        read_well(units, spellings[k].common);
    assert_null(zem_units_failure(units));
    for (size_t k = 0; k < sizeof spellings / sizeof spellings[0]; k++)
        assert_int_equal(zem_unit_read(units, spellings[k].database, strlen(spellings[k].database), &unit),
                         ZEM_UNIT_UNKNOWN);
    assert_non_null(strstr(zem_units_failure(units), "UDUNITS2_XML_PATH"));
    assert_int_equal(unsetenv("UDUNITS2_XML_PATH"), 0);
    zem_units_free(units);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(common_units_are_those_of_the_database),
        cmocka_unit_test(only_other_units_need_the_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
