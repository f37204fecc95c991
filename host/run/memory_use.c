/* The memory of a run is largest either while it flies or while it builds its file. It holds the totals both times. The
 * constants were measured on grids of 1 to 10^6 cells; memory_use_test compares the sum with runs. */
#include "run/memory_use.h"

#include "base/parallel.h"
#include "cell/cell.h"
#include "cell/dispersion.h"
#include "cell/schedule_pool.h"
#include "result/totals.h"
#include "scenario/grid.h"
#include "scenario/resolution.h"

#include <math.h>

#define PROGRAM_BYTES 13e6 /* the program with its libraries */

/* While the run flies. */
#define QUEUE_BYTES 57.0    /* of a cell: two words of the queue, five of the precision rule, and the stop reason */
#define BATCH_CELLS 3500.0  /* usual number of cells of a batch in a large grid */
#define BATCH_SHARE 0.67    /* largest share of the cells in a batch, because the first batches are short */
#define BATCH_TRIALS 1e5    /* trials that a processor flies in the time of a batch */
#define DERIVED_BYTES 600.0 /* of a cell of a batch besides its tally */

/* While the file is built. */
#define FILE_HEAD_BYTES 1e5
#define FILE_PART 0.33      /* the bytes of the compressed file for each byte of the totals */
#define WINDOW_BYTES 1100.0 /* of a cell in the blocks that are compressed at a time */
#define WINDOWS_BYTES_MOST 20e6

static size_t tally_words(const struct zem_scenario *scenario)
{
    return ZEM_TALLY_WORDS(scenario->radius_count, (size_t)scenario->value[ZEM_KEY_SHOTS].integer);
}

static double totals_bytes(const struct zem_scenario *scenario)
{
    return (double)zem_grid_cells(scenario)
           * (double)zem_totals_cell_bytes(tally_words(scenario), zem_totals_width(zem_grid_most_trials(scenario)));
}

/* Whether the two ends of an axis have the same schedule. */
static bool axis_keeps_schedules(const struct zem_scenario *scenario, size_t axis)
{
    struct cell_parameters end[2];
    struct zem_error ignored = {0};
    size_t index[ZEM_AXES_MAX] = {0};
    if (zem_cell_derive(scenario, 0, &end[0], &ignored) != 0)
        return false;
    index[axis] = scenario->axis[axis].points - 1;
    return zem_cell_derive(scenario, zem_grid_cell(scenario, index), &end[1], &ignored) == 0
           && zem_schedule_agrees(&end[0], &end[1]);
}

/* Whether two trials of the first cell, which have parameters of their own, have the same schedule. */
static bool trials_keep_schedules(const struct zem_scenario *scenario)
{
    struct cell_parameters trial[2];
    struct zem_error ignored = {0};
    return zem_cell_derive_trial(scenario, 0, 0, &trial[0], &ignored) == 0
           && zem_cell_derive_trial(scenario, 0, 1, &trial[1], &ignored) == 0
           && zem_schedule_agrees(&trial[0], &trial[1]);
}

/* The number of different schedules. Cells along an axis on which no schedule depends share theirs, and so do trials if
 * none depends on what is drawn. */
static double schedule_count(const struct zem_scenario *scenario)
{
    const bool apart = scenario->resolution.by_trial && !trials_keep_schedules(scenario);
    double schedules = apart ? (double)zem_grid_most_trials(scenario) : 1.0;
    for (size_t axis = 0; axis < scenario->axis_count; axis++)
        if (apart || !axis_keeps_schedules(scenario, axis))
            schedules *= (double)scenario->axis[axis].points;
    return schedules;
}

/* The bytes of the schedules that are tabulated at a time. The batches have theirs. Each thread that flies trials again
 * with halved steps has one schedule with the steps of the run, and one with twice as many steps. */
static double schedule_bytes(const struct zem_scenario *scenario, double steps)
{
    const double pool = fmin(schedule_count(scenario) * steps, (double)ZEM_SCHEDULE_ARRAY_STEPS);
    const double halved = 3.0 * steps * fmin((double)zem_processors(), (double)zem_grid_cells(scenario));
    return (pool + halved) * sizeof(struct schedule_step);
}

static double flying_bytes(const struct zem_scenario *scenario, double steps)
{
    const double cells = (double)zem_grid_cells(scenario), trials = (double)zem_grid_most_trials(scenario);
    const double parts = scenario->resolution.by_trial ? trials : 1.0;
    const double batch = fmin(fmin(BATCH_SHARE * cells * parts, BATCH_CELLS), BATCH_TRIALS / (trials / parts) + 1.0);
    return QUEUE_BYTES * cells + batch * (DERIVED_BYTES + (double)(tally_words(scenario) * sizeof(uint64_t)))
           + schedule_bytes(scenario, steps);
}

double zem_file_bytes(const struct zem_scenario *scenario)
{
    return FILE_HEAD_BYTES + FILE_PART * totals_bytes(scenario);
}

double zem_result_bytes(const struct zem_scenario *scenario)
{
    return totals_bytes(scenario) + zem_file_bytes(scenario);
}

double zem_memory_bytes(const struct zem_scenario *scenario, double steps)
{
    const double windows = fmin(WINDOW_BYTES * (double)zem_grid_cells(scenario), WINDOWS_BYTES_MOST);
    return PROGRAM_BYTES + totals_bytes(scenario)
           + fmax(flying_bytes(scenario, steps), zem_file_bytes(scenario) + windows);
}
