/* Guidance laws: the commanded acceleration nc of one channel, from the line-of-sight rate lambda' and the
 * accelerations of target (nT) and interceptor (nL). All laws have the form
 *
 *   nc = N' ( z + nT/2 - nL (e^-x + x - 1)/x^2 ),  z = (y + y' tgo)/tgo^2 = Vc lambda',  x = tgo/T
 *
 * N' is the effective navigation ratio, y the relative position, tgo the time to go, Vc the closing speed, and T the
 * lag of the autopilot. Proportional navigation (pn) has the first term, and augmented proportional navigation (apn)
 * the first two. The optimal law for a single-lag interceptor (ogl) has all three and N' = N'(x). The weave law (weave)
 * has the first term. In place of the second it has two terms for the displacement of a target that goes on turning at
 * the rate w:
 *
 *   nc = N' ( z + nT (1 - cos u)/u^2 + nT' tgo (u - sin u)/u^3 ),  u = w tgo
 *
 * Sources: Zarchan, Tactical and Strategic Missile Guidance, chapters 2, 8 and 20 (weaving targets); Cottrell, AIAA
 * Journal 9(7), 1971. */
#ifndef ZEM_GUIDANCE_H
#define ZEM_GUIDANCE_H

/* Features of the laws for which this file has a formula. */
#define ZEM_LAWS_FLOWN (ZEM_FEATURE_APN | ZEM_FEATURE_OGL | ZEM_FEATURE_WEAVE_LAW)
ZEM_CHECK(ZEM_LAWS_FLOWN == ZEM_FEATURES_OF_LAWS);

/* Features of the laws whose command depends on the target's acceleration. */
#define ZEM_LAWS_KNOWING (ZEM_FEATURE_APN | ZEM_FEATURE_OGL | ZEM_FEATURE_WEAVE_LAW)

/* Gains of a guidance law at one instant. Both channels share them. */
struct law {
    real gain;            /* effective navigation ratio N' */
    real authority;       /* N' Vc, m/s */
    real achieved_weight; /* ogl: weight of the achieved acceleration, (e^-x + x - 1)/x^2 */
};

/* Returns the gains of the optimal law, without the authority, for x = tgo/T:
 *
 *   N'(x) = 6 x^2 (e^-x - 1 + x) / (2x^3 + 3 + 6x - 6x^2 - 12 x e^-x - 3 e^-2x),  weight = (e^-x - 1 + x)/x^2
 *
 * Near x = 0 large terms cancel in both formulas: e^-x - 1 + x begins with x^2/2, and the denominator of N' with 3
 * x^5/10. Below x = 2 minimax polynomials replace them. The relative error before rounding is 4e-10 for x N'(x) = 10 +
 * 20x/9 + ..., and 3e-9 for the weight. */
ZEM_FUNCTION struct law optimal_law(real x)
{
    struct law law;
    const mask near = less(x, splat(2.0f));
    const real inverse = reciprocal(x);
    real g = splat(3.83224369e-06f);
    g = fmadd(g, x, splat(-5.35785475e-05f));
    g = fmadd(g, x, splat(0.000404834369f));
    g = fmadd(g, x, splat(-0.00549462065f));
    g = fmadd(g, x, splat(0.0837763995f));
    g = fmadd(g, x, splat(2.22222209f));
    g = fmadd(g, x, splat(10.0f));
    real p = splat(-1.25765632e-06f);
    p = fmadd(p, x, splat(2.05464403e-05f));
    p = fmadd(p, x, splat(-0.000191612868f));
    p = fmadd(p, x, splat(0.00138265523f));
    p = fmadd(p, x, splat(-0.00833016448f));
    p = fmadd(p, x, splat(0.0416658632f));
    p = fmadd(p, x, splat(-0.166666582f));
    p = fmadd(p, x, splat(0.5f));
    /* x is held to 1e5, because N' equals 3 to five digits from there on. */
    const real far_x = greater(lesser(x, splat(1.0e5f)), splat(2.0f));
    const real decay = exponential(-far_x);
    const real numerator = decay + (far_x - 1.0f);
    const real square = far_x * far_x;
    const real denominator =
        fmadd(fmadd(splat(2.0f), far_x, splat(-6.0f)), square, fmadd(splat(6.0f), far_x, splat(3.0f)))
        - decay * fmadd(splat(3.0f), decay, 12.0f * far_x);
    law.gain = choose(near, g * inverse, divide(6.0f * square * numerator, denominator));
    law.achieved_weight = choose(near, p, numerator * reciprocal(square));
    return law;
}

/* Returns the time to go that guidance uses, s: the true time to go times a factor plus a bias, which stand for its
 * error, and at least a fifth of the true one. */
ZEM_FUNCTION real time_to_go_taken(UNIFORM struct cell_parameters *cell, real time_to_go)
{
    return greater(fmadd(splat(cell->time_to_go_scale), time_to_go, splat(cell->time_to_go_bias)),
                   ZEM_TIME_TO_GO_LEAST * time_to_go);
}

/* Weights of the weave law with u = w tgo, the angle by which the target still turns. `acceleration` is the weight of
 * the target's acceleration, 2 (1 - cos u)/u^2. `rate` is the weight of the rate of change of this acceleration, 2 tgo
 * (u - sin u)/u^3, in s. */
struct weave_weights {
    real acceleration, rate;
};

/* Returns the weights of the weave law. `closing_rate` is 1/tgo, 1/s. For u < 1 the terms of u - sin u cancel, so its
 * series is used instead. The first omitted term is 1e-9 of the sum. */
ZEM_FUNCTION struct weave_weights weave_weights_of(UNIFORM struct cell_parameters *cell, real closing_rate)
{
    struct weave_weights weights;
    real time_to_go = reciprocal(greater(closing_rate, splat(1.0e-9f)));
    if (HAS(cell, ZEM_FEATURE_TIME_TO_GO))
        time_to_go = time_to_go_taken(cell, time_to_go);
    const real turns = time_to_go * cell->assumed_turn_rate;
    const real u = 6.28318531f * turns, square = u * u, inverse = reciprocal(greater(u, splat(1.0e-3f)));
    real half_sine, unused, series = splat(-2.50521084e-08f);
    sine_cosine_turns(0.5f * turns, &half_sine, &unused);
    const real ratio = half_sine * inverse;
    series = fmadd(series, square, splat(2.75573192e-06f));
    series = fmadd(series, square, splat(-1.98412698e-04f));
    series = fmadd(series, square, splat(8.33333333e-03f));
    series = fmadd(-series, square, splat(0.166666667f));
    const real direct = fmadd(-sine_turns(turns), inverse, splat(1.0f)) * (inverse * inverse);
    weights.acceleration =
        2.0f * choose(less(u, splat(1.0e-2f)), fmadd(splat(-0.0416666667f), square, splat(0.5f)), 2.0f * ratio * ratio);
    weights.rate = 2.0f * time_to_go * choose(less(u, splat(1.0f)), series, direct);
    return weights;
}

/* Returns the constant acceleration that would take the target as far by the end of the flight as its weave does, m/s2.
 * `acceleration` (m/s2) and `rate` (m/s3) are the target's acceleration and its rate. The weave law is augmented
 * proportional navigation with the returned acceleration. */
ZEM_FUNCTION real weave_known(const struct weave_weights *weights, real acceleration, real rate)
{
    return fmadd(weights->rate, rate, weights->acceleration * acceleration);
}

/* Returns the gains of the cell's law. `closing_rate` is 1/tgo in 1/s, `closing_speed` is Vc in m/s. An error of the
 * time to go acts on the laws that need the time to go. They compute (y + y' tgo)/tgo^2 as R lambda'/t, where R is the
 * range and t the time to go that guidance uses. So R/t replaces Vc. */
ZEM_FUNCTION struct law guidance_law(UNIFORM struct cell_parameters *cell, real closing_rate, real closing_speed)
{
    struct law law;
    law.gain = splat(cell->navigation_gain);
    law.achieved_weight = splat(0.0f);
    if (HAS(cell, ZEM_FEATURE_TIME_TO_GO)) {
        const real time_to_go = reciprocal(greater(closing_rate, splat(1.0e-9f)));
        const real taken = reciprocal(time_to_go_taken(cell, time_to_go));
        closing_speed = closing_speed * (time_to_go * taken);
        closing_rate = taken;
    }
    if (HAS(cell, ZEM_FEATURE_OGL))
        law = optimal_law(reciprocal(greater(closing_rate * cell->autopilot_lag, splat(1.0e-20f))));
    law.authority = ZEM_LAW_AUTHORITY(law.gain, closing_speed);
    return law;
}

/* Returns the commanded acceleration of one channel, m/s2. `rate` is the line-of-sight rate, rad/s.
 * `target_acceleration` is nT, or what weave_known returns for the weave law. `achieved` is nL. pn ignores both
 * accelerations, and only ogl uses nL. */
ZEM_FUNCTION real law_command(UNIFORM struct cell_parameters *cell, const struct law *law, real rate,
                              real target_acceleration, real achieved)
{
    real command = law->authority * rate;
    if (HAS(cell, ZEM_LAWS_KNOWING)) {
        real known = cell->half_known_share * target_acceleration;
        if (HAS(cell, ZEM_FEATURE_OGL))
            known = fmadd(-achieved, law->achieved_weight, known);
        command = fmadd(law->gain, known, command);
    }
    return command;
}

/* Applies a displacement at start of homing to one channel of the homing loop. The true line of sight differs from the
 * nominal one by `angle` (rad) because of the displacement.
 *
 * A tracker or a sampled seeker starts on the nominal line of sight and sees the jump by itself. Without a tracker the
 * jump acts as with a very fast tracker: as an impulse in the line-of-sight rate, which the next lag integrates. A
 * limited command passes no impulse. An estimator does not differentiate the measured angle and sees no impulse. */
ZEM_FUNCTION void channel_handover(UNIFORM struct cell_parameters *cell, struct channel *c, real angle,
                                   real closing_rate, real closing_speed)
{
    if (HAS(cell, ZEM_FEATURE_TRACKER | ZEM_FEATURE_SAMPLED | ZEM_FEATURE_PERFECT | ZEM_FEATURE_KALMAN)
        || !HAS(cell, ZEM_FEATURE_GUIDANCE))
        return;
    if (HAS(cell, ZEM_FEATURE_FILTER)) {
        *(HAS(cell, ZEM_FEATURE_QUADRATIC_FILTER) ? &c->FILTER_DRIVE : &c->filter) = angle * cell->inverse_filter_lag;
        return;
    }
    if (HAS(cell, ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT | ZEM_FEATURE_DIVERT_LIMIT))
        return;
    const real impulse = guidance_law(cell, closing_rate, closing_speed).authority * angle; /* m/s */
    if (HAS(cell, ZEM_FEATURE_AUTOPILOT)) {
        ZEM_UNROLL
        for (u32 k = 0; k < ZEM_STAGES_LIMIT; k++)
            if (k == ZEM_STAGES_LIMIT - STAGES(cell))
                c->stage[k] = impulse * cell->inverse_stage_lag; /* inverse time constant of the first stage */
    } else
        c->velocity = c->velocity - impulse;
}

#endif
