/* The equations of the deck "standard" in plain C, as most people would write them: scalar code on an array of states,
 * functions of the C library, threads by OpenMP, no explicit vectors. cc -O3 -march=native -fopenmp plain.c -lm */
#include "peer.h"

#define STATES 14 /* in each channel: position, velocity, tracker, filter, three stages */

static void channel_rates(const float *x, float *d, float range, float noise, float command, float target)
{
    d[0] = x[1];
    d[1] = target - x[6];
    d[2] = (x[0] / range + noise - x[2]) / SEEKER_LAG;
    d[3] = (d[2] - x[3]) / FILTER_LAG;
    d[4] = (command - x[4]) / STAGE_LAG;
    d[5] = (x[4] - x[5]) / STAGE_LAG;
    d[6] = (x[5] - x[6]) / STAGE_LAG;
}

static void rates(const float *x, float *d, float to_go, const float noise[2], float target)
{
    const float range = CLOSING_SPEED * to_go;
    float command_y = GAIN * CLOSING_SPEED * x[3], command_z = GAIN * CLOSING_SPEED * x[10];
    const float size = sqrtf(command_y * command_y + command_z * command_z);
    if (size > LIMIT) {
        command_y *= LIMIT / size;
        command_z *= LIMIT / size;
    }
    channel_rates(x, d, range, noise[0], command_y, target);
    channel_rates(x + 7, d + 7, range, noise[1], command_z, 0.0f);
}

static float fly(int cell, uint64_t seed)
{
    struct generator g;
    float x[STATES] = {0}, k1[STATES], k2[STATES], k3[STATES], k4[STATES], trial[STATES];
    generator_seed(&g, seed);
    const float level = cell_acceleration(cell), omega = 6.2831853f / cell_period(cell),
                phase = 6.2831853f * generator_uniform(&g);
    x[1] = -INTERCEPTOR_SPEED * HEADING_SIGMA * generator_normal(&g);
    x[8] = -INTERCEPTOR_SPEED * HEADING_SIGMA * generator_normal(&g);
    for (int k = 0; k < step_count; k++) {
        const float h = steps[k].h, t = steps[k].t, to_go = steps[k].to_go;
        const float noise[2] = {steps[k].sigma * generator_normal(&g), steps[k].sigma * generator_normal(&g)};
        const float middle = level * sinf(omega * (t + 0.5f * h) + phase);
        rates(x, k1, to_go, noise, level * sinf(omega * t + phase));
        for (int j = 0; j < STATES; j++)
            trial[j] = x[j] + 0.5f * h * k1[j];
        rates(trial, k2, to_go - 0.5f * h, noise, middle);
        for (int j = 0; j < STATES; j++)
            trial[j] = x[j] + 0.5f * h * k2[j];
        rates(trial, k3, to_go - 0.5f * h, noise, middle);
        for (int j = 0; j < STATES; j++)
            trial[j] = x[j] + h * k3[j];
        rates(trial, k4, to_go - h, noise, level * sinf(omega * (t + h) + phase));
        for (int j = 0; j < STATES; j++)
            x[j] += h / 6.0f * (k1[j] + 2.0f * (k2[j] + k3[j]) + k4[j]);
    }
    const float y = x[0] + BLIND_TIME * x[1], z = x[7] + BLIND_TIME * x[8];
    return sqrtf(y * y + z * z);
}

int main(int argc, char **argv) { return serve(argc, argv); }
