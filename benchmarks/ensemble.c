/* Measures the two problems of the DiffEqGPU comparison on this processor (Utkarsh et al., "Automated translation and
 * accelerated solving of differential equations on multiple GPU platforms", CMAME 2024). The code uses the C dialect,
 * random numbers and functions of kernels/. The first problem is an ensemble of Lorenz systems over rho, by Runge-Kutta
 * steps of fixed length. The second is an ensemble of linear stochastic equations (geometric Brownian motion), by the
 * scheme of Euler and Maruyama. Prints JSON: trajectories and steps per second, by the median of five runs, and whether
 * each result is right. Built by `make peers`. */
#if defined(__AVX512F__)
#define ZEM_LANES 16
#elif defined(__AVX2__)
#define ZEM_LANES 8
#else
#define ZEM_LANES 4
#endif
#include "kernels/portable.h"

#include "kernels/specialise.h"

#include "kernels/layout.h"

#include "kernels/fpmath.h"
#include "kernels/philox.h"
#include "kernels/sample.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define REPEAT 5
#define LORENZ_STEPS 1000u
#define LORENZ_STEP 0.001f
#define SDE_STEPS 1000u
#define SDE_STEP 0.001f
#define SDE_DRIFT 1.5f
#define SDE_NOISE 0.1f
#define SDE_START 0.1f

struct lorenz {
    real x, y, z;
};

ZEM_FUNCTION struct lorenz lorenz_rate(struct lorenz s, real rho)
{
    struct lorenz d;
    d.x = 10.0f * (s.y - s.x);
    d.y = fmadd(s.x, rho - s.z, -s.y);
    d.z = fmadd(s.x, s.y, -2.66666675f * s.z);
    return d;
}

ZEM_FUNCTION struct lorenz lorenz_add(struct lorenz s, float h, struct lorenz d)
{
    struct lorenz x;
    x.x = fmadd(splat(h), d.x, s.x);
    x.y = fmadd(splat(h), d.y, s.y);
    x.z = fmadd(splat(h), d.z, s.z);
    return x;
}

/* Flies the trajectories of one vector, the first of which is `first` of `count`. rho runs from 0 to 21 through the
 * ensemble. Every trajectory starts at (1, 0, 0). Returns x at the end, t = 1. */
static real lorenz_fly(u32 first, u32 count)
{
    const real rho = small_to_real(splat_bits(first) + lane_numbers()) * (21.0f / (float)count);
    struct lorenz s;
    s.x = splat(1.0f);
    s.y = s.z = splat(0.0f);
    for (u32 k = 0; k < LORENZ_STEPS; k++) {
        const struct lorenz k1 = lorenz_rate(s, rho);
        const struct lorenz k2 = lorenz_rate(lorenz_add(s, 0.5f * LORENZ_STEP, k1), rho);
        const struct lorenz k3 = lorenz_rate(lorenz_add(s, 0.5f * LORENZ_STEP, k2), rho);
        const struct lorenz k4 = lorenz_rate(lorenz_add(s, LORENZ_STEP, k3), rho);
        struct lorenz sum = lorenz_add(k1, 2.0f, k2);
        sum = lorenz_add(lorenz_add(sum, 2.0f, k3), 1.0f, k4);
        s = lorenz_add(s, LORENZ_STEP / 6.0f, sum);
    }
    return s.x;
}

/* Flies the trajectories of one vector: dX = r X dt + v X dW until t = 1, with r = SDE_DRIFT and v = SDE_NOISE. One
 * draw of Philox gives the noise of four steps. Returns X at the end. */
static real sde_fly(u32 first, u32 count)
{
    struct address address = {
        .trial_low = splat_bits(first) + lane_numbers(), .trial_high = splat_bits(0u), .seed_low = 1u};
    const float spread = SDE_NOISE * 0.0316227766f; /* SDE_NOISE times the square root of the step */
    real x = splat(SDE_START), normal[4];
    (void)count;
    for (u32 k = 0; k < SDE_STEPS; k += 4) {
        const struct counter c = draw(&address, ZEM_STREAM_SEEKER, k / 4u);
        normal_pair(c.word[0], c.word[1], &normal[0], &normal[1]);
        normal_pair(c.word[2], c.word[3], &normal[2], &normal[3]);
        for (int j = 0; j < 4; j++)
            x = fmadd(x, fmadd(splat(spread), normal[j], splat(SDE_DRIFT * SDE_STEP)), x);
    }
    return x;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Flies `count` trajectories on all threads, REPEAT times. Returns the median time in s and sets `mean` and `last` to
 * the mean of the results and to the result of the last trajectory. */
static double fly_all(real (*fly)(u32, u32), u32 count, double *mean, double *last)
{
    double seconds[REPEAT];
    for (int repeat = 0; repeat < REPEAT; repeat++) {
        double sum = 0.0, end = 0.0;
        const double start = now();
#pragma omp parallel for schedule(dynamic, 64) reduction(+ : sum, end)
        for (u32 first = 0; first < count; first += ZEM_LANES) {
            const real x = fly(first, count);
            for (int k = 0; k < ZEM_LANES; k++)
                sum += (double)lane(x, k);
            if (first + ZEM_LANES >= count)
                end += (double)lane(x, ZEM_LANES - 1);
        }
        seconds[repeat] = now() - start;
        *mean = sum / count;
        *last = end;
    }
    qsort(seconds, REPEAT, sizeof *seconds, compare_numbers);
    return seconds[REPEAT / 2];
}

/* The result of the last Lorenz trajectory, in double precision and with steps ten times shorter. */
static double lorenz_reference(double rho)
{
    const double h = 0.1 * (double)LORENZ_STEP;
    double s[3] = {1.0, 0.0, 0.0};
    for (u32 k = 0; k < 10u * LORENZ_STEPS; k++) {
        double rate[4][3], x[3] = {s[0], s[1], s[2]};
        static const double part[4] = {0.0, 0.5, 0.5, 1.0};
        for (int stage = 0; stage < 4; stage++) {
            for (int j = 0; j < 3; j++)
                x[j] = s[j] + (stage > 0 ? part[stage] * h * rate[stage - 1][j] : 0.0);
            rate[stage][0] = 10.0 * (x[1] - x[0]);
            rate[stage][1] = x[0] * (rho - x[2]) - x[1];
            rate[stage][2] = x[0] * x[1] - 8.0 / 3.0 * x[2];
        }
        for (int j = 0; j < 3; j++)
            s[j] += h / 6.0 * (rate[0][j] + 2.0 * (rate[1][j] + rate[2][j]) + rate[3][j]);
    }
    return s[0];
}

static void print_problem(const char *name, u32 count, u32 steps, double seconds, double got, double expected,
                          double tolerance, const char *end)
{
    printf("{\"name\": \"%s\", \"trajectories\": %u, \"steps\": %u, \"seconds\": %.6g, \"trajectories_per_second\": "
           "%.6g, \"steps_per_second\": %.6g, "
           "\"result\": %.9g, \"expected\": %.9g, \"agrees\": %s}%s",
           name, count, steps, seconds, count / seconds, (double)count * steps / seconds, got, expected,
           fabs(got - expected) <= tolerance ? "true" : "false", end);
}

int main(void)
{
    const u32 count = 1u << 18;
    double mean, last;
    const double lorenz_seconds = fly_all(lorenz_fly, count, &mean, &last),
                 reference = lorenz_reference(21.0 * (count - 1) / count);
    printf("{\"zem_ensemble\": 1, \"lanes\": %d, \"threads\": %d, \"problems\": [", ZEM_LANES, omp_get_max_threads());
    print_problem("lorenz-rk4", count, LORENZ_STEPS, lorenz_seconds, last, reference, 1e-4 * fabs(reference), ", ");
    const double sde_seconds = fly_all(sde_fly, count, &mean, &last);
    /* The expected mean is that of the scheme, start (1 + r h)^n, for n steps h. The tolerance is 3.29 standard errors
     * of the mean, where 3.29 is the two-sided 99.9 % point of the normal distribution. */
    const double exact = (double)SDE_START * exp(SDE_STEPS * log1p((double)(SDE_DRIFT * SDE_STEP)));
    print_problem("linear-sde-euler-maruyama", count, SDE_STEPS, sde_seconds, mean, exact,
                  3.29 * exact * (double)SDE_NOISE / sqrt(count), "]}\n");
    return 0;
}
