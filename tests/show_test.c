/* zem show and zem plot: the text, the JSON, the maps with and without colours, and what happens without gnuplot or
 * with one that fails. The results are made up (synthetic_result.h). */
#include "synthetic_result.h"

#include "view/color_map.h"
#include "view/plot.h"
#include "view/show.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* What zem_show prints; the caller frees it. */
static char *shown(const struct zem_result *result, struct zem_show_options options)
{
    char *text = NULL;
    size_t size;
    struct zem_error error = {0};
    FILE *out = open_memstream(&text, &size);
    if (options.color == ZEM_COLOR_AUTO)
        options.color = ZEM_COLOR_NONE;
    options.columns = options.columns ? options.columns : 80;
    if (zem_show(result, &options, out, &error) != 0)
        fail_msg("%s", error.message);
    fclose(out);
    return text;
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is missing in:\n%s", part, text);
}

static size_t longest_line(const char *text)
{
    size_t longest = 0;
    for (; *text != '\0'; text += strcspn(text, "\n") + (text[strcspn(text, "\n")] != '\0'))
        longest = strcspn(text, "\n") > longest ? strcspn(text, "\n") : longest;
    return longest;
}

static void headline_and_provenance_are_there(void **state)
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

/* The digit of a cell is the tenth of its probability; undefined cells are ?, and no escape sequence is printed. */
static void map_without_colours_is_ascii_digits(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_view view;
    struct zem_error error = {0};
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    char *text = shown(&result, (struct zem_show_options){.columns = 30, .view = {.radius = 1}});
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
    assert_true(isnan(view.value[2 * 6])); /* cell 2: acceleration 0, period 2: it had no trials */
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
    char *text = shown(&result, (struct zem_show_options){.columns = 100});
    snprintf(number, sizeof number, " %.3f", (double)zem_result_hits(&result, 23, 0) / 1000);
    assert_has(text, number);
    free(text);
    synthetic_free(&result, &scenario);
    synthetic_init(&result, &scenario, SYNTHETIC_LARGE);
    text = shown(&result, (struct zem_show_options){.columns = 60});
    assert_has(text, "shown: one of");
    const char *map = strstr(text, "\nprobability of a hit, hit radius"); /* provenance lines may be longer */
    assert_non_null(map);
    assert_true(longest_line(strchr(map + 1, '\n') + 1) <= 60);
    assert_has(text, "held: navigation_gain = 3");
    free(text);
    synthetic_free(&result, &scenario);
}

static void colours_are_asked_for_and_closed(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    char *text = shown(&result, (struct zem_show_options){.color = ZEM_COLOR_TRUE});
    assert_has(text, "\033[48;2;");
    assert_has(text, "\033[0m");
    free(text);
    text = shown(&result, (struct zem_show_options){.color = ZEM_COLOR_256});
    assert_has(text, "\033[48;5;");
    assert_null(strstr(text, "\033[48;2;"));
    free(text);
    FILE *file = tmpfile();
    assert_int_equal(zem_color_of_stream(file), ZEM_COLOR_NONE); /* no terminal */
    fclose(file);
    assert_int_equal(zem_color_at(zem_color_viridis, 0), 0x440154);
    assert_int_equal(zem_color_at(zem_color_viridis, 2), 0xfde725);
    assert_int_equal(zem_color_256(0x000000), 16);
    assert_int_equal(zem_color_256(0xFFFFFF), 231);
    synthetic_free(&result, &scenario);
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

static void json_has_the_same_numbers(void **state)
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

static void slices_take_the_nearest_point(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_view view;
    struct zem_error error = {0};
    char text[200];
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    const char *const slices[] = {"target.acceleration=4.4 gravity"};
    assert_int_equal(
        zem_view_init(&view, &result, &(struct zem_view_options){.slices = slices, .slice_count = 1}, &error), 0);
    assert_int_equal(view.axis_count, 1);
    assert_int_equal(view.axis[0], 1);
    zem_view_held_text(&view, text, sizeof text);
    assert_string_equal(text, "acceleration = 4 gravity");
    assert_true(view.value[0] == (double)zem_result_hits(&result, 2 * 4, 0) / 1000);
    zem_view_free(&view);
    synthetic_free(&result, &scenario);
}

static void wrong_views_are_usage_errors(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    const struct {
        const char *variable, *slice;
        size_t radius;
        const char *word;
    } cases[] = {
        {"p_hitt", NULL, 0, "p_hit_lower"},
        {"p_salvo", NULL, 0, "salvos only"},
        {"miss_counts", NULL, 0, "too many values"},
        {NULL, NULL, 3, "3 hit radii"},
        {NULL, "altitude=3", 0, "acceleration, period"},
        {NULL, "period=9", 0, "from 0.5 to 4 s"},
        {NULL, "period=2 km", 0, "unit of this axis is s"},
        {NULL, "period=x", 0, "number"},
        {NULL, "period", 0, "axis=value"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zem_view view;
        struct zem_error error = {0};
        struct zem_view_options options = {.variable = cases[i].variable,
                                           .radius = cases[i].radius,
                                           .slices = &cases[i].slice,
                                           .slice_count = cases[i].slice != NULL};
        assert_int_equal(zem_view_init(&view, &result, &options, &error), ZEM_USAGE);
        assert_has(error.message, cases[i].word);
    }
    synthetic_free(&result, &scenario);
}

/* ---- plots ---- */

static char folder[300];

static int folder_make(void **state)
{
    (void)state;
    const char *scratch = getenv("SCRATCH");
    snprintf(folder, sizeof folder, "%s/zem_plot_XXXXXX", scratch ? scratch : "/tmp");
    return mkdtemp(folder) == NULL;
}

/* Fails if a picture or a temporary file was left behind. */
static int folder_remove(void **state)
{
    (void)state;
    return rmdir(folder);
}

static bool have_gnuplot(void) { return system("gnuplot --version >/dev/null 2>&1") == 0; }

static void draw_well(const struct zem_result *result, const char *name, const char *start,
                      struct zem_plot_options options)
{
    char path[400], head[8] = "";
    struct zem_error error = {0};
    snprintf(path, sizeof path, "%s/it's %s", folder, name);
    options.output = path;
    if (zem_plot(result, &options, &error) != 0)
        fail_msg("%s: %s", name, error.message);
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    assert_int_equal(fread(head, 1, strlen(start), stream), strlen(start));
    assert_memory_equal(head, start, strlen(start));
    fseek(stream, 0, SEEK_END);
    assert_true(ftell(stream) > 5000);
    fclose(stream);
    unlink(path);
}

static void pictures_are_drawn(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    if (!have_gnuplot()) {
        print_message("skip pictures: no gnuplot\n");
        skip();
    }
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    draw_well(&result, "map.png", "\x89PNG", (struct zem_plot_options){.view.radius = 2});
    draw_well(&result, "map.svg", "<?xml", (struct zem_plot_options){.view.variable = "miss_quantile"});
    draw_well(&result, "map.pdf", "%PDF", (struct zem_plot_options){.view.variable = "trials"});
    draw_well(&result, "radius.png", "\x89PNG", (struct zem_plot_options){.against = "radius"});
    synthetic_free(&result, &scenario);
    synthetic_init(&result, &scenario, SYNTHETIC_ONE_AXIS);
    draw_well(&result, "line.png", "\x89PNG", (struct zem_plot_options){.view.radius = 1});
    synthetic_free(&result, &scenario);
    synthetic_init(&result, &scenario, SYNTHETIC_NO_AXES);
    draw_well(&result, "radius.svg", "<?xml", (struct zem_plot_options){.against = "radius"});
    synthetic_free(&result, &scenario);
}

static void failing_plots_leave_nothing(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    char path[400];
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    const struct {
        const char *name, *program, *against;
        int status;
        const char *word;
    } cases[] = {
        {"a.png", "no-such-gnuplot", NULL, ZEM_CANNOT_CREATE, "gnuplot-nox"},
        {"a.png", "false", NULL, ZEM_INPUT_OUTPUT, "gnuplot failed"},
        {"a.png", "true", NULL, ZEM_INPUT_OUTPUT, "wrote nothing"},
        {"a.jpg", NULL, NULL, ZEM_USAGE, ".png, .svg or .pdf"},
        {"no/a.png", NULL, NULL, ZEM_CANNOT_CREATE, "No such file"},
        {"a.png", NULL, "speed", ZEM_USAGE, "only radius"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zem_error error = {0};
        snprintf(path, sizeof path, "%s/%s", folder, cases[i].name);
        struct zem_plot_options options = {.output = path, .program = cases[i].program, .against = cases[i].against};
        if (zem_plot(&result, &options, &error) != cases[i].status)
            fail_msg("case %zu: %d %s", i, error.status, error.message);
        assert_has(error.message, cases[i].word);
        assert_int_not_equal(access(path, F_OK), 0);
    }
    synthetic_free(&result, &scenario);
}

static void no_axes_are_not_plotted(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    char path[400];
    struct zem_error error = {0};
    synthetic_init(&result, &scenario, SYNTHETIC_NO_AXES);
    snprintf(path, sizeof path, "%s/a.png", folder);
    assert_int_equal(zem_plot(&result, &(struct zem_plot_options){.output = path}, &error), ZEM_USAGE);
    assert_has(error.message, "--against radius");
    synthetic_free(&result, &scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headline_and_provenance_are_there),
        cmocka_unit_test(map_without_colours_is_ascii_digits),
        cmocka_unit_test(wide_maps_show_numbers_and_narrow_ones_fit),
        cmocka_unit_test(colours_are_asked_for_and_closed),
        cmocka_unit_test(one_axis_is_a_table_with_intervals),
        cmocka_unit_test(json_has_the_same_numbers),
        cmocka_unit_test(slices_take_the_nearest_point),
        cmocka_unit_test(wrong_views_are_usage_errors),
        cmocka_unit_test(pictures_are_drawn),
        cmocka_unit_test(failing_plots_leave_nothing),
        cmocka_unit_test(no_axes_are_not_plotted),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
