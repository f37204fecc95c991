/* The OpenCL backend alone. No division of the work changes a tally, the quickest setting of a device (its tuning) is
 * measured once and kept in a file, batches overlap, and waiting takes hardly any processor time. Everything is flown
 * with the kernels for processors and, on the same device, with those for GPUs. The reference is the native backend. */
#include "small_scenarios.h"

#include "cell/cell.h"
#include "cell/schedule_table.h"

#include <glob.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define CELLS 3
#define TRIALS 5003u /* of a cell; prime, so that no work-group is full at the end */
#define ATTEMPTS 8   /* at a time measurement, which other programs may disturb */
#define TUNING "ZEM_OPENCL_TUNING"

static const char text[] = LINEAR
    "target: {maneuver: weave, acceleration: 6 gravity, period: {from: 0.5 s, to: 2 s}, phase: {from: 0 degree, to: "
    "360 degree}}\n"
    "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, autopilot_lag: 0.3 s, acceleration_limit: 20 gravity, " ERRORS
    "}\n"
    "seeker: {glint: 0.05 m2/Hz}\n" RADII
    "sweep: [{parameter: target.acceleration, values: [0 gravity, 5 gravity, 10 gravity]}]\n" RUN(5003, 3);

static struct zem_scenario scenario;
static struct zem_engine_options options;
static struct cell_parameters cells[CELLS];
static struct schedule_step *schedule;
static size_t steps, words;
static struct zem_device_list devices;
static struct zem_device device[2]; /* as it is, and as if it were a GPU */
static uint64_t *reference;
static char folder[64];

static double clock_seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static struct zem_batch batch_of(uint32_t trials, uint64_t *tallies)
{
    return (struct zem_batch){.cells = cells,
                              .cell_count = CELLS,
                              .schedule = schedule,
                              .schedule_count = steps,
                              .range = {.stride = 1, .trials = trials},
                              .tallies = tallies};
}

static uint64_t *new_tallies(void)
{
    uint64_t *tallies = malloc(CELLS * words * sizeof *tallies);
    assert_non_null(tallies);
    return tallies;
}

static struct zem_engine *open_engine(const struct zem_device *which)
{
    struct zem_engine *engine = NULL;
    struct zem_error error = {0};
    if (which->backend->open(which, &options, &engine, &error) != 0)
        fail_msg("%s", error.message);
    return engine;
}

static double fly(const struct zem_device *which, struct zem_engine *engine, uint32_t trials, uint64_t *tallies)
{
    const struct zem_batch batch = batch_of(trials, tallies);
    struct zem_error error = {0};
    double seconds = 0.0;
    if (which->backend->submit(engine, &batch, &error) != 0 || which->backend->collect(engine, &seconds, &error) != 0)
        fail_msg("%s", error.message);
    return seconds;
}

static void assert_reference(const uint64_t *tallies, const char *what)
{
    for (size_t word = 0; word < CELLS * words; word++)
        if (tallies[word] != reference[word])
            fail_msg("%s: word %zu of cell %zu is %" PRIu64 " instead of %" PRIu64, what, word % words, word / words,
                     tallies[word], reference[word]);
}

/* Skips a test if there is no device. */
static void need_device(void)
{
    if (device[0].backend == NULL) {
        printf("no usable OpenCL device\n");
        skip();
    }
    unsetenv(TUNING);
}

static int set_up(void **state)
{
    (void)state;
    struct zem_error error = {0};
    /* The cache of tunings is a new folder. The cache of compiled kernels stays that of the user, because they take
     * minutes to compile. */
    char compiled[512];
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    snprintf(compiled, sizeof compiled, "%s%s/pocl/kcache",
             cache != NULL  ? cache
             : home != NULL ? home
                            : "/tmp",
             cache != NULL ? "" : "/.cache");
    setenv("POCL_CACHE_DIR", compiled, 0);
    snprintf(folder, sizeof folder, "/tmp/zem-opencl-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    setenv("XDG_CACHE_HOME", folder, 1);
    good_scenario(&scenario, "opencl", text);
    zem_run_engine_options(&scenario, &options);
    words = ZEM_TALLY_WORDS((size_t)options.radius_count, (size_t)options.shots);
    for (uint64_t k = 0; k < CELLS; k++) {
        if (zem_cell_derive(&scenario, k, &cells[k], &error) != 0)
            return -1;
        cells[k].schedule_first = (uint32_t)steps;
        steps += cells[k].schedule_steps;
    }
    schedule = malloc(steps * sizeof *schedule);
    for (size_t k = 0; k < CELLS; k++)
        zem_schedule_fill(&cells[k], schedule + cells[k].schedule_first);
    if (zem_devices_list(&devices, NULL, 0.0, &error) != 0)
        return -1;
    reference = new_tallies();
    for (size_t k = 0; k < devices.count; k++) {
        if (devices.items[k].backend == &zem_backend_openmp) {
            struct zem_engine *engine = open_engine(&devices.items[k]);
            fly(&devices.items[k], engine, TRIALS, reference);
            zem_backend_openmp.close(engine);
        } else if (device[0].backend == NULL && devices.items[k].reason[0] == '\0') {
            device[0] = device[1] = devices.items[k];
            device[1].is_gpu = true;
        }
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[100];
    free(reference);
    free(schedule);
    zem_devices_free(&devices);
    zem_scenario_free(&scenario);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) != 0;
}

static void every_division_of_the_work_gives_the_same_totals(void **state)
{
    (void)state;
    static const char *const settings[2][5] = {{"off", "1x1", "1x4096", "4x3"},
                                               {"off", "64x1", "64x4096", "32x7", "128x16"}};
    need_device();
    uint64_t *tallies = new_tallies();
    for (int gpu = 0; gpu < 2; gpu++)
        for (int k = 0; k < 5 && settings[gpu][k] != NULL; k++) {
            char what[80], description[256], wanted[40];
            unsigned group = 0, trials = 0;
            setenv(TUNING, settings[gpu][k], 1);
            struct zem_engine *engine = open_engine(&device[gpu]);
            fly(&device[gpu], engine, TRIALS, tallies);
            zem_backend_opencl.describe(engine, description, sizeof description);
            zem_backend_opencl.close(engine);
            snprintf(what, sizeof what, "%s kernels, %s", gpu ? "GPU" : "processor", settings[gpu][k]);
            assert_reference(tallies, what);
            if (sscanf(settings[gpu][k], "%ux%u", &group, &trials) == 2) { /* the setting was used */
                snprintf(wanted, sizeof wanted, "work-groups of %u, ", group);
                assert_non_null(strstr(description, wanted));
                snprintf(wanted, sizeof wanted, "up to %u trials each (given)", trials);
                assert_non_null(strstr(description, wanted));
            }
        }
    free(tallies);
}

static void a_setting_that_cannot_be_read_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"x",      "64",     "64x",    "x16",  "0x16",  "64x0",  "1025x1",
                                      "1x4097", "64x16 ", " 64x16", "-1x1", "64X16", "later", "0064x00000000016"};
    need_device();
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct zem_engine *engine = NULL;
        struct zem_error error = {0};
        setenv(TUNING, bad[k], 1);
        if (zem_backend_opencl.open(&device[0], &options, &engine, &error) != ZEM_USAGE
            || strstr(error.message, bad[k]) == NULL)
            fail_msg("\"%s\": status %d, %s", bad[k], error.status, error.message);
    }
}

/* Opens an engine, flies and compares the tallies with the reference. Writes the description that the engine has
 * then. */
static void flown(int gpu, char *description, size_t size)
{
    uint64_t *tallies = new_tallies();
    struct zem_engine *engine = open_engine(&device[gpu]);
    fly(&device[gpu], engine, TRIALS, tallies);
    zem_backend_opencl.describe(engine, description, size);
    zem_backend_opencl.close(engine);
    assert_reference(tallies, description);
    free(tallies);
}

/* Removes all files of the cache of tunings. */
static void forget_kept(void)
{
    char pattern[100];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/zem/opencl*", folder);
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t k = 0; k < found.gl_pathc; k++)
            assert_int_equal(unlink(found.gl_pathv[k]), 0);
    globfree(&found);
}

static void a_tuning_is_measured_once_and_kept(void **state)
{
    (void)state;
    need_device();
    for (int gpu = 0; gpu < 2; gpu++) {
        char before[256], measured[256], kept[256], other[256];
        forget_kept(); /* on a machine whose device is a GPU both are the same device */
        flown(gpu, before, sizeof before);
        assert_non_null(strstr(before, "(fixed)")); /* a short run uses a fixed setting and measures none */
        setenv(TUNING, "now", 1);
        flown(gpu, measured, sizeof measured);
        assert_non_null(strstr(measured, "(measured)"));
        unsetenv(TUNING);
        flown(gpu, kept, sizeof kept);
        char *origin = strstr(measured, "(measured)"), *same = strstr(kept, "(kept)");
        assert_non_null(same);
        assert_int_equal(origin - measured, same - kept);
        assert_memory_equal(measured, kept, (size_t)(origin - measured));
        setenv(TUNING, "off", 1);
        flown(gpu, other, sizeof other);
        assert_string_equal(other, before);
        unsetenv(TUNING);
    }
}

/* Replaces the settings in all files of the cache of tunings. */
static void rewrite_kept(const char *setting)
{
    char pattern[100], head[2048];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/zem/opencl*", folder);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t k = 0; k < found.gl_pathc; k++) {
        FILE *file = fopen(found.gl_pathv[k], "r+");
        assert_non_null(file);
        head[fread(head, 1, sizeof head - 1, file)] = '\0';
        const char *group = strstr(head, "group: ");
        assert_non_null(group);
        assert_int_equal(fseek(file, group - head, SEEK_SET), 0);
        fputs(setting, file);
        assert_int_equal(ftruncate(fileno(file), ftell(file)), 0);
        fclose(file);
    }
    globfree(&found);
}

static void a_kept_tuning_is_used_only_if_it_can_be_read(void **state)
{
    (void)state;
    char description[256];
    need_device();
    setenv(TUNING, "now", 1);
    flown(0, description, sizeof description);
    unsetenv(TUNING);
    rewrite_kept("group: 4\ntrials: 3\n");
    flown(0, description, sizeof description);
    assert_non_null(strstr(description, "work-groups of 4, "));
    assert_non_null(strstr(description, "up to 3 trials each (kept)"));
    rewrite_kept("group: 4\ntrials: 3");
    flown(0, description, sizeof description);
    assert_non_null(strstr(description, "(fixed)"));
}

static void batches_of_any_size_follow_each_other(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {TRIALS, 1, 700, 20000, 16, TRIALS, TRIALS};
    need_device();
    uint64_t *tallies = new_tallies();
    struct zem_engine *engine = open_engine(&device[0]);
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        fly(&device[0], engine, sizes[k], tallies);
        assert_int_equal(tallies[ZEM_TALLY_TRIALS], sizes[k]);
        if (sizes[k] == TRIALS)
            assert_reference(tallies, "after other sizes");
    }
    zem_backend_opencl.close(engine);
    free(tallies);
}

/* Returns how many trials keep the device busy for about `seconds`. */
static uint32_t trials_for(struct zem_engine *engine, double seconds, uint64_t *tallies)
{
    fly(&device[0], engine, TRIALS, tallies);
    return (uint32_t)(seconds / fly(&device[0], engine, TRIALS, tallies) * TRIALS) + 1;
}

/* Calls `attempt`, which measures a share of time, until it returns less than `enough`, at most ATTEMPTS times. Returns
 * the smallest share. A busy machine may spoil an attempt, because it takes the processor from the thread that asks, or
 * the device is done before that thread runs. A backend that waits where it must not spoils every attempt. */
static double least_share(double (*attempt)(struct zem_engine *engine), double enough)
{
    struct zem_engine *engine = open_engine(&device[0]);
    double least = 1.0;
    for (int k = 0; k < ATTEMPTS && least >= enough; k++) {
        const double share = attempt(engine);
        least = share < least ? share : least;
    }
    zem_backend_opencl.close(engine);
    return least;
}

/* Returns the share of the time of two batches that passes before both are submitted. */
static double submitting(struct zem_engine *engine)
{
    uint64_t *tallies[3] = {new_tallies(), new_tallies(), new_tallies()};
    struct zem_error error = {0};
    const uint32_t trials = trials_for(engine, 0.4, tallies[0]);
    double seconds;
    const double start = clock_seconds(CLOCK_MONOTONIC);
    for (uint32_t k = 0; k < 2; k++) {
        const struct zem_batch batch = batch_of(trials + k, tallies[k]);
        assert_int_equal(zem_backend_opencl.submit(engine, &batch, &error), 0);
    }
    const double submitted = clock_seconds(CLOCK_MONOTONIC) - start;
    const struct zem_batch third = batch_of(1, tallies[2]);
    assert_int_equal(zem_backend_opencl.submit(engine, &third, &error), ZEM_INTERNAL);
    for (uint32_t k = 0; k < 2; k++) {
        assert_int_equal(zem_backend_opencl.collect(engine, &seconds, NULL), 0);
        assert_int_equal(tallies[k][ZEM_TALLY_TRIALS], trials + k); /* batches come back in the order of submission */
    }
    const double whole = clock_seconds(CLOCK_MONOTONIC) - start;
    assert_int_equal(zem_backend_opencl.collect(engine, &seconds, NULL), ZEM_INTERNAL);
    for (int k = 0; k < 3; k++)
        free(tallies[k]);
    printf("submitting took %.3f s of %.3f s\n", submitted, whole);
    return submitted / whole;
}

static void two_batches_are_in_flight_and_no_more(void **state)
{
    (void)state;
    need_device();
    assert_true(least_share(submitting, 0.5) < 0.5);
}

/* Returns the share of a processor that this thread takes while it waits for a batch. */
static double waiting(struct zem_engine *engine)
{
    uint64_t *tallies = new_tallies();
    const uint32_t trials = trials_for(engine, 1.0, tallies);
    const struct zem_batch batch = batch_of(trials, tallies);
    struct zem_error error = {0};
    double seconds;
    assert_int_equal(zem_backend_opencl.submit(engine, &batch, &error), 0);
    const double start = clock_seconds(CLOCK_MONOTONIC), busy_start = clock_seconds(CLOCK_THREAD_CPUTIME_ID);
    assert_int_equal(zem_backend_opencl.collect(engine, &seconds, &error), 0);
    const double busy = clock_seconds(CLOCK_THREAD_CPUTIME_ID) - busy_start,
                 whole = clock_seconds(CLOCK_MONOTONIC) - start;
    free(tallies);
    printf("waited %.3f s with %.2f %% of a core\n", whole, 100.0 * busy / whole);
    return busy / whole;
}

static void waiting_takes_no_processor_time(void **state)
{
    (void)state;
    need_device();
    assert_true(least_share(waiting, 0.05) < 0.05);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_division_of_the_work_gives_the_same_totals),
        cmocka_unit_test(a_setting_that_cannot_be_read_is_refused),
        cmocka_unit_test(a_tuning_is_measured_once_and_kept),
        cmocka_unit_test(a_kept_tuning_is_used_only_if_it_can_be_read),
        cmocka_unit_test(batches_of_any_size_follow_each_other),
        cmocka_unit_test(two_batches_are_in_flight_and_no_more),
        cmocka_unit_test(waiting_takes_no_processor_time),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
