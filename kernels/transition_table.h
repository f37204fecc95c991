/* Computes the coefficients of transition.h for one step: it integrates the chain of states from every unit state and
 * with every unit input. The host calls it through schedule.h before a run; no kernel includes this file. */
#ifndef ZEM_TRANSITION_TABLE_H
#define ZEM_TRANSITION_TABLE_H

/* A step is integrated in this many parts, each a classical Runge-Kutta step. Four are good to 1e-5 for steps of 0.75
 * of a lag. */
#define ZEM_CHAIN_PARTS 4
#define ZEM_CHAIN_PART 0.25f /* 1 / ZEM_CHAIN_PARTS */
#define ZEM_CHAIN_NODES (2 * ZEM_CHAIN_PARTS + 1)

/* The line of sight at ZEM_CHAIN_NODES instants at equal distances, from the start of a step to its end. */
struct chain_sight {
    real inverse_range[ZEM_CHAIN_NODES];
    real sigma[ZEM_CHAIN_NODES]; /* standard deviation of the noise, as schedule_step.noise_sigma, rad */
};

/* An input of size 1. At most one member is active. */
struct unit_input {
    real noise_mean, noise_slope;       /* in units of sigma */
    int disturbance_node, command_node; /* 0, 1, 2: the input is 1 at start, middle, end; -1: none */
};

/* Returns, at the fraction u of a step, the parabola that is 1 at `node` and 0 at the two other nodes. The nodes 0, 1,
 * 2 are at u = 0, 1/2, 1. For node -1 the function returns 0. */
ZEM_FUNCTION real node_parabola(int node, real u)
{
    if (node == 1)
        return 4.0f * u * (1.0f - u);
    if (node == 0)
        return (1.0f - u) * (1.0f - 2.0f * u);
    return node == 2 ? u * (2.0f * u - 1.0f) : 0.0f;
}

/* Computes the rates of change of a channel's states in the order of the chain, at the instant `node` of struct
 * chain_sight. States from number `rows` on are zero and are not computed. */
ZEM_FUNCTION void chain_rate(const struct cell_parameters *cell, const struct chain_sight *sight, int node,
                             const struct unit_input *course, u32 rows, const real *state, real *rate)
{
    const u32 first = chain_states(cell) - 1u;
    const real u = (real)node * (0.5f * ZEM_CHAIN_PART);
    const real noise = sight->sigma[node] * (course->noise_mean + course->noise_slope * (2.0f * u - 1.0f));
    rate[ZEM_CHAIN_TRACKER] =
        (state[ZEM_CHAIN_POSITION] * sight->inverse_range[node] + noise - state[ZEM_CHAIN_TRACKER])
        * cell->inverse_seeker_lag;
    rate[ZEM_CHAIN_FILTER] = (rate[ZEM_CHAIN_TRACKER] - state[ZEM_CHAIN_FILTER]) * cell->inverse_filter_lag;
    rate[ZEM_CHAIN_POSITION] = state[ZEM_CHAIN_VELOCITY];
    rate[ZEM_CHAIN_VELOCITY] = node_parabola(course->disturbance_node, u) - state[ZEM_CHAIN_LAST_STAGE];
    for (u32 k = ZEM_CHAIN_LAST_STAGE; k < rows; k++) {
        const real command =
            ZEM_LAW_AUTHORITY(cell->navigation_gain, cell->closing_speed) * node_parabola(course->command_node, u);
        rate[k] = ((k == first ? command : state[k + 1u]) - state[k]) * cell->inverse_stage_lag;
    }
}

/* Integrates the chain over a whole step and replaces `state` by the states at its end. States from number `rows` on
 * are zero and stay so. Sets `*middle` to the filter's output in the middle of the step. */
ZEM_FUNCTION void chain_fly(const struct cell_parameters *cell, const struct chain_sight *sight, real step,
                            const struct unit_input *course, u32 rows, real *state, real *middle)
{
    const int node[4] = {0, 1, 1, 2};
    const real to_next[4] = {0.5f, 0.5f, 1.0f, 0.0f}, weight[4] = {1.0f, 2.0f, 2.0f, 1.0f};
    const real duration = step * ZEM_CHAIN_PART;
    *middle = 0.0f;
    real place[ZEM_CHAIN_STATES_LIMIT + 1] = {0.0f}, rate[ZEM_CHAIN_STATES_LIMIT], sum[ZEM_CHAIN_STATES_LIMIT];
    for (int part = 0; part < ZEM_CHAIN_PARTS; part++) {
        for (u32 k = 0; k < rows; k++) {
            place[k] = state[k];
            sum[k] = 0.0f;
        }
        for (int stage = 0; stage < 4; stage++) {
            chain_rate(cell, sight, 2 * part + node[stage], course, rows, place, rate);
            for (u32 k = 0; k < rows; k++) {
                sum[k] += weight[stage] * rate[k];
                place[k] = state[k] + to_next[stage] * duration * rate[k];
            }
        }
        for (u32 k = 0; k < rows; k++)
            state[k] += 0.166666672f * duration * sum[k];
        if (2 * (part + 1) == ZEM_CHAIN_PARTS)
            *middle = state[ZEM_CHAIN_FILTER];
    }
}

/* Sets the coefficients of the states: the chain starts from each state with the value 1 in turn. */
ZEM_FUNCTION void transition_set_states(const struct cell_parameters *cell, const struct chain_sight *sight, real step,
                                        struct transition *t)
{
    const struct unit_input quiet = {0.0f, 0.0f, -1, -1};
    for (u32 column = 0; column < chain_states(cell); column++) {
        real state[ZEM_CHAIN_STATES_LIMIT] = {0.0f}, middle;
        const u32 rows = column < ZEM_CHAIN_TRACKER ? ZEM_CHAIN_TRACKER + 1u : column + 1u;
        state[column] = 1.0f;
        chain_fly(cell, sight, step, &quiet, rows, state, &middle);
        for (u32 distance = 0; distance < ZEM_TRANSITION_REACH && distance <= column; distance++)
            t->state[column - distance][distance] = state[column - distance];
        if (column < ZEM_MIDDLE_REACH)
            t->middle[column] = middle;
    }
}

/* Sets the coefficients of command and disturbance. Each input in turn is the parabola that is 1 at one of the nodes
 * start, middle and end of the step, and 0 at the two others. */
ZEM_FUNCTION void transition_set_inputs(const struct cell_parameters *cell, const struct chain_sight *sight, real step,
                                        struct transition *t)
{
    const u32 states = chain_states(cell);
    for (int node = 0; node < 3; node++) {
        const struct unit_input disturbed = {0.0f, 0.0f, node, -1}, commanded = {0.0f, 0.0f, -1, node};
        real state[ZEM_CHAIN_STATES_LIMIT] = {0.0f}, middle;
        chain_fly(cell, sight, step, &disturbed, ZEM_CHAIN_VELOCITY + 1u, state, &middle);
        for (u32 row = 0; row <= ZEM_CHAIN_VELOCITY; row++)
            t->disturbance[row][node] = state[row];
        t->middle_disturbance[node] = middle;
        memset(state, 0, sizeof state);
        chain_fly(cell, sight, step, &commanded, states, state, &middle);
        /* For the filter the command is constant over the step, so its three coefficients are added up. */
        for (u32 row = 0; row < states; row++)
            t->command[row][row == ZEM_CHAIN_FILTER ? 0 : node] += state[row];
        t->middle_command += middle;
    }
}

/* Sets all coefficients of the step of duration `step` (s) that starts at the time to go `to_go`, s. */
ZEM_FUNCTION void transition_set(const struct cell_parameters *cell, real to_go, real step, struct transition *t)
{
    struct chain_sight sight;
    memset(t, 0, sizeof *t);
    for (int node = 0; node < ZEM_CHAIN_NODES; node++) {
        const real range = cell->closing_speed * (to_go - step * ((real)node * (0.5f * ZEM_CHAIN_PART)));
        sight.inverse_range[node] = reciprocal(range);
        sight.sigma[node] = square_root(noise_density(cell, range, sight.inverse_range[node]) * reciprocal(step));
    }
    transition_set_states(cell, &sight, step, t);
    transition_set_inputs(cell, &sight, step, t);
    for (int moment = 0; moment < 2; moment++) {
        const struct unit_input noisy = {moment == 0 ? 1.0f : 0.0f, moment == 1 ? 1.0f : 0.0f, -1, -1};
        real state[ZEM_CHAIN_STATES_LIMIT] = {0.0f}, middle;
        chain_fly(cell, &sight, step, &noisy, ZEM_CHAIN_TRACKER + 1u, state, &middle);
        t->noise[ZEM_CHAIN_FILTER][moment] = state[ZEM_CHAIN_FILTER];
        t->noise[ZEM_CHAIN_TRACKER][moment] = state[ZEM_CHAIN_TRACKER];
        t->middle_noise[moment] = middle;
    }
    t->middle_aside = 0.154700538f * t->middle_noise[1]; /* 2/sqrt(3) - 1 */
    t->rough = step * sight.sigma[ZEM_CHAIN_PARTS] * cell->inverse_seeker_lag * cell->inverse_filter_lag;
}

#endif
