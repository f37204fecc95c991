/* Measures the peak of a device: the highest rates at which it does floating-point operations and operations of any
 * kind. The benchmark gives its rates as fractions of this peak. Small kernels measure the peak; no data sheet is
 * used. */
#ifndef ZEM_PEAK_H
#define ZEM_PEAK_H

#include "device/backend.h"

/* Measures a device for some tenths of a second, with the threads and the instruction set of the options, and fills
 * `peak`. Its figures are 0 if the device runs no kernel. For a processor that OpenCL drives, the higher figure of the
 * OpenCL and the OpenMP backend is taken. */
void zem_peak_measure(const struct zem_device *device, const struct zem_engine_options *options, struct zem_peak *peak);

#endif
