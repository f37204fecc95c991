/* The precision rule. Each round gives every unfinished cell a new number of trials, the next checkpoint of
 * zem_precision_checkpoint, and ends the cells whose Wilson intervals are short enough at every hit radius. */
#include "run/precision.h"

#include "base/kernel_types.h"
#include "scenario/grid.h"

#include <stdlib.h>

int zem_precision_init(struct zem_precision *p, const struct zem_result *result, struct zem_error *error)
{
    *p = (struct zem_precision){0};
    p->bound = calloc(result->cells, sizeof *p->bound);
    p->target = calloc(result->cells, sizeof *p->target);
    p->half_width = calloc(result->cells, sizeof *p->half_width);
    p->confidence = calloc(result->cells, sizeof *p->confidence);
    if (p->bound == NULL || p->target == NULL || p->half_width == NULL || p->confidence == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "no memory for the precision of every cell");
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        struct zem_value value[ZEM_KEY_COUNT];
        zem_grid_values(result->scenario, cell, value);
        p->bound[cell] = value[ZEM_KEY_TRIALS].integer;
        p->confidence[cell] = value[ZEM_KEY_CONFIDENCE].first;
        if (value[ZEM_KEY_PRECISION].present) {
            p->half_width[cell] = value[ZEM_KEY_PRECISION].first;
            p->adaptive = true;
        }
    }
    return ZEM_OK;
}

void zem_precision_free(struct zem_precision *p)
{
    free(p->bound);
    free(p->target);
    free(p->half_width);
    free(p->confidence);
    *p = (struct zem_precision){0};
}

/* Whether the intervals of all hit radii of a cell have at most the half-width that is asked for. */
static bool precise_enough(const struct zem_precision *p, const struct zem_result *result, uint64_t cell)
{
    const uint64_t trials = zem_result_word(result, cell, ZEM_TALLY_TRIALS);
    if (trials == 0)
        return false;
    for (size_t radius = 0; radius < result->scenario->radius_count; radius++) {
        const struct zem_interval interval =
            zem_interval_binomial(zem_result_hits(result, cell, radius), trials, p->confidence[cell], ZEM_WILSON);
        if (0.5 * (interval.upper - interval.lower) > p->half_width[cell])
            return false;
    }
    return true;
}

void zem_precision_continue(struct zem_precision *p, uint64_t cell, uint64_t trials)
{
    p->target[cell] =
        p->half_width[cell] > 0.0 ? zem_precision_checkpoint(trials - (trials > 0), p->bound[cell]) : p->bound[cell];
    p->started = true;
}

bool zem_precision_next_round(struct zem_precision *p, struct zem_result *result)
{
    bool more = false;
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        const bool has_goal = p->half_width[cell] > 0.0;
        if (p->started && p->target[cell] >= p->bound[cell])
            continue;
        if (p->started && has_goal && precise_enough(p, result, cell)) {
            result->stop_reason[cell] = ZEM_STOP_PRECISION;
            continue;
        }
        p->target[cell] = has_goal ? zem_precision_checkpoint(p->target[cell], p->bound[cell]) : p->bound[cell];
        result->stop_reason[cell] = ZEM_STOP_TRIALS;
        more = true;
    }
    p->started = true;
    return more;
}
