/* The peak of the processor: all threads at once, the best of several short measurements, since whatever disturbs a
 * measurement makes it slower. */
#include "device/native/native_peak.h"

#include "base/clock.h"
#include "device/native/native_engine.h"

#include <omp.h>
#include <string.h>

#define ATTEMPTS 6
#define ATTEMPT_SECONDS 0.02

#define DECLARE(isa) extern const struct zem_native_peak zem_native_peak_##isa;
ZEM_NATIVE_PEAKS(DECLARE)
#undef DECLARE

static const struct zem_native_peak *const native_peaks[] = {
#define LIST(isa) &zem_native_peak_##isa,
    ZEM_NATIVE_PEAKS(LIST)
#undef LIST
};

static const struct zem_native_peak *find(const char *isa)
{
    for (size_t k = 0; k < sizeof native_peaks / sizeof *native_peaks; k++)
        if (isa != NULL ? strcmp(isa, native_peaks[k]->isa) == 0
                        : strcmp("scalar", native_peaks[k]->isa) != 0 && zem_native_isa_usable(native_peaks[k]->isa))
            return native_peaks[k];
    return NULL;
}

/* Rounds per second of all threads together, each by the processor time that it got: a busy machine lowers the
 * benchmark, not the limit that it is held against. */
static double rate_of(const struct zem_native_peak *native, int threads, uint64_t rounds)
{
    double rate = 0.0;
    float sum = 0.0f;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : sum, rate)
    for (int k = 0; k < threads; k++) {
        const double start = zem_clock_thread();
        sum += native->run(rounds);
        rate += (double)rounds / (zem_clock_thread() - start);
    }
    return sum == sum ? rate : 0.0; /* looking at the sum keeps the loop from being left out */
}

void zem_native_peak_measure(const struct zem_device *device, const struct zem_engine_options *options,
                             struct zem_peak *peak)
{
    const struct zem_native_peak *native = find(options->isa);
    const int team = options->threads > 0 ? (int)options->threads : omp_get_num_procs();
    (void)device;
    *peak = (struct zem_peak){0.0, 0.0};
    if (native == NULL || !zem_native_isa_usable(native->isa))
        return;
    uint64_t rounds = 10000;
    double rate = rate_of(native, team, rounds);
    rounds = (uint64_t)(ATTEMPT_SECONDS * rate / team) + 1;
    rate = 0.0;
    for (int k = 0; k < ATTEMPTS; k++) {
        const double again = rate_of(native, team, rounds);
        rate = again > rate ? again : rate;
    }
    peak->flops = (double)native->flops * rate;
    peak->issue = (double)native->operations * rate;
}
