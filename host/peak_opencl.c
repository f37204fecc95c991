/* The OpenCL part of peak.h: a kernel of fused multiply-add chains in a context of its own, timed by the device's own clock. */
#include "opencl_flags.h"
#include "opencl_library.h"
#include "peak.h"

#include <stddef.h>

#define DEVICES_MAX 64
#define ATTEMPTS 7
#define CHAINS 8u
#define GROUP 64u

static const char source[] =
    "#pragma OPENCL FP_CONTRACT OFF\n"
    "__kernel void peak(uint rounds, __global float *out)\n"
    "{\n"
    "    const REAL m = (REAL)(0.999f), c = (REAL)(0.001f);\n"
    "    REAL a = (REAL)(0.10f), b = (REAL)(0.11f), d = (REAL)(0.12f), e = (REAL)(0.13f);\n"
    "    REAL f = (REAL)(0.14f), g = (REAL)(0.15f), h = (REAL)(0.16f), i = (REAL)(0.17f) + (REAL)(get_global_id(0));\n"
    "    for (uint k = 0; k < rounds; k++) {\n"
    "        a = fma(a, m, c); b = fma(b, m, c); d = fma(d, m, c); e = fma(e, m, c);\n"
    "        f = fma(f, m, c); g = fma(g, m, c); h = fma(h, m, c); i = fma(i, m, c);\n"
    "        a = fma(a, m, c); b = fma(b, m, c); d = fma(d, m, c); e = fma(e, m, c);\n"
    "        f = fma(f, m, c); g = fma(g, m, c); h = fma(h, m, c); i = fma(i, m, c);\n"
    "    }\n"
    "    const REAL sum = a + b + d + e + f + g + h + i;\n"
    "    out[get_global_id(0)] = FIRST(sum);\n"
    "}\n";

struct bench_context {
    struct zem_opencl cl;
    cl_device_id device;
    cl_context context;
    cl_command_queue queue;
    cl_program program;
    cl_kernel kernel;
    cl_mem out;
};

static cl_int find(struct bench_context *b, const struct zem_device *device)
{
    cl_platform_id platforms[DEVICES_MAX];
    cl_device_id devices[DEVICES_MAX];
    cl_uint count = 0;
    cl_int code = b->cl.clGetPlatformIDs(DEVICES_MAX, platforms, &count);
    if (code != CL_SUCCESS || device->platform_index >= count)
        return CL_DEVICE_NOT_FOUND;
    code = b->cl.clGetDeviceIDs(platforms[device->platform_index], CL_DEVICE_TYPE_ALL, DEVICES_MAX, devices, &count);
    if (code != CL_SUCCESS || device->device_index >= count)
        return CL_DEVICE_NOT_FOUND;
    b->device = devices[device->device_index];
    return CL_SUCCESS;
}

static cl_int prepare(struct bench_context *b, int is_gpu, size_t items)
{
    const char *text = source;
    cl_int code;
    b->context = b->cl.clCreateContext(NULL, 1, &b->device, NULL, NULL, &code);
    if (code == CL_SUCCESS)
        b->queue = b->cl.clCreateCommandQueue(b->context, b->device, CL_QUEUE_PROFILING_ENABLE, &code);
    if (code == CL_SUCCESS)
        b->program = b->cl.clCreateProgramWithSource(b->context, 1, &text, NULL, &code);
    if (code == CL_SUCCESS)
        code = b->cl.clBuildProgram(b->program, 1, &b->device, is_gpu ? ZEM_OPENCL_ALWAYS " -D REAL=float -D \"FIRST(x)=(x)\"" : ZEM_OPENCL_ALWAYS " -D REAL=float16 -D \"FIRST(x)=(x).s0\"",
                                    NULL, NULL);
    if (code == CL_SUCCESS)
        b->kernel = b->cl.clCreateKernel(b->program, "peak", &code);
    if (code == CL_SUCCESS)
        b->out = b->cl.clCreateBuffer(b->context, CL_MEM_WRITE_ONLY, items * sizeof(float), NULL, &code);
    return code;
}

static void release(struct bench_context *b)
{
    if (b->out != NULL)
        b->cl.clReleaseMemObject(b->out);
    if (b->kernel != NULL)
        b->cl.clReleaseKernel(b->kernel);
    if (b->program != NULL)
        b->cl.clReleaseProgram(b->program);
    if (b->queue != NULL)
        b->cl.clReleaseCommandQueue(b->queue);
    if (b->context != NULL)
        b->cl.clReleaseContext(b->context);
    zem_opencl_unload(&b->cl);
}

/* Seconds of one launch by the device's clock; 0 if it failed. */
static double timed(struct bench_context *b, size_t items, cl_uint rounds)
{
    const size_t local = GROUP;
    cl_event event = NULL;
    cl_ulong begin = 0, end = 0;
    cl_int code = b->cl.clSetKernelArg(b->kernel, 0, sizeof rounds, &rounds);
    if (code == CL_SUCCESS)
        code = b->cl.clSetKernelArg(b->kernel, 1, sizeof b->out, &b->out);
    if (code == CL_SUCCESS)
        code = b->cl.clEnqueueNDRangeKernel(b->queue, b->kernel, 1, NULL, &items, &local, 0, NULL, &event);
    if (code == CL_SUCCESS)
        code = b->cl.clFinish(b->queue);
    if (code == CL_SUCCESS) {
        b->cl.clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_START, sizeof begin, &begin, NULL);
        b->cl.clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_END, sizeof end, &end, NULL);
    }
    if (event != NULL)
        b->cl.clReleaseEvent(event);
    return end > begin ? 1e-9 * (double)(end - begin) : 0.0;
}

double zem_peak_opencl(const struct zem_device *device)
{
    struct bench_context b = {.device = NULL};
    const size_t items = (size_t)(device->compute_units > 0 ? device->compute_units : 1) * GROUP * (device->is_gpu ? 64u : 4u);
    const double lanes = device->is_gpu ? 1.0 : 16.0;
    cl_uint rounds = 64;
    double seconds = 0.0;
    if (zem_opencl_load(&b.cl) != 0)
        return 0.0;
    if (find(&b, device) == CL_SUCCESS && prepare(&b, device->is_gpu, items) == CL_SUCCESS) {
        while ((seconds = timed(&b, items, rounds)) > 0.0 && seconds < 0.02 && rounds < 1u << 28)
            rounds *= 2;
        for (int k = 0; k < ATTEMPTS && seconds > 0.0; k++) {
            const double again = timed(&b, items, rounds);
            seconds = again > 0.0 && again < seconds ? again : seconds;
        }
    }
    release(&b);
    return seconds > 0.0 ? 2.0 * CHAINS * lanes * (double)rounds * (double)items / seconds : 0.0;
}
