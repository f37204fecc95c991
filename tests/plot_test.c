/* Pictures of zem plot, also without gnuplot or with a gnuplot that fails. The results are made up
 * (synthetic_result.h). */
#include "synthetic_result.h"

#include "view/plot.h"
#include "view/plot_script.h"
#include "scratch_folder.h"
#include "text_has.h"

static bool have_gnuplot(void) { return system("gnuplot --version >/dev/null 2>&1") == 0; }

static void draw_well(const struct zem_result *result, const char *name, const char *start,
                      struct zem_plot_options options)
{
    char path[700], head[8] = "";
    struct zem_error error = {0};
    snprintf(path, sizeof path, "%s/it's %s", scratch_folder, name);
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
    draw_well(&result, "radius.png", "\x89PNG", (struct zem_plot_options){.against = ZEM_AGAINST_RADIUS});
    synthetic_free(&result, &scenario);
    synthetic_init(&result, &scenario, SYNTHETIC_ONE_AXIS);
    draw_well(&result, "line.png", "\x89PNG", (struct zem_plot_options){.view.radius = 1});
    synthetic_free(&result, &scenario);
    synthetic_init(&result, &scenario, SYNTHETIC_NO_AXES);
    draw_well(&result, "radius.svg", "<?xml", (struct zem_plot_options){.against = ZEM_AGAINST_RADIUS});
    draw_well(&result, "misses.svg", "<?xml", (struct zem_plot_options){0});
    synthetic_free(&result, &scenario);
}

static void failing_plots_leave_nothing(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    const struct {
        const char *name, *program, *along;
        int status;
        const char *word;
    } cases[] = {
        {"a.png", "no-such-gnuplot", NULL, ZEM_CANNOT_CREATE, "gnuplot-nox"},
        {"a.png", "false", NULL, ZEM_INPUT_OUTPUT, "gnuplot failed"},
        {"a.png", "true", NULL, ZEM_INPUT_OUTPUT, "wrote nothing"},
        {"a.jpg", NULL, NULL, ZEM_USAGE, ".png, .svg or .pdf"},
        {"no/a.png", NULL, NULL, ZEM_CANNOT_CREATE, "no does not exist"},
        {"a.png", NULL, "speed", ZEM_USAGE, "no axis of that name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zem_error error = {0};
        const char *path = in_scratch(cases[i].name);
        struct zem_plot_options options = {.output = path, .program = cases[i].program, .along = cases[i].along};
        if (zem_plot(&result, &options, &error) != cases[i].status)
            fail_msg("case %zu: %d %s", i, error.status, error.message);
        assert_has(error.message, cases[i].word);
        assert_int_not_equal(access(path, F_OK), 0);
    }
    synthetic_free(&result, &scenario);
}

/* A result of one cell has no surface. A plot that asks for one is refused and names what can be drawn. */
static void one_cell_is_no_surface(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_error error = {0};
    synthetic_init(&result, &scenario, SYNTHETIC_NO_AXES);
    const struct zem_plot_options options = {.output = in_scratch("a.png"), .view.variable = "p_hit"};
    assert_int_equal(zem_plot(&result, &options, &error), ZEM_USAGE);
    assert_has(error.message, "--against radius");
    synthetic_free(&result, &scenario);
}

/* A map draws every second of 6 accelerations and 4 periods, each at its place. Its boxes end midway between the points
 * that are drawn, and the title says how many are left out. */
static void a_thinned_map_has_its_points_in_place(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_view view;
    struct zem_error error = {0};
    char *text = NULL, place[100], range[100];
    size_t size = 0;
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    const struct zem_view_options few = {.columns_max = 4, .rows_max = 3};
    assert_int_equal(zem_view_init(&view, &result, &few, &error), 0);
    FILE *script = open_memstream(&text, &size);
    struct zem_figure figure;
    assert_int_equal(zem_figure_init(&figure, &(struct zem_figure_options){0}, ZEM_PICTURE_SVG, &error), 0);
    assert_int_equal(zem_plot_script_view(&view, &figure, script, &error), 0);
    fclose(script);
    const double *x = scenario.axis[0].display, *y = scenario.axis[1].display;
    snprintf(range, sizeof range, "set xrange [%.17g:%.17g]\n", x[0] - 0.5 * (x[2] - x[0]), x[4] + 0.5 * (x[4] - x[2]));
    assert_has(text, range);
    assert_has(text, "; one of 2 x 2 points shown'");
    for (size_t row = 0; row < 2; row++)
        for (size_t column = 0; column < 3; column++) {
            snprintf(place, sizeof place, "\n %.17g %.17g ", x[2 * column], y[2 * row]);
            assert_has(text, place);
        }
    snprintf(place, sizeof place, "\n %.17g %.17g ", x[1], y[0]);
    assert_null(strstr(text, place));
    free(text);
    zem_view_free(&view);
    synthetic_free(&result, &scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_are_drawn),
        cmocka_unit_test(failing_plots_leave_nothing),
        cmocka_unit_test(one_cell_is_no_surface),
        cmocka_unit_test(a_thinned_map_has_its_points_in_place),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove_empty); /* fails if something is left there */
}
