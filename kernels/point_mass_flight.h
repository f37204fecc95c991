/* A trial in point-mass kinematics: its start, the choice of each step, one step, and the blind time at its end.
 * flight.h calls the functions in this order. */
#ifndef ZEM_POINT_MASS_FLIGHT_H
#define ZEM_POINT_MASS_FLIGHT_H

/* Return `a` in the lanes (trials) of m, and `b` in the others. */
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

/* Returns the change of a velocity that is turned by `angle` (rad) towards the unit vector `towards`. */
ZEM_FUNCTION struct vector velocity_turned(struct vector velocity, struct vector towards, real angle)
{
    const real square = vector_dot(velocity, velocity);
    const struct vector unit = vector_scale(inverse_square_root(square), velocity);
    const struct vector normal = vector_unit_normal(towards, unit);
    real sine, cosine;
    sine_cosine_turns(angle * 0.159154937f, &sine, &cosine);
    /* With the angle a, the velocity v and the unit vector n (`normal`), the turned velocity is v + |v| sin a n - (1 -
     * cos a) v. For cos a > 0, 1 - cos a is computed as sin^2 a / (1 + cos a), which loses no precision by
     * cancellation. */
    const real versine =
        choose(less(splat(0.0f), cosine), sine * sine * reciprocal(1.0f + greater(cosine, splat(0.0f))), 1.0f - cosine);
    const struct vector change =
        vector_add_scaled(sine * square_root(square), normal, vector_scale(-versine, velocity));
    return change;
}

/* Places a trial at the start of homing: both bodies in the nominal state of the cell, with the displacement and the
 * heading error of `handover`. A trial in which the bodies do not approach each other ends here. */
ZEM_APART void bodies_begin(UNIFORM struct cell_parameters *cell, const struct handover *handover, struct engagement *e)
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
    real unused, rate;
    const real interceptor_altitude = b->target_altitude - b->position.high.z;
    b->target_force = body_force(b->target_velocity.high, b->target_altitude, cell->target_drag,
                                 HAS(cell, ZEM_FEATURE_TARGET_DRAG), 0, &unused, &rate);
    b->interceptor_force = body_force(b->interceptor_velocity.high, interceptor_altitude, cell->interceptor_drag,
                                      HAS(cell, ZEM_FEATURE_INTERCEPTOR_DRAG), 0, &unused, &rate);

    const struct vector velocity = relative_velocity(b);
    const real inverse_range = reciprocal(frame.range);
    const struct vector sight = vector_unit(b->position.high);
    const real closing_speed = -vector_dot(velocity, sight);
    const real angle_y = displacement_y * inverse_range, angle_z = displacement_z * inverse_range;
    if (HAS(cell, ZEM_FEATURE_KALMAN)) { /* the estimate starts at the nominal geometry */
        e->homing.y.error_position = -displacement_y;
        e->homing.z.error_position = -displacement_z;
        e->homing.y.error_velocity = vector_dot(turn, frame.y);
        e->homing.z.error_velocity = vector_dot(turn, frame.z);
    }
    e->homing.y.tracker = -angle_y; /* the tracker starts on the nominal line of sight, the frame on the true one */
    e->homing.z.tracker = -angle_z;
    if (!HAS(cell, ZEM_FEATURE_ACQUISITION)) { /* else the seeker sees nothing before bodies_look */
        channel_handover(cell, &e->homing.y, angle_y, closing_speed * inverse_range, closing_speed);
        channel_handover(cell, &e->homing.z, angle_z, closing_speed * inverse_range, closing_speed);
        precise_add(&b->interceptor_velocity,
                    vector_add_scaled(-e->homing.y.velocity, frame.y, vector_scale(-e->homing.z.velocity, frame.z)));
    }
    const mask closing = less(splat(0.0f), closing_speed);
    e->outcome = choose_bits(closing, splat_bits(ZEM_OUTCOME_PASSED), splat_bits(ZEM_OUTCOME_NOT_CLOSING));
    e->flying = closing;
}

/* Returns the distance between the bodies (m), and sets `*closing_speed` to the speed at which it shrinks (m/s), held
 * to at least 1 m/s. */
ZEM_FUNCTION real bodies_range(const struct bodies *b, real *closing_speed)
{
    const real square = vector_dot(b->position.high, b->position.high);
    const real inverse_range = inverse_square_root(greater(square, splat(1.0e-12f)));
    *closing_speed = greater(vector_dot(b->position.high, relative_velocity(b)) * -inverse_range, splat(1.0f));
    return square * inverse_range;
}

/* Returns `otherwise` with the states in which homing begins in the lanes (trials) of m. There the line of sight
 * differs by `angle` (rad) from the direction of the tracker. */
ZEM_FUNCTION struct channel channel_begin_homing(UNIFORM struct cell_parameters *cell, mask m, real angle,
                                                 real closing_rate, real closing_speed, const struct channel *otherwise)
{
    struct channel begun = *otherwise, c = *otherwise;
    begun.velocity = splat(0.0f);
    channel_handover(cell, &begun, angle, closing_rate, closing_speed);
    c.velocity = choose(m, begun.velocity, splat(0.0f));
    c.filter = choose(m, begun.filter, c.filter);
    if (HAS(cell, ZEM_FEATURE_QUADRATIC_FILTER))
        c.FILTER_DRIVE = choose(m, begun.FILTER_DRIVE, c.FILTER_DRIVE);
    ZEM_UNROLL
    for (int k = 0; k < ZEM_STAGES_LIMIT; k++)
        c.stage[k] = choose(m, begun.stage[k], c.stage[k]);
    return c;
}

/* Lets the seeker look for the target in the lanes (trials) in which it has come within the range of acquisition. The
 * seeker looks along the nominal line of sight at start of homing, which stays fixed in space, and so does the tracker
 * until then. Homing begins with the angle between this direction and the line of sight, as at handover. */
ZEM_PART void bodies_look(UNIFORM struct cell_parameters *cell, struct engagement *e)
{
    struct bodies *b = &e->bodies;
    real closing_speed;
    const real range = bodies_range(b, &closing_speed);
    const mask waits = both(mask_not(e->acquired), equal_bits(e->outcome, splat_bits(ZEM_OUTCOME_PASSED)));
    const mask due = both(both(e->flying, waits), less(range, splat(ZEM_LOOK_RANGE * cell->acquisition_range)));
    if (!any_lane(due))
        return;
    const struct vector nominal = vector_unit(vector_load(cell->position_high)),
                        aside = vector_cross(nominal, b->position.high);
    engagement_look(cell, due, vector_dot(nominal, b->position.high), vector_dot(aside, aside), e);
    const real closing_rate = closing_speed * reciprocal(range);
    struct frame frame;
    struct bodies framed = *b; /* frame_set turns the axes, which only the next step may do */
    frame_set(&framed, &frame);
    e->homing.y = channel_begin_homing(cell, due, -e->homing.y.tracker, closing_rate, closing_speed, &e->homing.y);
    e->homing.z = channel_begin_homing(cell, due, -e->homing.z.tracker, closing_rate, closing_speed, &e->homing.z);
    struct precise turned = b->interceptor_velocity;
    precise_add(&turned,
                vector_add_scaled(-e->homing.y.velocity, frame.y, vector_scale(-e->homing.z.velocity, frame.z)));
    b->interceptor_velocity = choose_precise(due, turned, b->interceptor_velocity);
}

/* Lets a sampled seeker measure, and gives guidance its estimate, in the lanes (trials) in which each is due. Angles
 * are counted from the line of sight at the start of the next step, so the angle of the line of sight is 0. */
ZEM_FUNCTION void bodies_sample(UNIFORM struct cell_parameters *cell, struct engagement *e)
{
    const struct seeker_events due = sample_clock_due(cell, &e->clock, e->time);
    if (!any_lane(either(due.sample, due.release)))
        return;
    const real square = vector_dot(e->bodies.position.high, e->bodies.position.high);
    const real inverse_range = inverse_square_root(greater(square, splat(1.0e-12f)));
    struct kalman_gain gain = measurement_none().gain;
    if (HAS(cell, ZEM_FEATURE_KALMAN)) {
        struct covariance updated = e->covariance;
        gain = covariance_update(&updated, sample_variance(cell, square * inverse_range, inverse_range));
        e->covariance = covariance_choose(engagement_measures(cell, &due, e), &updated, &e->covariance);
    }
    engagement_sample(cell, &due, square * inverse_range, inverse_range, splat(0.0f), splat(0.0f), &gain, e);
}

/* Decides which lanes (trials) fly another step and sets `*step` to its duration, s. Lanes whose flight ends here get
 * their outcome. Returns the lanes that ended with this call. */
ZEM_FUNCTION mask engagement_classify(UNIFORM struct cell_parameters *cell, struct engagement *e, real *step)
{
    const struct bodies *b = &e->bodies;
    const real time_to_go = time_to_closest_approach(b->position.high, relative_velocity(b));
    const mask seeing = less(splat(1.001f * cell->blind_time), time_to_go);
    const mask above = less(splat(0.0f), lesser(b->target_altitude, b->target_altitude - b->position.high.z));
    const mask in_time = (e->step_index >> e->refinement) < cell->step_limit
                             ? less(e->time, splat(2.0f * cell->flight_time))
                             : no_lane();
    const mask before = e->flying;
    const bits on_time = choose_bits(both(seeing, mask_not(in_time)), splat_bits(ZEM_OUTCOME_TIME_LIMIT), e->outcome);
    e->outcome = choose_bits(before, choose_bits(above, on_time, splat_bits(ZEM_OUTCOME_GROUND)), e->outcome);
    e->flying = both(both(before, seeing), both(above, in_time));
    *step = lesser(splat(cell->step), time_to_go * cell->inverse_step_ratio);
    if (HAS(cell, ZEM_FEATURE_KALMAN) && !HAS(cell, ZEM_FEATURE_SAMPLED) && cell->filter_share > 0.0f) {
        const real square = vector_dot(b->position.high, b->position.high), inverse = inverse_square_root(square);
        const real shorter = estimator_step(cell, &e->covariance, square * inverse,
                                            noise_density(cell, square * inverse, inverse), *step);
        *step = HAS(cell, ZEM_FEATURE_ACQUISITION) ? choose(e->acquired, shorter, *step) : shorter;
    }
    if (HAS(cell, ZEM_FEATURE_SAMPLED))
        *step = lesser(*step, sample_clock_next(&e->clock) - e->time);
    if (HAS(cell, ZEM_FEATURE_ACQUISITION)) {
        real closing_speed;
        const real left = bodies_range(b, &closing_speed) - cell->acquisition_range;
        const mask waits = both(mask_not(e->acquired), less(splat(0.0f), left));
        *step = choose(waits, lesser(*step, left * reciprocal(closing_speed)), *step);
        e->flying = both(e->flying, mask_not(equal_bits(e->outcome, splat_bits(ZEM_OUTCOME_NOT_ACQUIRED))));
    }
    *step = lesser(*step, time_to_go - cell->blind_time);
    *step = choose(e->flying, *step, splat(0.0f));
    return both(before, mask_not(e->flying));
}

/* Sets the axes of the step (`frame`) and fills the inputs of the homing loop. Draws the noise, makes the measurement
 * and advances the maneuver. */
ZEM_FUNCTION void point_mass_loop_input(UNIFORM struct cell_parameters *cell, struct engagement *e, real step,
                                        struct frame *frame, struct loop_input *input)
{
    struct bodies *b = &e->bodies;
    frame_set(b, frame);
    point_mass_motion(cell, &e->address, b, &e->target, e->time, step, e->achieved, frame, input);
    engagement_budget(cell, e, input);
    loop_input_unmeasured(input);
    input->guided = e->acquired;
    real sigma[3] = {splat(0.0f), splat(0.0f), splat(0.0f)}, range[3];
    range[0] = frame->range;
    range[2] = greater(frame->range + frame->along, splat(1.0e-3f));
    range[1] = 0.5f * (range[0] + range[2]);
    if (HAS(cell, ZEM_FEATURE_NOISE) && !HAS(cell, ZEM_FEATURE_SAMPLED)) {
        const real inverse_step = reciprocal(greater(step, splat(1.0e-9f)));
        ZEM_UNROLL
        for (int node = 0; node < 3; node++)
            sigma[node] =
                square_root(noise_density(cell, range[node], input->sight[node].inverse_range) * inverse_step);
        noise_source_place(&e->noise, cell, range[1], input->sight[1].inverse_range);
        engagement_noise(e, sigma, input);
    }
    e->homing.y.position = e->homing.z.position = splat(0.0f);
    e->homing.y.velocity = frame->velocity_y;
    e->homing.z.velocity = frame->velocity_z;
    if (HAS(cell, ZEM_FEATURE_KALMAN) && HAS(cell, ZEM_FEATURE_SAMPLED))
        covariance_propagate(cell, &e->covariance, step);
    else if (HAS(cell, ZEM_FEATURE_KALMAN)) {
        const real deviation = range[1] * sigma[1];
        covariance_propagate(cell, &e->covariance, 0.5f * step);
        struct covariance updated = e->covariance;
        struct kalman_gain gain = covariance_update(&updated, deviation * deviation);
        if (HAS(cell, ZEM_FEATURE_ACQUISITION)) {
            updated = covariance_choose(e->acquired, &updated, &e->covariance);
            gain.position = choose(e->acquired, gain.position, splat(0.0f));
            gain.velocity = choose(e->acquired, gain.velocity, splat(0.0f));
            gain.acceleration = choose(e->acquired, gain.acceleration, splat(0.0f));
        }
        e->covariance = updated;
        covariance_propagate(cell, &e->covariance, 0.5f * step);
        measurement_make(&e->homing, &gain, input->step, range, input->noise_y, input->noise_z, input->disturbance_y[1],
                         input->disturbance_z[1], &input->measurement);
    }
    if (HAS(cell, ZEM_FEATURE_NOISE))
        loop_input_roughness(cell, sigma[1], range[1], input);
}

/* Flies one step, or part of a step, of duration `step` (s) in point-mass kinematics. */
ZEM_FUNCTION void engagement_advance_point_mass(UNIFORM struct cell_parameters *cell, struct engagement *e, real step)
{
    struct bodies *b = &e->bodies;
    struct frame frame;
    struct loop_input input;
    struct target target = e->target;
    point_mass_loop_input(cell, e, step, &frame, &input);
    const struct jump_input jump = {frame.lift_y, frame.lift_z, frame.lift_limit};
    if (HAS(cell, ZEM_FEATURES_OF_CUTS)) {
        ZEM_UNROLL
        for (int node = 0; node < 3; node++) {
            input.disturbance_y[node] = frame.force_y[node];
            input.disturbance_z[node] = frame.force_z[node];
        }
    }
    engagement_parts(cell, e, &target, &input, &jump);
    point_mass_apply(b, &frame, &e->homing, 1);
    e->homing.y.tracker = e->homing.y.tracker - sight_angle(&input.sight[2], e->homing.y.position);
    e->homing.z.tracker = e->homing.z.tracker - sight_angle(&input.sight[2], e->homing.z.position);
    e->time = e->time + step;
    e->step_index++;
}

/* Flies the blind time, in which the last command is held, in steps of equal duration. Returns the result of the trial
 * with its miss distance. The closest approach is that of straight relative motion from the end of the last step on. */
ZEM_APART struct flight engagement_finish_point_mass(UNIFORM struct cell_parameters *cell, struct engagement *e)
{
    struct bodies *b = &e->bodies;
    const mask passed = equal_bits(e->outcome, splat_bits(ZEM_OUTCOME_PASSED));
    const real zero = splat(0.0f);
    real remaining = time_to_closest_approach(b->position.high, relative_velocity(b));
    remaining = choose(passed, lesser(greater(remaining, zero), splat(2.0f * cell->blind_time)), zero);
    const real step = remaining * reciprocal(small_to_real(splat_bits(cell->blind_steps)));
    struct command held;
    struct homing unused = e->homing;
    struct homing_report report;
    held.y = held.z = zero;
    for (u32 k = 0; k < cell->blind_steps; k++) {
        struct frame frame;
        struct loop_input input;
        frame_set(b, &frame);
        point_mass_motion(cell, &e->address, b, &e->target, e->time, step, e->achieved, &frame, &input);
        engagement_budget(cell, e, &input);
        e->homing.y.position = e->homing.z.position = zero;
        e->homing.y.velocity = frame.velocity_y;
        e->homing.z.velocity = frame.velocity_z;
        loop_input_unmeasured(&input);
        input.guided = e->acquired;
        if (k == 0u)
            held = guidance_demand(cell, &e->homing, &input, 0, &unused);
        homing_step_blind(cell, &e->homing, &input, &held, &report);
        point_mass_apply(b, &frame, &e->homing, 0);
        engagement_account(cell, e, &report, step);
        e->time = e->time + step;
    }
    const struct vector position = b->position.high, velocity = relative_velocity(b);
    const real after = time_to_closest_approach(position, velocity);
    const struct vector closest = vector_add_scaled(after, velocity, position);
    struct flight flight;
    flight.miss = square_root(vector_dot(closest, closest));
    flight.flight_time = e->time + after;
    return flight;
}

#if ZEM_LANES > 1
/* The functions below save the state of trials that have ended. choose_channel returns `a` in the lanes (trials) of m,
 * and `b` in the others. engagement_keep copies the lanes of m from one state to another, for the members that
 * engagement_finish_point_mass reads. */
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
    to->saturated_time = choose(m, from->saturated_time, to->saturated_time);
    to->outcome = choose_bits(m, from->outcome, to->outcome);
    to->acquired = either(both(m, from->acquired), both(mask_not(m), to->acquired));
}
#endif

#endif
