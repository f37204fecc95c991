/* The loop of validation_plant.h, by classical Runge-Kutta steps of fourth order. */
#include "validation_plant.h"

#include "validation_guidance.h"
#include "validation_reference.h"

#include <math.h>

/* States: y, y', tracker, filter, position and rate of the quadratic lag, rates of tracker and filter, flight path
 * angle, stages of the autopilot. */
enum { Y, V, TRACKER, FILTER, QUADRATIC, QUADRATIC_RATE, TRACKER_RATE, FILTER_RATE, TURNED, STAGE, STATES = STAGE + 5 };

/* A sampled seeker with fading memory: its estimates of angle and rate, the rate that guidance uses after the delay,
 * and all rates that it has estimated. */
enum { SAMPLES_HERE = 1000 };
struct sampled {
    double angle, rate, used, estimate[SAMPLES_HERE];
};

static double target_at(const struct plant *p, double t)
{
    const double x = (t - p->start) / p->rise;
    return t < p->start ? 0.0 : p->level * pow(x, p->power);
}

static int stages_of(const struct plant *p)
{
    int stages = p->stages;
    for (int k = 0; k < 4; k++)
        stages += p->further[k] > 0.0;
    return stages;
}

static double achieved_by(const struct plant *p, const double *x, double command)
{
    if (p->quadratic_lag > 0.0)
        return x[QUADRATIC];
    const int stages = stages_of(p);
    return stages > 0 ? x[STAGE + stages - 1] : command;
}

/* Returns the angle that the seeker measures, rad, without noise. Behind a radome the interceptor's acceleration must
 * be a state, so that it needs a lag. */
static double measured(const struct plant *p, const double *x, double to_go)
{
    double angle = x[Y] / (CLOSING_SPEED * to_go);
    if (p->radome != 0.0)
        angle += p->radome * (x[TURNED] + p->turning_lag * achieved_by(p, x, 0.0) / SPEED);
    return angle;
}

static double command_of(const struct plant *p, double signal, double known, double achieved, double to_go)
{
    const double taken = fmax((1.0 + p->scale_error) * to_go + p->bias, 0.01 * to_go), lag = p->stage_lag * p->stages,
                 u = taken / lag;
    if (p->law == PN)
        return p->gain * CLOSING_SPEED * signal;
    if (p->law == APN)
        return p->gain * (CLOSING_SPEED * signal + 0.5 * (1.0 - p->known_error) * known);
    double gain, weight;
    optimal_gains(u, &gain, &weight);
    return gain * (CLOSING_SPEED * to_go / taken * signal + 0.5 * (1.0 - p->known_error) * known - achieved * weight);
}

static void rates_of(const struct plant *p, const double *x, const struct sampled *s, double t, const double *held,
                     double *rate)
{
    const double to_go = p->flight - t, range = CLOSING_SPEED * to_go, known = target_at(p, t);
    double signal = (x[Y] / to_go + x[V]) / range;
    for (int k = 0; k < STATES; k++)
        rate[k] = 0.0;
    if (p->interval > 0.0)
        signal = s->used;
    else if (p->seeker_lag > 0.0) {
        const double apart = measured(p, x, to_go) - x[TRACKER], lag = p->seeker_lag;
        rate[TRACKER] = p->seeker_damping > 0.0 ? x[TRACKER_RATE] : apart / lag;
        rate[TRACKER_RATE] = apart / (lag * lag) - 2.0 * p->seeker_damping / lag * x[TRACKER_RATE];
        signal = rate[TRACKER];
    }
    if (p->filter_lag > 0.0) {
        const double apart = signal - x[FILTER], lag = p->filter_lag;
        rate[FILTER] = p->filter_damping > 0.0 ? x[FILTER_RATE] : apart / lag;
        rate[FILTER_RATE] = apart / (lag * lag) - 2.0 * p->filter_damping / lag * x[FILTER_RATE];
        signal = x[FILTER];
    }
    if (held != NULL)
        rate[TRACKER] = rate[FILTER] = rate[TRACKER_RATE] = rate[FILTER_RATE] = 0.0;
    const double command = held != NULL ? *held : command_of(p, signal, known, achieved_by(p, x, 0.0), to_go);
    double input = command;
    const int stages = stages_of(p);
    for (int k = 0; k < stages; k++) {
        rate[STAGE + k] = (input - x[STAGE + k]) / (k < p->stages ? p->stage_lag : p->further[k - p->stages]);
        input = x[STAGE + k];
    }
    if (p->quadratic_lag > 0.0) {
        const double w = 1.0 / p->quadratic_lag;
        rate[QUADRATIC] = x[QUADRATIC_RATE];
        rate[QUADRATIC_RATE] = w * w * (input - x[QUADRATIC]) - 2.0 * p->damping * w * x[QUADRATIC_RATE];
    }
    rate[TURNED] = achieved_by(p, x, command) / SPEED;
    rate[Y] = x[V];
    rate[V] = known - achieved_by(p, x, command);
}

/* One classical Runge-Kutta step. If `held` is not NULL, the seeker is blind and the command is `*held`. */
static void advance(const struct plant *p, double *x, const struct sampled *s, double t, double h, const double *held)
{
    double k[4][STATES], z[STATES];
    const double at[4] = {0.0, 0.5, 0.5, 1.0};
    for (int j = 0; j < 4; j++) {
        for (int i = 0; i < STATES; i++)
            z[i] = x[i] + (j > 0 ? h * at[j] * k[j - 1][i] : 0.0);
        rates_of(p, z, s, t + h * at[j], held, k[j]);
    }
    for (int i = 0; i < STATES; i++)
        x[i] += h / 6.0 * (k[0][i] + 2.0 * (k[1][i] + k[2][i]) + k[3][i]);
}

/* Adds to the states what a unit impulse of noise in the measured angle does to them. */
static void strike(const struct plant *p, double *x)
{
    const double lag = p->seeker_lag, filter = p->filter_lag;
    *(p->seeker_damping > 0.0 ? &x[TRACKER_RATE] : &x[TRACKER]) +=
        p->seeker_damping > 0.0 ? 1.0 / (lag * lag) : 1.0 / lag;
    if (filter > 0.0 && !(p->seeker_damping > 0.0))
        *(p->filter_damping > 0.0 ? &x[FILTER_RATE] : &x[FILTER]) +=
            1.0 / (lag * (p->filter_damping > 0.0 ? filter * filter : filter));
}

/* Adds to the states what the first line of sight does to a loop without tracker. The angle (rad) from the nominal line
 * of sight acts as with a very fast tracker, as an impulse of the line-of-sight rate. */
static void see(const struct plant *p, double *x, double angle)
{
    const double lag = p->filter_lag;
    if (p->interval > 0.0 || p->seeker_lag > 0.0)
        return;
    if (lag > 0.0)
        *(p->filter_damping > 0.0 ? &x[FILTER_RATE] : &x[FILTER]) +=
            angle / (p->filter_damping > 0.0 ? lag * lag : lag);
    else
        x[STAGE] += p->gain * CLOSING_SPEED * angle / p->stage_lag;
}

/* Returns the number of the step at whose start the seeker looks for the target, and homing begins. */
static long look_step(const struct plant *p, double h) { return p->look > 0.0 ? lround((p->flight - p->look) / h) : 0; }

double plant_fly(const struct plant *p)
{
    const double h = 5e-5;
    const double none = 0.0;
    const long look = look_step(p, h), steps = lround(p->flight / h), every = lround(p->interval / h),
               late = lround(p->delay / h);
    double x[STATES] = {0.0};
    struct sampled s = {.angle = 0.0};
    x[V] = -SPEED * p->heading;
    for (long k = 0; k < steps - 1; k++) { /* in the last step, shorter than any blind time, no command has an effect */
        const double t = (double)k * h;
        if (k == look && look > 0)
            see(p, x, x[Y] / (CLOSING_SPEED * (p->flight - t)));
        if (every > 0 && k >= look && k % every == 0) {
            const double g = 1.0 - p->memory * p->memory, r = (1.0 - p->memory) * (1.0 - p->memory) / p->interval;
            const double predicted = s.angle + s.rate * p->interval;
            const double residual = measured(p, x, p->flight - t) + (k / every == p->kicked ? 1.0 : 0.0) - predicted;
            s.angle = predicted + g * residual;
            s.rate += r * residual;
            s.estimate[k / every] = s.rate;
        }
        if (every > 0 && k >= late && (k - late) % every == 0)
            s.used = s.estimate[(k - late) / every];
        if (p->noise_at > 0.0 && k == lround(p->noise_at / h))
            strike(p, x);
        advance(p, x, &s, t, h, k >= look ? NULL : &none);
    }
    return x[Y] + x[V] * h;
}
