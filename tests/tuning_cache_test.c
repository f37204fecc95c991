/* The cache of tunings. A tuning, the quickest setting that was measured on a device, is read back only under its own
 * key, a damaged file is ignored, and a folder that cannot be made is no error. */
#include "device/opencl/tuning_cache.h"
#include "scratch_folder.h"

#include <glob.h>

static const struct zem_tuning_key key = {
    .device = "Some device (TM)", .driver = "1.2.3", .kernels = "1, 0123456789abcdef", .flags = "-D ZEM_GROUP=0"};

static int cache_in_scratch(void **state)
{
    return scratch_make(state) != 0 || setenv("XDG_CACHE_HOME", scratch_folder, 1) != 0;
}

/* Writes the path of the only file that matches a pattern below the scratch folder. */
static void single_file(const char *pattern, char *path, size_t size)
{
    char whole[512];
    glob_t found;
    snprintf(whole, sizeof whole, "%s/%s", scratch_folder, pattern);
    assert_int_equal(glob(whole, GLOB_PERIOD, NULL, &found), 0);
    assert_int_equal(found.gl_pathc, 1);
    snprintf(path, size, "%s", found.gl_pathv[0]);
    globfree(&found);
}

static void a_kept_tuning_is_read_back(void **state)
{
    (void)state;
    struct zem_tuning found = {7, 7};
    assert_false(zem_tuning_cache_read(&key, &found));
    assert_int_equal(found.group, 7); /* unchanged */
    assert_true(zem_tuning_cache_write(&key, &(struct zem_tuning){128, 16}));
    assert_true(zem_tuning_cache_write(&key, &(struct zem_tuning){256, 4}));
    assert_true(zem_tuning_cache_read(&key, &found));
    assert_int_equal(found.group, 256);
    assert_int_equal(found.trials, 4);
    char path[512];
    single_file("zem/*opencl*", path, sizeof path); /* it was replaced, and no temporary file is left */
}

static void a_tuning_is_not_read_under_another_key(void **state)
{
    (void)state;
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

/* A file of another key under this key's name, as a collision of hashes would leave it, is ignored. */
static void a_file_of_another_key_is_not_believed(void **state)
{
    (void)state;
    const struct zem_tuning_key other = {
        .device = "Another", .driver = key.driver, .kernels = key.kernels, .flags = key.flags};
    struct zem_tuning found;
    char path[512], other_path[512];
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
    char path[512], damaged[2100];
    size_t size;
    struct zem_tuning found;
    assert_true(zem_tuning_cache_write(&key, &(struct zem_tuning){128, 16}));
    single_file("zem/opencl*", path, sizeof path);
    char *text = file_bytes(path, &size);
    for (size_t length = 0; length < size; length++) {
        file_make(path, text, length);
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
        file_make(path, damaged, (size_t)length);
        if (zem_tuning_cache_read(&key, &found))
            fail_msg("\"%s\" was believed", ends[k]);
    }
    memset(damaged, 'a', sizeof damaged);
    file_make(path, damaged, sizeof damaged);
    assert_false(zem_tuning_cache_read(&key, &found));
    memcpy(damaged, text, size);
    damaged[size] = '\0'; /* a zero byte at the end is damage, too */
    file_make(path, damaged, size + 1);
    assert_false(zem_tuning_cache_read(&key, &found));
    file_make(path, text, size);
    assert_true(zem_tuning_cache_read(&key, &found)); /* without the damage it is read */
    assert_true(zem_tuning_cache_write(&key, &(struct zem_tuning){32, 1}));
    assert_true(zem_tuning_cache_read(&key, &found));
    assert_int_equal(found.group, 32);
    free(text);
}

static void a_folder_that_cannot_be_made_is_no_error(void **state)
{
    (void)state;
    char path[512];
    struct zem_tuning found;
    snprintf(path, sizeof path, "%s/file", scratch_folder);
    file_make(path, "", 0);
    setenv("XDG_CACHE_HOME", path, 1);
    assert_false(zem_tuning_cache_write(&key, &(struct zem_tuning){128, 16}));
    assert_false(zem_tuning_cache_read(&key, &found));
}

static void the_cache_lies_below_home_and_without_home_nothing_is_kept(void **state)
{
    (void)state;
    char path[512];
    struct zem_tuning found;
    char *home = getenv("HOME") != NULL ? strdup(getenv("HOME")) : NULL;
    setenv("HOME", scratch_folder, 1);
    setenv("XDG_CACHE_HOME", "not/absolute", 1); /* is ignored, because it is not absolute */
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
#define IN_OWN_CACHE(test) cmocka_unit_test_setup_teardown(test, cache_in_scratch, scratch_remove)
    const struct CMUnitTest tests[] = {
        IN_OWN_CACHE(a_kept_tuning_is_read_back),
        IN_OWN_CACHE(a_tuning_is_not_read_under_another_key),
        IN_OWN_CACHE(a_file_of_another_key_is_not_believed),
        IN_OWN_CACHE(a_damaged_file_is_not_believed),
        IN_OWN_CACHE(a_folder_that_cannot_be_made_is_no_error),
        IN_OWN_CACHE(the_cache_lies_below_home_and_without_home_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
