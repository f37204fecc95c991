/* The validation suite: compares the model part by part with closed forms and independent integrations. Without
 * arguments it flies the short form, a part of `make check`. `--full` flies all trials (make validate). `--full
 * --update` writes models/VALIDATION.md anew. `--until-failure` ends at the first row that fails and does not read the
 * table (tests/mutation.sh). An argument without dashes is a pattern of test names. */
#include "validation.h"
#include "validation_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TABLE_PATH "models/VALIDATION.md"

static bool update, rows_only;

/* Must run last: the published table must have every row of this run and no other. */
static void published_table_is_current(void **state)
{
    (void)state;
    if (rows_only)
        return;
    FILE *file = fopen(TABLE_PATH, update ? "w" : "r");
    if (file == NULL)
        print_error("%s cannot be opened; run this from the top folder\n", TABLE_PATH);
    assert_non_null(file);
    if (update)
        table_write(file);
    const size_t differences = update ? 0 : table_compare(file);
    assert_int_equal(fclose(file), 0);
    if (differences > 0)
        print_error("%s is stale: %zu lines differ; look why, then run make validation-table\n", TABLE_PATH,
                    differences);
    assert_int_equal(differences, 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_miss_follows_the_closed_forms),
    cmocka_unit_test(heading_error_miss_follows_the_closed_forms),
    cmocka_unit_test(displacement_miss_follows_the_closed_forms),
    cmocka_unit_test(errors_add_with_their_signs),
    cmocka_unit_test(weave_miss_follows_the_closed_form),
    cmocka_unit_test(spiral_miss_follows_the_closed_form),
    cmocka_unit_test(real_valued_gains_follow_the_adjoint),
    cmocka_unit_test(binomial_system_follows_the_adjoint),
    cmocka_unit_test(filter_and_high_order_autopilots_follow_the_adjoint),
    cmocka_unit_test(growing_maneuvers_follow_free_motion),
    cmocka_unit_test(lags_written_in_two_ways_are_the_same),
    cmocka_unit_test(weave_law_nulls_a_weave),
    cmocka_unit_test(further_causes_follow_the_loop_flown_here),
    cmocka_unit_test(trials_outside_the_cone_are_not_acquired),
    cmocka_unit_test(point_mass_looks_along_the_nominal_line),
    cmocka_unit_test(acquisition_happens_once_and_in_time),
    cmocka_unit_test(noise_of_a_sampled_seeker_has_its_mean_square),
    cmocka_unit_test(noise_through_quadratic_lags_has_its_mean_square),
    cmocka_unit_test(filters_of_samples_and_behind_a_radome_follow_the_loop_flown_here),
    cmocka_unit_test(noise_of_a_sampled_filter_has_its_mean_square),
    cmocka_unit_test(unguided_miss_is_that_of_free_motion),
    cmocka_unit_test(zero_lag_guidance_follows_its_command_histories),
    cmocka_unit_test(optimal_gain_holds_near_zero),
    cmocka_unit_test(augmented_guidance_nulls_a_constant_maneuver),
    cmocka_unit_test(optimal_guidance_nulls_a_constant_maneuver),
    cmocka_unit_test(augmented_and_optimal_guidance_follow_the_reference),
    cmocka_unit_test(held_command_has_no_noise),
    cmocka_unit_test(transition_matrices_follow_the_loop),
    cmocka_unit_test(a_step_is_cut_where_a_maneuver_begins),
    cmocka_unit_test(limited_miss_follows_the_reference),
    cmocka_unit_test(divert_budget_is_spent_and_kept),
    cmocka_unit_test(noise_miss_follows_the_closed_forms),
    cmocka_unit_test(noise_of_the_binomial_system_follows_the_adjoint),
    cmocka_unit_test(noise_of_point_mass_follows_the_closed_forms),
    cmocka_unit_test(glint_in_both_channels_is_rayleigh),
    cmocka_unit_test(gaussian_miss_with_bias_is_rice),
    cmocka_unit_test(weave_of_random_phase_is_arcsine),
    cmocka_unit_test(random_start_follows_its_integrals),
    cmocka_unit_test(telegraph_follows_its_integrals),
    cmocka_unit_test(telegraph_has_no_preferred_sign),
    cmocka_unit_test(telegraph_miss_has_its_distribution),
    cmocka_unit_test(varied_quantities_have_their_distributions),
    cmocka_unit_test(dispersed_quantities_have_their_distributions),
    cmocka_unit_test(carleton_hits_follow_the_closed_form),
    cmocka_unit_test(independent_shots_are_binomial),
    cmocka_unit_test(shared_conditions_follow_the_mixture),
    cmocka_unit_test(shots_of_a_salvo_share_the_target),
    cmocka_unit_test(draws_of_a_trial_are_independent),
    cmocka_unit_test(noise_of_point_mass_scales_with_range),
    cmocka_unit_test(estimator_covariance_follows_the_reference),
    cmocka_unit_test(a_measurement_acts_as_a_jump_in_the_middle_of_its_step),
    cmocka_unit_test(estimator_errors_lie_in_their_band),
    cmocka_unit_test(estimator_errors_follow_the_covariance_of_the_loop),
    cmocka_unit_test(estimator_of_point_mass_is_consistent),
    cmocka_unit_test(estimated_guidance_follows_the_reference),
    cmocka_unit_test(estimated_guidance_is_the_same_in_both_kinematics),
    cmocka_unit_test(air_density_is_the_standard_one),
    cmocka_unit_test(unguided_bodies_collide),
    cmocka_unit_test(compensated_sums_stay_exact),
    cmocka_unit_test(point_mass_reproduces_linear),
    cmocka_unit_test(true_proportional_navigation_holds_in_three_dimensions),
    cmocka_unit_test(bodies_in_the_air_follow_the_reference),
    cmocka_unit_test(outcomes_are_told_apart),
    cmocka_unit_test(shares_of_the_linear_loop_follow_the_adjoint),
    cmocka_unit_test(indices_of_free_flight_follow_their_integrals),
    cmocka_unit_test(doctrines_follow_their_closed_forms),
    cmocka_unit_test(shared_shots_follow_their_closed_forms),
    cmocka_unit_test(ensembles_without_lags_follow_the_closed_form),
    cmocka_unit_test(ensembles_with_noise_follow_the_covariance),
    cmocka_unit_test(published_table_is_current),
};

int main(int argc, char **argv)
{
    bool full = false;
    for (int k = 1; k < argc; k++) {
        full |= strcmp(argv[k], "--full") == 0;
        update |= strcmp(argv[k], "--update") == 0;
        rows_only |= strcmp(argv[k], "--until-failure") == 0;
        if (argv[k][0] != '-')
            cmocka_set_test_filter(argv[k]);
    }
    form_set(full, rows_only);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
