/* A character that no font has becomes a question mark. The tests make a program fc-list that knows the letters up to
 * U+00FF and no others. */
#include "view/font_coverage.h"

#include "scratch_folder.h"
#include "text_has.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void make_program(const char *text)
{
    char path[500];
    snprintf(path, sizeof path, "%s/fc-list", scratch_folder);
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    fprintf(stream, "#!/bin/sh\n%s\n", text);
    fclose(stream);
    assert_int_equal(chmod(path, 0700), 0);
}

/* Makes PATH begin with the scratch folder, or consist of it alone. */
static void use_path(bool alone)
{
    char path[2000];
    snprintf(path, sizeof path, "%s%s%s", scratch_folder, alone ? "" : ":", alone ? "" : "/usr/bin:/bin");
    assert_int_equal(setenv("PATH", path, 1), 0);
}

static void characters_without_a_font_are_replaced(void **state)
{
    (void)state;
    char text[] = "A\xc3\xb1 \xe6\x97\xa5\xe6\x9c\xac b";
    make_program("case $1 in :charset=?? | :charset=?) echo Some Sans ;; esac");
    use_path(false);
    assert_true(zem_font_has("A\xc3\xb1"));
    assert_false(zem_font_has("A\xe6\x97\xa5"));
    assert_int_equal(zem_font_replace_missing(text), 2);
    assert_string_equal(text, "A\xc3\xb1 ?? b");
    unlink(in_scratch("fc-list"));
}

static void nothing_is_replaced_where_nothing_is_known(void **state)
{
    (void)state;
    char text[] = "\xe6\x97\xa5";
    use_path(true);
    assert_int_equal(zem_font_replace_missing(text), 0);
    assert_string_equal(text, "\xe6\x97\xa5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_without_a_font_are_replaced),
        cmocka_unit_test(nothing_is_replaced_where_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove_empty);
}
