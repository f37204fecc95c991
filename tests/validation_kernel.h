/* The kernels compiled for one trial at a time, for checks that look at the states inside a trial. The program flies
 * the same functions with many trials at a time. */
#ifndef VALIDATION_KERNEL_H
#define VALIDATION_KERNEL_H

#define ZEM_LANES 1
#include "kernels/model.h"

#include "cell/cell.h"
#include "cell/schedule_table.h"

#include <stdio.h>
#include <stdlib.h>

/* A cell and its schedule, which is the table of the integration steps, ready to fly. The caller releases it with
 * free(steps). */
struct ready {
    struct cell_parameters cell;
    struct schedule_step *steps;
};

static inline struct ready ready_derive(const struct zem_scenario *scenario, uint64_t cell)
{
    struct ready ready;
    struct zem_error error = {0};
    int status = zem_cell_derive(scenario, cell, &ready.cell, &error);
    ready.steps = malloc((ready.cell.schedule_steps + 1u) * sizeof *ready.steps);
    if (status != 0 || ready.steps == NULL) {
        fprintf(stderr, "validation: %s\n", error.message);
        exit(70);
    }
    zem_schedule_fill(&ready.cell, ready.steps);
    return ready;
}

/* Returns the address by which a shot of a trial of this cell draws its random numbers. */
static inline struct address ready_address(const struct ready *ready, uint32_t trial, uint32_t shot)
{
    struct address address = {.trial_low = trial, .shot = shot};
    address.cell_word = ready->cell.cell_word;
    address.seed_low = ready->cell.seed_low;
    address.seed_high = ready->cell.seed_high;
    return address;
}

#endif
