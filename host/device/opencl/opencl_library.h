/* The OpenCL loader, opened at run time: pointers to its functions, and names of error codes. This is the only file
 * that includes an OpenCL header; the other files of this folder include this one. */
#ifndef ZEM_OPENCL_LIBRARY_H
#define ZEM_OPENCL_LIBRARY_H

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#ifdef __ALTIVEC__ /* the OpenCL header includes <altivec.h>, where bool means a vector */
#undef bool
#define bool _Bool
#endif

/* X(function) for every function that is taken from the loader. */
/* clang-format off */
#define ZEM_OPENCL_FUNCTIONS(X) \
    X(clGetPlatformIDs) X(clGetPlatformInfo) X(clGetDeviceIDs) X(clGetDeviceInfo) \
    X(clCreateContext) X(clReleaseContext) X(clCreateCommandQueue) X(clReleaseCommandQueue) \
    X(clCreateProgramWithSource) X(clBuildProgram) X(clGetProgramBuildInfo) X(clReleaseProgram) \
    X(clCreateKernel) X(clReleaseKernel) X(clSetKernelArg) X(clGetKernelWorkGroupInfo) \
    X(clCreateBuffer) X(clReleaseMemObject) X(clEnqueueMapBuffer) X(clEnqueueUnmapMemObject) \
    X(clEnqueueWriteBuffer) X(clEnqueueReadBuffer) X(clEnqueueNDRangeKernel) X(clFlush) X(clFinish) \
    X(clGetEventInfo) X(clGetEventProfilingInfo) X(clWaitForEvents) X(clReleaseEvent)
/* clang-format on */

/* The opened loader and one pointer for each of its functions, named after the function. */
struct zem_opencl {
    void *library;
#define ZEM_OPENCL_POINTER(function) __typeof__(&function) function;
    ZEM_OPENCL_FUNCTIONS(ZEM_OPENCL_POINTER)
#undef ZEM_OPENCL_POINTER
};

/* Opens the loader (libOpenCL.so.1). Returns 0, or -1 if there is no loader or it lacks a function. Call
 * zem_opencl_unload at the end. */
int zem_opencl_load(struct zem_opencl *opencl);
void zem_opencl_unload(struct zem_opencl *opencl);

/* Returns the name of an error code, such as "CL_OUT_OF_RESOURCES", or "an OpenCL error" if the code is not in the
 * list. */
const char *zem_opencl_error_name(cl_int code);

#endif
