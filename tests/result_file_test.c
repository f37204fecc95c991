/* Result files: round trip, same bytes, names and failures, full disks, files that are no
 * results. The totals are made up (synthetic_result.h); every file lies in a folder of its own under $SCRATCH or /tmp.
 */
#include "synthetic_result.h"

#include "result/hdf5_dataset.h"
#include "result/result_file.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[300];

static int folder_make(void **state)
{
    (void)state;
    const char *scratch = getenv("SCRATCH");
    snprintf(folder, sizeof folder, "%s/zem_result_XXXXXX", scratch ? scratch : "/tmp");
    return mkdtemp(folder) == NULL;
}

/* Number of files in the folder; 0 means that nothing was left behind. */
static int files_left(void)
{
    int count = 0;
    DIR *listing = opendir(folder);
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(listing);
    return count;
}

static int folder_clear(void **state)
{
    (void)state;
    char path[600];
    DIR *listing = opendir(folder);
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        remove(path);
    }
    closedir(listing);
    return 0;
}

static int folder_remove(void **state)
{
    folder_clear(state);
    return rmdir(folder);
}

static const char *in_folder(const char *name)
{
    static char path[2][400];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static char *file_bytes(const char *path, size_t *size)
{
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    fseek(stream, 0, SEEK_END);
    *size = (size_t)ftell(stream);
    rewind(stream);
    char *bytes = malloc(*size + 1);
    assert_int_equal(fread(bytes, 1, *size, stream), *size);
    bytes[*size] = '\0';
    fclose(stream);
    return bytes;
}

static void file_make(const char *path, const void *bytes, size_t size)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, size, stream), size);
    fclose(stream);
}

static void write_well(const struct zem_result *result, const char *path, bool reproducible)
{
    struct zem_error error = {0};
    struct zem_write_options options = {.reproducible = reproducible};
    if (zem_result_file_write(result, path, &options, &error) != 0)
        fail_msg("%s", error.message);
}

static void round_trip_of(const char *text, enum zem_interval_method method)
{
    struct zem_scenario scenario, scenario_read;
    struct zem_result result, read;
    struct zem_error error = {0};
    synthetic_init(&result, &scenario, text);
    result.interval_method = method;
    write_well(&result, in_folder("x.h5"), false);
    if (zem_result_file_read(&read, &scenario_read, in_folder("x.h5"), &error) != 0)
        fail_msg("%s", error.message);
    assert_int_equal(read.cells, result.cells);
    assert_int_equal(read.words, result.words);
    assert_memory_equal(read.totals, result.totals, result.cells * result.words * sizeof *result.totals);
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
    assert_true(read.provenance.wall_seconds == 1.5);
    assert_string_equal(scenario_read.text, scenario.text);
    assert_string_equal(scenario_read.name, "made_up.yaml");
    assert_int_equal(scenario_read.value[ZEM_KEY_SEED].integer, UINT64_MAX);
    synthetic_free(&read, &scenario_read);
    synthetic_free(&result, &scenario);
    assert_int_equal(files_left(), 1);
    folder_clear(NULL);
}

static void what_is_written_is_read(void **state)
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

/* Samples of every bit pattern that a miss can have, some of other outcomes, some not there. */
static void samples_make_up(struct zem_result *result, size_t count)
{
    struct zem_error error = {0};
    uint64_t *trial = malloc(count * sizeof *trial), random = 7;
    for (size_t i = 0; i < count; i++)
        trial[i] = 3 * i + (UINT64_C(1) << 40);
    assert_int_equal(zem_result_set_samples(result, trial, count, &error), 0);
    free(trial);
    for (size_t i = 0; i < result->cells * count; i++) {
        const uint64_t number = synthetic_random(&random);
        const float miss = (float)((double)(number >> 11) * 0x1p-45);
        if (number % 7 < ZEM_SAMPLE_NONE)
            result->sample[i] =
                (struct zem_sample){miss, miss, 0.1f * miss, -miss, 1.0f / 3.0f, (uint32_t)(number % 7)};
    }
}

static void samples_round_trip(const char *text, size_t count)
{
    struct zem_scenario scenario, scenario_read;
    struct zem_result result, read;
    struct zem_error error = {0};
    synthetic_init(&result, &scenario, text);
    samples_make_up(&result, count);
    write_well(&result, in_folder("x.h5"), true);
    if (zem_result_file_read(&read, &scenario_read, in_folder("x.h5"), &error) != 0)
        fail_msg("%s", error.message);
    assert_int_equal(read.sample_count, count);
    assert_memory_equal(read.sample_trial, result.sample_trial, count * sizeof *result.sample_trial);
    assert_memory_equal(read.sample, result.sample, result.cells * count * sizeof *result.sample);
    assert_string_equal(read.digest, result.digest);
    synthetic_free(&read, &scenario_read);
    synthetic_free(&result, &scenario);
    folder_clear(NULL);
}

static void single_trials_are_read_back_to_the_bit(void **state)
{
    (void)state;
    samples_round_trip(SYNTHETIC_NO_AXES, 1);
    samples_round_trip(SYNTHETIC_SALVO, 1000);
    samples_round_trip(SYNTHETIC_NO_AXES, 70001); /* more than a chunk holds */
    samples_round_trip(SYNTHETIC_ONE_AXIS, 70001);
    samples_round_trip(SYNTHETIC_THREE_AXES, 2500);
}

static void overrides_are_kept(void **state)
{
    (void)state;
    struct zem_scenario scenario, scenario_read;
    struct zem_result result, read;
    struct zem_diagnostics diagnostics;
    struct zem_error error = {0};
    const char *const overrides[] = {"run.trials=77", "target.period=3 s"};
    zem_diagnostics_init(&diagnostics, "a.yaml");
    assert_int_equal(zem_scenario_read_text(&scenario, "a.yaml", SYNTHETIC_NO_AXES, strlen(SYNTHETIC_NO_AXES),
                                            overrides, 2, &diagnostics, &error),
                     0);
    zem_diagnostics_free(&diagnostics);
    assert_int_equal(zem_result_init(&result, &scenario, &error), 0);
    zem_result_digest(&result);
    write_well(&result, in_folder("x.h5"), true); /* provenance all NULL as well */
    assert_int_equal(zem_result_file_read(&read, &scenario_read, in_folder("x.h5"), &error), 0);
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
        write_well(&result, in_folder(names[i]), i < 2);
        bytes[i] = file_bytes(in_folder(names[i]), &size[i]);
        synthetic_free(&result, &scenario);
        sleep(i == 0); /* so that a time in the file would show */
    }
    assert_int_equal(size[0], size[1]);
    assert_memory_equal(bytes[0], bytes[1], size[0]);
    assert_true(size[2] > size[0]); /* the group of what must differ */
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
    file_make(in_folder("x.h5"), "mine", 4);
    assert_int_equal(zem_result_file_check(in_folder("x.h5"), &options, &error), ZEM_CANNOT_CREATE);
    assert_non_null(strstr(error.message, "--force"));
    error = (struct zem_error){0};
    assert_int_equal(zem_result_file_write(&result, in_folder("x.h5"), &options, &error), ZEM_CANNOT_CREATE);
    char *bytes = file_bytes(in_folder("x.h5"), &size);
    assert_string_equal(bytes, "mine");
    free(bytes);
    options.force = true;
    error = (struct zem_error){0};
    assert_int_equal(zem_result_file_check(in_folder("x.h5"), &options, &error), 0);
    assert_int_equal(files_left(), 1);
    assert_int_equal(zem_result_file_write(&result, in_folder("x.h5"), &options, &error), 0);
    bytes = file_bytes(in_folder("x.h5"), &size);
    assert_true(size > 1000);
    free(bytes);
    assert_int_equal(files_left(), 1);
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
        snprintf(path, sizeof path, "%s%s%s", i == 1 ? "" : folder, i == 1 ? "" : "/", names[i]);
        assert_int_equal(zem_result_file_check(path, &options, &error), ZEM_CANNOT_CREATE);
        assert_true(strlen(error.message) > 10);
    }
    struct zem_error error = {0};
    assert_int_equal(zem_result_file_check(folder, &options, &error), ZEM_CANNOT_CREATE);
    assert_int_equal(files_left(), 0);
}

/* The file may not grow beyond a limit, as on a full disk: whatever the limit, an error and nothing left behind. */
static void a_full_disk_leaves_nothing(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_write_options options = {.reproducible = true};
    struct rlimit before, limit;
    size_t size;
    synthetic_init(&result, &scenario, SYNTHETIC_LARGE);
    write_well(&result, in_folder("whole.h5"), true);
    free(file_bytes(in_folder("whole.h5"), &size));
    folder_clear(NULL);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    for (size_t part = 0; part < 16; part++) {
        struct zem_error error = {0};
        limit = before;
        limit.rlim_cur = part < 15 ? size * part / 15 : size - 1;
        setrlimit(RLIMIT_FSIZE, &limit);
        int status = zem_result_file_write(&result, in_folder("x.h5"), &options, &error);
        setrlimit(RLIMIT_FSIZE, &before);
        if (status != ZEM_INPUT_OUTPUT)
            fail_msg("limit of %zu of %zu bytes: %d %s", (size_t)limit.rlim_cur, size, status, error.message);
        assert_true(strlen(error.message) > 20);
        assert_int_equal(files_left(), 0);
    }
    write_well(&result, in_folder("x.h5"), true); /* and the library still works afterwards */
    synthetic_free(&result, &scenario);
}

/* ---- files that are no results ---- */

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

static void junk_is_refused_with_a_reason(void **state)
{
    (void)state;
    refused(in_folder("none.h5"), ZEM_NO_INPUT, "No such file");
    refused(folder, ZEM_NO_INPUT, "directory");
    file_make(in_folder("empty.h5"), "", 0);
    refused(in_folder("empty.h5"), ZEM_BAD_INPUT, "empty");
    file_make(in_folder("a.yaml"), "zem: 1\n", 7);
    refused(in_folder("a.yaml"), ZEM_BAD_INPUT, "zem run");
    hid_t file = H5Fcreate(in_folder("other.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    refused(in_folder("other.h5"), ZEM_BAD_INPUT, "not a result of zem");
}

/* Changes one item of a good file and reads it. */
static void change_and_refuse(const char *bytes, size_t size, void (*change)(hid_t file), const char *word)
{
    file_make(in_folder("x.h5"), bytes, size);
    hid_t file = H5Fopen(in_folder("x.h5"), H5F_ACC_RDWR, H5P_DEFAULT);
    assert_true(file >= 0);
    change(file);
    H5Fclose(file);
    refused(in_folder("x.h5"), ZEM_BAD_INPUT, word);
}

static void raise_format(hid_t file)
{
    H5Adelete(file, "zem_format");
    zem_hdf5_attribute_integer(file, "zem_format", 2);
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
    samples_make_up(&result, 5);
    write_well(&result, in_folder("good.h5"), false);
    char *bytes = file_bytes(in_folder("good.h5"), &size);
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
    write_well(&result, in_folder("good.h5"), false);
    char *bytes = file_bytes(in_folder("good.h5"), &size);
    for (size_t length = 1; length < size; length += size / 40) {
        file_make(in_folder("cut.h5"), bytes, length);
        refused(in_folder("cut.h5"), ZEM_BAD_INPUT, "cut.h5");
    }
    free(bytes);
    synthetic_free(&result, &scenario);
}

/* ---- the format page ---- */

static void format_page_lists_every_item(void **state)
{
    (void)state;
    size_t size;
    char line[80];
    if (access("models/FILE-FORMAT.md", R_OK) != 0) {
        print_message("skip format page: not run from the top folder\n");
        skip();
    }
    char *page = file_bytes("models/FILE-FORMAT.md", &size);
    for (size_t i = 0; i < zem_variable_count; i++) { /* "| `name` | unit |" */
        snprintf(line, sizeof line, "| `%s` | %s |", zem_variable_table[i].name, zem_variable_table[i].unit);
        if (strstr(page, line) == NULL)
            fail_msg("models/FILE-FORMAT.md has no line \"%s\"", line);
        if (strstr(page, zem_variable_table[i].long_name) == NULL)
            fail_msg("models/FILE-FORMAT.md does not say \"%s\"", zem_variable_table[i].long_name);
    }
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

/* Every dataset and attribute that a file has is named in the page. */
static void format_page_lists_every_attribute(void **state)
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
    samples_make_up(&result, 3);
    write_well(&result, in_folder("x.h5"), false);
    hid_t file = H5Fopen(in_folder("x.h5"), H5F_ACC_RDONLY, H5P_DEFAULT);
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

int main(void)
{
#define IN_EMPTY_FOLDER(test) cmocka_unit_test_teardown(test, folder_clear)
    const struct CMUnitTest tests[] = {
        IN_EMPTY_FOLDER(what_is_written_is_read),
        IN_EMPTY_FOLDER(single_trials_are_read_back_to_the_bit),
        IN_EMPTY_FOLDER(overrides_are_kept),
        IN_EMPTY_FOLDER(reproducible_files_have_the_same_bytes),
        IN_EMPTY_FOLDER(existing_files_are_replaced_by_force_only),
        IN_EMPTY_FOLDER(impossible_names_are_refused_before_any_work),
        IN_EMPTY_FOLDER(a_full_disk_leaves_nothing),
        IN_EMPTY_FOLDER(junk_is_refused_with_a_reason),
        IN_EMPTY_FOLDER(changed_files_are_refused),
        IN_EMPTY_FOLDER(cut_files_are_refused),
        IN_EMPTY_FOLDER(format_page_lists_every_item),
        IN_EMPTY_FOLDER(format_page_lists_every_attribute),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
