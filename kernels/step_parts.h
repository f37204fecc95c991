/* A step that is cut into parts where the target's acceleration jumps or begins to grow: at the start of a step
 * maneuver, a ramp or a parabola, and at the reversals of a telegraph. This file calls each of these instants a jump.
 * There the command may be discontinuous or have a kink. Within each part the command is smooth. Every lane (trial) has
 * its own parts; a lane without a jump flies the step whole. */
#ifndef ZEM_STEP_PARTS_H
#define ZEM_STEP_PARTS_H

/* Largest number of parts of a step. Further jumps are not cut: add_switched_level approximates them in the last
 * part. */
#define ZEM_PARTS_LIMIT 8

/* A jump that is nearer to the start or the end of a step than this fraction of the step does not cut the step. */
#define ZEM_PART_SHORTEST 1.0e-3f

/* Whether the code of a step without a jump stands apart from that of a step in parts, so that its inputs need not be
 * copied. This is faster where many lanes fly at once and the features of a cell are known, but doubles the code. */
#define ZEM_WHOLE_APART (ZEM_LANES > 1 && (ZEM_FEATURES_CERTAIN) != 0u)

/* A part of a step, as fractions of the step. */
struct step_part {
    real at[3]; /* start, middle and end of the part */
    mask whole; /* lanes in which it is the whole step */
};

/* Replaces the values `node` at start, middle and end of the step by the values at start, middle and end of the part.
 * Between them the values follow a parabola. */
ZEM_FUNCTION void part_nodes(const struct step_part *part, real node[3])
{
    const real bend = 2.0f * ((node[0] - node[1]) + (node[2] - node[1])), slope = (node[2] - node[0]) - bend;
    const real start = node[0];
    ZEM_UNROLL
    for (int k = 0; k < 3; k++)
        node[k] = choose(part->whole, node[k], fmadd(part->at[k], fmadd(part->at[k], bend, slope), start));
}

/* Replaces the inputs of the homing loop for a step by those for a part of it. The target's maneuver is left to
 * part_maneuver. */
ZEM_FUNCTION void part_input(UNIFORM struct cell_parameters *cell, const struct step_part *part,
                             struct loop_input *input)
{
    real value[6][3];
    ZEM_UNROLL
    for (int k = 0; k < 3; k++) {
        value[0][k] = input->sight[k].inverse_range;
        value[1][k] = input->sight[k].closing_rate;
        value[2][k] = input->sight[k].closing_speed;
        value[3][k] = input->law[k].gain;
        value[4][k] = input->law[k].authority;
        value[5][k] = input->law[k].achieved_weight;
    }
    for (int k = 0; k < 6; k++)
        part_nodes(part, value[k]);
    ZEM_UNROLL
    for (int k = 0; k < 3; k++) {
        input->sight[k].inverse_range = value[0][k];
        input->sight[k].closing_rate = value[1][k];
        input->sight[k].closing_speed = value[2][k];
        input->law[k].gain = value[3][k];
        input->law[k].authority = value[4][k];
        input->law[k].achieved_weight = value[5][k];
    }
    part_nodes(part, input->disturbance_y);
    part_nodes(part, input->disturbance_z);
    if (HAS(cell, ZEM_FEATURE_NOISE)) {
        part_nodes(part, input->noise_y);
        part_nodes(part, input->noise_z);
    }
    if (HAS(cell, ZEM_FEATURE_KALMAN)) {
        part_nodes(part, input->measurement.residual_y);
        part_nodes(part, input->measurement.residual_z);
    }
    const real duration = input->step, start = input->time[0], share = part->at[2] - part->at[0];
    input->rough = input->rough * share;
    input->swing.y = input->swing.y * (share * share);
    input->swing.z = input->swing.z * (share * share);
    ZEM_UNROLL
    for (int k = 0; k < 3; k++)
        input->time[k] = choose(part->whole, input->time[k], fmadd(part->at[k], duration, start));
    input->step = choose(part->whole, duration, duration * share);
}

/* The maneuver in a step: its direction, as components in channels y and z, and its largest acceleration by lift,
 * m/s2. */
struct jump_input {
    real lift_y, lift_z, limit;
};

/* Adds the maneuver of a part of a step to its inputs. Before the call the disturbances of `input` must have the other
 * forces only. */
ZEM_FUNCTION void part_maneuver(UNIFORM struct cell_parameters *cell, const struct address *address,
                                struct target *target, const struct jump_input *jump, struct loop_input *input)
{
    const struct maneuver m = target_maneuver(cell, address, target, input->time, input->step, jump->limit);
    ZEM_UNROLL
    for (int k = 0; k < 3; k++) {
        input->target_y[k] = jump->lift_y * m.in_plane[k];
        input->target_z[k] = jump->lift_z * m.in_plane[k];
        input->disturbance_y[k] = input->disturbance_y[k] + input->target_y[k];
        input->disturbance_z[k] = input->disturbance_z[k] + input->target_z[k];
    }
}

/* Returns the lanes (trials) in which the next jump of the maneuver cuts the rest of a step, which begins at the
 * fraction `from` of the step. Sets `*at` to the fraction at which the jump is. `start` is the time at the start of the
 * step (s), and `inverse` is 1 over its duration. */
ZEM_FUNCTION mask part_is_cut(UNIFORM struct cell_parameters *cell, const struct target *target, real from, real start,
                              real inverse, real *at)
{
    const real next = HAS(cell, ZEM_FEATURE_TELEGRAPH) ? target->next_reversal : target->start;
    *at = (next - start) * inverse;
    return both(less(from + ZEM_PART_SHORTEST, *at), less(*at, splat(1.0f - ZEM_PART_SHORTEST)));
}

/* Replaces the inputs of a step by those of its part number k. The part begins at the fraction `from` of the step and
 * ends at the next jump, or at the end of the step. `start` is the time at the start of the step (s), and `inverse` is
 * 1 over its duration. Returns the fraction of the step at which the part ends. */
ZEM_FUNCTION real part_cut(UNIFORM struct cell_parameters *cell, const struct target *target, int k, real from,
                           real start, real inverse, struct loop_input *input)
{
    real at;
    const mask cut = part_is_cut(cell, target, from, start, inverse, &at);
    const real to = k == ZEM_PARTS_LIMIT - 1 ? splat(1.0f) : choose(cut, at, splat(1.0f));
    struct step_part part;
    part.at[0] = from;
    part.at[1] = 0.5f * (from + to);
    part.at[2] = to;
    part.whole = both(mask_not(less(splat(0.0f), from)), mask_not(less(to, splat(1.0f))));
    if (any_lane(mask_not(part.whole)))
        part_input(cell, &part, input);
    return to;
}

/* Adds the maneuver of a part of a step to its inputs, and sets the divert budget that is left at its start. */
ZEM_FUNCTION void part_prepare(UNIFORM struct cell_parameters *cell, const struct engagement *e, struct target *target,
                               const struct jump_input *jump, struct loop_input *input)
{
    part_maneuver(cell, &e->address, target, jump, input);
    engagement_budget(cell, e, input);
}

/* Flies the homing loop over a step or a part of it, and accounts for it. */
ZEM_FUNCTION void part_fly(UNIFORM struct cell_parameters *cell, struct engagement *e, const struct loop_input *input)
{
    struct homing_report report;
    homing_step(cell, &e->homing, input, &report);
    engagement_account(cell, e, &report, input->step);
}

/* Flies the homing loop over a step, in parts if the maneuver has jumps. `whole` has the inputs of the whole step, and
 * the function may change it. If the maneuver can jump, the disturbances of `whole` do not have the maneuver, `target`
 * has the maneuver at the start of the step, and the function advances `target` to the end of the step. */
ZEM_PART void engagement_parts(UNIFORM struct cell_parameters *cell, struct engagement *e, struct target *target,
                               struct loop_input *whole, const struct jump_input *jump)
{
    const real start = whole->time[0] + target->offset, inverse = reciprocal(greater(whole->step, splat(1.0e-9f)));
    real from = splat(0.0f), at;
    if (ZEM_WHOLE_APART
        && (!HAS(cell, ZEM_FEATURES_OF_CUTS) || !any_lane(part_is_cut(cell, target, from, start, inverse, &at)))) {
        if (HAS(cell, ZEM_FEATURES_OF_CUTS))
            part_prepare(cell, e, target, jump, whole);
        part_fly(cell, e, whole);
        return;
    }
    for (int k = 0; k < ZEM_PARTS_LIMIT; k++) {
        struct loop_input input = *whole;
        if (HAS(cell, ZEM_FEATURES_OF_CUTS)) {
            from = part_cut(cell, target, k, from, start, inverse, &input);
            part_prepare(cell, e, target, jump, &input);
        }
        part_fly(cell, e, &input);
        if (!HAS(cell, ZEM_FEATURES_OF_CUTS) || !any_lane(less(from, splat(1.0f))))
            break;
    }
}

#endif
