/* One trial, from the handover to the closest approach: engagement_fly. Its parts (begin, classify, advance, finish) stand alone
 * so that a single trial can be followed step by step. */
#ifndef ZEM_ENGAGEMENT_H
#define ZEM_ENGAGEMENT_H

struct engagement {
    struct address address;
    struct target target;
    struct homing homing;
    struct bodies bodies;         /* point-mass only */
    struct noise_block noise;     /* of this step and its neighbours */
    struct covariance covariance; /* kalman, point-mass */
    struct guided guided;         /* transition matrices: the command at the start of the step */
    struct command achieved;      /* at the start of the last step, m/s2 */
    mask flying;
    real time;                    /* since start of homing, s */
    real divert, last_step;       /* m/s; duration of the step before, s */
    real saturated_time;          /* s */
    bits outcome;                 /* enum zem_outcome */
    u32 step_index;
};

/* Errors at start of homing, rad and m. */
struct handover {
    real heading_y, heading_z, displacement_y, displacement_z;
};

/* How a trial went. */
struct flight {
    real miss;                    /* m, if it passed */
    real flight_time, divert, saturated_time;
    bits outcome;
};

/* The line of sight jumps by `angle` from the nominal one when homing starts (a displacement). The tracker, which points along the
 * nominal line, sees the jump; without a tracker this is the limit of a fast one: an impulse in the line-of-sight rate, which
 * the next lag integrates. A limited command passes no impulse, and an estimator knows better than to differentiate. */
ZEM_FUNCTION void channel_handover(UNIFORM struct cell_parameters *cell, struct channel *c, real angle, real closing_speed)
{
    if (HAS(cell, ZEM_FEATURE_TRACKER | ZEM_FEATURE_PERFECT | ZEM_FEATURE_KALMAN) || !HAS(cell, ZEM_FEATURE_GUIDANCE))
        return;
    if (HAS(cell, ZEM_FEATURE_FILTER)) {
        c->filter = angle * cell->inverse_filter_lag;
        return;
    }
    if (HAS(cell, ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT | ZEM_FEATURE_DIVERT_LIMIT))
        return;
    const real impulse = cell->navigation_gain * closing_speed * angle; /* m/s */
    if (HAS(cell, ZEM_FEATURE_AUTOPILOT)) {
        ZEM_UNROLL
        for (u32 k = 0; k < ZEM_STAGES_LIMIT; k++)
            if (k == ZEM_STAGES_LIMIT - STAGES(cell))
                c->stage[k] = impulse * cell->inverse_stage_lag;
    } else
        c->velocity = c->velocity - impulse;
}

ZEM_FUNCTION struct channel channel_zero(void)
{
    struct channel c;
    c.position = c.velocity = c.tracker = c.filter = splat(0.0f);
    c.error_position = c.error_velocity = c.estimate_acceleration = splat(0.0f);
    ZEM_UNROLL
    for (int k = 0; k < ZEM_STAGES_LIMIT; k++)
        c.stage[k] = splat(0.0f);
    return c;
}

/* Rotates a velocity by `angle` (rad) towards the direction `towards`. */
ZEM_FUNCTION struct vector velocity_turned(struct vector velocity, struct vector towards, real angle)
{
    const real square = vector_dot(velocity, velocity);
    const struct vector unit = vector_scale(inverse_square_root(square), velocity);
    const struct vector normal = vector_unit_normal(towards, unit);
    real sine, cosine;
    sine_cosine_turns(angle * 0.159154937f, &sine, &cosine);
    /* v + |v| (sin a n - (1 - cos a) v/|v|), 1 - cos a = sin^2 a / (1 + cos a) where it would cancel */
    const real versine = choose(less(splat(0.0f), cosine), sine * sine * reciprocal(1.0f + greater(cosine, splat(0.0f))), 1.0f - cosine);
    const struct vector change = vector_add_scaled(sine * square_root(square), normal, vector_scale(-versine, velocity));
    return change;
}

/* Puts a trial of the point-mass kinematics at the start of homing. */
ZEM_FUNCTION void bodies_begin(UNIFORM struct cell_parameters *cell, const struct handover *handover, struct engagement *e)
{
    struct bodies *b = &e->bodies;
    const real displacement_y = handover->displacement_y, displacement_z = handover->displacement_z;
    e->covariance = covariance_begin(cell);
    b->position.high = vector_load(cell->position_high);
    b->position.low = vector_load(cell->position_low);
    b->target_velocity.high = vector_load(cell->target_velocity_high);
    b->target_velocity.low = vector_load(cell->target_velocity_low);
    b->interceptor_velocity.high = vector_load(cell->interceptor_velocity_high);
    b->interceptor_velocity.low = vector_load(cell->interceptor_velocity_low);
    b->target_altitude = splat(cell->target_altitude);
    b->target_altitude_low = splat(0.0f);
    b->channel_y = vector_load(cell->channel_y);
    struct frame frame;
    frame_set(b, &frame);
    const struct vector nominal = b->interceptor_velocity.high;
    const struct vector turn_y = velocity_turned(nominal, frame.y, handover->heading_y);
    precise_add(&b->interceptor_velocity, turn_y);
    const struct vector turn_z = velocity_turned(b->interceptor_velocity.high, frame.z, handover->heading_z);
    precise_add(&b->interceptor_velocity, turn_z);
    const struct vector turn = vector_sum(turn_y, turn_z);
    precise_add(&b->position, vector_add_scaled(displacement_y, frame.y, vector_scale(displacement_z, frame.z)));
    real unused;
    const real interceptor_altitude = b->target_altitude - b->position.high.z;
    b->target_force = body_force(b->target_velocity.high, b->target_altitude, cell->target_drag, HAS(cell, ZEM_FEATURE_TARGET_DRAG), 0, &unused);
    b->interceptor_force = body_force(b->interceptor_velocity.high, interceptor_altitude, cell->interceptor_drag, HAS(cell, ZEM_FEATURE_INTERCEPTOR_DRAG), 0, &unused);

    const struct vector velocity = relative_velocity(b);
    const real inverse_range = reciprocal(frame.range);
    const struct vector sight = vector_unit(b->position.high);
    const real closing_speed = -vector_dot(velocity, sight);
    const real angle_y = displacement_y * inverse_range, angle_z = displacement_z * inverse_range;
    e->homing.y.error_position = -displacement_y; /* the estimate starts at the nominal geometry */
    e->homing.z.error_position = -displacement_z;
    e->homing.y.error_velocity = vector_dot(turn, frame.y);
    e->homing.z.error_velocity = vector_dot(turn, frame.z);
    e->homing.y.tracker = -angle_y; /* the frame is set on the line of sight, the tracker is left on the nominal one */
    e->homing.z.tracker = -angle_z;
    channel_handover(cell, &e->homing.y, angle_y, closing_speed);
    channel_handover(cell, &e->homing.z, angle_z, closing_speed);
    precise_add(&b->interceptor_velocity, vector_add_scaled(-e->homing.y.velocity, frame.y, vector_scale(-e->homing.z.velocity, frame.z)));
    const mask closing = less(splat(0.0f), closing_speed);
    e->outcome = choose_bits(closing, splat_bits(ZEM_OUTCOME_PASSED), splat_bits(ZEM_OUTCOME_NOT_CLOSING));
    e->flying = closing;
}

/* Puts a trial of the linear kinematics at the start of homing: y(0) = displacement, y'(0) = -VM HE. */
ZEM_FUNCTION void linear_begin(UNIFORM struct cell_parameters *cell, const struct handover *handover, struct engagement *e)
{
    const real closing_speed = splat(cell->closing_speed);
    const real inverse_range = reciprocal(closing_speed * cell->flight_time);
    struct channel *y = &e->homing.y, *z = &e->homing.z;
    y->position = handover->displacement_y;
    z->position = handover->displacement_z;
    y->velocity = -(cell->interceptor_speed * handover->heading_y);
    z->velocity = -(cell->interceptor_speed * handover->heading_z);
    y->error_position = -y->position; /* the estimate starts at the nominal geometry */
    z->error_position = -z->position;
    y->error_velocity = -y->velocity;
    z->error_velocity = -z->velocity;
    channel_handover(cell, y, y->position * inverse_range, closing_speed);
    channel_handover(cell, z, z->position * inverse_range, closing_speed);
}

/* Draws the trial at `address`: the target's realisation and the handover errors. The kinematics' own begin function follows. */
ZEM_FUNCTION struct handover engagement_begin(UNIFORM struct cell_parameters *cell, struct address address, struct engagement *e)
{
    struct handover handover;
    const u32 shot = address.shot;
    e->address = address;
    address.shot = 0u;
    e->target = target_sample(cell, &address, cell->spacing * (float)shot);
    address.shot = shot;
    handover.heading_y = sample_quantity(cell, &address, ZEM_STREAM_HANDOVER, ZEM_VARIED_HEADING_Y);
    handover.heading_z = sample_quantity(cell, &address, ZEM_STREAM_HANDOVER, ZEM_VARIED_HEADING_Z);
    handover.displacement_y = sample_quantity(cell, &address, ZEM_STREAM_HANDOVER, ZEM_VARIED_DISPLACEMENT_Y);
    handover.displacement_z = sample_quantity(cell, &address, ZEM_STREAM_HANDOVER, ZEM_VARIED_DISPLACEMENT_Z);
    e->homing.y = e->homing.z = channel_zero();
    e->achieved.y = e->achieved.z = splat(0.0f);
    e->noise = noise_block_empty();
    e->guided = guided_none();
    e->time = e->divert = e->last_step = e->saturated_time = splat(0.0f);
    e->outcome = splat_bits(ZEM_OUTCOME_PASSED);
    e->flying = less(splat(0.0f), splat(1.0f));
    e->step_index = 0u;
    return handover;
}

/* Adds what the step's start tells to the integrals over the flight: divert by the trapezoidal rule, time at the limit. */
ZEM_FUNCTION void engagement_account(UNIFORM struct cell_parameters *cell, struct engagement *e, const struct homing_report *report, real step)
{
    if (!HAS(cell, ZEM_FEATURE_GUIDANCE))
        return;
    const real size = command_size(report->achieved);
    e->divert = fmadd(0.5f * (e->last_step + step), size, e->divert);
    e->saturated_time = e->saturated_time + choose(report->saturated, step, splat(0.0f));
    e->achieved = report->achieved;
    e->last_step = step;
}

/* The target's manoeuvre over a step of the schedule, whose times are those of the arc. */
ZEM_FUNCTION struct maneuver linear_maneuver(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *step, struct engagement *e, const struct arc *arc)
{
    if (HAS(cell, ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL) && !HAS(cell, ZEM_FEATURE_VARIED_PERIOD))
        return target_turned(step->turn, &e->target);
    return target_maneuver(cell, &e->address, &e->target, arc->time, arc->step, splat(0.0f));
}

/* Disturbances of a linear step: the target's acceleration in its roll direction. */
ZEM_FUNCTION void linear_disturbance(UNIFORM struct cell_parameters *cell, const struct target *target, const struct maneuver *m, struct arc *arc)
{
    ZEM_UNROLL
    for (int node = 0; node < 3; node++) {
        real y = target->roll_cosine * m->in_plane[node], z = target->roll_sine * m->in_plane[node];
        if (HAS(cell, ZEM_FEATURE_SPIRAL)) {
            y = fmadd(-target->roll_sine, m->across[node], y);
            z = fmadd(target->roll_cosine, m->across[node], z);
        }
        arc->disturbance_y[node] = arc->target_y[node] = y;
        arc->disturbance_z[node] = arc->target_z[node] = z;
    }
}

/* Holds the command of a step to what is left of the divert budget. Without an autopilot the command is what is spent: no more than would spend
 * the rest in the step. With one the command has its effect later: it stays what it is until the achieved acceleration has spent the
 * rest, and is nothing from then on; a step in which that happens gets the mean. What was spent is known to the start of the step before, and
 * followed from there by the trapezoidal rule. */
ZEM_FUNCTION void engagement_budget(UNIFORM struct cell_parameters *cell, const struct engagement *e, struct arc *arc)
{
    arc->budget_share = splat(1.0f);
    if (!HAS(cell, ZEM_FEATURE_DIVERT_LIMIT))
        return;
    struct command now;
    now.y = channel_achieved(cell, &e->homing.y, e->achieved.y);
    now.z = channel_achieved(cell, &e->homing.z, e->achieved.z);
    const real size = command_size(now), shortest = splat(1.0e-9f);
    const real spent = fmadd(0.5f * e->last_step, size, e->divert);
    const real left = greater(cell->divert_limit - spent, splat(0.0f)) * reciprocal(greater(arc->step, shortest));
    if (!HAS(cell, ZEM_FEATURE_AUTOPILOT)) {
        arc->limit = HAS(cell, ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT) ? lesser(arc->limit, left) : left;
        return;
    }
    const real slope = (size - command_size(e->achieved)) * reciprocal(greater(e->last_step, shortest));
    const real mean = choose(less(splat(0.0f), e->last_step), fmadd(0.5f * arc->step, slope, size), size);
    arc->budget_share = lesser(left * reciprocal(greater(mean, shortest)), splat(1.0f));
}

/* Residuals of a channel at start, middle and end of a step: measured position, with the noise (rad) at these ranges, minus the estimate in the
 * middle of the step. */
ZEM_FUNCTION void channel_residual(const struct channel *c, const real range[3], const real noise[3], real disturbance, real half_step, real residual[3])
{
    const real drift = fmadd(0.5f * half_step, c->estimate_acceleration - disturbance, c->error_velocity);
    const real error = fmadd(half_step, drift, c->error_position);
    ZEM_UNROLL
    for (int node = 0; node < 3; node++)
        residual[node] = fmadd(range[node], noise[node], -error);
}

/* The measurement of a step. A constant rate of the acceleration moves the position by h^2/6 of it over the step, a jump in the middle, for which
 * the gains are made, by h^2/8: h^2/24 is taken back. */
ZEM_FUNCTION void engagement_measure(const struct engagement *e, const struct kalman_gain *gain, const real range[3], struct arc *arc)
{
    const real inverse_step = reciprocal(greater(arc->step, splat(1.0e-9f))), half_step = 0.5f * arc->step;
    struct measurement *m = &arc->measurement;
    m->gain.acceleration = gain->acceleration * inverse_step;
    m->gain.velocity = gain->velocity * inverse_step;
    m->gain.position = fmadd(-0.166666672f * half_step * half_step, m->gain.acceleration, gain->position * inverse_step);
    channel_residual(&e->homing.y, range, arc->noise_y, arc->disturbance_y[1], half_step, m->residual_y);
    channel_residual(&e->homing.z, range, arc->noise_z, arc->disturbance_z[1], half_step, m->residual_z);
    const real slope_share = 0.166666672f * half_step * m->gain.velocity; /* h/12 times the residual's change over the step */
    m->shift_y = slope_share * (m->residual_y[2] - m->residual_y[0]);
    m->shift_z = slope_share * (m->residual_z[2] - m->residual_z[0]);
}

/* Draws the noise of a step whose standard deviations are `sigma`. */
ZEM_FUNCTION void engagement_noise(struct engagement *e, const real sigma[3], struct arc *arc)
{
    const struct noise now = noise_take(&e->noise, &e->address, e->step_index);
    noise_nodes(now.mean_y, now.signs << 31, sigma, arc->noise_y);
    noise_nodes(now.mean_z, now.signs << 30, sigma, arc->noise_z);
}

/* An arc without a measurement. */
ZEM_FUNCTION void arc_unmeasured(struct arc *arc)
{
    ZEM_UNROLL
    for (int node = 0; node < 3; node++) {
        arc->noise_y[node] = arc->noise_z[node] = splat(0.0f);
        arc->measurement.residual_y[node] = arc->measurement.residual_z[node] = splat(0.0f);
    }
    arc->measurement.shift_y = arc->measurement.shift_z = splat(0.0f);
    arc->measurement.gain.position = arc->measurement.gain.velocity = arc->measurement.gain.acceleration = splat(0.0f);
}

/* What the homing loop is given in one step of the linear kinematics; draws the noise, makes the measurement, moves a telegraph on. */
ZEM_FUNCTION void engagement_arc_linear(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *step, struct engagement *e, struct arc *arc)
{
    linear_arc(cell, step, arc);
    const struct maneuver maneuver = linear_maneuver(cell, step, e, arc);
    linear_disturbance(cell, &e->target, &maneuver, arc);
    arc->limit = splat(cell->acceleration_limit);
    engagement_budget(cell, e, arc);
    arc_unmeasured(arc);
    if (HAS(cell, ZEM_FEATURE_NOISE)) {
        const real sigma[3] = {splat(step->noise_sigma[0]), splat(step->noise_sigma[1]), splat(step->noise_sigma[2])};
        engagement_noise(e, sigma, arc);
    }
    if (HAS(cell, ZEM_FEATURE_KALMAN)) {
        const real range[3] = {splat(step->range[0]), splat(step->range[1]), splat(step->range[2])};
        struct kalman_gain gain;
        gain.position = splat(step->gain[0]);
        gain.velocity = splat(step->gain[1]);
        gain.acceleration = splat(step->gain[2]);
        engagement_measure(e, &gain, range, arc);
    }
}

/* The homing loop over a step by its transition matrices. */
ZEM_FUNCTION struct homing_report engagement_transition(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *step, struct engagement *e)
{
    struct arc arc;
    struct homing_report report;
    linear_arc(cell, step, &arc);
    struct chain_input input;
    input.noise_mean = input.noise_slope = pair_of(splat(0.0f), splat(0.0f));
    if (HAS(cell, ZEM_FEATURE_NOISE)) {
        const struct noise now = noise_take(&e->noise, &e->address, e->step_index);
        input.noise_mean = pair_of(now.mean_y, now.mean_z);
        input.noise_slope = pair_of(noise_slope(now.signs << 31), noise_slope(now.signs << 30));
    }
    input.maneuver = linear_maneuver(cell, step, e, &arc);
    input.roll = pair_of(e->target.roll_cosine, e->target.roll_sine);
    report.achieved.y = e->homing.y.stage[ZEM_STAGES_LIMIT - 1];
    report.achieved.z = e->homing.z.stage[ZEM_STAGES_LIMIT - 1];
    report.saturated = e->guided.over;
    transition_step(cell, &step->transition, &e->homing, &input, &e->guided);
    return report;
}

/* The same by a Runge-Kutta step. */
ZEM_FUNCTION struct homing_report engagement_runge_kutta(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *step, struct engagement *e)
{
    struct arc arc;
    struct homing_report report;
    engagement_arc_linear(cell, step, e, &arc);
    homing_step(cell, &e->homing, &arc, 1, 0, &report);
    return report;
}

/* One step of the linear kinematics, number e->step_index of the cell's schedule. */
ZEM_FUNCTION void engagement_advance_linear(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *step, struct engagement *e)
{
    const struct homing_report report = HAS(cell, ZEM_FEATURE_TRANSITION) ? engagement_transition(cell, step, e) : engagement_runge_kutta(cell, step, e);
    engagement_account(cell, e, &report, splat(step->step));
    e->time = splat(step->time[2]);
    e->step_index++;
}

/* Finds out which lanes still fly in point-mass kinematics and how long their next step is; those that do not fly any more
 * get their outcome. Returns the lanes that ended with this call. */
ZEM_FUNCTION mask engagement_classify(UNIFORM struct cell_parameters *cell, struct engagement *e, real *step)
{
    const struct bodies *b = &e->bodies;
    const real time_to_go = time_to_closest_approach(b->position.high, relative_velocity(b));
    const mask seeing = less(splat(1.001f * cell->blind_time), time_to_go);
    const mask above = less(splat(0.0f), lesser(b->target_altitude, b->target_altitude - b->position.high.z));
    const mask in_time = e->step_index < cell->step_limit ? less(e->time, splat(2.0f * cell->flight_time)) : no_lane();
    const mask before = e->flying;
    const bits on_time = choose_bits(both(seeing, mask_not(in_time)), splat_bits(ZEM_OUTCOME_TIME_LIMIT), e->outcome);
    e->outcome = choose_bits(before, choose_bits(above, on_time, splat_bits(ZEM_OUTCOME_GROUND)), e->outcome);
    e->flying = both(both(before, seeing), both(above, in_time));
    *step = lesser(lesser(splat(cell->step), time_to_go * cell->inverse_step_ratio), time_to_go - cell->blind_time);
    *step = choose(e->flying, *step, splat(0.0f));
    return both(before, mask_not(e->flying));
}

/* What the homing loop is given in one step of the point-mass kinematics, and the frame of the step; draws the noise, makes the
 * measurement, moves the manoeuvre on. */
ZEM_FUNCTION void engagement_arc_point_mass(UNIFORM struct cell_parameters *cell, struct engagement *e, real step, struct frame *frame, struct arc *arc)
{
    struct bodies *b = &e->bodies;
    frame_set(b, frame);
    point_mass_arc(cell, &e->address, b, &e->target, e->time, step, e->achieved, frame, arc);
    engagement_budget(cell, e, arc);
    arc_unmeasured(arc);
    real sigma[3] = {splat(0.0f), splat(0.0f), splat(0.0f)}, range[3];
    range[0] = frame->range;
    range[2] = greater(frame->range + frame->along, splat(1.0e-3f));
    range[1] = 0.5f * (range[0] + range[2]);
    if (HAS(cell, ZEM_FEATURE_NOISE)) {
        const real inverse_step = reciprocal(greater(step, splat(1.0e-9f)));
        ZEM_UNROLL
        for (int node = 0; node < 3; node++)
            sigma[node] = square_root(noise_density(cell, range[node], arc->sight[node].inverse_range) * inverse_step);
        engagement_noise(e, sigma, arc);
    }
    e->homing.y.position = e->homing.z.position = splat(0.0f);
    e->homing.y.velocity = frame->velocity_y;
    e->homing.z.velocity = frame->velocity_z;
    if (HAS(cell, ZEM_FEATURE_KALMAN)) {
        const real deviation = range[1] * sigma[1];
        covariance_propagate(cell, &e->covariance, 0.5f * step);
        const struct kalman_gain gain = covariance_update(&e->covariance, deviation * deviation);
        covariance_propagate(cell, &e->covariance, 0.5f * step);
        engagement_measure(e, &gain, range, arc);
    }
}

/* One step of the point-mass kinematics. */
ZEM_FUNCTION void engagement_advance_point_mass(UNIFORM struct cell_parameters *cell, struct engagement *e, real step)
{
    struct bodies *b = &e->bodies;
    struct frame frame;
    struct arc arc;
    struct homing_report report;
    engagement_arc_point_mass(cell, e, step, &frame, &arc);
    homing_step(cell, &e->homing, &arc, 1, 0, &report);
    point_mass_apply(b, &frame, &e->homing);
    e->homing.y.tracker = e->homing.y.tracker - sight_angle(&arc.sight[2], e->homing.y.position);
    e->homing.z.tracker = e->homing.z.tracker - sight_angle(&arc.sight[2], e->homing.z.position);
    engagement_account(cell, e, &report, step);
    e->time = e->time + step;
    e->step_index++;
}

/* The command that is held while the seeker is blind, as far as the divert budget goes. */
ZEM_FUNCTION struct command engagement_held(UNIFORM struct cell_parameters *cell, const struct engagement *e, struct arc *arc, struct command held,
                                            mask *saturated)
{
    if (!HAS(cell, ZEM_FEATURE_GUIDANCE) || !HAS(cell, ZEM_FEATURE_DIVERT_LIMIT))
        return held;
    engagement_budget(cell, e, arc);
    return command_allowed(cell, held, arc, saturated);
}

/* Leaves the acceleration achieved at the end, with which engagement_close ends the integral of it. */
ZEM_FUNCTION void engagement_last(UNIFORM struct cell_parameters *cell, struct engagement *e, struct command flown)
{
    e->achieved.y = channel_achieved(cell, &e->homing.y, flown.y);
    e->achieved.z = channel_achieved(cell, &e->homing.z, flown.z);
}

/* The rest of the flight with the last command held, then the closest approach. The command is held without the noise of the last step: what
 * white noise adds to a command in one instant has no limit as steps shrink, and what it did before is in the states. */
ZEM_FUNCTION struct flight engagement_finish_linear(UNIFORM struct cell_parameters *cell, struct engagement *e)
{
    struct arc arc;
    struct homing_report report;
    const float remaining = cell->blind_time;
    const real end = splat(cell->flight_time);
    const real step = remaining * reciprocal(small_to_real(splat_bits(cell->blind_steps)));
    struct homing unused = e->homing;
    mask saturated;
    arc.sight[0].closing_speed = splat(cell->closing_speed);
    arc.sight[0].closing_rate = reciprocal(splat(remaining));
    arc.sight[0].inverse_range = reciprocal(splat(cell->closing_speed) * remaining);
    arc.law[0] = guidance_law(cell, arc.sight[0].closing_rate, arc.sight[0].closing_speed);
    arc.time[0] = arc.time[1] = arc.time[2] = end - remaining;
    arc.step = splat(0.0f);
    struct maneuver maneuver = target_maneuver(cell, &e->address, &e->target, arc.time, arc.step, splat(0.0f));
    linear_disturbance(cell, &e->target, &maneuver, &arc);
    arc.step = step;
    arc.limit = splat(cell->acceleration_limit);
    engagement_budget(cell, e, &arc);
    arc_unmeasured(&arc);
    const struct command held = guidance_command(cell, &e->homing, &arc, 0, &unused, &saturated);
    struct command flown = held;
    for (u32 k = 0; k < cell->blind_steps; k++) {
        const real left = step * small_to_real(splat_bits(cell->blind_steps - k));
        arc.time[0] = end - left;
        arc.time[1] = end - (left - 0.5f * step);
        arc.time[2] = end - (left - step);
        maneuver = target_maneuver(cell, &e->address, &e->target, arc.time, arc.step, splat(0.0f));
        linear_disturbance(cell, &e->target, &maneuver, &arc);
        if (k > 0u)
            flown = engagement_held(cell, e, &arc, held, &saturated);
        homing_step(cell, &e->homing, &arc, 0, &flown, &report);
        report.saturated = saturated;
        engagement_account(cell, e, &report, step);
    }
    engagement_last(cell, e, flown);
    struct flight flight;
    flight.miss = square_root(fmadd(e->homing.y.position, e->homing.y.position, e->homing.z.position * e->homing.z.position));
    flight.flight_time = end;
    return flight;
}

ZEM_FUNCTION struct flight engagement_finish_point_mass(UNIFORM struct cell_parameters *cell, struct engagement *e)
{
    struct bodies *b = &e->bodies;
    const mask passed = equal_bits(e->outcome, splat_bits(ZEM_OUTCOME_PASSED));
    const real zero = splat(0.0f);
    real remaining = time_to_closest_approach(b->position.high, relative_velocity(b));
    remaining = choose(passed, lesser(greater(remaining, zero), splat(2.0f * cell->blind_time)), zero);
    const real step = remaining * reciprocal(small_to_real(splat_bits(cell->blind_steps)));
    struct command held, flown;
    struct homing unused = e->homing;
    struct homing_report report;
    mask saturated = no_lane();
    held.y = held.z = flown.y = flown.z = zero;
    for (u32 k = 0; k < cell->blind_steps; k++) {
        struct frame frame;
        struct arc arc;
        frame_set(b, &frame);
        point_mass_arc(cell, &e->address, b, &e->target, e->time, step, e->achieved, &frame, &arc);
        engagement_budget(cell, e, &arc);
        e->homing.y.position = e->homing.z.position = zero;
        e->homing.y.velocity = frame.velocity_y;
        e->homing.z.velocity = frame.velocity_z;
        arc_unmeasured(&arc);
        if (k == 0u)
            flown = held = guidance_command(cell, &e->homing, &arc, 0, &unused, &saturated);
        else
            flown = engagement_held(cell, e, &arc, held, &saturated);
        homing_step(cell, &e->homing, &arc, 0, &flown, &report);
        point_mass_apply(b, &frame, &e->homing);
        report.saturated = saturated;
        engagement_account(cell, e, &report, step);
        e->time = e->time + step;
    }
    engagement_last(cell, e, flown);
    const struct vector position = b->position.high, velocity = relative_velocity(b);
    const real after = time_to_closest_approach(position, velocity);
    const struct vector closest = vector_add_scaled(after, velocity, position);
    struct flight flight;
    flight.miss = square_root(vector_dot(closest, closest));
    flight.flight_time = e->time + after;
    return flight;
}

/* What is left after the closest approach: integrals closed, and the outcome. */
ZEM_FUNCTION void engagement_close(const struct engagement *e, struct flight *flight)
{
    const real size = command_size(e->achieved);
    flight->divert = fmadd(0.5f * e->last_step, size, e->divert);
    flight->saturated_time = e->saturated_time;
    /* a comparison with NaN is false: what is not below a billion metres is not finite */
    const mask finite = both(less(flight->miss + flight->divert, splat(1.0e9f)), less(flight->flight_time, splat(1.0e9f)));
    flight->outcome = choose_bits(finite, e->outcome, splat_bits(ZEM_OUTCOME_NOT_FINITE));
}

#if ZEM_LANES > 1
/* Lane by lane: what engagement_finish reads, from `a` where m holds, else from `b`. */
ZEM_FUNCTION struct vector choose_vector(mask m, struct vector a, struct vector b)
{
    return vector_of(choose(m, a.x, b.x), choose(m, a.y, b.y), choose(m, a.z, b.z));
}
ZEM_FUNCTION struct precise choose_precise(mask m, struct precise a, struct precise b)
{
    struct precise p;
    p.high = choose_vector(m, a.high, b.high);
    p.low = choose_vector(m, a.low, b.low);
    return p;
}
ZEM_FUNCTION struct channel choose_channel(mask m, struct channel a, struct channel b)
{
    struct channel c;
    c.position = choose(m, a.position, b.position);
    c.velocity = choose(m, a.velocity, b.velocity);
    c.tracker = choose(m, a.tracker, b.tracker);
    c.filter = choose(m, a.filter, b.filter);
    c.error_position = choose(m, a.error_position, b.error_position);
    c.error_velocity = choose(m, a.error_velocity, b.error_velocity);
    c.estimate_acceleration = choose(m, a.estimate_acceleration, b.estimate_acceleration);
    ZEM_UNROLL
    for (int k = 0; k < ZEM_STAGES_LIMIT; k++)
        c.stage[k] = choose(m, a.stage[k], b.stage[k]);
    return c;
}
ZEM_FUNCTION void engagement_keep(mask m, const struct engagement *from, struct engagement *to)
{
    const struct bodies *a = &from->bodies;
    struct bodies *b = &to->bodies;
    to->homing.y = choose_channel(m, from->homing.y, to->homing.y);
    to->homing.z = choose_channel(m, from->homing.z, to->homing.z);
    b->position = choose_precise(m, a->position, b->position);
    b->target_velocity = choose_precise(m, a->target_velocity, b->target_velocity);
    b->interceptor_velocity = choose_precise(m, a->interceptor_velocity, b->interceptor_velocity);
    b->target_altitude = choose(m, a->target_altitude, b->target_altitude);
    b->target_altitude_low = choose(m, a->target_altitude_low, b->target_altitude_low);
    b->channel_y = choose_vector(m, a->channel_y, b->channel_y);
    b->target_force = choose_vector(m, a->target_force, b->target_force);
    b->interceptor_force = choose_vector(m, a->interceptor_force, b->interceptor_force);
    to->target.last_in_plane = choose(m, from->target.last_in_plane, to->target.last_in_plane);
    to->target.last_across = choose(m, from->target.last_across, to->target.last_across);
    to->target.sign = choose(m, from->target.sign, to->target.sign);
    to->target.next_reversal = choose(m, from->target.next_reversal, to->target.next_reversal);
    to->target.reversals = choose_bits(m, from->target.reversals, to->target.reversals);
    to->achieved.y = choose(m, from->achieved.y, to->achieved.y);
    to->achieved.z = choose(m, from->achieved.z, to->achieved.z);
    to->time = choose(m, from->time, to->time);
    to->divert = choose(m, from->divert, to->divert);
    to->last_step = choose(m, from->last_step, to->last_step);
    to->saturated_time = choose(m, from->saturated_time, to->saturated_time);
    to->outcome = choose_bits(m, from->outcome, to->outcome);
}
#endif

/* Flies the point-mass kinematics until no lane flies. Lanes end at different times; a lane's state at its end is kept while
 * the others go on. */
ZEM_FUNCTION void engagement_fly_point_mass(UNIFORM struct cell_parameters *cell, struct engagement *e)
{
    real step;
#if ZEM_LANES > 1
    struct engagement kept = *e;
    while (any_lane(e->flying)) {
        const mask ended = engagement_classify(cell, e, &step);
        if (any_lane(ended))
            engagement_keep(ended, e, &kept);
        if (any_lane(e->flying))
            engagement_advance_point_mass(cell, e, step);
    }
    *e = kept;
#else
    while (e->flying) {
        engagement_classify(cell, e, &step);
        if (e->flying)
            engagement_advance_point_mass(cell, e, step);
    }
#endif
}

/* A whole trial. `schedule` points at the first step of the cell (linear kinematics). */
ZEM_FUNCTION struct flight engagement_fly(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *schedule, struct address address)
{
    struct engagement e;
    struct flight flight;
    const struct handover handover = engagement_begin(cell, address, &e);
    if (HAS(cell, ZEM_FEATURE_POINT_MASS)) {
        bodies_begin(cell, &handover, &e);
        engagement_fly_point_mass(cell, &e);
        flight = engagement_finish_point_mass(cell, &e);
    } else {
        linear_begin(cell, &handover, &e);
        for (u32 k = 0; k < cell->schedule_steps; k++)
            engagement_advance_linear(cell, &schedule[k], &e);
        flight = engagement_finish_linear(cell, &e);
    }
    engagement_close(&e, &flight);
    return flight;
}

#endif
