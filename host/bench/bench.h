/* The hardware benchmark. It flies a deck, which is a fixed scenario of the benchmark, on a device and measures the
 * time. The digest of the counts proves that the work was done. command_bench.c calls these functions and
 * bench_report.c prints the result. */
#ifndef ZEM_BENCH_H
#define ZEM_BENCH_H

#include "bench/bench_deck.h"
#include "bench/peak.h"
#include "device/backend.h"

#include <stdbool.h>

#define ZEM_BENCH_REPEAT_MAX 1000

struct zem_bench_options {
    const char *isa;           /* instruction set of the processor's device "openmp"; NULL means the best */
    unsigned threads;          /* threads of the device "openmp"; 0 means all processors */
    unsigned repeat;           /* timed repetitions, 1 to ZEM_BENCH_REPEAT_MAX */
    const uint64_t *challenge; /* number from which the seed is made; NULL means the seed of the deck */
    void (*message)(void *context, const char *text); /* gets a sentence about each step; may be NULL */
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
    unsigned threads;       /* threads on the processor; 0 for a GPU */
    unsigned lanes;         /* trials that run in lockstep: lanes of a vector, or 32 on a GPU */
    uint64_t cells, trials; /* cells of the deck, and trials of all of them */
    uint64_t engagements;   /* trials times shots of a trial */
    unsigned repeat;
    double kernel_seconds[ZEM_BENCH_REPEAT_MAX], pass_seconds[ZEM_BENCH_REPEAT_MAX];
    struct zem_bench_spread kernel; /* time of the device alone */
    struct zem_bench_spread pass;   /* elapsed time, including transfers and adding the counts */
    double open_seconds;            /* time to open the device and build its kernels */
    double first_run_seconds;       /* time of the warm-up, which is a whole run as of `zem run` */
    struct zem_peak peak;
    double joules; /* mean energy of a repetition, J; NaN if it cannot be read */
    const char *energy_source;
    /* Processor time of the threads divided by threads times elapsed time; the least of all repetitions. NaN for a
     * GPU. */
    double processor_share;
    double clock; /* clock rate after the last repetition, Hz; NaN if it cannot be read */
    char digest[65], miss_digest[65];
    bool valid;
    char proof[160]; /* how the digest was proved, or why the result is not valid */
};

/* Measures a deck on one device and fills `result`. If the device computes wrong counts, the function returns 0 and
 * `result->valid` is false. It returns an error if the device cannot be opened or fails during the flight. */
int zem_bench_measure(const struct zem_bench_deck *deck, const struct zem_device *device,
                      const struct zem_bench_options *options, struct zem_bench_result *result,
                      struct zem_error *error);

/* Whether other programs used the processor during the measurement, so that the rate is too low. This is so if the
 * processor_share of the result is below ZEM_BENCH_BUSY_SHARE. */
#define ZEM_BENCH_BUSY_SHARE 0.9
bool zem_bench_disturbed(double processor_share);

/* The order statistics of `count` times, 1 to ZEM_BENCH_REPEAT_MAX. Quartiles are interpolated between neighbours. */
struct zem_bench_spread zem_bench_spread_of(const double *seconds, unsigned count);

/* zem_bench_digest_stored says whether the program holds digests of the deck for this kernel version.
 * zem_bench_digest_matches says whether it holds them and they equal the two given ones. */
bool zem_bench_digest_stored(const struct zem_bench_deck *deck);
bool zem_bench_digest_matches(const struct zem_bench_deck *deck, const char *digest, const char *miss_digest);

/* Engagements per second and steps of engagements per second, from the median time of the device. 0 if the time or the
 * number of steps is not known. */
double zem_bench_engagement_rate(const struct zem_bench_result *result);
double zem_bench_step_rate(const struct zem_bench_result *result);

/* The rate of floating-point operations as a fraction of peak.flops, and the rate of all operations as a fraction of
 * peak.issue. 0 if the number of operations of the deck or the peak is not known. */
double zem_bench_peak_share(const struct zem_bench_result *result);
double zem_bench_issue_share(const struct zem_bench_result *result);

#endif
