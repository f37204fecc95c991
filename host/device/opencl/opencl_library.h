/* The OpenCL loader, opened at run time: the functions that backend_opencl.c uses, and words for error codes.
 * The only file besides it that sees an OpenCL header. */
#ifndef ZEM_OPENCL_LIBRARY_H
#define ZEM_OPENCL_LIBRARY_H

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

/* X(function): every function taken from the loader. */
#define ZEM_OPENCL_FUNCTIONS(X) \
    X(clGetPlatformIDs) \
    X(clGetPlatformInfo) X(clGetDeviceIDs) X(clGetDeviceInfo) X(clCreateContext) X(clReleaseContext) \
        X(clCreateCommandQueue) X(clReleaseCommandQueue) X(clCreateProgramWithSource) X(clBuildProgram) \
            X(clGetProgramBuildInfo) X(clReleaseProgram) X(clCreateKernel) X(clReleaseKernel) X(clSetKernelArg) \
                X(clGetKernelWorkGroupInfo) X(clCreateBuffer) X(clReleaseMemObject) X(clEnqueueMapBuffer) \
                    X(clEnqueueUnmapMemObject) X(clEnqueueWriteBuffer) X(clEnqueueReadBuffer) \
                        X(clEnqueueNDRangeKernel) X(clFlush) X(clFinish) X(clGetEventInfo) X(clGetEventProfilingInfo) \
                            X(clWaitForEvents) X(clReleaseEvent)

struct zem_opencl {
    void *library;
#define ZEM_OPENCL_POINTER(function) __typeof__(&function) function;
    ZEM_OPENCL_FUNCTIONS(ZEM_OPENCL_POINTER)
#undef ZEM_OPENCL_POINTER
};

/* Opens the loader (libOpenCL.so.1). Returns 0, or -1 where there is none or it is too old. Close with
 * zem_opencl_unload. */
int zem_opencl_load(struct zem_opencl *opencl);
void zem_opencl_unload(struct zem_opencl *opencl);

/* "CL_OUT_OF_RESOURCES" and the like. */
const char *zem_opencl_error_name(cl_int code);

#endif
