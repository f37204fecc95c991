/* Derives the parameters of a trial and tabulates its schedule into memory that is used again for the next trial. */
#include "cell/trial_cell.h"

#include "cell/dispersion.h"
#include "cell/schedule_pool.h"
#include "cell/schedule_table.h"

#include <inttypes.h>
#include <stdlib.h>

int zem_trial_cell_set(struct zem_trial_cell *trial_cell, uint64_t trial, struct zem_error *error)
{
    if (trial_cell->ready && (!trial_cell->scenario->resolution.by_trial || trial_cell->trial == trial))
        return ZEM_OK;
    trial_cell->ready = false;
    const int status = zem_cell_derive_exchanged(trial_cell->scenario, trial_cell->cell, trial, trial_cell->exchanged,
                                                 &trial_cell->parameters, error);
    if (status != ZEM_OK)
        return status;
    const size_t steps = (size_t)trial_cell->parameters.schedule_steps + 1;
    const bool kept = trial_cell->room > 0 && zem_schedule_agrees(&trial_cell->parameters, &trial_cell->tabulated);
    if (steps > trial_cell->room) {
        free(trial_cell->schedule);
        trial_cell->schedule = malloc(steps * sizeof *trial_cell->schedule);
        trial_cell->room = trial_cell->schedule != NULL ? steps : 0;
    }
    if (trial_cell->schedule == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %" PRIu32 " steps",
                             trial_cell->parameters.schedule_steps);
    if (!kept)
        zem_schedule_fill(&trial_cell->parameters, trial_cell->schedule);
    trial_cell->tabulated = trial_cell->parameters;
    trial_cell->trial = trial;
    trial_cell->ready = true;
    return ZEM_OK;
}

void zem_trial_cell_move(struct zem_trial_cell *trial_cell, uint64_t cell)
{
    trial_cell->ready = trial_cell->ready && trial_cell->cell == cell;
    trial_cell->cell = cell;
}

void zem_trial_cell_free(struct zem_trial_cell *trial_cell)
{
    free(trial_cell->schedule);
    trial_cell->schedule = NULL;
    trial_cell->room = 0;
    trial_cell->ready = false;
}
