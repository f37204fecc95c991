/* How many fused multiply-adds an OpenCL device issues. */
#ifndef ZEM_PEAK_OPENCL_H
#define ZEM_PEAK_OPENCL_H

#include "device/backend.h"

/* zem_backend.measure_peak of the OpenCL backend: in a context of its own, by the device's own clock. */
void zem_opencl_peak_measure(const struct zem_device *device, const struct zem_engine_options *options,
                             struct zem_peak *peak);

#endif
