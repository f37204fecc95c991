/* Numbers as text. They are printed as short as possible, are read back to the bit, and do not depend on the locale. */
#include "base/number.h"
#include "scenario_reading.h"

#include <locale.h>
#include <math.h>

static void numbers_do_not_depend_on_the_locale(void **state)
{
    (void)state;
    const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "de_DE"};
    char text[40];
    const char *set = NULL;
    for (size_t i = 0; i < 4 && set == NULL; i++)
        set = setlocale(LC_ALL, names[i]);
    if (set == NULL) {
        print_message("skip numbers_do_not_depend_on_the_locale: no locale with a decimal comma is installed\n");
        skip();
    }
    struct reading reading;
    const char *override = "interceptor.autopilot_lag=0.25 s";
    reading_begin(&reading, minimal, strlen(minimal), &override, 1);
    const int status = reading.status;
    double lag = reading.scenario.value[ZEM_KEY_AUTOPILOT_LAG].first;
    reading_end(&reading);
    zem_number_format(0.25, text, sizeof text);
    setlocale(LC_ALL, "C");
    assert_int_equal(status, 0);
    assert_true(lag == 0.25);
    assert_string_equal(text, "0.25");
}

/* Returns the number of digits of a number from the first that is not zero to the last that is not zero. */
static int significant_digits(const char *text)
{
    int digits = 0, zeros = 0;
    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text < '0' || *text > '9' || (*text == '0' && digits == 0))
            continue;
        zeros = *text == '0' ? zeros + 1 : 0;
        digits++;
    }
    return digits - zeros;
}

static void numbers_are_printed_short_and_read_back(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {1, "1"},
        {360, "360"},
        {0.1, "0.1"},
        {1e-9, "1e-9"},
        {-2.5, "-2.5"},
        {1e22, "1e22"},
        {12345678, "12345678"},
        {1.0 / 3, "0.3333333333333333"},
        {0.1 + 0.2, "0.30000000000000004"},
        {-1e-4, "-0.0001"},
        {1.5e-5, "1.5e-5"},
        {9007199254740992, "9007199254740992"},
        {1e16, "1e16"},
        {123456789012345678.0, "1.2345678901234568e17"},
        {5e-324, "5e-324"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {-0.0, "-0"},
        {INFINITY, "inf"},
    };
    char text[40];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(zem_number_format(cases[i].value, text, sizeof text), cases[i].text);
    uint64_t seed = 5;
    for (int i = 0; i < 20000; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        uint64_t bits = seed ^ (seed >> 29);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        zem_number_format(value, text, sizeof text);
        assert_true(zem_number_value(text, strlen(text), 0) == value);
        const int digits = significant_digits(text);
        if (digits > 1) {
            zem_number_format_digits(value, digits - 1, text, sizeof text);
            assert_false(zem_number_value(text, strlen(text), 0) == value);
        }
    }
}

static void numbers_of_a_given_length_are_rounded(void **state)
{
    (void)state;
    char text[40];
    assert_string_equal(zem_number_format_digits(123456, 2, text, sizeof text), "120000");
    assert_string_equal(zem_number_format_digits(0.000999996, 5, text, sizeof text), "0.001");
    assert_string_equal(zem_number_format_digits(0.1, 17, text, sizeof text), "0.10000000000000001");
    assert_string_equal(zem_number_format_digits(-2e20, 3, text, sizeof text), "-2.00e20");
    assert_string_equal(zem_number_format_digits(NAN, 3, text, sizeof text), "nan");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_do_not_depend_on_the_locale),
        cmocka_unit_test(numbers_are_printed_short_and_read_back),
        cmocka_unit_test(numbers_of_a_given_length_are_rounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
