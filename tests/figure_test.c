/* The values of --size, --font-size, --title and --levels, right and wrong. */
#include "view/figure.h"

#include "text_has.h"

#include <math.h>

#include <cmocka.h>

static struct zem_figure read_well(struct zem_figure_options options, enum zem_picture picture)
{
    struct zem_figure figure;
    struct zem_error error = {0};
    if (zem_figure_init(&figure, &options, picture, &error) != ZEM_OK)
        fail_msg("%s", error.message);
    return figure;
}

/* An inch has 72 points and 25.4 mm. The pixels of a PNG have the resolution of its format; other pictures have 96 an
 * inch. */
static void sizes_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *size;
        enum zem_figure_format format;
        enum zem_picture picture;
        double width, height; /* points; 0 if not given */
    } cases[] = {
        {"80mm", ZEM_FIGURE_PRINT, ZEM_PICTURE_PNG, 80 * 72 / 25.4, 0},
        {"80mmx60mm", ZEM_FIGURE_SCREEN, ZEM_PICTURE_PDF, 80 * 72 / 25.4, 60 * 72 / 25.4},
        {"80x60mm", ZEM_FIGURE_SCREEN, ZEM_PICTURE_SVG, 80 * 72 / 25.4, 60 * 72 / 25.4},
        {"8.5cm", ZEM_FIGURE_SCREEN, ZEM_PICTURE_SVG, 85 * 72 / 25.4, 0},
        {"3.2in", ZEM_FIGURE_PRINT, ZEM_PICTURE_PDF, 3.2 * 72, 0},
        {"1200x900", ZEM_FIGURE_SCREEN, ZEM_PICTURE_PNG, 1200 * 0.75, 900 * 0.75},
        {"1200x900px", ZEM_FIGURE_PRINT, ZEM_PICTURE_PNG, 1200 * 0.12, 900 * 0.12},
        {"1200px", ZEM_FIGURE_PRINT, ZEM_PICTURE_SVG, 1200 * 0.75, 0},
        {"200pt", ZEM_FIGURE_PRINT, ZEM_PICTURE_SVG, 200, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct zem_figure figure =
            read_well((struct zem_figure_options){.format = cases[i].format, .size = cases[i].size}, cases[i].picture);
        if (fabs(figure.width - cases[i].width) > 1e-9 || fabs(figure.height - cases[i].height) > 1e-9)
            fail_msg("%s is %g x %g", cases[i].size, figure.width, figure.height);
    }
}

static void levels_are_a_list_or_a_number(void **state)
{
    (void)state;
    struct zem_figure figure = read_well((struct zem_figure_options){.levels = "5"}, ZEM_PICTURE_PNG);
    assert_true(figure.levels.is_given && figure.levels.most == 5 && figure.levels.count == 0);
    figure = read_well((struct zem_figure_options){.levels = "0.25,0.5"}, ZEM_PICTURE_PNG);
    assert_int_equal(figure.levels.count, 2);
    assert_true(figure.levels.level[0] == 0.25 && figure.levels.level[1] == 0.5);
    figure = read_well((struct zem_figure_options){.levels = "3.0"}, ZEM_PICTURE_PNG);
    assert_true(figure.levels.count == 1 && figure.levels.level[0] == 3.0);
    figure = read_well((struct zem_figure_options){.levels = NULL}, ZEM_PICTURE_PNG);
    assert_false(figure.levels.is_given);
}

static void titles_are_the_scenarios_or_none_or_given(void **state)
{
    (void)state;
    assert_null(read_well((struct zem_figure_options){.title = NULL}, ZEM_PICTURE_SVG).title);
    assert_string_equal(read_well((struct zem_figure_options){.title = "none"}, ZEM_PICTURE_SVG).title, "");
    assert_string_equal(read_well((struct zem_figure_options){.title = "A"}, ZEM_PICTURE_SVG).title, "A");
    const struct zem_figure_options print = {.format = ZEM_FIGURE_PRINT};
    assert_string_equal(read_well(print, ZEM_PICTURE_SVG).title, "");
    assert_true(read_well(print, ZEM_PICTURE_SVG).font == 8.0);
    assert_true(read_well((struct zem_figure_options){.size = NULL}, ZEM_PICTURE_SVG).font == 12.0);
    assert_true(read_well((struct zem_figure_options){.size = "80mm"}, ZEM_PICTURE_SVG).font < 8.0);
    assert_true(read_well((struct zem_figure_options){.font_size = "7.5"}, ZEM_PICTURE_SVG).font == 7.5);
}

static void wrong_words_are_usage_errors(void **state)
{
    (void)state;
    static const struct {
        struct zem_figure_options options;
        const char *word;
    } cases[] = {
        {{.size = "85"}, "85mm, 85in"},
        {{.size = "3kg"}, "80mmx60mm"},
        {{.size = ""}, "80mmx60mm"},
        {{.size = "80mmx"}, "80mmx60mm"},
        {{.size = "0mm"}, "80mmx60mm"},
        {{.size = "-80mm"}, "80mmx60mm"},
        {{.size = "80mmx60mmx40mm"}, "80mmx60mm"},
        {{.size = "1mm"}, "may have"},
        {{.size = "100000mm"}, "may have"},
        {{.size = "nan"}, "80mmx60mm"},
        {{.size = "1e3mm"}, "80mmx60mm"},
        {{.font_size = "0"}, "to 72"},
        {{.font_size = "8mm"}, "to 72"},
        {{.levels = "0.9,0.5"}, "increasing"},
        {{.levels = "0.5,"}, "increasing"},
        {{.levels = "0.5,0.5"}, "increasing"},
        {{.levels = "99"}, "increasing"},
        {{.levels = "many"}, "increasing"},
        {{.title = "a\xf1o"}, "byte 2, 0xf1"},
        {{.title = "\xc3"}, "byte 1, 0xc3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zem_figure figure;
        struct zem_error error = {0};
        if (zem_figure_init(&figure, &cases[i].options, ZEM_PICTURE_PNG, &error) != ZEM_USAGE)
            fail_msg("case %zu is accepted", i);
        assert_has(error.message, cases[i].word);
    }
}

static void captions_say_everything_once(void **state)
{
    (void)state;
    struct zem_figure figure = read_well((struct zem_figure_options){.size = NULL}, ZEM_PICTURE_SVG);
    zem_figure_say(&figure, "one %d", 1);
    zem_figure_say(&figure, "%s", "");
    zem_figure_say(&figure, "two");
    zem_figure_say(&figure, "one %d", 1);
    zem_figure_say(&figure, "three.");
    assert_string_equal(figure.caption, "One 1. Two. Three.");
}

static void warnings_are_lines_and_come_once(void **state)
{
    (void)state;
    struct zem_figure figure = read_well((struct zem_figure_options){.size = NULL}, ZEM_PICTURE_SVG);
    zem_figure_warn(&figure, "one %d", 1);
    zem_figure_warn(&figure, "two");
    zem_figure_warn(&figure, "one %d", 1);
    assert_string_equal(figure.warnings, "zem: one 1\nzem: two\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_read),
        cmocka_unit_test(levels_are_a_list_or_a_number),
        cmocka_unit_test(titles_are_the_scenarios_or_none_or_given),
        cmocka_unit_test(wrong_words_are_usage_errors),
        cmocka_unit_test(captions_say_everything_once),
        cmocka_unit_test(warnings_are_lines_and_come_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
