/* The measured rate of fused multiply-adds of a device: the ceiling against which the benchmark sets its figures. A small kernel
 * measures it; no data sheet enters. */
#ifndef ZEM_PEAK_H
#define ZEM_PEAK_H

#include "backend.h"

struct zem_peak {
    double flops;             /* operations per second, a fused multiply-add counting two */
    double issue;             /* lane operations per second, a fused multiply-add counting one */
};

/* Measures a device for some tenths of a second. `threads` and `isa` as in zem_engine_options. Figures stay 0 where no kernel can be
 * run, which is no failure of the benchmark. An OpenCL device that is a processor gets the better of both measurements. */
void zem_peak_measure(const struct zem_device *device, unsigned threads, const char *isa, struct zem_peak *peak);

/* The part of it that knows OpenCL (peak_opencl.c): lane operations per second, 0 if it cannot be measured. */
double zem_peak_opencl(const struct zem_device *device);

/* The loop of the native measurement, compiled once per instruction set (peak_native.c). */
struct zem_native_peak {
    const char *isa;
    unsigned operations;      /* lane operations of one round */
    unsigned flops;           /* floating-point operations of one round */
    float (*run)(uint64_t rounds);
};

#endif
