/* The interceptor's airframe: the acceleration command and its limit. The autopilot stages that follow are integrated
 * in homing.h. */
#ifndef ZEM_AIRFRAME_H
#define ZEM_AIRFRAME_H

/* Accelerations in the two channels, m/s2. */
struct command {
    real y, z;
};

/* Magnitude of a command over both channels, m/s2. */
ZEM_FUNCTION real command_size(struct command c) { return square_root(fmadd(c.y, c.y, c.z * c.z)); }

/* Scales the command to `limit` where its magnitude over both channels exceeds `limit`, and keeps its direction. Sets
 * `*saturated` to the lanes in which it did so. */
ZEM_FUNCTION struct command command_limit(struct command command, real limit, mask *saturated)
{
    const real square = fmadd(command.y, command.y, command.z * command.z);
    const mask over = less(limit * limit, square);
    *saturated = over;
    /* The test pays because commands are rarely limited. Skipping it would change no bit, because a factor of one does
     * nothing. */
    if (any_lane(over)) {
        const real factor = choose(over, limit * inverse_square_root(square), splat(1.0f));
        command.y = command.y * factor;
        command.z = command.z * factor;
    }
    return command;
}

/* Lanes in which a command is above a quarter of its limit, so that noise may take it there within a step. */
ZEM_FUNCTION mask command_nears(struct command command, real limit)
{
    return less(0.0625f * limit * limit, fmadd(command.y, command.y, command.z * command.z));
}

#endif
