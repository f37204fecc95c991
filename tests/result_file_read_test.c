/* Files that are no results are refused with a reason: files of other programs, results that were changed after they
 * were written, and results cut short. The totals are made up (synthetic_result.h). */
#include "synthetic_result.h"

#include "result/hdf5_dataset.h"
#include "result/hdf5_reader.h"
#include "scratch_folder.h"

#include <signal.h>

static void refused(const char *path, int status, const char *word)
{
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_error error = {0};
    int found = zem_result_file_read(&result, &scenario, path, &error);
    if (found != status || strstr(error.message, word) == NULL)
        fail_msg("%d, \"%s\" instead of %d and \"%s\"", found, error.message, status, word);
    zem_scenario_free(&scenario);
}

static void files_that_are_no_results_are_refused_with_a_reason(void **state)
{
    (void)state;
    refused(in_scratch("none.h5"), ZEM_NO_INPUT, "No such file");
    refused(scratch_folder, ZEM_NO_INPUT, "directory");
    file_make(in_scratch("empty.h5"), "", 0);
    refused(in_scratch("empty.h5"), ZEM_BAD_INPUT, "empty");
    file_make(in_scratch("a.yaml"), "zem: 1\n", 7);
    refused(in_scratch("a.yaml"), ZEM_BAD_INPUT, "zem run");
    hid_t file = H5Fcreate(in_scratch("other.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    refused(in_scratch("other.h5"), ZEM_BAD_INPUT, "not a result of zem");
}

/* Changes one item of a good file by `change`. Reading it must be refused with a message that contains `word`. */
static void change_and_refuse(const char *bytes, size_t size, void (*change)(hid_t file), const char *word)
{
    file_make(in_scratch("x.h5"), bytes, size);
    hid_t file = H5Fopen(in_scratch("x.h5"), H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(file >= 0);
    change(file);
    H5Fclose(file);
    refused(in_scratch("x.h5"), ZEM_BAD_INPUT, word);
}

static void raise_format(hid_t file)
{
    H5Adelete(file, "zem_format");
    zem_hdf5_attribute_integer(file, "zem_format", 4);
}

static void change_count(hid_t file)
{
    uint64_t totals[24 * 400];
    hid_t dataset = H5Dopen2(file, "tally/totals", H5P_DEFAULT);
    H5Dread(dataset, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, totals);
    totals[0]++;
    H5Dwrite(dataset, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, totals);
    H5Dclose(dataset);
}

static void change_seed(hid_t file)
{
    const char *const overrides[] = {"run.seed=7"};
    zem_hdf5_attribute_texts(file, "overrides", overrides, 1);
}

static void change_grid(hid_t file)
{
    const char *const overrides[] = {"scoring.hit_radius=[1 m, 2 m]"};
    zem_hdf5_attribute_texts(file, "overrides", overrides, 1);
}

static void spoil_scenario(hid_t file)
{
    H5Adelete(file, "scenario");
    zem_hdf5_attribute_text(file, "scenario", "zem: 1\ntarget: {sped: 3}\n");
}

static void turn_scenario_into_number(hid_t file)
{
    H5Adelete(file, "scenario");
    zem_hdf5_attribute_integer(file, "scenario", 5);
}

static void remove_tally(hid_t file) { H5Ldelete(file, "tally", H5P_DEFAULT); }

static void spoil_outcome(hid_t file)
{
    uint8_t outcomes[24 * 5];
    hid_t dataset = H5Dopen2(file, "sample_outcome", H5P_DEFAULT);
    H5Dread(dataset, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, outcomes);
    outcomes[77] = ZEM_SAMPLE_NONE + 1;
    H5Dwrite(dataset, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, outcomes);
    H5Dclose(dataset);
}

static void disorder_samples(hid_t file)
{
    int64_t trials[5];
    hid_t dataset = H5Dopen2(file, "sample", H5P_DEFAULT);
    H5Dread(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, trials);
    trials[4] = trials[3];
    H5Dwrite(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, trials);
    H5Dclose(dataset);
}

static void remove_misses(hid_t file) { H5Ldelete(file, "sample_miss", H5P_DEFAULT); }

static void changed_files_are_refused(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    size_t size;
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    synthetic_samples(&result, 5);
    synthetic_write(&result, in_scratch("good.h5"), false);
    char *bytes = file_bytes(in_scratch("good.h5"), &size);
    change_and_refuse(bytes, size, raise_format, "newer");
    change_and_refuse(bytes, size, change_count, "changed after");
    change_and_refuse(bytes, size, change_seed, "changed after");
    change_and_refuse(bytes, size, change_grid, "tally/totals");
    change_and_refuse(bytes, size, spoil_scenario, "scenario kept in the file");
    change_and_refuse(bytes, size, turn_scenario_into_number, "attribute scenario");
    change_and_refuse(bytes, size, remove_tally, "tally");
    change_and_refuse(bytes, size, spoil_outcome, "variable sample_outcome");
    change_and_refuse(bytes, size, disorder_samples, "coordinate sample");
    change_and_refuse(bytes, size, remove_misses, "variable sample_miss");
    free(bytes);
    synthetic_free(&result, &scenario);
}

static void cut_files_are_refused(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    size_t size;
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    synthetic_write(&result, in_scratch("good.h5"), false);
    char *bytes = file_bytes(in_scratch("good.h5"), &size);
    for (size_t length = 1; length < size; length += size / 40) {
        file_make(in_scratch("cut.h5"), bytes, length);
        refused(in_scratch("cut.h5"), ZEM_BAD_INPUT, "cut.h5");
    }
    free(bytes);
    synthetic_free(&result, &scenario);
}

/* As the system does when memory runs out. */
static void a_killed_reader_does_not_blame_the_file(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_hdf5_reader reader = {.process = -1};
    struct zem_error error = {0};
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    synthetic_write(&result, in_scratch("good.h5"), false);
    assert_int_equal(zem_hdf5_reader_open(&reader, in_scratch("good.h5"), &error), ZEM_OK);
    assert_int_equal(kill(reader.process, SIGKILL), 0);
    assert_false(zem_hdf5_link_exists((struct zem_hdf5_group){&reader, NULL}, "tally"));
    assert_int_equal(reader.end, ZEM_HDF5_NO_MEMORY);
    assert_false(reader.overdue);
    zem_hdf5_reader_close(&reader);
    synthetic_free(&result, &scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(files_that_are_no_results_are_refused_with_a_reason, scratch_clear),
        cmocka_unit_test_teardown(changed_files_are_refused, scratch_clear),
        cmocka_unit_test_teardown(cut_files_are_refused, scratch_clear),
        cmocka_unit_test_teardown(a_killed_reader_does_not_blame_the_file, scratch_clear),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
