/* Result files. A file that was written is read back, reproducible files have the same bytes, impossible names and full
 * disks leave nothing behind, and the page that describes the format is complete. The totals are made up
 * (synthetic_result.h). */
#include "synthetic_result.h"

#include "result/digest.h"
#include "result/hdf5_dataset.h"
#include "scratch_folder.h"

#include <signal.h>
#include <sys/resource.h>

static void a_digest_taken_in_parts_is_the_digest(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_digest digest;
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    const struct zem_result before = result;
    zem_digest_begin(&digest, &result);
    zem_digest_cells(&digest, &result, 3);
    zem_digest_cells(&digest, &result, 2); /* taken already */
    assert_int_equal(digest.cells, 3);
    strcpy(result.digest, "none");
    strcpy(result.miss_digest, "none");
    zem_digest_end(&digest, &result);
    assert_string_equal(result.digest, before.digest);
    assert_string_equal(result.miss_digest, before.miss_digest);
    synthetic_free(&result, &scenario);
}

static void round_trip_of(const char *text, enum zem_interval_method method)
{
    struct zem_scenario scenario, scenario_read;
    struct zem_result result, read;
    struct zem_error error = {0};
    synthetic_init(&result, &scenario, text);
    result.interval_method = method;
    synthetic_write(&result, in_scratch("x.h5"), false);
    if (zem_result_file_read(&read, &scenario_read, in_scratch("x.h5"), &error) != 0)
        fail_msg("%s", error.message);
    assert_int_equal(read.cells, result.cells);
    assert_int_equal(read.words, result.words);
    for (uint64_t cell = 0; cell < result.cells; cell++)
        assert_true(zem_totals_same(&read.totals, &result.totals, cell));
    assert_memory_equal(read.stop_reason, result.stop_reason, result.cells);
    assert_string_equal(read.digest, result.digest);
    assert_string_equal(read.miss_digest, result.miss_digest);
    assert_int_equal(read.interval_method, method);
    assert_string_equal(read.provenance.version, result.provenance.version);
    assert_string_equal(read.provenance.date, result.provenance.date);
    assert_non_null(strstr(read.provenance.command, "a ? scenario.yaml")); /* not UTF-8: written as a question mark */
    assert_int_equal(read.provenance.device_count, 1);
    assert_string_equal(read.provenance.device[0].description, "made up");
    assert_int_equal(read.provenance.device[0].trials, 1000);
    assert_string_equal(read.provenance.device[0].failure, "hung; it was set aside");
    assert_int_equal(read.provenance.device[0].audited_trials, 40);
    assert_true(read.provenance.wall_seconds == 1.5);
    assert_string_equal(scenario_read.text, scenario.text);
    assert_string_equal(scenario_read.name, "made_up.yaml");
    assert_int_equal(scenario_read.value[ZEM_KEY_SEED].integer, UINT64_MAX);
    synthetic_free(&read, &scenario_read);
    synthetic_free(&result, &scenario);
    assert_int_equal(scratch_count(), 1);
    scratch_clear(NULL);
}

static void a_written_result_is_read_back_whole(void **state)
{
    (void)state;
    round_trip_of(SYNTHETIC_NO_AXES, ZEM_WILSON);
    round_trip_of(SYNTHETIC_ONE_AXIS, ZEM_CLOPPER_PEARSON);
    round_trip_of(SYNTHETIC_TWO_AXES, ZEM_WILSON);
    round_trip_of(SYNTHETIC_THREE_AXES, ZEM_WILSON);
    round_trip_of(SYNTHETIC_SALVO, ZEM_WILSON);
    round_trip_of(SYNTHETIC_LARGE, ZEM_WILSON); /* several chunks, the last ones cut */
}

/* ---- single trials ---- */

static void samples_round_trip(const char *text, size_t count)
{
    struct zem_scenario scenario, scenario_read;
    struct zem_result result, read;
    struct zem_error error = {0};
    synthetic_init(&result, &scenario, text);
    synthetic_samples(&result, count);
    synthetic_write(&result, in_scratch("x.h5"), true);
    if (zem_result_file_read(&read, &scenario_read, in_scratch("x.h5"), &error) != 0)
        fail_msg("%s", error.message);
    assert_int_equal(read.sample_count, count);
    assert_memory_equal(read.sample_trial, result.sample_trial, count * sizeof *result.sample_trial);
    assert_memory_equal(read.sample, result.sample, result.cells * count * sizeof *result.sample);
    assert_string_equal(read.digest, result.digest);
    synthetic_free(&read, &scenario_read);
    synthetic_free(&result, &scenario);
    scratch_clear(NULL);
}

static void single_trials_are_read_back_to_the_bit(void **state)
{
    (void)state;
    samples_round_trip(SYNTHETIC_NO_AXES, 1);
    samples_round_trip(SYNTHETIC_SALVO, 1000);
    samples_round_trip(SYNTHETIC_NO_AXES, 70001); /* more samples than one chunk holds */
    samples_round_trip(SYNTHETIC_ONE_AXIS, 70001);
    samples_round_trip(SYNTHETIC_THREE_AXES, 2500);
}

static void overrides_are_kept_in_the_file(void **state)
{
    (void)state;
    struct zem_scenario scenario, scenario_read;
    struct zem_result result, read;
    struct zem_error error = {0};
    const char *const overrides[] = {"run.trials=77", "target.period=3 s"};
    good_scenario_overridden(&scenario, "a.yaml", SYNTHETIC_NO_AXES, overrides, 2);
    assert_int_equal(zem_result_init(&result, &scenario, &error), 0);
    zem_result_digest(&result);
    synthetic_write(&result, in_scratch("x.h5"), true); /* without provenance */
    assert_int_equal(zem_result_file_read(&read, &scenario_read, in_scratch("x.h5"), &error), 0);
    assert_int_equal(scenario_read.override_count, 2);
    assert_int_equal(scenario_read.value[ZEM_KEY_TRIALS].integer, 77);
    assert_null(read.provenance.date);
    synthetic_free(&read, &scenario_read);
    synthetic_free(&result, &scenario);
}

static void reproducible_files_have_the_same_bytes(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    size_t size[3];
    char *bytes[3];
    const char *const names[] = {"a.h5", "b.h5", "c.h5"};
    for (int i = 0; i < 3; i++) {
        synthetic_init(&result, &scenario, SYNTHETIC_SALVO);
        result.provenance.wall_seconds = i;
        synthetic_write(&result, in_scratch(names[i]), i < 2);
        bytes[i] = file_bytes(in_scratch(names[i]), &size[i]);
        synthetic_free(&result, &scenario);
        sleep(i == 0); /* so that a time of a second in the file would differ */
    }
    assert_int_equal(size[0], size[1]);
    assert_memory_equal(bytes[0], bytes[1], size[0]);
    assert_true(size[2] > size[0]); /* it also has the group of what differs between runs */
    for (int i = 0; i < 3; i++)
        free(bytes[i]);
}

static void existing_files_are_replaced_by_force_only(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_error error = {0};
    struct zem_write_options options = {.force = false};
    size_t size;
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    file_make(in_scratch("x.h5"), "mine", 4);
    assert_int_equal(zem_result_file_check(in_scratch("x.h5"), &options, &error), ZEM_CANNOT_CREATE);
    assert_non_null(strstr(error.message, "--force"));
    error = (struct zem_error){0};
    assert_int_equal(zem_result_file_write(&result, in_scratch("x.h5"), &options, &error), ZEM_CANNOT_CREATE);
    char *bytes = file_bytes(in_scratch("x.h5"), &size);
    assert_string_equal(bytes, "mine");
    free(bytes);
    options.force = true;
    error = (struct zem_error){0};
    assert_int_equal(zem_result_file_check(in_scratch("x.h5"), &options, &error), 0);
    assert_int_equal(scratch_count(), 1);
    assert_int_equal(zem_result_file_write(&result, in_scratch("x.h5"), &options, &error), 0);
    bytes = file_bytes(in_scratch("x.h5"), &size);
    assert_true(size > 1000);
    free(bytes);
    assert_int_equal(scratch_count(), 1);
    synthetic_free(&result, &scenario);
}

static void impossible_names_are_refused_before_any_work(void **state)
{
    (void)state;
    struct zem_write_options options = {.force = true};
    char longest[400];
    memset(longest, 'a', sizeof longest);
    snprintf(longest + 250, 10, ".h5");
    const char *const names[] = {"no/such/folder/x.h5", "", "a/", longest};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct zem_error error = {0};
        char path[900];
        snprintf(path, sizeof path, "%s%s%s", i == 1 ? "" : scratch_folder, i == 1 ? "" : "/", names[i]);
        assert_int_equal(zem_result_file_check(path, &options, &error), ZEM_CANNOT_CREATE);
        assert_true(strlen(error.message) > 10);
    }
    struct zem_error error = {0};
    assert_int_equal(zem_result_file_check(scratch_folder, &options, &error), ZEM_CANNOT_CREATE);
    assert_int_equal(scratch_count(), 0);
}

/* The file may not grow beyond a limit, as on a full disk. Whatever the limit is, writing fails and leaves no file. */
static void a_full_disk_leaves_nothing(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_write_options options = {.reproducible = true};
    struct rlimit before, limit;
    size_t size;
    synthetic_init(&result, &scenario, SYNTHETIC_LARGE);
    synthetic_write(&result, in_scratch("whole.h5"), true);
    free(file_bytes(in_scratch("whole.h5"), &size));
    scratch_clear(NULL);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    for (size_t part = 0; part < 16; part++) {
        struct zem_error error = {0};
        limit = before;
        limit.rlim_cur = part < 15 ? size * part / 15 : size - 1;
        setrlimit(RLIMIT_FSIZE, &limit);
        int status = zem_result_file_write(&result, in_scratch("x.h5"), &options, &error);
        setrlimit(RLIMIT_FSIZE, &before);
        if (status != ZEM_INPUT_OUTPUT)
            fail_msg("limit of %zu of %zu bytes: %d %s", (size_t)limit.rlim_cur, size, status, error.message);
        assert_true(strlen(error.message) > 20);
        assert_int_equal(scratch_count(), 0);
    }
    synthetic_write(&result, in_scratch("x.h5"), true); /* the library still works afterwards */
    synthetic_free(&result, &scenario);
}

/* ---- the format page ---- */

static void the_format_page_lists_every_variable_and_dimension(void **state)
{
    (void)state;
    size_t size;
    char line[80];
    if (access("models/FILE-FORMAT.md", R_OK) != 0) {
        print_message("skip format page: not run from the top folder\n");
        skip();
    }
    char *page = file_bytes("models/FILE-FORMAT.md", &size);
    for (size_t i = 0; i < zem_variable_count; i++) {             /* "| `name` | unit |" */
        if (zem_variable_table[i].condition >= ZEM_SAMPLES_DRAWN) /* these variables share one line */
            continue;
        snprintf(line, sizeof line, "| `%s` | %s |", zem_variable_table[i].name, zem_variable_table[i].unit);
        if (strstr(page, line) == NULL)
            fail_msg("models/FILE-FORMAT.md has no line \"%s\"", line);
        if (strstr(page, zem_variable_table[i].long_name) == NULL)
            fail_msg("models/FILE-FORMAT.md does not say \"%s\"", zem_variable_table[i].long_name);
    }
    assert_non_null(strstr(page, "| `sample_SECTION_KEY` |"));
    for (int i = ZEM_DIMENSION_RADIUS; i < ZEM_DIMENSION_COUNT; i++) {
        snprintf(line, sizeof line, "| `%s` |", zem_dimension_name((enum zem_dimension)i));
        if (strstr(page, line) == NULL)
            fail_msg("models/FILE-FORMAT.md has no line \"%s\"", line);
    }
    free(page);
}

struct attribute_search {
    const char *page;
    char missing[80];
};

static herr_t attribute_documented(hid_t object, const char *name, const H5A_info_t *info, void *data)
{
    (void)object;
    (void)info;
    struct attribute_search *search = data;
    char word[80];
    snprintf(word, sizeof word, "`%s`", name);
    if (strstr(search->page, word) == NULL)
        snprintf(search->missing, sizeof search->missing, "%s", name);
    return search->missing[0] != '\0';
}

/* models/FILE-FORMAT.md names every dataset and attribute of a result file. */
static void the_format_page_lists_every_attribute(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    size_t size;
    if (access("models/FILE-FORMAT.md", R_OK) != 0) {
        print_message("skip format page: not run from the top folder\n");
        skip();
    }
    struct attribute_search search = {file_bytes("models/FILE-FORMAT.md", &size), ""};
    synthetic_init(&result, &scenario, SYNTHETIC_SALVO);
    synthetic_samples(&result, 3);
    synthetic_write(&result, in_scratch("x.h5"), false);
    hid_t file = H5Fopen(in_scratch("x.h5"), H5F_ACC_RDONLY, H5P_DEFAULT);
    const char *const objects[] = {"/",     "run",          "period", "miss_bin",    "outcome",       "stop_reason",
                                   "p_hit", "tally/totals", "sample", "sample_miss", "sample_outcome"};
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        hid_t object = H5Oopen(file, objects[i], H5P_DEFAULT);
        H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, NULL, attribute_documented, &search);
        H5Oclose(object);
        if (search.missing[0] != '\0')
            fail_msg("models/FILE-FORMAT.md does not name attribute %s of %s", search.missing, objects[i]);
    }
    H5Fclose(file);
    free((char *)(size_t)search.page);
    synthetic_free(&result, &scenario);
}

/* A result of 256 x 256 cells, of which two have trials. A glance reads the words of their tallies and the digests of
 * the file, and no histogram. A small result is read and checked as a whole. */
static void a_glance_leaves_out_what_takes_long(void **state)
{
    (void)state;
    static const char *const texts[] = {
        SYNTHETIC_NO_AXES "sweep:\n  - {parameter: target.acceleration, from: 0 gravity, to: 10 gravity, points: 256}\n"
                          "  - {parameter: target.period, from: 0.5 s, to: 4 s, points: 256}\n",
        SYNTHETIC_NO_AXES
        "sweep:\n  - {parameter: target.acceleration, from: 0 gravity, to: 10 gravity, points: 256}\n"};
    for (int large = 0; large < 2; large++) {
        struct zem_scenario scenario, scenario_read;
        struct zem_result result, read;
        struct zem_error error = {0};
        uint64_t totals[ZEM_TALLY_WORDS_LIMIT] = {0}, random = 1;
        good_scenario(&scenario, "made_up.yaml", texts[1 - large]);
        assert_int_equal(zem_result_init(&result, &scenario, &error), 0);
        for (int trial = 0; trial < 100; trial++)
            synthetic_trial(&scenario, totals, 3, &random);
        assert_true(zem_totals_set(&result.totals, 7, totals) && zem_totals_set(&result.totals, 200, totals));
        assert_int_equal(zem_provenance_init(&result.provenance, 0, NULL, &error), 0);
        zem_result_digest(&result);
        synthetic_write(&result, in_scratch(large == 1 ? "large.h5" : "small.h5"), true);
        assert_int_equal(
            zem_result_file_glance(&read, &scenario_read, in_scratch(large == 1 ? "large.h5" : "small.h5"), &error), 0);
        assert_true(read.glanced == (large == 1));
        for (uint64_t cell = 0; cell < result.cells; cell++)
            assert_true(zem_result_word(&read, cell, ZEM_TALLY_MISS) == zem_result_word(&result, cell, ZEM_TALLY_MISS)
                        && zem_result_hits(&read, cell, 1) == zem_result_hits(&result, cell, 1)
                        && zem_totals_same(&read.totals, &result.totals, cell)
                               == (large == 0 || totals[0] == 0 || (cell != 7 && cell != 200)));
        assert_string_equal(read.digest, result.digest);
        synthetic_free(&read, &scenario_read);
        synthetic_free(&result, &scenario);
    }
}

int main(void)
{
#define IN_EMPTY_FOLDER(test) cmocka_unit_test_teardown(test, scratch_clear)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_digest_taken_in_parts_is_the_digest),
        IN_EMPTY_FOLDER(a_written_result_is_read_back_whole),
        IN_EMPTY_FOLDER(single_trials_are_read_back_to_the_bit),
        IN_EMPTY_FOLDER(overrides_are_kept_in_the_file),
        IN_EMPTY_FOLDER(a_glance_leaves_out_what_takes_long),
        IN_EMPTY_FOLDER(reproducible_files_have_the_same_bytes),
        IN_EMPTY_FOLDER(existing_files_are_replaced_by_force_only),
        IN_EMPTY_FOLDER(impossible_names_are_refused_before_any_work),
        IN_EMPTY_FOLDER(a_full_disk_leaves_nothing),
        IN_EMPTY_FOLDER(the_format_page_lists_every_variable_and_dimension),
        IN_EMPTY_FOLDER(the_format_page_lists_every_attribute),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
