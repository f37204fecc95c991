/* One trial: its state while it flies, how it begins with the draws of its address, and how it is closed.
 * linear_flight.h and point_mass_flight.h move it on, flight.h flies it as a whole. */
#ifndef ZEM_ENGAGEMENT_H
#define ZEM_ENGAGEMENT_H

struct engagement {
    struct address address;
    struct target target;
    struct homing homing;
    struct bodies bodies; /* point-mass only */
    struct noise_source noise;
    struct covariance covariance;     /* kalman, point-mass */
    struct rate_command rate_command; /* transition matrices: the command at the start of the step */
    struct command achieved;          /* at the start of the last step, m/s2 */
    mask flying;
    real time;              /* since start of homing, s */
    real divert, last_step; /* m/s; duration of the step before, s */
    real saturated_time;    /* s */
    bits outcome;           /* enum zem_outcome */
    u32 step_index;         /* steps flown, or parts of them */
    u32 refinement;         /* a step is flown in 2^refinement parts; 0 but in double precision */
};

/* Errors at start of homing, rad and m. */
struct handover {
    real heading_y, heading_z, displacement_y, displacement_z;
};

/* How a trial went. */
struct flight {
    real miss; /* m, if it passed */
    real flight_time, divert, saturated_time;
    bits outcome;
};

/* Draws the trial at `address`: the target's realisation and the handover errors. The kinematics' own begin function
 * follows. */
ZEM_APART struct handover engagement_begin(UNIFORM struct cell_parameters *cell, struct address address,
                                           struct engagement *e)
{
    struct handover handover;
    const u32 shot = address.shot;
    e->address = address;
    address.shot = 0u;
    e->target = target_sample(cell, &address, cell->spacing * (float)shot);
    address.shot = shot;
    handover.heading_y = sample_quantity(cell, &address, ZEM_STREAM_HANDOVER, ZEM_VARIED_HEADING_Y);
    handover.heading_z = sample_quantity(cell, &address, ZEM_STREAM_HANDOVER, ZEM_VARIED_HEADING_Z);
    handover.displacement_y = sample_quantity(cell, &address, ZEM_STREAM_HANDOVER, ZEM_VARIED_DISPLACEMENT_Y);
    handover.displacement_z = sample_quantity(cell, &address, ZEM_STREAM_HANDOVER, ZEM_VARIED_DISPLACEMENT_Z);
    e->homing.y = e->homing.z = channel_zero();
    e->achieved.y = e->achieved.z = splat(0.0f);
    e->noise = noise_source_begin();
    e->rate_command = rate_command_none();
    e->time = e->divert = e->last_step = e->saturated_time = splat(0.0f);
    e->outcome = splat_bits(ZEM_OUTCOME_PASSED);
    e->flying = less(splat(0.0f), splat(1.0f));
    e->step_index = e->refinement = 0u;
    return handover;
}

/* Draws the noise of a step whose standard deviations are `sigma`. */
ZEM_FUNCTION void engagement_noise(struct engagement *e, const real sigma[3], struct loop_input *input)
{
    const struct noise now = noise_next(&e->noise, &e->address, e->step_index);
    noise_nodes(now.mean_y, now.signs << 31, sigma, input->noise_y);
    noise_nodes(now.mean_z, now.signs << 30, sigma, input->noise_z);
}

/* Leaves the acceleration achieved at the end, with which engagement_close ends the integral of it. */
ZEM_FUNCTION void engagement_last(UNIFORM struct cell_parameters *cell, struct engagement *e, struct command flown)
{
    e->achieved.y = channel_achieved(cell, &e->homing.y, flown.y);
    e->achieved.z = channel_achieved(cell, &e->homing.z, flown.z);
}

/* Adds what the step's start tells to the integrals over the flight: divert by the trapezoidal rule, time at the limit.
 */
ZEM_FUNCTION void engagement_account(UNIFORM struct cell_parameters *cell, struct engagement *e,
                                     const struct homing_report *report, real step)
{
    if (!HAS(cell, ZEM_FEATURE_GUIDANCE))
        return;
    const real size = command_size(report->achieved);
    e->divert = fmadd(0.5f * (e->last_step + step), size, e->divert);
    e->saturated_time = e->saturated_time + choose(report->saturated, step, splat(0.0f));
    e->achieved = report->achieved;
    e->last_step = step;
}

/* What is left after the closest approach: integrals closed, and the outcome. */
ZEM_FUNCTION void engagement_close(const struct engagement *e, struct flight *flight)
{
    const real size = command_size(e->achieved);
    flight->divert = fmadd(0.5f * e->last_step, size, e->divert);
    flight->saturated_time = e->saturated_time;
    /* a comparison with NaN is false: what is not below a billion metres is not finite */
    const mask finite =
        both(less(flight->miss + flight->divert, splat(1.0e9f)), less(flight->flight_time, splat(1.0e9f)));
    flight->outcome = choose_bits(finite, e->outcome, splat_bits(ZEM_OUTCOME_NOT_FINITE));
}

#endif
