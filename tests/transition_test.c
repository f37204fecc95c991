/* The transition matrices of the linear homing loop (kernels/transition.h, schedule.h), compared with closed forms and
 * with the loop's differential equations, which are integrated here in double precision in 400 parts of a step. */
#include "kernels/model.h"
#include "kernels/schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define LAG 0.1
#define PARTS 400

enum { FILTER, TRACKER, POSITION, VELOCITY, LAST };

static struct cell_parameters cell_of(u32 stages)
{
    struct cell_parameters cell = {.features = ZEM_FEATURE_GUIDANCE | ZEM_FEATURE_TRACKER | ZEM_FEATURE_FILTER
                                               | ZEM_FEATURE_AUTOPILOT | ZEM_FEATURE_NOISE | ZEM_FEATURE_WEAVE
                                               | ZEM_FEATURE_TRANSITION,
                                   .stages = stages,
                                   .closing_speed = 4000.0f,
                                   .navigation_gain = 4.0f,
                                   .flight_time = 5.0f,
                                   .inverse_seeker_lag = (float)(1.0 / LAG),
                                   .inverse_filter_lag = (float)(1.0 / LAG),
                                   .inverse_stage_lag = (float)(1.0 / LAG),
                                   .glint = 0.02f,
                                   .angle_noise = 1e-9f,
                                   .semiactive_noise = 1e-18f};
    cell.varied[ZEM_VARIED_PERIOD].base = 2.0f;
    return cell;
}

static struct schedule_step step_of(const struct cell_parameters *cell, float to_go, float duration)
{
    struct schedule_step s;
    struct covariance covariance = covariance_begin(cell);
    schedule_step_set(cell, to_go, duration, to_go - duration, 0u, &covariance, &s);
    return s;
}

/* The state of one channel and what acts on it. With u the time in the step over its duration, the disturbance is a
 * parabola through three values, and the noise is sigma (mean + slope (2u - 1)). */
struct situation {
    double state[9], mean, slope, disturbance[3];
};

static double density(const struct cell_parameters *cell, double range)
{
    return (double)cell->glint / (range * range) + (double)cell->angle_noise
           + (double)cell->semiactive_noise * range * range;
}

static void loop_rate(const struct cell_parameters *cell, const struct situation *at, double to_go, double duration,
                      double u, const double *x, double *rate)
{
    const int stages = (int)cell->stages;
    const double range = (double)cell->closing_speed * (to_go - u * duration);
    const double noise = sqrt(density(cell, range) / duration) * (at->mean + at->slope * (2.0 * u - 1.0));
    const double tracker = (x[POSITION] / range + noise - x[TRACKER]) / LAG;
    rate[TRACKER] = tracker;
    rate[FILTER] = (tracker - x[FILTER]) / LAG;
    rate[POSITION] = x[VELOCITY];
    rate[VELOCITY] = at->disturbance[0] * (1.0 - u) * (1.0 - 2.0 * u) + at->disturbance[1] * 4.0 * u * (1.0 - u)
                     + at->disturbance[2] * u * (2.0 * u - 1.0) - x[LAST];
    for (int k = 0; k < stages; k++) {
        const double input =
            k == stages - 1 ? (double)cell->navigation_gain * (double)cell->closing_speed * x[FILTER] : x[LAST + k + 1];
        rate[LAST + k] = (input - x[LAST + k]) / LAG;
    }
}

static void loop_fly(const struct cell_parameters *cell, const struct situation *at, double to_go, double duration,
                     double *x)
{
    const int states = LAST + (int)cell->stages;
    const double h = duration / PARTS;
    for (int n = 0; n < PARTS; n++) {
        double rate[4][9], place[9];
        for (int stage = 0; stage < 4; stage++) {
            const double ahead = stage == 0 ? 0.0 : stage == 3 ? 1.0 : 0.5;
            for (int k = 0; k < states; k++)
                place[k] = x[k] + (stage == 0 ? 0.0 : ahead * h * rate[stage - 1][k]);
            loop_rate(cell, at, to_go, duration, (n + ahead) / PARTS, place, rate[stage]);
        }
        for (int k = 0; k < states; k++)
            x[k] += h / 6.0 * (rate[0][k] + 2.0 * rate[1][k] + 2.0 * rate[2][k] + rate[3][k]);
    }
}

/* Flies channel y of a step by the kernel and writes its states into `x`. Channel z gets the same with the opposite
 * sign and must give the opposite result. */
static void kernel_fly(const struct cell_parameters *cell, const struct situation *at, const struct schedule_step *s,
                       double *x)
{
    struct homing h = {.y = channel_zero(), .z = channel_zero()};
    struct chain_input input = {.noise_mean = {(float)at->mean, -(float)at->mean},
                                .noise_slope = {(float)at->slope, -(float)at->slope},
                                .roll = {1.0f, -1.0f}};
    struct rate_command guided = rate_command_none();
    real saturated;
    struct pair state[ZEM_CHAIN_STATES_LIMIT];
    for (int k = 0; k < 3; k++)
        input.maneuver.in_plane[k] = (float)at->disturbance[k];
    for (int k = 0; k < ZEM_CHAIN_STATES_LIMIT; k++)
        state[k] = pair_of((float)at->state[k], -(float)at->state[k]);
    chain_store(state, chain_states(cell), &h);
    guided.rate.y = guided.demanded.y = h.y.filter;
    guided.rate.z = guided.demanded.z = h.z.filter;
    transition_step(cell, &s->transition, &h, &input, &guided, &saturated);
    chain_load(&h, state);
    assert_true(guided.rate.y == h.y.filter && guided.rate.z == h.z.filter);
    for (u32 k = 0; k < chain_states(cell); k++) {
        assert_true(state[k].y == -state[k].z);
        x[k] = (double)state[k].y;
    }
}

/* Writes a size for every state, in the unit of the state. Changes of the states by these sizes affect the loop about
 * equally at this time to go. */
static void state_sizes(const struct cell_parameters *cell, double to_go, double *size)
{
    const double rate = 1e-2, acceleration = rate * 16000.0;
    size[FILTER] = rate;
    size[TRACKER] = rate * LAG;
    size[POSITION] = rate * LAG * (double)cell->closing_speed * to_go;
    size[VELOCITY] = acceleration * LAG;
    for (u32 k = 0; k < cell->stages; k++)
        size[LAST + k] = acceleration;
}

/* Returns the largest difference between the kernel and the differential equations, each state in units of its size by
 * state_sizes. Each unit state and disturbance is flown by itself, or with `noise` the mean and the slope of the
 * noise. */
static double worst_difference(u32 stages, bool noise, double to_go, double duration)
{
    const struct cell_parameters cell = cell_of(stages);
    const struct schedule_step s = step_of(&cell, (float)to_go, (float)duration);
    const int states = LAST + (int)stages;
    double size[9], worst = 0.0;
    state_sizes(&cell, to_go, size);
    for (int which = 0; which < states + 5; which++) {
        if ((which == states || which == states + 1) != noise)
            continue;
        struct situation at = {.mean = which == states, .slope = which == states + 1 ? sqrt(3.0) : 0.0};
        double expected[9], got[9];
        if (which < states)
            at.state[which] = (double)(float)size[which];
        for (int k = 0; k < 3; k++)
            at.disturbance[k] = which == states + 2 + k ? size[LAST] : 0.0;
        memcpy(expected, at.state, sizeof expected);
        /* A noise of one standard deviation is measured by what it adds to the tracker. */
        const double unit =
            which == states || which == states + 1
                ? sqrt(density(&cell, 4000.0 * (to_go - 0.5 * duration)) / duration) * duration / LAG / size[TRACKER]
                : 1.0;
        loop_fly(&cell, &at, to_go, duration, expected);
        kernel_fly(&cell, &at, &s, got);
        for (int k = 0; k < states; k++)
            worst = fmax(worst, fabs(got[k] - expected[k]) / size[k] / unit);
    }
    return worst;
}

/* The matrices have two errors: they take the command as a parabola, and they drop the coupling through more than five
 * integrators within a step (four in half a step). `factor` is how much the error must fall when the step is halved:
 * with the fourth power of the step or faster, or with the third where the slope of the noise bends the command, until
 * rounding of single precision hides it (1.5e-6). The longest step tried is no shorter than the default: 0.75 of a lag,
 * or a seventh of the time to go. `longest` is the error allowed there. */
static void errors_fall(bool noise, double longest, double factor)
{
    static const double to_goes[3] = {4.0, 0.5, 0.05}; /* s */
    for (u32 stages = 1; stages <= 5; stages++)
        for (int place = 0; place < 3; place++) {
            const double to_go = to_goes[place], first = place == 0 ? 0.75 * LAG : 0.15 * to_go;
            double before = longest / factor;
            for (double duration = first; duration > 0.04 * first; duration *= 0.5) {
                const double worst = worst_difference(stages, noise, to_go, duration);
                printf("%u stages, %g s to go, step %g s: %.2g\n", stages, to_go, duration, worst);
                assert_true(worst < fmax(factor * before, 1.5e-6));
                before = worst;
            }
            assert_true(before < 1.5e-6);
        }
}
static void a_step_follows_the_differential_equations(void **state)
{
    (void)state;
    errors_fall(false, 1.5e-3, 1.0 / 12.0);
}
static void a_noisy_step_follows_the_differential_equations(void **state)
{
    (void)state;
    errors_fall(true, 4e-3, 1.0 / 5.0);
}

/* If the guided command is far beyond the limit, the command is the limit. After k stages a chain of equal lags has
 * reached 1 - e^-x (1 + x + ... + x^(k-1)/(k-1)!) of it, x = time/lag. */
static void a_command_beyond_the_limit_is_the_limit(void **state)
{
    (void)state;
    struct cell_parameters cell = cell_of(3);
    cell.features |= ZEM_FEATURE_LIMIT;
    cell.rate_limit = 1e-3f;
    const double duration = 0.05, x = duration / LAG, limit = 16.0; /* m/s2 */
    const struct schedule_step s = step_of(&cell, 4.0f, (float)duration);
    struct homing h = {.y = channel_zero(), .z = channel_zero()};
    const struct chain_input input = {.roll = {1.0f, 0.0f}};
    struct rate_command guided = {.demanded = {60.0f, -80.0f}, .rate = {0.6e-3f, -0.8e-3f}, .square = 10000.0f};
    real saturated;
    h.y.filter = 60.0f; /* the filter decays and keeps its direction */
    h.z.filter = -80.0f;
    transition_step(&cell, &s.transition, &h, &input, &guided, &saturated);
    assert_true(rate_command_over(&cell, &guided) != 0 && fabs((double)guided.rate.y - 0.6e-3) < 1e-9
                && fabs((double)guided.rate.z + 0.8e-3) < 1e-9 && fabs((double)saturated - 1.0) < 1e-6);
    double term = 1.0, sum = 0.0;
    for (int k = 0; k < 3; k++) {
        sum += term;
        term *= x / (k + 1);
        const double expected = limit * (1.0 - exp(-x) * sum), y = (double)h.y.stage[2 + k],
                     z = (double)h.z.stage[2 + k];
        printf("stage %d: %.9g, expected %.9g\n", k, hypot(y, z), expected);
        /* Each of the four parts of the step is a Runge-Kutta step with an error of 1e-6. */
        assert_true(fabs(y - 0.6 * expected) < 5e-6 * limit && fabs(z + 0.8 * expected) < 5e-6 * limit);
    }
}

/* A command far below the limit is flown as without a limit, with noise too. */
static void a_command_far_below_the_limit_is_untouched(void **state)
{
    (void)state;
    struct cell_parameters cell = cell_of(3);
    const struct schedule_step s = step_of(&cell, 4.0f, 0.05f);
    struct homing free = {.y = channel_zero(), .z = channel_zero()};
    const struct chain_input input = {.noise_mean = {1.0f, -0.5f}, .noise_slope = {1.0f, 1.0f}, .roll = {1.0f, 0.0f}};
    struct rate_command guided = rate_command_none();
    real saturated;
    free.y.filter = guided.rate.y = guided.demanded.y = 0.9e-3f;
    struct homing held = free;
    transition_step(&cell, &s.transition, &free, &input, &guided, &saturated);
    cell.features |= ZEM_FEATURE_LIMIT;
    cell.rate_limit = 1.0f;
    guided = rate_command_none();
    guided.rate.y = guided.demanded.y = held.y.filter;
    guided.square = held.y.filter * held.y.filter;
    transition_step(&cell, &s.transition, &held, &input, &guided, &saturated);
    assert_memory_equal(&free, &held, sizeof free);
    assert_true(rate_command_over(&cell, &guided) == 0 && saturated == 0.0f);
}

/* Near the limit, the noise's slope moves the command in the middle of a step by 2/sqrt(3) of what it does far below.
 * The difference reaches the first stage by the coefficient of the command in the middle. The bound is the rounding of
 * the two states, which are 150 times their difference. */
static void near_the_limit_the_middle_has_the_whole_variance(void **state)
{
    (void)state;
    struct cell_parameters cell = cell_of(3);
    const struct schedule_step s = step_of(&cell, 4.0f, 0.05f);
    const struct transition *t = &s.transition;
    const struct chain_input input = {.noise_slope = {1.0f, 0.0f}, .roll = {1.0f, 0.0f}};
    double stage[2];
    for (int near = 0; near < 2; near++) {
        struct homing h = {.y = channel_zero(), .z = channel_zero()};
        struct rate_command guided = rate_command_none();
        real saturated;
        cell.features |= ZEM_FEATURE_LIMIT;
        h.y.filter = guided.rate.y = guided.demanded.y = 3e-3f;
        guided.square = guided.demanded.y * guided.demanded.y;
        cell.rate_limit = near ? 10e-3f : 14e-3f; /* a quarter of it is below or above the command */
        transition_step(&cell, t, &h, &input, &guided, &saturated);
        assert_true(saturated == 0.0f);
        stage[near] = (double)h.y.stage[2];
    }
    const double aside = (2.0 / sqrt(3.0) - 1.0) * (double)t->middle_noise[1],
                 expected = (double)t->command[chain_states(&cell) - 1u][1] * aside;
    printf("first stage: %.9g and %.9g, difference %.9g, expected %.9g\n", stage[0], stage[1], stage[1] - stage[0],
           expected);
    assert_true(fabs(expected) > 0.0 && fabs(stage[1] - stage[0] - expected) < 1.2e-7 * (stage[0] + stage[1]));
}

/* The command rises through its limit within a step. Without noise the time at the limit is that of the filter's closed
 * form, (f + r x) e^-x with x = time/lag and the tracker's rate r at the start, which passes 1e-3 at x = 0.2282. The
 * program knows the place to within an eighth of the step. Noise that moves the filter by more than a quarter of its
 * change hides the place, so the time at the limit is then Simpson's sum of start (below), middle and end (beyond). */
static void noise_decides_how_the_time_at_the_limit_is_found(void **state)
{
    (void)state;
    for (int noisy = 0; noisy < 2; noisy++) {
        struct cell_parameters cell = cell_of(3);
        cell.features |= ZEM_FEATURE_LIMIT;
        cell.rate_limit = 1e-3f;
        if (noisy == 0)
            cell.glint = cell.angle_noise = cell.semiactive_noise = 0.0f;
        const struct schedule_step s = step_of(&cell, 4.0f, 0.05f);
        struct homing h = {.y = channel_zero(), .z = channel_zero()};
        const struct chain_input input = {.roll = {1.0f, 0.0f}};
        struct rate_command guided = rate_command_none();
        real saturated;
        h.y.filter = guided.rate.y = guided.demanded.y = 0.8e-3f;
        guided.square = guided.demanded.y * guided.demanded.y;
        h.y.tracker = -2e-3f * (float)LAG;
        transition_step(&cell, &s.transition, &h, &input, &guided, &saturated);
        printf("%s: %.4f of the step at the limit\n", noisy ? "noisy" : "quiet", (double)saturated);
        if (noisy)
            assert_true(fabs((double)saturated - 5.0 / 6.0) < 1e-6);
        else
            assert_true(fabs((double)saturated - (1.0 - 0.2282 * LAG / 0.05)) < 0.125);
    }
}

/* A constant disturbance a gives the velocity a t and the position a t^2/2, except for the rounding of three
 * coefficients and their sum. */
static void a_constant_disturbance_moves_the_target_by_half_a_t_squared(void **state)
{
    (void)state;
    const struct cell_parameters cell = cell_of(3);
    const struct schedule_step s = step_of(&cell, 4.0f, 0.0625f);
    struct situation at = {.disturbance = {50.0, 50.0, 50.0}};
    double x[9];
    kernel_fly(&cell, &at, &s, x);
    printf("%.9g %.9g\n", x[VELOCITY] / (50.0 * 0.0625), x[POSITION] / (25.0 * 0.0625 * 0.0625));
    assert_true(fabs(x[VELOCITY] / (50.0 * 0.0625) - 1.0) < 6e-7
                && fabs(x[POSITION] / (25.0 * 0.0625 * 0.0625) - 1.0) < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_follows_the_differential_equations),
        cmocka_unit_test(a_noisy_step_follows_the_differential_equations),
        cmocka_unit_test(a_command_beyond_the_limit_is_the_limit),
        cmocka_unit_test(a_command_far_below_the_limit_is_untouched),
        cmocka_unit_test(near_the_limit_the_middle_has_the_whole_variance),
        cmocka_unit_test(noise_decides_how_the_time_at_the_limit_is_found),
        cmocka_unit_test(a_constant_disturbance_moves_the_target_by_half_a_t_squared),
    };
    return cmocka_run_group_tests_name("transition", tests, NULL, NULL);
}
