/* What the parts of the validation suite share. A check flies scenarios (or calls the kernels for single trials),
 * compares with a closed form or with an independent double-precision integration (validation_reference.h), and adds a
 * row to the table that becomes models/VALIDATION.md. A random check states the probability with which chance alone
 * fails it. */
#ifndef VALIDATION_H
#define VALIDATION_H

#include "result/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Probability that chance alone fails one random row. For all rows together it stays below 1e-4. */
#define FALSE_ALARM 1e-6

/* ---------------------------------------------------------------- the table */

/* One row of the table. It passes if measured <= limit, or if measured >= limit where `from_below` is set. */
struct row {
    const char *part; /* heading of the table's part */
    const char *claim, *formula, *source;
    const char *unit; /* unit of measured and limit, such as "% of the peak" */
    double measured, limit;
    bool from_below;
    double chance; /* What the short form, which flies fewer trials, adds to the limit; 0 if nothing is random,
                      NO_ALLOWANCE if it is random and nothing is added. */
};
#define NO_ALLOWANCE (-1.0)

/* Adds a row. The claim is copied; the other texts must stay valid until the end of the program. */
void row_add(struct row row);

/* Adds a row in which nothing is random. Its claim is `name` followed by `quantity`. */
void named_row(const char *part, const char *name, const char *quantity, const char *formula, const char *source,
               const char *unit, double measured, double limit);

struct flown;

/* Adds a row that compares the mean square of the miss of the only cell with `expected` in m2. `trials` is the number
 * of trials flown, of the 40,000 of the long form. The miss vector has two independent normal components of the same
 * variance, so that the mean square of n trials has the relative standard deviation 1/sqrt(n). The limit is 0.3 % for
 * the steps plus FALSE_ALARM_SIGMA of these deviations. */
void mean_square_row(const char *part, const char *claim, const char *formula, const char *source,
                     const struct flown *flown, double expected, uint64_t trials);

/* Adds a row that passes if the tail probability `tail` is at least FALSE_ALARM. `chance` is that of struct row. */
void tail_row(const char *part, const char *claim, const char *formula, const char *source, double tail, double chance);

/* Prints the rows that failed since the last call and makes the running cmocka test fail if there are any. Every test
 * calls it at its end. */
void rows_check(void);

/* Returns the number of trials of a random check: `full` in the long form, fewer in the short one. */
uint64_t trials_of(uint64_t full);
bool form_is_full(void);

/* ---------------------------------------------------------------- flying scenarios */

struct flown {
    struct zem_scenario scenario;
    struct zem_result result;
};

/* Reads a scenario given as a printf format and runs it on the native engine. A mistake in it ends the test program
 * with a message. The caller releases `flown` with flown_free. */
void fly(struct flown *flown, const char *format, ...) __attribute__((format(printf, 2, 3)));
void flown_free(struct flown *flown);

/* Reads the scenario without running it, for checks that fly single trials themselves (validation_kernel.h). */
void read_only(struct flown *flown, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Statistics of a cell from its integer totals. Statistics of the miss are over the trials that reached a closest
 * approach. */
double cell_miss_mean(const struct flown *flown, uint64_t cell);
double cell_miss_rms(const struct flown *flown, uint64_t cell);
double cell_sum_mean(const struct flown *flown, uint64_t cell, int word); /* of a sum; `word` is a ZEM_TALLY_... */
double cell_hit_fraction(const struct flown *flown, uint64_t cell, size_t radius);
uint64_t cell_word(const struct flown *flown, uint64_t cell, size_t word);
double axis_value(const struct flown *flown, size_t axis, uint64_t cell); /* in SI units */

/* Writes "[0.1 m, 0.2 m, ...]" into `text`: `count` hit radii, evenly spaced up to `largest` metres. Returns `text`. */
const char *radius_list(double largest, size_t count, char *text, size_t size);

/* ---------------------------------------------------------------- statistics */

/* Returns P(X > x) for the chi-square distribution with `freedom` degrees of freedom. */
double chi_square_tail(double x, double freedom);

/* Returns the tail probability of the chi-square test of counts in classes against their probabilities, which sum to
 * one. Neighbouring classes are pooled until at least ten counts are expected. */
double chi_square_test(const uint64_t *counts, const double *probabilities, size_t classes);

/* Returns the tail probability of the chi-square test of the hits at all radii of a cell, where `probability` gives
 * P(miss < radius). `context` is passed to it. */
double radii_test(const struct flown *flown, uint64_t cell, double (*probability)(double radius, const void *context),
                  const void *context);

/* Number of standard deviations that a Gaussian exceeds, to either side, with the probability FALSE_ALARM. */
#define FALSE_ALARM_SIGMA 4.891638

double larger(double a, double b);

/* ---------------------------------------------------------------- the parts, one file each */

void step_miss_follows_the_closed_forms(void **state);
void heading_error_miss_follows_the_closed_forms(void **state);
void displacement_miss_follows_the_closed_forms(void **state);
void errors_add_with_their_signs(void **state);
void real_valued_gains_follow_the_adjoint(void **state);
void binomial_system_follows_the_adjoint(void **state);
void filter_and_high_order_autopilots_follow_the_adjoint(void **state);
void weave_miss_follows_the_closed_form(void **state);
void spiral_miss_follows_the_closed_form(void **state);

void noise_miss_follows_the_closed_forms(void **state);
void noise_of_the_binomial_system_follows_the_adjoint(void **state);
void noise_of_point_mass_follows_the_closed_forms(void **state);
void glint_in_both_channels_is_rayleigh(void **state);
void gaussian_miss_with_bias_is_rice(void **state);
void weave_of_random_phase_is_arcsine(void **state);
void random_start_follows_its_integrals(void **state);
void telegraph_follows_its_integrals(void **state);
void telegraph_has_no_preferred_sign(void **state);
void telegraph_miss_has_its_distribution(void **state);
void varied_quantities_have_their_distributions(void **state);

void dispersed_quantities_have_their_distributions(void **state);

void carleton_hits_follow_the_closed_form(void **state);
void independent_shots_are_binomial(void **state);
void shared_conditions_follow_the_mixture(void **state);
void shots_of_a_salvo_share_the_target(void **state);

void unguided_miss_is_that_of_free_motion(void **state);
void zero_lag_guidance_follows_its_command_histories(void **state);
void optimal_gain_holds_near_zero(void **state);
void augmented_guidance_nulls_a_constant_maneuver(void **state);
void optimal_guidance_nulls_a_constant_maneuver(void **state);
void augmented_and_optimal_guidance_follow_the_reference(void **state);
void held_command_has_no_noise(void **state);
void transition_matrices_follow_the_loop(void **state);
void a_step_is_cut_where_a_maneuver_begins(void **state);
void limited_miss_follows_the_reference(void **state);
void divert_budget_is_spent_and_kept(void **state);

void growing_maneuvers_follow_free_motion(void **state);
void lags_written_in_two_ways_are_the_same(void **state);
void weave_law_nulls_a_weave(void **state);
void further_causes_follow_the_loop_flown_here(void **state);
void noise_of_a_sampled_seeker_has_its_mean_square(void **state);
void noise_through_quadratic_lags_has_its_mean_square(void **state);
void trials_outside_the_cone_are_not_acquired(void **state);
void point_mass_looks_along_the_nominal_line(void **state);
void acquisition_happens_once_and_in_time(void **state);
void filters_of_samples_and_behind_a_radome_follow_the_loop_flown_here(void **state);
void noise_of_a_sampled_filter_has_its_mean_square(void **state);

void draws_of_a_trial_are_independent(void **state);
void noise_of_point_mass_scales_with_range(void **state);

void estimator_covariance_follows_the_reference(void **state);
void a_measurement_acts_as_a_jump_in_the_middle_of_its_step(void **state);
void estimator_errors_lie_in_their_band(void **state);
void estimator_errors_follow_the_covariance_of_the_loop(void **state);
void estimator_of_point_mass_is_consistent(void **state);
void estimated_guidance_follows_the_reference(void **state);
void estimated_guidance_is_the_same_in_both_kinematics(void **state);

void air_density_is_the_standard_one(void **state);
void unguided_bodies_collide(void **state);
void compensated_sums_stay_exact(void **state);
void point_mass_reproduces_linear(void **state);
void true_proportional_navigation_holds_in_three_dimensions(void **state);
void bodies_in_the_air_follow_the_reference(void **state);
void outcomes_are_told_apart(void **state);

void shares_of_the_linear_loop_follow_the_adjoint(void **state);
void indices_of_free_flight_follow_their_integrals(void **state);

void doctrines_follow_their_closed_forms(void **state);
void shared_shots_follow_their_closed_forms(void **state);
void ensembles_without_lags_follow_the_closed_form(void **state);
void ensembles_with_noise_follow_the_covariance(void **state);

#endif
