/* The native backend. It flies a batch on all processors: each OpenMP thread takes pieces of the batch, and each lane
 * of a vector flies one trial of a piece. It is the only backend that every machine has. */
#include "base/clock.h"
#include "device/backend.h"
#include "device/native/native_engine.h"
#include "device/native/native_peak.h"

#include <errno.h>
#include <omp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct zem_engine {
    const struct zem_native_engine *native;
    unsigned threads;
    size_t words; /* words of a tally */
    struct zem_batch batch;
    bool in_flight, failed; /* failed: a thread had no memory for its tally */
    pthread_mutex_t totals; /* held while a thread adds its tally to those of the batch */
};

/* Shows a thread sanitizer that memory is ordered at the start and the end of a parallel region. The OpenMP runtime is
 * not instrumented, so the sanitizer would otherwise report races that do not exist. The sanitizer does understand a
 * mutex: threads that lock the same mutex one after the other are ordered. region_run is the only function that reads
 * memory before the lock: the argument that the compiler passes to the region. tests/threads.supp names region_run and
 * this function. */
static void order_memory(struct zem_engine *engine)
{
    pthread_mutex_lock(&engine->totals);
    pthread_mutex_unlock(&engine->totals);
}

static unsigned usable_processors(void)
{
    const int count = omp_get_num_procs();
    return count > 0 ? (unsigned)count : 1u;
}

/* Sets `text` to the name of the processor in /proc/cpuinfo, or to "processor" if the file is absent or unreadable or
 * has no name. Returns 0, or ZEM_INPUT_OUTPUT if reading fails in another way. Such a failure is an error, because
 * results store the name. */
static int processor_name(char *text, size_t size, struct zem_error *error)
{
    static const char path[] = "/proc/cpuinfo";
    snprintf(text, size, "processor");
    FILE *file = fopen(path, "r");
    if (file == NULL && (errno == ENOENT || errno == EACCES))
        return ZEM_OK;
    if (file == NULL)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "%s: cannot be opened: %s", path, strerror(errno));
    char line[256];
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "model name", 10) == 0 && strchr(line, ':') != NULL) {
            line[strcspn(line, "\n")] = '\0';
            snprintf(text, size, "%s", strchr(line, ':') + 2);
            break;
        }
    const bool failed = ferror(file) != 0;
    fclose(file);
    return failed ? zem_error_set(error, ZEM_INPUT_OUTPUT, "%s: cannot be read", path) : ZEM_OK;
}

static int openmp_list(struct zem_device_list *list, struct zem_error *error)
{
    struct zem_device *device = zem_device_append(list);
    if (device == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "no memory for the list of devices");
    char processor[128];
    if (processor_name(processor, sizeof processor, error) != ZEM_OK)
        return error->status;
    const struct zem_native_engine *best = zem_native_engine_choose(NULL, 0u, 0u, 1u);
    device->backend = &zem_backend_openmp;
    snprintf(device->name, sizeof device->name, "openmp");
    device->compute_units = usable_processors();
    snprintf(device->description, sizeof device->description, "%s, %u threads, %s with %u lanes", processor,
             device->compute_units, best != NULL ? best->isa : "no engine", best != NULL ? best->lanes : 0u);
    if (best == NULL)
        snprintf(device->reason, sizeof device->reason, "no engine was built for this processor");
    return ZEM_OK;
}

static int openmp_open(const struct zem_device *device, const struct zem_engine_options *options,
                       struct zem_engine **engine, struct zem_error *error)
{
    (void)device;
    const struct zem_native_engine *native =
        zem_native_engine_choose(options->isa, options->features_possible, options->features_certain, options->stages);
    if (native == NULL)
        return zem_error_set(error, ZEM_NO_DEVICE,
                             "openmp: this processor or this program has no engine for instruction set \"%s\"",
                             options->isa != NULL ? options->isa : "any");
    struct zem_engine *opened = calloc(1, sizeof *opened);
    if (opened == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "openmp: no memory");
    opened->native = native;
    opened->threads = options->threads > 0 ? options->threads : usable_processors();
    pthread_mutex_init(&opened->totals, NULL);
    opened->words = ZEM_TALLY_WORDS((size_t)options->radius_count, (size_t)options->shots);
    *engine = opened;
    return ZEM_OK;
}

static int openmp_submit(struct zem_engine *engine, const struct zem_batch *batch, struct zem_error *error)
{
    (void)error;
    engine->batch = *batch;
    engine->in_flight = true;
    return ZEM_OK;
}

/* Number of pieces of a batch for each thread. At the end of a batch a thread waits for half a piece on average, which
 * is 0.8 % of its time. */
#define PIECES_PER_THREAD 64u

/* Returns the number of trials in a piece; all of them are of one cell. A piece is large enough to hide its overhead,
 * and small enough to keep all threads busy to the end. The number is a multiple of the lanes. */
static u32 piece_trials(const struct zem_engine *engine)
{
    const struct zem_batch *batch = &engine->batch;
    const u64 work = (u64)batch->range.trials * batch->cell_count;
    u64 piece = work / (PIECES_PER_THREAD * engine->threads);
    piece = piece < 64u ? 64u : piece > 65536u ? 65536u : piece;
    return (u32)piece / engine->native->lanes * engine->native->lanes;
}

/* The work of one thread in a parallel region: it flies pieces until none is left. The function is not inlined, so that
 * it has a name in reports of the sanitizer. */
__attribute__((noinline)) static void region_work(struct zem_engine *engine)
{
    order_memory(engine);
    const struct zem_batch *batch = &engine->batch;
    const u32 piece = piece_trials(engine);
    const u64 pieces = ((u64)batch->range.trials + piece - 1u) / piece;
    const u64 all = pieces * batch->cell_count;
    const size_t bytes = engine->words * sizeof(u64);
    u64 *tally = malloc(bytes);
    if (tally == NULL) {
#pragma omp atomic write
        engine->failed = true;
    }
#pragma omp for schedule(dynamic, 1)
    for (u64 k = 0; k < all; k++) {
        if (tally == NULL)
            continue;
        const struct cell_parameters *cell = &batch->cells[k / pieces];
        const u32 first = (u32)(k % pieces) * piece;
        const u32 last = batch->range.trials - first < piece ? batch->range.trials : first + piece;
        memset(tally, 0, bytes);
        engine->native->fly(cell, batch->schedule != NULL ? batch->schedule + cell->schedule_first : NULL,
                            &batch->range, first, last, tally);
        u64 *total = batch->tallies + (k / pieces) * engine->words;
        pthread_mutex_lock(&engine->totals);
#pragma omp simd
        for (size_t word = 0; word < engine->words; word++)
            total[word] += tally[word];
        pthread_mutex_unlock(&engine->totals);
    }
    free(tally);
    order_memory(engine);
}

static void region_run(struct zem_engine *engine)
{
#pragma omp parallel num_threads((int)engine->threads)
    region_work(engine);
}

static int openmp_collect(struct zem_engine *engine, double *seconds, struct zem_error *error)
{
    const struct zem_batch *batch = &engine->batch;
    if (!engine->in_flight)
        return zem_error_set(error, ZEM_INTERNAL, "openmp: internal error: no batch is left to collect");
    const double begin = zem_clock_now();
    memset(batch->tallies, 0, engine->words * sizeof(u64) * batch->cell_count);
    engine->failed = false;
    order_memory(engine);
    region_run(engine);
    order_memory(engine);
    *seconds = zem_clock_now() - begin;
    engine->in_flight = false;
    return engine->failed ? zem_error_set(error, ZEM_INTERNAL, "openmp: no memory for a tally") : ZEM_OK;
}

static int openmp_known_answers(struct zem_engine *engine, uint32_t count, uint32_t *answers, struct zem_error *error)
{
    (void)error;
    for (uint32_t k = 0; k < count; k++)
        engine->native->known_answer(k, answers + (size_t)k * ZEM_KNOWN_ANSWERS);
    return ZEM_OK;
}

static void openmp_describe(const struct zem_engine *engine, char *text, size_t size)
{
    snprintf(text, size, "%s, %u lanes, %u threads, kernel \"%s\"", engine->native->isa, engine->native->lanes,
             engine->threads, engine->native->variant);
}

static unsigned openmp_lanes(const struct zem_engine *engine) { return engine->native->lanes; }

static void openmp_close(struct zem_engine *engine)
{
    pthread_mutex_destroy(&engine->totals);
    free(engine);
}

const struct zem_backend zem_backend_openmp = {
    .name = "openmp",
    .list = openmp_list,
    .open = openmp_open,
    .submit = openmp_submit,
    .collect = openmp_collect,
    .known_answers = openmp_known_answers,
    .describe = openmp_describe,
    .lanes = openmp_lanes,
    .close = openmp_close,
    .measure_peak = zem_native_peak_measure,
    .depth = 1,
};
