/* The steps of the linear kinematics of one cell: h = min(step, tgo / step_ratio) down to blind_time. The host tabulates them
 * with the scalar reading of the kernels, so their bits are the project's own on every machine. */
#ifndef ZEM_SCHEDULE_H
#define ZEM_SCHEDULE_H

/* A step is flown in parts, each a classical Runge-Kutta step of the chain: together good to 1e-5 for steps of 0.75 of a lag. */
#define ZEM_CHAIN_PARTS 4
#define ZEM_CHAIN_PART 0.25f /* one over that */
#define ZEM_CHAIN_NODES (2 * ZEM_CHAIN_PARTS + 1)

/* What the line of sight is at even distances in a step, from its start to its end. */
struct chain_sight {
    real inverse_range[ZEM_CHAIN_NODES];
    real sigma[ZEM_CHAIN_NODES]; /* standard deviation of the noise, as schedule_step.noise_sigma, rad */
};

/* One input of a step, of size 1; the others are 0. */
struct chain_course {
    real noise_mean, noise_slope;       /* standardised, as in noise_nodes */
    int disturbance_node, command_node; /* at which of start, middle and end it is not 0; -1: at none */
};

/* At u from 0 to 1 in the step, the parabola that is 1 at one of the nodes 0, 1/2, 1 and 0 at the others. */
ZEM_FUNCTION real node_parabola(int node, real u)
{
    if (node == 1)
        return 4.0f * u * (1.0f - u);
    return node == 0 ? (1.0f - u) * (1.0f - 2.0f * u) : node == 2 ? u * (2.0f * u - 1.0f)
                                                                  : 0.0f;
}

/* Rates of a channel's states in the order of the chain. States from `rows` on are 0. */
ZEM_FUNCTION void chain_rate(const struct cell_parameters *cell, const struct chain_sight *sight, int node, const struct chain_course *course, u32 rows,
                             const real *state, real *rate)
{
    const u32 first = chain_states(cell) - 1u;
    const real u = (real)node * (0.5f * ZEM_CHAIN_PART);
    const real noise = sight->sigma[node] * (course->noise_mean + course->noise_slope * (2.0f * u - 1.0f));
    rate[ZEM_CHAIN_TRACKER] = (state[ZEM_CHAIN_POSITION] * sight->inverse_range[node] + noise - state[ZEM_CHAIN_TRACKER]) * cell->inverse_seeker_lag;
    rate[ZEM_CHAIN_FILTER] = (rate[ZEM_CHAIN_TRACKER] - state[ZEM_CHAIN_FILTER]) * cell->inverse_filter_lag;
    rate[ZEM_CHAIN_POSITION] = state[ZEM_CHAIN_VELOCITY];
    rate[ZEM_CHAIN_VELOCITY] = node_parabola(course->disturbance_node, u) - state[ZEM_CHAIN_LAST_STAGE];
    for (u32 k = ZEM_CHAIN_LAST_STAGE; k < rows; k++) {
        const real command = cell->navigation_gain * cell->closing_speed * node_parabola(course->command_node, u);
        rate[k] = ((k == first ? command : state[k + 1u]) - state[k]) * cell->inverse_stage_lag;
    }
}

/* The chain over a whole step from `state` on, of which all from `rows` on stay 0; `middle` gets the filter half way. */
ZEM_FUNCTION void chain_fly(const struct cell_parameters *cell, const struct chain_sight *sight, real step, const struct chain_course *course, u32 rows,
                            real *state, real *middle)
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

/* Columns of unit states. */
ZEM_FUNCTION void transition_set_states(const struct cell_parameters *cell, const struct chain_sight *sight, real step, struct transition *t)
{
    const struct chain_course quiet = {0.0f, 0.0f, -1, -1};
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

/* Columns of the inputs at start, middle and end. */
ZEM_FUNCTION void transition_set_inputs(const struct cell_parameters *cell, const struct chain_sight *sight, real step, struct transition *t)
{
    const u32 states = chain_states(cell);
    for (int node = 0; node < 3; node++) {
        const struct chain_course disturbed = {0.0f, 0.0f, node, -1}, commanded = {0.0f, 0.0f, -1, node};
        real state[ZEM_CHAIN_STATES_LIMIT] = {0.0f}, middle;
        chain_fly(cell, sight, step, &disturbed, ZEM_CHAIN_VELOCITY + 1u, state, &middle);
        for (u32 row = 0; row <= ZEM_CHAIN_VELOCITY; row++)
            t->disturbance[row][node] = state[row];
        t->middle_disturbance[node] = middle;
        memset(state, 0, sizeof state);
        chain_fly(cell, sight, step, &commanded, states, state, &middle);
        for (u32 row = 0; row < states; row++)
            t->command[row][row == ZEM_CHAIN_FILTER ? 0 : node] += state[row]; /* a command that is held is the sum of all */
        t->middle_command += middle;
    }
}

/* Tabulates the transition of a step by flying it from every unit state and with every unit input. */
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
        const struct chain_course noisy = {moment == 0 ? 1.0f : 0.0f, moment == 1 ? 1.0f : 0.0f, -1, -1};
        real state[ZEM_CHAIN_STATES_LIMIT] = {0.0f}, middle;
        chain_fly(cell, &sight, step, &noisy, ZEM_CHAIN_TRACKER + 1u, state, &middle);
        t->noise[ZEM_CHAIN_FILTER][moment] = state[ZEM_CHAIN_FILTER];
        t->noise[ZEM_CHAIN_TRACKER][moment] = state[ZEM_CHAIN_TRACKER];
        t->middle_noise[moment] = middle;
    }
}

/* Tabulates by how much a weave or spiral of the cell's period turns in a step. */
ZEM_FUNCTION void schedule_turn_set(const struct cell_parameters *cell, struct schedule_step *s)
{
    const real turns = reciprocal(cell->varied[ZEM_VARIED_PERIOD].base) * s->step;
    sine_cosine_turns(0.5f * turns, &s->turn[1], &s->turn[0]);
    sine_cosine_turns(turns, &s->turn[3], &s->turn[2]);
}

/* Tabulates the step that starts at `to_go` and ends at `end`, both time-to-go in s. */
ZEM_FUNCTION void schedule_step_set(const struct cell_parameters *cell, real to_go, real step, real end, struct covariance *covariance, struct schedule_step *s)
{
    s->step = step;
    s->time_to_go[0] = to_go;
    s->time_to_go[1] = to_go - 0.5f * step;
    s->time_to_go[2] = end;
    ZEM_UNROLL
    for (int node = 0; node < 3; node++) {
        const real range = cell->closing_speed * s->time_to_go[node];
        s->range[node] = range;
        s->time[node] = cell->flight_time - s->time_to_go[node];
        s->inverse_time_to_go[node] = reciprocal(s->time_to_go[node]);
        s->inverse_range[node] = reciprocal(range);
        s->noise_sigma[node] = square_root(noise_density(cell, range, s->inverse_range[node]) * reciprocal(step));
    }
    const real deviation = s->range[1] * s->noise_sigma[1];
    covariance_propagate(cell, covariance, 0.5f * step);
    const struct kalman_gain gain = covariance_update(covariance, deviation * deviation);
    covariance_propagate(cell, covariance, 0.5f * step);
    s->gain[0] = gain.position;
    s->gain[1] = gain.velocity;
    s->gain[2] = gain.acceleration;
    schedule_turn_set(cell, s);
    if (HAS(cell, ZEM_FEATURE_TRANSITION))
        transition_set(cell, to_go, step, &s->transition);
}

/* Duration of the step that starts at `to_go`, and where it ends. */
ZEM_FUNCTION real schedule_step_choose(const struct cell_parameters *cell, real to_go, real *end)
{
    const real left = to_go - cell->blind_time;
    const real step = to_go * cell->inverse_step_ratio < cell->step ? to_go * cell->inverse_step_ratio : cell->step;
    const int last = left <= step * 1.0009765625f; /* a remainder of a thousandth of a step is no step of its own */
    *end = last ? cell->blind_time : to_go - step;
    return last ? left : step;
}

/* Writes up to `capacity` steps and returns how many there are (counting on past the capacity), at most `limit`.
 * `steps` may be null with capacity 0, to count. */
ZEM_FUNCTION u32 schedule_fill(const struct cell_parameters *cell, struct schedule_step *steps, u32 capacity, u32 limit)
{
    real to_go = cell->flight_time, end;
    u32 count = 0;
    struct covariance covariance = covariance_begin(cell);
    for (; to_go > cell->blind_time && count < limit; count++) {
        const real step = schedule_step_choose(cell, to_go, &end);
        if (count < capacity)
            schedule_step_set(cell, to_go, step, end, &covariance, &steps[count]);
        to_go = end;
    }
    return count;
}

#endif
