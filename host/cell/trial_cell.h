/* The parameters and the schedule with which single trials of a cell are flown again. Where all trials of the cell have
 * the same, they are derived once. */
#ifndef ZEM_TRIAL_CELL_H
#define ZEM_TRIAL_CELL_H

#include "base/error.h"
#include "base/kernel_types.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stddef.h>

/* Belongs to one thread. Start from zero with scenario and cell set, or go on with zem_trial_cell_move. */
struct zem_trial_cell {
    const struct zem_scenario *scenario;
    uint64_t cell;
    struct cell_parameters parameters;
    struct schedule_step *schedule;   /* owned; empty with point-mass kinematics */
    size_t room;                      /* steps */
    struct cell_parameters tabulated; /* a cell that has this schedule, if there is one */
    zem_key_set exchanged; /* keys with the draws of the trial's partner (dispersion.h); fixed while in use */
    bool ready;            /* parameters and schedule are those of `trial`, or of every trial */
    uint64_t trial;
};

/* Makes parameters and schedule those of a trial. ZEM_BAD_INPUT as zem_cell_derive_trial, ZEM_INTERNAL without
 * memory. */
int zem_trial_cell_set(struct zem_trial_cell *trial_cell, uint64_t trial, struct zem_error *error);

/* Goes on with another cell of the scenario. A schedule that both cells have is kept. */
void zem_trial_cell_move(struct zem_trial_cell *trial_cell, uint64_t cell);

void zem_trial_cell_free(struct zem_trial_cell *trial_cell);

#endif
