/* The measured rate of fused multiply-adds of a device: the ceiling against which the benchmark sets its figures. A
 * small kernel measures it; no data sheet enters. */
#ifndef ZEM_PEAK_H
#define ZEM_PEAK_H

#include "device/backend.h"

/* Measures a device for some tenths of a second, with the threads and the instruction set of the options. Figures stay
 * 0 where no kernel can be run, which is no failure of the benchmark. An OpenCL device that is a processor gets the
 * better of its own and the native measurement. */
void zem_peak_measure(const struct zem_device *device, const struct zem_engine_options *options, struct zem_peak *peak);

#endif
