/* Runs a scenario: derive cells, plan batches, dispatch them to the engines, add tallies, apply the precision rule. */
#ifndef ZEM_RUN_H
#define ZEM_RUN_H

#include "device/backend.h"
#include "result/result.h"

struct zem_progress {
    uint64_t trials_done, trials_total; /* of the largest possible number of trials */
    double seconds;
};

struct zem_run_options {
    const char *devices;         /* text of --device, "auto" */
    unsigned threads;            /* openmp: 0 means all */
    const char *isa;             /* openmp: NULL means the best */
    uint32_t batch_trials;       /* trials of one batch per cell, 0 means sized by time; never changes the result */
    uint64_t trials_limit;       /* flies at most so many trials of every cell; 0 means all. For estimates of time */
    const uint64_t *cell_trials; /* NULL, or how many trials to fly of each cell (of the shard), in place of run.trials
                                    and precision */
    uint64_t shard, shards;      /* this shard computes trials shard, shard + shards, ...; 0 of 1 is everything */
    const char *checkpoint; /* file for checkpoints (checkpoint.h), written now and then and after a signal; NULL: none.
                               Removed by the caller */
    bool resume;            /* go on from it if it exists */
    double checkpoint_seconds;                                            /* between two of them; 0: none is written */
    void (*progress)(void *context, const struct zem_progress *progress); /* may be NULL; called a few times a second */
    void (*message)(void *context,
                    const char *text); /* may be NULL; one sentence without newline, such as "using openmp ..." */
    void *context;
};

/* Checks beyond the scenario's own: what needs cells, such as trials beyond the counter space, memory, parts not built
 * yet. Adds to `diagnostics`; returns 0 or ZEM_BAD_INPUT. */
int zem_run_check(const struct zem_scenario *scenario, struct zem_diagnostics *diagnostics);

/* Fills what the cells of a scenario ask of an engine: union and intersection of their features, the number of
 * autopilot stages if they agree, radii and shots. Leaves threads and isa alone. */
void zem_run_engine_options(const struct zem_scenario *scenario, struct zem_engine_options *options);

/* What a run will cost, for `check`. */
struct zem_run_estimate {
    uint64_t cells;
    double trials; /* upper bound, all cells */
    double steps_per_trial;
    uint64_t memory_bytes, file_bytes; /* without single trials (samples.h) */
    double seconds;                    /* from a short measured run on the chosen device; NaN if not measured */
};
int zem_run_estimate(const struct zem_scenario *scenario, const struct zem_run_options *options,
                     struct zem_run_estimate *estimate, struct zem_error *error);

/* Runs; `result` is initialised by the caller (zem_result_init; zem_samples_init if single trials are to be kept) and
 * gets totals, stop reasons, single trials, digest and provenance. 0; after a signal ZEM_STOPPED_RESUMABLE if a
 * checkpoint was written, else ZEM_STOPPED (totals are those of whole batches, but not all); ZEM_NO_DEVICE;
 * ZEM_SELF_TEST_FAILED; what zem_checkpoint_read returns. */
int zem_run(const struct zem_scenario *scenario, const struct zem_run_options *options, struct zem_result *result,
            struct zem_error *error);

#endif
