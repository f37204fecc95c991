/* Small scenarios that together use every feature of kernels/layout.h, and a function that runs them. identity_test.c
 * flies them on every engine and device and compares; golden_test.c compares their digests with goldens.txt. */
#ifndef ZEM_SMALL_SCENARIOS_H
#define ZEM_SMALL_SCENARIOS_H

#include "scenario/grid.h"
#include "run/run.h"
#include "good_scenario.h"

#include <inttypes.h>

#define LINEAR "zem: 1\nengagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}\n"
#define POINT_MASS "zem: 1\nengagement: {kinematics: point-mass, flight_time: 3 s, intercept_altitude: 20 km}\n"
#define BODY "speed: 2 km/s, flight_path_angle: 30 degree, "
#define RADII "scoring: {hit_radius: [0.5 m, 1 m, 3 m]}\n"
#define ERRORS "heading_error_y: {mean: 0.1 degree, sigma: 0.5 degree}, displacement_z: {from: -20 m, to: 20 m}"
#define RUN(trials, seed) "run: {trials: " #trials ", seed: " #seed "}\n"

struct small_scenario {
    const char *name, *text;
};

static const struct small_scenario small_scenarios[] = {
    {"no_guidance", LINEAR "interceptor: {speed: 2 km/s, guidance: none, " ERRORS "}\n" RADII RUN(300, 1)},
    {"ideal_loop",
     LINEAR "target: {maneuver: step, acceleration: {mean: 3 gravity, sigma: 1 gravity}, start: {from: 0 s, to: 2 s}}\n"
            "interceptor: {speed: 2 km/s, navigation_gain: 3, " ERRORS "}\n" RADII
            "sweep: [{parameter: interceptor.autopilot_lag, values: [0 s, 0.2 s]}]\n" RUN(300, 2)},
    {"single_lag", LINEAR
     "target: {maneuver: weave, acceleration: 6 gravity, period: {from: 0.5 s, to: 2 s}, phase: {from: 0 degree, to: "
     "360 degree}}\n"
     "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, autopilot_lag: 0.3 s, acceleration_limit: 20 gravity, " ERRORS
     "}\n"
     "seeker: {glint: 0.05 m2/Hz, angle_noise: 1e-8 rad2/Hz}\n" RADII
     "sweep: [{parameter: target.acceleration, values: [0 gravity, 5 gravity, 10 gravity]}]\n" RUN(800, 3)},
    {"fifth_order", LINEAR
     "target: {maneuver: step, acceleration: 3 gravity, roll: {from: 0 degree, to: 360 degree}}\n"
     "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.3 s, autopilot_order: 3}\n"
     "seeker: {glint: 0.05 m2/Hz, semiactive_noise: 1e-8 rad2/Hz, active_noise: 1e-8 rad2/Hz}\n" RADII RUN(300, 4)},
    {"orders", LINEAR "target: {maneuver: spiral, acceleration: 4 gravity, period: 1 s}\n"
                      "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, " ERRORS "}\n" RADII
                      "sweep: [{parameter: interceptor.autopilot_order, values: [1, 2, 3, 4, 5]}]\n" RUN(150, 5)},
    {"apn_perfect",
     LINEAR "target: {maneuver: spiral, acceleration: 4 gravity, period: 1 s}\n"
            "interceptor: {speed: 2 km/s, guidance: apn, autopilot_lag: 0.2 s, divert_limit: 60 m/s, " ERRORS "}\n"
            "seeker: {estimator: perfect}\n" RADII RUN(300, 6)},
    {"ogl_kalman", LINEAR
     "target: {maneuver: telegraph, acceleration: 5 gravity, switching_rate: 2 Hz}\n"
     "interceptor: {speed: 2 km/s, guidance: ogl, autopilot_lag: 0.2 s, acceleration_limit: 30 gravity, " ERRORS "}\n"
     "seeker: {estimator: kalman, glint: 0.02 m2/Hz, angle_noise: 1e-9 rad2/Hz}\n" RADII RUN(300, 7)},
    {"salvo", LINEAR "target: {maneuver: telegraph, acceleration: 5 gravity, switching_rate: 1 Hz}\n"
                     "interceptor: {speed: 2 km/s, autopilot_lag: 0.2 s, filter_lag: 0.05 s, " ERRORS "}\n"
                     "salvo: {shots: 3, spacing: 0.5 s}\n" RADII RUN(200, 8)},
    {"carleton_common", LINEAR
     "target: {maneuver: step, acceleration: 3 gravity}\ninterceptor: {speed: 2 km/s, seeker_lag: 0.2 s, " ERRORS "}\n"
     "seeker: {glint: 0.1 m2/Hz}\nscoring: {hit_radius: [1 m, 2 m], lethality: carleton}\n"
     "sweep: [{parameter: seeker.glint, values: [0 m2/Hz, 0.1 m2/Hz]}]\n"
     "run: {trials: 300, seed: 9, random_numbers: common}\n"},
    {"vacuum", POINT_MASS "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, maneuver: weave, acceleration: 4 "
                          "gravity, period: 1 s, phase: {from: 0 degree, to: 360 degree}}\n"
                          "interceptor: {" BODY "autopilot_lag: 0.2 s, " ERRORS "}\n" RADII RUN(200, 10)},
    {"air",
     POINT_MASS "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, ballistic_coefficient: 5000 kg/m2, "
                "lift_to_drag: 0.8, maneuver: weave,\n"
                "  acceleration: 4 gravity, period: 2 s, phase: {from: 0 degree, to: 360 degree}, roll: {from: 0 "
                "degree, to: 360 degree}}\n"
                "interceptor: {" BODY
                "ballistic_coefficient: 8000 kg/m2, seeker_lag: 0.05 s, filter_lag: 0.05 s, autopilot_lag: 0.2 s,\n"
                "  acceleration_limit: 30 gravity, aerodynamic_limit: 40 gravity, " ERRORS "}\n"
                "seeker: {glint: 0.02 m2/Hz, angle_noise: 1e-9 rad2/Hz}\n" RADII
                "sweep: [{parameter: engagement.intercept_altitude, values: [5 km, 15 km, 30 km]}]\n" RUN(100, 11)},
    {"air_everything", POINT_MASS
     "target: {speed: 2 km/s, flight_path_angle: -30 degree, ballistic_coefficient: 5000 kg/m2, lift_to_drag: 1, "
     "maneuver: telegraph,\n"
     "  acceleration: 4 gravity, switching_rate: 2 Hz}\n"
     "interceptor: {" BODY
     "ballistic_coefficient: 8000 kg/m2, guidance: ogl, autopilot_lag: 0.2 s, autopilot_order: 4,\n"
     "  acceleration_limit: 30 gravity, aerodynamic_limit: 40 gravity, divert_limit: 100 m/s, " ERRORS "}\n"
     "seeker: {estimator: kalman, glint: 0.02 m2/Hz, active_noise: 1e-9 rad2/Hz}\nsalvo: {shots: 2, spacing: 0.25 s}\n"
     "scoring: {hit_radius: [1 m, 5 m], lethality: carleton}\n" RUN(100, 12)},
    {"astray",
     POINT_MASS "target: {speed: 1 km/s, flight_path_angle: -40 degree, maneuver: step, acceleration: 2 gravity}\n"
                "interceptor: {" BODY
                "autopilot_lag: 0.3 s, heading_error_y: {mean: 0 degree, sigma: 90 degree}}\n" RADII RUN(400, 14)},
    {"ground", "zem: 1\nengagement: {kinematics: point-mass, flight_time: 1 s, intercept_altitude: 2 m}\n"
               "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, ballistic_coefficient: 5000 kg/m2}\n"
               "interceptor: {speed: 1 km/s, flight_path_angle: -30 degree, guidance: none, heading_error_z: {mean: 0 "
               "degree, sigma: 0.5 degree}}\n" RADII RUN(100, 15)},
    {"precision",
     LINEAR "target: {maneuver: step, acceleration: 3 gravity, start: {from: 0 s, to: 2 s}}\n"
            "interceptor: {speed: 2 km/s, autopilot_lag: 0.5 s}\nscoring: {hit_radius: 1 m}\n"
            "sweep: [{parameter: target.acceleration, values: [0 gravity, 1 gravity, 3 gravity, 10 gravity]}]\n"
            "run: {trials: 6000, precision: 0.02, seed: 13}\n"},
    {"ramp", LINEAR "target: {maneuver: ramp, acceleration: 5 gravity, rise_time: 1 s, start: {from: -1 s, to: 2 s}}\n"
                    "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.2 s, "
                    "acceleration_limit: 20 gravity, " ERRORS "}\nseeker: {glint: 0.02 m2/Hz}\n" RADII RUN(200, 16)},
    {"parabola_radome",
     POINT_MASS "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, maneuver: parabola, acceleration: 3 gravity, "
                "rise_time: 2 s, start: 0.3 s, ballistic_coefficient: 5000 kg/m2, lift_to_drag: 0.8}\n"
                "interceptor: {" BODY "guidance: apn, target_acceleration_scale: 0.5, seeker_lag: 0.05 s, "
                "autopilot_lag: 0.1 s, quadratic_lag: 0.05 s, turning_rate_lag: 0.5 s, " ERRORS "}\n"
                "seeker: {glint: 0.02 m2/Hz, radome_slope: -0.02}\n" RADII RUN(100, 17)},
    {"weave_law", LINEAR
     "target: {maneuver: weave, acceleration: 6 gravity, period: {from: 0.5 s, to: 2 s}, phase: {from: 0 degree, "
     "to: 360 degree}}\n"
     "interceptor: {speed: 2 km/s, guidance: weave-law, autopilot_lag: 0.1 s, time_to_go_bias: 0.02 s, " ERRORS
     "}\n" RADII "sweep: [{parameter: target.period.to, values: [1 s, 2 s]}]\n" RUN(200, 18)},
    {"weave_law_point_mass",
     POINT_MASS "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, maneuver: spiral, acceleration: 4 gravity, "
                "period: 1 s, phase: {from: 0 degree, to: 360 degree}}\n"
                "interceptor: {" BODY "guidance: weave-law, assumed_period: 1.1 s, quadratic_lag: 0.1 s, "
                "acceleration_limit: 20 gravity, " ERRORS "}\n" RADII RUN(100, 19)},
    {"sampled",
     LINEAR "target: {maneuver: step, acceleration: 5 gravity, start: {from: 0 s, to: 2 s}}\n"
            "interceptor: {speed: 2 km/s, autopilot_lag: 0.1 s, turning_rate_lag: 0.5 s, acceleration_limit: 20 "
            "gravity, " ERRORS "}\n"
            "seeker: {glint: 0.02 m2/Hz, sample_interval: 0.1 s, sample_delay: 30 ms, radome_slope: 0.01}\n" RADII
            "sweep: [{parameter: seeker.sample_delay, values: [0 ms, 30 ms]}]\n" RUN(200, 20)},
    {"sampled_point_mass", POINT_MASS
     "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, maneuver: telegraph, acceleration: 4 gravity, "
     "switching_rate: 1 Hz}\n"
     "interceptor: {" BODY "autopilot_lag: 0.1 s, " ERRORS "}\n"
     "seeker: {angle_noise: 1e-8 rad2/Hz, sample_interval: 50 ms, fading_memory: 0.3}\n" RADII RUN(100, 21)},
    {"unequal_lags", LINEAR
     "target: {maneuver: step, acceleration: 5 gravity, start: {from: 0 s, to: 2 s}}\n"
     "interceptor: {speed: 2 km/s, seeker_lag: 0.05 s, filter_lag: 0.05 s, filter_damping: 0.7, autopilot_lag: 0.1 "
     "s, autopilot_lag_2: 0.05 s, autopilot_lag_4: 0.2 s, quadratic_lag: 0.05 s, acceleration_limit: 20 gravity, "
     "" ERRORS "}\nseeker: {glint: 0.02 m2/Hz}\n" RADII
     "sweep: [{parameter: interceptor.seeker_damping, values: [0.5, 1.5]}]\n" RUN(100, 22)},
    {"unequal_lags_point_mass", POINT_MASS
     "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, maneuver: step, acceleration: 4 gravity}\n"
     "interceptor: {" BODY "filter_lag: 0.1 s, filter_damping: 0.5, autopilot_lag_2: 0.1 s, autopilot_lag_3: "
     "0.05 s, " ERRORS "}\n" RADII RUN(100, 23)},
    {"sampled_late",
     LINEAR "target: {maneuver: step, acceleration: 3 gravity}\n"
            "interceptor: {speed: 2 km/s, autopilot_lag: 0.1 s, " ERRORS "}\n"
            "seeker: {glint: 0.02 m2/Hz, sample_interval: 50 ms}\n" RADII
            "sweep: [{parameter: seeker.sample_delay, values: [50 ms, 130 ms, 750 ms]}]\n" RUN(100, 24)},
    {"sampled_kalman",
     LINEAR "target: {maneuver: telegraph, acceleration: 3 gravity}\n"
            "interceptor: {speed: 2 km/s, guidance: apn, autopilot_lag: 0.1 s, turning_rate_lag: 0.5 s, " ERRORS "}\n"
            "seeker: {estimator: kalman, glint: 0.02 m2/Hz, radome_slope: 0.01, sample_interval: 50 ms}\n"
            "salvo: {shots: 2, spacing: 0.5 s}\n" RADII RUN(100, 25)},
    {"kalman_radome_point_mass",
     POINT_MASS "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, maneuver: weave, acceleration: 4 gravity, "
                "phase: {from: 0 degree, to: 360 degree}}\n"
                "interceptor: {" BODY "autopilot_lag: 0.1 s, turning_rate_lag: 0.5 s, " ERRORS "}\n"
                "seeker: {estimator: kalman, glint: 0.02 m2/Hz, radome_slope: -0.02}\n" RADII RUN(60, 26)},
    {"sampled_kalman_point_mass",
     POINT_MASS "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, maneuver: weave, acceleration: 4 gravity, "
                "phase: {from: 0 degree, to: 360 degree}}\n"
                "interceptor: {" BODY "autopilot_lag: 0.1 s, " ERRORS "}\n"
                "seeker: {estimator: kalman, glint: 0.02 m2/Hz, sample_interval: 50 ms}\n" RADII RUN(60, 27)},
    {"dispersed_lags", LINEAR
     "target: {maneuver: step, acceleration: 3 gravity, start: {from: 0 s, to: 2 s}}\n"
     "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, seeker_damping: {from: 0.4, to: 1.2}, autopilot_lag: 0.1 s, "
     "autopilot_lag_2: {values: [0 s, 0.05 s]}, autopilot_lag_3: {from: 0 s, to: 0.2 s}, " ERRORS "}\n"
     "seeker: {glint: 0.02 m2/Hz}\n" RADII RUN(100, 28)},
    {"dispersed_delay",
     POINT_MASS "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, maneuver: step, acceleration: 4 gravity}\n"
                "interceptor: {" BODY "autopilot_lag: 0.1 s, " ERRORS "}\n"
                "seeker: {angle_noise: 1e-8 rad2/Hz, sample_interval: {from: 20 ms, to: 80 ms}, sample_delay: "
                "=2.5*seeker.sample_interval}\n" RADII RUN(100, 29)},
    {"dispersed",
     "zem: 1\nengagement: {kinematics: linear, flight_time: {mean: 2 s, sigma: 0.3 s, from: 1 s, to: 3 s}, "
     "closing_speed: 3 km/s}\n"
     "target: {maneuver: step, acceleration: {median: 3 gravity, geometric_sigma: 1.4}, start: {from: 0 s, to: "
     "=engagement.flight_time}}\n"
     "interceptor: {speed: 2 km/s, navigation_gain: {values: [3, 4, 5], weights: [1, 2, 1]}, seeker_lag: {values: [0 "
     "s, "
     "0.1 s]},\n"
     "  filter_lag: =interceptor.seeker_lag/2, autopilot_lag: {from: 0.1 s, mode: 0.2 s, to: 0.4 s}, " ERRORS ",\n"
     "  displacement_y: {mean: 0 m, sigma: 10 m}}\n" RADII
     "correlations: [{keys: [interceptor.displacement_y, interceptor.displacement_z], coefficient: -0.6}]\n"
     "sweep: [{parameter: interceptor.displacement_y.sigma, values: [0 m, 20 m]}]\n" RUN(150, 16)},
    {"dispersed_air", POINT_MASS
     "target: {speed: {from: 2 km/s, to: 3 km/s}, flight_path_angle: {mean: -40 degree, sigma: 3 degree}, "
     "ballistic_coefficient: {median: 5000 kg/m2, geometric_sigma: 1.2},\n"
     "  lift_to_drag: 0.8, maneuver: weave, acceleration: 4 gravity, period: {from: 1 s, mode: 2 s, to: 3 "
     "s}, phase: {from: 0 degree, to: 360 degree}}\n"
     "interceptor: {" BODY "seeker_lag: 0.05 s, filter_lag: 0.05 s, autopilot_lag: {from: 0.1 s, to: 0.3 s},\n"
     "  acceleration_limit: 30 gravity, " ERRORS "}\n"
     "seeker: {glint: {from: 0.01 m2/Hz, to: 0.03 m2/Hz}}\nsalvo: {shots: 2, spacing: 0.25 s}\n" RADII RUN(150, 17)},
    {"acquisition", LINEAR
     "target: {maneuver: step, acceleration: 5 gravity, start: {from: 0 s, to: 2 s}}\n"
     "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, filter_lag: 0.05 s, autopilot_lag: 0.1 s, acceleration_limit: "
     "20 gravity, " ERRORS "}\nsalvo: {shots: 2}\n"
     "seeker: {glint: 0.02 m2/Hz, acquisition_angle: 0.4 degree}\n" RADII
     "sweep: [{parameter: seeker.acquisition_range, values: [1 km, 4 km, 10 km]}]\n" RUN(100, 32)},
    {"acquisition_sampled",
     LINEAR "target: {maneuver: weave, acceleration: 5 gravity, phase: {from: 0 degree, to: 360 degree}}\n"
            "interceptor: {speed: 2 km/s, autopilot_lag: 0.1 s, " ERRORS "}\n"
            "seeker: {glint: 0.02 m2/Hz, sample_interval: 50 ms, acquisition_angle: 0.5 degree, acquisition_range: 4 "
            "km}\n" RADII "sweep: [{parameter: seeker.sample_delay, values: [0 ms, 80 ms]}]\n" RUN(100, 33)},
    {"acquisition_drawn", LINEAR
     "target: {maneuver: weave, acceleration: 5 gravity, phase: {from: 0 degree, to: 360 degree}}\n"
     "interceptor: {speed: 2 km/s, guidance: apn, autopilot_lag: 0.1 s, " ERRORS "}\n"
     "seeker: {estimator: kalman, glint: 0.02 m2/Hz, acquisition_angle: 0.5 degree, acquisition_range: {from: 2 km, "
     "to: 7 km}}\n" RADII RUN(100, 36)},
    {"acquisition_point_mass", POINT_MASS
     "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, maneuver: telegraph, acceleration: 4 gravity}\n"
     "interceptor: {" BODY "filter_lag: 0.1 s, filter_damping: 0.7, autopilot_lag: 0.1 s, " ERRORS "}\n"
     "seeker: {acquisition_angle: 1 degree}\n" RADII
     "sweep: [{parameter: seeker.acquisition_range, values: [500 m, 4 km]}]\n" RUN(100, 34)},
    {"acquisition_kalman",
     POINT_MASS "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, maneuver: weave, acceleration: 4 gravity, "
                "phase: {from: 0 degree, to: 360 degree}}\n"
                "interceptor: {" BODY "autopilot_lag: 0.1 s, " ERRORS "}\n"
                "seeker: {estimator: kalman, glint: 0.02 m2/Hz, acquisition_range: 6 km, acquisition_angle: 1.5 "
                "degree}\n" RADII RUN(60, 35)},
};
enum { SMALL_SCENARIOS = sizeof small_scenarios / sizeof *small_scenarios };

/* Runs a scenario, and fails the running test if that fails. The caller releases the result with zem_result_free. */
static inline void small_run(const struct zem_scenario *scenario, const struct zem_run_options *options,
                             struct zem_result *result)
{
    struct zem_error error = {0};
    if (zem_result_init(result, scenario, &error) != 0 || zem_run(scenario, options, result, &error) != 0)
        fail_msg("%s on %s: %s", scenario->name, options->devices, error.message);
}

#endif
