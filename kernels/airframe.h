/* The acceleration command of the interceptor and its limit. The autopilot, which follows the command, is integrated in
 * homing.h and transition.h. */
#ifndef ZEM_AIRFRAME_H
#define ZEM_AIRFRAME_H

/* Accelerations in the two channels, m/s2. */
struct command {
    real y, z;
};

/* Returns the magnitude of a command over both channels, m/s2. */
ZEM_FUNCTION real command_size(struct command c) { return square_root(fmadd(c.y, c.y, c.z * c.z)); }

/* Returns the square of the magnitude of a command over both channels. */
ZEM_FUNCTION real command_square(struct command c) { return fmadd(c.y, c.y, c.z * c.z); }

/* Returns the command, reduced to the magnitude `limit` in the lanes (trials) of `over`. Its direction stays. `square`
 * is the square of its magnitude. */
ZEM_FUNCTION struct command command_held(struct command command, real square, real limit, mask over)
{
    const real factor = choose(over, limit * inverse_square_root(square), splat(1.0f));
    command.y = command.y * factor;
    command.z = command.z * factor;
    return command;
}

/* Returns the command, reduced to the magnitude `limit` (m/s2) in the lanes (trials) in which its magnitude over both
 * channels exceeds `limit`. Its direction stays. Sets `*saturated` to these lanes. */
ZEM_FUNCTION struct command command_limit(struct command command, real limit, mask *saturated)
{
    const real square = command_square(command);
    const mask over = less(limit * limit, square);
    *saturated = over;
    /* Most commands are below the limit, so the test saves time. Without it the result would be the same to the bit,
     * because a factor of 1 changes nothing. */
    return any_lane(over) ? command_held(command, square, limit, over) : command;
}

/* square_nears returns the lanes (trials) in which the magnitude of a command, of which `square` is the square, exceeds
 * a quarter of `limit`. From there noise may carry the command to its limit within one step. command_nears does the
 * same for a command. */
ZEM_FUNCTION mask square_nears(real square, real limit) { return less(0.0625f * (limit * limit), square); }
ZEM_FUNCTION mask command_nears(struct command command, real limit)
{
    return square_nears(command_square(command), limit);
}

#endif
