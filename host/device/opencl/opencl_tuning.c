/* The search for the quickest setting: first for the size of a work-group, then for the number of trials of a
 * work-item. Each size needs another build of the kernels. The number of trials is an argument of the launch. The sizes
 * tried on processors were chosen by measurements with PoCL. Those tried on GPUs follow from the usual sizes of warps
 * and register files; no measurement on a GPU supports them. */
#include "device/opencl/opencl_tuning.h"

#include "base/clock.h"
#include "base/hash.h"
#include "device/opencl/embedded_kernels.h"
#include "device/opencl/opencl_flags.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRIALS_FIXED 64u
#define TUNING_AFTER_SECONDS 5.0 /* work on the device before it is tuned; a shorter run would not repay the search */
#define SEARCH_SECONDS 1.0       /* time of a search after which no further setting is tried */
#define PROBE_SECONDS 0.04       /* intended time of one flight */
#define REPEAT 2                 /* flights with a setting; the quickest counts, since the first may load the kernel */
#define GAIN 0.98                /* a setting replaces another if it needs less than this fraction of the time */

/* The numbers that the search tries, ended by 0. The most promising come first, because the search may run out of
 * time. */
static const u32 groups_gpu[] = {128, 32, 256, 0};
static const u32 groups_cpu[] = {4, 0};
static const u32 trials_tried[] = {256, 16, 4, 0};

/* The state of one search. */
struct search {
    const struct zem_opencl_device *device;
    struct zem_opencl_flight *flight;
    size_t words;  /* words of all tallies of the batch */
    u64 *expected; /* tallies of the setting that the search starts from; every other setting must give the same */
    u64 *counted;  /* tallies of the setting that is tried */
    double start;  /* zem_clock_now at the start, s */
};

/* ---- the setting that a run starts with ---- */

struct zem_tuning zem_opencl_tuning_fixed(const struct zem_opencl_device *device)
{
    return (struct zem_tuning){.group = device->group, .trials = TRIALS_FIXED};
}

/* Returns a hash of the kernels' source. It is part of a key of the cache, in addition to the kernel version, because a
 * change of the source that keeps every result may still change the speed. */
static uint64_t kernels_hash(void)
{
    return zem_hash_bytes(ZEM_HASH_START, zem_embedded_kernels, strlen(zem_embedded_kernels));
}

/* A key of the cache, with the texts to which it points. */
struct key_text {
    char device[128], driver[64], kernels[48], flags[512];
    struct zem_tuning_key key;
};

static void key_fill(const struct zem_opencl_device *device, const struct zem_engine_options *options,
                     struct key_text *text)
{
    zem_opencl_device_text(&device->cl, device->id, CL_DEVICE_NAME, text->device, sizeof text->device);
    zem_opencl_device_text(&device->cl, device->id, CL_DRIVER_VERSION, text->driver, sizeof text->driver);
    snprintf(text->kernels, sizeof text->kernels, "%u, %016" PRIx64, (unsigned)ZEM_KERNEL_VERSION, kernels_hash());
    zem_opencl_flags(options, device->lanes, 0, text->flags, sizeof text->flags);
    text->key = (struct zem_tuning_key){
        .device = text->device, .driver = text->driver, .kernels = text->kernels, .flags = text->flags};
}

/* Reads a number of up to six digits that is followed by the character `end`. Returns the text after `end`, or NULL if
 * there is no such number. */
static const char *read_number(const char *text, char end, u32 *number)
{
    const size_t digits = strspn(text, "0123456789");
    *number = digits >= 1 && digits <= 6 ? (u32)strtoul(text, NULL, 10) : 0;
    return text[digits] == end ? text + digits + (end != '\0') : NULL;
}

static bool read_setting(const char *text, struct zem_tuning *setting)
{
    const char *rest = read_number(text, 'x', &setting->group);
    return rest != NULL && read_number(rest, '\0', &setting->trials) != NULL && zem_tuning_valid(setting);
}

int zem_opencl_tuning_start(const struct zem_opencl_device *device, const struct zem_engine_options *options,
                            struct zem_opencl_tuning *tuning, struct zem_error *error)
{
    const char *wish = getenv(ZEM_OPENCL_TUNING);
    struct key_text text;
    *tuning = (struct zem_opencl_tuning){
        .setting = zem_opencl_tuning_fixed(device), .wanted = device->is_gpu, .after = TUNING_AFTER_SECONDS};
    if (wish == NULL || wish[0] == '\0') {
        key_fill(device, options, &text);
        if (zem_tuning_cache_read(&text.key, &tuning->setting)) {
            tuning->wanted = false;
            tuning->origin = ZEM_TUNING_KEPT;
        }
        return ZEM_OK;
    }
    tuning->wanted = strcmp(wish, "now") == 0;
    tuning->after = 0.0;
    if (tuning->wanted || strcmp(wish, "off") == 0)
        return ZEM_OK;
    tuning->origin = ZEM_TUNING_GIVEN;
    if (read_setting(wish, &tuning->setting))
        return ZEM_OK;
    return zem_error_set(error, ZEM_USAGE,
                         ZEM_OPENCL_TUNING "=%s: off, now or GROUPxTRIALS is needed, 1 to %u work-items of a group and "
                                           "1 to %u trials of each, such as 64x16",
                         wish, ZEM_TUNING_GROUP_MAX, ZEM_TUNING_TRIALS_MAX);
}

const char *zem_opencl_tuning_origin(const struct zem_opencl_tuning *tuning)
{
    static const char *const name[] = {[ZEM_TUNING_FIXED] = "fixed",
                                       [ZEM_TUNING_GIVEN] = "given",
                                       [ZEM_TUNING_KEPT] = "kept",
                                       [ZEM_TUNING_MEASURED] = "measured"};
    return name[tuning->origin];
}

bool zem_opencl_tuning_due(const struct zem_opencl_device *device, const struct zem_opencl_tuning *tuning,
                           const struct zem_batch *batch, double seconds)
{
    return tuning->wanted && seconds >= tuning->after
           && (u64)batch->range.trials * batch->cell_count >= zem_opencl_device_fill(device);
}

/* ---- the search ---- */

/* Returns the time in seconds that the batch takes with one setting, or infinity if it failed or gave other tallies.
 * The first call of a search stores its tallies as the expected ones. */
static double probe(struct search *s, const struct zem_opencl_program *program, u32 trials)
{
    const size_t bytes = s->words * sizeof *s->counted;
    double best = INFINITY;
    for (int k = 0; k < REPEAT; k++) {
        u64 *tallies = s->expected != NULL ? s->counted : malloc(bytes);
        double seconds = 0.0;
        if (tallies == NULL)
            return INFINITY;
        const bool flown = zem_opencl_flight_start(s->device, program, trials, s->flight, NULL) == 0
                           && zem_opencl_flight_finish(s->device, s->flight, tallies, &seconds, NULL) == 0;
        if (s->expected == NULL)
            s->expected = tallies;
        if (!flown || memcmp(tallies, s->expected, bytes) != 0)
            return INFINITY;
        best = seconds > 0.0 && seconds < best ? seconds : best;
    }
    return best;
}

static bool time_left(const struct search *s) { return zem_clock_now() - s->start < SEARCH_SECONDS; }

/* Tries the sizes of a work-group with the present number of trials. `best` is the time of the present setting, s.
 * `program` and `setting` become those of the quickest size. Returns its time, s. */
static double search_group(struct search *s, const struct zem_engine_options *options, double best,
                           struct zem_opencl_program *program, struct zem_tuning *setting)
{
    for (const u32 *group = s->device->is_gpu ? groups_gpu : groups_cpu; *group != 0 && time_left(s); group++) {
        struct zem_opencl_program candidate;
        double seconds = INFINITY;
        if (!zem_opencl_group_fits(s->device, *group))
            continue;
        if (zem_opencl_program_build(s->device, options, *group, &candidate, NULL) == 0)
            seconds = probe(s, &candidate, setting->trials);
        if (seconds < GAIN * best) {
            const struct zem_opencl_program loser = *program;
            best = seconds;
            *program = candidate;
            candidate = loser;
            setting->group = *group;
        }
        zem_opencl_program_release(s->device, &candidate);
    }
    return best;
}

/* Tries the numbers of trials of a work-item with the size of work-group found before. `best` is the time of the
 * present setting, s. `setting` becomes the quickest. */
static void search_trials(struct search *s, double best, const struct zem_opencl_program *program,
                          struct zem_tuning *setting)
{
    for (const u32 *trials = trials_tried; *trials != 0 && time_left(s); trials++) {
        const double seconds = probe(s, program, *trials);
        if (seconds < GAIN * best) {
            best = seconds;
            setting->trials = *trials;
        }
    }
}

/* Reduces the trials of a batch to a part that takes about PROBE_SECONDS. */
static void shorten(struct batch_range *range, size_t cells, double engagement_seconds)
{
    const double wanted = engagement_seconds > 0.0 ? PROBE_SECONDS / (engagement_seconds * (double)cells) : INFINITY;
    if (wanted < (double)range->trials)
        range->trials = wanted > 1.0 ? (u32)wanted : 1u;
}

void zem_opencl_tuning_measure(const struct zem_opencl_device *device, const struct zem_engine_options *options,
                               struct zem_opencl_flight *flight, double engagement_seconds,
                               struct zem_opencl_program *program, struct zem_opencl_tuning *tuning)
{
    const u32 trials = flight->batch.range.trials;
    struct search s = {.device = device,
                       .flight = flight,
                       .words = flight->batch.cell_count * device->words,
                       .start = zem_clock_now()};
    struct key_text text;
    tuning->wanted = false;
    s.counted = malloc(s.words * sizeof *s.counted);
    shorten(&flight->batch.range, flight->batch.cell_count, engagement_seconds);
    double best = s.counted != NULL ? probe(&s, program, tuning->setting.trials) : INFINITY;
    if (best < INFINITY) {
        best = search_group(&s, options, best, program, &tuning->setting);
        search_trials(&s, best, program, &tuning->setting);
        tuning->origin = ZEM_TUNING_MEASURED;
        key_fill(device, options, &text);
        zem_tuning_cache_write(&text.key, &tuning->setting);
    }
    free(s.expected);
    free(s.counted);
    flight->batch.range.trials = trials;
}
