/* A batch on an OpenCL device: its buffers, its launch, the wait for it, and the sum of what its work-groups counted.
 */
#ifndef ZEM_OPENCL_FLIGHT_H
#define ZEM_OPENCL_FLIGHT_H

#include "device/opencl/opencl_program.h"

/* Memory of the device that is kept from one batch to the next and grows as needed. */
struct zem_opencl_memory {
    cl_mem buffer;
    size_t bytes;
};

/* Zero-initialise; free with zem_opencl_flight_release, which waits for nothing. */
struct zem_opencl_flight {
    struct zem_batch batch;
    struct zem_opencl_memory cells, schedule, slots;
    struct zem_opencl_memory host; /* where the slots are brought to, mapped as ... */
    u64 *host_slots;
    cl_event upload, launch, download;
    u32 blocks; /* work-groups of a cell */
};

/* Copies the cells and the schedule of a batch to the device. */
int zem_opencl_flight_load(const struct zem_opencl_device *device, struct zem_opencl_flight *flight,
                           const struct zem_batch *batch, struct zem_error *error);

/* Launches the batch with at most so many trials for each lane of a work-item, and returns without waiting. */
int zem_opencl_flight_start(const struct zem_opencl_device *device, const struct zem_opencl_program *program,
                            u32 trials, struct zem_opencl_flight *flight, struct zem_error *error);

/* Waits, without spinning a core, and fills cell_count tallies; `seconds` gets the time of the launch by the device's
 * clock. */
int zem_opencl_flight_finish(const struct zem_opencl_device *device, struct zem_opencl_flight *flight, u64 *tallies,
                             double *seconds, struct zem_error *error);

void zem_opencl_flight_release(const struct zem_opencl_device *device, struct zem_opencl_flight *flight);

#endif
