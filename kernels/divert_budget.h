/* The divert budget: the part of divert_limit that a trial has not used yet. The flights of both kinematics call
 * engagement_budget before every step. homing.h ends the command within the step in which the budget is spent. */
#ifndef ZEM_DIVERT_BUDGET_H
#define ZEM_DIVERT_BUDGET_H

/* Sets input->divert_left to the divert budget at the start of a step, m/s. Without a divert limit it is 0. */
ZEM_FUNCTION void engagement_budget(UNIFORM struct cell_parameters *cell, const struct engagement *e,
                                    struct loop_input *input)
{
    input->divert_left = HAS(cell, ZEM_FEATURE_DIVERT_LIMIT) ? cell->divert_limit - e->divert : splat(0.0f);
}

#endif
