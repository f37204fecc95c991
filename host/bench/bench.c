/* One measurement: first a whole run as a warm-up, then timed repetitions, each of which flies all trials of the deck
 * in batches. The digest of every repetition is compared with that of the warm-up, so that wrong counts are noticed. */
#include "bench/bench.h"

#include "base/clock.h"
#include "base/interruption.h"
#include "bench/energy.h"
#include "cell/cell.h"
#include "cell/schedule_pool.h"
#include "result/result.h"
#include "run/run.h"
#include "scenario/grid.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_SECONDS \
    0.25            /* intended time of a batch, s; long against the cost of a launch, short against a GPU's watchdog */
#define DEPTH_MAX 4 /* the most batches that a device has at once */
#define PROOF_TRIALS 131072u /* about so many trials are flown again to prove a challenge */
#define GPU_LANES 32u        /* trials that a GPU flies in lockstep: a warp, or at least half a wavefront */

/* A deck with everything that its repetitions share. */
struct work {
    struct zem_scenario scenario;
    struct zem_result result; /* totals and digests of the last repetition */
    struct cell_parameters *cells;
    struct zem_schedule_pool *pool;
    struct zem_schedules schedules; /* time steps of all cells */
    uint32_t trials;                /* trials of each cell */
    uint32_t shots;
};

static void say(const struct zem_bench_options *options, const char *text)
{
    if (options->message != NULL)
        options->message(options->context, text);
}

static void work_free(struct work *work)
{
    free(work->cells);
    zem_schedule_pool_release(&work->schedules);
    zem_schedule_pool_free(work->pool);
    zem_result_free(&work->result);
    zem_scenario_free(&work->scenario);
    memset(work, 0, sizeof *work);
}

static int work_prepare(struct work *work, const struct zem_bench_deck *deck, const uint64_t *challenge,
                        struct zem_error *error)
{
    int status = zem_bench_deck_read(deck, challenge, &work->scenario, error);
    if (status == 0)
        status = zem_result_init(&work->result, &work->scenario, error);
    if (status != 0)
        return status;
    const uint64_t cells = work->result.cells;
    work->trials = (uint32_t)work->scenario.value[ZEM_KEY_TRIALS].integer;
    work->shots = (uint32_t)work->scenario.value[ZEM_KEY_SHOTS].integer;
    work->cells = calloc(cells, sizeof *work->cells);
    for (uint64_t k = 0; status == 0 && work->cells != NULL && k < cells; k++)
        status = zem_cell_derive(&work->scenario, k, &work->cells[k], error);
    work->pool = zem_schedule_pool_create();
    if (work->cells == NULL || work->pool == NULL
        || (status == 0 && zem_schedule_pool_place(work->pool, work->cells, cells, 0, &work->schedules) != 0))
        return zem_error_set(error, ZEM_INTERNAL, "bench: no memory for the deck \"%s\"", deck->name);
    return status;
}

static void batch_of(const struct work *work, uint32_t first, uint32_t trials, uint64_t *tallies,
                     struct zem_batch *batch)
{
    *batch = (struct zem_batch){
        .cells = work->cells,
        .cell_count = work->result.cells,
        .schedule = work->schedules.steps,
        .schedule_count = work->schedules.count,
        .schedule_number = work->schedules.number,
        .range = {.first_trial_low = first, .stride = 1, .trials = trials},
        .tallies = tallies,
    };
}

/* Flies all trials of all cells once. A batch has `chunk` trials of every cell. The device has as many batches at once
 * as the backend allows, at most DEPTH_MAX. Writes the device's time to `kernel_seconds`. */
static int fly_pass(struct work *work, const struct zem_backend *backend, struct zem_engine *engine, uint32_t chunk,
                    double *kernel_seconds, struct zem_error *error)
{
    const size_t words = work->result.cells * work->result.words;
    const size_t depth = backend->depth < DEPTH_MAX ? backend->depth : DEPTH_MAX;
    uint64_t *tallies = malloc(depth * words * sizeof *tallies);
    size_t oldest = 0, in_flight = 0;
    uint32_t first = 0;
    int status = tallies != NULL ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "bench: no memory for tallies");
    zem_totals_clear(&work->result.totals);
    *kernel_seconds = 0.0;
    while (status == 0 && (first < work->trials || in_flight > 0)) {
        if (first < work->trials && in_flight < depth) {
            struct zem_batch batch;
            const uint32_t trials = work->trials - first < chunk ? work->trials - first : chunk;
            batch_of(work, first, trials, tallies + (oldest + in_flight) % depth * words, &batch);
            status = backend->submit(engine, &batch, error);
            first += trials;
            in_flight++;
            continue;
        }
        double seconds = 0.0;
        status = backend->collect(engine, &seconds, error);
        for (uint64_t cell = 0; status == 0 && cell < work->result.cells; cell++)
            if (!zem_totals_add(&work->result.totals, cell, tallies + oldest * words + cell * work->result.words))
                status = zem_error_set(error, ZEM_INTERNAL, "bench: a tally has more misses than trials");
        *kernel_seconds += seconds;
        oldest = (oldest + 1) % depth;
        in_flight--;
    }
    if (status != 0) /* wait for the other batches, which still write into `tallies` */
        for (double seconds; in_flight > 0 && backend->collect(engine, &seconds, NULL) == 0; in_flight--)
            ;
    free(tallies);
    return status;
}

/* The warm-up: a whole run by zem_run, as a user would make it. Its time and its digests go into `result`; the digests
 * of the repetitions must equal them. */
static int fly_first_run(const struct work *work, const struct zem_device *device,
                         const struct zem_bench_options *options, struct zem_bench_result *result,
                         struct zem_error *error)
{
    const struct zem_run_options run = {
        .devices = device->name, .threads = options->threads, .isa = options->isa, .shards = 1, .strict_devices = true};
    struct zem_result whole;
    int status = zem_result_init(&whole, &work->scenario, error);
    if (status != 0)
        return status;
    const double start = zem_clock_now();
    status = zem_run(&work->scenario, &run, &whole, error);
    result->first_run_seconds = zem_clock_now() - start;
    memcpy(result->digest, whole.digest, sizeof result->digest);
    memcpy(result->miss_digest, whole.miss_digest, sizeof result->miss_digest);
    zem_result_free(&whole);
    return status;
}

/* Returns the number of trials of each cell in a batch, a multiple of 1024 unless it is all trials. At the speed of the
 * warm-up such a batch takes about BATCH_SECONDS. */
static uint32_t chunk_of(const struct work *work, const struct zem_bench_result *result)
{
    const double rate = (double)result->trials / result->first_run_seconds;
    const double wanted = ceil(BATCH_SECONDS * rate / (double)work->result.cells / 1024.0) * 1024.0;
    return wanted < (double)work->trials ? (uint32_t)wanted : work->trials;
}

/* Processor time, in s, that this process and the processes of the device's driver have used so far. */
static double processor_time(const struct zem_device *device, const struct zem_engine *engine)
{
    return zem_clock_process()
           + (device->backend->processor_seconds != NULL ? device->backend->processor_seconds(engine) : 0.0);
}

/* Flies the timed repetitions on `engine`, which is the opened device. If the digests of a repetition differ from those
 * of the warm-up, the result is not valid. */
static int fly_repetitions(struct work *work, const struct zem_device *device, struct zem_engine *engine,
                           const struct zem_bench_options *options, struct zem_bench_result *result,
                           struct zem_error *error)
{
    const uint32_t chunk = chunk_of(work, result);
    struct zem_energy energy;
    double joules = 0.0;
    int status = ZEM_OK;
    result->processor_share = device->is_gpu ? NAN : 1.0;
    zem_energy_begin(&energy, device);
    for (unsigned k = 0; status == 0 && k < options->repeat; k++) {
        zem_energy_joules(&energy); /* starts the energy count of this repetition */
        const double start = zem_clock_now(), processor_start = processor_time(device, engine);
        status = fly_pass(work, device->backend, engine, chunk, &result->kernel_seconds[k], error);
        result->pass_seconds[k] = zem_clock_now() - start;
        joules += zem_energy_joules(&energy);
        const double share =
            (processor_time(device, engine) - processor_start) / (result->threads * result->pass_seconds[k]);
        result->processor_share = share < result->processor_share ? share : result->processor_share;
        zem_result_digest(&work->result);
        if (strcmp(work->result.digest, result->digest) != 0
            || strcmp(work->result.miss_digest, result->miss_digest) != 0) {
            result->valid = false;
            snprintf(result->proof, sizeof result->proof,
                     "repetition %u computed something else than the run before it", k + 1);
        }
        if (status == 0 && zem_interrupted)
            status = zem_error_set(error, ZEM_STOPPED, "bench: stopped by a signal");
    }
    result->joules = joules / options->repeat;
    result->energy_source = energy.source;
    result->clock = zem_energy_clock(&energy, device);
    zem_energy_end(&energy);
    return status;
}

/* Proves the counts of a challenge, for which no digest is stored. Some cells are flown again on one processor thread
 * without vectors, and every count is compared with that of the last repetition. The digest of the whole result chooses
 * the cells, so nobody can know them before all the work is done. */
static int prove_challenge(const struct work *work, struct zem_bench_result *result, struct zem_error *error)
{
    const size_t words = work->result.words;
    const uint64_t wanted = PROOF_TRIALS / work->trials, count = wanted < 1                    ? 1
                                                                 : wanted < work->result.cells ? wanted
                                                                                               : work->result.cells;
    const struct zem_device scalar = {.backend = &zem_backend_openmp, .name = "openmp"};
    struct zem_engine_options engine_options = {.isa = "scalar"};
    struct zem_engine *engine = NULL;
    uint64_t *tally = calloc(words, sizeof *tally), differing = 0;
    char part[9] = "";
    memcpy(part, result->digest, 8);
    uint64_t cell = strtoul(part, NULL, 16) % work->result.cells;
    zem_run_engine_options(&work->scenario, &engine_options);
    int status = tally != NULL ? scalar.backend->open(&scalar, &engine_options, &engine, error)
                               : zem_error_set(error, ZEM_INTERNAL, "bench: no memory for a tally");
    for (uint64_t k = 0; status == 0 && k < count; k++, cell = (cell + 1) % work->result.cells) {
        struct zem_batch batch;
        double seconds;
        batch_of(work, 0, work->trials, tally, &batch);
        batch.cells = &work->cells[cell];
        batch.cell_count = 1;
        status = scalar.backend->submit(engine, &batch, error);
        if (status == 0)
            status = scalar.backend->collect(engine, &seconds, error);
        for (size_t word = 0; word < words; word++)
            if (tally[word] != zem_result_word(&work->result, cell, word)) {
                differing++;
                break;
            }
    }
    if (engine != NULL)
        scalar.backend->close(engine);
    free(tally);
    result->valid = result->valid && status == 0 && differing == 0;
    if (differing > 0)
        snprintf(result->proof, sizeof result->proof, "%" PRIu64 " of %" PRIu64 " recomputed cells differ", differing,
                 count);
    else if (result->valid)
        snprintf(result->proof, sizeof result->proof,
                 "%" PRIu64 " of %" PRIu64 " cells recomputed with the scalar engine, %" PRIu64 " trials", count,
                 work->result.cells, count * work->trials);
    return status;
}

bool zem_bench_digest_stored(const struct zem_bench_deck *deck)
{
    return deck->digest[0] != '\0' && deck->digest_kernel == ZEM_KERNEL_VERSION;
}

bool zem_bench_digest_matches(const struct zem_bench_deck *deck, const char *digest, const char *miss_digest)
{
    return zem_bench_digest_stored(deck) && strcmp(deck->digest, digest) == 0
           && strcmp(deck->miss_digest, miss_digest) == 0;
}

static void prove_stored(struct zem_bench_result *result)
{
    if (!result->valid)
        return;
    result->valid = zem_bench_digest_matches(result->deck, result->digest, result->miss_digest);
    if (!zem_bench_digest_stored(result->deck))
        snprintf(result->proof, sizeof result->proof, "no digest of the deck is stored for kernel version %d",
                 ZEM_KERNEL_VERSION);
    else
        snprintf(result->proof, sizeof result->proof,
                 result->valid ? "both digests are those of the deck" : "the digests are not those of the deck");
}

/* Measures the peak rates of the device and keeps the highest so far. It is called before, between and after the
 * flights, because an idle processor has not yet reached its full clock rate, and a device that other programs use
 * shows less than its peak. */
static void raise_peak(struct zem_bench_result *result, const struct zem_device *device,
                       const struct zem_bench_options *options)
{
    struct zem_peak peak;
    zem_peak_measure(device, &(struct zem_engine_options){.threads = options->threads, .isa = options->isa}, &peak);
    result->peak.flops = fmax(result->peak.flops, peak.flops);
    result->peak.issue = fmax(result->peak.issue, peak.issue);
}

/* Raises the peak rates to the rates that the deck itself has reached if these are higher, so that no rate of the deck
 * exceeds the peak. */
static void cover_own_rate(struct zem_bench_result *result)
{
    const double flops = zem_bench_peak_share(result), issue = zem_bench_issue_share(result);
    result->peak.flops *= fmax(flops, 1.0);
    result->peak.issue *= fmax(issue, 1.0);
}

static int measure(struct work *work, const struct zem_device *device, const struct zem_bench_options *options,
                   struct zem_bench_result *result, struct zem_error *error)
{
    struct zem_engine_options engine_options = {.threads = options->threads, .isa = options->isa};
    struct zem_engine *engine = NULL;
    char text[160];
    zem_run_engine_options(&work->scenario, &engine_options);
    const double start = zem_clock_now();
    int status = device->backend->open(device, &engine_options, &engine, error);
    result->open_seconds = zem_clock_now() - start;
    if (status == 0) {
        device->backend->describe(engine, result->engine, sizeof result->engine);
        result->lanes = device->is_gpu ? GPU_LANES : device->backend->lanes(engine);
        snprintf(text, sizeof text, "deck %s on %s: warm-up", result->deck->name, device->name);
        say(options, text);
        status = fly_first_run(work, device, options, result, error);
    }
    if (status == 0) {
        raise_peak(result, device, options);
        snprintf(text, sizeof text, "deck %s on %s: %u timed repetitions", result->deck->name, device->name,
                 options->repeat);
        say(options, text);
        status = fly_repetitions(work, device, engine, options, result, error);
    }
    if (engine != NULL)
        device->backend->close(engine);
    if (status == 0 && options->challenge != NULL)
        status = prove_challenge(work, result, error);
    else if (status == 0)
        prove_stored(result);
    return status;
}

int zem_bench_measure(const struct zem_bench_deck *deck, const struct zem_device *device,
                      const struct zem_bench_options *options, struct zem_bench_result *result, struct zem_error *error)
{
    struct work work = {.cells = NULL};
    memset(result, 0, sizeof *result);
    result->deck = deck;
    result->repeat = options->repeat;
    result->valid = true;
    result->is_gpu = device->is_gpu;
    snprintf(result->device, sizeof result->device, "%s", device->name);
    snprintf(result->description, sizeof result->description, "%s", device->description);
    int status = work_prepare(&work, deck, options->challenge, error);
    if (status == 0) {
        result->challenged = options->challenge != NULL;
        result->challenge = result->challenged ? *options->challenge : 0;
        result->seed = work.scenario.value[ZEM_KEY_SEED].integer;
        result->cells = work.result.cells;
        result->trials = work.result.cells * work.trials;
        result->engagements = result->trials * work.shots;
        result->threads = device->is_gpu                                                   ? 0
                          : options->threads > 0 && device->backend == &zem_backend_openmp ? options->threads
                                                                                           : device->compute_units;
        raise_peak(result, device, options);
        status = measure(&work, device, options, result, error);
    }
    if (status == 0) {
        raise_peak(result, device, options);
        result->kernel = zem_bench_spread_of(result->kernel_seconds, result->repeat);
        result->pass = zem_bench_spread_of(result->pass_seconds, result->repeat);
        cover_own_rate(result);
    }
    work_free(&work);
    return status;
}
