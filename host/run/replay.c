/* Implementation of replay.h: engagement_fly of kernels/engagement.h taken apart, so that every step can be looked at.
 * What is shown is worked out on a copy; the trial itself goes on as if nobody had looked. */
#define ZEM_LANES 1
#include "kernels/model.h"

#include "run/replay.h"

/* What both kinematics show in the same way. */
static void show_loop(const struct cell_parameters *cell, const struct engagement *e, const struct arc *arc,
                      struct zem_replay_step *shown)
{
    struct homing unused = e->homing;
    mask saturated;
    const struct command command = guidance_command(cell, &e->homing, arc, 0, &unused, &saturated);
    shown->step = arc->step;
    shown->sight_rate[0] = sight_rate(&arc->sight[0], e->homing.y.position, e->homing.y.velocity);
    shown->sight_rate[1] = sight_rate(&arc->sight[0], e->homing.z.position, e->homing.z.velocity);
    shown->noise[0] = arc->noise_y[0];
    shown->noise[1] = arc->noise_z[0];
    shown->command[0] = command.y;
    shown->command[1] = command.z;
    shown->achieved[0] = channel_achieved(cell, &e->homing.y, command.y);
    shown->achieved[1] = channel_achieved(cell, &e->homing.z, command.z);
    shown->target_acceleration[0] = arc->target_y[0];
    shown->target_acceleration[1] = arc->target_z[0];
    shown->saturated = saturated;
}

static void show_linear_place(const struct cell_parameters *cell, const struct engagement *e, float time_to_go,
                              struct zem_replay_step *shown)
{
    shown->time = cell->flight_time - time_to_go;
    shown->time_to_go = time_to_go;
    shown->range = cell->closing_speed * time_to_go;
    shown->position[0] = shown->range;
    shown->position[1] = e->homing.y.position;
    shown->position[2] = e->homing.z.position;
}

static void show_body_place(const struct engagement *e, struct zem_replay_step *shown)
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

typedef void observer(void *context, const struct zem_replay_step *step);

static struct flight fly_linear(const struct cell_parameters *cell, const struct schedule_step *schedule,
                                struct engagement *e, observer *observe, void *context)
{
    struct zem_replay_step shown = {0};
    for (u32 k = 0; k < cell->schedule_steps; k++) {
        if (observe) {
            struct engagement copy = *e;
            struct arc arc;
            engagement_arc_linear(cell, &schedule[k], &copy, &arc);
            show_linear_place(cell, e, schedule[k].time_to_go[0], &shown);
            show_loop(cell, &copy, &arc, &shown);
            observe(context, &shown);
        }
        engagement_advance_linear(cell, &schedule[k], e);
    }
    if (observe) {
        shown = (struct zem_replay_step){.blind = true};
        show_linear_place(cell, e, cell->blind_time, &shown);
        observe(context, &shown);
    }
    return engagement_finish_linear(cell, e);
}

static struct flight fly_point_mass(const struct cell_parameters *cell, struct engagement *e, observer *observe,
                                    void *context)
{
    struct zem_replay_step shown = {0};
    while (e->flying) {
        real step;
        engagement_classify(cell, e, &step);
        if (!e->flying)
            break;
        if (observe) {
            struct engagement copy = *e;
            struct frame frame;
            struct arc arc;
            engagement_arc_point_mass(cell, &copy, step, &frame, &arc);
            show_body_place(e, &shown);
            show_loop(cell, &copy, &arc, &shown);
            observe(context, &shown);
        }
        engagement_advance_point_mass(cell, e, step);
    }
    if (observe) {
        shown = (struct zem_replay_step){.blind = true};
        show_body_place(e, &shown);
        observe(context, &shown);
    }
    return engagement_finish_point_mass(cell, e);
}

struct zem_replay_end zem_replay_fly(const struct cell_parameters *cell, const struct schedule_step *schedule,
                                     uint64_t trial, uint32_t shot, observer *observe, void *context)
{
    struct engagement e;
    struct flight flight;
    const struct address address = {.trial_low = (u32)trial,
                                    .trial_high = (u32)(trial >> 32),
                                    .cell_word = cell->cell_word,
                                    .seed_low = cell->seed_low,
                                    .seed_high = cell->seed_high,
                                    .shot = shot};
    const struct handover handover = engagement_begin(cell, address, &e);
    if (HAS(cell, ZEM_FEATURE_POINT_MASS)) {
        bodies_begin(cell, &handover, &e);
        flight = fly_point_mass(cell, &e, observe, context);
    } else {
        linear_begin(cell, &handover, &e);
        flight = fly_linear(cell, schedule, &e, observe, context);
    }
    engagement_close(&e, &flight);
    const real scored = scored_miss(cell, &address, flight.miss);
    return (struct zem_replay_end){.miss = flight.miss,
                                   .scored = scored,
                                   .flight_time = flight.flight_time,
                                   .divert = flight.divert,
                                   .saturated_time = flight.saturated_time,
                                   .outcome = flight.outcome,
                                   .mix = flight_mix(&flight, &address, (u32)(trial >> 32) | (shot << 24), 0)};
}
