/* The divert budget: what is left of divert_limit after the steps so far, and how much of it the command of a step may
 * use. The flights of both kinematics call it before every step. */
#ifndef ZEM_DIVERT_BUDGET_H
#define ZEM_DIVERT_BUDGET_H

/* Limits the command of a step to what is left of the divert budget.
 *
 * Without an autopilot the command itself is the achieved acceleration. It is limited to the value that would use up
 * the budget in this step.
 *
 * With an autopilot the achieved acceleration lags the command. The budget is compared with the mean achieved
 * acceleration of the step, extrapolated from its slope over the previous step. When the budget runs out within the
 * step, the command is scaled for that step and is zero afterwards.
 *
 * `e->divert` lacks the last term of the trapezoidal rule, half the previous step times the achieved acceleration now.
 * It is added here. */
ZEM_FUNCTION void engagement_budget(UNIFORM struct cell_parameters *cell, const struct engagement *e,
                                    struct loop_input *input)
{
    input->budget_factor = splat(1.0f);
    if (!HAS(cell, ZEM_FEATURE_DIVERT_LIMIT))
        return;
    struct command now;
    now.y = channel_achieved(cell, &e->homing.y, e->achieved.y);
    now.z = channel_achieved(cell, &e->homing.z, e->achieved.z);
    const real size = command_size(now), shortest = splat(1.0e-9f);
    const real spent = fmadd(0.5f * e->last_step, size, e->divert);
    const real left = greater(cell->divert_limit - spent, splat(0.0f)) * reciprocal(greater(input->step, shortest));
    if (!HAS(cell, ZEM_FEATURE_AUTOPILOT)) {
        input->limit = HAS(cell, ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT) ? lesser(input->limit, left) : left;
        return;
    }
    const real slope = (size - command_size(e->achieved)) * reciprocal(greater(e->last_step, shortest));
    const real mean = choose(less(splat(0.0f), e->last_step), fmadd(0.5f * input->step, slope, size), size);
    input->budget_factor = lesser(left * reciprocal(greater(mean, shortest)), splat(1.0f));
}

/* Returns the command held during the blind time, reduced to what the divert budget allows. */
ZEM_FUNCTION struct command engagement_held(UNIFORM struct cell_parameters *cell, const struct engagement *e,
                                            struct loop_input *input, struct command held, mask *saturated)
{
    if (!HAS(cell, ZEM_FEATURE_GUIDANCE) || !HAS(cell, ZEM_FEATURE_DIVERT_LIMIT))
        return held;
    engagement_budget(cell, e, input);
    return command_allowed(cell, held, input, saturated);
}

#endif
