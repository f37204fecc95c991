/* The devices of a run: opens and tests them, replaces them by the processor when none is left, and records them in the
 * provenance. worker.c has the work of an opened device. */
#include "base/interruption.h"
#include "base/parallel.h"
#include "cell/cell_causes.h"
#include "cell/cell_step.h"
#include "cell/dispersion.h"
#include "device/native/self_test.h"
#include "run/worker.h"
#include "scenario/cell_choice.h"
#include "scenario/grid.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The limits of the first batch of a device, whose speed is not known yet: the number of steps of all its trials
 * together, and the number of its trials. */
#define FIRST_BATCH_STEPS 2500000.0
#define FIRST_BATCH_MAX 16384.0

#define SCAN_GRAIN 256  /* cells that a thread scans at a time */
#define FILTER_CELLS 64 /* so many cells of a large grid are asked for the steps of their Kalman filter */

/* What is known of all cells together: the features of the model that some cell has (`possible`) and that all cells
 * have (`certain`), and the number of autopilot stages, 0 if it differs. Several threads find it: each scans some cells
 * by itself and adds what it has found under the lock. The order does not matter. */
struct scan {
    const struct zem_scenario *scenario;
    bool with_steps;
    pthread_mutex_t lock;
    bool any; /* some cell has been scanned */
    feature_set possible, certain;
    uint32_t stages;
    double longest; /* approximate number of steps of the longest flight; found only if `with_steps` is set */
};

static void scan_add(struct scan *scan, const struct scan *found)
{
    scan->stages = !scan->any || scan->stages == found->stages ? found->stages : 0;
    scan->possible |= found->possible;
    scan->certain &= found->certain;
    scan->longest = fmax(scan->longest, found->longest);
    scan->any = true;
}

/* The factor by which a Kalman filter raises the number of steps of a flight, because its estimates change fast. It is
 * found for some cells of a large grid, spread evenly over it, and is 1 for the others, because it takes as
 * long as tabulating the steps. */
static double filter_steps_of(const struct scan *scan, uint64_t cell, const struct zem_value *value)
{
    struct cell_parameters parameters;
    struct zem_error ignored = {0};
    if (!zem_cell_is_spread(cell, zem_grid_cells(scan->scenario), FILTER_CELLS) || value[ZEM_KEY_STEP].present
        || zem_choice_index(value, ZEM_KEY_ESTIMATOR) != ZEM_ESTIMATOR_KALMAN
        || zem_cell_derive(scan->scenario, cell, &parameters, &ignored) != 0)
        return 1.0;
    return zem_cell_filter_steps(&parameters);
}

static struct scan scan_cell(const struct scan *scan, uint64_t cell)
{
    struct zem_value value[ZEM_KEY_COUNT];
    zem_grid_values(scan->scenario, cell, value);
    struct scan found = {.stages = zem_causes_stages(value)};
    found.possible = found.certain = zem_cell_flown_features(scan->scenario, value);
    if (scan->scenario->resolution.by_trial)
        zem_trial_features(scan->scenario, cell, &found.possible, &found.certain, &found.stages);
    if (scan->with_steps)
        found.longest =
            zem_cell_steps(value, zem_cell_step(value), zem_cell_step_ratio(value)) * filter_steps_of(scan, cell, value)
            + 2.0 * zem_causes_samples(value);
    return found;
}

static void scan_range(void *context, size_t first, size_t last)
{
    struct scan *scan = context, all = {.certain = ~(feature_set)0};
    for (size_t cell = first; cell < last; cell++) {
        const struct scan found = scan_cell(scan, cell);
        scan_add(&all, &found);
    }
    pthread_mutex_lock(&scan->lock);
    scan_add(scan, &all);
    pthread_mutex_unlock(&scan->lock);
}

/* Fills the options that depend on all cells (zem_run_engine_options). Returns the approximate number of steps of the
 * longest flight if `with_steps` is set. */
static double scan_cells(const struct zem_scenario *scenario, bool with_steps, struct zem_engine_options *options)
{
    struct scan scan = {.scenario = scenario, .with_steps = with_steps, .certain = ~(feature_set)0, .longest = 1.0};
    pthread_mutex_init(&scan.lock, NULL);
    zem_parallel_for((size_t)zem_grid_cells(scenario), SCAN_GRAIN, options->threads, scan_range, &scan);
    pthread_mutex_destroy(&scan.lock);
    options->features_possible = scan.possible;
    options->features_certain = scan.certain;
    options->stages = scan.stages;
    options->radius_count = (uint32_t)scenario->radius_count;
    options->shots = (uint32_t)scenario->value[ZEM_KEY_SHOTS].integer;
    return scan.longest;
}

void zem_run_engine_options(const struct zem_scenario *scenario, struct zem_engine_options *options)
{
    scan_cells(scenario, false, options);
}

/* ---- one device ---- */

int zem_worker_open(struct zem_worker *worker, struct zem_error *error)
{
    const struct zem_run_state *run = worker->run;
    int status = worker->device->backend->open(worker->device, &run->engine_options, &worker->engine, error);
    if (status == 0)
        status =
            zem_engine_self_test(worker->device, worker->engine, run->first.cells, run->first.schedules.steps, error);
    if (status == 0)
        worker->device->backend->describe(worker->engine, worker->description, sizeof worker->description);
    return status;
}

void zem_worker_close(struct zem_worker *worker)
{
    const struct zem_backend *backend = worker->device->backend;
    if (worker->engine != NULL) {
        backend->describe(worker->engine, worker->description, sizeof worker->description);
        backend->close(worker->engine);
    }
    worker->engine = NULL;
}

void zem_worker_note_failure(struct zem_worker *worker, const struct zem_error *failure)
{
    char text[sizeof worker->failure + 120];
    worker->failures++;
    worker->failure_status = failure->status;
    snprintf(worker->failure, sizeof worker->failure, "%s", failure->message);
    snprintf(text, sizeof text, "%s; %s", failure->message,
             worker->failures < ZEM_WORKER_ATTEMPTS
                 ? "its batches go back to the queue and it is tried once more in a fresh context"
                 : "it is set aside");
    zem_run_say(worker->run, text);
}

void zem_worker_set_aside(struct zem_worker *worker)
{
    struct zem_error error = {0};
    zem_worker_close(worker);
    worker->set_aside = true;
    zem_error_set(&error, worker->failure_status, "%s", worker->failure);
    if (worker->run->options->strict_devices)
        zem_run_fail(worker->run, &error);
}

static void say_using(const struct zem_worker *worker)
{
    char text[640];
    snprintf(text, sizeof text, "using %s: %s (%s)", worker->device->name, worker->device->description,
             worker->description);
    zem_run_message(worker->run->options, text);
}

/* ---- all devices ---- */

/* Opens a device as the next worker. A device that fails is kept as a worker that is set aside, for the provenance. */
static int worker_add(struct zem_run_state *run, const struct zem_device *device, struct zem_error *refusal)
{
    struct zem_worker *worker = &run->workers[run->worker_count++];
    *refusal = (struct zem_error){0};
    *worker = (struct zem_worker){
        .run = run, .device = device, .cells_max = run->cells_max, .pool = zem_schedule_pool_create()};
    const int status = worker->pool != NULL
                           ? zem_worker_open(worker, refusal)
                           : zem_error_set(refusal, ZEM_INTERNAL, "no memory for device %s", device->name);
    if (status == 0) {
        say_using(worker);
        return ZEM_OK;
    }
    zem_worker_close(worker);
    worker->failures = 1;
    worker->failure_status = status;
    worker->set_aside = true;
    snprintf(worker->failure, sizeof worker->failure, "%s", refusal->message);
    return status;
}

static bool any_left(const struct zem_run_state *run)
{
    bool left = false;
    for (size_t k = 0; k < run->worker_count; k++)
        left = left || !run->workers[k].set_aside;
    return left;
}

/* Opens the processor as a worker, unless it is one already. Returns whether it can be used. */
static bool add_processor(struct zem_run_state *run, struct zem_error *refusal)
{
    const struct zem_device_list *list = &run->list;
    for (size_t k = 0; k < run->worker_count; k++)
        if (run->workers[k].device->backend == &zem_backend_openmp)
            return false;
    for (size_t k = 0; k < list->count; k++)
        if (list->items[k].backend == &zem_backend_openmp)
            return worker_add(run, &list->items[k], refusal) == 0;
    return false;
}

/* Opens and tests the chosen devices. Devices that fail are left out with a message if others work. If none works, the
 * processor takes their place if the devices are "auto"; otherwise the run fails with the first reason. With
 * `strict_devices` the run fails if any device does. */
static int workers_open_chosen(struct zem_run_state *run, const size_t *chosen, size_t chosen_count,
                               struct zem_error *error)
{
    const struct zem_run_options *options = run->options;
    const bool automatic = options->devices == NULL || strcmp(options->devices, "auto") == 0;
    struct zem_error refusal = {0}, first = {0};
    for (size_t k = 0; k < chosen_count && (first.status == 0 || !options->strict_devices); k++) {
        worker_add(run, &run->list.items[chosen[k]], &refusal);
        first = first.status == 0 ? refusal : first;
    }
    bool left = any_left(run) && (first.status == 0 || !options->strict_devices);
    if (!left && automatic && !options->strict_devices)
        left = add_processor(run, &refusal);
    for (size_t k = 0; k < run->worker_count && left; k++)
        if (run->workers[k].set_aside)
            zem_run_message(options, run->workers[k].failure);
    return left ? ZEM_OK : zem_error_set(error, first.status, "%s", first.message);
}

/* Derives the first cell of the scenario once, on which every device is tested, and opens the devices. */
int zem_workers_open(struct zem_run_state *run, struct zem_error *error)
{
    const struct zem_device_list *list = &run->list;
    const char *wish = run->options->devices != NULL ? run->options->devices : "auto";
    struct zem_error left_out = {0};
    size_t *chosen = calloc(list->count + 1, sizeof *chosen), chosen_count = 0;
    run->workers = calloc(list->count + 1, sizeof *run->workers);
    run->first.piece = (struct zem_work_piece){.cell_count = 1, .trials = 1};
    run->engine_options = (struct zem_engine_options){
        .threads = run->options->threads, .isa = run->options->isa, .patience = run->options->patience};
    const double steps = scan_cells(run->scenario, true, &run->engine_options);
    const size_t cells_max = 1 + (size_t)(ZEM_SCHEDULE_STEPS_MAX / steps);
    run->cells_max = cells_max < ZEM_BATCH_CELLS_MAX ? cells_max : ZEM_BATCH_CELLS_MAX;
    run->first_batch = 1 + (uint64_t)fmin(FIRST_BATCH_STEPS / steps, FIRST_BATCH_MAX);
    run->first_pool = zem_schedule_pool_create();
    int status = chosen != NULL && run->workers != NULL && run->first_pool != NULL
                     ? ZEM_OK
                     : zem_error_set(error, ZEM_INTERNAL, "no memory for devices");
    if (status == 0)
        status = zem_devices_choose(list, wish, chosen, &chosen_count, run->options->strict_devices ? NULL : &left_out,
                                    error);
    if (status == 0 && left_out.status == 0 && list->opencl_failure[0] != '\0')
        zem_error_set(&left_out, ZEM_NO_DEVICE, "%s", list->opencl_failure);
    if (status == 0 && left_out.status != 0)
        zem_run_message(run->options, left_out.message);
    if (status == 0)
        status = zem_owned_batch_fill(&run->first, run, run->first_pool, error);
    if (status == 0)
        status = workers_open_chosen(run, chosen, chosen_count, error);
    free(chosen);
    return status;
}

int zem_workers_replace(struct zem_run_state *run)
{
    const struct zem_worker *last = &run->workers[run->worker_count - 1];
    struct zem_error refusal = {0};
    if (any_left(run) || run->error.status != 0)
        return run->error.status;
    if (add_processor(run, &refusal))
        return ZEM_OK;
    refusal = (struct zem_error){0};
    zem_error_set(&refusal, last->failure_status, "%s", last->failure);
    zem_run_fail(run, &refusal);
    return run->error.status;
}

void zem_workers_close(struct zem_run_state *run)
{
    struct zem_worker *workers = run->workers;
    for (size_t k = 0; k < run->worker_count; k++) {
        zem_worker_close(&workers[k]);
        if (workers[k].auditor != NULL)
            zem_backend_openmp.close(workers[k].auditor);
        for (size_t flight = 0; flight < ZEM_WORKER_DEPTH_MAX; flight++)
            zem_owned_batch_free(&workers[k].flights[flight]);
        zem_schedule_pool_free(workers[k].pool);
    }
    zem_owned_batch_free(&run->first);
    zem_schedule_pool_free(run->first_pool);
    free(workers);
}

/* Trials that were flown before a checkpoint are listed as those of one more device, because the checkpoint does not
 * say which devices flew them. */
int zem_workers_record(const struct zem_run_state *run, struct zem_error *error)
{
    struct zem_provenance *provenance = &run->result->provenance;
    int status = ZEM_OK;
    for (size_t k = 0; status == ZEM_OK && k < run->worker_count; k++) {
        const struct zem_worker *worker = &run->workers[k];
        char name[sizeof worker->device->name], engine[256], text[600], failure[sizeof worker->failure + 80] = "";
        snprintf(name, sizeof name, "%s", worker->device->name);
        snprintf(engine, sizeof engine, "%s", worker->description);
        if (worker->engine != NULL)
            worker->device->backend->describe(worker->engine, engine, sizeof engine);
        snprintf(text, sizeof text, "%s%s%s", worker->device->description, engine[0] != '\0' ? "; " : "", engine);
        if (worker->failures > 0)
            snprintf(failure, sizeof failure, "%s%s", worker->failure,
                     worker->set_aside ? "; it was set aside" : "; it went on in a fresh context");
        const struct zem_device_use device = {
            name, text, worker->trials, worker->busy_seconds, failure, worker->audited_trials};
        status = zem_provenance_device_add(provenance, &device, error);
        provenance->kernel_seconds = fmax(provenance->kernel_seconds, worker->busy_seconds);
    }
    if (status != ZEM_OK || run->earlier_trials == 0)
        return status;
    const struct zem_device_use before = {"before",
                                          run->options->extended != NULL ? "the result that was extended"
                                                                         : "the run before its checkpoint",
                                          run->earlier_trials,
                                          run->earlier_seconds,
                                          "",
                                          0};
    return zem_provenance_device_add(provenance, &before, error);
}
