/* How many fused multiply-adds the processor issues: the measurement, and the loop of it that is compiled once per
 * instruction set (peak_native.c). */
#ifndef ZEM_NATIVE_PEAK_H
#define ZEM_NATIVE_PEAK_H

#include "device/backend.h"

struct zem_native_peak {
    const char *isa;
    unsigned operations; /* lane operations of one round */
    unsigned flops;      /* floating-point operations of one round */
    float (*run)(uint64_t rounds);
};

/* zem_backend.measure_peak of the native backend. */
void zem_native_peak_measure(const struct zem_device *device, const struct zem_engine_options *options,
                             struct zem_peak *peak);

#endif
