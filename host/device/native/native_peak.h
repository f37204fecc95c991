/* The peak rates at which the processor issues operations. Benchmarks compare them with the rate at which the kernels
 * execute operations. */
#ifndef ZEM_NATIVE_PEAK_H
#define ZEM_NATIVE_PEAK_H

#include "device/backend.h"

/* Measures the peak rates of the processor. This is the member measure_peak of zem_backend_openmp (backend.h). */
void zem_native_peak_measure(const struct zem_device *device, const struct zem_engine_options *options,
                             struct zem_peak *peak);

#endif
