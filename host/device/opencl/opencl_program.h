/* The kernels, compiled by a device's driver for the features of one run and for one size of work-group. The size is
 * fixed at compile time, because kernels/engage.cl declares it. */
#ifndef ZEM_OPENCL_PROGRAM_H
#define ZEM_OPENCL_PROGRAM_H

#include "device/opencl/opencl_device.h"

struct zem_opencl_program {
    cl_program program;
    cl_kernel engage;  /* flies a batch */
    cl_kernel known;   /* computes the known answers of the self-test */
    u32 group;         /* work-items of a work-group */
    u64 private_bytes; /* private memory of a work-item */
    u64 local_bytes;   /* local memory of a work-group */
};

/* Compiles the kernels for work-groups of `group` work-items. Returns 0, or ZEM_NO_DEVICE with the compiler's log in
 * the message. The caller calls zem_opencl_program_release in either case. */
int zem_opencl_program_build(const struct zem_opencl_device *device, const struct zem_engine_options *options,
                             u32 group, struct zem_opencl_program *program, struct zem_error *error);
void zem_opencl_program_release(const struct zem_opencl_device *device, struct zem_opencl_program *program);

#endif
