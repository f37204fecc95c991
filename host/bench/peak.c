/* Measures the peak of a device through its backend. A processor that OpenCL drives is also measured through the OpenMP
 * backend. */
#include "bench/peak.h"

#include <math.h>

void zem_peak_measure(const struct zem_device *device, const struct zem_engine_options *options, struct zem_peak *peak)
{
    struct zem_peak other;
    device->backend->measure_peak(device, options, peak);
    if (device->is_gpu || device->backend == &zem_backend_openmp)
        return;
    zem_backend_openmp.measure_peak(device, options, &other); /* the same processor */
    peak->flops = fmax(peak->flops, other.flops);
    peak->issue = fmax(peak->issue, other.issue);
}
