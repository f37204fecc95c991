/* The cache of tunings: what was kept is read back for its own key alone; nothing damaged is believed; no folder is no
 * error. */
#include "device/opencl/tuning_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <glob.h>

static const struct zem_tuning_key key = {
    .device = "Some device (TM)", .driver = "1.2.3", .kernels = "1, 0123456789abcdef", .flags = "-D ZEM_GROUP=0"};
static char folder[256];

static void new_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/zem-tuning-XXXXXX");
    assert_non_null(mkdtemp(folder));
    setenv("XDG_CACHE_HOME", folder, 1);
}

static int remove_folder(void **state)
{
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return folder[0] != '\0' && system(command) != 0;
}

/* The single file that a pattern below the folder stands for. */
static void single_file(const char *pattern, char *path, size_t size)
{
    char whole[512];
    glob_t found;
    snprintf(whole, sizeof whole, "%s/%s", folder, pattern);
    assert_int_equal(glob(whole, GLOB_PERIOD, NULL, &found), 0);
    assert_int_equal(found.gl_pathc, 1);
    snprintf(path, size, "%s", found.gl_pathv[0]);
    globfree(&found);
}

static void write_file(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void what_was_kept_is_read_back(void **state)
{
    (void)state;
    struct zem_tuning found = {7, 7};
    new_folder();
    assert_false(zem_tuning_cache_read(&key, &found));
    assert_int_equal(found.group, 7); /* untouched */
    assert_true(zem_tuning_cache_write(&key, &(struct zem_tuning){128, 16}));
    assert_true(zem_tuning_cache_write(&key, &(struct zem_tuning){256, 4}));
    assert_true(zem_tuning_cache_read(&key, &found));
    assert_int_equal(found.group, 256);
    assert_int_equal(found.trials, 4);
    char path[512];
    single_file("zem/*opencl*", path, sizeof path); /* replaced, and nothing temporary is left */
}

static void another_key_knows_nothing_of_it(void **state)
{
    (void)state;
    new_folder();
    assert_true(zem_tuning_cache_write(&key, &(struct zem_tuning){128, 16}));
    for (int part = 0; part < 4; part++) {
        struct zem_tuning_key other = key;
        struct zem_tuning found;
        *(part == 0   ? &other.device
          : part == 1 ? &other.driver
          : part == 2 ? &other.kernels
                      : &other.flags) = "another";
        assert_false(zem_tuning_cache_read(&other, &found));
    }
}

/* A file under the right name, as a collision of hashes would leave it. */
static void a_file_of_another_key_is_not_believed(void **state)
{
    (void)state;
    const struct zem_tuning_key other = {
        .device = "Another", .driver = key.driver, .kernels = key.kernels, .flags = key.flags};
    struct zem_tuning found;
    char path[512], other_path[512];
    new_folder();
    assert_true(zem_tuning_cache_write(&key, &(struct zem_tuning){128, 16}));
    single_file("zem/opencl*", path, sizeof path);
    assert_int_equal(unlink(path), 0);
    assert_true(zem_tuning_cache_write(&other, &(struct zem_tuning){64, 16}));
    single_file("zem/opencl*", other_path, sizeof other_path);
    assert_int_equal(rename(other_path, path), 0);
    assert_false(zem_tuning_cache_read(&key, &found));
}

static void a_damaged_file_is_not_believed(void **state)
{
    (void)state;
    char path[512], text[2048], damaged[2100];
    struct zem_tuning found;
    new_folder();
    assert_true(zem_tuning_cache_write(&key, &(struct zem_tuning){128, 16}));
    single_file("zem/opencl*", path, sizeof path);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    for (size_t length = 0; length < size; length++) {
        write_file(path, text, length);
        if (zem_tuning_cache_read(&key, &found))
            fail_msg("the first %zu of %zu bytes were believed", length, size);
    }
    static const char *const ends[] = {"group: 0\ntrials: 16\n",          "group: 1025\ntrials: 16\n",
                                       "group: 128\ntrials: 0\n",         "group: 128\ntrials: 4097\n",
                                       "group: -128\ntrials: 16\n",       "group: 0128\ntrials: 16\n",
                                       "group: 128\ntrials: 16\n\n",      "group: 128 \ntrials: 16\n",
                                       "group: 4294967424\ntrials: 16\n", "group: x\ntrials: 16\n"};
    const size_t head = (size_t)(strstr(text, "group: ") - text);
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
        const int length = snprintf(damaged, sizeof damaged, "%.*s%s", (int)head, text, ends[k]);
        write_file(path, damaged, (size_t)length);
        if (zem_tuning_cache_read(&key, &found))
            fail_msg("\"%s\" was believed", ends[k]);
    }
    memset(damaged, 'a', sizeof damaged);
    write_file(path, damaged, sizeof damaged);
    assert_false(zem_tuning_cache_read(&key, &found));
    memcpy(damaged, text, size);
    damaged[size] = '\0'; /* a zero byte at the end is damage, too */
    write_file(path, damaged, size + 1);
    assert_false(zem_tuning_cache_read(&key, &found));
    write_file(path, text, size);
    assert_true(zem_tuning_cache_read(&key, &found)); /* so the refusals above had their reason */
    assert_true(zem_tuning_cache_write(&key, &(struct zem_tuning){32, 1}));
    assert_true(zem_tuning_cache_read(&key, &found));
    assert_int_equal(found.group, 32);
}

static void a_folder_that_cannot_be_made_is_no_error(void **state)
{
    (void)state;
    char path[512];
    struct zem_tuning found;
    new_folder();
    snprintf(path, sizeof path, "%s/file", folder);
    write_file(path, "", 0);
    setenv("XDG_CACHE_HOME", path, 1);
    assert_false(zem_tuning_cache_write(&key, &(struct zem_tuning){128, 16}));
    assert_false(zem_tuning_cache_read(&key, &found));
}

static void home_stands_in_and_without_it_nothing_is_kept(void **state)
{
    (void)state;
    char path[512];
    struct zem_tuning found;
    new_folder();
    char *home = getenv("HOME") != NULL ? strdup(getenv("HOME")) : NULL;
    setenv("HOME", folder, 1);
    setenv("XDG_CACHE_HOME", "not/absolute", 1); /* to be ignored */
    assert_true(zem_tuning_cache_write(&key, &(struct zem_tuning){128, 16}));
    assert_true(zem_tuning_cache_read(&key, &found));
    single_file(".cache/zem/opencl*", path, sizeof path);
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    assert_false(zem_tuning_cache_write(&key, &(struct zem_tuning){128, 16}));
    assert_false(zem_tuning_cache_read(&key, &found));
    if (home != NULL)
        setenv("HOME", home, 1);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_was_kept_is_read_back, remove_folder),
        cmocka_unit_test_teardown(another_key_knows_nothing_of_it, remove_folder),
        cmocka_unit_test_teardown(a_file_of_another_key_is_not_believed, remove_folder),
        cmocka_unit_test_teardown(a_damaged_file_is_not_believed, remove_folder),
        cmocka_unit_test_teardown(a_folder_that_cannot_be_made_is_no_error, remove_folder),
        cmocka_unit_test_teardown(home_stands_in_and_without_it_nothing_is_kept, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
