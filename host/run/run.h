/* A run of a scenario: cells are derived, their trials are flown in batches on all chosen devices, tallies are added,
 * and the precision rule decides whether more trials are needed. A run prints nothing; it reports through the callbacks
 * of its options. */
#ifndef ZEM_RUN_H
#define ZEM_RUN_H

#include "device/backend.h"
#include "result/result.h"

struct zem_progress {
    uint64_t trials_done;
    uint64_t trials_total; /* with a precision to reach: what the present estimates ask for */
    double seconds;        /* elapsed time, with that of the run before a checkpoint and without pauses */
    bool paused;           /* at the wish of the user */
};

/* What a person may want of a run that is under way. */
enum zem_run_wish {
    ZEM_WISH_NONE,
    ZEM_WISH_PAUSE, /* or to go on after a pause */
    ZEM_WISH_CHECKPOINT
};

/* How to run. All zero but devices and shards is a plain run. */
struct zem_run_options {
    const char *devices;   /* text of --device; NULL means "auto" */
    unsigned threads;      /* openmp: 0 means all processors */
    const char *isa;       /* openmp: NULL means the best instruction set */
    uint32_t batch_trials; /* trials of a batch; 0 means sized by time. It never changes the result */
    enum zem_interval_method interval_method; /* zem_run_estimate alone: of the result that is planned */
    /* Trials to fly of each cell of the shard, in place of run.trials and run.precision; NULL for those. */
    const uint64_t *cell_trials;
    uint64_t shard, shards; /* fly the trials shard, shard + shards, ...; shard 0 of 1 is every trial */
    /* File for checkpoints (checkpoint.h), written at intervals and after a signal; NULL for none. The caller removes
     * it. */
    const char *checkpoint;
    bool resume; /* go on from the checkpoint if it exists */
    /* A finished result to go on from if there is no checkpoint (extension.h); NULL for none. */
    const struct zem_result *extended;
    double checkpoint_seconds; /* time between two checkpoints; 0 means that none is written */
    double patience;     /* time without progress after which a device counts as hung, s; 0: ZEM_DEVICE_PATIENCE */
    double audit;        /* fraction of the batches that are flown again by another engine and compared */
    bool step_check;     /* fly a share of the trials again with half the steps (step_flight.h) */
    bool strict_devices; /* the run fails if a device does; else others, and at last the processor, do its work */
    void (*progress)(void *context, const struct zem_progress *progress); /* called a few times a second; may be NULL */
    void (*message)(void *context, const char *text); /* gets sentences without a newline, "using ..."; may be NULL */
    enum zem_run_wish (*wish)(void *context); /* asked a few times a second while trials are flown; may be NULL */
    void *context;                            /* passed to all callbacks */
};

/* Checks what only cells can tell beyond the checks of the scenario itself: whether they can be derived, whether their
 * totals fit into memory, whether a limit acts on white noise, and whether run.step is long for a filter or a budget.
 * Adds to `diagnostics`; returns 0 or ZEM_BAD_INPUT. */
int zem_run_check(const struct zem_scenario *scenario, struct zem_diagnostics *diagnostics);

/* Fills what an engine is compiled or selected for: union and intersection of the features of all cells, the number of
 * autopilot stages if all cells agree, radii and shots. `threads` and `isa` stay as they are. */
void zem_run_engine_options(const struct zem_scenario *scenario, struct zem_engine_options *options);

/* What a run will cost, for `zem check`. */
struct zem_run_estimate {
    uint64_t cells;
    bool adaptive;                     /* some cell has a precision to reach */
    double trials_most;                /* of all cells, if no precision ends a cell early */
    double trials;                     /* of all cells, as the estimates of a pilot ask for */
    uint64_t cells_missing;            /* cells whose estimates ask for more trials than run.trials allows */
    double steps_per_trial;            /* mean over some cells */
    uint64_t memory_bytes, file_bytes; /* without samples (sample_size.h) */
    double seconds;                    /* from pilots on the chosen devices; NaN if that failed */
};

/* Estimates the cost of a run from pilots, which are short runs of the scenario itself. A run to a precision that takes
 * little time is flown whole, because its rounds cost as much as its trials. Returns what the pilots return. */
int zem_run_estimate(const struct zem_scenario *scenario, const struct zem_run_options *options,
                     struct zem_run_estimate *estimate, struct zem_error *error);

/* Runs a scenario. The caller has initialised `result` by zem_result_init, and by zem_samples_init if samples are to be
 * kept; the run fills totals, stop reasons, samples, counts of the step check, digests and provenance. After a signal
 * it returns ZEM_STOPPED_RESUMABLE if a checkpoint was written, else ZEM_STOPPED; the totals are then those of the
 * batches counted so far. Other failures: ZEM_NO_DEVICE, ZEM_SELF_TEST_FAILED, and what zem_checkpoint_read returns. */
int zem_run(const struct zem_scenario *scenario, const struct zem_run_options *options, struct zem_result *result,
            struct zem_error *error);

#endif
