/* What zem show prints: text, JSON, and maps with and without colours. The results are made up (synthetic_result.h). */
#include "synthetic_result.h"

#include "result/extremes.h"
#include "view/color_map.h"
#include "view/show.h"
#include "view/terminal.h"
#include "text_has.h"

#include <jansson.h>
#include <math.h>

/* Returns what zem_show prints. The caller frees it. */
static char *shown(const struct zem_result *result, struct zem_show_options options)
{
    char *text = NULL;
    size_t size;
    struct zem_error error = {0};
    FILE *out = open_memstream(&text, &size);
    if (options.screen.color == ZEM_COLOR_AUTO)
        options.screen.color = ZEM_COLOR_NONE;
    options.screen.columns = options.screen.columns ? options.screen.columns : 80;
    if (zem_show(result, &options, out, &error) != 0)
        fail_msg("%s", error.message);
    fclose(out);
    return text;
}

static size_t longest_line(const char *text)
{
    size_t longest = 0;
    for (; *text != '\0'; text += strcspn(text, "\n") + (text[strcspn(text, "\n")] != '\0'))
        longest = strcspn(text, "\n") > longest ? strcspn(text, "\n") : longest;
    return longest;
}

static void headline_and_provenance_are_shown(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    synthetic_init(&result, &scenario, SYNTHETIC_NO_AXES);
    char *text = shown(&result, (struct zem_show_options){.file = "x.h5"});
    assert_has(text, "x.h5: Made up, \"quoted\"");
    assert_has(text, "seed 18446744073709551615");
    assert_has(text, "1000 in 1 cell");
    assert_has(text, "95 % Wilson interval");
    assert_has(text, "hit radius 0.5 m");
    char version[32];
    snprintf(version, sizeof version, "kernel version %d", ZEM_KERNEL_VERSION);
    assert_has(text, version);
    assert_has(text, "openmp: made up, 1000 trials");
    assert_has(text, result.digest);
    free(text);
    synthetic_free(&result, &scenario);
}

/* Without colours a cell is the first decimal of its probability, and ? if that is undefined. No escape sequence is
 * printed. */
static void a_map_without_colours_is_printed_in_digits(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_view view;
    struct zem_error error = {0};
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    char *text = shown(&result, (struct zem_show_options){.screen.columns = 30, .view = {.radius = 1}});
    assert_has(text, "probability of a hit, hit radius 1 m");
    assert_has(text, "period (s), upward");
    assert_has(text, "acceleration (gravity)");
    assert_has(text, "tenths of the way from 0 to 1");
    for (const char *at = text; *at != '\0'; at++)
        assert_true(*at == '\n' || ((unsigned char)*at >= ' ' && *at != 127));
    assert_int_equal(zem_view_init(&view, &result, &(struct zem_view_options){.radius = 1}, &error), 0);
    assert_int_equal(view.columns, 6);
    assert_int_equal(view.rows, 4);
    char line[40] = "";
    for (size_t i = 0; i < 6; i++) { /* top row: the longest period */
        double p = view.value[3 * 6 + i];
        snprintf(line + strlen(line), sizeof line - strlen(line), " %c",
                 isnan(p) ? '?' : (char)('0' + (p < 1 ? (int)(10 * p) : 9)));
    }
    assert_has(text, line);
    assert_true(isnan(view.value[2 * 6])); /* cell 2, of acceleration 0 and period 2, has no trials */
    assert_has(text, " ?");
    zem_view_free(&view);
    free(text);
    synthetic_free(&result, &scenario);
}

static void wide_maps_show_numbers_and_narrow_ones_fit(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    char number[20];
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    char *text = shown(&result, (struct zem_show_options){.screen.columns = 100});
    snprintf(number, sizeof number, " %.3f", (double)zem_result_hits(&result, 23, 0) / 1000);
    assert_has(text, number);
    free(text);
    synthetic_free(&result, &scenario);
    synthetic_init(&result, &scenario, SYNTHETIC_LARGE);
    text = shown(&result, (struct zem_show_options){.screen.columns = 60});
    assert_has(text, "shown: one of");
    const char *map = strstr(text, "\nprobability of a hit, hit radius"); /* provenance lines may be longer */
    assert_non_null(map);
    assert_true(longest_line(strchr(map + 1, '\n') + 1) <= 60);
    assert_has(text, "held: navigation_gain = 3");
    free(text);
    synthetic_free(&result, &scenario);
}

/* The extreme probabilities are printed with intervals that hold for all cells at once. The map is that of the radius
 * whose probabilities differ most, here the largest of three. */
static void extremes_are_shown_with_their_intervals(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_extremes_table table;
    struct zem_error error = {0};
    char line[100], *text;
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    assert_int_equal(zem_extremes_find(&result, &table, &error), 0);
    text = shown(&result, (struct zem_show_options){.view = {.radius_that_differs = true}});
    snprintf(line, sizeof line, "%.5g [%.5g, %.5g]", table.row[2].least, table.row[2].of_smallest.lower,
             table.row[2].of_smallest.upper);
    assert_has(text, line);
    assert_has(text, "for all cells at once");
    assert_has(text, "yes, at a level of 5 %");
    snprintf(line, sizeof line, "probability of a hit, hit radius %g m",
             scenario.radius[zem_extremes_radius(&result, ZEM_COUNTED_HIT)]);
    assert_has(text, line);
    assert_true(zem_extremes_radius(&result, ZEM_COUNTED_HIT) > 0);
    zem_extremes_free(&table);
    free(text);
    synthetic_free(&result, &scenario);
}

static void colours_are_switched_on_and_off_again(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    char *text = shown(&result, (struct zem_show_options){.screen.color = ZEM_COLOR_TRUE});
    assert_has(text, "\033[48;2;");
    assert_has(text, "\033[0m");
    free(text);
    text = shown(&result, (struct zem_show_options){.screen.color = ZEM_COLOR_256});
    assert_has(text, "\033[48;5;");
    assert_null(strstr(text, "\033[48;2;"));
    free(text);
    synthetic_free(&result, &scenario);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}

static void a_low_terminal_gets_two_points_in_a_character(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    const struct zem_screen screen = {.color = ZEM_COLOR_TRUE, .columns = 60, .lines = 24, .half_blocks = true};
    synthetic_init(&result, &scenario, SYNTHETIC_LARGE);
    char *text = shown(&result, (struct zem_show_options){.screen = screen});
    assert_has(text, "a line has two points");
    assert_true(count_of(text, "\xe2\x96\x80") > 0);
    const char *last = strstr(text, "do the cells differ?   ");
    assert_non_null(last);
    assert_null(strchr(strchr(last, '\n') + 1, '\n'));
    free(text);
    text = shown(&result, (struct zem_show_options){.screen = {.color = ZEM_COLOR_TRUE, .columns = 60, .lines = 24}});
    assert_int_equal(count_of(text, "\xe2\x96\x80"), 0);
    assert_has(text, "shown: one of");
    free(text);
    synthetic_free(&result, &scenario);
}

static void output_to_a_file_gets_no_colours(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    const struct zem_screen screen = zem_terminal_screen(file);
    assert_int_equal(screen.color, ZEM_COLOR_NONE);
    assert_int_equal(screen.columns, 80);
    assert_int_equal(screen.lines, 0);
    fclose(file);
}

static void one_axis_is_a_table_with_intervals(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    char line[60];
    synthetic_init(&result, &scenario, SYNTHETIC_ONE_AXIS);
    char *text = shown(&result, (struct zem_show_options){.file = NULL});
    struct zem_interval interval = zem_interval_binomial(zem_result_hits(&result, 3, 0), 1000, 0.95, ZEM_WILSON);
    snprintf(line, sizeof line, "%.5g  [%.5g, %.5g]", (double)zem_result_hits(&result, 3, 0) / 1000, interval.lower,
             interval.upper);
    assert_has(text, line);
    assert_has(text, "#");
    free(text);
    synthetic_free(&result, &scenario);
}

static void only_a_map_of_fractions_says_that_its_values_lie_from_0_to_1(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    const char *const slices[] = {"confidence=0.95"};
    synthetic_init(&result, &scenario, SYNTHETIC_THREE_AXES);
    char *text = shown(&result, (struct zem_show_options){.view = {.slices = slices, .slice_count = 1}});
    assert_has(text, "values from 0 to 1");
    free(text);
    text =
        shown(&result, (struct zem_show_options){.view = {.variable = "trials", .slices = slices, .slice_count = 1}});
    assert_has(text, "values without unit");
    assert_null(strstr(text, "values from 0 to 1"));
    free(text);
    synthetic_free(&result, &scenario);
}

static void json_has_the_numbers_of_the_result(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    synthetic_init(&result, &scenario, SYNTHETIC_THREE_AXES);
    const char *const slices[] = {"confidence=0.95"};
    char *text = shown(&result, (struct zem_show_options){.json = true, .view = {.slices = slices, .slice_count = 1}});
    json_error_t problem;
    json_t *object = json_loads(text, 0, &problem);
    assert_non_null(object);
    json_t *view = json_object_get(object, "view"), *value = json_object_get(view, "value");
    assert_int_equal(json_array_size(value), 4); /* rows: period */
    assert_int_equal(json_array_size(json_array_get(value, 0)), 6);
    size_t cell = (5 * 4 + 3) * 3 + 1; /* last acceleration, last period, confidence 0.95 */
    double last = json_real_value(json_array_get(json_array_get(value, 3), 5));
    assert_true(last == (double)zem_result_hits(&result, cell, 0) / 1000);
    assert_true(json_is_null(json_array_get(json_array_get(json_object_get(view, "value"), 0), 0)) == 0);
    assert_string_equal(json_string_value(json_object_get(json_object_get(object, "provenance"), "digest")),
                        result.digest);
    assert_string_equal(json_string_value(json_object_get(object, "seed")), "18446744073709551615");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(object, "totals"), "cells")), 72);
    json_decref(object);
    free(text);
    synthetic_free(&result, &scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headline_and_provenance_are_shown),
        cmocka_unit_test(a_map_without_colours_is_printed_in_digits),
        cmocka_unit_test(wide_maps_show_numbers_and_narrow_ones_fit),
        cmocka_unit_test(extremes_are_shown_with_their_intervals),
        cmocka_unit_test(colours_are_switched_on_and_off_again),
        cmocka_unit_test(a_low_terminal_gets_two_points_in_a_character),
        cmocka_unit_test(output_to_a_file_gets_no_colours),
        cmocka_unit_test(one_axis_is_a_table_with_intervals),
        cmocka_unit_test(only_a_map_of_fractions_says_that_its_values_lie_from_0_to_1),
        cmocka_unit_test(json_has_the_numbers_of_the_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
