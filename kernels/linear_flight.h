/* A trial in linear kinematics, in which the closing speed and the time to go are given: its start, one step of the
 * schedule, and the blind time at its end. flight.h calls the functions in this order. */
#ifndef ZEM_LINEAR_FLIGHT_H
#define ZEM_LINEAR_FLIGHT_H

/* Fills the times, lines of sight and guidance gains of `input` from a tabulated step. */
ZEM_FUNCTION void linear_sight(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *step,
                               struct loop_input *input)
{
    input->step = splat(step->step);
    ZEM_UNROLL
    for (int node = 0; node < 3; node++) {
        input->time[node] = splat(step->time[node]);
        input->sight[node].inverse_range = splat(step->inverse_range[node]);
        input->sight[node].closing_rate = splat(step->inverse_time_to_go[node]);
        input->sight[node].closing_speed = splat(cell->closing_speed);
    }
    loop_input_laws(cell, input);
}

/* Places a trial at the start of homing with the relative position y(0) = displacement and the relative velocity y'(0)
 * = -VM HE in each channel. VM is the interceptor's speed and HE the heading error. */
ZEM_FUNCTION void linear_begin(UNIFORM struct cell_parameters *cell, const struct handover *handover,
                               struct engagement *e)
{
    const real closing_speed = splat(cell->closing_speed);
    const real inverse_range = reciprocal(closing_speed * cell->flight_time);
    const real closing_rate = reciprocal(splat(cell->flight_time));
    struct channel *y = &e->homing.y, *z = &e->homing.z;
    y->position = handover->displacement_y;
    z->position = handover->displacement_z;
    y->velocity = -(cell->interceptor_speed * handover->heading_y);
    z->velocity = -(cell->interceptor_speed * handover->heading_z);
    if (HAS(cell, ZEM_FEATURE_KALMAN)) { /* the estimate starts at the nominal geometry */
        y->error_position = -y->position;
        z->error_position = -z->position;
        y->error_velocity = -y->velocity;
        z->error_velocity = -z->velocity;
    }
    if (HAS(cell, ZEM_FEATURE_ACQUISITION))
        return; /* the seeker sees nothing before linear_look */
    channel_handover(cell, y, y->position * inverse_range, closing_rate, closing_speed);
    channel_handover(cell, z, z->position * inverse_range, closing_rate, closing_speed);
}

/* Lets the seeker look for the target along the nominal line of sight, if the schedule says so for the start of this
 * step. Homing then begins with the angle of the line of sight as at handover. */
ZEM_FUNCTION void linear_look(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *step,
                              struct engagement *e)
{
    if (((u32)step->event & ZEM_EVENT_LOOK) == 0u)
        return;
    struct channel *y = &e->homing.y, *z = &e->homing.z;
    const real closing_speed = splat(cell->closing_speed), inverse_range = splat(step->inverse_range[0]),
               closing_rate = splat(step->inverse_time_to_go[0]);
    engagement_look(cell, mask_not(no_lane()), splat(step->range[0]),
                    fmadd(y->position, y->position, z->position * z->position), e);
    channel_handover(cell, y, y->position * inverse_range, closing_rate, closing_speed);
    channel_handover(cell, z, z->position * inverse_range, closing_rate, closing_speed);
}

/* Returns the acceleration of the target over a step of the schedule. `input` has the times of the step. */
ZEM_FUNCTION struct maneuver linear_maneuver(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *step,
                                             struct engagement *e, const struct loop_input *input)
{
    if (HAS(cell, ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL) && !HAS(cell, ZEM_FEATURE_VARIED_PERIOD))
        return target_turned(step, &e->target);
    return target_maneuver(cell, &e->address, &e->target, input->time, input->step, splat(0.0f));
}

/* Turns the maneuver by the roll of the trial into channels y and z. In linear kinematics the maneuver is the only
 * disturbance. Guidance uses it as the target's acceleration. For the weave law, weave_known first converts it into a
 * constant acceleration. */
ZEM_FUNCTION void linear_disturbance(UNIFORM struct cell_parameters *cell, const struct target *target,
                                     const struct maneuver *m, struct loop_input *input)
{
    ZEM_UNROLL
    for (int node = 0; node < 3; node++) {
        real y = target->roll_cosine * m->in_plane[node], z = target->roll_sine * m->in_plane[node];
        if (HAS(cell, ZEM_FEATURE_SPIRAL)) {
            y = fmadd(-target->roll_sine, m->across[node], y);
            z = fmadd(target->roll_cosine, m->across[node], z);
        }
        input->disturbance_y[node] = input->target_y[node] = y;
        input->disturbance_z[node] = input->target_z[node] = z;
        if (HAS(cell, ZEM_FEATURE_WEAVE_LAW)) {
            const struct jerk jerk = target_jerk(cell, target, m, node);
            const struct weave_weights weights = weave_weights_of(cell, input->sight[node].closing_rate);
            input->target_y[node] =
                weave_known(&weights, y, fmadd(-target->roll_sine, jerk.across, target->roll_cosine * jerk.in_plane));
            input->target_z[node] =
                weave_known(&weights, z, fmadd(target->roll_cosine, jerk.across, target->roll_sine * jerk.in_plane));
        }
    }
}

/* Carries out what a sampled seeker does at the start of this step by the schedule: it measures, or its estimate
 * reaches guidance, or both. */
ZEM_FUNCTION void linear_sample(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *step,
                                struct engagement *e)
{
    const u32 event = (u32)step->event;
    const real inverse_range = splat(step->inverse_range[0]);
    if ((event & (ZEM_EVENT_SAMPLE | ZEM_EVENT_RELEASE)) == 0u)
        return;
    struct kalman_gain gain;
    gain.position = splat(step->gain[0]);
    gain.velocity = splat(step->gain[1]);
    gain.acceleration = splat(step->gain[2]);
    struct seeker_events due;
    due.sample = (event & ZEM_EVENT_SAMPLE) != 0u ? mask_not(no_lane()) : no_lane();
    due.release = (event & ZEM_EVENT_RELEASE) != 0u ? mask_not(no_lane()) : no_lane();
    engagement_sample(cell, &due, splat(step->range[0]), inverse_range, e->homing.y.position * inverse_range,
                      e->homing.z.position * inverse_range, &gain, e);
}

/* Fills the inputs of the homing loop for one step: draws the noise, makes the measurement, advances the maneuver. */
ZEM_FUNCTION void linear_loop_input(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *step,
                                    struct engagement *e, struct loop_input *input)
{
    linear_sight(cell, step, input);
    const struct maneuver maneuver = linear_maneuver(cell, step, e, input);
    linear_disturbance(cell, &e->target, &maneuver, input);
    input->limit = splat(cell->acceleration_limit);
    engagement_budget(cell, e, input);
    loop_input_unmeasured(input);
    input->guided = e->acquired;
    if (HAS(cell, ZEM_FEATURE_NOISE) && !HAS(cell, ZEM_FEATURE_SAMPLED)) {
        const real sigma[3] = {splat(step->noise_sigma[0]), splat(step->noise_sigma[1]), splat(step->noise_sigma[2])};
        noise_source_place(&e->noise, cell, splat(step->range[1]), splat(step->inverse_range[1]));
        engagement_noise(e, sigma, input);
    }
    if (HAS(cell, ZEM_FEATURE_KALMAN) && !HAS(cell, ZEM_FEATURE_SAMPLED)) {
        const real range[3] = {splat(step->range[0]), splat(step->range[1]), splat(step->range[2])};
        struct kalman_gain gain;
        gain.position = splat(step->gain[0]);
        gain.velocity = splat(step->gain[1]);
        gain.acceleration = splat(step->gain[2]);
        measurement_make(&e->homing, &gain, input->step, range, input->noise_y, input->noise_z, input->disturbance_y[1],
                         input->disturbance_z[1], &input->measurement);
    }
    if (HAS(cell, ZEM_FEATURE_NOISE))
        loop_input_roughness(cell, splat(step->noise_sigma[1]), splat(step->range[1]), input);
}

/* Flies the homing loop over a step by transition matrices (transition.h). Returns the report of the step. */
ZEM_FUNCTION struct homing_report engagement_transition(UNIFORM struct cell_parameters *cell,
                                                        UNIFORM struct schedule_step *step, struct engagement *e)
{
    struct loop_input times; /* only the times are used, by the maneuver */
    struct homing_report report;
    struct chain_input input;
    linear_sight(cell, step, &times);
    input.noise_mean = input.noise_slope = pair_of(splat(0.0f), splat(0.0f));
    if (HAS(cell, ZEM_FEATURE_NOISE)) {
        noise_source_place(&e->noise, cell, splat(step->range[1]), splat(step->inverse_range[1]));
        const struct noise now = noise_next(&e->noise, &e->address, e->step_index);
        input.noise_mean = pair_of(now.mean_y, now.mean_z);
        input.noise_slope = pair_of(noise_slope(now.signs << 31), noise_slope(now.signs << 30));
    }
    input.maneuver = linear_maneuver(cell, step, e, &times);
    input.roll = pair_of(e->target.roll_cosine, e->target.roll_sine);
    transition_step(cell, &step->transition, &e->homing, &input, &e->rate_command, &report.saturated);
    report.achieved.y = e->homing.y.stage[ZEM_STAGES_LIMIT - 1];
    report.achieved.z = e->homing.z.stage[ZEM_STAGES_LIMIT - 1];
    const real size = command_size(report.achieved);
    report.divert = 0.5f * step->step * (e->size + size);
    e->size = size;
    return report;
}

/* Flies the homing loop over a step by a Runge-Kutta step. A step in which the maneuver jumps or begins to grow is cut
 * into parts, with a Runge-Kutta step for each part. */
ZEM_FUNCTION void engagement_runge_kutta(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *step,
                                         struct engagement *e)
{
    struct loop_input input;
    struct target target = e->target;
    const struct jump_input jump = {target.roll_cosine, target.roll_sine, splat(0.0f)};
    linear_loop_input(cell, step, e, &input);
    if (HAS(cell, ZEM_FEATURES_OF_CUTS)) {
        ZEM_UNROLL
        for (int node = 0; node < 3; node++)
            input.disturbance_y[node] = input.disturbance_z[node] = splat(0.0f);
    }
    engagement_parts(cell, e, &target, &input, &jump);
}

/* Flies one step of the linear kinematics and accounts for it. `step` is number e->step_index of the schedule. */
ZEM_FUNCTION void engagement_advance_linear(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *step,
                                            struct engagement *e)
{
    if (HAS(cell, ZEM_FEATURE_TRANSITION)) {
        const struct homing_report report = engagement_transition(cell, step, e);
        engagement_account(cell, e, &report, splat(step->step));
    } else
        engagement_runge_kutta(cell, step, e);
    e->time = splat(step->time[2]);
    e->step_index++;
}

/* Flies the blind time, in which the last command is held, and returns the result of the trial with its miss distance.
 * The held command excludes the noise of the last step, because white noise in a command at one instant grows without
 * bound as steps shrink. Earlier noise acts through the states. */
ZEM_APART struct flight engagement_finish_linear(UNIFORM struct cell_parameters *cell, struct engagement *e)
{
    struct loop_input input;
    struct homing_report report;
    const float remaining = cell->blind_time;
    const real end = splat(cell->flight_time);
    const real step = remaining * reciprocal(small_to_real(splat_bits(cell->blind_steps)));
    struct homing unused = e->homing;
    input.sight[0].closing_speed = splat(cell->closing_speed);
    input.sight[0].closing_rate = reciprocal(splat(remaining));
    input.sight[0].inverse_range = reciprocal(splat(cell->closing_speed) * remaining);
    input.sight[1] = input.sight[2] = input.sight[0];
    input.law[0] = guidance_law(cell, input.sight[0].closing_rate, input.sight[0].closing_speed);
    input.time[0] = input.time[1] = input.time[2] = end - remaining;
    input.step = splat(0.0f);
    struct maneuver maneuver = target_maneuver(cell, &e->address, &e->target, input.time, input.step, splat(0.0f));
    linear_disturbance(cell, &e->target, &maneuver, &input);
    input.step = step;
    input.limit = splat(cell->acceleration_limit);
    engagement_budget(cell, e, &input);
    loop_input_unmeasured(&input);
    input.guided = e->acquired;
    const struct command held = guidance_demand(cell, &e->homing, &input, 0, &unused);
    for (u32 k = 0; k < cell->blind_steps; k++) {
        const real left = step * small_to_real(splat_bits(cell->blind_steps - k));
        input.time[0] = end - left;
        input.time[1] = end - (left - 0.5f * step);
        input.time[2] = end - (left - step);
        maneuver = target_maneuver(cell, &e->address, &e->target, input.time, input.step, splat(0.0f));
        linear_disturbance(cell, &e->target, &maneuver, &input);
        engagement_budget(cell, e, &input);
        homing_step_blind(cell, &e->homing, &input, &held, &report);
        engagement_account(cell, e, &report, step);
    }
    struct flight flight;
    flight.miss =
        square_root(fmadd(e->homing.y.position, e->homing.y.position, e->homing.z.position * e->homing.z.position));
    flight.flight_time = end;
    return flight;
}

#endif
