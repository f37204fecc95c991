/* The kernels draw some of the quantities that vary from trial to trial, and the host draws the others. Either draw can
 * be repeated at any time, because it depends only on the seed, the cell and the number of the trial. */
#include "result/drawn_variables.h"

#include "cell/cell.h"
#include "cell/dispersion.h"
#include "cell/drawn_inputs.h"

#include <math.h>

/* The index of a key in enum zem_varied, or ZEM_VARIED_COUNT if the kernels do not draw it. */
static unsigned quantity_of(enum zem_key key)
{
    unsigned quantity = 0;
    while (quantity < ZEM_VARIED_COUNT && zem_cell_varied_key(quantity) != key)
        quantity++;
    return quantity;
}

static double value_of(const struct zem_result *result, uint64_t cell, uint64_t trial, enum zem_key key,
                       unsigned quantity)
{
    struct cell_parameters parameters;
    struct zem_value value[ZEM_KEY_COUNT];
    struct zem_error error = {0};
    if (quantity < ZEM_VARIED_COUNT)
        return zem_cell_derive_trial(result->scenario, cell, trial, &parameters, &error) == ZEM_OK
                   ? (double)zem_quantity_draw(&parameters, trial, quantity)
                   : (double)NAN;
    return zem_trial_values(result->scenario, cell, trial, value, &error) == ZEM_OK ? value[key].first : (double)NAN;
}

void zem_drawn_values(const struct zem_result *result, uint64_t cell, enum zem_key key, double *numbers)
{
    const unsigned quantity = quantity_of(key);
    struct cell_parameters parameters;
    struct zem_error error = {0};
    const bool shared = !result->scenario->resolution.by_trial
                        && zem_cell_derive(result->scenario, cell, &parameters, &error) == ZEM_OK;
    for (size_t i = 0; i < result->sample_count; i++) {
        const uint64_t trial = result->sample_trial[i];
        if (zem_result_samples(result, cell)[i].outcome == ZEM_SAMPLE_NONE)
            numbers[i] = (double)NAN;
        else if (shared && quantity < ZEM_VARIED_COUNT)
            numbers[i] = (double)zem_quantity_draw(&parameters, trial, quantity);
        else
            numbers[i] = value_of(result, cell, trial, key, quantity);
    }
}
