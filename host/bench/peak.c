/* Asks the backends for what a device can do. */
#include "bench/peak.h"

void zem_peak_measure(const struct zem_device *device, const struct zem_engine_options *options, struct zem_peak *peak)
{
    struct zem_peak other;
    device->backend->measure_peak(device, options, peak);
    if (device->is_gpu || device->backend == &zem_backend_openmp)
        return;
    zem_backend_openmp.measure_peak(device, options, &other); /* a processor's limit is the same whoever drives it */
    if (other.issue > peak->issue)
        *peak = other;
}
