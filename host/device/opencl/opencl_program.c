/* Compiles the kernels from their embedded source. Compiled programs are not stored here, because drivers keep a cache
 * of their own on disk. */
#include "device/opencl/opencl_program.h"

#include "device/opencl/embedded_kernels.h"
#include "device/opencl/opencl_flags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Writes an error with the beginning of the compiler's log. Returns ZEM_NO_DEVICE. */
static int build_failed(const struct zem_opencl_device *device, cl_program program, cl_int code,
                        struct zem_error *error)
{
    const struct zem_opencl *cl = &device->cl;
    char log[700] = "";
    size_t size = 0;
    char *whole = NULL;
    if (cl->clGetProgramBuildInfo(program, device->id, CL_PROGRAM_BUILD_LOG, 0, NULL, &size) == CL_SUCCESS
        && (whole = malloc(size + 1)) != NULL) {
        whole[size] = '\0';
        if (cl->clGetProgramBuildInfo(program, device->id, CL_PROGRAM_BUILD_LOG, size, whole, NULL) == CL_SUCCESS)
            snprintf(log, sizeof log, "%s", whole);
        free(whole);
    }
    return zem_error_set(error, ZEM_NO_DEVICE, "device %s failed to compile the kernels (%s): %s", device->name,
                         zem_opencl_error_name(code), log);
}

int zem_opencl_program_build(const struct zem_opencl_device *device, const struct zem_engine_options *options,
                             u32 group, struct zem_opencl_program *program, struct zem_error *error)
{
    const struct zem_opencl *cl = &device->cl;
    const char *source = zem_embedded_kernels;
    char flags[512];
    cl_int code;
    memset(program, 0, sizeof *program);
    program->group = group;
    program->program = cl->clCreateProgramWithSource(device->context, 1, &source, NULL, &code);
    if (code != CL_SUCCESS)
        return zem_opencl_failed(device, code, "take the kernel source", error);
    code = cl->clBuildProgram(program->program, 1, &device->id,
                              zem_opencl_flags(options, device->lanes, group, flags, sizeof flags), NULL, NULL);
    if (code != CL_SUCCESS)
        return build_failed(device, program->program, code, error);
    program->engage = cl->clCreateKernel(program->program, "engage", &code);
    if (code == CL_SUCCESS)
        program->known = cl->clCreateKernel(program->program, "self_test_arithmetic", &code);
    if (code == CL_SUCCESS)
        code = cl->clSetKernelArg(program->engage, 5, zem_opencl_own_bytes(group), NULL);
    if (code == CL_SUCCESS)
        code = cl->clSetKernelArg(program->engage, 6, zem_opencl_shared_bytes(device), NULL);
    if (code != CL_SUCCESS)
        return zem_opencl_failed(device, code, "create a kernel", error);
    cl->clGetKernelWorkGroupInfo(program->engage, device->id, CL_KERNEL_PRIVATE_MEM_SIZE, sizeof(cl_ulong),
                                 &program->private_bytes, NULL);
    cl->clGetKernelWorkGroupInfo(program->engage, device->id, CL_KERNEL_LOCAL_MEM_SIZE, sizeof(cl_ulong),
                                 &program->local_bytes, NULL);
    return ZEM_OK;
}

void zem_opencl_program_release(const struct zem_opencl_device *device, struct zem_opencl_program *program)
{
    const struct zem_opencl *cl = &device->cl;
    if (program->known != NULL)
        cl->clReleaseKernel(program->known);
    if (program->engage != NULL)
        cl->clReleaseKernel(program->engage);
    if (program->program != NULL)
        cl->clReleaseProgram(program->program);
    memset(program, 0, sizeof *program);
}
