/* The miss of a cell in closed form, where the textbooks have one: the rows of models/VALIDATION.md that hold for one
 * lag or none in linear kinematics without limits. The miss in two channels is a bias, which may depend on one drawn
 * number, and normal errors of the same deviation in both. `zem plot --closed-form` draws it over what was counted. */
#ifndef ZEM_CLOSED_FORM_H
#define ZEM_CLOSED_FORM_H

#include "base/error.h"
#include "scenario/scenario.h"

struct zem_closed_form {
    size_t count;      /* of biases that are equally probable; 1 if none is drawn */
    double *bias;      /* their magnitudes, m, increasing; owned */
    double sigma;      /* of the normal errors of each channel, m */
    double blind_time; /* of the flights, s, which the closed form ignores; 0 without guidance */
};

/* Finds the closed form of a cell. Returns 0; 1 if the cell has none, with the reason in `why`, a part of a sentence
 * such as "interceptor.acceleration_limit has an effect"; ZEM_INTERNAL without memory. Sources: Zarchan, Tactical and
 * Strategic Missile Guidance, chapters 2 and 3, for step, heading error, displacement and noise; Zarchan 1995, JGCD
 * 18(5), for the weave and spiral, where the transient of the start of the flight must have decayed to at most a
 * hundredth of the miss. The blind time is not modelled; it must be at most a hundredth of the lag. `size` is that of
 * `why`. Release with zem_closed_form_free in every case. */
int zem_closed_form_find(const struct zem_scenario *scenario, uint64_t cell, struct zem_closed_form *form, char *why,
                         size_t size, struct zem_error *error);
void zem_closed_form_free(struct zem_closed_form *form);

/* The probability of a miss below a radius, and the mean, the root mean square and the standard deviation of the miss,
 * all in m: averages over the biases of the distributions of Rice (1945), Bell System Technical Journal 24, 46-156,
 * section 3.10. */
double zem_closed_form_probability(const struct zem_closed_form *form, double radius);
double zem_closed_form_mean(const struct zem_closed_form *form);
double zem_closed_form_rms(const struct zem_closed_form *form);
double zem_closed_form_deviation(const struct zem_closed_form *form);

#endif
