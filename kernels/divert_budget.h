/* The divert budget: what the trial has spent of divert_limit, and what is left for the command of a step. */
#ifndef ZEM_DIVERT_BUDGET_H
#define ZEM_DIVERT_BUDGET_H

/* Holds the command of a step to what is left of the divert budget. Without an autopilot the command is what is spent:
 * no more than would spend the rest in the step. With one the command has its effect later: it stays what it is until
 * the achieved acceleration has spent the rest, and is nothing from then on; a step in which that happens gets the
 * mean. What was spent is known to the start of the step before, and followed from there by the trapezoidal rule. */
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

/* The command that is held while the seeker is blind, as far as the divert budget goes. */
ZEM_FUNCTION struct command engagement_held(UNIFORM struct cell_parameters *cell, const struct engagement *e,
                                            struct loop_input *input, struct command held, mask *saturated)
{
    if (!HAS(cell, ZEM_FEATURE_GUIDANCE) || !HAS(cell, ZEM_FEATURE_DIVERT_LIMIT))
        return held;
    engagement_budget(cell, e, input);
    return command_allowed(cell, held, input, saturated);
}

#endif
