/* The colours of a terminal by its name. screen_test.py shows its size, its locale and NO_COLOR. */
#include "view/terminal.h"

#include "text_has.h"

#include <stdio.h>

#include <cmocka.h>

static void terminals_of_few_colours_get_none(void **state)
{
    (void)state;
    static const char *const names[] = {"vt100", "vt220", "linux", "ansi", "xterm", "screen", "dumb", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(zem_terminal_color(names[i], NULL), ZEM_COLOR_NONE);
    assert_int_equal(zem_terminal_color(NULL, "truecolor"), ZEM_COLOR_NONE);
}

static void names_and_colorterm_say_how_many_there_are(void **state)
{
    (void)state;
    assert_int_equal(zem_terminal_color("xterm-256color", NULL), ZEM_COLOR_256);
    assert_int_equal(zem_terminal_color("tmux-256color", "yes"), ZEM_COLOR_256);
    assert_int_equal(zem_terminal_color("xterm-256color", "truecolor"), ZEM_COLOR_TRUE);
    assert_int_equal(zem_terminal_color("xterm-kitty", "24bit"), ZEM_COLOR_TRUE);
    assert_int_equal(zem_terminal_color("xterm-direct", NULL), ZEM_COLOR_TRUE);
}

/* COLORTERM is left over where somebody calls a terminal within another one. */
static void names_of_few_colours_count_more_than_colorterm(void **state)
{
    (void)state;
    assert_int_equal(zem_terminal_color("vt100", "truecolor"), ZEM_COLOR_NONE);
    assert_int_equal(zem_terminal_color("linux", "24bit"), ZEM_COLOR_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terminals_of_few_colours_get_none),
        cmocka_unit_test(names_and_colorterm_say_how_many_there_are),
        cmocka_unit_test(names_of_few_colours_count_more_than_colorterm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
