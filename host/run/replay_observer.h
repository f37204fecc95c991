/* The observer that shows every step of a single trial. It computes the values that it shows from a copy of the trial's
 * state, so that the trial does not change. kernels/model.h includes this file, because replay.c defines ZEM_OBSERVER
 * as its name. */
#ifndef ZEM_REPLAY_OBSERVER_H
#define ZEM_REPLAY_OBSERVER_H

#include "run/replay.h"

struct observer {
    void (*show)(void *context, const struct zem_replay_step *step); /* NULL: show nothing */
    void *context;
};

/* Fills the values that linear and point-mass kinematics have in common. */
ZEM_FUNCTION void show_loop(const struct cell_parameters *cell, const struct engagement *e,
                            const struct loop_input *input, struct zem_replay_step *shown)
{
    struct homing unused = e->homing;
    mask saturated;
    const struct command command =
        command_allowed(cell, guidance_demand(cell, &e->homing, input, 0, &unused), input, &saturated);
    shown->step = input->step;
    shown->sight_rate[0] = sight_rate(&input->sight[0], e->homing.y.position, e->homing.y.velocity);
    shown->sight_rate[1] = sight_rate(&input->sight[0], e->homing.z.position, e->homing.z.velocity);
    shown->noise[0] = input->noise_y[0];
    shown->noise[1] = input->noise_z[0];
    shown->command[0] = command.y;
    shown->command[1] = command.z;
    shown->achieved[0] = channel_achieved(cell, &e->homing.y, command.y);
    shown->achieved[1] = channel_achieved(cell, &e->homing.z, command.z);
    shown->target_acceleration[0] = input->target_y[0];
    shown->target_acceleration[1] = input->target_z[0];
    shown->saturated = saturated;
}

ZEM_FUNCTION void show_linear_place(const struct cell_parameters *cell, const struct engagement *e, float time_to_go,
                                    struct zem_replay_step *shown)
{
    shown->time = cell->flight_time - time_to_go;
    shown->time_to_go = time_to_go;
    shown->range = cell->closing_speed * time_to_go;
    shown->position[0] = shown->range;
    shown->position[1] = e->homing.y.position;
    shown->position[2] = e->homing.z.position;
}

ZEM_FUNCTION void show_body_place(const struct engagement *e, struct zem_replay_step *shown)
{
    const struct bodies *b = &e->bodies;
    const struct vector position = b->position.high, velocity = b->target_velocity.high;
    shown->time = e->time;
    shown->time_to_go = time_to_closest_approach(position, relative_velocity(b));
    shown->range = square_root(vector_dot(position, position));
    shown->position[0] = position.x;
    shown->position[1] = position.y;
    shown->position[2] = position.z;
    shown->target_velocity[0] = velocity.x;
    shown->target_velocity[1] = velocity.y;
    shown->target_velocity[2] = velocity.z;
    shown->target_altitude = b->target_altitude;
}

ZEM_FUNCTION void observe_linear(struct observer *o, const struct cell_parameters *cell,
                                 const struct schedule_step *step, const struct engagement *e)
{
    if (o->show == NULL)
        return;
    struct zem_replay_step shown = {0};
    struct engagement copy = *e;
    struct loop_input input;
    linear_loop_input(cell, step, &copy, &input);
    show_linear_place(cell, e, step->time_to_go[0], &shown);
    show_loop(cell, &copy, &input, &shown);
    /* The acceleration of the target. show_loop has copied target_y, but that is what the guidance law assumes. */
    shown.target_acceleration[0] = input.disturbance_y[0];
    shown.target_acceleration[1] = input.disturbance_z[0];
    o->show(o->context, &shown);
}

ZEM_FUNCTION void observe_point_mass(struct observer *o, const struct cell_parameters *cell, real step,
                                     const struct engagement *e)
{
    if (o->show == NULL)
        return;
    struct zem_replay_step shown = {0};
    struct engagement copy = *e;
    struct frame frame;
    struct loop_input input;
    point_mass_loop_input(cell, &copy, step, &frame, &input);
    show_body_place(e, &shown);
    show_loop(cell, &copy, &input, &shown);
    if (HAS(cell, ZEM_FEATURE_WEAVE_LAW)) { /* target_y, which show_loop copied, is what this law assumes */
        shown.target_acceleration[0] = input.disturbance_y[0] - frame.force_y[0];
        shown.target_acceleration[1] = input.disturbance_z[0] - frame.force_z[0];
    }
    o->show(o->context, &shown);
}

ZEM_FUNCTION void observe_blind(struct observer *o, const struct cell_parameters *cell, const struct engagement *e)
{
    if (o->show == NULL)
        return;
    struct zem_replay_step shown = {.blind = true};
    if (HAS(cell, ZEM_FEATURE_POINT_MASS))
        show_body_place(e, &shown);
    else
        show_linear_place(cell, e, cell->blind_time, &shown);
    o->show(o->context, &shown);
}

ZEM_FUNCTION void observe_end(struct observer *o, const struct cell_parameters *cell, const struct engagement *e,
                              const struct flight *flight)
{
    (void)o;
    (void)cell;
    (void)e;
    (void)flight;
}

#endif
