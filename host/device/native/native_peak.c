/* Measures the peak rates of the processor with all threads at once. Of several short measurements the fastest counts,
 * because a disturbance can only slow a measurement down, and because a processor that was idle needs some time to
 * reach its clock. */
#include "device/native/native_peak.h"

#include "base/clock.h"
#include "device/native/native_engine.h"

#include <math.h>
#include <omp.h>

#define ATTEMPTS 6
#define ATTEMPT_SECONDS 0.01

/* Returns the rounds per second of all threads together. Each thread measures its own processor time instead of elapsed
 * time, so that other programs on the machine do not lower the peak. */
static double rate_of(const struct zem_native_peak *loop, int threads, uint64_t rounds)
{
    double rate = 0.0;
    float sum = 0.0f;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : sum, rate)
    for (int k = 0; k < threads; k++) {
        const double start = zem_clock_thread();
        sum += loop->run(rounds);
        rate += (double)rounds / (zem_clock_thread() - start);
    }
    return sum == sum ? rate : 0.0; /* using the sum keeps the compiler from removing the loop */
}

/* Returns the highest rate of several attempts, in rounds per second of all threads together. */
static double best_rate(const struct zem_native_peak *loop, int threads)
{
    const double first = rate_of(loop, threads, 10000);
    const uint64_t rounds = (uint64_t)(ATTEMPT_SECONDS * first / threads) + 1;
    double best = 0.0;
    for (int k = 0; k < ATTEMPTS; k++)
        best = fmax(best, rate_of(loop, threads, rounds));
    return best;
}

void zem_native_peak_measure(const struct zem_device *device, const struct zem_engine_options *options,
                             struct zem_peak *peak)
{
    const struct zem_native_engine *engine = zem_native_engine_choose(options->isa, 0u, UINT32_MAX, 1u);
    const int team = options->threads > 0 ? (int)options->threads : omp_get_num_procs();
    (void)device;
    *peak = (struct zem_peak){0.0, 0.0};
    if (engine == NULL)
        return;
    for (size_t k = 0; k < ZEM_NATIVE_PEAKS; k++) {
        const double rate = best_rate(&engine->peak[k], team);
        peak->flops = fmax(peak->flops, (double)engine->peak[k].flops * rate);
        peak->issue = fmax(peak->issue, (double)engine->peak[k].operations * rate);
    }
}
