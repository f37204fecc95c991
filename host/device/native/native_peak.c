/* Measures the peak of the processor with all threads at once. Of several short measurements the fastest counts,
 * because disturbances only slow a measurement down. */
#include "device/native/native_peak.h"

#include "base/clock.h"
#include "device/native/native_engine.h"

#include <omp.h>

#define ATTEMPTS 6
#define ATTEMPT_SECONDS 0.02

/* Rounds per second of all threads together. Each thread counts its own processor time instead of elapsed time, so that
 * other programs on the machine do not lower the peak. */
static double rate_of(const struct zem_native_engine *engine, int threads, uint64_t rounds)
{
    double rate = 0.0;
    float sum = 0.0f;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : sum, rate)
    for (int k = 0; k < threads; k++) {
        const double start = zem_clock_thread();
        sum += engine->peak(rounds);
        rate += (double)rounds / (zem_clock_thread() - start);
    }
    return sum == sum ? rate : 0.0; /* using the sum keeps the compiler from removing the loop */
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
    uint64_t rounds = 10000;
    double rate = rate_of(engine, team, rounds);
    rounds = (uint64_t)(ATTEMPT_SECONDS * rate / team) + 1;
    rate = 0.0;
    for (int k = 0; k < ATTEMPTS; k++) {
        const double again = rate_of(engine, team, rounds);
        rate = again > rate ? again : rate;
    }
    peak->flops = (double)engine->peak_flops * rate;
    peak->issue = (double)engine->peak_operations * rate;
}
