/* The homing loop of both channels: seeker, filter, guidance, limit, autopilot and relative motion, integrated by
 * classical fourth-order Runge-Kutta steps. Both kinematics use it. It knows of the geometry only the lines of sight
 * and the disturbances of a step (struct loop_input). */
#ifndef ZEM_HOMING_H
#define ZEM_HOMING_H

/* Inputs of the loop for one step. Index 0, 1, 2 is the start, the middle and the end of the step. */
struct loop_input {
    real step;
    real time[3];
    struct sight sight[3];
    struct law law[3];
    real target_y[3], target_z[3];           /* acceleration of the target's maneuver, m/s2; apn and ogl read it */
    real disturbance_y[3], disturbance_z[3]; /* relative acceleration without the interceptor's command, m/s2 */
    real noise_y[3], noise_z[3];             /* angle noise, rad */
    struct measurement measurement;          /* kalman: the measurement of this step */
    real limit;                              /* largest command, m/s2 */
    /* Divert limit with an autopilot: fraction of the command that the budget allows. */
    real budget_factor;
};

/* Durations by which the rates of the states are multiplied. The rate of a first-order lag is stored as input minus
 * output. Its duration is divided by the time constant, which saves a multiplication in every Runge-Kutta stage. */
struct stride {
    real time, tracker, filter, stage;
};

ZEM_FUNCTION struct stride stride_of(UNIFORM struct cell_parameters *cell, real duration)
{
    struct stride stride;
    stride.time = duration;
    stride.tracker = duration * cell->inverse_seeker_lag;
    stride.filter = duration * cell->inverse_filter_lag;
    stride.stage = duration * cell->inverse_stage_lag;
    return stride;
}

/* Computes the rates of the states behind the command: autopilot stages, estimator and relative motion. */
ZEM_FUNCTION void plant_rate(UNIFORM struct cell_parameters *cell, const struct channel *c, real command,
                             real disturbance, const struct kalman_gain *gain, real residual, real shift,
                             struct channel *rate)
{
    if (HAS(cell, ZEM_FEATURE_AUTOPILOT)) {
        const u32 first = ZEM_STAGES_LIMIT - STAGES(cell);
        real input = command;
        ZEM_UNROLL
        for (u32 k = 0; k < ZEM_STAGES_LIMIT; k++)
            if (k >= first) {
                rate->stage[k] = input - c->stage[k];
                input = c->stage[k];
            }
    }
    if (HAS(cell, ZEM_FEATURE_KALMAN)) {
        rate->error_position = fmadd(gain->position, residual, c->error_velocity) + shift;
        rate->error_velocity = fmadd(gain->velocity, residual, c->estimate_acceleration - disturbance);
        rate->estimate_acceleration = gain->acceleration * residual;
    }
    rate->position = c->velocity;
    rate->velocity = disturbance - channel_achieved(cell, c, command);
}

/* Returns the line-of-sight rate that guidance gets, rad/s, and computes the rates of tracker and filter. With an
 * estimator the rate follows from the true or the estimated state, and tracker and filter have no effect. */
ZEM_FUNCTION real seeker_rate(UNIFORM struct cell_parameters *cell, const struct channel *c, const struct sight *sight,
                              real noise, struct channel *rate)
{
    real signal;
    if (HAS(cell, ZEM_FEATURE_PERFECT))
        return sight_rate(sight, c->position, c->velocity);
    if (HAS(cell, ZEM_FEATURE_KALMAN))
        return sight_rate(sight, c->position + c->error_position, c->velocity + c->error_velocity);
    if (!HAS(cell, ZEM_FEATURE_TRACKER)) {
        signal = sight_rate(sight, c->position, c->velocity);
        rate->filter = signal - c->filter;
    } else {
        rate->tracker = fmadd(c->position, sight->inverse_range, noise) - c->tracker;
        if (HAS(cell, ZEM_FEATURE_FILTER))
            rate->filter = fmadd(rate->tracker, splat(cell->inverse_seeker_lag), -c->filter);
        signal = rate->tracker * cell->inverse_seeker_lag;
    }
    return HAS(cell, ZEM_FEATURE_FILTER) ? c->filter : signal;
}

/* Sets the noise of a step to zero and its measurement to none. */
ZEM_FUNCTION void loop_input_unmeasured(struct loop_input *input)
{
    ZEM_UNROLL
    for (int node = 0; node < 3; node++)
        input->noise_y[node] = input->noise_z[node] = splat(0.0f);
    input->measurement = measurement_none();
}

/* Command of one channel before the limits, m/s2. */
ZEM_FUNCTION real channel_command(UNIFORM struct cell_parameters *cell, const struct channel *c,
                                  const struct loop_input *input, int node, real noise, real target_acceleration,
                                  struct channel *rate)
{
    const struct sight *sight = &input->sight[node];
    const real seen_rate = seeker_rate(cell, c, sight, noise, rate);
    const real known = HAS(cell, ZEM_FEATURE_KALMAN) ? c->estimate_acceleration : target_acceleration;
    return law_command(cell, &input->law[node], seen_rate, known, c->stage[ZEM_STAGES_LIMIT - 1]);
}

/* Applies the acceleration limit and the divert budget to a command. Sets `*saturated` to the lanes in which either
 * reduced it. */
ZEM_FUNCTION struct command command_allowed(UNIFORM struct cell_parameters *cell, struct command command,
                                            const struct loop_input *input, mask *saturated)
{
    const int by_share = HAS(cell, ZEM_FEATURE_DIVERT_LIMIT) && HAS(cell, ZEM_FEATURE_AUTOPILOT);
    *saturated = no_lane();
    if (HAS(cell, ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT) || !by_share)
        command = command_limit(command, input->limit, saturated);
    if (by_share) {
        command.y = command.y * input->budget_factor;
        command.z = command.z * input->budget_factor;
        *saturated = mask_not(both(mask_not(*saturated), mask_not(less(input->budget_factor, splat(1.0f)))));
    }
    return command;
}

/* Limited command in a given state, m/s2. Computes the rates of tracker and filter as well. */
ZEM_FUNCTION struct command guidance_command(UNIFORM struct cell_parameters *cell, const struct homing *h,
                                             const struct loop_input *input, int node, struct homing *rate,
                                             mask *saturated)
{
    struct command command;
    *saturated = no_lane();
    if (!HAS(cell, ZEM_FEATURE_GUIDANCE)) {
        command.y = command.z = splat(0.0f);
        return command;
    }
    command.y = channel_command(cell, &h->y, input, node, input->noise_y[node], input->target_y[node], &rate->y);
    command.z = channel_command(cell, &h->z, input, node, input->noise_z[node], input->target_z[node], &rate->z);
    if (HAS(cell, ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT | ZEM_FEATURE_DIVERT_LIMIT))
        command = command_allowed(cell, command, input, saturated);
    return command;
}

/* Returns base + stride * rate for the members that the cell uses. `seeing` is 0 while the seeker is blind: tracker and
 * filter then keep their values. */
ZEM_FUNCTION struct channel channel_advance(UNIFORM struct cell_parameters *cell, const struct channel *base,
                                            const struct stride *stride, const struct channel *rate, int seeing)
{
    struct channel c = *base;
    c.position = fmadd(stride->time, rate->position, base->position);
    c.velocity = fmadd(stride->time, rate->velocity, base->velocity);
    if (seeing && HAS(cell, ZEM_FEATURE_TRACKER))
        c.tracker = fmadd(stride->tracker, rate->tracker, base->tracker);
    if (seeing && HAS(cell, ZEM_FEATURE_FILTER))
        c.filter = fmadd(stride->filter, rate->filter, base->filter);
    if (HAS(cell, ZEM_FEATURE_KALMAN)) {
        c.error_position = fmadd(stride->time, rate->error_position, base->error_position);
        c.error_velocity = fmadd(stride->time, rate->error_velocity, base->error_velocity);
        c.estimate_acceleration = fmadd(stride->time, rate->estimate_acceleration, base->estimate_acceleration);
    }
    if (HAS(cell, ZEM_FEATURE_AUTOPILOT))
        ZEM_UNROLL
    for (u32 k = 0; k < ZEM_STAGES_LIMIT; k++)
        if (k >= ZEM_STAGES_LIMIT - STAGES(cell))
            c.stage[k] = fmadd(stride->stage, rate->stage[k], base->stage[k]);
    return c;
}
ZEM_FUNCTION struct homing homing_advance(UNIFORM struct cell_parameters *cell, const struct homing *base,
                                          const struct stride *stride, const struct homing *rate, int seeing)
{
    struct homing h;
    h.y = channel_advance(cell, &base->y, stride, &rate->y, seeing);
    h.z = channel_advance(cell, &base->z, stride, &rate->z, seeing);
    return h;
}

/* What a step reports besides the new state. */
struct homing_report {
    struct command achieved; /* at the start of the step, m/s2 */
    mask saturated;
};

/* Rates of all states in a given state. While the seeker is blind (`seeing` 0) the command `held` replaces guidance. */
ZEM_FUNCTION struct homing homing_rate(UNIFORM struct cell_parameters *cell, const struct homing *h,
                                       const struct loop_input *input, int node, int seeing, const struct command *held,
                                       struct homing_report *report)
{
    struct homing rate = *h; /* defines the members that the cell does not use */
    report->saturated = no_lane();
    const struct command command = seeing ? guidance_command(cell, h, input, node, &rate, &report->saturated) : *held;
    plant_rate(cell, &h->y, command.y, input->disturbance_y[node], &input->measurement.gain,
               input->measurement.residual_y[node], input->measurement.shift_y, &rate.y);
    plant_rate(cell, &h->z, command.z, input->disturbance_z[node], &input->measurement.gain,
               input->measurement.residual_z[node], input->measurement.shift_z, &rate.z);
    report->achieved.y = channel_achieved(cell, &h->y, command.y);
    report->achieved.z = channel_achieved(cell, &h->z, command.z);
    return rate;
}

/* One Runge-Kutta step. With `seeing` 0 it flies the command `held`. The report describes the start of the step. */
ZEM_FUNCTION void homing_runge_kutta(UNIFORM struct cell_parameters *cell, struct homing *state,
                                     const struct loop_input *input, int seeing, const struct command *held,
                                     struct homing_report *report)
{
    struct homing_report unused;
    const struct stride half_step = stride_of(cell, 0.5f * input->step), whole = stride_of(cell, input->step);
    const struct stride sixth = stride_of(cell, 0.166666672f * input->step);
    const struct stride one = {splat(1.0f), splat(1.0f), splat(1.0f), splat(1.0f)},
                        two = {splat(2.0f), splat(2.0f), splat(2.0f), splat(2.0f)};
    const struct homing rate1 = homing_rate(cell, state, input, 0, seeing, held, report);
    const struct homing state2 = homing_advance(cell, state, &half_step, &rate1, seeing);
    const struct homing rate2 = homing_rate(cell, &state2, input, 1, seeing, held, &unused);
    struct homing sum = homing_advance(cell, &rate1, &two, &rate2, seeing);
    const struct homing state3 = homing_advance(cell, state, &half_step, &rate2, seeing);
    const struct homing rate3 = homing_rate(cell, &state3, input, 1, seeing, held, &unused);
    sum = homing_advance(cell, &sum, &two, &rate3, seeing);
    const struct homing state4 = homing_advance(cell, state, &whole, &rate3, seeing);
    const struct homing rate4 = homing_rate(cell, &state4, input, 2, seeing, held, &unused);
    sum = homing_advance(cell, &sum, &one, &rate4, seeing);
    *state = homing_advance(cell, state, &sixth, &sum, seeing);
}

/* One step with guidance. */
ZEM_FUNCTION void homing_step(UNIFORM struct cell_parameters *cell, struct homing *state,
                              const struct loop_input *input, struct homing_report *report)
{
    homing_runge_kutta(cell, state, input, 1, 0, report);
}

/* One step of the blind time, in which the command `held` is flown. */
ZEM_APART void homing_step_blind(UNIFORM struct cell_parameters *cell, struct homing *state,
                                 const struct loop_input *input, const struct command *held,
                                 struct homing_report *report)
{
    homing_runge_kutta(cell, state, input, 0, held, report);
}

#endif
