/* The peak of the processor: all threads at once, the best of several short measurements, since whatever disturbs a
 * measurement makes it slower. */
#include "device/native/native_peak.h"

#include "base/clock.h"
#include "device/native/native_engine.h"

#include <omp.h>

#define ATTEMPTS 6
#define ATTEMPT_SECONDS 0.02

/* Rounds per second of all threads together, each by the processor time that it got: a busy machine lowers the
 * benchmark, not the limit that it is held against. */
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
    return sum == sum ? rate : 0.0; /* looking at the sum keeps the loop from being left out */
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
