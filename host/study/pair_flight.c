/* Flies the pairs in portions: the trials of a portion in the first scenario, then the same trials in the second. */
#include "study/pair_flight.h"

#include "base/interruption.h"
#include "cell/cell.h"
#include "cell/schedule_table.h"
#include "run/trial_flight.h"

#include <inttypes.h>
#include <stdlib.h>

/* Number of trials of a portion. A portion takes well below a second, so that an interruption acts soon. */
#define PORTION 16384u

static uint64_t cell_pairs(const struct zem_result *first, const struct zem_result *second, uint64_t cell)
{
    const uint64_t a = zem_result_word(first, cell, ZEM_TALLY_TRIALS),
                   b = zem_result_word(second, cell, ZEM_TALLY_TRIALS);
    if (zem_pairs_dependence(first, second, cell) == ZEM_INDEPENDENT)
        return 0;
    return a < b ? a : b;
}

static bool can_be_flown(const struct zem_result *result)
{
    return result->shards == 0 && result->provenance.kernel_version == ZEM_KERNEL_VERSION;
}

uint64_t zem_pair_flight_count(const struct zem_result *first, const struct zem_result *second)
{
    uint64_t count = 0;
    if (!can_be_flown(first) || !can_be_flown(second))
        return 0;
    for (uint64_t cell = 0; cell < first->cells; cell++)
        count += cell_pairs(first, second, cell);
    return count;
}

/* One cell of one of the two scenarios, ready to fly. */
struct side {
    struct cell_parameters cell;
    struct schedule_step *schedule; /* owned */
    struct zem_flown *flown;        /* the trials of one portion, owned */
};

/* Flies trials `first` to `first` + count - 1 of one side. */
static int side_fly(const struct side *side, const struct zem_result *result, uint64_t cell, unsigned threads,
                    uint64_t first, size_t count, struct zem_error *error)
{
    if (result->scenario->resolution.by_trial)
        return zem_trials_fly(result->scenario, cell, ZEM_TRIAL_AS_RUN, threads, first, count, side->flown, error);
    zem_single_engine_fly(&side->cell, side->schedule, threads, first, count, side->flown);
    return ZEM_OK;
}

static int side_init(struct side *side, const struct zem_result *result, uint64_t cell, struct zem_error *error)
{
    int status = zem_cell_derive(result->scenario, cell, &side->cell, error);
    if (status != ZEM_OK)
        return status;
    side->schedule = malloc(((size_t)side->cell.schedule_steps + 1) * sizeof *side->schedule);
    side->flown = malloc(PORTION * sizeof *side->flown);
    if (side->schedule == NULL || side->flown == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %" PRIu32 " steps",
                             side->cell.schedule_steps);
    zem_schedule_fill(&side->cell, side->schedule);
    return ZEM_OK;
}

static void side_free(struct side *side)
{
    free(side->schedule);
    free(side->flown);
}

static bool is_hit(const struct side *side, size_t trial, size_t radius)
{
    return zem_flown_hits(&side->flown[trial], side->cell.radius[radius]);
}

static void count_portion(const struct side side[2], size_t trials, size_t radii, struct zem_pair_counts *count)
{
    for (size_t trial = 0; trial < trials; trial++)
        for (size_t i = 0; i < radii; i++) {
            const bool first = is_hit(&side[0], trial, i), second = is_hit(&side[1], trial, i);
            count[i].first_hits += first;
            count[i].second_hits += second;
            count[i].first_only += first && !second;
            count[i].second_only += second && !first;
        }
}

static int fly_cell(const struct zem_result *const result[2], uint64_t cell, uint64_t pairs, unsigned threads,
                    struct zem_pair_counts *count, struct zem_error *error)
{
    struct side side[2] = {{.schedule = NULL}, {.schedule = NULL}};
    int status = ZEM_OK;
    for (int i = 0; i < 2 && status == ZEM_OK; i++)
        status = side_init(&side[i], result[i], cell, error);
    for (uint64_t first = 0; first < pairs && status == ZEM_OK; first += PORTION) {
        const size_t portion = pairs - first < PORTION ? (size_t)(pairs - first) : PORTION;
        for (int i = 0; i < 2 && status == ZEM_OK; i++)
            status = side_fly(&side[i], result[i], cell, threads, first, portion, error);
        if (status == ZEM_OK)
            count_portion(side, portion, result[0]->scenario->radius_count, count);
        if (zem_interrupted)
            status = zem_error_set(error, ZEM_STOPPED, "stopped by a signal");
    }
    for (int i = 0; i < 2; i++)
        side_free(&side[i]);
    return status;
}

int zem_pair_flight(struct zem_pairs *pairs, const struct zem_result *first, const struct zem_result *second,
                    unsigned threads, struct zem_error *error)
{
    const struct zem_result *const result[2] = {first, second};
    int status = zem_pairs_init(pairs, first, error);
    pairs->source = ZEM_PAIRS_FLOWN;
    for (uint64_t cell = 0; cell < first->cells && status == ZEM_OK; cell++) {
        pairs->pairs[cell] = cell_pairs(first, second, cell);
        if (pairs->pairs[cell] > 0)
            status = fly_cell(result, cell, pairs->pairs[cell], threads,
                              &pairs->count[cell * first->scenario->radius_count], error);
    }
    return status;
}
