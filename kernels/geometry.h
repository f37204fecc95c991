/* Relative motion of the two bodies: the lines of sight and disturbances that the homing loop gets for a step.
 *
 * In linear kinematics the closing speed and the time to go are given. A step depends on time alone and comes from the
 * cell's schedule (schedule.h).
 *
 * In point-mass kinematics both bodies move in three dimensions over a flat Earth. The channels y and z are axes normal
 * to the line of sight, which follow it without rolling about it. The axes are set anew at every step, so that angles
 * within a step stay small. The command is normal to the line of sight (true proportional navigation) to second order
 * in these angles. */
#ifndef ZEM_GEOMETRY_H
#define ZEM_GEOMETRY_H

#define ZEM_GRAVITY 9.80665f /* m/s2, standard gravity */

/* Computes the guidance gains at start, middle and end of a step (input->law) from the lines of sight there. */
ZEM_FUNCTION void loop_input_laws(UNIFORM struct cell_parameters *cell, struct loop_input *input)
{
    ZEM_UNROLL
    for (int node = 0; node < 3; node++)
        input->law[node] = guidance_law(cell, input->sight[node].closing_rate, input->sight[node].closing_speed);
}

/* State of the two bodies in point-mass kinematics. Earth axes are x downrange, y crossrange and z up. */
struct bodies {
    struct precise position; /* relative position, target minus interceptor, m */
    struct precise target_velocity, interceptor_velocity;
    real target_altitude, target_altitude_low;     /* m; their sum is the altitude */
    struct vector channel_y;                       /* unit vector of channel y in the last step */
    struct vector target_force, interceptor_force; /* gravity and drag at the start of the step, m/s2 */
};

/* The axes of a step, namely the line of sight at its start and channels y and z, and the motion over the step that the
 * homing loop does not integrate. */
struct frame {
    struct vector sight, y, z;          /* unit vectors of the line of sight and the channels */
    real range, velocity_y, velocity_z; /* relative motion at the start of the step, m, m/s */
    real step;                          /* duration, s */
    /* Change of each body's velocity over the step by everything but guidance's command, in Earth axes, m/s. */
    struct vector target_gain, interceptor_gain;
    real along;                      /* change of relative position along the line of sight, m */
    struct vector disturbance_gain;  /* target_gain minus interceptor_gain along sight, y and z, m/s */
    real lift_y, lift_z, lift_limit; /* direction of the maneuver in y and z; its largest size by lift, m/s2 */
    real force_y[3], force_z[3];     /* disturbance without the maneuver, m/s2 */
    real altitude_gain;              /* change of the target's altitude over the step, m */
};

/* Returns the acceleration of a body by gravity and drag in Earth axes, m/s2. Sets the dynamic pressure 0.5 rho V^2,
 * Pa, where rho is the density of the air and V the speed. `drag` is 1/(2 beta), where beta is the ballistic
 * coefficient. The drag deceleration is drag rho V^2, and `*drag_rate` gets this value over V, 1/s. The pressure is 0
 * if neither `has_drag` nor `needs_pressure` is set. */
ZEM_FUNCTION struct vector body_force(struct vector velocity, real altitude, float drag, int has_drag,
                                      int needs_pressure, real *dynamic_pressure, real *drag_rate)
{
    struct vector force = vector_of(splat(0.0f), splat(0.0f), splat(-ZEM_GRAVITY));
    *dynamic_pressure = *drag_rate = splat(0.0f);
    if (has_drag || needs_pressure) {
        const real density = air_density(altitude);
        const real square = vector_dot(velocity, velocity);
        *dynamic_pressure = 0.5f * density * square;
        if (has_drag) {
            *drag_rate = (drag * density) * square_root(square);
            force = vector_add_scaled(-*drag_rate, velocity, force);
        }
    }
    return force;
}

/* Returns the time to closest approach of two bodies on straight lines, s: -r.v/v.v with the relative position r (m)
 * and the relative velocity v (m/s). */
ZEM_FUNCTION real time_to_closest_approach(struct vector position, struct vector velocity)
{
    return -divide(vector_dot(position, velocity), greater(vector_dot(velocity, velocity), splat(1.0e-12f)));
}

/* Returns the velocity of the target minus that of the interceptor, m/s. */
ZEM_FUNCTION struct vector relative_velocity(const struct bodies *b)
{
    return vector_sum(vector_difference(b->target_velocity.high, b->interceptor_velocity.high),
                      vector_difference(b->target_velocity.low, b->interceptor_velocity.low));
}

/* Returns the line of sight for a relative position and velocity. */
ZEM_FUNCTION struct sight sight_of(struct vector position, struct vector velocity)
{
    struct sight sight;
    sight.inverse_range = inverse_square_root(greater(vector_dot(position, position), splat(1.0e-12f)));
    sight.closing_speed = -(vector_dot(position, velocity) * sight.inverse_range);
    sight.closing_rate = sight.closing_speed * sight.inverse_range;
    return sight;
}

/* Returns the components of a vector in Earth axes along the line of sight, y and z of the frame. */
ZEM_FUNCTION struct vector frame_components(const struct frame *frame, struct vector v)
{
    return vector_of(vector_dot(v, frame->sight), vector_dot(v, frame->y), vector_dot(v, frame->z));
}

/* Sets the axes and the range of `frame` from the line of sight. Channel y stays as close to its last direction as it
 * can, so that the axes do not roll. */
ZEM_FUNCTION void frame_set(struct bodies *bodies, struct frame *frame)
{
    const struct vector position = bodies->position.high;
    const real inverse_range = inverse_square_root(greater(vector_dot(position, position), splat(1.0e-12f)));
    frame->sight = vector_scale(inverse_range, position);
    frame->range = vector_dot(position, frame->sight);
    frame->y = vector_unit_normal(bodies->channel_y, frame->sight);
    frame->z = vector_cross(frame->sight, frame->y);
    bodies->channel_y = frame->y;
}

/* Unit vectors along the target's velocity and normal to it. `in_plane` is the direction of the maneuver, and `across`
 * is normal to it. */
struct maneuver_axes {
    struct vector along, in_plane, across;
    real inverse_speed; /* 1 over the target's speed, s/m */
    real twist;         /* angle about the velocity by which the axes turn for each radian that the velocity turns */
};

/* Returns the axes of the maneuver for a velocity of the target, m/s. The roll of the trial turns them about the
 * velocity. */
ZEM_FUNCTION struct maneuver_axes maneuver_axes_of(UNIFORM struct cell_parameters *cell, const struct target *target,
                                                   struct vector velocity)
{
    struct maneuver_axes a;
    a.inverse_speed = inverse_square_root(vector_dot(velocity, velocity));
    a.along = vector_scale(a.inverse_speed, velocity);
    const struct vector axis = vector_load(cell->roll_axis);
    const real lean = vector_dot(axis, a.along);
    const struct vector aside = vector_add_scaled(-lean, a.along, axis);
    const real inverse_aside = inverse_square_root(vector_dot(aside, aside));
    const struct vector normal1 = vector_scale(inverse_aside, aside);
    const struct vector normal2 = vector_cross(normal1, a.along);
    a.twist = lean * inverse_aside;
    a.in_plane = vector_add_scaled(target->roll_cosine, normal1, vector_scale(target->roll_sine, normal2));
    a.across = vector_add_scaled(target->roll_cosine, normal2, vector_scale(-target->roll_sine, normal1));
    return a;
}

/* Returns the vector with the components `in_plane` and `across`, and none along the velocity. */
ZEM_FUNCTION struct vector maneuver_vector(const struct maneuver_axes *a, real in_plane, real across)
{
    return vector_add_scaled(in_plane, a->in_plane, vector_scale(across, a->across));
}

/* Returns the integral over the first half of a step of duration `step` (s) of the parabola through three values:
 * `node` has those at its start, middle and end. */
ZEM_FUNCTION real half_step_integral(real step, const real node[3])
{
    return 0.0416666667f * step * (fmadd(splat(8.0f), node[1], 5.0f * node[0]) - node[2]);
}

/* Turns the axes of the maneuver by the angle through which the maneuver itself turns the velocity until the middle of
 * the step. `gained_in_plane` and `gained_across` are the components of the velocity that it adds until then, m/s. The
 * axis from which the roll counts is fixed in space. Where the velocity is not normal to it, a turn normal to both also
 * twists the axes about the velocity. */
ZEM_FUNCTION void maneuver_axes_turn(const struct target *target, real gained_in_plane, real gained_across,
                                     struct maneuver_axes *a)
{
    const real aside = fmadd(target->roll_sine, gained_in_plane, target->roll_cosine * gained_across);
    const real twist = -(a->twist * (aside * a->inverse_speed));
    const struct vector in_plane = vector_add_scaled(twist, a->across, a->in_plane);
    const struct vector across = vector_add_scaled(-twist, a->in_plane, a->across);
    a->in_plane = vector_add_scaled(-(gained_in_plane * a->inverse_speed), a->along, in_plane);
    a->across = vector_add_scaled(-(gained_across * a->inverse_speed), a->along, across);
}

/* Acceleration of both bodies by gravity and drag at start, middle and end of a step, and quantities in the middle from
 * which the limits of maneuver and command follow. */
struct body_forces {
    struct vector target[3], interceptor[3];    /* m/s2 */
    real target_drag_rate[3];                   /* deceleration of the target by drag over its speed, 1/s */
    struct vector target_middle;                /* velocity of the target in the middle of the step, m/s */
    real target_pressure, interceptor_pressure; /* in the middle of the step, Pa */
};

/* Computes gravity and drag on both bodies over a step. The values at its start come from `b`; those in the middle and
 * at the end belong to predicted states. The prediction takes `lateral`, the interceptor's acceleration by guidance
 * (m/s2), as constant. That of the target leaves out its maneuver, which body_forces_turn adds. The values at the end
 * become those at the start of the next step. */
ZEM_FUNCTION void body_forces_set(UNIFORM struct cell_parameters *cell, const struct bodies *b, struct vector lateral,
                                  real step, struct body_forces *f)
{
    const real half_step = 0.5f * step, altitude = b->target_altitude;
    const int target_drag = HAS(cell, ZEM_FEATURE_TARGET_DRAG),
              interceptor_drag = HAS(cell, ZEM_FEATURE_INTERCEPTOR_DRAG);
    const struct vector target_start = b->target_velocity.high, interceptor_start = b->interceptor_velocity.high;
    real unused, rate;
    f->target[0] = b->target_force;
    f->interceptor[0] = b->interceptor_force;
    f->target_middle = vector_add_scaled(half_step, b->target_force, target_start);
    const real target_middle_altitude = fmadd(half_step, target_start.z, altitude),
               target_end_altitude = fmadd(step, f->target_middle.z, altitude);
    const struct vector interceptor_middle =
        vector_add_scaled(half_step, vector_sum(b->interceptor_force, lateral), interceptor_start);
    f->target[1] = body_force(f->target_middle, target_middle_altitude, cell->target_drag, target_drag,
                              HAS(cell, ZEM_FEATURE_LIFT_LIMIT), &f->target_pressure, &f->target_drag_rate[1]);
    f->interceptor[1] = body_force(
        interceptor_middle, target_middle_altitude - fmadd(half_step, relative_velocity(b).z, b->position.high.z),
        cell->interceptor_drag, interceptor_drag, HAS(cell, ZEM_FEATURE_AERODYNAMIC_LIMIT), &f->interceptor_pressure,
        &rate);
    const struct vector target_end = vector_add_scaled(step, f->target[1], target_start);
    const struct vector interceptor_end =
        vector_add_scaled(step, vector_sum(f->interceptor[1], lateral), interceptor_start);
    f->target[2] = body_force(target_end, target_end_altitude, cell->target_drag, target_drag, 0, &unused,
                              &f->target_drag_rate[2]);
    f->interceptor[2] =
        body_force(interceptor_end,
                   target_end_altitude
                       - fmadd(step, vector_difference(f->target_middle, interceptor_middle).z, b->position.high.z),
                   cell->interceptor_drag, interceptor_drag, 0, &unused, &rate);
}

/* Returns the integral of a vector over a step by Simpson's rule. `node` has the vector at start, middle and end, and
 * `sixth` is a sixth of the step's duration, s. */
ZEM_FUNCTION struct vector step_integral(real sixth, const struct vector node[3])
{
    return vector_scale(sixth, vector_add_scaled(splat(4.0f), node[1], vector_sum(node[0], node[2])));
}

/* Adds to the forces on the target what its maneuver changes. The maneuver turns the target's velocity, and drag turns
 * with it. `gained` is the velocity that the maneuver adds until the middle of the step, m/s, and `lift` its
 * acceleration at start, middle and end of the step, m/s2. */
ZEM_FUNCTION void body_forces_turn(real step, struct vector gained, const struct vector lift[3], struct body_forces *f)
{
    f->target[1] = vector_add_scaled(-f->target_drag_rate[1], gained, f->target[1]);
    f->target[2] = vector_add_scaled(-f->target_drag_rate[2], step_integral(0.166666672f * step, lift), f->target[2]);
}

/* Computes the lines of sight and the guidance gains at start, middle and end of a step of duration `step` (s).
 * `velocity` (m/s) and `acceleration` (m/s2) are those of the target relative to the interceptor at the start of the
 * step, along the axes of the frame. The acceleration is taken as constant. */
ZEM_FUNCTION void point_mass_sights(UNIFORM struct cell_parameters *cell, const struct frame *frame,
                                    struct vector velocity, struct vector acceleration, real step,
                                    struct loop_input *input)
{
    const struct vector start = vector_of(frame->range, splat(0.0f), splat(0.0f));
    input->sight[0] = sight_of(start, velocity);
    ZEM_UNROLL
    for (int node = 1; node < 3; node++) {
        const real duration = node == 1 ? 0.5f * step : step;
        const struct vector mean_velocity = vector_add_scaled(0.5f * duration, acceleration, velocity);
        input->sight[node] = sight_of(vector_add_scaled(duration, mean_velocity, start),
                                      vector_add_scaled(duration, acceleration, velocity));
    }
    loop_input_laws(cell, input);
}

/* Converts the target's acceleration in `input` (target_y and target_z) for the weave law. Its value at start, middle
 * and end of the step becomes the constant acceleration that would take the target as far by the end of the flight as
 * its weave does (weave_known). The lines of sight in `input` must be set. */
ZEM_FUNCTION void point_mass_weave_known(UNIFORM struct cell_parameters *cell, const struct target *target,
                                         const struct maneuver *maneuver, const struct maneuver_axes *axes,
                                         const struct frame *frame, struct loop_input *input)
{
    ZEM_UNROLL
    for (int node = 0; node < 3; node++) {
        const struct jerk jerk = target_jerk(cell, target, maneuver, node);
        const struct vector seen = frame_components(frame, maneuver_vector(axes, jerk.in_plane, jerk.across));
        const struct weave_weights weights = weave_weights_of(cell, input->sight[node].closing_rate);
        input->target_y[node] = weave_known(&weights, input->target_y[node], seen.y);
        input->target_z[node] = weave_known(&weights, input->target_z[node], seen.z);
    }
}

/* Computes the acceleration of the target by its maneuver over a step of duration `step` (s): `lift` has it in Earth
 * axes at start, middle and end, m/s2, whose times are `time` (s). Sets the axes of the maneuver in the middle of the
 * step and those members of `frame` that depend on them, advances the maneuver, and turns the drag in `force`. Returns
 * the maneuver along its axes. */
ZEM_FUNCTION struct maneuver point_mass_lift(UNIFORM struct cell_parameters *cell, const struct address *address,
                                             struct target *target, const real time[3], real step, struct frame *frame,
                                             struct body_forces *force, struct maneuver_axes *axes,
                                             struct vector lift[3])
{
    *axes = maneuver_axes_of(cell, target, force->target_middle);
    frame->lift_limit = 2.0f * cell->lift_limit * force->target_pressure;
    const struct maneuver maneuver = target_maneuver(cell, address, target, time, step, frame->lift_limit);
    const real gained_in_plane = half_step_integral(step, maneuver.in_plane),
               gained_across = half_step_integral(step, maneuver.across);
    const struct vector gained = maneuver_vector(axes, gained_in_plane, gained_across);
    maneuver_axes_turn(target, gained_in_plane, gained_across, axes);
    const struct vector direction = frame_components(frame, axes->in_plane);
    frame->lift_y = direction.y;
    frame->lift_z = direction.z;
    ZEM_UNROLL
    for (int node = 0; node < 3; node++)
        lift[node] = maneuver_vector(axes, maneuver.in_plane[node], maneuver.across[node]);
    if (HAS(cell, ZEM_FEATURE_TARGET_DRAG))
        body_forces_turn(step, gained, lift, force);
    return maneuver;
}

/* Computes the accelerations of a step in point-mass kinematics. The function fills `input` except the noise and the
 * measurement, completes `frame`, advances the maneuver and stores the forces for the next step. `achieved` is the
 * interceptor's lateral acceleration at the start of the step (m/s2). It serves to predict the states at which drag and
 * lines of sight are evaluated. */
ZEM_FUNCTION void point_mass_motion(UNIFORM struct cell_parameters *cell, const struct address *address,
                                    struct bodies *b, struct target *target, real time, real step,
                                    struct command achieved, struct frame *frame, struct loop_input *input)
{
    const struct vector lateral = vector_add_scaled(achieved.y, frame->y, vector_scale(achieved.z, frame->z));
    const struct vector velocity = frame_components(frame, relative_velocity(b));
    struct vector lift[3], target_total[3], disturbance[3];
    struct body_forces force;
    input->step = frame->step = step;
    input->time[0] = time;
    input->time[1] = time + 0.5f * step;
    input->time[2] = time + step;
    body_forces_set(cell, b, lateral, step, &force);
    struct maneuver_axes axes;
    const struct maneuver maneuver =
        point_mass_lift(cell, address, target, input->time, step, frame, &force, &axes, lift);
    input->limit = splat(cell->acceleration_limit);
    if (HAS(cell, ZEM_FEATURE_AERODYNAMIC_LIMIT)) {
        const real aerodynamic = cell->aerodynamic_limit * force.interceptor_pressure;
        input->limit = HAS(cell, ZEM_FEATURE_LIMIT) ? lesser(input->limit, aerodynamic) : aerodynamic;
    }
    ZEM_UNROLL
    for (int node = 0; node < 3; node++) {
        const struct vector known = frame_components(frame, lift[node]);
        target_total[node] = vector_sum(force.target[node], lift[node]);
        input->target_y[node] = known.y;
        input->target_z[node] = known.z;
        disturbance[node] = frame_components(frame, vector_difference(target_total[node], force.interceptor[node]));
        frame->force_y[node] = disturbance[node].y - known.y;
        frame->force_z[node] = disturbance[node].z - known.z;
        input->disturbance_y[node] = disturbance[node].y;
        input->disturbance_z[node] = disturbance[node].z;
    }
    struct vector acceleration = disturbance[0];
    acceleration.y = acceleration.y - achieved.y;
    acceleration.z = acceleration.z - achieved.z;
    point_mass_sights(cell, frame, velocity, acceleration, step, input);
    if (HAS(cell, ZEM_FEATURE_WEAVE_LAW))
        point_mass_weave_known(cell, target, &maneuver, &axes, frame, input);

    /* The motion that the homing loop does not integrate. */
    const real sixth = 0.166666672f * step;
    frame->velocity_y = velocity.y;
    frame->velocity_z = velocity.z;
    frame->along = step * fmadd(sixth, fmadd(splat(2.0f), disturbance[1].x, disturbance[0].x), velocity.x);
    frame->disturbance_gain = step_integral(sixth, disturbance);
    frame->target_gain = step_integral(sixth, target_total);
    frame->interceptor_gain = step_integral(sixth, force.interceptor);
    frame->altitude_gain = step
                           * fmadd(sixth, fmadd(splat(2.0f), target_total[1].z, target_total[0].z),
                                   b->target_velocity.high.z + b->target_velocity.low.z);
    b->target_force = force.target[2];
    b->interceptor_force = force.interceptor[2];
}

/* Moves the bodies over a step. `h` is the state of the homing loop at the end of the step, and `frame` has the motion
 * that the loop does not integrate. In the blind time `seeing` is 0, and the held command keeps its direction over the
 * step. Otherwise the command turns with the line of sight. */
ZEM_FUNCTION void point_mass_apply(struct bodies *b, const struct frame *frame, const struct homing *h, int seeing)
{
    /* In the loop the relative velocity changes by D - A. D is its change by the disturbances, and A is the change of
     * the interceptor's velocity by guidance. So A is D minus the change in the loop. */
    const real own_y = frame->disturbance_gain.y - (h->y.velocity - frame->velocity_y);
    const real own_z = frame->disturbance_gain.z - (h->z.velocity - frame->velocity_z);
    /* The interceptor accelerates normal to the line of sight. Within the step the line of sight turns away from
     * frame->sight by the angles of the new position, and the acceleration gets a component along frame->sight. If
     * acceleration and turning rate are constant, the integral of this component is half the change of velocity times
     * the angle. Its double integral is a third of the integral times the step. */
    const real inverse = reciprocal(greater(frame->range + frame->along, splat(1.0e-3f)));
    const real turned = seeing ? fmadd(own_y, h->y.position * inverse, own_z * (h->z.position * inverse)) : splat(0.0f);
    const real own_along = -0.5f * turned;
    const real along = fmadd(0.166666672f * frame->step, turned, frame->along);
    precise_add(&b->position,
                vector_add_scaled(along, frame->sight,
                                  vector_add_scaled(h->y.position, frame->y, vector_scale(h->z.position, frame->z))));
    precise_add(&b->target_velocity, frame->target_gain);
    precise_add(&b->interceptor_velocity,
                vector_add_scaled(
                    own_along, frame->sight,
                    vector_add_scaled(own_y, frame->y, vector_add_scaled(own_z, frame->z, frame->interceptor_gain))));
    const real gain = frame->altitude_gain + b->target_altitude_low;
    const real altitude = b->target_altitude + gain;
    b->target_altitude_low = two_sum_error(b->target_altitude, gain, altitude);
    b->target_altitude = altitude;
}

#endif
