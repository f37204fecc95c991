/* The hardware benchmark: a deck is flown on a device, the digest proves that the work was done, and the time is
 * measured. command_bench.c calls it, bench_report.c prints the result. Devices are used through backend.h alone. */
#ifndef ZEM_BENCH_H
#define ZEM_BENCH_H

#include "bench/bench_deck.h"
#include "bench/peak.h"
#include "device/backend.h"

#include <stdbool.h>

#define ZEM_BENCH_REPEAT_MAX 1000

struct zem_bench_options {
    const char *isa;           /* openmp: NULL means the best instruction set */
    unsigned threads;          /* openmp: 0 means all processors */
    unsigned repeat;           /* timed repetitions, 1 to ZEM_BENCH_REPEAT_MAX */
    const uint64_t *challenge; /* number from which the seed is made; NULL for the deck's own seed */
    void (*message)(void *context, const char *text); /* gets a sentence about what is being done; may be NULL */
    void *context;
};

/* Order statistics of the times of the repetitions, s. */
struct zem_bench_spread {
    double least, lower_quartile, median, upper_quartile, most;
};

struct zem_bench_result {
    const struct zem_bench_deck *deck;
    bool challenged;
    uint64_t challenge, seed;
    char device[32], description[256], engine[256];
    bool is_gpu;
    unsigned threads; /* of the processor; 0 for a GPU */
    unsigned lanes;   /* trials flown in lockstep, which last as long as the longest: vector lanes, or 32 on a GPU */
    uint64_t cells, trials; /* cells of the deck, and trials of all of them */
    uint64_t engagements;   /* trials x shots */
    unsigned repeat;
    double kernel_seconds[ZEM_BENCH_REPEAT_MAX], pass_seconds[ZEM_BENCH_REPEAT_MAX];
    struct zem_bench_spread kernel; /* time of the device alone */
    struct zem_bench_spread pass;   /* elapsed time, with transfers and the addition of tallies */
    double open_seconds;            /* time to open the device and build its kernels */
    double first_run_seconds;       /* time of the warm-up, a whole run as `zem run` makes it */
    struct zem_peak peak;
    double joules; /* mean energy of a repetition; NaN if it cannot be read */
    const char *energy_source;
    /* Processor time of the threads, as a fraction of the elapsed time; the least of all repetitions. NaN for a GPU. */
    double processor_share;
    double clock; /* Hz, after the last repetition; NaN if it cannot be read */
    char digest[65], miss_digest[65];
    bool valid;
    char proof[160]; /* how the digest was proved, or why the result is not valid */
};

/* Measures a deck on one device. If the device computes something else than the deck, `valid` is false, which is no
 * failure of this function. Failures are those of opening and flying. */
int zem_bench_measure(const struct zem_bench_deck *deck, const struct zem_device *device,
                      const struct zem_bench_options *options, struct zem_bench_result *result,
                      struct zem_error *error);

/* Threads of a result with a smaller processor_share have shared the processor: its rate is not that of the device
 * alone. */
#define ZEM_BENCH_BUSY_SHARE 0.9
bool zem_bench_disturbed(double processor_share);

/* The order statistics of `count` times, 1 to ZEM_BENCH_REPEAT_MAX. Quartiles are interpolated between neighbours. */
struct zem_bench_spread zem_bench_spread_of(const double *seconds, unsigned count);

/* Whether digests of the deck are stored for this kernel version, and whether they are also equal to these two. */
bool zem_bench_digest_stored(const struct zem_bench_deck *deck);
bool zem_bench_digest_matches(const struct zem_bench_deck *deck, const char *digest, const char *miss_digest);

/* Figures that follow from the median time: engagements per second, and steps of engagements per second. 0 if something
 * that they need is not known. */
double zem_bench_engagement_rate(const struct zem_bench_result *result);
double zem_bench_step_rate(const struct zem_bench_result *result);

/* The rate of floating-point operations as a fraction of peak.flops, and the rate of all lane operations as a fraction
 * of peak.issue. 0 if the operations of the deck or the peak are not known. */
double zem_bench_peak_share(const struct zem_bench_result *result);
double zem_bench_issue_share(const struct zem_bench_result *result);

#endif
