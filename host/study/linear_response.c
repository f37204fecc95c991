/* Flies a cell once for each of its inputs. For each flight the drawn quantities of the cell become constants: all are
 * 0 but the one whose response is wanted. */
#define ZEM_LANES 1
#define ZEM_DOUBLE
#include "kernels/portable.h"

#include "device/native/double_math.h"

#define ZEM_NOISE_SOURCE "study/prescribed_noise.h"
#define ZEM_OBSERVER "device/native/end_observer.h"
#include "kernels/model.h"

#include "study/linear_response.h"

#include "base/interruption.h"
#include "base/parallel.h"
#include "run/double_engine.h"

#include <math.h>
#include <stdlib.h>

#define TURN 6.283185307179586476925

/* A drawn period is integrated over nodes, values for which the response is flown: NODES_PER_TURN for each turn by
 * which the phase at the end of the flight varies, but at least NODES_LEAST and at most NODES_MOST. */
#define NODES_PER_TURN 24.0
#define NODES_LEAST 48u
#define NODES_MOST 4800u
/* About the largest number of groups of steps. Steps that are left over when all groups have equal length are groups of
 * one step each. The response to the noise is flown for one step of each group. Where there are more steps than groups,
 * the response changes little from step to step. */
#define GROUPS_MOST 1024u
/* A normal period or start is integrated over its mean plus and minus so many standard deviations. 2.6e-12 of the
 * probability lies outside. */
#define NORMAL_REACH 7.0

/* ---- flights ---- */

/* The input of a flight: the cell, and the address that prescribes the noise (prescribed_noise.h). */
struct input {
    struct cell_parameters cell;
    struct address address;
};

/* A cell whose responses are found. */
struct loop {
    const struct cell_parameters *cell; /* the cell as the caller gave it */
    struct zem_refined_cell tabulated;  /* the cell with its schedule in double precision */
    struct zem_linear_response *response;
    double complex quiet; /* miss vector with all inputs 0, where every slope of the noise is positive, y + i z, m */
    u32 steps, group;     /* number of steps of a flight, and of a group */
};

static void set(struct input *input, unsigned quantity, float value)
{
    input->cell.varied[quantity] = (struct quantity){.base = value, .kind = ZEM_QUANTITY_CONSTANT};
}

/* Returns an input in which every drawn quantity but the period is 0; the noise has the mean 0 and positive slopes. A
 * telegraph is flown as a step, because its moments follow from the responses of steps. */
static struct input no_input(const struct loop *loop)
{
    struct input input = {
        .cell = loop->tabulated.cell,
        .address = {.trial_low = NO_STEP, .trial_high = NO_STEP, .seed_high = loop->group, .cell_word = loop->steps}};
    for (unsigned k = 0; k < ZEM_VARIED_COUNT; k++)
        if (k != ZEM_VARIED_PERIOD)
            set(&input, k, 0.0f);
    if (loop->cell->varied[ZEM_VARIED_PERIOD].kind == ZEM_QUANTITY_CONSTANT)
        input.cell.varied[ZEM_VARIED_PERIOD] = loop->cell->varied[ZEM_VARIED_PERIOD];
    if (input.cell.features & ZEM_FEATURE_TELEGRAPH)
        input.cell.features = (input.cell.features & ~ZEM_FEATURE_TELEGRAPH) | ZEM_FEATURE_STEP;
    return input;
}

/* Flies an input. Returns the end of the flight, which is the miss vector y + i z, m. */
static double complex end_of(const struct loop *loop, const struct input *input)
{
    struct observer observer;
    flight_fly(&input->cell, loop->tabulated.schedule, input->address, 0u, &observer);
    return observer.y + I * observer.z;
}

/* Returns the response to an input, y + i z, m: the end of the flight with the input minus loop->quiet, the end with
 * all inputs 0. The subtraction is needed because a slope of the noise is never 0: it is positive wherever the input
 * does not make it negative. */
static double complex response_to(const struct loop *loop, const struct input *input)
{
    return end_of(loop, input) - loop->quiet;
}

/* ---- noise ---- */

/* Flies the responses to the noise in groups `first` to `last` - 1 of the steps. */
static void fly_noise(void *context, size_t first, size_t last)
{
    struct loop *loop = context;
    const struct cell_parameters *cell = loop->cell;
    for (size_t k = first; k < last && !zem_interrupted; k++) {
        struct input input = no_input(loop);
        const u32 group = (u32)k, step = group_middle(group, loop->group, loop->steps),
                  length =
                      group_begin(group + 1u, loop->group, loop->steps) - group_begin(group, loop->group, loop->steps);
        input.address.trial_low = input.address.trial_high = step;
        const double complex end = response_to(loop, &input);
        const double range = loop->tabulated.schedule[step].range[1], square = range * range;
        const double part[ZEM_NOISE_KINDS] = {(double)cell->glint / square, (double)cell->angle_noise,
                                              (double)cell->semiactive_noise * square,
                                              (double)cell->active_noise * square * square};
        const double density = part[0] + part[1] + part[2] + part[3];
        loop->response->noise_mean[k] = creal(end);
        loop->response->noise_slope[k] = -0.5 * cimag(end); /* the slope changes from positive to negative, by -2 */
        for (int kind = 0; kind < ZEM_NOISE_KINDS; kind++)
            loop->response->share[k][kind] = (float)(length * part[kind] / density);
    }
}

/* ---- maneuver ---- */

/* Flies the responses of nodes `first` to `last` - 1; a node is a value of the period or of the start of the
 * maneuver. */
static void fly_node(void *context, size_t first, size_t last)
{
    struct loop *loop = context;
    const feature_set features = loop->cell->features;
    for (size_t k = first; k < last && !zem_interrupted; k++) {
        struct zem_response_node *node = &loop->response->node[k];
        struct input input = no_input(loop);
        set(&input, ZEM_VARIED_ACCELERATION, 1.0f);
        if (features & (ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL)) {
            set(&input, ZEM_VARIED_PERIOD, (float)node->value);
            const double complex end = response_to(loop, &input);
            node->response = end; /* a spiral has the cosine in channel y, the sine in channel z */
            if (features & ZEM_FEATURE_WEAVE) {
                set(&input, ZEM_VARIED_PHASE, 0.25f);
                node->response = creal(response_to(loop, &input)) + I * creal(end);
            }
        } else {
            set(&input, ZEM_VARIED_START, (float)node->value);
            node->response = creal(response_to(loop, &input));
        }
    }
}

/* Returns the probability density of a drawn quantity at x. */
static double density_of(const struct quantity *q, double x)
{
    const double base = (double)q->base, scale = (double)q->scale;
    if (q->kind == ZEM_QUANTITY_UNIFORM)
        return x >= base && x <= base + scale ? 1.0 / scale : 0.0;
    const double deviation = (x - base) / scale;
    return exponential(-0.5 * deviation * deviation) / (scale * native_root(TURN));
}

/* Finds the range over which a quantity is integrated. */
static void range_of(const struct quantity *q, double *from, double *to)
{
    const double base = (double)q->base, scale = (double)q->scale;
    *from = q->kind == ZEM_QUANTITY_NORMAL ? base - NORMAL_REACH * scale : base;
    *to = q->kind == ZEM_QUANTITY_NORMAL    ? base + NORMAL_REACH * scale
          : q->kind == ZEM_QUANTITY_UNIFORM ? base + scale
                                            : base;
}

static void add_node(struct zem_linear_response *r, double value, double probability)
{
    r->node[r->nodes++] = (struct zem_response_node){.value = value, .probability = probability};
}

/* Adds three nodes for the values between `from` and `to` (Gauss-Legendre quadrature). */
static void add_panel(struct zem_linear_response *r, const struct quantity *q, double from, double to)
{
    static const double place[3] = {-0.774596669241483377, 0.0, 0.774596669241483377},
                        weight[3] = {5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0};
    for (int k = 0; k < 3; k++) {
        const double x = 0.5 * (from + to) + 0.5 * (to - from) * place[k];
        add_node(r, x, (to - from) * weight[k] * density_of(q, x));
    }
}

/* Makes the probabilities add up to 1. */
static void normalise(struct zem_linear_response *r)
{
    double sum = 0.0;
    for (size_t k = 0; k < r->nodes; k++)
        sum += r->node[k].probability;
    for (size_t k = 0; k < r->nodes && sum > 0.0; k++)
        r->node[k].probability /= sum;
}

static bool room_for(struct zem_linear_response *r, size_t nodes)
{
    r->node = calloc(nodes + 1, sizeof *r->node);
    return r->node != NULL;
}

/* Places the nodes of the period, the values for which the response is flown. Between them the response must change
 * little: it oscillates with the period, because the phase at the end of the flight does. Returns false without
 * memory. */
static bool place_periods(const struct cell_parameters *cell, struct zem_linear_response *r)
{
    const struct quantity *q = &cell->varied[ZEM_VARIED_PERIOD];
    double from, to;
    range_of(q, &from, &to);
    if (q->kind == ZEM_QUANTITY_CONSTANT) {
        if (!room_for(r, 1))
            return false;
        add_node(r, from, 1.0);
        return true;
    }
    const double turns = (double)cell->flight_time * (1.0 / from - 1.0 / to), wanted = NODES_PER_TURN * turns;
    const size_t nodes = wanted < NODES_LEAST ? NODES_LEAST : wanted > NODES_MOST ? NODES_MOST : (size_t)wanted;
    const size_t panels = nodes / 3;
    if (!room_for(r, 3 * panels))
        return false;
    /* panels of equal width in the frequency, because the phase is proportional to it */
    for (size_t k = 0; k < panels; k++) {
        const double high = 1.0 / from + (1.0 / to - 1.0 / from) * (double)k / (double)panels,
                     low = 1.0 / from + (1.0 / to - 1.0 / from) * (double)(k + 1) / (double)panels;
        add_panel(r, q, 1.0 / high, 1.0 / low);
    }
    normalise(r);
    return true;
}

/* Returns the time at which group k of the steps begins, s. The blind time follows the last group as one more group,
 * and the end of the flight is the beginning of the group after it. */
static double group_time(const struct loop *loop, size_t k)
{
    const size_t groups = groups_of(loop->group, loop->steps), step = group_begin((u32)k, loop->group, loop->steps);
    if (k > groups)
        return (double)loop->cell->flight_time;
    return step == 0 ? 0.0 : loop->tabulated.schedule[(step < loop->steps ? step : loop->steps) - 1].time[2];
}

/* Returns the number of groups of steps, the blind time included. */
static size_t group_count(const struct loop *loop) { return groups_of(loop->group, loop->steps) + 1u; }

/* Places the nodes of the start of a step maneuver, the values for which the response is flown, in panels (ranges) of
 * three nodes. The panels end where groups of steps end, because the response is smooth within a group. All starts
 * before the flight are one node, and all starts after it are another. Returns false without memory. */
static bool place_starts(const struct loop *loop, struct zem_linear_response *r)
{
    const struct quantity *q = &loop->cell->varied[ZEM_VARIED_START];
    const size_t groups = group_count(loop);
    double from, to, inside = 0.0, before = 0.0;
    range_of(q, &from, &to);
    if (q->kind == ZEM_QUANTITY_CONSTANT) {
        if (!room_for(r, 1))
            return false;
        add_node(r, from, 1.0);
        return true;
    }
    if (!room_for(r, 3 * (groups + (size_t)(4.0 * NORMAL_REACH) + 1) + 2))
        return false;
    for (size_t k = 0; k < groups; k++) {
        const double start = greater(group_time(loop, k), from), end = lesser(group_time(loop, k + 1), to);
        const bool normal = q->kind == ZEM_QUANTITY_NORMAL;
        const size_t panels = normal && end > start ? 1 + (size_t)(2.0 * (end - start) / (double)q->scale) : 1;
        for (size_t n = 0; end > start && n < panels; n++)
            add_panel(r, q, start + (end - start) * (double)n / (double)panels,
                      start + (end - start) * (double)(n + 1) / (double)panels);
    }
    for (size_t k = 0; k < r->nodes; k++)
        inside += r->node[k].probability;
    /* the probability of a start before the flight */
    for (int k = 0; k < 4096 && from < 0.0; k++) {
        const double x = from + (lesser(to, 0.0) - from) * ((double)k + 0.5) / 4096.0;
        before += density_of(q, x) * (lesser(to, 0.0) - from) / 4096.0;
    }
    add_node(r, 0.0, before);
    add_node(r, (double)loop->cell->flight_time, greater(1.0 - inside - before, 0.0));
    normalise(r);
    return true;
}

/* Places the nodes of a telegraph maneuver, which are the times for which the response is flown: the boundaries of all
 * groups of steps. Returns false without memory. */
static bool place_times(const struct loop *loop, struct zem_linear_response *r)
{
    const size_t groups = group_count(loop);
    if (!room_for(r, groups + 1))
        return false;
    for (size_t k = 0; k <= groups; k++)
        add_node(r, group_time(loop, k), 0.0);
    return true;
}

static bool place_nodes(const struct loop *loop, struct zem_linear_response *r)
{
    const feature_set features = loop->cell->features;
    if (features & (ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL))
        return place_periods(loop->cell, r);
    if (features & ZEM_FEATURE_STEP)
        return place_starts(loop, r);
    if (features & ZEM_FEATURE_TELEGRAPH)
        return place_times(loop, r);
    return room_for(r, 0);
}

/* ---- all responses ---- */

bool zem_linear_response_applies(const struct cell_parameters *cell)
{
    const feature_set limits = ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT | ZEM_FEATURE_DIVERT_LIMIT,
                      known = ZEM_FEATURE_STEP | ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL | ZEM_FEATURE_TELEGRAPH;
    const struct quantity *period = &cell->varied[ZEM_VARIED_PERIOD];
    double from, to;
    range_of(period, &from, &to);
    const bool waves = (cell->features & (ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL)) != 0;
    const bool noisy_samples = (cell->features & ZEM_FEATURE_SAMPLED) && (cell->features & ZEM_FEATURE_NOISE);
    return !noisy_samples && !(cell->features & (ZEM_FEATURE_POINT_MASS | ZEM_FEATURE_ACQUISITION | limits))
           && !(cell->features & ZEM_FEATURES_OF_MANEUVERS & ~known) && !(waves && from <= 0.05 * (double)period->base);
}

/* Returns the miss, m, that the noise pattern of prescribed_noise.h causes in a channel according to the responses. */
static double pattern_end(const struct loop *loop)
{
    const struct zem_linear_response *r = loop->response;
    double sum = 0.0;
    for (u32 k = 0; k < r->groups; k++) {
        const u32 step = group_middle(k, loop->group, loop->steps);
        sum += pattern_mean(step) * r->noise_mean[k] - 2.0 * pattern_negative(step) * r->noise_slope[k];
    }
    return sum;
}

/* Sets the maneuver of the flight that checks the responses (adds_up): 32 m/s2, for a weave or spiral the period of one
 * node and a phase of a quarter turn, and a roll that turns channel y into z. Returns the end of the flight by the
 * response to this maneuver alone. A step begins at a boundary of groups of steps. A start within a step would divide
 * this step, and the divided step would be more accurate than the whole step in the flights of the other inputs. */
static double complex set_maneuver(const struct loop *loop, struct input *input)
{
    const struct zem_linear_response *r = loop->response;
    const struct zem_response_node *node = &r->node[r->nodes / 2];
    const double complex end = 32.0 * node->response;
    set(input, ZEM_VARIED_ACCELERATION, 32.0f);
    if (loop->cell->features & (ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL)) {
        set(input, ZEM_VARIED_ROLL, 0.25f);
        set(input, ZEM_VARIED_PERIOD, (float)node->value);
        set(input, ZEM_VARIED_PHASE, 0.25f);
        return loop->cell->features & ZEM_FEATURE_WEAVE ? I * creal(end) : I * I * end;
    }
    set(input, ZEM_VARIED_START, (float)group_time(loop, group_count(loop) / 2));
    const double complex alone = response_to(loop, input);
    set(input, ZEM_VARIED_ROLL, 0.25f);
    return I * alone;
}

/* Returns whether a flight with every input at once ends where the sum of the responses says. */
static bool adds_up(const struct loop *loop)
{
    const struct zem_linear_response *r = loop->response;
    struct input input = no_input(loop);
    const double complex maneuver = r->nodes > 0 ? set_maneuver(loop, &input) : 0.0;
    input.address.seed_low = PATTERN;
    set(&input, ZEM_VARIED_DISPLACEMENT_Y, 16.0f);
    set(&input, ZEM_VARIED_DISPLACEMENT_Z, -32.0f);
    set(&input, ZEM_VARIED_HEADING_Y, 0.0078125f);
    set(&input, ZEM_VARIED_HEADING_Z, 0.015625f);
    const double complex handover = r->displacement * (16.0 - 32.0 * I) + r->heading * (0.0078125 + 0.015625 * I),
                         noise = pattern_end(loop) * (1.0 + I), end = response_to(loop, &input);
    return cabs(end - handover - maneuver - noise) <= 1e-6 * (cabs(handover) + cabs(maneuver) + cabs(noise)) + 1e-9;
}

static int no_memory(struct zem_error *error)
{
    return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the responses of a cell");
}

static int find(struct loop *loop, unsigned threads, struct zem_error *error)
{
    struct zem_linear_response *r = loop->response;
    loop->steps = loop->tabulated.cell.schedule_steps;
    loop->group = loop->steps <= GROUPS_MOST
                      ? 1u
                      : (loop->steps - LONE_STEPS + GROUPS_MOST - LONE_STEPS - 1u) / (GROUPS_MOST - LONE_STEPS);
    struct input input = no_input(loop);
    loop->quiet = end_of(loop, &input);
    set(&input, ZEM_VARIED_DISPLACEMENT_Y, 1.0f);
    r->displacement = creal(response_to(loop, &input));
    set(&input, ZEM_VARIED_DISPLACEMENT_Y, 0.0f);
    set(&input, ZEM_VARIED_HEADING_Y, 1.0f);
    r->heading = creal(response_to(loop, &input));
    r->groups = loop->cell->features & ZEM_FEATURE_NOISE ? group_count(loop) - 1 : 0;
    r->noise_mean = calloc(2 * r->groups + 1, sizeof *r->noise_mean);
    r->share = calloc(r->groups + 1, sizeof *r->share);
    if (r->noise_mean == NULL || r->share == NULL || !place_nodes(loop, r))
        return no_memory(error);
    r->noise_slope = r->noise_mean + r->groups;
    zem_parallel_for(r->groups, 4, threads, fly_noise, loop);
    zem_parallel_for(r->nodes, 4, threads, fly_node, loop);
    if (zem_interrupted)
        return zem_error_set(error, ZEM_STOPPED, "stopped by a signal, nothing was written");
    /* The check of the sum also passes in a loop that diverges, so large responses are refused. */
    const bool bounded = fabs(r->displacement) < 1e9 && fabs(r->heading) < 1e9;
    return bounded && adds_up(loop) ? ZEM_OK : 1;
}

int zem_linear_response_find(const struct cell_parameters *cell, unsigned threads, struct zem_linear_response *response,
                             struct zem_error *error)
{
    struct loop loop = {.cell = cell, .response = response};
    *response = (struct zem_linear_response){.groups = 0};
    const int status =
        zem_refined_cell_init(&loop.tabulated, cell, 0) == 0 ? find(&loop, threads, error) : no_memory(error);
    zem_refined_cell_free(&loop.tabulated);
    return status;
}

void zem_linear_response_free(struct zem_linear_response *response)
{
    free(response->noise_mean);
    free(response->share);
    free(response->node);
    *response = (struct zem_linear_response){.groups = 0};
}
