/* The peak rates of operations that an OpenCL device reaches, for `zem bench` to compare the rate of engagements
 * with. */
#ifndef ZEM_PEAK_OPENCL_H
#define ZEM_PEAK_OPENCL_H

#include "device/backend.h"

/* Measures the peak in a context of its own, by the device's clock. This is zem_backend.measure_peak of the OpenCL
 * backend. */
void zem_opencl_peak_measure(const struct zem_device *device, const struct zem_engine_options *options,
                             struct zem_peak *peak);

#endif
