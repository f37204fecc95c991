/* Measures the peak rates of an OpenCL device with kernels of independent chains of operations, in a context of their
 * own and by the device's clock. Eight chains hide the latency of an operation. There are several kernels, because some
 * devices have other units for additions or for integers than for multiplications: it depends on the device which
 * kernel is the fastest. */
#include "device/opencl/peak_opencl.h"
#include "device/opencl/opencl_flags.h"

#include "device/opencl/opencl_library.h"

#include <math.h>
#include <stddef.h>

#define DEVICES_MAX 64
#define ATTEMPTS 7 /* timed launches; the quickest counts */
#define CHAINS 8u  /* variables a to h of the kernels */
#define GROUP 64u  /* work-items of a work-group */

static const char source[] = "#pragma OPENCL FP_CONTRACT OFF\n"
                             "#define EACH(F) F(a) F(b) F(c) F(d) F(e) F(f) F(g) F(h)\n"
                             "#define FUSED(x) x = fma(x, factor, term);\n"
                             "#define ADDED(x) x##1 += term;\n"
                             "#define BITS(x) x##2 = (x##2 ^ 0x9E3779B9u) + 0x7F4A7C15u;\n"
                             "#define START(x) REAL x = (REAL)(0.1f) + (REAL)(get_global_id(0)), x##1 = x; WORD x##2 = "
                             "(WORD)(get_local_id(0));\n"
                             "#define SUM(x) + x + x##1 + (REAL)(FIRST(x##2))\n"
                             "#define PEAK(name, round) \\\n"
                             "__kernel void name(uint rounds, __global float *out) \\\n"
                             "{ \\\n"
                             "    const REAL factor = (REAL)(0.999f), term = (REAL)(0.001f); \\\n"
                             "    EACH(START) \\\n"
                             "    for (uint k = 0; k < rounds; k++) { round } \\\n"
                             "    const REAL sum = (REAL)(0.0f) EACH(SUM); \\\n"
                             "    out[get_global_id(0)] = FIRST(sum); \\\n"
                             "}\n"
                             "PEAK(multiply_adds, EACH(FUSED) EACH(FUSED))\n"
                             "PEAK(with_additions, EACH(FUSED) EACH(ADDED))\n"
                             "PEAK(with_integers, EACH(FUSED) EACH(BITS))\n";

/* The kernels, and the numbers of operations that each lane of a work-item executes in a round. `operations` counts all
 * of them, and a fused multiply-add once. `flops` counts only those on floating point, and a fused multiply-add
 * twice. */
static const struct {
    const char *name;
    unsigned operations, flops;
} loops[] = {
    {"multiply_adds", 2 * CHAINS, 4 * CHAINS},
    {"with_additions", 2 * CHAINS, 3 * CHAINS},
    {"with_integers", 3 * CHAINS, 2 * CHAINS},
};

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
                                          is_gpu ? ZEM_OPENCL_ALWAYS " -D REAL=float -D WORD=uint -D \"FIRST(x)=(x)\""
                                                 : ZEM_OPENCL_ALWAYS
                                              " -D REAL=float16 -D WORD=uint16 -D \"FIRST(x)=(x).s0\"",
                                          NULL, NULL);
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

/* Returns the duration of one launch by the device's clock, s; 0 if it failed. */
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

/* Returns the rounds per second of all work-items together; 0 if nothing could be measured. The number of rounds is
 * doubled until a launch takes 20 ms, which is long compared with its overhead. */
static double round_rate(struct peak_context *context, const char *name, size_t items)
{
    cl_uint rounds = 64;
    cl_int code;
    double seconds = 0.0;
    context->kernel = context->cl.clCreateKernel(context->program, name, &code);
    if (code != CL_SUCCESS)
        return 0.0;
    while ((seconds = timed(context, items, rounds)) > 0.0 && seconds < 0.02 && rounds < 1u << 28)
        rounds *= 2;
    for (int k = 0; k < ATTEMPTS && seconds > 0.0; k++) {
        const double again = timed(context, items, rounds);
        seconds = again > 0.0 && again < seconds ? again : seconds;
    }
    context->cl.clReleaseKernel(context->kernel);
    context->kernel = NULL;
    return seconds > 0.0 ? (double)rounds * (double)items / seconds : 0.0;
}

void zem_opencl_peak_measure(const struct zem_device *device, const struct zem_engine_options *options,
                             struct zem_peak *peak)
{
    struct peak_context context = {.device = NULL};
    const size_t items =
        (size_t)(device->compute_units > 0 ? device->compute_units : 1) * GROUP * (device->is_gpu ? 64u : 4u);
    const double lanes = device->is_gpu ? 1.0 : 16.0;
    (void)options;
    *peak = (struct zem_peak){0.0, 0.0};
    if (zem_opencl_load(&context.cl) != 0)
        return;
    if (find(&context, device) == CL_SUCCESS && prepare(&context, device->is_gpu, items) == CL_SUCCESS)
        for (size_t k = 0; k < sizeof loops / sizeof loops[0]; k++) {
            const double rate = lanes * round_rate(&context, loops[k].name, items);
            peak->flops = fmax(peak->flops, loops[k].flops * rate);
            peak->issue = fmax(peak->issue, loops[k].operations * rate);
        }
    release(&context);
}
