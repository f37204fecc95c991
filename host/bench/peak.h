/* The peak of a device, its highest rates of operations, to which the benchmark relates its figures. Small kernels
 * measure it; no data sheet is used. */
#ifndef ZEM_PEAK_H
#define ZEM_PEAK_H

#include "device/backend.h"

/* Measures a device for some tenths of a second, with the threads and the instruction set of the options. The figures
 * are 0 if no kernel can be run, which is no failure. For a processor driven by OpenCL, the higher of the OpenCL and
 * the native measurement counts. */
void zem_peak_measure(const struct zem_device *device, const struct zem_engine_options *options, struct zem_peak *peak);

#endif
