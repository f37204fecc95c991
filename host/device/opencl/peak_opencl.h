/* The peak rates of operations that an OpenCL device reaches. `zem bench` compares the rate of trials with them. */
#ifndef ZEM_PEAK_OPENCL_H
#define ZEM_PEAK_OPENCL_H

#include "device/backend.h"

/* Measures the peak rates in an OpenCL context of its own, by the device's clock. This is the member measure_peak of
 * zem_opencl_engines (backend.h). */
void zem_opencl_peak_measure(const struct zem_device *device, const struct zem_engine_options *options,
                             struct zem_peak *peak);

#endif
