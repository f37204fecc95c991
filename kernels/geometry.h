/* Relative motion: what a step looks like in either kinematics.
 *
 * linear      Vc and time-to-go are given, so a step depends on time alone and comes from the cell's schedule.
 * point-mass  three dimensions over a flat Earth. Channels y and z live in a frame that follows the line of sight without
 *             rolling: at every step it is set anew on the line of sight, so angles inside a step are small and the command
 *             is normal to the line of sight (true proportional navigation) to second order in them. */
#ifndef ZEM_GEOMETRY_H
#define ZEM_GEOMETRY_H

#define ZEM_GRAVITY 9.80665f /* m/s2, standard gravity */

/* The laws' gains at the nodes of an arc whose lines of sight are set. */
ZEM_FUNCTION void arc_laws(UNIFORM struct cell_parameters *cell, struct arc *arc)
{
    ZEM_UNROLL
    for (int node = 0; node < 3; node++)
        arc->law[node] = guidance_law(cell, arc->sight[node].closing_rate, arc->sight[node].closing_speed);
}

/* State of the two bodies in point-mass kinematics; Earth axes x downrange, y crossrange, z up. */
struct bodies {
    struct precise position;              /* target minus interceptor, m */
    struct precise target_velocity, interceptor_velocity;
    real target_altitude, target_altitude_low;
    struct vector channel_y;              /* unit vector of channel y at the last step */
    struct vector target_force, interceptor_force; /* gravity and drag at the start of the step, m/s2 */
};

/* The frame of a step and what was integrated in it besides the homing loop. */
struct frame {
    struct vector sight, y, z;            /* unit vectors */
    real range, velocity_y, velocity_z;   /* at the start of the step */
    struct vector target_gain, interceptor_gain; /* change of velocity over the step without the interceptor's own acceleration */
    real along, along_gain;               /* change of relative position along the line of sight; unused gain in velocity */
    struct vector disturbance_gain;       /* of relative velocity, in the frame (sight, y, z) */
    real altitude_gain;
};

/* Gravity and drag on a body; `drag` is 1/(2 beta), deceleration = drag rho V^2. Also the dynamic pressure 0.5 rho V^2. */
ZEM_FUNCTION struct vector body_force(struct vector velocity, real altitude, float drag, int has_drag, int needs_pressure, real *dynamic_pressure)
{
    struct vector force = vector_of(splat(0.0f), splat(0.0f), splat(-ZEM_GRAVITY));
    *dynamic_pressure = splat(0.0f);
    if (has_drag || needs_pressure) {
        const real density = air_density(altitude);
        const real square = vector_dot(velocity, velocity);
        *dynamic_pressure = 0.5f * density * square;
        if (has_drag)
            force = vector_add_scaled(-(drag * density) * square_root(square), velocity, force);
    }
    return force;
}

/* Straight-line estimate of the time to closest approach, -r.v/v.v, s. */
ZEM_FUNCTION real time_to_closest_approach(struct vector position, struct vector velocity)
{
    return -divide(vector_dot(position, velocity), greater(vector_dot(velocity, velocity), splat(1.0e-12f)));
}

ZEM_FUNCTION struct vector relative_velocity(const struct bodies *b)
{
    return vector_sum(vector_difference(b->target_velocity.high, b->interceptor_velocity.high),
                      vector_difference(b->target_velocity.low, b->interceptor_velocity.low));
}

/* Line of sight at a node from relative position and velocity in the frame. */
ZEM_FUNCTION struct sight sight_of(struct vector position, struct vector velocity)
{
    struct sight sight;
    sight.inverse_range = inverse_square_root(greater(vector_dot(position, position), splat(1.0e-12f)));
    sight.closing_speed = -(vector_dot(position, velocity) * sight.inverse_range);
    sight.closing_rate = sight.closing_speed * sight.inverse_range;
    return sight;
}

/* In the frame: components of an Earth-axes vector. */
ZEM_FUNCTION struct vector frame_components(const struct frame *frame, struct vector v)
{
    return vector_of(vector_dot(v, frame->sight), vector_dot(v, frame->y), vector_dot(v, frame->z));
}

/* Sets the frame on the line of sight. */
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

/* Accelerations of a step in point-mass kinematics: fills the arc (but its noise) and the frame. `achieved` is the
 * interceptor's lateral acceleration at the start of the step, used to predict where drag and sight are taken. The drag is evaluated at
 * predicted states in the middle and at the end and combined by Simpson's rule, the end serving as the start of the next step. */
ZEM_FUNCTION void point_mass_arc(UNIFORM struct cell_parameters *cell, const struct address *address, struct bodies *b, struct target *target, real time,
                                 real step, struct command achieved, struct frame *frame, struct arc *arc)
{
    const real half_step = 0.5f * step;
    const int target_drag = HAS(cell, ZEM_FEATURE_TARGET_DRAG), interceptor_drag = HAS(cell, ZEM_FEATURE_INTERCEPTOR_DRAG);
    const int lift_limit = HAS(cell, ZEM_FEATURE_LIFT_LIMIT), pressure_limit = HAS(cell, ZEM_FEATURE_AERODYNAMIC_LIMIT);
    const struct vector lateral = vector_add_scaled(achieved.y, frame->y, vector_scale(achieved.z, frame->z));
    const struct vector target_start = b->target_velocity.high, interceptor_start = b->interceptor_velocity.high;
    const struct vector relative = relative_velocity(b);

    arc->step = step;
    arc->time[0] = time;
    arc->time[1] = time + half_step;
    arc->time[2] = time + step;

    /* two directions normal to the target's velocity, turned by the roll */
    const struct vector target_middle = vector_add_scaled(half_step, b->target_force, target_start);
    const struct vector along = vector_unit(target_middle);
    const struct vector normal1 = vector_unit_normal(vector_load(cell->roll_axis), along);
    const struct vector normal2 = vector_cross(normal1, along);
    const struct vector in_plane = vector_add_scaled(target->roll_cosine, normal1, vector_scale(target->roll_sine, normal2));
    const struct vector across = vector_add_scaled(target->roll_cosine, normal2, vector_scale(-target->roll_sine, normal1));

    /* gravity and drag in the middle and at the end */
    const real altitude = b->target_altitude;
    const real target_middle_altitude = fmadd(half_step, target_start.z, altitude), target_end_altitude = fmadd(step, target_middle.z, altitude);
    const struct vector interceptor_middle = vector_add_scaled(half_step, vector_sum(b->interceptor_force, lateral), interceptor_start);
    real target_pressure, interceptor_pressure, unused;
    const struct vector target_force1 = body_force(target_middle, target_middle_altitude, cell->target_drag, target_drag, lift_limit, &target_pressure);
    const struct vector interceptor_force1 = body_force(interceptor_middle, target_middle_altitude - fmadd(half_step, relative.z, b->position.high.z),
                                                        cell->interceptor_drag, interceptor_drag, pressure_limit, &interceptor_pressure);
    const struct vector target_end = vector_add_scaled(step, target_force1, target_start);
    const struct vector interceptor_end = vector_add_scaled(step, vector_sum(interceptor_force1, lateral), interceptor_start);
    const struct vector target_force2 = body_force(target_end, target_end_altitude, cell->target_drag, target_drag, 0, &unused);
    const struct vector interceptor_force2 = body_force(interceptor_end, target_end_altitude - fmadd(step, vector_difference(target_middle, interceptor_middle).z, b->position.high.z),
                                                        cell->interceptor_drag, interceptor_drag, 0, &unused);

    const struct maneuver maneuver = target_maneuver(cell, address, target, arc->time, step, 2.0f * cell->lift_limit * target_pressure);
    arc->limit = splat(cell->acceleration_limit);
    if (pressure_limit) {
        const real aerodynamic = cell->aerodynamic_limit * interceptor_pressure;
        arc->limit = HAS(cell, ZEM_FEATURE_LIMIT) ? lesser(arc->limit, aerodynamic) : aerodynamic;
    }

    /* relative acceleration at the nodes, in the frame */
    const struct vector target_force[3] = {b->target_force, target_force1, target_force2};
    const struct vector interceptor_force[3] = {b->interceptor_force, interceptor_force1, interceptor_force2};
    struct vector target_total[3], disturbance[3];
    ZEM_UNROLL
    for (int node = 0; node < 3; node++) {
        const struct vector lift = vector_add_scaled(maneuver.in_plane[node], in_plane, vector_scale(maneuver.across[node], across));
        const struct vector known = frame_components(frame, lift);
        target_total[node] = vector_sum(target_force[node], lift);
        arc->target_y[node] = known.y;
        arc->target_z[node] = known.z;
        disturbance[node] = frame_components(frame, vector_difference(target_total[node], interceptor_force[node]));
        arc->disturbance_y[node] = disturbance[node].y;
        arc->disturbance_z[node] = disturbance[node].z;
    }

    /* line of sight at the nodes */
    const struct vector velocity = frame_components(frame, relative);
    const struct vector start = vector_of(frame->range, splat(0.0f), splat(0.0f));
    struct vector acceleration = disturbance[0];
    acceleration.y = acceleration.y - achieved.y;
    acceleration.z = acceleration.z - achieved.z;
    arc->sight[0] = sight_of(start, velocity);
    ZEM_UNROLL
    for (int node = 1; node < 3; node++) {
        const real duration = node == 1 ? half_step : step;
        const struct vector mean_velocity = vector_add_scaled(0.5f * duration, acceleration, velocity);
        arc->sight[node] = sight_of(vector_add_scaled(duration, mean_velocity, start), vector_add_scaled(duration, acceleration, velocity));
    }

    arc_laws(cell, arc);

    /* the part of the motion that the homing loop does not see */
    const real sixth = 0.166666672f * step;
    frame->velocity_y = velocity.y;
    frame->velocity_z = velocity.z;
    frame->along = step * fmadd(sixth, fmadd(splat(2.0f), disturbance[1].x, disturbance[0].x), velocity.x);
    frame->disturbance_gain = vector_scale(sixth, vector_add_scaled(splat(4.0f), disturbance[1], vector_sum(disturbance[0], disturbance[2])));
    frame->target_gain = vector_scale(sixth, vector_add_scaled(splat(4.0f), target_total[1], vector_sum(target_total[0], target_total[2])));
    frame->interceptor_gain = vector_scale(sixth, vector_add_scaled(splat(4.0f), interceptor_force[1], vector_sum(interceptor_force[0], interceptor_force[2])));
    frame->altitude_gain = step * fmadd(sixth, fmadd(splat(2.0f), target_total[1].z, target_total[0].z), target_start.z + b->target_velocity.low.z);
    b->target_force = target_force2;
    b->interceptor_force = interceptor_force2;
}

/* Moves the bodies by what the homing loop and the arc say of the step. `h` is the loop's state at the end of the step. */
ZEM_FUNCTION void point_mass_apply(struct bodies *b, const struct frame *frame, const struct homing *h)
{
    /* the interceptor's own change of velocity is what the loop's relative velocity lacks */
    const real own_y = frame->disturbance_gain.y - (h->y.velocity - frame->velocity_y);
    const real own_z = frame->disturbance_gain.z - (h->z.velocity - frame->velocity_z);
    precise_add(&b->position, vector_add_scaled(frame->along, frame->sight, vector_add_scaled(h->y.position, frame->y, vector_scale(h->z.position, frame->z))));
    precise_add(&b->target_velocity, frame->target_gain);
    precise_add(&b->interceptor_velocity, vector_add_scaled(own_y, frame->y, vector_add_scaled(own_z, frame->z, frame->interceptor_gain)));
    const real gain = frame->altitude_gain + b->target_altitude_low;
    const real altitude = b->target_altitude + gain;
    b->target_altitude_low = two_sum_error(b->target_altitude, gain, altitude);
    b->target_altitude = altitude;
}

#endif
