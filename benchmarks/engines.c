/* Times the native engines against each other: `make engines`. A native engine is the kernels compiled for one
 * instruction set and one set of features. All engines of the best instruction set here that can fly the middle cell of
 * a scenario take turns at it, many times. The shortest processor time of each counts, because every disturbance makes
 * a measurement longer. A specialisation that is less than a tenth faster is not worth the time to compile it. */
#include "base/clock.h"
#include "cell/cell.h"
#include "cell/schedule_table.h"
#include "device/native/native_engine.h"
#include "scenario/grid.h"
#include "scenario/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 15, TRIALS = 4096, ENGINES_LIMIT = 64 };

/* Reads a scenario, derives its middle cell and returns the steps of the cell, which the caller frees. On failure it
 * prints a message and returns NULL. */
static struct schedule_step *load(const char *path, struct cell_parameters *cell)
{
    struct zem_scenario scenario;
    struct zem_diagnostics diagnostics;
    struct zem_error error = {0};
    struct schedule_step *schedule = NULL;
    zem_diagnostics_init(&diagnostics, path);
    int status = zem_scenario_read_file(&scenario, path, NULL, 0, &diagnostics, &error);
    if (status == 0)
        status = zem_cell_derive(&scenario, zem_grid_cells(&scenario) / 2, cell, &error);
    if (status == 0)
        schedule = calloc((size_t)cell->schedule_steps + 1, sizeof *schedule);
    if (schedule != NULL)
        zem_schedule_fill(cell, schedule);
    else
        fprintf(stderr, "engines: %s: %s\n", path, error.message[0] != '\0' ? error.message : "cannot be read");
    zem_diagnostics_free(&diagnostics);
    zem_scenario_free(&scenario);
    return schedule;
}

/* The processor time in s that one engine takes for all trials of a cell. */
static double flown_in(const struct zem_native_engine *engine, const struct cell_parameters *cell,
                       const struct schedule_step *schedule, uint64_t *tally)
{
    const struct batch_range range = {.stride = 1, .trials = TRIALS};
    const double begin = zem_clock_thread();
    engine->fly(cell, schedule, &range, 0, TRIALS, tally);
    return zem_clock_thread() - begin;
}

static void compare(const char *path, const struct cell_parameters *cell, const struct schedule_step *schedule)
{
    static uint64_t tally[ZEM_TALLY_WORDS(ZEM_RADII_LIMIT, ZEM_SHOTS_LIMIT)];
    const struct zem_native_engine *fitting[ENGINES_LIMIT];
    double least[ENGINES_LIMIT];
    const char *best = zem_native_engine_choose(NULL, 0u, 0u, 1u)->isa;
    unsigned count = 0;
    for (unsigned k = 0; k < zem_native_engine_count && count < ENGINES_LIMIT; k++) {
        const struct zem_native_engine *engine = zem_native_engines[k];
        if (!engine->in_double && strcmp(engine->isa, best) == 0
            && zem_native_engine_fits(engine, cell->features, cell->features, cell->stages)) {
            fitting[count] = engine;
            least[count++] = flown_in(engine, cell, schedule, tally);
        }
    }
    for (unsigned round = 1; round < ROUNDS; round++)
        for (unsigned k = 0; k < count; k++) {
            const double seconds = flown_in(fitting[k], cell, schedule, tally);
            least[k] = seconds < least[k] ? seconds : least[k];
        }
    printf("%-36s", path);
    for (unsigned k = 0; k < count; k++)
        printf("  %s %s %.3f us", fitting[k]->isa, fitting[k]->variant, 1e6 * least[k] / TRIALS);
    printf("\n");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int status = argc > 1 ? 0 : 64;
    for (int i = 1; i < argc; i++) {
        struct cell_parameters cell;
        struct schedule_step *schedule = load(argv[i], &cell);
        if (schedule == NULL) {
            status = 65;
            continue;
        }
        cell.schedule_first = 0;
        compare(argv[i], &cell, schedule);
        free(schedule);
    }
    if (argc < 2)
        fprintf(stderr, "engines: usage: engines SCENARIO...\n");
    return status;
}
