/* The estimated widths of texts, compared with those of the font, and the breaking of texts into lines that fit without
 * losing or cutting a character. */
#include "view/text_fit.h"

#include "base/printable.h"
#include "text_has.h"

#include <math.h>
#include <stdio.h>

#include <cmocka.h>

/* The advance widths of DejaVu Sans 2.37 in 2048ths of the size, as fontTools reads them: "M" 1767, "i" 569, blank 651,
 * "0" 1303. */
static void widths_are_those_of_the_font(void **state)
{
    (void)state;
    assert_true(fabs(zem_text_width("M") - 1767 / 2048.0) < 0.01);
    assert_true(fabs(zem_text_width("i0 ") - (569 + 1303 + 651) / 2048.0) < 0.03);
    assert_true(zem_text_width("\xe6\x97\xa5") >= 1.0); /* a CJK character is as wide as high */
}

/* Whether a text consists of whole characters. */
static bool is_whole(const char *text)
{
    while (*text != '\0' && zem_printable_length(text) > 0)
        text += zem_printable_length(text);
    return *text == '\0';
}

static void every_line_fits_and_none_loses_a_word(void **state)
{
    (void)state;
    static const char text[] =
        "Probability of a hit over the period, for a\xc3\xb1o and \xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e";
    for (double width = 14.0; width < 40.0; width += 0.7) {
        struct zem_text_lines lines = {.count = 0};
        char joined[200] = "";
        zem_text_break(&lines, text, width, ZEM_TEXT_LINES);
        for (size_t i = 0; i < lines.count; i++) {
            assert_true(zem_text_width(lines.line[i]) <= width && is_whole(lines.line[i]));
            snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", i > 0 ? " " : "", lines.line[i]);
        }
        assert_string_equal(joined, text);
    }
}

static void what_does_not_fit_ends_in_points(void **state)
{
    (void)state;
    char text[2000] = "";
    for (size_t i = 0; i < 400; i++)
        strcat(text, i % 40 < 37 ? "\xc3\xa4" : "\xe6\x97\xa5 ");
    for (double width = 3.0; width < 200.0; width *= 1.7) {
        struct zem_text_lines lines = {.count = 0};
        zem_text_break(&lines, text, width, 2);
        assert_int_equal(lines.count, 2);
        for (size_t i = 0; i < 2; i++)
            assert_true(zem_text_width(lines.line[i]) <= width && is_whole(lines.line[i]));
        assert_string_equal(lines.line[1] + strlen(lines.line[1]) - 3, "...");
    }
}

static void line_feeds_break_lines(void **state)
{
    (void)state;
    struct zem_text_lines lines = {.count = 0};
    zem_text_break(&lines, "one\ntwo three", 100.0, 3);
    assert_int_equal(lines.count, 2);
    assert_string_equal(lines.line[0], "one");
    assert_string_equal(lines.line[1], "two three");
    zem_text_break(&lines, "", 100.0, 3);
    assert_int_equal(lines.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_those_of_the_font),
        cmocka_unit_test(every_line_fits_and_none_loses_a_word),
        cmocka_unit_test(what_does_not_fit_ends_in_points),
        cmocka_unit_test(line_feeds_break_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
