/* How many fused multiply-adds the processor issues. */
#ifndef ZEM_NATIVE_PEAK_H
#define ZEM_NATIVE_PEAK_H

#include "device/backend.h"

/* zem_backend.measure_peak of the native backend, by the loop that each engine has for it. */
void zem_native_peak_measure(const struct zem_device *device, const struct zem_engine_options *options,
                             struct zem_peak *peak);

#endif
