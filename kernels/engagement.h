/* One trial: its state in flight, its start from random draws, and its end. linear_flight.h and point_mass_flight.h
 * advance the state, and flight.h flies the whole trial. */
#ifndef ZEM_ENGAGEMENT_H
#define ZEM_ENGAGEMENT_H

/* The state of a trial in flight. */
struct engagement {
    struct address address;
    struct target target;
    struct homing homing;
    struct bodies bodies; /* point-mass only */
    struct noise_source noise;
    struct covariance covariance;     /* point-mass with the Kalman filter */
    struct rate_command rate_command; /* transition matrices: command at the start of the step, rad/s */
    struct command achieved;          /* acceleration of the interceptor, m/s2 */
    mask flying;
    mask acquired;             /* acquisition: lanes (trials) in which the seeker has the target */
    real time;                 /* since start of homing, s */
    real size;                 /* transition matrices: magnitude of `achieved`, m/s2 */
    real divert;               /* integral of the achieved acceleration so far, m/s */
    real saturated_time;       /* time at the limit, s */
    struct sample_clock clock; /* sampled seeker */
    bits outcome;              /* enum zem_outcome */
    u32 step_index;            /* number of steps, or parts of steps, flown */
    u32 refinement;            /* every step is flown in 2^refinement parts; 0 in single precision */
    struct sample_queue queue; /* sampled seeker with delay */
};

/* The handover errors of a trial in each channel: heading errors (rad) and displacements (m) at start of homing. */
struct handover {
    real heading_y, heading_z, displacement_y, displacement_z;
};

/* The result of a trial. */
struct flight {
    real miss;                                /* miss distance, m; valid if the outcome is ZEM_OUTCOME_PASSED */
    real flight_time, divert, saturated_time; /* s, m/s, s */
    bits outcome;                             /* enum zem_outcome */
};

/* Draws the target's maneuver and the handover errors of the trial at `address`, and clears the rest of its state `e`.
 * Returns the handover errors. linear_begin or bodies_begin places the two bodies afterwards. */
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
    e->noise = noise_source_begin(&e->address);
    e->rate_command = rate_command_none();
    e->clock = sample_clock_begin();
    sample_queue_clear(&e->queue);
    e->time = e->size = e->divert = e->saturated_time = splat(0.0f);
    e->outcome = splat_bits(ZEM_OUTCOME_PASSED);
    e->acquired = no_lane();
    e->flying = less(splat(0.0f), splat(1.0f));
    e->step_index = e->refinement = 0u;
    return handover;
}

/* Draws the angle noise of the current step into input->noise_y and input->noise_z, rad. `sigma` has its standard
 * deviations at start, middle and end of the step, rad. */
ZEM_FUNCTION void engagement_noise(struct engagement *e, const real sigma[3], struct loop_input *input)
{
    const struct noise now = noise_next(&e->noise, &e->address, e->step_index);
    noise_nodes(now.mean_y, now.signs << 31, sigma, input->noise_y);
    noise_nodes(now.mean_z, now.signs << 30, sigma, input->noise_z);
}

/* Passes the line-of-sight rates that a sampled seeker estimates to guidance. In the lanes (trials) of due->sample the
 * latest estimate enters a queue. In those of due->release the estimate whose delay is over leaves the queue, and
 * guidance gets it. Without a delay guidance gets the latest estimate at once. */
ZEM_FUNCTION void engagement_queue(UNIFORM struct cell_parameters *cell, const struct seeker_events *due,
                                   struct engagement *e)
{
    struct channel *y = &e->homing.y, *z = &e->homing.z;
    if (!(cell->sample_delay > 0.0f)) {
        y->filter = choose(due->release, y->PENDING_RATE, y->filter);
        z->filter = choose(due->release, z->PENDING_RATE, z->filter);
        return;
    }
    for (u32 k = 0; k < ZEM_QUEUE_SLOTS; k++) {
        const mask in = both(due->sample, equal_bits(e->clock.samples & ZEM_DELAY_LIMIT, splat_bits(k))),
                   out = both(due->release, equal_bits(e->clock.releases & ZEM_DELAY_LIMIT, splat_bits(k)));
        e->queue.y[k] = choose(in, y->PENDING_RATE, e->queue.y[k]);
        e->queue.z[k] = choose(in, z->PENDING_RATE, e->queue.z[k]);
        y->filter = choose(out, e->queue.y[k], y->filter);
        z->filter = choose(out, e->queue.z[k], z->filter);
    }
}

/* Returns the lanes (trials) in which a sampled seeker measures: those in which a sample is due and, if the seeker must
 * acquire the target, it has it. */
ZEM_FUNCTION mask engagement_measures(UNIFORM struct cell_parameters *cell, const struct seeker_events *due,
                                      const struct engagement *e)
{
    return HAS(cell, ZEM_FEATURE_ACQUISITION) ? both(due->sample, e->acquired) : due->sample;
}

/* Lets a sampled seeker measure in the lanes (trials) of due->sample, and gives guidance the estimate whose delay is
 * over in those of due->release. `range` is in m, and `angle_y` and `angle_z` are the angles of the line of sight in
 * rad. The noise of a measurement is white noise averaged over the sample interval. A Kalman filter applies `gain` to
 * the measurement. */
ZEM_PART void engagement_sample(UNIFORM struct cell_parameters *cell, const struct seeker_events *due, real range,
                                real inverse_range, real angle_y, real angle_z, const struct kalman_gain *gain,
                                struct engagement *e)
{
    struct homing *h = &e->homing;
    if (HAS(cell, ZEM_FEATURE_KALMAN))
        angle_y = angle_z = splat(0.0f); /* its states are errors: the true angle counts as 0 */
    const mask measured = engagement_measures(cell, due, e);
    if (any_lane(measured)) {
        if (HAS(cell, ZEM_FEATURE_NOISE)) {
            const real sigma =
                square_root(noise_density(cell, range, inverse_range) * reciprocal(splat(cell->sample_interval)));
            real y, z;
            noise_source_place(&e->noise, cell, range, inverse_range);
            noise_sample(&e->noise, &e->address, e->clock.samples, &y, &z);
            angle_y = fmadd(sigma, y, angle_y);
            angle_z = fmadd(sigma, z, angle_z);
        }
        if (HAS(cell, ZEM_FEATURE_RADOME)) {
            angle_y = angle_y + radome_angle(cell, &h->y);
            angle_z = angle_z + radome_angle(cell, &h->z);
        }
        if (HAS(cell, ZEM_FEATURE_KALMAN)) {
            channel_jump(measured, gain, range * angle_y, &h->y);
            channel_jump(measured, gain, range * angle_z, &h->z);
        } else {
            channel_sample(cell, measured, angle_y, &h->y);
            channel_sample(cell, measured, angle_z, &h->z);
        }
    }
    if (!HAS(cell, ZEM_FEATURE_KALMAN))
        engagement_queue(cell, due, e);
    sample_clock_advance(cell, due, &e->clock);
}

/* Lets the seeker look for the target in the lanes (trials) of m. It acquires a target that is ahead and whose distance
 * `aside` from the direction in which the seeker looks is at most the tangent of half its cone times the distance
 * `ahead` along that direction. Both are in one unit, and `aside_square` is squared. Other trials end as not
 * acquired. */
ZEM_FUNCTION void engagement_look(UNIFORM struct cell_parameters *cell, mask m, real ahead, real aside_square,
                                  struct engagement *e)
{
    const real reach = cell->acquisition_tangent * ahead;
    const mask outside = either(less(ahead, splat(0.0f)), less(reach * reach, aside_square));
    e->acquired = either(e->acquired, both(m, mask_not(outside)));
    e->outcome = choose_bits(both(m, outside), splat_bits(ZEM_OUTCOME_NOT_ACQUIRED), e->outcome);
}

/* Adds a step of duration `step` (s) to the integrals over the flight: the divert, and the time at the limit. */
ZEM_FUNCTION void engagement_account(UNIFORM struct cell_parameters *cell, struct engagement *e,
                                     const struct homing_report *report, real step)
{
    if (!HAS(cell, ZEM_FEATURE_GUIDANCE))
        return;
    e->divert = e->divert + report->divert;
    e->saturated_time = fmadd(report->saturated, step, e->saturated_time);
    e->achieved = report->achieved;
}

/* Copies the integrals over the flight into the result after the closest approach, and sets its outcome. */
ZEM_FUNCTION void engagement_close(UNIFORM struct cell_parameters *cell, const struct engagement *e,
                                   struct flight *flight)
{
    flight->divert = e->divert;
    flight->saturated_time = e->saturated_time;
    /* A trial counts as finite if its numbers are below 1e9 (m, m/s, s). The comparisons are false for NaN. */
    const mask finite =
        both(less(flight->miss + flight->divert, splat(1.0e9f)), less(flight->flight_time, splat(1.0e9f)));
    flight->outcome = choose_bits(finite, e->outcome, splat_bits(ZEM_OUTCOME_NOT_FINITE));
    if (HAS(cell, ZEM_FEATURE_ACQUISITION)) /* a flight may end before the seeker looks for the target */
        flight->outcome =
            choose_bits(both(equal_bits(flight->outcome, splat_bits(ZEM_OUTCOME_PASSED)), mask_not(e->acquired)),
                        splat_bits(ZEM_OUTCOME_NOT_ACQUIRED), flight->outcome);
}

#endif
