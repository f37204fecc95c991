/* The code that the peers in C and C++ share: cells, the schedule of steps, a random number generator, and the loop
 * that answers run.py. For each line on standard input a peer does the whole work once and prints "SECONDS hits hits
 * ...". */
#ifndef PEER_H
#define PEER_H

#include "deck.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CELLS (POINTS * POINTS)
#define STEPS_MOST 1024

struct step {
    float t, h, to_go, sigma; /* start, duration and time to go, s; standard deviation of the noise, rad */
};

static struct step steps[STEPS_MOST];
static int step_count;

static void fill_schedule(void)
{
    float to_go = FLIGHT_TIME;
    while (to_go > BLIND_TIME) {
        float h = to_go / STEP_RATIO < STEP ? to_go / STEP_RATIO : STEP;
        const int last = to_go - BLIND_TIME <= h * 1.001f;
        if (last)
            h = to_go - BLIND_TIME;
        const float r1 = CLOSING_SPEED * to_go, r2 = CLOSING_SPEED * (to_go - h);
        steps[step_count].t = FLIGHT_TIME - to_go;
        steps[step_count].h = h;
        steps[step_count].to_go = to_go;
        steps[step_count].sigma = sqrtf((GLINT / (r1 * r2) + ANGLE_NOISE) / h);
        step_count++;
        if (last)
            break;
        to_go -= h;
    }
}

static float cell_acceleration(int cell) { return ACCELERATION_MOST * (float)(cell / POINTS) / (POINTS - 1); }
static float cell_period(int cell)
{
    return PERIOD_LEAST * powf(PERIOD_MOST / PERIOD_LEAST, (float)(cell % POINTS) / (POINTS - 1));
}

/* The generator xoshiro128++ (Blackman and Vigna), seeded by splitmix64. Normal numbers come in pairs by Box and
 * Muller; `kept` is the second one. */
struct generator {
    uint32_t s[4];
    float kept;
    int has_kept;
};

static inline void generator_seed(struct generator *g, uint64_t seed)
{
    for (int k = 0; k < 2; k++) {
        uint64_t z = seed += UINT64_C(0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
        z ^= z >> 31;
        g->s[2 * k] = (uint32_t)z;
        g->s[2 * k + 1] = (uint32_t)(z >> 32);
    }
    g->has_kept = 0;
}

static inline uint32_t rotate(uint32_t x, int k) { return (x << k) | (x >> (32 - k)); }

static inline uint32_t generator_next(struct generator *g)
{
    const uint32_t result = rotate(g->s[0] + g->s[3], 7) + g->s[0], t = g->s[1] << 9;
    g->s[2] ^= g->s[0];
    g->s[3] ^= g->s[1];
    g->s[1] ^= g->s[2];
    g->s[0] ^= g->s[3];
    g->s[2] ^= t;
    g->s[3] = rotate(g->s[3], 11);
    return result;
}

static inline float generator_uniform(struct generator *g)
{
    return (float)((generator_next(g) >> 8) + 1) * 5.9604645e-8f;
}

static inline float generator_normal(struct generator *g)
{
    if (g->has_kept) {
        g->has_kept = 0;
        return g->kept;
    }
    const float radius = sqrtf(-2.0f * logf(generator_uniform(g))), angle = 6.2831853f * generator_uniform(g);
    g->kept = radius * sinf(angle);
    g->has_kept = 1;
    return radius * cosf(angle);
}

/* The miss in m of one trial. Each peer defines this function. */
static float fly(int cell, uint64_t seed);

static void fly_all(uint64_t call, long trials, uint64_t *hits)
{
    memset(hits, 0, CELLS * RADII * sizeof *hits);
#pragma omp parallel for schedule(dynamic, 1)
    for (int cell = 0; cell < CELLS; cell++) {
        uint64_t count[RADII] = {0};
        for (long trial = 0; trial < trials; trial++) {
            const float miss = fly(cell, (call << 48) + ((uint64_t)cell << 32) + (uint64_t)trial);
            count[0] += miss < RADIUS_0;
            count[1] += miss < RADIUS_1;
            count[2] += miss < RADIUS_2;
        }
        for (int k = 0; k < RADII; k++)
            hits[cell * RADII + k] = count[k];
    }
}

static int serve(int argc, char **argv)
{
    static uint64_t hits[CELLS * RADII];
    const long trials = argc > 1 ? atol(argv[1]) : 1024;
    char line[64];
    fill_schedule();
    for (uint64_t call = 1; fgets(line, sizeof line, stdin) != NULL; call++) {
        struct timespec a, b;
        clock_gettime(CLOCK_MONOTONIC, &a);
        fly_all(call, trials, hits);
        clock_gettime(CLOCK_MONOTONIC, &b);
        printf("%.9f", (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec));
        for (int k = 0; k < CELLS * RADII; k++)
            printf(" %llu", (unsigned long long)hits[k]);
        printf("\n");
        fflush(stdout);
    }
    return 0;
}

#endif
