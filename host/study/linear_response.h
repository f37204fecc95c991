/* The responses of the linear loop: where a flight in linear kinematics without limits ends, per unit of each of its
 * inputs. The end is a weighted sum of the inputs, so that these weights, which the adjoint of the loop gives as well
 * (Zarchan, Tactical and Strategic Missile Guidance, chapter 3), say all of it. They come from flights of the model
 * itself in double precision, one for each input, with the steps of a run. */
#ifndef ZEM_LINEAR_RESPONSE_H
#define ZEM_LINEAR_RESPONSE_H

#include "base/error.h"
#include "base/kernel_types.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>

/* One value that a quantity of the maneuver takes, with its probability; all probabilities add up to 1. The response is
 * the end of the flight for a maneuver of 1 m/s2 in channel y:
 *
 *   weave, spiral   value is the period, s; response = integral of g(t) exp(i 2 pi t / period)
 *   step            value is the start, s; response = integral of g(t) from the start on
 *   telegraph       value is a time, s; response as for a step; the probability is unused
 *
 * g(t) is the end of the flight per unit impulse of acceleration at time t, in m per m/s, that is s; the response is in
 * m per m/s2, that is s2. */
struct zem_response_node {
    double value, probability;
    double complex response;
};

struct zem_linear_response {
    double displacement;              /* of 1 m in a channel, m */
    double heading;                   /* of 1 rad in a channel, m */
    size_t groups;                    /* of steps: of one step each, or of several where there are very many */
    double *noise_mean, *noise_slope; /* [groups]: of the noise in the middle step, of a mean and of a slope of 1, m */
    float (*share)[ZEM_NOISE_KINDS];  /* [groups]: steps of the group, times the part of each kind in the density */
    size_t nodes;
    struct zem_response_node *node; /* node[nodes] */
};

/* Whether the responses can describe a cell, as far as its features and the distribution of its period tell: linear
 * kinematics, no limit of acceleration or divert, a maneuver that this file knows, no noise in a sampled seeker, and
 * for a weave or spiral no period near 0. */
bool zem_linear_response_applies(const struct cell_parameters *cell);

/* Flies the responses on `threads` threads, 0 for all processors. Returns 0, or 1 if the cell is not linear after all:
 * the end of a flight with all inputs at once is not the sum of the responses, to 1e-6 of the sum of their magnitudes.
 * ZEM_INTERNAL without memory, ZEM_STOPPED if the user interrupts. Release with zem_linear_response_free in every
 * case. */
int zem_linear_response_find(const struct cell_parameters *cell, unsigned threads, struct zem_linear_response *response,
                             struct zem_error *error);
void zem_linear_response_free(struct zem_linear_response *response);

#endif
