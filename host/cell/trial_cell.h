/* The parameters and the schedule with which single trials of a cell are flown again. If all trials of the cell have
 * the same parameters, they are derived only once. */
#ifndef ZEM_TRIAL_CELL_H
#define ZEM_TRIAL_CELL_H

#include "base/error.h"
#include "base/kernel_types.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stddef.h>

/* The parameters and the schedule of one trial, for one thread. To begin, set `scenario` and `cell` and all other
 * members to 0. The caller frees it by zem_trial_cell_free. */
struct zem_trial_cell {
    const struct zem_scenario *scenario;
    uint64_t cell;
    struct cell_parameters parameters;
    struct schedule_step *schedule;   /* owned; without steps in point-mass kinematics */
    size_t room;                      /* steps for which `schedule` has memory */
    struct cell_parameters tabulated; /* parameters for which `schedule` was tabulated, if room > 0 */
    zem_key_set exchanged;            /* keys that take the draws of another trial, the partner (dispersion.h) */
    bool ready;                       /* parameters and schedule are those of `trial`, or of every trial */
    uint64_t trial;
};

/* Derives parameters and schedule of a trial. Returns 0, ZEM_BAD_INPUT as zem_cell_derive_trial, or ZEM_INTERNAL
 * without memory. */
int zem_trial_cell_set(struct zem_trial_cell *trial_cell, uint64_t trial, struct zem_error *error);

/* Goes on with another cell of the scenario. The schedule is kept if it is also that of the new cell. */
void zem_trial_cell_move(struct zem_trial_cell *trial_cell, uint64_t cell);

void zem_trial_cell_free(struct zem_trial_cell *trial_cell);

#endif
