/* One batch on an OpenCL device: its buffers, its launch, the wait for its end, and the sum of the tallies of its
 * work-groups. opencl_engine.c and opencl_tuning.c call load, start and finish in this order. */
#ifndef ZEM_OPENCL_FLIGHT_H
#define ZEM_OPENCL_FLIGHT_H

#include "device/opencl/opencl_program.h"

/* A buffer of the device. It is kept from batch to batch and grows as needed. */
struct zem_opencl_memory {
    cl_mem buffer;
    size_t bytes;
};

/* A batch and its memory. Initialise it with zeros. The caller frees it with zem_opencl_flight_release, which does not
 * wait for the device. */
struct zem_opencl_flight {
    struct zem_batch batch;
    struct zem_opencl_memory cells, schedule;
    u64 schedule_number;            /* array of steps whose first steps are in `schedule`; 0: none */
    size_t schedule_count;          /* number of steps in `schedule` */
    struct zem_opencl_memory slots; /* on the device: one tally for each work-group */
    struct zem_opencl_memory host;  /* in the host's memory: a copy of `slots` */
    u64 *host_slots;                /* address of the memory of `host`; NULL while it is not mapped */
    cl_event upload, launch, download;
    u32 blocks; /* work-groups for each cell */
};

/* Queues the copies of the cells and the schedule of a batch to the device. The arrays of the batch must stay unchanged
 * until it is finished. Returns 0 or ZEM_NO_DEVICE. */
int zem_opencl_flight_load(const struct zem_opencl_device *device, struct zem_opencl_flight *flight,
                           const struct zem_batch *batch, struct zem_error *error);

/* Launches the loaded batch and returns without waiting. `trials` is the largest number of trials for each lane of a
 * work-item. Returns 0 or ZEM_NO_DEVICE. */
int zem_opencl_flight_start(const struct zem_opencl_device *device, const struct zem_opencl_program *program,
                            u32 trials, struct zem_opencl_flight *flight, struct zem_error *error);

/* Waits for the end of the batch, without occupying a processor core, and fills the tallies of all cells. `seconds`
 * gets the duration of the launch by the device's clock. Returns 0 or ZEM_NO_DEVICE. */
int zem_opencl_flight_finish(const struct zem_opencl_device *device, struct zem_opencl_flight *flight, u64 *tallies,
                             double *seconds, struct zem_error *error);

void zem_opencl_flight_release(const struct zem_opencl_device *device, struct zem_opencl_flight *flight);

#endif
