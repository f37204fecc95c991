/* The interceptor's airframe: the limit on the commanded acceleration and the chain of equal first-order autopilot
 * stages. */
#ifndef ZEM_AIRFRAME_H
#define ZEM_AIRFRAME_H

/* Accelerations in the two channels, m/s2. */
struct command {
    real y, z;
};

ZEM_FUNCTION real command_size(struct command c) { return square_root(fmadd(c.y, c.y, c.z * c.z)); }

/* Shortens a command of more than `limit` (both channels together) to it, keeping its direction.
 * `*saturated` gets the lanes in which that was necessary. */
ZEM_FUNCTION struct command command_limit(struct command command, real limit, mask *saturated)
{
    const real square = fmadd(command.y, command.y, command.z * command.z);
    const mask over = less(limit * limit, square);
    *saturated = over;
    if (any_lane(over)) { /* rare, and multiplying by one would change no bit */
        const real factor = choose(over, limit * inverse_square_root(square), splat(1.0f));
        command.y = command.y * factor;
        command.z = command.z * factor;
    }
    return command;
}

#endif
