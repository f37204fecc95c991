/* The responses of the linear guidance loop: where a flight in linear kinematics without limits ends, per unit of each
 * of its inputs. "The end" below is y and z at the end of the flight, the miss vector. It is a weighted sum of the
 * inputs, and the responses are the weights; the adjoint of the loop gives the same weights (Zarchan, Tactical and
 * Strategic Missile Guidance, chapter 3). Here they come from flights of the model itself in double precision, one for
 * each input, with the steps of a run. */
#ifndef ZEM_LINEAR_RESPONSE_H
#define ZEM_LINEAR_RESPONSE_H

#include "base/error.h"
#include "base/kernel_types.h"

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>

/* One value of the period or start of a maneuver, with its probability. The probabilities of all nodes add up to 1. The
 * response is the end of the flight for a maneuver of 1 m/s2 in channel y:
 *
 *   weave, spiral   value is the period, s; response = integral of g(t) exp(i 2 pi t / period)
 *   step            value is the start, s; response = integral of g(t) from the start on
 *   telegraph       value is a time, s; response as for a step; the probability is unused
 *
 * g(t) is the end of the flight per unit impulse of acceleration at time t, in m per m/s, that is s. The response is in
 * m per m/s2, that is s2. */
struct zem_response_node {
    double value, probability;
    double complex response;
};

/* The responses of a cell: the miss at the end of the flight, in m, for causes of unit size. */
struct zem_linear_response {
    double displacement;              /* miss for a displacement of 1 m, in the same channel */
    double heading;                   /* miss for a heading error of 1 rad, in the same channel */
    size_t groups;                    /* number of groups of steps; a group is one step, or several of very many */
    double *noise_mean, *noise_slope; /* [groups]: miss for a mean, a slope of 1 of the noise in the middle step */
    float (*share)[ZEM_NOISE_KINDS];  /* [groups]: steps of the group times the kind's part of the noise density */
    size_t nodes;
    struct zem_response_node *node; /* node[nodes] */
};

/* Returns whether the responses can describe a cell, as far as its features and the distribution of its period tell.
 * The cell must have linear kinematics and no limit of acceleration or divert. Its maneuver must be none, a step, a
 * weave, a spiral or a telegraph. A sampled seeker must have no noise, no seeker may have to acquire the target, and
 * the period of a weave or spiral must not come near 0. */
bool zem_linear_response_applies(const struct cell_parameters *cell);

/* Flies the responses on `threads` threads, 0 for all processors. Returns 0, or 1 if the cell is not linear or its loop
 * diverges. The loop counts as diverging if the response to a displacement or a heading error is 1e9 or more. The check
 * of linearity flies all inputs at once and compares the end with the sum of the responses, to 1e-6 of the sum of their
 * magnitudes plus 1e-9 m. ZEM_INTERNAL without memory, ZEM_STOPPED if the user interrupts. Release with
 * zem_linear_response_free in every case. */
int zem_linear_response_find(const struct cell_parameters *cell, unsigned threads, struct zem_linear_response *response,
                             struct zem_error *error);
void zem_linear_response_free(struct zem_linear_response *response);

#endif
