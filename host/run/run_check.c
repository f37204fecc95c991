/* The checks that need derived cells, and the estimate of what a run will cost. Both serve `zem check`; the checks also
 * run before every run. Of a large grid only some cells are derived, so that a check takes little time. */
#include "cell/cell.h"
#include "cell/schedule_table.h"
#include "run/run.h"
#include "scenario/grid.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CELLS_DERIVED_MAX 4096u /* cells that are derived; of a larger grid every n-th */
#define ESTIMATE_TRIALS 50000u  /* trials flown to measure the speed */

/* Writes "cell 17 (acceleration = 2 gravity, period = 1 s)". */
static void cell_name(const struct zem_scenario *scenario, uint64_t cell, char *text, size_t size)
{
    size_t index[ZEM_AXES_MAX];
    size_t length = (size_t)snprintf(text, size, "cell %" PRIu64, cell);
    zem_grid_indices(scenario, cell, index);
    for (size_t k = 0; k < scenario->axis_count && length < size; k++)
        length += (size_t)snprintf(text + length, size - length, "%s%s = %g %s%s", k == 0 ? " (" : ", ",
                                   scenario->axis[k].name, scenario->axis[k].display[index[k]], scenario->axis[k].unit,
                                   k + 1 == scenario->axis_count ? ")" : "");
}

static void check_cells(const struct zem_scenario *scenario, struct zem_diagnostics *diagnostics)
{
    const uint64_t cells = zem_grid_cells(scenario), stride = cells / CELLS_DERIVED_MAX + 1;
    for (uint64_t cell = 0; cell < cells; cell += stride) {
        struct cell_parameters parameters;
        struct zem_error error = {0};
        char name[256];
        if (zem_cell_derive(scenario, cell, &parameters, &error) == 0)
            continue;
        cell_name(scenario, cell, name, sizeof name);
        zem_diagnostics_add(diagnostics, ZEM_MISTAKE, scenario->value[ZEM_KEY_FLIGHT_TIME].line,
                            scenario->value[ZEM_KEY_FLIGHT_TIME].column, "engagement", "%s: %s", name, error.message);
        return; /* other cells would most likely repeat the same message */
    }
}

/* Warns once if white noise reaches the limit of the command without a filter. The variance of white noise over a step
 * grows as the step shrinks, so the part of it that the limit cuts off depends on the step. */
static void check_white_noise(const struct zem_scenario *scenario, struct zem_diagnostics *diagnostics)
{
    const uint64_t cells = zem_grid_cells(scenario), stride = cells / CELLS_DERIVED_MAX + 1;
    for (uint64_t cell = 0; cell < cells; cell += stride) {
        struct zem_value value[ZEM_KEY_COUNT];
        zem_grid_values(scenario, cell, value);
        if (!zem_cell_limits_white_noise(zem_cell_features(value)))
            continue;
        zem_diagnostics_add(diagnostics, ZEM_WARNING, scenario->value[ZEM_KEY_FILTER_LAG].line,
                            scenario->value[ZEM_KEY_FILTER_LAG].column, "interceptor.filter_lag",
                            "is 0, so white seeker noise meets the limit of the command: the shorter the step the more "
                            "of it is cut, and results depend "
                            "on run.step and run.step_ratio. Give a filter lag, such as \"0.1 s\"");
        return;
    }
}

/* The bytes of the totals of all cells. */
static uint64_t result_bytes(const struct zem_scenario *scenario)
{
    const size_t words = ZEM_TALLY_WORDS(scenario->radius_count, (size_t)scenario->value[ZEM_KEY_SHOTS].integer);
    return zem_grid_cells(scenario) * zem_totals_cell_bytes(words, zem_totals_width(zem_grid_most_trials(scenario)));
}

/* Measured on grids of 1 to 10^6 cells without OpenCL, whose drivers are processes of their own. The program with its
 * libraries takes 28 MB. While it flies, the queue and the precision rule take 49 bytes a cell, and batches with their
 * schedules 10 to 55 MB from some ten thousand cells on. While it writes, the file is built in memory, which grows
 * ahead of it; it has 38 % of the bytes of the totals, since it is compressed. */
#define PROGRAM_BYTES 28e6
#define QUEUE_BYTES 49.0
#define BATCH_BYTES 1000.0
#define BATCHES_MOST 30e6
#define FILE_HEAD_BYTES 1e5
#define FILE_PART 0.38
#define IMAGE_STEP 8e6

static double file_bytes(const struct zem_scenario *scenario)
{
    return FILE_HEAD_BYTES + FILE_PART * (double)result_bytes(scenario);
}

static double memory_bytes(const struct zem_scenario *scenario)
{
    const double cells = (double)zem_grid_cells(scenario);
    const double flying = QUEUE_BYTES * cells + fmin(BATCHES_MOST, BATCH_BYTES * cells),
                 writing = file_bytes(scenario) + fmin(IMAGE_STEP, file_bytes(scenario));
    return PROGRAM_BYTES + (double)result_bytes(scenario) + fmax(flying, writing);
}

static void check_memory(const struct zem_scenario *scenario, struct zem_diagnostics *diagnostics)
{
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGE_SIZE);
    const uint64_t memory = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : UINT64_MAX;
    if (memory_bytes(scenario) - PROGRAM_BYTES > 0.5 * (double)memory)
        zem_diagnostics_add(
            diagnostics, ZEM_MISTAKE, 0, 0, "sweep",
            "%" PRIu64
            " cells need %.1f GB for their tallies, more than half of this machine's memory: take fewer points",
            zem_grid_cells(scenario), 1e-9 * memory_bytes(scenario));
}

int zem_run_check(const struct zem_scenario *scenario, struct zem_diagnostics *diagnostics)
{
    const size_t before = diagnostics->mistakes;
    check_memory(scenario, diagnostics);
    if (diagnostics->mistakes == before)
        check_cells(scenario, diagnostics);
    if (diagnostics->mistakes == before)
        check_white_noise(scenario, diagnostics);
    return diagnostics->mistakes == before ? ZEM_OK : ZEM_BAD_INPUT;
}

int zem_run_estimate(const struct zem_scenario *scenario, const struct zem_run_options *options,
                     struct zem_run_estimate *estimate, struct zem_error *error)
{
    const uint64_t cells = zem_grid_cells(scenario), stride = cells / 64 + 1;
    struct zem_run_options short_run = *options;
    struct zem_result result;
    double steps = 0.0, sampled = 0.0;
    *estimate = (struct zem_run_estimate){.cells = cells,
                                          .memory_bytes = (uint64_t)memory_bytes(scenario),
                                          .file_bytes = (uint64_t)file_bytes(scenario),
                                          .seconds = NAN};
    for (uint64_t cell = 0; cell < cells; cell++) {
        struct zem_value value[ZEM_KEY_COUNT];
        zem_grid_values(scenario, cell, value);
        estimate->trials += (double)value[ZEM_KEY_TRIALS].integer;
        struct cell_parameters parameters;
        if (cell % stride != 0 || zem_cell_derive(scenario, cell, &parameters, error) != 0)
            continue;
        steps += parameters.schedule_steps > 0 ? (double)parameters.schedule_steps
                                               : (double)(parameters.flight_time / parameters.step);
        sampled += 1.0;
    }
    estimate->steps_per_trial = sampled > 0.0 ? steps / sampled : NAN;
    int status = zem_result_init(&result, scenario, error);
    if (status != 0)
        return status;
    short_run.trials_limit = ESTIMATE_TRIALS / cells + 1;
    short_run.progress = NULL;
    status = zem_run(scenario, &short_run, &result, error);
    double flown = 0.0, busy = 0.0;
    for (size_t k = 0; k < result.provenance.device_count; k++) {
        flown += (double)result.provenance.device[k].trials;
        busy = fmax(busy, result.provenance.device[k].busy_seconds);
    }
    if (status == 0 && flown > 0.0)
        estimate->seconds = estimate->trials * busy / flown;
    zem_result_free(&result);
    return status;
}
