/* The Kalman filter of a sampled seeker, and the Kalman filter behind a radome. Both are compared with a loop of one
 * channel that is flown here in double precision, with steps of 50 us and a filter of whole matrices. It shares no code
 * with kernels/. */
#include "validation.h"
#include "validation_guidance.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#undef PART
#define PART "Further causes of miss"
#define FLIGHT 3.0

/* ---------------------------------------------------------------- the loop, flown here */

/* One flight of the loop, in SI units. Without a sample interval the filter measures in every step of 50 us, which is
 * as good as continuously. */
struct scene {
    double interval, radome, turning_lag, level, heading, flight;
    double look;             /* time to go at which the seeker acquires the target, s; 0: at start of homing */
    double density, process; /* of the angle noise, rad2/Hz, and of the jerk that the filter assumes, m2/s5 */
    double sigma[3];         /* initial deviations that the filter assumes: position, velocity, acceleration */
    bool augmented;          /* guidance: apn instead of pn */
    const char *step;        /* run.step, or NULL for the default */
    long kicked;             /* number of the measurement with an error of 1 rad; negative: none */
};

/* States: position, velocity, achieved acceleration, flight path angle; estimates of position, velocity, target
 * acceleration. */
enum { Y, V, ACHIEVED, TURNED, OF_Y, OF_V, OF_TARGET, STATES };
static const double GAIN = 4.0, LAG = 0.2;

/* Whether the seeker has not acquired the target at the time t. Instants are multiples of 25 us. */
static bool waits(const struct scene *s, double t) { return s->look > 0.0 && s->flight - t > s->look + 1e-5; }

static void rates_of(const struct scene *s, const double *x, double t, double *rate)
{
    const double to_go = s->flight - t;
    double command = GAIN * (x[OF_Y] + x[OF_V] * to_go) / (to_go * to_go);
    if (s->augmented)
        command += 0.5 * GAIN * x[OF_TARGET];
    if (waits(s, t))
        command = 0.0;
    rate[Y] = x[V];
    rate[V] = s->level - x[ACHIEVED];
    rate[ACHIEVED] = (command - x[ACHIEVED]) / LAG;
    rate[TURNED] = x[ACHIEVED] / SPEED;
    rate[OF_Y] = x[OF_V];
    rate[OF_V] = x[OF_TARGET] - x[ACHIEVED];
    rate[OF_TARGET] = 0.0;
}

static void advance(const struct scene *s, double *x, double t, double h)
{
    double k[4][STATES], z[STATES];
    const double at[4] = {0.0, 0.5, 0.5, 1.0};
    for (int j = 0; j < 4; j++) {
        for (int i = 0; i < STATES; i++)
            z[i] = x[i] + (j > 0 ? h * at[j] * k[j - 1][i] : 0.0);
        rates_of(s, z, t + h * at[j], k[j]);
    }
    for (int i = 0; i < STATES; i++)
        x[i] += h / 6.0 * (k[0][i] + 2.0 * (k[1][i] + k[2][i]) + k[3][i]);
}

/* Updates the covariance P by a measurement of the position with this variance, and writes the gain. covariance_grow
 * then propagates P over a step: F P F' + Q. */
static void covariance_jump(double p[3][3], double variance, double gain[3])
{
    double before[3][3];
    memcpy(before, p, sizeof before);
    for (int i = 0; i < 3; i++)
        gain[i] = before[i][0] / (before[0][0] + variance);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            p[i][j] = before[i][j] - gain[i] * before[0][j];
}

static void covariance_grow(double p[3][3], double process, double h)
{
    const double f[3][3] = {{1.0, h, 0.5 * h * h}, {0.0, 1.0, h}, {0.0, 0.0, 1.0}},
                 q[3][3] = {{pow(h, 5) / 20.0, pow(h, 4) / 8.0, pow(h, 3) / 6.0},
                            {pow(h, 4) / 8.0, pow(h, 3) / 3.0, h * h / 2.0},
                            {pow(h, 3) / 6.0, h * h / 2.0, h}};
    double grown[3][3];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            grown[i][j] = process * q[i][j];
            for (int k = 0; k < 3; k++)
                for (int m = 0; m < 3; m++)
                    grown[i][j] += f[i][k] * p[k][m] * f[j][m];
        }
    memcpy(p, grown, sizeof grown);
}

/* Flies the channel and returns the relative position at the end, m. */
static double scene_fly(const struct scene *s)
{
    const double h = 5e-5, period = s->interval > 0.0 ? s->interval : h;
    const long steps = lround(s->flight / h), every = lround(period / h);
    double x[STATES] = {0.0}, p[3][3] = {{0.0}}, gain[3];
    for (int i = 0; i < 3; i++)
        p[i][i] = s->sigma[i] * s->sigma[i];
    x[V] = -SPEED * s->heading;
    for (long k = 0; k < steps - 1; k++) { /* the last step is shorter than any blind time */
        const double t = (double)k * h, range = CLOSING_SPEED * (s->flight - t);
        if (k % every == 0 && !waits(s, t)) {
            const double bent = s->radome * (x[TURNED] + s->turning_lag * x[ACHIEVED] / SPEED);
            const double error = k / every == s->kicked ? 1.0 : 0.0;
            covariance_jump(p, range * range * s->density / period, gain);
            const double residual = x[Y] + range * (bent + error) - x[OF_Y];
            for (int i = 0; i < 3; i++)
                x[OF_Y + i] += gain[i] * residual;
        }
        advance(s, x, t, h);
        covariance_grow(p, s->process, h);
    }
    return x[Y] + x[V] * h;
}

/* ---------------------------------------------------------------- comparisons */

/* What the filter assumes. Only the proportions of these numbers determine its gains. The noise is so small here that
 * it does not change the miss. */
#define ASSUMED \
    "estimator: kalman, angle_noise: 1e-15 rad2/Hz, estimator_process_noise: 3e-5 m2/s5, estimator_sigma_position: 5 " \
    "mm, estimator_sigma_velocity: 8 mm/s, estimator_sigma_acceleration: 15 mm/s2"
#define ASSUMED_HERE .density = 1e-15, .process = 3e-5, .sigma = {5e-3, 8e-3, 15e-3}, .kicked = -1

static const struct {
    const char *claim, *target, *interceptor, *seeker;
    struct scene scene;
    bool bodies;  /* in point-mass kinematics */
    double limit; /* % of the peak */
} cases[] = {
    {"kalman filter of samples every 0.1 s",
     "maneuver: step, acceleration: 30 m/s2",
     "guidance: pn",
     ", sample_interval: 0.1 s",
     {ASSUMED_HERE, .interval = 0.1, .level = 30.0},
     false,
     0.3},
    {"the same under apn, every 0.05 s, heading error",
     "maneuver: step, acceleration: 20 m/s2",
     "guidance: apn, heading_error_y: 0.01 radian",
     ", sample_interval: 0.05 s",
     {ASSUMED_HERE, .interval = 0.05, .level = 20.0, .heading = 0.01, .augmented = true},
     false,
     0.3},
    {"kalman filter of samples every 0.05 s behind a radome",
     "maneuver: step, acceleration: 30 m/s2",
     "guidance: pn, turning_rate_lag: 1 s",
     ", sample_interval: 0.05 s, radome_slope: -0.02",
     {ASSUMED_HERE, .interval = 0.05, .level = 30.0, .radome = -0.02, .turning_lag = 1.0},
     false,
     0.3},
    {"kalman filter behind a radome",
     "maneuver: step, acceleration: 30 m/s2",
     "guidance: pn, turning_rate_lag: 1 s",
     ", radome_slope: -0.02",
     {ASSUMED_HERE, .level = 30.0, .radome = -0.02, .turning_lag = 1.0},
     false,
     0.3},
    /* After the coast the filter is so uncertain that its first three measurements set the estimates. They take three
     * steps, which delays homing. With steps of 0.5 ms the delay changes the miss by half a per cent. */
    {"acquisition 1 s before collision, kalman filter, steps of 0.5 ms",
     "maneuver: step, acceleration: 30 m/s2",
     "guidance: pn",
     ", acquisition_range: 4 km",
     {ASSUMED_HERE, .level = 30.0, .look = 1.0, .step = "step: 0.5 ms, "},
     false,
     1.0},
    {"acquisition 0.9 s before collision, kalman filter of samples every 0.1 s, apn",
     "maneuver: step, acceleration: 30 m/s2",
     "guidance: apn, heading_error_y: 0.01 radian",
     ", sample_interval: 0.1 s, acquisition_range: 3.6 km",
     {ASSUMED_HERE, .interval = 0.1, .level = 30.0, .heading = 0.01, .augmented = true, .look = 0.9},
     false,
     0.3},
    /* Point-mass kinematics differs by the squares of angles of 0.01 radian and by speeds that change, hence the limit
     * of 1 %. */
    {"kalman filter of samples every 0.1 s, two bodies",
     "speed: 2 km/s, flight_path_angle: 0 degree, maneuver: step, acceleration: 30 m/s2",
     "guidance: pn, flight_path_angle: 0 degree, turning_rate_lag: 1 s",
     ", sample_interval: 0.1 s, radome_slope: -0.02",
     {ASSUMED_HERE, .interval = 0.1, .level = 30.0, .radome = -0.02, .turning_lag = 1.0},
     true,
     1.0},
    {"kalman filter behind a radome, two bodies",
     "speed: 2 km/s, flight_path_angle: 0 degree, maneuver: step, acceleration: 30 m/s2",
     "guidance: pn, flight_path_angle: 0 degree, turning_rate_lag: 1 s",
     ", radome_slope: -0.02",
     {ASSUMED_HERE, .level = 30.0, .radome = -0.02, .turning_lag = 1.0},
     true,
     1.0},
    {"acquisition 1 s before collision, kalman filter, steps of 0.5 ms, two bodies",
     "speed: 2 km/s, flight_path_angle: 0 degree, maneuver: step, acceleration: 5 m/s2",
     "guidance: pn, flight_path_angle: 0 degree",
     ", acquisition_range: 4 km",
     {ASSUMED_HERE, .level = 5.0, .look = 1.0, .step = "step: 0.5 ms, "},
     true,
     1.0},
};

void filters_of_samples_and_behind_a_radome_follow_the_loop_flown_here(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct flown flown;
        double worst = 0.0, peak = 0.0;
        fly(&flown,
            "engagement: {kinematics: %s}\ntarget: {%s}\n"
            "interceptor: {speed: 2 km/s, navigation_gain: 4, autopilot_lag: 0.2 s, %s}\n"
            "seeker: {blind_time: 50 us, " ASSUMED "%s}\nscoring: {hit_radius: [1 m]}\n"
            "sweep: [{parameter: engagement.flight_time, values: [1.1 s, 1.7 s, 2.3 s, 3 s, 4.3 s]}]\n"
            "run: {%strials: 1}\n",
            cases[k].bodies ? "point-mass, flight_time: 3 s, intercept_altitude: 50 km"
                            : "linear, flight_time: 3 s, closing_speed: 4 km/s",
            cases[k].target, cases[k].interceptor, cases[k].seeker,
            cases[k].scene.step != NULL ? cases[k].scene.step : "");
        for (uint64_t cell = 0; cell < flown.result.cells; cell++) {
            struct scene scene = cases[k].scene;
            scene.flight = axis_value(&flown, 0, cell);
            const double expected = fabs(scene_fly(&scene));
            worst = larger(worst, fabs(cell_miss_mean(&flown, cell) - expected));
            peak = larger(peak, expected);
        }
        row_add((struct row){.part = PART,
                             .claim = cases[k].claim,
                             .formula = "the loop and the filter in double precision, steps of 50 us",
                             .source = "validation_samples.c",
                             .unit = "% of the peak",
                             .measured = 100.0 * worst / peak,
                             .limit = cases[k].limit});
        flown_free(&flown);
    }
    rows_check();
}

/* An error of one radian in measurement k moves the relative position at the end by its response, which is flown here.
 * The noise of the measurements is independent, so that s^2, the mean square of one channel, is the sum of the squared
 * responses times the variance of a measurement. Over n trials the mean square of the miss, of both channels, has the
 * mean 2 s^2 and the standard deviation 2 s^2/sqrt(n). */
void noise_of_a_sampled_filter_has_its_mean_square(void **state)
{
    (void)state;
    struct flown flown;
    const uint64_t trials = trials_of(40000);
    struct scene scene = {
        .interval = 0.1, .flight = FLIGHT, .density = 1e-7, .process = 500.0, .sigma = {20.0, 10.0, 40.0}};
    double square = 0.0;
    for (scene.kicked = 0; scene.kicked < lround(FLIGHT / scene.interval); scene.kicked++)
        square += pow(scene_fly(&scene), 2) * scene.density / scene.interval;
    fly(&flown,
        "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n"
        "interceptor: {speed: 2 km/s, navigation_gain: 4, autopilot_lag: 0.2 s}\n"
        "seeker: {blind_time: 50 us, estimator: kalman, angle_noise: 1e-7 rad2/Hz, sample_interval: 0.1 s, "
        "estimator_process_noise: 500 m2/s5, estimator_sigma_position: 20 m, estimator_sigma_velocity: 10 m/s, "
        "estimator_sigma_acceleration: 40 m/s2}\nscoring: {hit_radius: [1 m]}\nrun: {trials: %llu}\n",
        (unsigned long long)trials);
    mean_square_row(PART, "angle noise of a kalman filter of samples, mean square miss",
                    "2 sum of (response of measurement k)^2 density/interval", "validation_samples.c", &flown,
                    2.0 * square, trials);
    flown_free(&flown);
    rows_check();
}
