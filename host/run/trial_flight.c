/* Flies trials one by one. An engine flies as many trials at once as its vectors have lanes; only the first lane is
 * used here, and what the other lanes fly is dropped. */
#include "run/trial_flight.h"

#include "base/parallel.h"

#include <pthread.h>

#define GRAIN 16u /* trials that a thread takes at a time */

int zem_trial_fly(struct zem_trial_cell *trial_cell, int refinement, uint64_t trial, struct zem_flown *flown,
                  struct zem_error *error)
{
    struct zem_flown lanes[ZEM_LANES_LIMIT];
    struct zem_refined_cell refined;
    const struct cell_parameters *cell = &trial_cell->parameters;
    const int status = zem_trial_cell_set(trial_cell, trial, error);
    if (status != ZEM_OK)
        return status;
    if (refinement == ZEM_TRIAL_AS_RUN)
        zem_native_engine_choose(NULL, cell->features, cell->features, cell->stages)
            ->fly_misses(cell, trial_cell->schedule, 0u, trial, 1u, lanes);
    else {
        if (zem_refined_cell_init(&refined, cell, (unsigned)refinement) != 0)
            return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the steps");
        zem_native_engine_choose_double(cell)->fly_misses(&refined.cell, refined.schedule, refined.refinement, trial,
                                                          1u, lanes);
        zem_refined_cell_free(&refined);
    }
    *flown = lanes[0];
    return ZEM_OK;
}

/* What the threads share while they fly trials of one cell. */
struct flights {
    const struct zem_scenario *scenario;
    uint64_t cell, first;
    int refinement;
    struct zem_flown *flown;
    pthread_mutex_t lock; /* guards `failed` and `error` */
    size_t failed;        /* index of the first trial that failed */
    struct zem_error error;
};

static void fly_range(void *context, size_t first, size_t last)
{
    struct flights *flights = context;
    struct zem_trial_cell trial_cell = {.scenario = flights->scenario, .cell = flights->cell};
    struct zem_error error = {0};
    size_t k = first;
    while (k < last
           && zem_trial_fly(&trial_cell, flights->refinement, flights->first + k, &flights->flown[k], &error) == ZEM_OK)
        k++;
    zem_trial_cell_free(&trial_cell);
    if (k == last)
        return;
    pthread_mutex_lock(&flights->lock);
    if (flights->error.status == ZEM_OK || k < flights->failed) {
        flights->failed = k;
        flights->error = error;
    }
    pthread_mutex_unlock(&flights->lock);
}

int zem_trials_fly(const struct zem_scenario *scenario, uint64_t cell, int refinement, unsigned threads, uint64_t first,
                   size_t count, struct zem_flown *flown, struct zem_error *error)
{
    struct flights flights = {
        .scenario = scenario, .cell = cell, .first = first, .refinement = refinement, .flown = flown};
    pthread_mutex_init(&flights.lock, NULL);
    zem_parallel_for(count, GRAIN, threads, fly_range, &flights);
    pthread_mutex_destroy(&flights.lock);
    if (flights.error.status != ZEM_OK)
        *error = flights.error;
    return flights.error.status;
}
