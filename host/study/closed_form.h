/* The miss of a cell in closed form, by formulas of the textbooks. They exist for some cells in linear kinematics
 * without limits whose guidance loop has one lag or none; models/VALIDATION.md lists the formulas. The miss vector
 * (channels y and z) is then the sum of two parts: a bias, which may depend on one drawn number, and normal errors with
 * mean 0 and the same standard deviation in both channels. `zem plot --closed-form` draws the result over the estimates
 * of the trials. */
#ifndef ZEM_CLOSED_FORM_H
#define ZEM_CLOSED_FORM_H

#include "base/error.h"
#include "scenario/scenario.h"

struct zem_closed_form {
    size_t count;      /* number of biases, all equally probable; 1 if the bias does not depend on a drawn number */
    double *bias;      /* bias[count]: magnitude of each bias, m, increasing; owned */
    double sigma;      /* standard deviation of the normal errors in each channel, m */
    double blind_time; /* blind time of the seeker, s, which the formulas ignore; 0 without guidance */
};

/* Finds the closed form of a cell. The function returns 0; 1 if the cell has none; ZEM_INTERNAL without memory. If it
 * returns 1, why[size] has the reason as a part of a sentence, such as "interceptor.acceleration_limit has an effect".
 * Release with zem_closed_form_free in every case.
 *
 * Sources: Zarchan, Tactical and Strategic Missile Guidance, chapters 2 and 3, for step, heading error, displacement
 * and noise; Zarchan 1995, JGCD 18(5), for the weave and spiral. The formula of a weave or spiral holds for one that
 * has lasted for long: what its start leaves at the end of the flight must be at most a hundredth of the miss. The
 * formulas have no blind time; a cell has a closed form only if its blind time is at most a hundredth of the lag. */
int zem_closed_form_find(const struct zem_scenario *scenario, uint64_t cell, struct zem_closed_form *form, char *why,
                         size_t size, struct zem_error *error);
void zem_closed_form_free(struct zem_closed_form *form);

/* zem_closed_form_probability returns the probability of a miss below `radius`, m. The others return the mean, the root
 * mean square and the standard deviation of the miss, m. Every value is the average over the biases; for each bias the
 * miss has the distribution of Rice (1945), Bell System Technical Journal 24, 46-156, section 3.10. */
double zem_closed_form_probability(const struct zem_closed_form *form, double radius);
double zem_closed_form_mean(const struct zem_closed_form *form);
double zem_closed_form_rms(const struct zem_closed_form *form);
double zem_closed_form_deviation(const struct zem_closed_form *form);

#endif
