/* Texts of unknown content: which bytes may be printed, and what is printed for the others. */
#include "base/printable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *text, *shown;
} cases[] = {
    {"weave.h5: 95 %", "weave.h5: 95 %"},
    {"\xe8\xbf\x8e\xe6\x92\x83 \xc3\xa9 \xf0\x9f\x9a\x80", "\xe8\xbf\x8e\xe6\x92\x83 \xc3\xa9 \xf0\x9f\x9a\x80"},
    {"\x1b[2J", "\\x1b[2J"}, /* clears a terminal */
    {"a\nb\tc\x7f", "a\\x0a" /* would begin a line of its own */
                    "b\\x09"
                    "c\\x7f"},
    {"\xc2\x9b", "\\xc2\\x9b"}, /* U+009B begins an escape sequence, as ESC [ does */
    {"\xe2\x80\xae"
     "5h",
     "\\xe2\\x80\\xae5h"},                        /* U+202E reverses what follows */
    {"\xe2\x81\xa6", "\\xe2\\x81\\xa6"},          /* U+2066 */
    {"\xc0\xaf", "\\xc0\\xaf"},                   /* an overlong slash */
    {"\xd8\x9c", "\\xd8\\x9c"},                   /* U+061C changes the direction as U+200F does */
    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},          /* a surrogate */
    {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* beyond U+10FFFF */
    {"\xe8\xbf", "\\xe8\\xbf"},                   /* cut in a character */
    {"\x80\xff", "\\x80\\xff"},
};

static void nothing_unprintable_is_left(void **state)
{
    (void)state;
    char text[200];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(zem_printable(cases[i].text, text, sizeof text), cases[i].shown);
        char *bytes = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&bytes, &size);
        assert_non_null(out);
        zem_printable_write(cases[i].text, false, out);
        fclose(out);
        assert_string_equal(bytes, cases[i].shown);
        free(bytes);
    }
}

static void lines_are_kept_where_asked_for(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    assert_non_null(out);
    zem_printable_write("a\n\tb\r\x1b", true, out);
    fclose(out);
    assert_string_equal(bytes, "a\n\tb\\x0d\\x1b");
    free(bytes);
}

static void no_character_is_cut(void **state)
{
    (void)state;
    char text[8];
    assert_string_equal(zem_printable("abcd\xe8\xbf\x8e", text, sizeof text), "abcd\xe8\xbf\x8e");
    assert_string_equal(zem_printable("abcde\xe8\xbf\x8e", text, sizeof text), "abcde");
    assert_string_equal(zem_printable("abcd\x1b", text, sizeof text), "abcd");
    assert_string_equal(zem_printable(NULL, text, sizeof text), "");
}

static void markup_has_no_marks_of_its_own(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    zem_printable_markup("a<b & \"c\">\n\t\x01\xc3\xa9\xff", out);
    fclose(out);
    assert_string_equal(bytes, "a&lt;b &amp; &quot;c&quot;&gt;\n\t\\x01\xc3\xa9\\xff");
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_unprintable_is_left),
        cmocka_unit_test(lines_are_kept_where_asked_for),
        cmocka_unit_test(no_character_is_cut),
        cmocka_unit_test(markup_has_no_marks_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
