/* The homing loop of the linear kinematics by tabulated transition matrices, for loops with tracker, filter and
 * autopilot under proportional navigation.
 *
 * The loop is linear from the command to the filter, whose output is the next command, and its coefficients depend on
 * time alone. So the states at the end of a step are sums over the states at its start and over inputs. The host
 * tabulates the coefficients of these sums once for all trials (transition_table.h). The limit of the command is not
 * linear; the command is therefore an input. It is a parabola through its values at start, middle and end of the step,
 * each held to the limit. The disturbance is an input of the same form. The error of a step comes from these parabolas,
 * and from reducing the noise to its mean and slope.
 *
 * The states form a chain, in which each state is driven by the next: filter, tracker, position, velocity, and the
 * autopilot stages from the last to the first, which the command drives. The position also drives the filter directly.
 * A coupling through more than five integrators within one step, or four within half a step, is left out; it is smaller
 * than the error of the command's parabola (tests/transition_test.c). */
#ifndef ZEM_TRANSITION_H
#define ZEM_TRANSITION_H

/* The states of a channel in the order of the chain. The other autopilot stages follow the last stage. */
enum { ZEM_CHAIN_FILTER, ZEM_CHAIN_TRACKER, ZEM_CHAIN_POSITION, ZEM_CHAIN_VELOCITY, ZEM_CHAIN_LAST_STAGE };

#define ZEM_LONGEST_PATH 5u /* largest number of integrators through which a signal acts in one step */

/* Returns the number of states of a channel. The last state of the chain is the first autopilot stage. */
ZEM_FUNCTION u32 chain_states(UNIFORM struct cell_parameters *cell)
{
    (void)cell; /* unused where the number of stages is fixed at compile time */
    return ZEM_CHAIN_LAST_STAGE + STAGES(cell);
}

/* chain_path returns the number of integrators on the shortest path to the state `row` from the state that is
 * `distance` places further in the chain. chain_path_of_command returns the number from the command, which drives the
 * first autopilot stage. The disturbance drives the velocity, and the noise drives tracker and filter. */
ZEM_FUNCTION u32 chain_path(u32 row, u32 distance)
{
    return row == ZEM_CHAIN_FILTER && distance > 1u ? distance - 1u : distance;
}
ZEM_FUNCTION u32 chain_path_of_command(u32 row, u32 states) { return 1u + chain_path(row, states - 1u - row); }

/* A quantity in both channels. Both are computed together, so that each coefficient is loaded once. pair_add returns
 * share * x + sum. */
struct pair {
    real y, z;
};
ZEM_FUNCTION struct pair pair_of(real y, real z)
{
    struct pair p;
    p.y = y;
    p.z = z;
    return p;
}
ZEM_FUNCTION struct pair pair_add(real share, struct pair x, struct pair sum)
{
    return pair_of(fmadd(share, x.y, sum.y), fmadd(share, x.z, sum.z));
}

/* The inputs of both channels in one step, without the command. */
struct chain_input {
    struct pair noise_mean, noise_slope; /* in units of noise_sigma */
    struct maneuver maneuver;            /* acceleration of the target, m/s2 */
    struct pair roll;                    /* cosine and sine of the roll */
};

/* Returns what the noise of the step adds to a state. `share` has the coefficients of its mean and its slope. */
ZEM_FUNCTION struct pair chain_noise(UNIFORM struct cell_parameters *cell, UNIFORM scheduled share[2],
                                     const struct chain_input *input)
{
    struct pair sum = pair_of(splat(0.0f), splat(0.0f));
    if (!HAS(cell, ZEM_FEATURE_NOISE))
        return sum;
    sum = pair_add(splat(share[0]), input->noise_mean, sum);
    return pair_add(splat(share[1]), input->noise_slope, sum);
}

/* Returns the sum of a value at start, middle and end of the step, weighted with the coefficients `share`. */
ZEM_FUNCTION real nodes_sum(UNIFORM scheduled share[3], const real node[3])
{
    return fmadd(splat(share[2]), node[2], fmadd(splat(share[1]), node[1], share[0] * node[0]));
}

/* Returns `sum` plus what the target's maneuver adds to a state. `share` has the coefficients at start, middle and
 * end. */
ZEM_FUNCTION struct pair chain_disturbance(UNIFORM struct cell_parameters *cell, UNIFORM scheduled share[3],
                                           const struct chain_input *input, struct pair sum)
{
    const struct pair roll = input->roll;
    sum = pair_add(nodes_sum(share, input->maneuver.in_plane), roll, sum);
    if (HAS(cell, ZEM_FEATURE_SPIRAL))
        sum = pair_add(nodes_sum(share, input->maneuver.across), pair_of(-roll.z, roll.y), sum);
    return sum;
}

/* Computes `next`, the states at the end of the step, without what the command adds. The inner loops run over the rows
 * (states), so that consecutive multiply-adds do not depend on each other. What a state adds to itself is the largest
 * term and comes last. */
ZEM_FUNCTION void chain_states_set(UNIFORM struct cell_parameters *cell, UNIFORM struct transition *t,
                                   const struct pair *state, const struct chain_input *input, struct pair *next)
{
    const u32 states = chain_states(cell);
    ZEM_UNROLL
    for (u32 row = 0; row < ZEM_CHAIN_STATES_LIMIT; row++) {
        next[row] =
            row <= ZEM_CHAIN_TRACKER ? chain_noise(cell, t->noise[row], input) : pair_of(splat(0.0f), splat(0.0f));
        if (row <= ZEM_CHAIN_VELOCITY)
            next[row] = chain_disturbance(cell, t->disturbance[row], input, next[row]);
    }
    ZEM_UNROLL
    for (u32 k = ZEM_TRANSITION_REACH; k > 0u; k--) {
        const u32 distance = k - 1u;
        ZEM_UNROLL
        for (u32 row = 0; row < ZEM_CHAIN_STATES_LIMIT; row++)
            if (row + distance < ZEM_CHAIN_STATES_LIMIT && row + distance < states
                && chain_path(row, distance) <= ZEM_LONGEST_PATH)
                next[row] = pair_add(splat(t->state[row][distance]), state[row + distance], next[row]);
    }
}

/* Returns the filter's output in the middle of the step, rad/s, without what the command adds. */
ZEM_FUNCTION struct pair chain_middle(UNIFORM struct cell_parameters *cell, UNIFORM struct transition *t,
                                      const struct pair *state, const struct chain_input *input)
{
    struct pair sum = chain_noise(cell, t->middle_noise, input);
    sum = chain_disturbance(cell, t->middle_disturbance, input, sum);
    ZEM_UNROLL
    for (u32 k = ZEM_MIDDLE_REACH; k > 0u; k--)
        if (k <= chain_states(cell))
            sum = pair_add(splat(t->middle[k - 1u]), state[k - 1u], sum);
    return sum;
}

/* chain_load copies the states of both channels into the order of the chain, and chain_store copies them back. */
ZEM_FUNCTION void chain_load(const struct homing *h, struct pair state[ZEM_CHAIN_STATES_LIMIT])
{
    state[ZEM_CHAIN_FILTER] = pair_of(h->y.filter, h->z.filter);
    state[ZEM_CHAIN_TRACKER] = pair_of(h->y.tracker, h->z.tracker);
    state[ZEM_CHAIN_POSITION] = pair_of(h->y.position, h->z.position);
    state[ZEM_CHAIN_VELOCITY] = pair_of(h->y.velocity, h->z.velocity);
    ZEM_UNROLL
    for (u32 k = 0; k < ZEM_STAGES_LIMIT; k++)
        state[ZEM_CHAIN_LAST_STAGE + k] =
            pair_of(h->y.stage[ZEM_STAGES_LIMIT - 1u - k], h->z.stage[ZEM_STAGES_LIMIT - 1u - k]);
}
ZEM_FUNCTION void chain_store(const struct pair state[ZEM_CHAIN_STATES_LIMIT], u32 states, struct homing *h)
{
    h->y.filter = state[ZEM_CHAIN_FILTER].y;
    h->z.filter = state[ZEM_CHAIN_FILTER].z;
    h->y.tracker = state[ZEM_CHAIN_TRACKER].y;
    h->z.tracker = state[ZEM_CHAIN_TRACKER].z;
    h->y.position = state[ZEM_CHAIN_POSITION].y;
    h->z.position = state[ZEM_CHAIN_POSITION].z;
    h->y.velocity = state[ZEM_CHAIN_VELOCITY].y;
    h->z.velocity = state[ZEM_CHAIN_VELOCITY].z;
    ZEM_UNROLL
    for (u32 k = 0; k < ZEM_STAGES_LIMIT; k++)
        if (ZEM_CHAIN_LAST_STAGE + k < states) {
            h->y.stage[ZEM_STAGES_LIMIT - 1u - k] = state[ZEM_CHAIN_LAST_STAGE + k].y;
            h->z.stage[ZEM_STAGES_LIMIT - 1u - k] = state[ZEM_CHAIN_LAST_STAGE + k].z;
        }
}

/* The command at one instant, expressed as the line-of-sight rate to which it is proportional, rad/s. */
struct rate_command {
    struct command demanded, rate; /* before and after the limit */
    real square;                   /* square of the magnitude before the limit; 0 in loops without a limit */
};

ZEM_FUNCTION struct rate_command rate_command_none(void)
{
    struct rate_command none;
    none.demanded.y = none.demanded.z = splat(0.0f);
    none.rate = none.demanded;
    none.square = splat(0.0f);
    return none;
}

/* Returns the command that belongs to the line-of-sight rate `rate`, not yet held to the limit. */
ZEM_FUNCTION struct rate_command rate_command_of(UNIFORM struct cell_parameters *cell, struct pair rate)
{
    struct rate_command g;
    g.demanded.y = rate.y;
    g.demanded.z = rate.z;
    g.rate = g.demanded;
    g.square = HAS(cell, ZEM_FEATURE_LIMIT) ? command_square(g.demanded) : splat(0.0f);
    return g;
}

/* Returns the lanes (trials) in which the command exceeds cell->rate_limit, the rate that commands the acceleration
 * limit. */
ZEM_FUNCTION mask rate_command_over(UNIFORM struct cell_parameters *cell, const struct rate_command *g)
{
    const real limit = splat(cell->rate_limit);
    return less(limit * limit, g->square);
}

/* Returns the command in the middle of a step that begins with the command `start`, not yet held to the limit. `rate`
 * is the filter's output there (rad/s), computed from mean and slope of the noise. Near the limit the variance of the
 * command matters, and mean and slope leave out a part of it. The variance is right if the term of the slope is
 * enlarged by the factor 2/sqrt(3) (see ZEM_ASIDE_EARLY in homing.h). In a cell without a limit start->square is 0, and
 * in one without noise the slope is; the term then adds nothing. */
ZEM_FUNCTION struct rate_command rate_command_middle(UNIFORM struct cell_parameters *cell, UNIFORM struct transition *t,
                                                     const struct chain_input *input, struct pair rate,
                                                     const struct rate_command *start)
{
    if (!POSSIBLE(ZEM_FEATURE_LIMIT | ZEM_FEATURE_NOISE))
        return rate_command_of(cell, rate);
    const mask near = square_nears(start->square, splat(cell->rate_limit));
    const real aside = choose(near, splat(t->middle_aside), splat(0.0f));
    return rate_command_of(cell, pair_add(aside, input->noise_slope, rate));
}

/* Sets `node` to the command at start, middle and end of a step, and holds `middle` and `end` to the limit. Where the
 * command meets its limit within the step, its projection is taken (command_course.h). Sets `*saturated` to the
 * fraction of the step at the limit. */
ZEM_FUNCTION void rate_course(UNIFORM struct cell_parameters *cell, UNIFORM struct transition *t,
                              const struct rate_command *start, struct rate_command *middle, struct rate_command *end,
                              struct pair node[3], real *saturated)
{
    const mask over[3] = {rate_command_over(cell, start), rate_command_over(cell, middle),
                          rate_command_over(cell, end)};
    const mask some = either(over[0], either(over[1], over[2]));
    const int limited = HAS(cell, ZEM_FEATURE_LIMIT) && any_lane(some);
    const real limit = splat(cell->rate_limit);
    if (limited) {
        middle->rate = command_held(middle->demanded, middle->square, limit, over[1]);
        end->rate = command_held(end->demanded, end->square, limit, over[2]);
    }
    node[0] = pair_of(start->rate.y, start->rate.z);
    node[1] = pair_of(middle->rate.y, middle->rate.z);
    node[2] = pair_of(end->rate.y, end->rate.z);
    *saturated = splat(0.0f);
    if (!limited)
        return;
    const struct command demanded[3] = {start->demanded, middle->demanded, end->demanded};
    *saturated = over_share(over);
    const mask told = HAS(cell, ZEM_FEATURE_NOISE) ? both(some, course_is_smooth(demanded, splat(t->rough))) : some;
    if (!any_lane(told)) /* most steps with noise end here */
        return;
    const mask kinked = both(told, course_has_kink(demanded, over));
    if (!any_lane(kinked))
        return;
    const struct command_course course = course_project(demanded, limit, splat(1.0f));
    ZEM_UNROLL
    for (int k = 0; k < 3; k++)
        node[k] = pair_of(choose(kinked, course.node[k].y, node[k].y), choose(kinked, course.node[k].z, node[k].z));
    *saturated = choose(kinked, course.share, *saturated);
}

/* Advances both channels by one step. `now` is the command at the start of the step and becomes the command at its end.
 * Sets `*saturated` to the fraction of the step at the limit. */
ZEM_FUNCTION void transition_step(UNIFORM struct cell_parameters *cell, UNIFORM struct transition *t, struct homing *h,
                                  const struct chain_input *input, struct rate_command *now, real *saturated)
{
    const u32 states = chain_states(cell);
    const struct pair held = pair_of(now->rate.y, now->rate.z);
    struct pair state[ZEM_CHAIN_STATES_LIMIT], next[ZEM_CHAIN_STATES_LIMIT], node[3];
    chain_load(h, state);
    struct pair middle_rate = chain_middle(cell, t, state, input);
    chain_states_set(cell, t, state, input, next);
    /* In a short chain the command reaches the filter within the step. Here the command counts as constant over the
     * step, because its later values depend on the filter. */
    if (chain_path_of_command(ZEM_CHAIN_FILTER, states) <= ZEM_LONGEST_PATH) {
        middle_rate = pair_add(splat(t->middle_command), held, middle_rate);
        next[ZEM_CHAIN_FILTER] = pair_add(splat(t->command[ZEM_CHAIN_FILTER][0]), held, next[ZEM_CHAIN_FILTER]);
    }
    struct rate_command middle = rate_command_middle(cell, t, input, middle_rate, now),
                        end = rate_command_of(cell, next[ZEM_CHAIN_FILTER]);
    rate_course(cell, t, now, &middle, &end, node, saturated);
    ZEM_UNROLL
    for (u32 row = ZEM_CHAIN_TRACKER; row < ZEM_CHAIN_STATES_LIMIT; row++)
        if (row < states && chain_path_of_command(row, states) <= ZEM_LONGEST_PATH) {
            next[row] = pair_add(splat(t->command[row][0]), node[0], next[row]);
            next[row] = pair_add(splat(t->command[row][1]), node[1], next[row]);
            if (chain_path_of_command(row, states) < ZEM_LONGEST_PATH)
                next[row] = pair_add(splat(t->command[row][2]), node[2], next[row]);
        }
    *now = end;
    chain_store(next, states, h);
}

#endif
