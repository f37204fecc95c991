/* A run of a scenario: cells are derived, their trials are flown in batches on all chosen devices, the tallies of the
 * batches are added, and the precision rule decides whether more trials are needed. A run prints nothing; it reports
 * through the callbacks of its options. */
#ifndef ZEM_RUN_H
#define ZEM_RUN_H

#include "device/backend.h"
#include "result/result.h"

struct zem_progress {
    uint64_t trials_done;
    uint64_t trials_total; /* with a precision to reach: the number expected from the present estimates */
    double seconds;        /* elapsed time, which includes the time before a checkpoint and leaves out pauses */
    bool paused;           /* the user has paused the run */
};

/* What the user may ask for while a run is under way. */
enum zem_run_wish {
    ZEM_WISH_NONE,
    ZEM_WISH_PAUSE, /* pause, or go on after a pause */
    ZEM_WISH_CHECKPOINT
};

/* How to run. A structure of zeros flies every trial on the devices "auto", without checkpoints. */
struct zem_run_options {
    const char *devices; /* text of --device; NULL means "auto" */
    unsigned threads;    /* openmp: 0 means all processors */
    const char *isa;     /* openmp: NULL means the best instruction set */
    /* Most trials of a batch. The first batch of a device may be smaller, and so may one that would take more than 2 s.
     * 0: sized so that a batch takes about 0.1 s. The result never depends on it. */
    uint32_t batch_trials;
    enum zem_interval_method interval_method; /* only for zem_run_estimate: the interval method of the planned result */
    /* Per cell the number of trials to fly in this shard, in place of run.trials and run.precision; NULL: as the
     * scenario says. With cell_trials, `checkpoint` must be NULL, and `extended` and `step_check` have no effect. */
    const uint64_t *cell_trials;
    uint64_t shard, shards; /* fly the trials shard, shard + shards, ...; shard 0 of 1 is the whole run */
    /* The file for checkpoints (checkpoint.h), which are written at intervals and after a signal; NULL for none. The
     * caller removes the file. */
    const char *checkpoint;
    bool resume; /* go on from the checkpoint if it exists */
    /* A finished result from which the run goes on if there is no checkpoint (extension.h); NULL for none. */
    const struct zem_result *extended;
    double checkpoint_seconds; /* time between two checkpoints; 0 means that none is written */
    double patience; /* time without progress after which a device counts as hung, s; 0: ZEM_DEVICE_PATIENCE */
    double audit;    /* fraction of the batches that are flown again by another engine and compared */
    bool step_check; /* fly a share of the trials again with steps half as long (step_flight.h) */
    /* If set, the run fails when a device fails. Otherwise the other devices, and at last the processor, do the work of
     * that device. */
    bool strict_devices;
    void (*progress)(void *context, const struct zem_progress *progress); /* called a few times a second; may be NULL */
    void (*message)(void *context, const char *text); /* gets sentences without a newline, "using ..."; may be NULL */
    enum zem_run_wish (*wish)(void *context); /* asked a few times a second while trials are flown; may be NULL */
    void *context;                            /* passed to all callbacks */
};

/* Checks what shows only when cells are derived, beyond the checks of the scenario itself: whether they can be derived,
 * whether their totals fit into memory, whether the acceleration limit acts on white noise, whether a radome slope
 * makes the guidance loop unstable, and whether run.step is long for a Kalman filter or a divert budget. Adds to
 * `diagnostics`. Returns 0 or ZEM_BAD_INPUT. */
int zem_run_check(const struct zem_scenario *scenario, struct zem_diagnostics *diagnostics);

/* Fills the options for which an engine, the kernels built for a device, is compiled or selected: the features that
 * some cell has and those that all cells have, the number of autopilot stages if it is the same in all cells, hit radii
 * and shots. `threads` and `isa` stay as they are. */
void zem_run_engine_options(const struct zem_scenario *scenario, struct zem_engine_options *options);

/* What a run will cost, for `zem check`. A pilot is a short run of the scenario that is flown for the estimate. */
struct zem_run_estimate {
    uint64_t cells;
    bool adaptive;                     /* some cell has a precision to reach */
    double trials_most;                /* trials of all cells if no precision ends a cell early */
    double trials;                     /* trials of all cells that the estimates of a pilot ask for */
    uint64_t cells_missing;            /* number of cells whose estimates ask for more trials than run.trials allows */
    uint64_t cells_sampled;            /* number of cells, spread evenly, that the next two lines are about */
    double steps_per_trial;            /* mean */
    double step[2], step_ratio[2];     /* run.step (s) and run.step_ratio: smallest, largest */
    uint64_t memory_bytes, file_bytes; /* without samples (sample_size.h) */
    double seconds;                    /* expected time from pilots on the chosen devices, s; NaN if that failed */
};

/* Estimates the cost of a run from pilots. A run to a precision that takes little time is flown whole, because its
 * rounds cost as much as its trials. Returns 0, or the status of a pilot that failed. */
int zem_run_estimate(const struct zem_scenario *scenario, const struct zem_run_options *options,
                     struct zem_run_estimate *estimate, struct zem_error *error);

/* Runs a scenario. The caller has initialised `result` by zem_result_init, and by zem_samples_init if samples are to be
 * kept. The run fills totals, stop reasons, samples, counts of the step check, digests and provenance; with cell_trials
 * it leaves out stop reasons, samples and step check. After a signal it returns ZEM_STOPPED_RESUMABLE if a checkpoint
 * was written, else ZEM_STOPPED; the totals are then those of the batches counted so far. Other failures:
 * ZEM_NO_DEVICE, ZEM_SELF_TEST_FAILED, ZEM_INTERNAL, ZEM_INPUT_OUTPUT if the name of the processor cannot be read,
 * ZEM_USAGE for run.precision with several shards and as zem_workers_open returns it, ZEM_BAD_INPUT if a cell cannot be
 * derived or `extended` is damaged, and those of zem_checkpoint_read. */
int zem_run(const struct zem_scenario *scenario, const struct zem_run_options *options, struct zem_result *result,
            struct zem_error *error);

#endif
