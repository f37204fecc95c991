/* Divides the flights among threads in blocks of trials. Every block writes its own elements of the result. If the host
 * draws values for each trial, the parameters differ from trial to trial; then each trial is flown alone, in the first
 * lane of a vector. */
#include "study/exchange_flight.h"

#include "base/interruption.h"
#include "base/parallel.h"
#include "cell/schedule_table.h"
#include "cell/trial_cell.h"
#include "study/chance_source.h"

#include <pthread.h>
#include <stdlib.h>

/* BLOCK is the number of trials that a thread takes at a time. Progress is reported after REPORT_BLOCKS blocks. */
#define BLOCK 256u
#define REPORT_BLOCKS 256u
_Static_assert(BLOCK % ZEM_EXCHANGE_LANES_LIMIT == 0, "a block is whole vectors");

/* What the threads share while they fly all blocks of a cell. */
struct job {
    const struct zem_native_exchange *exchange;
    const struct zem_scenario *scenario;
    uint64_t index;
    pthread_mutex_t lock;
    struct zem_error error; /* the first failure, guarded by the lock */
    const struct cell_parameters *cell;
    const struct schedule_step *schedule;
    struct zem_exchange_flights *flights;
    size_t blocks; /* number of blocks of one flight */
    size_t first;  /* first block of the current loop; blocks are numbered through all flights */
};

/* Returns the set of the sources (enum zem_source) that take the draws of the trial's partner in a flight;
 * exchange_flight.h numbers the flights. */
static u32 exchanged(const struct zem_exchange_flights *flights, size_t flight)
{
    u32 set = 0;
    for (size_t i = 0; flight > 0 && i < flights->sources; i++)
        if ((flight == 1 || flight == i + 2) && flights->source[i] < ZEM_SOURCE_COUNT)
            set |= 1u << flights->source[i];
    return set;
}

/* Returns the set of the keys drawn by the host that take the draws of the trial's partner in a flight;
 * exchange_flight.h numbers the flights. */
static zem_key_set exchanged_keys(const struct job *job, size_t flight)
{
    zem_key_set set = 0;
    for (size_t i = 0; flight > 0 && i < job->flights->sources; i++)
        if (flight == 1 || flight == i + 2)
            set |= zem_chance_group(job->scenario, job->flights->source[i]);
    return set;
}

/* Flies the block of trials that begins at trial `begin`, one by one, because the parameters differ from trial to
 * trial. */
static int fly_apart(const struct job *job, size_t flight, size_t begin, struct zem_exchange_end *end,
                     struct zem_error *error)
{
    struct zem_trial_cell trial_cell = {
        .scenario = job->scenario, .cell = job->index, .exchanged = exchanged_keys(job, flight)};
    const u32 sources = exchanged(job->flights, flight);
    int status = ZEM_OK;
    for (size_t k = 0; status == ZEM_OK && k < BLOCK && begin + k < job->flights->trials && !zem_interrupted; k++) {
        struct zem_exchange_end lane[ZEM_EXCHANGE_LANES_LIMIT];
        status = zem_trial_cell_set(&trial_cell, begin + k, error);
        if (status != ZEM_OK)
            break;
        job->exchange->fly(&trial_cell.parameters, trial_cell.schedule, sources, begin + k, lane);
        end[k] = lane[0];
    }
    zem_trial_cell_free(&trial_cell);
    return status;
}

/* Flies `first` to `last` - 1 of the pieces of the current loop; a piece is one block of trials in one flight. */
static void fly_pieces(void *context, size_t first, size_t last)
{
    struct job *job = context;
    for (size_t piece = job->first + first; piece < job->first + last && !zem_interrupted; piece++) {
        const size_t flight = piece / job->blocks, begin = piece % job->blocks * BLOCK;
        struct zem_exchange_end *end = job->flights->end + flight * job->flights->room + begin;
        struct zem_error error = {0};
        for (size_t k = 0; !job->scenario->resolution.by_trial && k < BLOCK; k += job->exchange->lanes)
            job->exchange->fly(job->cell, job->schedule, exchanged(job->flights, flight), begin + k, end + k);
        if (!job->scenario->resolution.by_trial || fly_apart(job, flight, begin, end, &error) == ZEM_OK)
            continue;
        pthread_mutex_lock(&job->lock);
        if (job->error.status == ZEM_OK)
            job->error = error;
        pthread_mutex_unlock(&job->lock);
    }
}

size_t zem_exchange_flown(size_t sources) { return sources == 0 ? 1 : sources == 1 ? 2 : sources + 2; }

int zem_exchange_flights_fly(const struct zem_scenario *scenario, uint64_t index, const struct cell_parameters *cell,
                             const unsigned *source, size_t sources, size_t trials, unsigned threads,
                             zem_exchange_report *report, void *context, struct zem_exchange_flights *flights,
                             struct zem_error *error)
{
    const size_t blocks = (trials + BLOCK - 1) / BLOCK, flown = zem_exchange_flown(sources), pieces = flown * blocks;
    *flights = (struct zem_exchange_flights){
        .trials = trials, .sources = sources, .flown = flown, .source = source, .room = blocks * BLOCK};
    struct schedule_step *schedule = calloc((size_t)cell->schedule_steps + 1, sizeof *schedule);
    flights->end = calloc(flown * flights->room + 1, sizeof *flights->end);
    if (schedule == NULL || flights->end == NULL) {
        free(schedule);
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %zu flights of %zu trials", flown,
                             trials);
    }
    zem_schedule_fill(cell, schedule);
    struct job job = {.exchange = zem_native_exchange_choose(),
                      .scenario = scenario,
                      .index = index,
                      .lock = PTHREAD_MUTEX_INITIALIZER,
                      .cell = cell,
                      .schedule = schedule,
                      .flights = flights,
                      .blocks = blocks};
    for (; job.first < pieces && job.error.status == ZEM_OK && !zem_interrupted; job.first += REPORT_BLOCKS) {
        const size_t count = pieces - job.first < REPORT_BLOCKS ? pieces - job.first : REPORT_BLOCKS;
        zem_parallel_for(count, 1, threads, fly_pieces, &job);
        if (report != NULL)
            report(context, (uint64_t)count * BLOCK);
    }
    free(schedule);
    pthread_mutex_destroy(&job.lock);
    if (job.error.status != ZEM_OK)
        *error = job.error;
    if (job.error.status != ZEM_OK)
        return job.error.status;
    return zem_interrupted ? zem_error_set(error, ZEM_STOPPED, "stopped by a signal, nothing was written") : ZEM_OK;
}

void zem_exchange_flights_free(struct zem_exchange_flights *flights)
{
    free(flights->end);
    flights->end = NULL;
}

const struct zem_exchange_end *zem_exchange_end(const struct zem_exchange_flights *flights, size_t flight, size_t trial)
{
    const size_t kept = flight < flights->flown ? flight : flights->flown - 1;
    return &flights->end[kept * flights->room + trial];
}
