/* The seeker: line of sight, density of the angle noise, and the noise drawn for each step. homing.h and transition.h
 * integrate the tracker and the filter that follow. */
#ifndef ZEM_SEEKER_H
#define ZEM_SEEKER_H

/* The line of sight at one instant, which both channels share. Its angles from the reference line are small. */
struct sight {
    real inverse_range; /* 1/R, 1/m */
    real closing_rate;  /* Vc/R, 1/s; the inverse of time to go in linear kinematics */
    real closing_speed; /* Vc, m/s */
};

/* Return the line-of-sight angle (rad) and its rate (rad/s) of a channel, from relative position (m) and velocity
 * (m/s). */
ZEM_FUNCTION real sight_angle(const struct sight *sight, real position) { return position * sight->inverse_range; }
ZEM_FUNCTION real sight_rate(const struct sight *sight, real position, real velocity)
{
    return fmadd(position, sight->closing_rate, velocity) * sight->inverse_range;
}

/* Returns the two-sided power spectral density of the angle noise at a range (m), rad2/Hz. */
ZEM_FUNCTION real noise_density(UNIFORM struct cell_parameters *cell, real range, real inverse_range)
{
    const real square = range * range;
    const real far = fmadd(cell->active_noise * square, square,
                           fmadd(splat(cell->semiactive_noise), square, splat(cell->angle_noise)));
    return fmadd(cell->glint * inverse_range, inverse_range, far);
}

/* Random numbers of the white noise in one step. The noise is approximated by its mean and its slope over the step, the
 * first two terms of its expansion in Legendre polynomials. The mean is a standard normal. For the slope a random sign
 * of the right variance suffices, because a miss is a sum over many steps (weak approximation; Kloeden and Platen,
 * Numerical Solution of Stochastic Differential Equations, 1992, section 14.1). Without the slope the miss would be off
 * by some tenths of a percent, because the loop's response and the density change within a step. */
struct noise {
    real mean_y, mean_z;
    bits signs; /* of the slopes: bit 0 is that of channel y, bit 1 that of z */
};

/* Logarithm, base 2, of the number of steps whose noise is drawn together. One call of the random number generator
 * serves two steps. Kernels that leave vector registers free are faster with four steps, whose two calls overlap. The
 * Makefile sets the number for them in C, and opencl_flags.c in OpenCL. */
#ifndef ZEM_NOISE_STEPS_LOG
#define ZEM_NOISE_STEPS_LOG 1
#endif
#define ZEM_NOISE_STEPS (1u << ZEM_NOISE_STEPS_LOG)
/* A block: the noise of the steps that are drawn together. `series` has the draws of the trial. Kernels with one trial
 * in each work-item compute it anew for each block, because their registers are few. */
struct noise_block {
    struct noise step[ZEM_NOISE_STEPS];
#if ZEM_LANES > 1
    struct draw_series series;
#endif
};

/* Returns the block of a trial before its first step. */
ZEM_FUNCTION struct noise_block noise_block_begin(const struct address *address)
{
    struct noise_block block;
#if ZEM_LANES > 1
    block.series = draw_series_begin(address, ZEM_STREAM_SEEKER);
#else
    (void)address;
#endif
    ZEM_UNROLL
    for (u32 k = 0; k < ZEM_NOISE_STEPS; k++) {
        block.step[k].mean_y = block.step[k].mean_z = splat(0.0f);
        block.step[k].signs = splat_bits(0u);
    }
    return block;
}

/* Draws the noise of block number `index` of a trial. The signs of the slopes are bits that no normal uses. */
ZEM_FUNCTION void noise_draw(struct noise_block *block, const struct address *address, u32 index)
{
#if ZEM_LANES > 1
    const struct draw_series *series = &block->series;
#else
    const struct draw_series anew = draw_series_begin(address, ZEM_STREAM_SEEKER), *series = &anew;
#endif
    struct word w[ZEM_NOISE_STEPS >> 1][4];
    struct counter c[ZEM_NOISE_STEPS >> 1];
    real radius[ZEM_NOISE_STEPS];
    ZEM_UNROLL
    for (u32 k = 0; k < ZEM_NOISE_STEPS >> 1; k++)
        draw_series_words(series, address, index * (ZEM_NOISE_STEPS >> 1) + k, w[k]);
    philox_finish(w, ZEM_NOISE_STEPS >> 1, ZEM_SERIES_ROUNDS, address->seed_low, address->seed_high, c);
    ZEM_UNROLL
    for (u32 k = 0; k < ZEM_NOISE_STEPS; k++)
        radius[k] = normal_radius(c[k >> 1].word[2u * (k & 1u)]);
    ZEM_UNROLL
    for (u32 k = 0; k < ZEM_NOISE_STEPS; k++) {
        const bits word = c[k >> 1].word[2u * (k & 1u) + 1u];
        real cosine, sine;
        direction(word, &cosine, &sine);
        block->step[k].mean_y = radius[k] * cosine;
        block->step[k].mean_z = radius[k] * sine;
        block->step[k].signs = word;
    }
}

/* Returns the noise of a step of a trial. Steps must come in order, because the first step of a block draws the whole
 * block. */
ZEM_FUNCTION struct noise noise_take(struct noise_block *block, const struct address *address, u32 step_index)
{
    const u32 k = step_index & (ZEM_NOISE_STEPS - 1u);
    if (k == 0u)
        noise_draw(block, address, step_index >> ZEM_NOISE_STEPS_LOG);
#if ZEM_NOISE_STEPS_LOG == 1
    return k == 0u ? block->step[0] : block->step[1];
#else
    return block->step[k];
#endif
}

/* The source of a trial's noise. A program that flies steps in parts, or draws each kind of noise by itself, defines
 * ZEM_NOISE_SOURCE as the name of a header with another source. noise_source_place tells the source the range in the
 * middle of the next step, or that of the next measurement of a sampled seeker. noise_next returns the noise of a
 * step. */
#ifndef ZEM_NOISE_SOURCE
struct noise_source {
    struct noise_block drawn; /* of this step and its neighbours */
};
ZEM_FUNCTION struct noise_source noise_source_begin(const struct address *address)
{
    struct noise_source source;
    source.drawn = noise_block_begin(address);
    return source;
}
ZEM_FUNCTION void noise_source_refine(struct noise_source *source, u32 refinement)
{
    (void)source;
    (void)refinement;
}
ZEM_FUNCTION void noise_source_place(struct noise_source *source, UNIFORM struct cell_parameters *cell, real range,
                                     real inverse_range)
{
    (void)source;
    (void)cell;
    (void)range;
    (void)inverse_range;
}
ZEM_FUNCTION struct noise noise_next(struct noise_source *source, const struct address *address, u32 step_index)
{
    return noise_take(&source->drawn, address, step_index);
}
#endif

/* Draws the noise of measurement number `index` of a sampled seeker in both channels, two standard normals. */
#ifndef ZEM_NOISE_SAMPLED_BY_SOURCE
struct noise_source;
ZEM_FUNCTION void noise_sample(const struct noise_source *source, const struct address *address, bits index, real *y,
                               real *z)
{
    (void)source;
    const struct counter c = draw_lanes(address, ZEM_STREAM_SEEKER, index);
    normal_pair(c.word[0], c.word[1], y, z);
}
#endif

/* The clock of a sampled seeker. It measures at multiples of the sample interval from start of homing on, and guidance
 * gets each estimate after the delay. */
struct sample_clock {
    bits samples;  /* number of samples taken */
    bits releases; /* number of estimates that have reached guidance */
    real next;     /* time of the next sample, s */
    real release;  /* time at which the next estimate reaches guidance, s; ZEM_NEVER if none is on its way */
};
/* The lanes (trials) in which a sampled seeker measures, and in which an estimate reaches guidance. */
struct seeker_events {
    mask sample, release;
};
#define ZEM_NEVER 1.0e30f

ZEM_FUNCTION struct sample_clock sample_clock_begin(void)
{
    struct sample_clock clock;
    clock.samples = clock.releases = splat_bits(0u);
    clock.next = splat(0.0f);
    clock.release = splat(ZEM_NEVER);
    return clock;
}

/* Returns the events that are due at `time`, s. An event counts as due up to a thousandth of an interval early, so that
 * rounding of the time has no effect. Without a delay an estimate reaches guidance when it is measured. */
ZEM_FUNCTION struct seeker_events sample_clock_due(UNIFORM struct cell_parameters *cell,
                                                   const struct sample_clock *clock, real time)
{
    const real late = time + 1.0e-3f * cell->sample_interval;
    struct seeker_events due;
    due.sample = less(clock->next, late);
    due.release = less(clock->release, late);
    if (!(cell->sample_delay > 0.0f))
        due.release = either(due.release, due.sample);
    return due;
}

/* Advances the clock past the events `due`. */
ZEM_FUNCTION void sample_clock_advance(UNIFORM struct cell_parameters *cell, const struct seeker_events *due,
                                       struct sample_clock *clock)
{
    clock->samples = choose_bits(due->sample, clock->samples + 1u, clock->samples);
    clock->releases = choose_bits(due->release, clock->releases + 1u, clock->releases);
    clock->next = choose(due->sample, small_to_real(clock->samples) * cell->sample_interval, clock->next);
    const real taken = small_to_real(clock->releases) * cell->sample_interval;
    clock->release = choose(equal_bits(clock->releases, clock->samples), splat(ZEM_NEVER), taken + cell->sample_delay);
}

/* Returns the time of the next event, s. */
ZEM_FUNCTION real sample_clock_next(const struct sample_clock *clock) { return lesser(clock->next, clock->release); }

/* A seeker that must acquire the target looks for it at this many times the range of acquisition, so that a rounded
 * range counts as reached. */
#define ZEM_LOOK_RANGE 1.00001f

/* The line-of-sight rates (rad/s) that a sampled seeker has estimated and that guidance does not have yet, because
 * their delay is not over. The rate of sample k is in slot k modulo ZEM_QUEUE_SLOTS. Kernels that fly no sampled
 * seekers have a single slot and do not use it. */
#define ZEM_QUEUE_SLOTS (((ZEM_FEATURES_POSSIBLE)&ZEM_FEATURE_SAMPLED) != 0 ? ZEM_DELAY_LIMIT + 1 : 1)
struct sample_queue {
    real y[ZEM_QUEUE_SLOTS], z[ZEM_QUEUE_SLOTS];
};

ZEM_FUNCTION void sample_queue_clear(struct sample_queue *queue)
{
    for (u32 k = 0; k < ZEM_QUEUE_SLOTS; k++)
        queue->y[k] = queue->z[k] = splat(0.0f);
}

/* noise_nodes computes the angle noise of a channel at start, middle and end of a step, rad: sigma (z + sqrt(3) s x)
 * for x = -1, 0, 1. Here z is the mean, and s is +1 or -1, the sign of the slope in the top bit of `sign`. sigma is the
 * square root of density over duration at each of the three instants, rad. noise_slope returns sqrt(3) s. */
ZEM_FUNCTION real noise_slope(bits sign) { return as_real((sign & 0x80000000u) | 0x3FDDB3D7u); }
ZEM_FUNCTION void noise_nodes(real mean, bits sign, const real sigma[3], real noise[3])
{
    const real slope = noise_slope(sign);
    noise[0] = sigma[0] * (mean - slope);
    noise[1] = sigma[1] * mean;
    noise[2] = sigma[2] * (mean + slope);
}

#endif
