/* The miss of a guidance loop with one lag is a sum of responses, one for each cause of a miss. Each response is e^-x
 * times a polynomial of x, the time from the cause to the end of the flight divided by the lag. The functions below
 * decide from the values of a cell which responses add up. If anything else has an effect, the cell has no closed
 * form. */
#include "study/closed_form.h"

#include "base/kernel_types.h"
#include "cell/cell.h"
#include "scenario/grid.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double PI = 3.14159265358979323846;

/* The effective navigation ratios N' that have polynomials: from GAIN_LEAST to GAIN_MOST. A polynomial has POWERS
 * coefficients. */
enum { GAIN_LEAST = 3, GAIN_MOST = 5, POWERS = 5 };

/* Coefficients of x^0, x^1, ... for N' = 3, 4, 5. The polynomials times e^-x give the miss per nT T^2 of a step with
 * the acceleration nT, per -VM HE T of a heading error HE at the interceptor's speed VM, and per y0 of a displacement
 * y0; T is the lag. */
static const double step_response[3][POWERS] = {
    {0.0, 0.0, 1.0 / 2}, {0.0, 0.0, 1.0 / 2, -1.0 / 6}, {0.0, 0.0, 1.0 / 2, -1.0 / 3, 1.0 / 24}};
static const double heading_response[3][POWERS] = {
    {0.0, 1.0, -1.0 / 2}, {0.0, 1.0, -1.0, 1.0 / 6}, {0.0, 1.0, -3.0 / 2, 1.0 / 2, -1.0 / 24}};
static const double displacement_response[3][POWERS] = {
    {1.0, -2.0, 1.0 / 2}, {1.0, -3.0, 3.0 / 2, -1.0 / 6}, {1.0, -4.0, 3.0, -2.0 / 3, 1.0 / 24}};

/* After so many lags a weave and the noise count as having gone on for ever, because e^-x x^4 / 24 < 1e-3 at x = 15. */
#define SETTLED 15.0
/* If the bias of the miss (closed_form.h) depends on a drawn number, it is computed for many values of this number.
 * sigma is the standard deviation of the normal errors of the miss. */
#define BIASES_ALONE 20000 /* number of biases if sigma is 0, and largest number otherwise */
#define BIASES_BLURRED 256 /* least number of biases if sigma is above 0 */
#define BLURRED 0.25       /* largest difference of the biases of successive values, as a fraction of sigma */
#define LEFT_MOST 0.01     /* largest miss that the start of a weave may leave, as a fraction of the weave's miss */
#define BLIND_MOST 0.0101  /* largest blind time, in lags */
#define FAR 9.0            /* a normal error larger than so many standard deviations is neglected */

/* The guidance loop of a cell. */
struct loop {
    const struct zem_value *value;
    bool guided;
    double lag;  /* lag, s; 0 for none */
    size_t gain; /* index of N' in the tables; used only if there is a lag */
    double time; /* time of flight, s */
};

static double at(const struct loop *loop, enum zem_key key) { return loop->value[key].first; }

static double respond(const double response[POWERS], double x)
{
    double sum = 0.0;
    for (int k = POWERS - 1; k >= 0; k--)
        sum = sum * x + response[k];
    return exp(-x) * sum;
}

/* ---- the responses */

/* The miss, m per m/s2, of a step maneuver that begins `time` s before the end of the flight. */
static double step_miss(const struct loop *loop, double time)
{
    if (time <= 0.0)
        return 0.0;
    if (!loop->guided)
        return 0.5 * time * time;
    return loop->lag > 0.0 ? loop->lag * loop->lag * respond(step_response[loop->gain], time / loop->lag) : 0.0;
}

/* The miss, m per rad of heading error. */
static double heading_miss(const struct loop *loop)
{
    const double speed = at(loop, ZEM_KEY_INTERCEPTOR_SPEED);
    if (!loop->guided)
        return -speed * loop->time;
    return loop->lag > 0.0 ? -speed * loop->lag * respond(heading_response[loop->gain], loop->time / loop->lag) : 0.0;
}

/* The miss, m per m of displacement. */
static double displacement_miss(const struct loop *loop)
{
    if (!loop->guided)
        return 1.0;
    return loop->lag > 0.0 ? respond(displacement_response[loop->gain], loop->time / loop->lag) : 0.0;
}

/* The amplitude of the miss, m per m/s2, of a weave or spiral that has gone on for long. */
static double weave_miss(const struct loop *loop)
{
    const double gain = (double)(loop->gain + GAIN_LEAST), w = 2.0 * PI / at(loop, ZEM_KEY_PERIOD) * loop->lag;
    return loop->lag * loop->lag * pow(w, gain - 2.0) / pow(1.0 + w * w, 0.5 * gain);
}

/* Returns K^2, the factor of a kind of noise in the variance of the miss. A unit impulse of angle noise at the time x T
 * before the end causes the miss Vc x e^-x q(x), where q = P' - P and P is the polynomial of the displacement. For
 * noise whose amplitude grows as range^(n/2), n = `power`, K^2 is the integral of x^(n + 2) e^-2x q^2 over all x >= 0;
 * the term x^m contributes m! / 2^(m + 1). */
static double noise_constant(size_t gain, int power)
{
    const double *p = displacement_response[gain];
    double q[POWERS], sum = 0.0;
    for (int k = 0; k < POWERS; k++)
        q[k] = (k + 1 < POWERS ? (k + 1) * p[k + 1] : 0.0) - p[k];
    for (int i = 0; i < POWERS; i++)
        for (int k = 0; k < POWERS; k++) {
            double term = q[i] * q[k];
            for (int m = 1; m <= i + k + power + 2; m++)
                term *= 0.5 * m;
            sum += 0.5 * term;
        }
    return sum;
}

/* The variance of the miss in a channel from all noises, m2. */
static double noise_variance(const struct loop *loop)
{
    static const struct {
        enum zem_key density;
        int power; /* exponent of the range in the density */
    } noises[] = {
        {ZEM_KEY_GLINT, -2}, {ZEM_KEY_ANGLE_NOISE, 0}, {ZEM_KEY_SEMIACTIVE_NOISE, 2}, {ZEM_KEY_ACTIVE_NOISE, 4}};
    _Static_assert(sizeof noises / sizeof *noises == ZEM_NOISE_KINDS, "a row for every kind of noise");
    const double speed = at(loop, ZEM_KEY_CLOSING_SPEED);
    double variance = 0.0;
    for (size_t i = 0; i < sizeof noises / sizeof *noises; i++) {
        const double density = at(loop, noises[i].density);
        const int power = noises[i].power;
        if (density > 0.0)
            variance += noise_constant(loop->gain, power) * density * pow(speed, power + 2) * pow(loop->lag, power + 1)
                        / (power > 0 ? pow(at(loop, ZEM_KEY_REFERENCE_RANGE), power) : 1.0);
    }
    return variance;
}

/* ---- what has a closed form */

/* Returns whether a closed form exists if the key is drawn from this distribution. */
static bool may_vary(enum zem_key key, enum zem_distribution distribution)
{
    switch (key) {
    case ZEM_KEY_HEADING_ERROR_Y:
    case ZEM_KEY_HEADING_ERROR_Z:
    case ZEM_KEY_DISPLACEMENT_Y:
    case ZEM_KEY_DISPLACEMENT_Z:
        return distribution == ZEM_NORMAL;
    case ZEM_KEY_PHASE:
    case ZEM_KEY_MANEUVER_START:
        return distribution == ZEM_UNIFORM;
    default:
        return false;
    }
}

static int none(char *why, size_t size, const char *reason)
{
    snprintf(why, size, "%s", reason);
    return 1;
}

/* Returns 1, with the reason in `why`, if a part of the model has an effect that no closed form covers, else 0. */
static int refuse_features(const struct zem_value *value, char *why, size_t size)
{
    static const struct {
        feature_set feature;
        const char *reason;
    } strange[] = {
        {ZEM_FEATURE_POINT_MASS, "the kinematics are point-mass"},
        {ZEM_FEATURE_LIMIT, "interceptor.acceleration_limit has an effect"},
        {ZEM_FEATURE_DIVERT_LIMIT, "interceptor.divert_limit has an effect"},
        {ZEM_FEATURES_OF_LAWS, "the guidance law is not proportional navigation"},
        {ZEM_FEATURE_PERFECT | ZEM_FEATURE_KALMAN, "an estimator has an effect"},
        {ZEM_FEATURE_TELEGRAPH, "the maneuver is a telegraph"},
        {ZEM_FEATURE_SALVO, "trials are salvos"},
        {ZEM_FEATURE_CARLETON, "the lethality is no cookie-cutter"},
        {ZEM_FEATURE_SAMPLED, "the seeker is sampled"},
        {ZEM_FEATURE_ACQUISITION, "the seeker must acquire the target"},
        {ZEM_FEATURE_UNEQUAL, "autopilot stages have time constants of their own"},
        {ZEM_FEATURE_QUADRATIC | ZEM_FEATURE_QUADRATIC_TRACKER | ZEM_FEATURE_QUADRATIC_FILTER, "a lag is quadratic"},
        {ZEM_FEATURE_RADOME, "a radome has an effect"},
        {ZEM_FEATURE_RAMP | ZEM_FEATURE_PARABOLA, "the maneuver is a ramp or a parabola"},
        {ZEM_FEATURE_TIME_TO_GO, "the time to go of the guidance has an error"}};
    const feature_set known = ZEM_FEATURE_STEP | ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL | ZEM_FEATURE_GUIDANCE
                              | ZEM_FEATURE_TRACKER | ZEM_FEATURE_FILTER | ZEM_FEATURE_AUTOPILOT | ZEM_FEATURE_NOISE
                              | ZEM_FEATURE_TRANSITION;
    const feature_set features = zem_cell_features(value);
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        if ((features & strange[i].feature) != 0)
            return none(why, size, strange[i].reason);
    return (features & ~known) != 0 ? none(why, size, "a further cause of miss has an effect") : 0;
}

/* Returns 1, with the reason in `why`, if a value varies from trial to trial in a way that no closed form covers, else
 * 0. */
static int refuse_variation(const struct zem_scenario *scenario, const struct zem_value *value, char *why, size_t size)
{
    if (scenario->resolution.by_trial || scenario->correlation_count > 0)
        return none(why, size, "the host draws values for each trial");
    for (enum zem_key key = 0; key < ZEM_KEY_COUNT; key++)
        if (value[key].present && value[key].distribution != ZEM_CONSTANT && !may_vary(key, value[key].distribution)) {
            snprintf(why, size, "%s.%s varies from trial to trial in a way that has none", zem_key_table[key].section,
                     zem_key_table[key].name);
            return 1;
        }
    return 0;
}

/* Finds the lag and the navigation gain. Returns 0, or 1 with the reason in `why` if they have no closed form. */
static int find_loop(struct loop *loop, char *why, size_t size)
{
    const double lags[] = {at(loop, ZEM_KEY_SEEKER_LAG), at(loop, ZEM_KEY_FILTER_LAG), at(loop, ZEM_KEY_AUTOPILOT_LAG)};
    const double gain = at(loop, ZEM_KEY_NAVIGATION_GAIN);
    loop->guided = zem_choice_index(loop->value, ZEM_KEY_GUIDANCE) != ZEM_GUIDANCE_NONE;
    loop->time = at(loop, ZEM_KEY_FLIGHT_TIME);
    for (int i = 0; i < 3 && loop->guided; i++) {
        if (lags[i] > 0.0 && loop->lag > 0.0)
            return none(why, size, "the loop has several lags");
        loop->lag = fmax(loop->lag, lags[i]);
    }
    if (loop->guided && lags[2] > 0.0 && loop->value[ZEM_KEY_AUTOPILOT_ORDER].integer > 1)
        return none(why, size, "the autopilot has several lags");
    if (!loop->guided)
        return 0;
    if (loop->lag > 0.0 && !(fabs(gain - 3.0) < 1e-9 || fabs(gain - 4.0) < 1e-9 || fabs(gain - 5.0) < 1e-9))
        return none(why, size, "interceptor.navigation_gain is not 3, 4 or 5");
    if (!(gain > 2.0))
        return none(why, size, "interceptor.navigation_gain is not above 2");
    if (loop->lag > 0.0 && at(loop, ZEM_KEY_BLIND_TIME) > BLIND_MOST * loop->lag)
        return none(why, size, "seeker.blind_time is above a hundredth of the lag");
    loop->gain = loop->lag > 0.0 ? (size_t)(gain + 0.5) - GAIN_LEAST : 0;
    return 0;
}

/* The maneuver of a cell whose miss has a closed form. */
enum motion { MOTION_NONE, MOTION_STEP, MOTION_WEAVE, MOTION_SPIRAL };

static int find_motion(const struct loop *loop, enum motion *motion, char *why, size_t size)
{
    static const enum zem_key errors[] = {ZEM_KEY_HEADING_ERROR_Y, ZEM_KEY_HEADING_ERROR_Z, ZEM_KEY_DISPLACEMENT_Y,
                                          ZEM_KEY_DISPLACEMENT_Z};
    const struct zem_value *phase = &loop->value[ZEM_KEY_PHASE];
    const double turns = (phase->second - phase->first) / (2.0 * PI);
    const unsigned maneuver = zem_choice_index(loop->value, ZEM_KEY_MANEUVER);
    const bool noisy = (zem_cell_features(loop->value) & ZEM_FEATURE_NOISE) != 0;
    *motion = maneuver == ZEM_MANEUVER_STEP     ? MOTION_STEP
              : maneuver == ZEM_MANEUVER_WEAVE  ? MOTION_WEAVE
              : maneuver == ZEM_MANEUVER_SPIRAL ? MOTION_SPIRAL
                                                : MOTION_NONE;
    const bool lasting = *motion == MOTION_WEAVE || *motion == MOTION_SPIRAL || (noisy && loop->guided);
    if (lasting && loop->lag <= 0.0)
        return none(why, size, "a weave, a spiral and noise need a guided loop with one lag");
    if (lasting && loop->time < SETTLED * loop->lag) {
        snprintf(why, size, "engagement.flight_time is shorter than %g lags, which a weave, a spiral and noise need",
                 SETTLED);
        return 1;
    }
    if ((*motion == MOTION_WEAVE || *motion == MOTION_SPIRAL)
        && fabs(step_miss(loop, loop->time)) > LEFT_MOST * weave_miss(loop))
        return none(why, size,
                    "what the start of so slow or fast a weave or spiral leaves is above a hundredth of its miss; "
                    "engagement.flight_time is too short");
    if (*motion == MOTION_WEAVE
        && (phase->distribution != ZEM_UNIFORM || fabs(turns - round(turns)) > 1e-9 || round(turns) < 1.0))
        return none(why, size, "target.phase is not uniform over whole turns");
    for (int i = 0; i < 4 && *motion == MOTION_SPIRAL; i++)
        if (fabs(at(loop, errors[i])) > 0.0)
            return none(why, size, "a spiral acts together with another constant error");
    return 0;
}

/* ---- the bias and the normal errors */

static double deviation_of(const struct zem_value *value)
{
    return value->distribution == ZEM_NORMAL ? value->second : 0.0;
}

/* Finds the standard deviation of the normal errors of the miss, which noise, normal heading errors and normal
 * displacements cause. Returns 0, or 1 with the reason in `why` if it differs between the channels. */
static int add_errors(const struct loop *loop, struct zem_closed_form *form, char *why, size_t size)
{
    double variance[2];
    const bool noisy = loop->guided && loop->lag > 0.0;
    for (int i = 0; i < 2; i++) {
        const double heading = heading_miss(loop)
                               * deviation_of(&loop->value[i == 0 ? ZEM_KEY_HEADING_ERROR_Y : ZEM_KEY_HEADING_ERROR_Z]),
                     displaced = displacement_miss(loop)
                                 * deviation_of(&loop->value[i == 0 ? ZEM_KEY_DISPLACEMENT_Y : ZEM_KEY_DISPLACEMENT_Z]);
        variance[i] = heading * heading + displaced * displaced + (noisy ? noise_variance(loop) : 0.0);
    }
    if (fabs(variance[0] - variance[1]) > 1e-9 * fmax(variance[0], variance[1]))
        return none(why, size, "the normal errors differ between channels y and z");
    form->sigma = sqrt(variance[0]);
    return 0;
}

/* Returns the magnitude of the bias, m, for value `i` of `count` evenly spaced values of the drawn number, which is the
 * start of a step or the phase of a weave. */
static double bias_of(const struct loop *loop, enum motion motion, size_t i, size_t count)
{
    const struct zem_value *start = &loop->value[ZEM_KEY_MANEUVER_START];
    const double level = at(loop, ZEM_KEY_TARGET_ACCELERATION), roll = at(loop, ZEM_KEY_ROLL),
                 share = ((double)i + 0.5) / (double)count;
    const double heading = heading_miss(loop), displaced = displacement_miss(loop);
    double y = heading * at(loop, ZEM_KEY_HEADING_ERROR_Y) + displaced * at(loop, ZEM_KEY_DISPLACEMENT_Y),
           z = heading * at(loop, ZEM_KEY_HEADING_ERROR_Z) + displaced * at(loop, ZEM_KEY_DISPLACEMENT_Z), miss = 0.0;
    if (motion == MOTION_STEP) {
        const double begun =
            start->distribution == ZEM_UNIFORM ? start->first + share * (start->second - start->first) : start->first;
        miss = level * step_miss(loop, loop->time - fmax(0.0, begun));
    } else if (motion == MOTION_WEAVE)
        miss = level * weave_miss(loop) * sin(2.0 * PI * share);
    else if (motion == MOTION_SPIRAL) /* the magnitude does not depend on the phase */
        miss = level * weave_miss(loop);
    return hypot(y + miss * cos(roll), z + miss * sin(roll));
}

/* Returns whether the bias depends on a drawn number. */
static bool is_drawn(const struct loop *loop, enum motion motion)
{
    return motion == MOTION_WEAVE
           || (motion == MOTION_STEP && loop->value[ZEM_KEY_MANEUVER_START].distribution == ZEM_UNIFORM);
}

/* Returns for how many values of the drawn number (the start of a step, or the phase of a weave) the bias is computed.
 * The biases of successive values differ by at most BLURRED times `sigma`, the standard deviation of the normal errors,
 * unless that takes more than BIASES_ALONE values. */
static size_t bias_count(const struct loop *loop, enum motion motion, double sigma)
{
    size_t count = sigma > 0.0 ? BIASES_BLURRED : BIASES_ALONE;
    for (double widest = INFINITY; count < BIASES_ALONE && widest > BLURRED * sigma;) {
        widest = 0.0;
        for (size_t i = 1; i < count; i++)
            widest = fmax(widest, fabs(bias_of(loop, motion, i, count) - bias_of(loop, motion, i - 1, count)));
        count = widest > BLURRED * sigma ? 2 * count : count;
    }
    return count < BIASES_ALONE ? count : BIASES_ALONE;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int zem_closed_form_find(const struct zem_scenario *scenario, uint64_t cell, struct zem_closed_form *form, char *why,
                         size_t size, struct zem_error *error)
{
    struct zem_value value[ZEM_KEY_COUNT];
    struct loop loop = {.value = value};
    enum motion motion = MOTION_NONE;
    *form = (struct zem_closed_form){.count = 1};
    zem_grid_values(scenario, cell, value);
    int status = refuse_variation(scenario, value, why, size);
    if (status == 0)
        status = refuse_features(value, why, size);
    if (status == 0)
        status = find_loop(&loop, why, size);
    if (status == 0)
        status = find_motion(&loop, &motion, why, size);
    if (status == 0)
        status = add_errors(&loop, form, why, size);
    if (status != 0)
        return status;
    form->blind_time = loop.guided ? at(&loop, ZEM_KEY_BLIND_TIME) : 0.0;
    form->bias = calloc(BIASES_ALONE, sizeof *form->bias);
    if (form->bias == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for a closed form");
    form->count = is_drawn(&loop, motion) ? bias_count(&loop, motion, form->sigma) : 1;
    for (size_t i = 0; i < form->count; i++)
        form->bias[i] = bias_of(&loop, motion, i, form->count);
    qsort(form->bias, form->count, sizeof *form->bias, compare);
    return ZEM_OK;
}

void zem_closed_form_free(struct zem_closed_form *form)
{
    free(form->bias);
    form->bias = NULL;
}

/* ---- distributions of the distance of a normal error about a bias */

/* Returns the probability that a point with normal errors about the bias lies within the radius of the origin. `bias`
 * and `radius` are in standard deviations. The disc of the radius is cut into chords across the direction of the bias.
 * Each chord counts with the normal density at its place and the probability that the other error lies on it. With
 * place = radius sin(angle) the integrand is smooth at both ends of the disc. */
static double rice_probability(double bias, double radius)
{
    enum { CHORDS = 200 };
    if (fabs(bias - radius) > FAR + 1.0)
        return bias < radius ? 1.0 : 0.0;
    const double first = asin(fmax(-1.0, fmin(1.0, (bias - FAR) / radius))),
                 last = asin(fmax(-1.0, fmin(1.0, (bias + FAR) / radius))), step = (last - first) / CHORDS;
    double sum = 0.0;
    for (int i = 0; i < CHORDS; i++) {
        const double angle = first + (i + 0.5) * step, from_bias = radius * sin(angle) - bias,
                     half_chord = radius * cos(angle);
        sum += exp(-0.5 * from_bias * from_bias) * erf(half_chord * sqrt(0.5)) * half_chord;
    }
    return fmin(1.0, sum * step / sqrt(2.0 * PI));
}

/* Returns e^-z times the modified Bessel function of order 0 or 1 (Abramowitz and Stegun, Handbook of Mathematical
 * Functions, 9.6.19). The trapezoidal rule is accurate to all digits for z up to 400. */
static double bessel(double z, int order)
{
    enum { STEPS = 200 };
    double sum = 0.5 * (1.0 + exp(-2.0 * z) * (order == 0 ? 1.0 : -1.0));
    for (int i = 1; i < STEPS; i++) {
        const double angle = PI * i / STEPS;
        sum += exp(z * (cos(angle) - 1.0)) * (order == 0 ? 1.0 : cos(angle));
    }
    return sum / STEPS;
}

/* Returns the mean distance from the origin of a point with normal errors about the bias. The distance and `bias` are
 * in standard deviations. For a large bias the mean is given by the first terms of its series in 1/bias. */
static double rice_mean(double bias)
{
    const double x = 0.5 * bias * bias;
    if (bias > 40.0)
        return bias + 0.5 / bias + 0.125 / (bias * bias * bias);
    return sqrt(0.5 * PI) * ((1.0 + x) * bessel(0.5 * x, 0) + x * bessel(0.5 * x, 1));
}

double zem_closed_form_probability(const struct zem_closed_form *form, double radius)
{
    double sum = 0.0;
    for (size_t i = 0; i < form->count; i++)
        sum += form->sigma > 0.0 ? rice_probability(form->bias[i] / form->sigma, radius / form->sigma)
                                 : (form->bias[i] < radius ? 1.0 : 0.0);
    return sum / (double)form->count;
}

double zem_closed_form_mean(const struct zem_closed_form *form)
{
    double sum = 0.0;
    for (size_t i = 0; i < form->count; i++)
        sum += form->sigma > 0.0 ? form->sigma * rice_mean(form->bias[i] / form->sigma) : form->bias[i];
    return sum / (double)form->count;
}

double zem_closed_form_rms(const struct zem_closed_form *form)
{
    double sum = 0.0;
    for (size_t i = 0; i < form->count; i++)
        sum += form->bias[i] * form->bias[i];
    return sqrt(sum / (double)form->count + 2.0 * form->sigma * form->sigma);
}

double zem_closed_form_deviation(const struct zem_closed_form *form)
{
    const double mean = zem_closed_form_mean(form), rms = zem_closed_form_rms(form);
    return sqrt(fmax(0.0, rms * rms - mean * mean));
}
