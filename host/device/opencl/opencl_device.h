/* An OpenCL device: finding all of them behind the loader, and one opened with its context and queues. */
#ifndef ZEM_OPENCL_DEVICE_H
#define ZEM_OPENCL_DEVICE_H

#include "device/backend.h"
#include "device/opencl/opencl_library.h"

/* One opened device. A GPU has a queue for each direction of copies beside that of the launches, so that the next batch
 * is brought and the tallies of the last one are fetched while a batch is flown; on a processor, which would do all
 * three itself, they are one. */
struct zem_opencl_device {
    struct zem_opencl cl;
    cl_device_id id;
    cl_context context;
    cl_command_queue launches, uploads, downloads;
    char name[32];
    bool is_gpu;
    u32 compute_units;
    u32 lanes;    /* trials that a work-item carries */
    u32 group;    /* work-items of a work-group where nothing better is known */
    size_t words; /* of a tally */
};

/* Appends all devices of all platforms to the list: zem_backend.list. */
int zem_opencl_list(struct zem_device_list *list, struct zem_error *error);

/* Opens a device of the list for tallies of `words` words. ZEM_NO_DEVICE if that fails; zem_opencl_device_close is due
 * in either case. */
int zem_opencl_device_open(struct zem_opencl_device *opened, const struct zem_device *device, size_t words,
                           struct zem_error *error);
void zem_opencl_device_close(struct zem_opencl_device *device);

/* Waits for everything in the queues, as the driver waits; errors are no news any more. */
void zem_opencl_device_finish(const struct zem_opencl_device *device);

/* "device opencl:0:0 failed to WHAT: CL_OUT_OF_RESOURCES (-5)", as ZEM_NO_DEVICE. */
int zem_opencl_failed(const struct zem_opencl_device *device, cl_int code, const char *what, struct zem_error *error);

/* A text of the device such as CL_DEVICE_NAME, without blanks before it; "unknown" if it does not say. */
void zem_opencl_device_text(const struct zem_opencl *cl, cl_device_id id, cl_device_info what, char *text, size_t size);

/* Trials that keep all compute units of the device busy. */
u64 zem_opencl_device_fill(const struct zem_opencl_device *device);

/* Local memory of a work-group of `group`, bytes: words that each work-item has for itself, and those that they share.
 */
size_t zem_opencl_own_bytes(u32 group);
size_t zem_opencl_shared_bytes(const struct zem_opencl_device *device);

/* Whether the device takes work-groups of this size, as far as can be said before the kernels are compiled. */
bool zem_opencl_group_fits(const struct zem_opencl_device *device, u32 group);

#endif
