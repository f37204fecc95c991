/* The homing loop of both channels: seeker, filter, guidance, limit, autopilot and relative motion, integrated by
 * classical fourth-order Runge-Kutta steps. Both kinematics use it. It knows of the geometry only the lines of sight
 * and the disturbances of a step (struct loop_input). */
#ifndef ZEM_HOMING_H
#define ZEM_HOMING_H

/* Inputs of the loop for one step. Index 0, 1, 2 is the start, the middle and the end of the step. */
struct loop_input {
    real step;
    real time[3];
    struct sight sight[3];
    struct law law[3];
    real target_y[3], target_z[3];           /* target's acceleration that the guidance law uses, m/s2 */
    real disturbance_y[3], disturbance_z[3]; /* relative acceleration without the interceptor's command, m/s2 */
    real noise_y[3], noise_z[3];             /* angle noise, rad */
    struct measurement measurement;          /* kalman: the measurement of this step */
    real limit;                              /* largest command, m/s2 */
    real divert_left;                        /* rest of the divert budget, m/s */
    mask guided;                             /* acquisition: lanes (trials) in which the seeker has the target */
    real rough;           /* standard deviation of the command's change over the step by noise, m/s2 */
    struct command swing; /* `rough` with the sign of the noise's slope in each channel, m/s2 */
};

/* Factors by which the rates of change of the states are multiplied in a Runge-Kutta stage. The rate of a lag is stored
 * as input minus output; its factor is duration over time constant, which saves a multiplication. */
struct stride {
    real time, tracker, filter, stage;
};

ZEM_FUNCTION struct stride stride_of(UNIFORM struct cell_parameters *cell, real duration)
{
    struct stride stride;
    stride.time = duration;
    stride.tracker = duration * cell->inverse_seeker_lag;
    stride.filter = duration * cell->inverse_filter_lag;
    stride.stage = duration * cell->inverse_stage_lag;
    return stride;
}

/* Computes the rates of change of equal autopilot stages, estimator and relative motion. That of a stage is its input
 * minus its output (struct stride). `residual` and `shift` are those of struct measurement. */
ZEM_FUNCTION void plant_rate(UNIFORM struct cell_parameters *cell, const struct channel *c, real command,
                             real disturbance, const struct kalman_gain *gain, real residual, real shift,
                             struct channel *rate)
{
    if (HAS(cell, ZEM_FEATURE_AUTOPILOT)) {
        const u32 first = ZEM_STAGES_LIMIT - STAGES(cell);
        real input = command;
        ZEM_UNROLL
        for (u32 k = 0; k < ZEM_STAGES_LIMIT; k++)
            if (k >= first) {
                rate->stage[k] = input - c->stage[k];
                input = c->stage[k];
            }
    }
    if (HAS(cell, ZEM_FEATURE_KALMAN)) {
        rate->error_position = fmadd(gain->position, residual, c->error_velocity) + shift;
        rate->error_velocity = fmadd(gain->velocity, residual, c->estimate_acceleration - disturbance);
        rate->estimate_acceleration = gain->acceleration * residual;
    }
    rate->position = c->velocity;
    rate->velocity = disturbance - channel_achieved(cell, c, command);
}

/* Returns the angle by which the radome bends the line of sight, rad: radome slope times pitch angle, which is the sum
 * of flight-path angle and angle of attack (Zarchan, Tactical and Strategic Missile Guidance, chapter 6). The flight
 * path turns at nL/VM (acceleration over speed); the angle of attack is the turning-rate lag times that rate. */
ZEM_FUNCTION real radome_angle(UNIFORM struct cell_parameters *cell, const struct channel *c)
{
    return fmadd(splat(cell->radome_lead), c->stage[ZEM_STAGES_LIMIT - 1],
                 HAS(cell, ZEM_FEATURE_KALMAN) ? c->filter : c->ANGLE_BY_RADOME);
}

/* Returns the line-of-sight rate that guidance gets, rad/s, and computes the rates of change of tracker and filter.
 * With an estimator it follows from the true or the estimated state, and tracker and filter have no effect. A quadratic
 * lag T^2 x'' + 2 zeta T x' + x = u has the states x and d = T x', so that T d' = u - x - 2 zeta d. */
ZEM_FUNCTION real seeker_rate(UNIFORM struct cell_parameters *cell, const struct channel *c, const struct sight *sight,
                              real noise, struct channel *rate)
{
    real signal;
    if (HAS(cell, ZEM_FEATURE_PERFECT))
        return sight_rate(sight, c->position, c->velocity);
    if (HAS(cell, ZEM_FEATURE_KALMAN))
        return sight_rate(sight, c->position + c->error_position, c->velocity + c->error_velocity);
    if (HAS(cell, ZEM_FEATURE_SAMPLED))
        return c->filter;
    if (!HAS(cell, ZEM_FEATURE_TRACKER)) {
        signal = sight_rate(sight, c->position, c->velocity);
        rate->filter = signal - c->filter;
    } else {
        real angle = fmadd(c->position, sight->inverse_range, noise);
        if (HAS(cell, ZEM_FEATURE_RADOME))
            angle = angle + radome_angle(cell, c);
        rate->tracker = angle - c->tracker;
        if (HAS(cell, ZEM_FEATURE_QUADRATIC_TRACKER)) {
            rate->TRACKER_DRIVE = fmadd(splat(-cell->tracker_drag), c->TRACKER_DRIVE, rate->tracker);
            rate->tracker = c->TRACKER_DRIVE;
        }
        if (HAS(cell, ZEM_FEATURE_FILTER))
            rate->filter = fmadd(rate->tracker, splat(cell->inverse_seeker_lag), -c->filter);
        signal = rate->tracker * cell->inverse_seeker_lag;
    }
    if (HAS(cell, ZEM_FEATURE_QUADRATIC_FILTER)) {
        rate->FILTER_DRIVE = fmadd(splat(-cell->filter_drag), c->FILTER_DRIVE, rate->filter);
        rate->filter = c->FILTER_DRIVE;
    }
    return HAS(cell, ZEM_FEATURE_FILTER) ? c->filter : signal;
}

/* Sets the noise of a step to zero and its measurement to none. */
ZEM_FUNCTION void loop_input_unmeasured(struct loop_input *input)
{
    ZEM_UNROLL
    for (int node = 0; node < 3; node++)
        input->noise_y[node] = input->noise_z[node] = splat(0.0f);
    input->measurement = measurement_none();
    input->rough = input->swing.y = input->swing.z = splat(0.0f);
}

/* Sets input->rough and input->swing from the noise in the middle of the step: its standard deviation `sigma`, rad, and
 * the range, m. White noise that reaches the command through one integrator (filter, quadratic tracker or estimator)
 * makes the command a random walk within the step. Through two integrators the command is smooth: 0 is set. */
ZEM_FUNCTION void loop_input_roughness(UNIFORM struct cell_parameters *cell, real sigma, real range,
                                       struct loop_input *input)
{
    real share = splat(0.0f);
    if (HAS(cell, ZEM_FEATURE_KALMAN)) {
        const struct kalman_gain *gain = &input->measurement.gain;
        real change = input->law[1].authority * fmadd(gain->position, input->sight[1].closing_rate, gain->velocity)
                      * input->sight[1].inverse_range;
        if (HAS(cell, ZEM_LAWS_KNOWING))
            change = fmadd(0.5f * input->law[1].gain, gain->acceleration, change);
        share = change * (input->step * range);
    } else if (HAS(cell, ZEM_FEATURE_QUADRATIC_TRACKER | ZEM_FEATURE_QUADRATIC_FILTER)) {
        if (!HAS(cell, ZEM_FEATURE_FILTER))
            share = (cell->inverse_seeker_lag * cell->inverse_seeker_lag) * (input->law[1].authority * input->step);
    } else if (HAS(cell, ZEM_FEATURE_FILTER))
        share = (cell->inverse_seeker_lag * cell->inverse_filter_lag) * (input->law[1].authority * input->step);
    const real slope = 0.288675135f * share; /* 1/(2 sqrt(3)) */
    input->rough = share * sigma;
    input->swing.y = slope * (input->noise_y[2] - input->noise_y[0]);
    input->swing.z = slope * (input->noise_z[2] - input->noise_z[0]);
}

/* Returns the command of one channel before the limits, m/s2. Computes the rates of tracker and filter as well. */
ZEM_FUNCTION real channel_command(UNIFORM struct cell_parameters *cell, const struct channel *c,
                                  const struct loop_input *input, int node, real noise, real target_acceleration,
                                  struct channel *rate)
{
    const struct sight *sight = &input->sight[node];
    const real seen_rate = seeker_rate(cell, c, sight, noise, rate);
    const real known = HAS(cell, ZEM_FEATURE_KALMAN) ? c->estimate_acceleration : target_acceleration;
    return law_command(cell, &input->law[node], seen_rate, known, c->stage[ZEM_STAGES_LIMIT - 1]);
}

/* Returns the command before the limits, m/s2. Computes the rates of tracker and filter of both channels as well.
 * Without the target the command is 0. */
ZEM_FUNCTION struct command guidance_demand(UNIFORM struct cell_parameters *cell, const struct homing *h,
                                            const struct loop_input *input, int node, struct homing *rate)
{
    struct command command;
    command.y = command.z = splat(0.0f);
    if (!HAS(cell, ZEM_FEATURE_GUIDANCE))
        return command;
    command.y = channel_command(cell, &h->y, input, node, input->noise_y[node], input->target_y[node], &rate->y);
    command.z = channel_command(cell, &h->z, input, node, input->noise_z[node], input->target_z[node], &rate->z);
    if (HAS(cell, ZEM_FEATURE_ACQUISITION)) {
        command.y = choose(input->guided, command.y, splat(0.0f));
        command.z = choose(input->guided, command.z, splat(0.0f));
        channel_wait(cell, input->guided, &rate->y);
        channel_wait(cell, input->guided, &rate->z);
    }
    return command;
}

/* Returns the command held to the acceleration limit, and zero where the divert budget is spent. Sets `*saturated` to
 * the lanes (trials) in which limit or budget reduced it. */
ZEM_FUNCTION struct command command_allowed(UNIFORM struct cell_parameters *cell, struct command command,
                                            const struct loop_input *input, mask *saturated)
{
    *saturated = no_lane();
    if (HAS(cell, ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT))
        command = command_limit(command, input->limit, saturated);
    if (HAS(cell, ZEM_FEATURE_DIVERT_LIMIT)) {
        const mask left = less(splat(0.0f), input->divert_left);
        command.y = choose(left, command.y, splat(0.0f));
        command.z = choose(left, command.z, splat(0.0f));
        *saturated = either(*saturated, mask_not(left));
    }
    return command;
}

/* Returns base + stride * rate for the members that the cell uses. `seeing` is 0 while the seeker is blind: tracker and
 * filter then keep their values. */
ZEM_FUNCTION struct channel channel_advance(UNIFORM struct cell_parameters *cell, const struct channel *base,
                                            const struct stride *stride, const struct channel *rate, int seeing)
{
    struct channel c = *base;
    c.position = fmadd(stride->time, rate->position, base->position);
    c.velocity = fmadd(stride->time, rate->velocity, base->velocity);
    if (seeing && HAS(cell, ZEM_FEATURE_TRACKER))
        c.tracker = fmadd(stride->tracker, rate->tracker, base->tracker);
    if (seeing && HAS(cell, ZEM_FEATURE_FILTER))
        c.filter = fmadd(stride->filter, rate->filter, base->filter);
    if (seeing && HAS(cell, ZEM_FEATURE_QUADRATIC_TRACKER))
        c.TRACKER_DRIVE = fmadd(stride->tracker, rate->TRACKER_DRIVE, base->TRACKER_DRIVE);
    if (seeing && HAS(cell, ZEM_FEATURE_QUADRATIC_FILTER))
        c.FILTER_DRIVE = fmadd(stride->filter, rate->FILTER_DRIVE, base->FILTER_DRIVE);
    if (HAS(cell, ZEM_FEATURE_RADOME) && !HAS(cell, ZEM_FEATURE_KALMAN))
        c.ANGLE_BY_RADOME = fmadd(stride->time, rate->ANGLE_BY_RADOME, base->ANGLE_BY_RADOME);
    if (HAS(cell, ZEM_FEATURE_KALMAN)) {
        if (HAS(cell, ZEM_FEATURE_RADOME))
            c.filter = fmadd(stride->time, rate->filter, base->filter);
        c.error_position = fmadd(stride->time, rate->error_position, base->error_position);
        c.error_velocity = fmadd(stride->time, rate->error_velocity, base->error_velocity);
        c.estimate_acceleration = fmadd(stride->time, rate->estimate_acceleration, base->estimate_acceleration);
    }
    if (HAS(cell, ZEM_FEATURE_AUTOPILOT))
        ZEM_UNROLL
    for (u32 k = 0; k < ZEM_STAGES_LIMIT; k++)
        if (k >= ZEM_STAGES_LIMIT - STAGES(cell))
            c.stage[k] = fmadd(stride->stage, rate->stage[k], base->stage[k]);
    return c;
}
ZEM_FUNCTION struct homing homing_advance(UNIFORM struct cell_parameters *cell, const struct homing *base,
                                          const struct stride *stride, const struct homing *rate, int seeing)
{
    struct homing h;
    h.y = channel_advance(cell, &base->y, stride, &rate->y, seeing);
    h.z = channel_advance(cell, &base->z, stride, &rate->z, seeing);
    return h;
}

/* What a step reports besides the new state. */
struct homing_report {
    struct command achieved; /* at the end of the step, m/s2 */
    real divert;             /* integral of the achieved acceleration over the step, m/s */
    real saturated;          /* fraction of the step with the command at a limit */
};

/* Adds range times radome angle, m, to the residuals of a Kalman filter, which does not know of the radome. */
ZEM_PART void residual_by_radome(UNIFORM struct cell_parameters *cell, const struct homing *h,
                                 const struct loop_input *input, int node, real residual[2])
{
    const real range = reciprocal(input->sight[node].inverse_range);
    residual[0] = fmadd(range, radome_angle(cell, &h->y), residual[0]);
    residual[1] = fmadd(range, radome_angle(cell, &h->z), residual[1]);
}

/* Completes the rates of change of an autopilot with unequal stages or a quadratic lag, and computes that of a radome.
 * A quadratic lag x'' = w^2 (u - x) - 2 zeta w x' has the states x'/w and x in the last two stages. */
ZEM_FUNCTION void airframe_rate(UNIFORM struct cell_parameters *cell, const struct channel *c, real command,
                                struct channel *rate)
{
    if (HAS(cell, ZEM_FEATURE_UNEQUAL)) {
        ZEM_UNROLL
        for (u32 k = 0; k < ZEM_STAGES_LIMIT; k++)
            rate->stage[k] = cell->stage_ratio[k] * rate->stage[k];
    }
    if (HAS(cell, ZEM_FEATURE_QUADRATIC)) {
        const u32 drive = ZEM_STAGES_LIMIT - 2, last = ZEM_STAGES_LIMIT - 1;
        const real input = STAGES(cell) > 2u ? c->stage[ZEM_STAGES_LIMIT - 3] : command;
        rate->stage[drive] =
            cell->quadratic_ratio * fmadd(splat(-cell->quadratic_drag), c->stage[drive], input - c->stage[last]);
        rate->stage[last] = cell->quadratic_ratio * c->stage[drive];
    }
    if (HAS(cell, ZEM_FEATURE_RADOME)) {
        const real turning = cell->radome_rate * channel_achieved(cell, c, command);
        *(HAS(cell, ZEM_FEATURE_KALMAN) ? &rate->filter : &rate->ANGLE_BY_RADOME) = turning;
    }
}
ZEM_PART void airframe_rates(UNIFORM struct cell_parameters *cell, const struct homing *h,
                             const struct command *command, struct homing *rate)
{
    airframe_rate(cell, &h->y, command->y, &rate->y);
    airframe_rate(cell, &h->z, command->z, &rate->z);
}

/* Computes the rates of change of all states under a command. `rate` has those of tracker and filter already. */
ZEM_FUNCTION void homing_rate(UNIFORM struct cell_parameters *cell, const struct homing *h,
                              const struct loop_input *input, int node, struct command command, struct homing *rate)
{
    real residual[2];
    residual[0] = input->measurement.residual_y[node];
    residual[1] = input->measurement.residual_z[node];
    if (HAS(cell, ZEM_FEATURE_KALMAN) && HAS(cell, ZEM_FEATURE_RADOME) && !HAS(cell, ZEM_FEATURE_SAMPLED))
        residual_by_radome(cell, h, input, node, residual);
    plant_rate(cell, &h->y, command.y, input->disturbance_y[node], &input->measurement.gain, residual[0],
               input->measurement.shift_y, &rate->y);
    plant_rate(cell, &h->z, command.z, input->disturbance_z[node], &input->measurement.gain, residual[1],
               input->measurement.shift_z, &rate->z);
    if (HAS(cell, ZEM_FEATURE_UNEQUAL | ZEM_FEATURE_QUADRATIC | ZEM_FEATURE_RADOME))
        airframe_rates(cell, h, &command, rate);
}

/* The command of a step at its start, middle and end, with what the limits and the divert budget make of it. */
struct homing_command {
    struct command demanded[3];   /* before the limits */
    mask over[3];                 /* lanes in which a limit reduced it */
    struct command achieved;      /* acceleration at the node that was computed last, m/s2 */
    struct command flown[3];      /* achieved acceleration at start, middle and end, m/s2 */
    mask uneven;                  /* lanes limited in only one of the two Runge-Kutta states in the middle */
    mask ends;                    /* lanes whose divert budget ends in this step */
    mask projected;               /* lanes that fly `course` instead of the demand held to the limits */
    struct command_course course; /* in those lanes */
};

ZEM_FUNCTION struct homing_command homing_command_begin(void)
{
    struct homing_command c;
    c.uneven = c.ends = c.projected = no_lane();
    ZEM_UNROLL
    for (int k = 0; k < 3; k++) {
        c.demanded[k].y = c.demanded[k].z = splat(0.0f);
        c.course.node[k] = c.flown[k] = c.demanded[k];
        c.over[k] = no_lane();
    }
    c.achieved = c.demanded[0];
    c.course.size = c.course.share = splat(0.0f);
    return c;
}

/* Returns the rates of change at `node` (0, 1, 2: start, middle, end of the step) and sets the node's members of `c`.
 * While the seeker is blind (`seeing` 0) the command `held` replaces guidance. In the middle, `aside` times
 * input->swing is added to a command near its limit. */
ZEM_FUNCTION struct homing homing_node(UNIFORM struct cell_parameters *cell, const struct homing *h,
                                       const struct loop_input *input, int node, float aside, int seeing,
                                       const struct command *held, struct homing_command *c)
{
    struct homing rate = *h; /* defines the members that the cell does not use */
    c->demanded[node] = seeing ? guidance_demand(cell, h, input, node, &rate) : *held;
    if (seeing && node == 1 && HAS(cell, ZEM_FEATURE_NOISE)
        && HAS(cell, ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT))
        c->demanded[node] = command_add(choose(command_nears(c->demanded[0], input->limit), splat(aside), splat(0.0f)),
                                        input->swing, c->demanded[node]);
    struct command command = command_allowed(cell, c->demanded[node], input, &c->over[node]);
    command.y = choose(c->projected, c->course.node[node].y, command.y);
    command.z = choose(c->projected, c->course.node[node].z, command.z);
    homing_rate(cell, h, input, node, command, &rate);
    c->achieved.y = channel_achieved(cell, &h->y, command.y);
    c->achieved.z = channel_achieved(cell, &h->z, command.z);
    return rate;
}

/* The command in the middle of a step, in the first or the second of the two Runge-Kutta states there. */
struct homing_middle {
    struct command demanded, achieved;
    mask over;
};

ZEM_FUNCTION struct homing_middle homing_middle_of(const struct homing_command *c)
{
    struct homing_middle middle;
    middle.demanded = c->demanded[1];
    middle.achieved = c->achieved;
    middle.over = c->over[1];
    return middle;
}

/* Factors of input->swing that are added to the command in the two Runge-Kutta states in the middle of a step. They
 * give the command the right variance, which matters where a limit acts. Noise makes it a random walk, with half of the
 * step's variance in the middle. Mean z and slope s of the noise alone would make it R (z - sqrt(3) s)/2 in the first
 * state and R z/2 in the second, with R = input->rough. The factors make both R (z - s)/2, which has the right
 * variance. */
#define ZEM_ASIDE_EARLY 0.366025404f /* (sqrt(3) - 1)/2 */
#define ZEM_ASIDE_LATE (-0.5f)

/* Completes `c`, which has the command at the start of a step, with the commands in the middle and at the end. That in
 * the middle is the mean of the two Runge-Kutta states there, and that at the end follows from the state `end`. */
ZEM_FUNCTION void homing_command_complete(UNIFORM struct cell_parameters *cell, const struct homing *end,
                                          const struct loop_input *input, int seeing, const struct homing_middle *early,
                                          const struct homing_middle *late, struct homing_command *c)
{
    c->achieved.y = channel_achieved(cell, &end->y, c->achieved.y);
    c->achieved.z = channel_achieved(cell, &end->z, c->achieved.z);
    c->flown[1] = command_middle(early->achieved, late->achieved);
    c->flown[2] = c->achieved;
    if (!HAS(cell, ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT | ZEM_FEATURE_DIVERT_LIMIT))
        return;
    c->demanded[1] = command_middle(early->demanded, late->demanded);
    command_allowed(cell, c->demanded[1], input, &c->over[1]);
    c->uneven = both(either(early->over, late->over), mask_not(both(early->over, late->over)));
    if (seeing) {
        struct homing unused = *end;
        c->demanded[2] = guidance_demand(cell, end, input, 2, &unused);
        command_allowed(cell, c->demanded[2], input, &c->over[2]);
    }
}

/* Returns the mean magnitude of the achieved acceleration over a step, m/s2, by Simpson's rule. The magnitude has a
 * kink where the acceleration reverses. In such a step a divert budget gets the sum of course_size instead. */
ZEM_FUNCTION real size_mean(UNIFORM struct cell_parameters *cell, const struct command flown[3])
{
    const real ends = command_size(flown[0]) + command_size(flown[2]);
    const real simpson = 0.166666672f * fmadd(splat(4.0f), command_size(flown[1]), ends);
    if (!HAS(cell, ZEM_FEATURE_DIVERT_LIMIT))
        return simpson;
    const mask reverses = course_turns(flown);
    return any_lane(reverses) ? choose(reverses, course_size(flown, splat(1.0f)), simpson) : simpson;
}

/* Decides after a first pass through the step which lanes (trials) must fly the command's projection
 * (command_course.h), and computes it. Returns whether any lane must. */
ZEM_FUNCTION int homing_project(UNIFORM struct cell_parameters *cell, const struct loop_input *input,
                                struct homing_command *c)
{
    const int limited = HAS(cell, ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT);
    real end = splat(1.0f);
    c->projected = either(course_has_kink(c->demanded, c->over), c->uneven);
    if (HAS(cell, ZEM_FEATURE_NOISE))
        c->projected = both(c->projected, course_is_smooth(c->demanded, input->rough));
    if (HAS(cell, ZEM_FEATURE_DIVERT_LIMIT)) {
        const real share = input->divert_left * reciprocal(greater(input->step, splat(1.0e-9f)));
        const mask left = less(splat(0.0f), input->divert_left);
        c->ends = both(left, less(share, size_mean(cell, c->flown)));
        if (any_lane(c->ends))
            end = choose(c->ends, course_end(c->flown, share), end);
        c->projected = both(left, either(c->projected, c->ends));
    }
    if (!any_lane(c->projected))
        return 0;
    c->course = course_project(c->demanded, limited ? input->limit : splat(1.0e15f), end);
    return 1;
}

/* Computes the report of a step. Without an autopilot the achieved acceleration is the command. Lanes (trials) that fly
 * the command's projection then take its mean magnitude from course_project, not from size_mean. */
ZEM_FUNCTION void homing_account(UNIFORM struct cell_parameters *cell, const struct loop_input *input,
                                 const struct homing_command *c, struct homing_report *report)
{
    real size = size_mean(cell, c->flown);
    if (!HAS(cell, ZEM_FEATURE_AUTOPILOT))
        size = choose(c->projected, c->course.size, size);
    report->achieved = c->achieved;
    report->divert = input->step * size;
    if (HAS(cell, ZEM_FEATURE_DIVERT_LIMIT))
        report->divert = choose(c->ends, greater(report->divert, input->divert_left), report->divert);
    report->saturated = choose(c->projected, c->course.share, over_share(c->over));
}

/* Advances the loop by a Runge-Kutta step. With `seeing` 0 it flies the command `held`. A second pass flies the
 * command's projection in the lanes (trials) in which the command has a kink or ends; others repeat the first pass. */
ZEM_FUNCTION void homing_runge_kutta(UNIFORM struct cell_parameters *cell, struct homing *state,
                                     const struct loop_input *input, int seeing, const struct command *held,
                                     struct homing_report *report)
{
    const struct stride half_step = stride_of(cell, 0.5f * input->step), whole = stride_of(cell, input->step);
    const struct stride sixth = stride_of(cell, 0.166666672f * input->step);
    const struct stride one = {splat(1.0f), splat(1.0f), splat(1.0f), splat(1.0f)},
                        two = {splat(2.0f), splat(2.0f), splat(2.0f), splat(2.0f)};
    struct homing_command c = homing_command_begin();
    struct homing end = *state;
    for (int pass = 0; pass < 2; pass++) {
        const struct homing rate1 = homing_node(cell, state, input, 0, 0.0f, seeing, held, &c);
        c.flown[0] = c.achieved;
        const struct homing state2 = homing_advance(cell, state, &half_step, &rate1, seeing);
        const struct homing rate2 = homing_node(cell, &state2, input, 1, ZEM_ASIDE_EARLY, seeing, held, &c);
        const struct homing_middle early = homing_middle_of(&c);
        struct homing sum = homing_advance(cell, &rate1, &two, &rate2, seeing);
        const struct homing state3 = homing_advance(cell, state, &half_step, &rate2, seeing);
        const struct homing rate3 = homing_node(cell, &state3, input, 1, ZEM_ASIDE_LATE, seeing, held, &c);
        const struct homing_middle late = homing_middle_of(&c);
        sum = homing_advance(cell, &sum, &two, &rate3, seeing);
        const struct homing state4 = homing_advance(cell, state, &whole, &rate3, seeing);
        const struct homing rate4 = homing_node(cell, &state4, input, 2, 0.0f, seeing, held, &c);
        sum = homing_advance(cell, &sum, &one, &rate4, seeing);
        end = homing_advance(cell, state, &sixth, &sum, seeing);
        homing_command_complete(cell, &end, input, seeing, &early, &late, &c);
        if (pass == 1 || !HAS(cell, ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT | ZEM_FEATURE_DIVERT_LIMIT)
            || !homing_project(cell, input, &c))
            break;
    }
    homing_account(cell, input, &c, report);
    *state = end;
}

/* Advances the loop by one step with guidance. */
ZEM_FUNCTION void homing_step(UNIFORM struct cell_parameters *cell, struct homing *state,
                              const struct loop_input *input, struct homing_report *report)
{
    homing_runge_kutta(cell, state, input, 1, 0, report);
}

/* Advances the loop by one step of the blind time, in which it flies the command `held`. */
ZEM_APART void homing_step_blind(UNIFORM struct cell_parameters *cell, struct homing *state,
                                 const struct loop_input *input, const struct command *held,
                                 struct homing_report *report)
{
    homing_runge_kutta(cell, state, input, 0, held, report);
}

#endif
