/* OpenCL devices: the list of all devices that the loader knows, and one device opened with its context and queues.
 * Programs, buffers and launches are in other files. */
#ifndef ZEM_OPENCL_DEVICE_H
#define ZEM_OPENCL_DEVICE_H

#include "device/backend.h"
#include "device/opencl/opencl_library.h"

/* One opened device. A GPU has three queues: for launches, for uploads and for downloads. So the next batch is uploaded
 * and the last tallies are downloaded while a batch is flown. On a processor the three are one queue, because the
 * processor itself would do all three tasks. */
struct zem_opencl_device {
    struct zem_opencl cl;
    cl_device_id id;
    cl_context context;
    cl_command_queue launches, uploads, downloads;
    char name[32];
    bool is_gpu;
    u32 compute_units;
    u32 lanes;    /* trials that a work-item flies side by side */
    u32 group;    /* work-items of a work-group unless tuning sets another number */
    size_t words; /* words of a tally */
};

/* Appends all devices of all platforms to the list. This is the member `list` of zem_opencl_engines (backend.h). */
int zem_opencl_list(struct zem_device_list *list, struct zem_error *error);

/* Opens a device of the list for tallies of `words` words. Returns 0, or ZEM_NO_DEVICE if that fails. The caller calls
 * zem_opencl_device_close in either case. */
int zem_opencl_device_open(struct zem_opencl_device *opened, const struct zem_device *device, size_t words,
                           struct zem_error *error);
void zem_opencl_device_close(struct zem_opencl_device *device);

/* Waits until all queues of a device are empty, which is necessary before memory is freed and after a failure. Errors
 * are ignored, because they have been reported already. */
void zem_opencl_device_finish(const struct zem_opencl_device *device);

/* Writes the error "device opencl:0:0 failed to WHAT: CL_OUT_OF_RESOURCES (-5)" for `what` and `code`. Returns
 * ZEM_NO_DEVICE. */
int zem_opencl_failed(const struct zem_opencl_device *device, cl_int code, const char *what, struct zem_error *error);

/* Writes a text about the device, such as its CL_DEVICE_NAME, without leading blanks; "unknown" if the driver has
 * none. */
void zem_opencl_device_text(const struct zem_opencl *cl, cl_device_id id, cl_device_info what, char *text, size_t size);

/* Returns the number of trials that keeps all compute units of the device busy. */
u64 zem_opencl_device_fill(const struct zem_opencl_device *device);

/* Return the local memory in bytes that a work-group of `group` work-items needs. Each work-item counts sums and
 * outcomes by itself (own bytes). All work-items share the histogram and the hits (shared bytes). */
size_t zem_opencl_own_bytes(u32 group);
size_t zem_opencl_shared_bytes(const struct zem_opencl_device *device);

/* Whether the device has room for work-groups of `group` work-items. The compiler may still refuse the size, because
 * only the compiler knows how many registers the kernels need. */
bool zem_opencl_group_fits(const struct zem_opencl_device *device, u32 group);

#endif
