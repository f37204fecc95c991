/* How the work of a run is divided on an OpenCL device: the size of a work-group and the trials of a work-item. The
 * setting is read from the cache, given by the user, or found by flying a batch of the run with several settings. No
 * setting changes a result. */
#ifndef ZEM_OPENCL_TUNING_H
#define ZEM_OPENCL_TUNING_H

#include "device/opencl/opencl_flight.h"
#include "device/opencl/tuning_cache.h"

/* The environment variable that controls tuning. "off": use the fixed setting and leave the cache alone. "now": measure
 * before the first batch, on any device and for any length of run. "GROUPxTRIALS", such as "64x16": use this setting.
 * Unset: use the cache, else measure on a GPU once the run has lasted some seconds. */
#define ZEM_OPENCL_TUNING "ZEM_OPENCL_TUNING"

enum zem_tuning_origin { ZEM_TUNING_FIXED, ZEM_TUNING_GIVEN, ZEM_TUNING_KEPT, ZEM_TUNING_MEASURED };

struct zem_opencl_tuning {
    struct zem_tuning setting;
    enum zem_tuning_origin origin;
    bool wanted;  /* a measurement is still to be made */
    double after; /* time in s that the device must have worked in this run before it is made */
};

/* Finds the setting that a run starts with, from the environment, the cache or the fixed setting. ZEM_USAGE if the
 * environment variable cannot be read. */
int zem_opencl_tuning_start(const struct zem_opencl_device *device, const struct zem_engine_options *options,
                            struct zem_opencl_tuning *tuning, struct zem_error *error);

/* The setting of a device of which nothing is known. */
struct zem_tuning zem_opencl_tuning_fixed(const struct zem_opencl_device *device);

/* Whether to measure with this batch: the device has worked for long enough (`seconds`), and the batch is large enough
 * to keep it busy. */
bool zem_opencl_tuning_due(const struct zem_opencl_device *device, const struct zem_opencl_tuning *tuning,
                           const struct zem_batch *batch, double seconds);

/* Flies a part of a loaded batch with several settings. `program` and tuning->setting become those of the quickest
 * setting that gives the same tallies as the present one, and the setting goes to the cache. `engagement_seconds` is
 * the mean time of one engagement so far, 0 if unknown. It never fails: a setting that cannot be measured is
 * skipped. */
void zem_opencl_tuning_measure(const struct zem_opencl_device *device, const struct zem_engine_options *options,
                               struct zem_opencl_flight *flight, double engagement_seconds,
                               struct zem_opencl_program *program, struct zem_opencl_tuning *tuning);

/* The word for where the setting comes from: "fixed", "given", "kept" (from the cache) or "measured". */
const char *zem_opencl_tuning_origin(const struct zem_opencl_tuning *tuning);

#endif
