/* The seeker: what the line of sight looks like, the noise on it, the first-order tracker and the noise filter. */
#ifndef ZEM_SEEKER_H
#define ZEM_SEEKER_H

/* The line of sight at one instant, common to both channels. Small angles from the reference line. */
struct sight {
    real inverse_range;   /* 1/R, 1/m */
    real closing_rate;    /* Vc/R, 1/s: in linear kinematics the inverse of time-to-go */
    real closing_speed;   /* Vc, m/s */
};

/* Line-of-sight angle and rate of a channel with relative position and velocity. */
ZEM_FUNCTION real sight_angle(const struct sight *sight, real position) { return position * sight->inverse_range; }
ZEM_FUNCTION real sight_rate(const struct sight *sight, real position, real velocity)
{
    return fmadd(position, sight->closing_rate, velocity) * sight->inverse_range;
}

/* Power spectral density of the angle noise, two-sided, rad2/Hz, averaged exactly over a step in which the range goes from
 * `range` to `range_end`: glint 1/(R1 R2), semi-active (R1^2 + R1 R2 + R2^2)/3, active (R1^4 + R1^3 R2 + ... + R2^4)/5. */
ZEM_FUNCTION real noise_density(UNIFORM struct cell_parameters *cell, real range, real range_end, real inverse_range, real inverse_range_end)
{
    const real both = range * range_end, squares = fmadd(range, range, range_end * range_end);
    const real semiactive = (squares + both) * 0.333333343f;
    const real active = fmadd(squares, squares + both, -(both * both)) * 0.2f;
    real density = fmadd(splat(cell->glint) * inverse_range, inverse_range_end, splat(cell->angle_noise));
    density = fmadd(splat(cell->semiactive_noise), semiactive, density);
    return fmadd(splat(cell->active_noise), active, density);
}

/* Angle noise held over a step, both channels: one draw serves two steps. */
struct noise {
    real saved_y, saved_z;
};
ZEM_FUNCTION void noise_sample(struct noise *noise, const struct address *address, u32 step_index, real sigma, real *noise_y, real *noise_z)
{
    real y, z;
    if ((step_index & 1u) == 0u) {
        const struct counter c = draw(address, ZEM_STREAM_SEEKER, step_index >> 1);
        normal_pair(c.word[0], c.word[1], &y, &z);
        normal_pair(c.word[2], c.word[3], &noise->saved_y, &noise->saved_z);
    } else {
        y = noise->saved_y;
        z = noise->saved_z;
    }
    *noise_y = sigma * y;
    *noise_z = sigma * z;
}

#endif
