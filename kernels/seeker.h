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

/* Power spectral density of the angle noise at a range, two-sided, rad2/Hz. */
ZEM_FUNCTION real noise_density(UNIFORM struct cell_parameters *cell, real range, real inverse_range)
{
    const real square = range * range;
    const real far = fmadd(cell->active_noise * square, square, fmadd(splat(cell->semiactive_noise), square, splat(cell->angle_noise)));
    return fmadd(cell->glint * inverse_range, inverse_range, far);
}

/* What is drawn of white noise for one step: of its expansion in Legendre polynomials over the step the mean, a standard normal, and the slope. Of the
 * slope only the second moment matters, so a random sign does: no step is alone in what it moves (weak approximation; Kloeden and
 * Platen, Numerical Solution of Stochastic Differential Equations, 1992, section 14.1). With the mean alone the miss is off by
 * some tenths of a per cent where the loop's response or the density changes over the step. */
struct noise {
    real mean_y, mean_z;
    bits signs; /* of the slopes: bit 0 of y, bit 1 of z */
};

/* Draws the noise of a step of both channels: one call of the generator serves two steps. Bits that the normals leave unused are the signs. */
ZEM_FUNCTION void noise_draw(struct noise *now, struct noise *next, const struct address *address, u32 step_index)
{
    if ((step_index & 1u) == 0u) {
        const struct counter c = draw(address, ZEM_STREAM_SEEKER, step_index >> 1);
        normal_pair(c.word[0], c.word[1], &now->mean_y, &now->mean_z);
        normal_pair(c.word[2], c.word[3], &next->mean_y, &next->mean_z);
        now->signs = c.word[1];
        next->signs = c.word[3];
    } else
        *now = *next;
}

/* Angle noise of a channel at start, middle and end of a step, where its standard deviations over the step are sigma, square root of density over
 * duration: z + sqrt(3) s (2 u - 1), u from 0 to 1. `sign` has the slope's sign in its highest bit. */
ZEM_FUNCTION void noise_nodes(real mean, bits sign, const real sigma[3], real noise[3])
{
    const real slope = as_real((sign & 0x80000000u) | 0x3FDDB3D7u); /* sqrt(3) */
    noise[0] = sigma[0] * (mean - slope);
    noise[1] = sigma[1] * mean;
    noise[2] = sigma[2] * (mean + slope);
}

#endif
