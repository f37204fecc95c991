/* The gain with which the host computes stability and steps (zem_causes_gain) is the gain that the kernels give the
 * guidance law far from the end of the flight. */
#define ZEM_LANES 1
#include "kernels/model.h"

#include "cell/cell_causes.h"
#include "scenario/grid.h"
#include "small_scenarios.h"

#include <math.h>

/* Thousand lags before the end the gain of the optimal law exceeds its limit by 0.002 of the limit. */
#define LAGS_BEFORE_END 1000.0f
#define TOLERANCE 0.003

static void every_law_has_its_gain_far_from_the_end(void **state)
{
    (void)state;
    const struct zem_choice *laws = zem_key_table[ZEM_KEY_GUIDANCE].choice;
    unsigned compared = 0;
    for (unsigned index = 0; index < laws->count; index++) {
        struct zem_scenario scenario;
        struct zem_value value[ZEM_KEY_COUNT];
        struct cell_parameters cell;
        struct zem_error error = {0};
        char text[600];
        snprintf(text, sizeof text,
                 "zem: 1\nengagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n"
                 "target: {maneuver: weave, acceleration: 3 gravity, period: 2 s}\n"
                 "interceptor: {speed: 2 km/s, guidance: %s, navigation_gain: 4.4, autopilot_lag: 0.5 s}\n"
                 "scoring: {hit_radius: 1 m}\nrun: {trials: 8, seed: 1}\n",
                 laws->row[index].word);
        good_scenario(&scenario, "law", text);
        zem_grid_values(&scenario, 0, value);
        assert_int_equal(zem_cell_derive(&scenario, 0, &cell, &error), 0);
        if ((cell.features & ZEM_FEATURE_GUIDANCE) != 0) {
            const double told = zem_causes_gain(value);
            const double flown = (double)guidance_law(&cell, 1.0f / (LAGS_BEFORE_END * 0.5f), 4000.0f).gain;
            print_message("%s: %.5f in the kernels, %.5f told\n", laws->row[index].word, flown, told);
            assert_true(fabs(flown - told) < TOLERANCE * told);
            compared++;
        }
        zem_scenario_free(&scenario);
    }
    assert_int_equal(compared, laws->count - 1); /* all but "none" */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_law_has_its_gain_far_from_the_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
