/* The divert budget: what is left of divert_limit. The flights of both kinematics call it before every step; homing.h
 * ends the command within the step in which the budget runs out. */
#ifndef ZEM_DIVERT_BUDGET_H
#define ZEM_DIVERT_BUDGET_H

/* Sets what is left of the divert budget at the start of a step. */
ZEM_FUNCTION void engagement_budget(UNIFORM struct cell_parameters *cell, const struct engagement *e,
                                    struct loop_input *input)
{
    input->divert_left = HAS(cell, ZEM_FEATURE_DIVERT_LIMIT) ? cell->divert_limit - e->divert : splat(0.0f);
}

#endif
