/* Independent integrations in double precision with which the validation suite compares the program: the adjoint of the
 * linear loop, the linear loop itself, and two bodies in three dimensions. They share no code with kernels/ and take
 * their equations from models/README.md. */
#ifndef VALIDATION_REFERENCE_H
#define VALIDATION_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#define STAGES_MAX 5
#define GRAVITY 9.80665              /* m/s2 */
#define TURN 6.283185307179586476925 /* rad */

enum reference_law { LAW_NONE, LAW_PN, LAW_APN, LAW_OGL };

/* The interceptor's loop. A lag of 0 means that there is no such lag, a limit of 0 that there is no limit. */
struct loop {
    enum reference_law law;
    double gain;
    double seeker_lag, filter_lag, autopilot_lag;
    int stages;
    double acceleration_limit, divert_limit;
    double closing_speed; /* for linear kinematics, m/s */
    double blind_time;
    bool perfect; /* perfect estimator: guidance knows the true line-of-sight rate */
};

/* ---------------------------------------------------------------- adjoint of the linear loop */

/* The miss of an engagement with the flight time `to_go`, for each cause by itself with the strength 1, in m. For
 * random causes the mean square, in m2. */
struct response {
    double to_go;
    double velocity;     /* relative velocity at start of homing, 1 m/s */
    double displacement; /* relative displacement at start of homing, 1 m, seen by the tracker */
    double step;         /* target acceleration of 1 m/s2 during the whole flight */
    double random_start; /* mean square, target acceleration of 1 m/s2 from a time uniform over the flight */
    double telegraph;    /* mean square, telegraph of 1 m/s2 with the given `switching_rate` */
    double glint, angle_noise, semiactive,
        active; /* mean squares, spectral density 1 (semiactive, active: at a range of 1 m) */
};

struct adjoint {
    size_t count;
    struct response *responses; /* in the order of to_go, from almost 0 */
};

/* Integrates the responses up to the flight time `longest`, for proportional navigation without limits.
 * `switching_rate` is that of the telegraph's reversals, Hz. The caller releases `adjoint` with adjoint_free. */
void adjoint_integrate(const struct loop *loop, double longest, double switching_rate, struct adjoint *adjoint);
void adjoint_free(struct adjoint *adjoint);

/* Returns the responses at a flight time, interpolated. */
struct response adjoint_at(const struct adjoint *adjoint, double to_go);

/* ---------------------------------------------------------------- the linear loop, forward */

/* Writes the acceleration of the target in channels y and z at a time, m/s2. */
typedef void target_function(const void *context, double time, double acceleration[2]);

struct flight_record {
    double position[2]; /* relative position at the end, m */
    double miss, divert, saturated_time;
};

/* Flies both channels. `displacement` (m) and `velocity` (m/s) are relative position and velocity normal to the line of
 * sight at the start of homing. `context` is passed to `target`. */
struct flight_record loop_fly(const struct loop *loop, double flight_time, const double displacement[2],
                              const double velocity[2], target_function *target, const void *context);

/* Writes the gain N'(x) of the optimal guidance law and the weight (e^-x + x - 1)/x^2 of the achieved acceleration in
 * it, where x is the time to go over the autopilot lag. Below x = 1, where the closed forms cancel, they come from
 * series in long double. */
void optimal_gains(double x, double *gain, double *achieved_weight);

/* ---------------------------------------------------------------- two bodies in three dimensions */

enum reference_maneuver { MANEUVER_NONE, MANEUVER_STEP, MANEUVER_WEAVE, MANEUVER_SPIRAL };

struct scene {
    struct loop loop;
    double target_position[3], target_velocity[3], interceptor_position[3],
        interceptor_velocity[3];        /* at start of homing, without errors */
    double channel_y[3];                /* unit vector of channel y */
    double heading[2], displacement[2]; /* errors at start of homing, rad and m */
    enum reference_maneuver maneuver;
    double level, period, phase, start, roll; /* SI, rad */
    double target_beta, interceptor_beta;     /* ballistic coefficients, kg/m2; 0: no drag */
    double lift_to_drag;                      /* 0: no lift limit */
    double aerodynamic_limit, reference_dynamic_pressure;
    double acquisition_range; /* range at which the seeker acquires the target, m; 0: at start of homing */
};

struct scene_record {
    double miss, flight_time, divert, saturated_time;
    double altitude, target_speed, interceptor_speed; /* at the end; the altitude is that of the target */
};
struct scene_record scene_fly(const struct scene *scene);

/* Returns the air density in kg/m3 at an altitude of up to 86 km, by hydrostatic integration of the temperature profile
 * that defines the U.S. Standard Atmosphere 1976. */
double standard_density(double altitude);

#endif
