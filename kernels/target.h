/* The target's maneuver: the values drawn for a trial, and the acceleration over a step. The acceleration has two
 * components normal to the target's velocity: one in the roll direction, and one across it. The flights of both
 * kinematics use this file for the disturbances of every step. */
#ifndef ZEM_TARGET_H
#define ZEM_TARGET_H

/* Features of the maneuvers for which this file has a formula. */
#define ZEM_MANEUVERS_FLOWN \
    (ZEM_FEATURE_STEP | ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL | ZEM_FEATURE_TELEGRAPH | ZEM_FEATURE_RAMP \
     | ZEM_FEATURE_PARABOLA)
ZEM_CHECK(ZEM_MANEUVERS_FLOWN == ZEM_FEATURES_OF_MANEUVERS);

/* What a trial has drawn for the maneuver, and how far the maneuver has come. The shots of a salvo share the draws. */
struct target {
    real level;            /* acceleration, m/s2; ramp, parabola: after the rise time */
    real frequency, phase; /* Hz; turns */
    real start;            /* since start of homing of the first shot, s */
    real roll_cosine, roll_sine;
    real offset;                     /* start of homing of this shot after that of the first, s */
    real sign, next_reversal;        /* telegraph: current sign; time of the next reversal, counted as `start`, s */
    bits reversals;                  /* telegraph: number of reversals drawn */
    real last_in_plane, last_across; /* weave, spiral: components at the end of the last step, m/s2 */
};

/* Returns the time from one reversal of a telegraph to the next, s. Reversals are a Poisson process, so the time is
 * exponential with the mean 1/switching_rate. `word` is random. */
ZEM_FUNCTION real reversal_interval(UNIFORM struct cell_parameters *cell, bits word)
{
    return -logarithm(uniform_positive(word)) * reciprocal(greater(splat(cell->switching_rate), splat(1.0e-9f)));
}

/* Reverses the acceleration of a telegraph in the lanes (trials) of `m` and draws the time of their next reversal. */
ZEM_FUNCTION void target_reverse(UNIFORM struct cell_parameters *cell, const struct address *address, mask m,
                                 struct target *target)
{
    struct address shared = *address;
    shared.shot = 0u;
    shared = source_address(&shared, ZEM_SOURCE_REVERSALS);
    const bits next = target->reversals + 1u;
    const struct counter c = draw_lanes(&shared, ZEM_STREAM_TELEGRAPH, next);
    target->reversals = choose_bits(m, next, target->reversals);
    target->sign = choose(m, -target->sign, target->sign);
    target->next_reversal =
        choose(m, target->next_reversal + reversal_interval(cell, c.word[0]), target->next_reversal);
}

/* Returns the angle of a weave or spiral at a time (s since start of homing of this shot), turns. */
ZEM_FUNCTION real wave_angle(const struct target *target, real time)
{
    return fmadd(time + target->offset, target->frequency, target->phase);
}

/* Computes the in-plane acceleration of a weave or spiral at a time, m/s2, without the limit by lift. `*quarter` gets
 * the in-plane acceleration that the maneuver has a quarter of a period earlier. For a weave it is set only if the cell
 * uses the weave law. */
ZEM_FUNCTION void target_wave(UNIFORM struct cell_parameters *cell, const struct target *target, real time,
                              real *in_plane, real *quarter)
{
    if (HAS(cell, ZEM_FEATURE_SPIRAL)) {
        real sine, cosine;
        sine_cosine_turns(wave_angle(target, time), &sine, &cosine);
        *in_plane = target->level * cosine;
        *quarter = target->level * sine;
    } else if (HAS(cell, ZEM_FEATURE_WEAVE_LAW)) {
        real sine, cosine;
        sine_cosine_turns(wave_angle(target, time), &sine, &cosine);
        *in_plane = target->level * sine;
        *quarter = -(target->level * cosine);
    } else
        *in_plane = target->level * sine_turns(wave_angle(target, time));
}

/* Starts a weave or spiral for target_turned, which rotates the components of one step into those of the next. A weave
 * is computed as the in-plane component of a spiral whose angle is a quarter turn less. The component across of this
 * spiral is stored too, because the rotation and guidance need it, but it never accelerates a weaving target. */
ZEM_FUNCTION void target_wave_begin(UNIFORM struct cell_parameters *cell, struct target *target)
{
    real sine, cosine;
    sine_cosine_turns(wave_angle(target, splat(0.0f)), &sine, &cosine);
    target->last_in_plane = target->level * (HAS(cell, ZEM_FEATURE_SPIRAL) ? cosine : sine);
    target->last_across = target->level * (HAS(cell, ZEM_FEATURE_SPIRAL) ? sine : -cosine);
}

/* Returns the maneuver that a trial has drawn, at the start of homing of the shot to fly. `address` must have shot 0,
 * because the shots of a salvo share the draws. `offset` is the start of homing of the shot to fly, after that of the
 * first shot, s. */
ZEM_FUNCTION struct target target_sample(UNIFORM struct cell_parameters *cell, const struct address *address,
                                         float offset)
{
    struct target target;
    target.level = sample_quantity(cell, address, ZEM_STREAM_TARGET, ZEM_VARIED_ACCELERATION);
    target.frequency = target.phase = target.start = splat(0.0f);
    target.sign = target.next_reversal = splat(0.0f);
    target.reversals = splat_bits(0u);
    target.offset = splat(offset);
    target.last_in_plane = target.last_across = splat(0.0f);
    if (HAS(cell, ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL)) {
        target.frequency = reciprocal(sample_quantity(cell, address, ZEM_STREAM_TARGET, ZEM_VARIED_PERIOD));
        target.phase = sample_quantity(cell, address, ZEM_STREAM_TARGET, ZEM_VARIED_PHASE);
        target_wave_begin(cell, &target);
    }
    if (HAS(cell, ZEM_FEATURE_STEP | ZEM_FEATURE_RAMP | ZEM_FEATURE_PARABOLA))
        target.start = sample_quantity(cell, address, ZEM_STREAM_TARGET, ZEM_VARIED_START);
    if (HAS(cell, ZEM_FEATURE_TELEGRAPH)) {
        const struct address drawn = source_address(address, ZEM_SOURCE_REVERSALS);
        const struct counter c = draw(&drawn, ZEM_STREAM_TELEGRAPH, 0u);
        target.next_reversal = reversal_interval(cell, c.word[0]);
        target.sign = as_real((c.word[1] & 0x80000000u) | 0x3F800000u);
        mask past = less(target.next_reversal, target.offset);
        while (any_lane(past)) {
            target_reverse(cell, address, past, &target);
            past = less(target.next_reversal, target.offset);
        }
    }
    sine_cosine_turns(sample_quantity(cell, address, ZEM_STREAM_TARGET, ZEM_VARIED_ROLL), &target.roll_sine,
                      &target.roll_cosine);
    return target;
}

/* The target's acceleration at start, middle and end of a step, m/s2: in the roll direction (in_plane), and across
 * it. */
struct maneuver {
    real in_plane[3], across[3];
    real quarter[3]; /* weave, spiral: in_plane a quarter of a period before */
};

/* Adds a constant acceleration `level` that is switched on within a step to the values `node` at start, middle and end
 * of the step. Such a jump is no polynomial, and the parabola through its true values would integrate it wrongly. The
 * function adds the projection of the jump on the Legendre polynomials up to degree two: the parabola with the same
 * mean, slope and curvature, whose integral and double integral over the step are exact. u is the fraction of the step
 * after the jump; for u = 0 nothing is added. For the level 1 the Legendre moments m0 to m2 of the jump and the values
 * at the three nodes are
 *
 *   m0 = u,  m1 = u (1 - u),  m2 = (1 - 2u) m1,  and the nodes  m0 - 3 m1 + 5 m2,  m0 - 5/2 m2,  m0 + 3 m1 + 5 m2. */
ZEM_FUNCTION void add_switched_level(real level, real u, real node[3])
{
    const real m1 = fmadd(-u, u, u), m2 = fmadd(-2.0f * u, m1, m1);
    const real ends = fmadd(splat(5.0f), m2, u);
    node[0] = fmadd(level, fmadd(splat(-3.0f), m1, ends), node[0]);
    node[1] = fmadd(level, fmadd(splat(-2.5f), m2, u), node[1]);
    node[2] = fmadd(level, fmadd(splat(3.0f), m1, ends), node[2]);
}

/* Returns the fraction of a step that lies after an instant, which is `since` seconds before the end of the step. The
 * fraction is 0 if the instant is after the end, and 1 if it is before the start. */
ZEM_FUNCTION real fraction_after(real since, real step)
{
    return lesser(greater(since * reciprocal(greater(step, splat(1.0e-9f))), splat(0.0f)), splat(1.0f));
}

/* Returns x held to the range from -bound to bound. */
ZEM_FUNCTION real clip(real x, real bound) { return lesser(greater(x, -bound), bound); }

/* Returns the factor that reduces an acceleration `level` to the magnitude `limit`; 1 where the level is below. */
ZEM_FUNCTION real lift_share(real level, real limit)
{
    const real size = magnitude(level);
    return choose(less(limit, size), limit * reciprocal(greater(size, splat(1.0e-9f))), splat(1.0f));
}

/* Computes the acceleration of a telegraph at start, middle and end of a step: its value at the start, with a jump of
 * twice the level at every reversal. `end` is the time at the end of the step, counted as target->next_reversal.
 * Advances `target` past the reversals. */
ZEM_PART void telegraph_maneuver(UNIFORM struct cell_parameters *cell, const struct address *address,
                                 struct target *target, real level, real end, real step, real node[3])
{
    for (int k = 0; k < 3; k++)
        node[k] = target->sign * level;
    mask reverses = less(target->next_reversal, end);
    while (any_lane(reverses)) {
        const real u = choose(reverses, fraction_after(end - target->next_reversal, step), splat(0.0f));
        add_switched_level(-2.0f * target->sign * level, u, node);
        target_reverse(cell, address, reverses, target);
        reverses = less(target->next_reversal, end);
    }
}

/* Adds a ramp or a parabola to the values `node` at start, middle and end of a step: level x^p from its start on, with
 * x = (t - start) / rise time and p = 1 for a ramp, 2 for a parabola. `since` has t - start at the three instants, s.
 *
 * In the step in which the maneuver starts, the function adds its projection on the Legendre polynomials up to degree
 * two instead (see add_switched_level). u is the fraction of the step after the start of the maneuver, c = 1 - 2u, and
 * I_n is the integral of w^(p+n) for w from 0 to u. The Legendre moments of w^p are
 *
 *   m0 = I0,  m1 = 2 I1 + c I0,  m2 = 6 I2 + 6 c I1 + (1.5 c^2 - 0.5) I0. */
ZEM_PART void add_grown_level(UNIFORM struct cell_parameters *cell, real level, const real since[3], real step,
                              real node[3])
{
    const int parabola = HAS(cell, ZEM_FEATURE_PARABOLA) != 0;
    const real scale = step * cell->inverse_rise_time, u = fraction_after(since[2], step);
    const real square = u * u, c = fmadd(splat(-2.0f), u, splat(1.0f));
    const mask starts = less(since[0], splat(0.0f));
    real i0 = 0.5f * square, i1 = 0.333333343f * (square * u), i2 = 0.25f * (square * square), size = level * scale;
    if (parabola) {
        i0 = 0.333333343f * (square * u);
        i1 = 0.25f * (square * square);
        i2 = 0.2f * (square * square * u);
        size = size * scale;
    }
    const real m1 = fmadd(splat(2.0f), i1, c * i0);
    const real m2 = fmadd(splat(6.0f), fmadd(c, i1, i2), fmadd(splat(1.5f) * c, c, splat(-0.5f)) * i0);
    const real ends = fmadd(splat(5.0f), m2, i0);
    const real projected[3] = {fmadd(splat(-3.0f), m1, ends), fmadd(splat(-2.5f), m2, i0),
                               fmadd(splat(3.0f), m1, ends)};
    ZEM_UNROLL
    for (int k = 0; k < 3; k++) {
        const real x = greater(since[k], splat(0.0f)) * cell->inverse_rise_time;
        const real grown = level * (parabola ? x * x : x);
        node[k] = node[k] + choose(starts, size * projected[k], grown);
    }
}

/* Returns the acceleration of the target over a step of duration `step` (s). `time` has the times of its start, middle
 * and end, since start of homing of this shot. With a limit by lift no value exceeds `limit` (m/s2). Advances `target`
 * to the end of the step. */
ZEM_FUNCTION struct maneuver target_maneuver(UNIFORM struct cell_parameters *cell, const struct address *address,
                                             struct target *target, const real time[3], real step, real limit)
{
    struct maneuver m;
    const int limited = HAS(cell, ZEM_FEATURE_LIFT_LIMIT);
    const real level = limited ? clip(target->level, limit) : target->level;
    for (int node = 0; node < 3; node++)
        m.in_plane[node] = m.across[node] = m.quarter[node] = splat(0.0f);
    if (HAS(cell, ZEM_FEATURE_STEP))
        add_switched_level(level, fraction_after((time[2] + target->offset) - target->start, step), m.in_plane);
    if (HAS(cell, ZEM_FEATURE_RAMP | ZEM_FEATURE_PARABOLA)) {
        real since[3];
        for (int node = 0; node < 3; node++)
            since[node] = (time[node] + target->offset) - target->start;
        add_grown_level(cell, target->level, since, step, m.in_plane);
        for (int node = 0; limited && node < 3; node++)
            m.in_plane[node] = clip(m.in_plane[node], limit);
    }
    if (HAS(cell, ZEM_FEATURE_TELEGRAPH))
        telegraph_maneuver(cell, address, target, level, time[2] + target->offset, step, m.in_plane);
    if (HAS(cell, ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL)) {
        m.in_plane[0] = target->last_in_plane; /* continues from the previous step */
        m.quarter[0] = HAS(cell, ZEM_FEATURE_SPIRAL | ZEM_FEATURE_WEAVE_LAW) ? target->last_across : splat(0.0f);
        for (int node = 1; node < 3; node++)
            target_wave(cell, target, time[node], &m.in_plane[node], &m.quarter[node]);
        target->last_in_plane = m.in_plane[2];
        target->last_across = m.quarter[2];
        for (int node = 0; HAS(cell, ZEM_FEATURE_SPIRAL) && node < 3; node++)
            m.across[node] = m.quarter[node];
        for (int node = 0; limited && node < 3; node++) {
            /* A weave is cut off at the limit. A spiral has a constant magnitude, which is reduced to the limit. */
            const real share = HAS(cell, ZEM_FEATURE_SPIRAL) ? lift_share(target->level, limit) : splat(1.0f);
            m.in_plane[node] = clip(share * m.in_plane[node], limit);
            m.across[node] = clip(share * m.across[node], limit);
        }
    }
    return m;
}

/* Rate of change of the acceleration of a weave or spiral, in the roll direction and across it, m/s3. target_jerk
 * returns it at start, middle or end of a step (`node` 0, 1, 2), without the limit by lift. */
struct jerk {
    real in_plane, across;
};
ZEM_FUNCTION struct jerk target_jerk(UNIFORM struct cell_parameters *cell, const struct target *target,
                                     const struct maneuver *m, int node)
{
    const real rate = 6.28318531f * target->frequency;
    struct jerk jerk;
    jerk.in_plane = -(rate * m->quarter[node]);
    jerk.across = HAS(cell, ZEM_FEATURE_SPIRAL) ? rate * m->in_plane[node] : splat(0.0f);
    return jerk;
}

/* Returns the acceleration over a step of a weave or spiral whose period is the same in all trials of the cell. The
 * acceleration at the end of the last step is rotated by the angles that the schedule has for this step. Advances
 * `target`. */
ZEM_FUNCTION struct maneuver target_turned(UNIFORM struct schedule_step *step, struct target *target)
{
    const real in_plane = target->last_in_plane, across = target->last_across;
    struct maneuver m;
    m.in_plane[0] = in_plane;
    m.across[0] = m.quarter[0] = across;
    m.in_plane[1] = fmadd(splat(step->half_turn_sine), -across, step->half_turn_cosine * in_plane);
    m.across[1] = m.quarter[1] = fmadd(splat(step->half_turn_sine), in_plane, step->half_turn_cosine * across);
    m.in_plane[2] = target->last_in_plane = fmadd(splat(step->turn_sine), -across, step->turn_cosine * in_plane);
    m.across[2] = m.quarter[2] = fmadd(splat(step->turn_sine), in_plane, step->turn_cosine * across);
    target->last_across = m.across[2];
    return m;
}

#endif
