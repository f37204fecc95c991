/* The kernels, compiled by a device's driver for one run and one size of work-group (kernels/engage.cl requires its
 * size). */
#ifndef ZEM_OPENCL_PROGRAM_H
#define ZEM_OPENCL_PROGRAM_H

#include "device/opencl/opencl_device.h"

struct zem_opencl_program {
    cl_program program;
    cl_kernel engage, known;
    u32 group;
    u64 private_bytes, local_bytes; /* of a work-item, of a work-group */
};

/* Compiles. ZEM_NO_DEVICE if that fails, with the log of the compiler; zem_opencl_program_release is due in either
 * case. */
int zem_opencl_program_build(const struct zem_opencl_device *device, const struct zem_engine_options *options,
                             u32 group, struct zem_opencl_program *program, struct zem_error *error);
void zem_opencl_program_release(const struct zem_opencl_device *device, struct zem_opencl_program *program);

#endif
