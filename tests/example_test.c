/* The examples inside the program equal the files of models/, all of them and to the byte, and are found by name. */
#include "scenario/example.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void examples_are_the_files_of_models(void **state)
{
    (void)state;
    glob_t files;
    size_t count = 0;
    assert_int_equal(glob("models/*.yaml", 0, NULL, &files), 0);
    while (zem_examples[count].name)
        count++;
    assert_int_equal(count, files.gl_pathc);
    for (size_t i = 0; i < count; i++) {
        static char text[1 << 16];
        const struct zem_example *example = &zem_examples[i];
        FILE *file = fopen(files.gl_pathv[i], "r");
        assert_non_null(file);
        const size_t length = fread(text, 1, sizeof text - 1, file);
        fclose(file);
        text[length] = '\0';
        assert_string_equal(example->text, text);
        assert_string_equal(example->file, strrchr(files.gl_pathv[i], '/') + 1);
        assert_int_equal(strlen(example->name) + strlen(".yaml"), strlen(example->file));
        assert_non_null(strstr(text, example->title));
    }
    globfree(&files);
}

static void examples_are_found_by_name(void **state)
{
    (void)state;
    assert_string_equal(zem_example_find("weave")->file, "weave.yaml");
    assert_null(zem_example_find("weave.yaml"));
    assert_null(zem_example_find(""));
    assert_string_equal(zem_example_nearest("waeve"), "weave");
    assert_string_equal(zem_example_nearest("pointmass"), "point-mass");
    assert_null(zem_example_nearest("quarterly-report"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_are_the_files_of_models),
        cmocka_unit_test(examples_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
