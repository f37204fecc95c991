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
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_do_not_depend_on_the_locale),
        cmocka_unit_test(numbers_are_printed_short_and_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
