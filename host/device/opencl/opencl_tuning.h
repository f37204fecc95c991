/* Tuning: how the work of a run is divided on an OpenCL device. A setting is a size of work-group and a number of
 * trials of a work-item. The setting of a run is the default of the device, read from the cache, given by the user, or
 * found by flying a batch of the run with several settings. No setting changes a result. */
#ifndef ZEM_OPENCL_TUNING_H
#define ZEM_OPENCL_TUNING_H

#include "device/opencl/opencl_flight.h"
#include "device/opencl/tuning_cache.h"

/* The environment variable that controls tuning:
 *
 *   off            use the default setting and leave the cache alone
 *   now            measure before the first batch, on any device and for any length of run
 *   GROUPxTRIALS   use this setting, such as 64x16
 *   unset          use the cache, else measure on a GPU when the run has lasted some seconds */
#define ZEM_OPENCL_TUNING "ZEM_OPENCL_TUNING"

/* Where a setting comes from: the default of the device, the user, the cache, or a measurement. */
enum zem_tuning_origin { ZEM_TUNING_FIXED, ZEM_TUNING_GIVEN, ZEM_TUNING_KEPT, ZEM_TUNING_MEASURED };

struct zem_opencl_tuning {
    struct zem_tuning setting;
    enum zem_tuning_origin origin;
    bool wanted;  /* a measurement is still to be made */
    double after; /* time that the device must work in this run before the measurement, s */
};

/* Finds the setting that a run starts with: that of the environment variable, of the cache, or the default. Returns 0,
 * or ZEM_USAGE if the value of the environment variable is not valid. */
int zem_opencl_tuning_start(const struct zem_opencl_device *device, const struct zem_engine_options *options,
                            struct zem_opencl_tuning *tuning, struct zem_error *error);

/* Returns the default setting of a device, for which nothing is measured. */
struct zem_tuning zem_opencl_tuning_fixed(const struct zem_opencl_device *device);

/* Whether to measure with this batch: a measurement is wanted, the device has worked long enough in this run
 * (`seconds`), and the batch is large enough to keep it busy. */
bool zem_opencl_tuning_due(const struct zem_opencl_device *device, const struct zem_opencl_tuning *tuning,
                           const struct zem_batch *batch, double seconds);

/* Flies a part of a loaded batch with several settings. `program` and tuning->setting become those of the quickest
 * setting that gives the same tallies as the present setting, and the cache gets the setting. `engagement_seconds` is
 * the mean time of one trial so far, or 0 if it is unknown. The function never fails: it skips a setting that cannot be
 * measured. */
void zem_opencl_tuning_measure(const struct zem_opencl_device *device, const struct zem_engine_options *options,
                               struct zem_opencl_flight *flight, double engagement_seconds,
                               struct zem_opencl_program *program, struct zem_opencl_tuning *tuning);

/* Returns the word for where the setting comes from: "fixed" (the default), "given", "kept" (in the cache) or
 * "measured". */
const char *zem_opencl_tuning_origin(const struct zem_opencl_tuning *tuning);

#endif
