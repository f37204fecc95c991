/* The peak of an OpenCL device: a kernel of eight independent chains of fused multiply-adds, in a context of its own
 * and timed by the device's clock. Eight chains hide the latency of an operation. */
#include "device/opencl/peak_opencl.h"
#include "device/opencl/opencl_flags.h"

#include "device/opencl/opencl_library.h"

#include <stddef.h>

#define DEVICES_MAX 64
#define ATTEMPTS 7 /* timed launches; the quickest counts */
#define CHAINS 8u  /* variables a to i of the kernel, each multiplied and added to twice a round */
#define GROUP 64u  /* work-items of a work-group */

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

struct peak_context {
    struct zem_opencl cl;
    cl_device_id device;
    cl_context context;
    cl_command_queue queue;
    cl_program program;
    cl_kernel kernel;
    cl_mem out;
};

static cl_int find(struct peak_context *context, const struct zem_device *device)
{
    cl_platform_id platforms[DEVICES_MAX];
    cl_device_id devices[DEVICES_MAX];
    cl_uint count = 0;
    cl_int code = context->cl.clGetPlatformIDs(DEVICES_MAX, platforms, &count);
    if (code != CL_SUCCESS || device->platform_index >= count)
        return CL_DEVICE_NOT_FOUND;
    code =
        context->cl.clGetDeviceIDs(platforms[device->platform_index], CL_DEVICE_TYPE_ALL, DEVICES_MAX, devices, &count);
    if (code != CL_SUCCESS || device->device_index >= count)
        return CL_DEVICE_NOT_FOUND;
    context->device = devices[device->device_index];
    return CL_SUCCESS;
}

static cl_int prepare(struct peak_context *context, int is_gpu, size_t items)
{
    const char *text = source;
    cl_int code;
    context->context = context->cl.clCreateContext(NULL, 1, &context->device, NULL, NULL, &code);
    if (code == CL_SUCCESS)
        context->queue =
            context->cl.clCreateCommandQueue(context->context, context->device, CL_QUEUE_PROFILING_ENABLE, &code);
    if (code == CL_SUCCESS)
        context->program = context->cl.clCreateProgramWithSource(context->context, 1, &text, NULL, &code);
    if (code == CL_SUCCESS)
        code = context->cl.clBuildProgram(context->program, 1, &context->device,
                                          is_gpu ? ZEM_OPENCL_ALWAYS " -D REAL=float -D \"FIRST(x)=(x)\""
                                                 : ZEM_OPENCL_ALWAYS " -D REAL=float16 -D \"FIRST(x)=(x).s0\"",
                                          NULL, NULL);
    if (code == CL_SUCCESS)
        context->kernel = context->cl.clCreateKernel(context->program, "peak", &code);
    if (code == CL_SUCCESS)
        context->out =
            context->cl.clCreateBuffer(context->context, CL_MEM_WRITE_ONLY, items * sizeof(float), NULL, &code);
    return code;
}

static void release(struct peak_context *context)
{
    if (context->out != NULL)
        context->cl.clReleaseMemObject(context->out);
    if (context->kernel != NULL)
        context->cl.clReleaseKernel(context->kernel);
    if (context->program != NULL)
        context->cl.clReleaseProgram(context->program);
    if (context->queue != NULL)
        context->cl.clReleaseCommandQueue(context->queue);
    if (context->context != NULL)
        context->cl.clReleaseContext(context->context);
    zem_opencl_unload(&context->cl);
}

/* The duration of one launch in seconds by the device's clock; 0 if it failed. */
static double timed(struct peak_context *context, size_t items, cl_uint rounds)
{
    const size_t local = GROUP;
    cl_event event = NULL;
    cl_ulong begin = 0, end = 0;
    cl_int code = context->cl.clSetKernelArg(context->kernel, 0, sizeof rounds, &rounds);
    if (code == CL_SUCCESS)
        code = context->cl.clSetKernelArg(context->kernel, 1, sizeof context->out, &context->out);
    if (code == CL_SUCCESS)
        code = context->cl.clEnqueueNDRangeKernel(context->queue, context->kernel, 1, NULL, &items, &local, 0, NULL,
                                                  &event);
    if (code == CL_SUCCESS)
        code = context->cl.clFinish(context->queue);
    if (code == CL_SUCCESS) {
        context->cl.clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_START, sizeof begin, &begin, NULL);
        context->cl.clGetEventProfilingInfo(event, CL_PROFILING_COMMAND_END, sizeof end, &end, NULL);
    }
    if (event != NULL)
        context->cl.clReleaseEvent(event);
    return end > begin ? 1e-9 * (double)(end - begin) : 0.0;
}

/* Lane operations per second, each a fused multiply-add of one lane; 0 if nothing could be measured. Rounds are doubled
 * until a launch takes 20 ms, which is long against its overhead. */
static double issue_rate(const struct zem_device *device)
{
    struct peak_context context = {.device = NULL};
    const size_t items =
        (size_t)(device->compute_units > 0 ? device->compute_units : 1) * GROUP * (device->is_gpu ? 64u : 4u);
    const double lanes = device->is_gpu ? 1.0 : 16.0;
    cl_uint rounds = 64;
    double seconds = 0.0;
    if (zem_opencl_load(&context.cl) != 0)
        return 0.0;
    if (find(&context, device) == CL_SUCCESS && prepare(&context, device->is_gpu, items) == CL_SUCCESS) {
        while ((seconds = timed(&context, items, rounds)) > 0.0 && seconds < 0.02 && rounds < 1u << 28)
            rounds *= 2;
        for (int k = 0; k < ATTEMPTS && seconds > 0.0; k++) {
            const double again = timed(&context, items, rounds);
            seconds = again > 0.0 && again < seconds ? again : seconds;
        }
    }
    release(&context);
    return seconds > 0.0 ? 2.0 * CHAINS * lanes * (double)rounds * (double)items / seconds : 0.0;
}

void zem_opencl_peak_measure(const struct zem_device *device, const struct zem_engine_options *options,
                             struct zem_peak *peak)
{
    (void)options;
    peak->issue = issue_rate(device);
    peak->flops = 2.0 * peak->issue;
}
