/* The exact error budget of a cell in linear kinematics without limits: what each source of chance contributes to the
 * mean square of the miss vector. The miss vector is y and z at the end of the flight; y^2 + z^2 is the square of the
 * miss distance.
 *
 * The responses of the loop (linear_response.h) give the miss vector for any draws. A source that adds to the others
 * contributes its variance, as in the budget of the textbook (Zarchan, Tactical and Strategic Missile Guidance, chapter
 * 4). The acceleration of a maneuver, its roll and its phase, period or start multiply each other. So each of these
 * sources has a part by itself and a part in interactions with the others. A quantity whose mean is not 0 contributes
 * to the mean of the miss vector. The mean square is the variance plus the square of the mean. */
#ifndef ZEM_LINEAR_BUDGET_H
#define ZEM_LINEAR_BUDGET_H

#include "base/error.h"
#include "base/kernel_types.h"

#include <complex.h>

/* What one source contributes to the miss vector. In a complex number channel y is the real part and channel z the
 * imaginary part. */
struct zem_linear_part {
    double first; /* variance, over this source, of the mean over all other sources; both channels, m2 */
    double total; /* mean, over all other sources, of the variance over this source; both channels, m2 */
    /* Mean of the miss vector due to the source, m. The mean due to a maneuver is that of its acceleration; its other
     * sources have 0. */
    double complex mean;
};

struct zem_linear_budget {
    struct zem_linear_part part[ZEM_SOURCE_COUNT];
    double variance;     /* of the miss vector, both channels, m2 */
    double complex mean; /* of the miss vector, m */
};

/* Finds the budget of a cell. `acting` is the set of the quantities (enum zem_varied) that have an effect in the cell.
 * `threads` 0 means all processors. Returns 0; 1 if the cell has no exact budget (zem_linear_response_applies); or an
 * error of zem_linear_response_find. */
int zem_linear_budget_find(const struct cell_parameters *cell, uint32_t acting, unsigned threads,
                           struct zem_linear_budget *budget, struct zem_error *error);

#endif
