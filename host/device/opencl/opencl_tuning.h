/* How the work of a run is divided on an OpenCL device: the size of a work-group and the trials of a work-item. Known
 * from an earlier run, given by hand, or found by flying a batch of the run in several ways. No choice changes a
 * result. */
#ifndef ZEM_OPENCL_TUNING_H
#define ZEM_OPENCL_TUNING_H

#include "device/opencl/opencl_flight.h"
#include "device/opencl/tuning_cache.h"

/* Environment variable: "off" (the fixed setting, and nothing is read or kept), "now" (measure before the first batch
 * whatever the device and however short the run) or a setting, "GROUPxTRIALS", such as "64x16". Unset: as the device
 * and the run deserve. */
#define ZEM_OPENCL_TUNING "ZEM_OPENCL_TUNING"

enum zem_tuning_origin { ZEM_TUNING_FIXED, ZEM_TUNING_GIVEN, ZEM_TUNING_KEPT, ZEM_TUNING_MEASURED };

struct zem_opencl_tuning {
    struct zem_tuning setting;
    enum zem_tuning_origin origin;
    bool wanted;  /* a measurement is still to be made, ... */
    double after; /* ... once the device has worked for so many seconds in this run, with a batch that fills it */
};

/* What a run starts with: reads the environment and the cache. ZEM_USAGE for a setting that cannot be read. */
int zem_opencl_tuning_start(const struct zem_opencl_device *device, const struct zem_engine_options *options,
                            struct zem_opencl_tuning *tuning, struct zem_error *error);

/* The fixed setting of a device. */
struct zem_tuning zem_opencl_tuning_fixed(const struct zem_opencl_device *device);

/* Whether to measure with this batch, after so many seconds of work on the device. */
bool zem_opencl_tuning_due(const struct zem_opencl_device *device, const struct zem_opencl_tuning *tuning,
                           const struct zem_batch *batch, double seconds);

/* Flies parts of a loaded batch in several ways, makes `program` and tuning->setting the quickest that counts the same
 * as the present one, and keeps it in the cache. `engagement_seconds`: the time of one engagement so far, 0 if unknown.
 * Never fails: what cannot be measured is left out. */
void zem_opencl_tuning_measure(const struct zem_opencl_device *device, const struct zem_engine_options *options,
                               struct zem_opencl_flight *flight, double engagement_seconds,
                               struct zem_opencl_program *program, struct zem_opencl_tuning *tuning);

/* "fixed", "given", "kept" or "measured". */
const char *zem_opencl_tuning_origin(const struct zem_opencl_tuning *tuning);

#endif
