/* The steps of the linear kinematics of one cell: h = min(step, tgo / step_ratio) down to blind_time. The host tabulates them
 * with the scalar reading of the kernels, so their bits are the project's own on every machine. */
#ifndef ZEM_SCHEDULE_H
#define ZEM_SCHEDULE_H

/* Writes up to `capacity` steps and returns how many there are (counting on past the capacity), at most `limit`.
 * `steps` may be null with capacity 0, to count. */
ZEM_FUNCTION u32 schedule_fill(const struct cell_parameters *cell, struct schedule_step *steps, u32 capacity, u32 limit)
{
    float to_go = cell->flight_time;
    u32 count = 0;
    struct covariance covariance = covariance_begin(cell);
    while (to_go > cell->blind_time && count < limit) {
        const float left = to_go - cell->blind_time;
        float step = to_go * cell->inverse_step_ratio < cell->step ? to_go * cell->inverse_step_ratio : cell->step;
        const int last = left <= step * 1.0009765625f; /* a remainder of a thousandth of a step is no step of its own */
        if (last)
            step = left;
        const float end = last ? cell->blind_time : to_go - step;
        if (count < capacity) {
            struct schedule_step *s = &steps[count];
            s->step = step;
            s->time_to_go[0] = to_go;
            s->time_to_go[1] = to_go - 0.5f * step;
            s->time_to_go[2] = end;
            for (int node = 0; node < 3; node++) {
                s->time[node] = cell->flight_time - s->time_to_go[node];
                s->inverse_time_to_go[node] = reciprocal(s->time_to_go[node]);
                s->inverse_range[node] = reciprocal(cell->closing_speed * s->time_to_go[node]);
            }
            s->noise_sigma = square_root(noise_density(cell, cell->closing_speed * to_go, cell->closing_speed * end, s->inverse_range[0], s->inverse_range[2]) * reciprocal(step));
            s->range = cell->closing_speed * to_go;
            const float deviation = s->range * s->noise_sigma;
            const struct kalman_gain gain = covariance_update(&covariance, deviation * deviation);
            s->gain[0] = gain.position;
            s->gain[1] = gain.velocity;
            s->gain[2] = gain.acceleration;
            covariance_propagate(cell, &covariance, step);
        }
        to_go = end;
        count++;
    }
    return count;
}

#endif
