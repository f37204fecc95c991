/* The hardware benchmark: flies a deck on a device, proves by its digest that the work was done, and takes its time.
 * command_bench.c asks for it, bench_report.c prints what it found. Uses devices through backend.h alone. */
#ifndef ZEM_BENCH_H
#define ZEM_BENCH_H

#include "bench/bench_deck.h"
#include "bench/peak.h"
#include "device/backend.h"

#include <stdbool.h>

#define ZEM_BENCH_REPEAT_MAX 1000

struct zem_bench_options {
    const char *isa;                                  /* openmp: NULL means the best */
    unsigned threads;                                 /* openmp: 0 means all */
    unsigned repeat;                                  /* timed repetitions, at least 1 */
    const uint64_t *challenge;                        /* NULL: the deck's own seed */
    void (*message)(void *context, const char *text); /* what is being done; may be NULL */
    void *context;
};

/* Order statistics of the timed repetitions, s. */
struct zem_bench_spread {
    double least, lower_quartile, median, upper_quartile, most;
};

struct zem_bench_result {
    const struct zem_bench_deck *deck;
    bool challenged;
    uint64_t challenge, seed;
    char device[32], description[256], engine[256];
    bool is_gpu;
    unsigned lanes;         /* trials that end together: vector lanes, 32 on a GPU */
    uint64_t cells, trials; /* trials of all cells */
    uint64_t engagements;   /* trials x shots */
    unsigned repeat;
    double kernel_seconds[ZEM_BENCH_REPEAT_MAX], pass_seconds[ZEM_BENCH_REPEAT_MAX];
    struct zem_bench_spread kernel, pass; /* time of the device alone; with transfers and the adding of tallies */
    double open_seconds;                  /* opening the device and building its kernels */
    double first_run_seconds;             /* a whole run as `zem run` does it, which is the warm-up */
    struct zem_peak peak;
    double joules; /* of a timed repetition, mean; NaN if not readable */
    const char *energy_source;
    double processor_share; /* of the processor time that the threads could have had, least of the repetitions; NaN for
                               a GPU */
    double clock;           /* Hz, after the last repetition; NaN if not readable */
    char digest[65], miss_digest[65];
    bool valid;
    char proof[160]; /* how the digest was proved, or why the result is not valid */
};

/* Flies a deck on one device. A device that computes something else than the deck gives valid = false, not an error. */
int zem_bench_measure(const struct zem_bench_deck *deck, const struct zem_device *device,
                      const struct zem_bench_options *options, struct zem_bench_result *result,
                      struct zem_error *error);

/* Order statistics of `count` times; quartiles are interpolated between neighbours. */
struct zem_bench_spread zem_bench_spread_of(const double *seconds, unsigned count);

/* Whether stored digests of the deck for this kernel version exist and are these. */
bool zem_bench_digest_stored(const struct zem_bench_deck *deck);
bool zem_bench_digest_matches(const struct zem_bench_deck *deck, const char *digest, const char *miss_digest);

/* Derived figures. 0 where something they need is not known. */
double zem_bench_engagement_rate(const struct zem_bench_result *result);
double zem_bench_step_rate(const struct zem_bench_result *result);
double zem_bench_peak_share(
    const struct zem_bench_result *result); /* floating-point operations / measured rate of fused multiply-adds */
double zem_bench_issue_share(
    const struct zem_bench_result *result); /* all lane operations / measured rate of lane operations */

#endif
