/* The adjoint of the linear loop, and the linear loop flown forward in time. See validation_reference.h. */
#include "validation_reference.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- adjoint */

/* The loop without limits is x' = A(tgo) x + b u with the states y, y', tracker, filter and stages of the autopilot.
 * The miss is y at tgo = 0. The adjoint p obeys p' = A^T p over the time to go and begins as (1, 0, ...). p(tau) is
 * what a unit of each state at the time to go tau adds to the miss (Zarchan, Tactical and Strategic Missile Guidance,
 * chapter 3). The responses are integrals over p, which are integrated along with it. */
enum {
    P_POSITION,
    P_VELOCITY,
    P_TRACKER,
    P_FILTER,
    P_STAGE,
    P_STEP = P_STAGE + STAGES_MAX,
    P_STEP_SQUARE,
    P_TELEGRAPH_LAG,
    P_TELEGRAPH,
    P_GLINT,
    P_ANGLE,
    P_SEMIACTIVE,
    P_ACTIVE,
    P_COUNT
};

struct adjoint_rates {
    const struct loop *loop;
    double switching_rate;
};

/* What a unit of the command, of the line-of-sight rate and of the angle noise adds to the miss. */
struct gains {
    double command, signal, noise;
};

static struct gains adjoint_gains(const struct loop *loop, const double *p)
{
    struct gains g = {.noise = 0.0};
    g.command = loop->autopilot_lag > 0.0 ? p[P_STAGE] * loop->stages / loop->autopilot_lag : -p[P_VELOCITY];
    const double output = loop->gain * loop->closing_speed * g.command;
    g.signal = loop->filter_lag > 0.0 ? p[P_FILTER] / loop->filter_lag : output;
    if (loop->seeker_lag > 0.0)
        g.noise = (g.signal + p[P_TRACKER]) / loop->seeker_lag;
    return g;
}

static void adjoint_rate(const struct adjoint_rates *a, double to_go, const double *p, double *rate)
{
    const struct loop *loop = a->loop;
    const struct gains g = adjoint_gains(loop, p);
    const double range = loop->closing_speed * to_go;
    memset(rate, 0, P_COUNT * sizeof *rate);
    rate[P_VELOCITY] = p[P_POSITION];
    if (loop->seeker_lag > 0.0) {
        rate[P_POSITION] = g.noise / range;
        rate[P_TRACKER] = -g.noise;
    } else {
        rate[P_POSITION] = g.signal / (range * to_go);
        rate[P_VELOCITY] += g.signal / range;
    }
    if (loop->filter_lag > 0.0)
        rate[P_FILTER] = -p[P_FILTER] / loop->filter_lag + loop->gain * loop->closing_speed * g.command;
    if (loop->autopilot_lag > 0.0) {
        const double stage_lag = loop->autopilot_lag / loop->stages;
        for (int k = 0; k < loop->stages; k++)
            rate[P_STAGE + k] =
                (k + 1 < loop->stages ? p[P_STAGE + k + 1] - p[P_STAGE + k] : -p[P_STAGE + k]) / stage_lag;
        rate[P_STAGE + loop->stages - 1] -= p[P_VELOCITY];
    }
    rate[P_STEP] = p[P_VELOCITY];
    rate[P_STEP_SQUARE] = p[P_STEP] * p[P_STEP];
    /* E[miss^2] = 2 int p(s) int_{s' < s} p(s') exp(-2 nu (s - s')) ds' ds. The inner integral is the output of a
     * first-order lag. */
    rate[P_TELEGRAPH_LAG] = p[P_VELOCITY] - 2.0 * a->switching_rate * p[P_TELEGRAPH_LAG];
    rate[P_TELEGRAPH] = 2.0 * p[P_VELOCITY] * p[P_TELEGRAPH_LAG];
    rate[P_GLINT] = g.noise * g.noise / (range * range);
    rate[P_ANGLE] = g.noise * g.noise;
    rate[P_SEMIACTIVE] = g.noise * g.noise * range * range;
    rate[P_ACTIVE] = g.noise * g.noise * pow(range, 4.0);
}

static void adjoint_step(const struct adjoint_rates *a, double to_go, double step, double *p)
{
    double rate[4][P_COUNT], middle[P_COUNT];
    adjoint_rate(a, to_go, p, rate[0]);
    for (int k = 1; k < 4; k++) {
        const double part = k < 3 ? 0.5 * step : step;
        for (int i = 0; i < P_COUNT; i++)
            middle[i] = p[i] + part * rate[k - 1][i];
        adjoint_rate(a, to_go + part, middle, rate[k]);
    }
    for (int i = 0; i < P_COUNT; i++)
        p[i] += step / 6.0 * (rate[0][i] + 2.0 * rate[1][i] + 2.0 * rate[2][i] + rate[3][i]);
}

static struct response response_of(const struct loop *loop, double to_go, const double *p)
{
    const struct gains g = adjoint_gains(loop, p);
    struct response r = {.to_go = to_go,
                         .velocity = p[P_VELOCITY],
                         .step = p[P_STEP],
                         .random_start = p[P_STEP_SQUARE] / to_go,
                         .telegraph = p[P_TELEGRAPH],
                         .glint = p[P_GLINT],
                         .angle_noise = p[P_ANGLE],
                         .semiactive = p[P_SEMIACTIVE],
                         .active = p[P_ACTIVE]};
    /* The tracker starts on the nominal line of sight. Without a tracker the jump of the line of sight is an impulse of
     * its rate. */
    r.displacement = p[P_POSITION] + (loop->seeker_lag > 0.0 ? 0.0 : g.signal / (loop->closing_speed * to_go));
    return r;
}

void adjoint_integrate(const struct loop *loop, double longest, double switching_rate, struct adjoint *adjoint)
{
    const double total = loop->seeker_lag + loop->filter_lag + loop->autopilot_lag,
                 largest = (total > 0.0 ? total : longest) / 1000.0;
    const struct adjoint_rates a = {loop, switching_rate};
    size_t capacity = 4096;
    double p[P_COUNT] = {0}, to_go = 1e-7 * longest;
    p[P_POSITION] = 1.0;
    p[P_VELOCITY] = to_go;
    adjoint->count = 0;
    adjoint->responses = malloc(capacity * sizeof *adjoint->responses);
    while (adjoint->responses != NULL) {
        if (adjoint->count == capacity)
            adjoint->responses = realloc(adjoint->responses, (capacity *= 2) * sizeof *adjoint->responses);
        if (adjoint->responses == NULL)
            break;
        adjoint->responses[adjoint->count++] = response_of(loop, to_go, p);
        if (to_go >= longest)
            return;
        double step = to_go / 50.0 < largest ? to_go / 50.0 : largest;
        if (to_go + step > longest)
            step = longest - to_go > 1e-12 * longest ? longest - to_go : 1e-12 * longest;
        adjoint_step(&a, to_go, step, p);
        to_go += step;
    }
    fprintf(stderr, "validation: no memory for an adjoint\n");
    exit(70);
}

void adjoint_free(struct adjoint *adjoint)
{
    free(adjoint->responses);
    adjoint->responses = NULL;
}

struct response adjoint_at(const struct adjoint *adjoint, double to_go)
{
    size_t low = 0, high = adjoint->count - 1;
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (adjoint->responses[middle].to_go <= to_go)
            low = middle;
        else
            high = middle;
    }
    const struct response *a = &adjoint->responses[low], *b = &adjoint->responses[high];
    const double share = (to_go - a->to_go) / (b->to_go - a->to_go);
    struct response r;
    for (size_t k = 0; k < sizeof r / sizeof(double); k++)
        ((double *)&r)[k] = ((const double *)a)[k] + share * (((const double *)b)[k] - ((const double *)a)[k]);
    return r;
}

/* ---------------------------------------------------------------- forward */

/* Below x = 1 the closed forms lose digits by cancellation, so that series are summed: e^-x + x - 1 = sum_{k>=2}
 * (-x)^k/k!, and the denominator of the gain, which has e^-x and e^-2x, is sum_{k>=5} c_k x^k. Above x = 1 the closed
 * forms lose at most four of the nineteen digits of long double. */
void optimal_gains(double x, double *gain, double *achieved_weight)
{
    const long double y = x, square = y * y;
    long double share = 0.0L, denominator = 0.0L;
    if (y > 1.0L) {
        const long double decay = expl(-y);
        share = (decay + y - 1.0L) / square;
        denominator = 2.0L * square * y + 3.0L + 6.0L * y - 6.0L * square - 12.0L * y * decay - 3.0L * decay * decay;
    } else {
        long double term = 1.0L, power = 1.0L; /* (-x)^k / k!, 2^k */
        for (int k = 1; k < 40; k++) {
            term *= -y / k;
            power *= 2.0L;
            if (k >= 2)
                share += term / square;
            if (k >= 5) /* coefficients of -12 x e^-x and -3 e^-2x at x^k */
                denominator += term * (12.0L * k - 3.0L * power);
        }
    }
    *achieved_weight = (double)share;
    *gain = (double)(6.0L * square * square * share / denominator);
}

struct channel_state {
    double position, velocity, tracker, filter, stage[STAGES_MAX];
};
struct loop_state {
    struct channel_state channel[2];
    double divert, saturated_time;
};
enum { LOOP_STATES = sizeof(struct loop_state) / sizeof(double) };

struct loop_flight {
    const struct loop *loop;
    target_function *target;
    const void *context;
    double flight_time;
    const double *held; /* command of both channels while the seeker is blind, or NULL */
    double command[2];  /* the last command that was computed */
};

static void channel_signal(const struct loop_flight *f, double time, const struct channel_state *c, double target,
                           struct channel_state *rate, double *command)
{
    const struct loop *loop = f->loop;
    const double to_go = f->flight_time - time, range = loop->closing_speed * to_go;
    double signal = (c->position + c->velocity * to_go) / (range * to_go);
    if (loop->seeker_lag > 0.0 && !loop->perfect)
        rate->tracker = signal = (c->position / range - c->tracker) / loop->seeker_lag;
    if (loop->filter_lag > 0.0 && !loop->perfect) {
        rate->filter = (signal - c->filter) / loop->filter_lag;
        signal = c->filter;
    }
    double gain = loop->gain, bracket = loop->closing_speed * signal, achieved_weight = 0.0;
    if (loop->law == LAW_OGL)
        optimal_gains(to_go / loop->autopilot_lag, &gain, &achieved_weight);
    if (loop->law == LAW_APN || loop->law == LAW_OGL)
        bracket += 0.5 * target;
    *command = loop->law == LAW_NONE
                   ? 0.0
                   : gain * (bracket - achieved_weight * c->stage[loop->stages > 0 ? loop->stages - 1 : 0]);
}

static void loop_rate(struct loop_flight *f, double time, const struct loop_state *s, struct loop_state *rate)
{
    const struct loop *loop = f->loop;
    double target[2], command[2], achieved[2];
    memset(rate, 0, sizeof *rate);
    f->target(f->context, time, target);
    for (int k = 0; k < 2; k++) {
        if (f->held != NULL)
            command[k] = f->held[k];
        else
            channel_signal(f, time, &s->channel[k], target[k], &rate->channel[k], &command[k]);
    }
    const double size = hypot(command[0], command[1]);
    const double limit = loop->divert_limit > 0.0 && s->divert >= loop->divert_limit ? 0.0
                         : loop->acceleration_limit > 0.0                            ? loop->acceleration_limit
                                                                                     : INFINITY;
    if (size > limit && f->held == NULL) {
        for (int k = 0; k < 2; k++)
            command[k] *= limit / size;
        rate->saturated_time = 1.0;
    }
    memcpy(f->command, command, sizeof command);
    for (int k = 0; k < 2; k++) {
        const struct channel_state *c = &s->channel[k];
        struct channel_state *r = &rate->channel[k];
        double input = command[k];
        for (int stage = 0; stage < loop->stages && loop->autopilot_lag > 0.0; stage++) {
            r->stage[stage] = (input - c->stage[stage]) * loop->stages / loop->autopilot_lag;
            input = c->stage[stage];
        }
        achieved[k] = input;
        r->position = c->velocity;
        r->velocity = target[k] - achieved[k];
    }
    rate->divert = hypot(achieved[0], achieved[1]);
}

static void loop_step(struct loop_flight *f, double time, double step, struct loop_state *s)
{
    struct loop_state rate[4], middle;
    loop_rate(f, time, s, &rate[0]);
    for (int k = 1; k < 4; k++) {
        const double part = k < 3 ? 0.5 * step : step;
        for (int i = 0; i < LOOP_STATES; i++)
            ((double *)&middle)[i] = ((const double *)s)[i] + part * ((const double *)&rate[k - 1])[i];
        loop_rate(f, time + part, &middle, &rate[k]);
    }
    for (int i = 0; i < LOOP_STATES; i++) {
        const double sum = ((const double *)&rate[0])[i] + 2.0 * ((const double *)&rate[1])[i]
                           + 2.0 * ((const double *)&rate[2])[i] + ((const double *)&rate[3])[i];
        ((double *)s)[i] += step / 6.0 * sum;
    }
}

/* Applies the jump of the line of sight by a displacement where there is no tracker: an impulse of the line-of-sight
 * rate into the next lag, as in the adjoint. A tracker follows the jump by itself. */
static void loop_handover(const struct loop *loop, double flight_time, struct channel_state *c)
{
    const double angle = c->position / (loop->closing_speed * flight_time);
    const double impulse = loop->gain * loop->closing_speed * angle;
    if (loop->seeker_lag > 0.0 || loop->perfect || loop->law == LAW_NONE)
        return;
    if (loop->filter_lag > 0.0)
        c->filter = angle / loop->filter_lag;
    else if (loop->acceleration_limit > 0.0 || loop->divert_limit > 0.0)
        return; /* a limited command is finite and passes no impulse */
    else if (loop->autopilot_lag > 0.0)
        c->stage[0] = impulse * loop->stages / loop->autopilot_lag;
    else
        c->velocity -= impulse;
}

struct flight_record loop_fly(const struct loop *loop, double flight_time, const double displacement[2],
                              const double velocity[2], target_function *target, const void *context)
{
    const double lag = loop->seeker_lag + loop->filter_lag + loop->autopilot_lag,
                 largest = (lag > 0.0 && lag < flight_time ? lag : flight_time) / 500.0;
    struct loop_flight f = {.loop = loop, .target = target, .context = context, .flight_time = flight_time};
    struct loop_state s;
    memset(&s, 0, sizeof s);
    for (int k = 0; k < 2; k++) {
        s.channel[k].position = displacement[k];
        s.channel[k].velocity = velocity[k];
        loop_handover(loop, flight_time, &s.channel[k]);
    }
    double to_go = flight_time;
    while (to_go > loop->blind_time) {
        double step = to_go / 50.0 < largest ? to_go / 50.0 : largest;
        if (step > to_go - loop->blind_time)
            step = to_go - loop->blind_time;
        loop_step(&f, flight_time - to_go, step, &s);
        to_go = to_go - step - loop->blind_time < 1e-9 * flight_time ? loop->blind_time : to_go - step;
    }
    struct loop_state unused;
    double held[2];
    loop_rate(&f, flight_time - to_go, &s, &unused);
    memcpy(held, f.command, sizeof held);
    f.held = held;
    const double blind_step = to_go / ceil(to_go / largest);
    for (int left = (int)lround(to_go / blind_step); left > 0; left--)
        loop_step(&f, flight_time - left * blind_step, blind_step, &s);
    struct flight_record record = {{s.channel[0].position, s.channel[1].position}, 0.0, s.divert, s.saturated_time};
    record.miss = hypot(record.position[0], record.position[1]);
    return record;
}
