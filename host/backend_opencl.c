/* The OpenCL backend: every platform and device of the loader found at run time; kernels compiled once for the features of a run. */
#include "backend.h"
#include "embedded_kernels.h"
#include "opencl_flags.h"
#include "opencl_library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DEVICES_MAX 64
#define GROUP_GPU ZEM_OPENCL_GROUP_GPU /* work-items of a work-group on a GPU: two warps or one wavefront */
#define GROUP_CPU 1u         /* on a processor a work-item carries LANES_CPU trials in a vector */
#define LANES_CPU 16u
#define DEPTH 2
#define SLOT_BYTES_MAX (UINT64_C(64) << 20) /* tallies of the work-groups of one batch */

/* A batch on its way. */
struct flight_slot {
    struct zem_batch batch;
    cl_mem cells, schedule, slots;
    cl_event kernel_done, read_done;
    u64 *host_slots;
    u32 blocks;
    bool in_use;
};

struct zem_engine {
    struct zem_opencl opencl;
    cl_device_id device;
    cl_context context;
    cl_command_queue queue;
    cl_program program;
    cl_kernel engage, known;
    u32 group, lanes, compute_units;
    size_t words;
    u64 private_bytes, local_bytes;
    struct flight_slot flights[DEPTH];
    unsigned oldest, in_flight;
    char name[32];
};

static void device_text(const struct zem_opencl *cl, cl_device_id device, cl_device_info what, char *text, size_t size)
{
    char buffer[256] = "";
    if (cl->clGetDeviceInfo(device, what, sizeof buffer - 1, buffer, NULL) != CL_SUCCESS)
        snprintf(buffer, sizeof buffer, "unknown");
    const char *start = buffer + strspn(buffer, " ");
    snprintf(text, size, "%s", start);
}

static u64 device_number(const struct zem_opencl *cl, cl_device_id device, cl_device_info what, size_t size)
{
    u64 number = 0; /* little-endian hosts: shorter answers fill the low bytes */
    return cl->clGetDeviceInfo(device, what, size, &number, NULL) == CL_SUCCESS ? number : 0;
}

/* Why a device cannot be used; empty if it can. */
static void device_reason(const struct zem_opencl *cl, cl_device_id device, char *text, size_t size)
{
    const u64 fp = device_number(cl, device, CL_DEVICE_SINGLE_FP_CONFIG, sizeof(cl_device_fp_config));
    text[0] = '\0';
    if (!device_number(cl, device, CL_DEVICE_AVAILABLE, sizeof(cl_bool)))
        snprintf(text, size, "the driver says that it is not available");
    else if (!device_number(cl, device, CL_DEVICE_COMPILER_AVAILABLE, sizeof(cl_bool)))
        snprintf(text, size, "it has no compiler");
    else if (!device_number(cl, device, CL_DEVICE_ENDIAN_LITTLE, sizeof(cl_bool)))
        snprintf(text, size, "it is not little-endian");
    else if (!(fp & CL_FP_FMA) || !(fp & CL_FP_ROUND_TO_NEAREST) || !(fp & CL_FP_INF_NAN))
        snprintf(text, size, "its single precision lacks a correctly rounded fma, round to nearest or infinities");
    else if (device_number(cl, device, CL_DEVICE_LOCAL_MEM_SIZE, sizeof(cl_ulong)) < 16384)
        snprintf(text, size, "it has less than 16 KiB of local memory");
}

static int opencl_list_platform(const struct zem_opencl *cl, cl_platform_id platform, unsigned platform_index, struct zem_device_list *list, struct zem_error *error)
{
    cl_device_id devices[DEVICES_MAX];
    cl_uint count = 0;
    if (cl->clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, DEVICES_MAX, devices, &count) != CL_SUCCESS)
        return ZEM_OK; /* a platform without devices is no error */
    for (unsigned k = 0; k < count && k < DEVICES_MAX; k++) {
        char model[96], driver[48], version[64];
        struct zem_device *device = zem_device_append(list);
        if (device == NULL)
            return zem_error_set(error, ZEM_INTERNAL, "no memory for the list of devices");
        device_text(cl, devices[k], CL_DEVICE_NAME, model, sizeof model);
        device_text(cl, devices[k], CL_DRIVER_VERSION, driver, sizeof driver);
        device_text(cl, devices[k], CL_DEVICE_VERSION, version, sizeof version);
        device->backend = &zem_backend_opencl;
        device->platform_index = platform_index;
        device->device_index = k;
        device->is_gpu = (device_number(cl, devices[k], CL_DEVICE_TYPE, sizeof(cl_device_type)) & CL_DEVICE_TYPE_GPU) != 0;
        device->compute_units = (unsigned)device_number(cl, devices[k], CL_DEVICE_MAX_COMPUTE_UNITS, sizeof(cl_uint));
        device->memory_bytes = device_number(cl, devices[k], CL_DEVICE_GLOBAL_MEM_SIZE, sizeof(cl_ulong));
        snprintf(device->name, sizeof device->name, "opencl:%u:%u", platform_index, k);
        snprintf(device->description, sizeof device->description, "%s, %s, driver %s, %u compute units", model, version, driver, device->compute_units);
        device_reason(cl, devices[k], device->reason, sizeof device->reason);
    }
    return ZEM_OK;
}

static int opencl_list(struct zem_device_list *list, struct zem_error *error)
{
    struct zem_opencl cl;
    cl_platform_id platforms[DEVICES_MAX];
    cl_uint count = 0;
    int status = ZEM_OK;
    if (zem_opencl_load(&cl) != 0)
        return ZEM_OK;
    if (cl.clGetPlatformIDs(DEVICES_MAX, platforms, &count) != CL_SUCCESS)
        count = 0; /* -1001: a loader without platforms */
    for (unsigned k = 0; k < count && k < DEVICES_MAX && status == 0; k++)
        status = opencl_list_platform(&cl, platforms[k], k, list, error);
    zem_opencl_unload(&cl);
    return status;
}

static int failed(const struct zem_engine *engine, cl_int code, const char *what, struct zem_error *error)
{
    return zem_error_set(error, ZEM_NO_DEVICE, "device %s failed to %s: %s (%d)", engine->name, what, zem_opencl_error_name(code), (int)code);
}

static int opencl_find(struct zem_engine *engine, const struct zem_device *device, struct zem_error *error)
{
    cl_platform_id platforms[DEVICES_MAX];
    cl_device_id devices[DEVICES_MAX];
    cl_uint count = 0;
    const struct zem_opencl *cl = &engine->opencl;
    cl_int code = cl->clGetPlatformIDs(DEVICES_MAX, platforms, &count);
    if (code != CL_SUCCESS || device->platform_index >= count)
        return failed(engine, code, "be found again", error);
    code = cl->clGetDeviceIDs(platforms[device->platform_index], CL_DEVICE_TYPE_ALL, DEVICES_MAX, devices, &count);
    if (code != CL_SUCCESS || device->device_index >= count)
        return failed(engine, code, "be found again", error);
    engine->device = devices[device->device_index];
    return ZEM_OK;
}

static int opencl_build(struct zem_engine *engine, const struct zem_engine_options *options, struct zem_error *error)
{
    const struct zem_opencl *cl = &engine->opencl;
    const char *source = zem_embedded_kernels;
    char flags[512];
    cl_int code;
    zem_opencl_flags(options, engine->lanes, engine->group, flags, sizeof flags);
    engine->program = cl->clCreateProgramWithSource(engine->context, 1, &source, NULL, &code);
    if (code != CL_SUCCESS)
        return failed(engine, code, "take the kernel source", error);
    code = cl->clBuildProgram(engine->program, 1, &engine->device, flags, NULL, NULL);
    if (code != CL_SUCCESS) {
        char log[700] = "";
        size_t size = 0;
        char *whole = NULL;
        if (cl->clGetProgramBuildInfo(engine->program, engine->device, CL_PROGRAM_BUILD_LOG, 0, NULL, &size) == CL_SUCCESS && (whole = malloc(size + 1)) != NULL) {
            whole[size] = '\0';
            if (cl->clGetProgramBuildInfo(engine->program, engine->device, CL_PROGRAM_BUILD_LOG, size, whole, NULL) == CL_SUCCESS)
                snprintf(log, sizeof log, "%s", whole);
            free(whole);
        }
        return zem_error_set(error, ZEM_NO_DEVICE, "device %s failed to compile the kernels (%s): %s", engine->name, zem_opencl_error_name(code), log);
    }
    engine->engage = cl->clCreateKernel(engine->program, "engage", &code);
    if (code == CL_SUCCESS)
        engine->known = cl->clCreateKernel(engine->program, "self_test_arithmetic", &code);
    if (code == CL_SUCCESS) /* local memory of a work-group: words that each work-item has for itself, and those that they share */
        code = cl->clSetKernelArg(engine->engage, 5, ZEM_TALLY_HISTOGRAM * engine->group * sizeof(u64), NULL);
    if (code == CL_SUCCESS)
        code = cl->clSetKernelArg(engine->engage, 6, (engine->words - ZEM_TALLY_HISTOGRAM) * sizeof(u32), NULL);
    if (code != CL_SUCCESS)
        return failed(engine, code, "create a kernel", error);
    cl->clGetKernelWorkGroupInfo(engine->engage, engine->device, CL_KERNEL_PRIVATE_MEM_SIZE, sizeof(cl_ulong), &engine->private_bytes, NULL);
    cl->clGetKernelWorkGroupInfo(engine->engage, engine->device, CL_KERNEL_LOCAL_MEM_SIZE, sizeof(cl_ulong), &engine->local_bytes, NULL);
    return ZEM_OK;
}

static void flight_release(struct zem_engine *engine, struct flight_slot *flight)
{
    const struct zem_opencl *cl = &engine->opencl;
    if (flight->kernel_done != NULL)
        cl->clReleaseEvent(flight->kernel_done);
    if (flight->read_done != NULL)
        cl->clReleaseEvent(flight->read_done);
    if (flight->cells != NULL)
        cl->clReleaseMemObject(flight->cells);
    if (flight->schedule != NULL)
        cl->clReleaseMemObject(flight->schedule);
    if (flight->slots != NULL)
        cl->clReleaseMemObject(flight->slots);
    free(flight->host_slots);
    memset(flight, 0, sizeof *flight);
}

static void opencl_close(struct zem_engine *engine)
{
    if (engine == NULL)
        return;
    const struct zem_opencl *cl = &engine->opencl;
    if (engine->queue != NULL)
        cl->clFinish(engine->queue);
    for (unsigned k = 0; k < DEPTH; k++)
        flight_release(engine, &engine->flights[k]);
    if (engine->known != NULL)
        cl->clReleaseKernel(engine->known);
    if (engine->engage != NULL)
        cl->clReleaseKernel(engine->engage);
    if (engine->program != NULL)
        cl->clReleaseProgram(engine->program);
    if (engine->queue != NULL)
        cl->clReleaseCommandQueue(engine->queue);
    if (engine->context != NULL)
        cl->clReleaseContext(engine->context);
    zem_opencl_unload(&engine->opencl);
    free(engine);
}

static int opencl_open(const struct zem_device *device, const struct zem_engine_options *options, struct zem_engine **opened, struct zem_error *error)
{
    struct zem_engine *engine = calloc(1, sizeof *engine);
    cl_int code = CL_SUCCESS;
    if (engine == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "opencl: no memory");
    snprintf(engine->name, sizeof engine->name, "%s", device->name);
    engine->group = device->is_gpu ? GROUP_GPU : GROUP_CPU;
    engine->lanes = device->is_gpu ? 1u : LANES_CPU;
    engine->compute_units = device->compute_units > 0 ? device->compute_units : 1u;
    engine->words = ZEM_TALLY_WORDS((size_t)options->radius_count, (size_t)options->shots);
    int status = zem_opencl_load(&engine->opencl) == 0 ? ZEM_OK : zem_error_set(error, ZEM_NO_DEVICE, "the OpenCL loader is gone");
    if (status == 0)
        status = opencl_find(engine, device, error);
    if (status == 0) {
        engine->context = engine->opencl.clCreateContext(NULL, 1, &engine->device, NULL, NULL, &code);
        if (code != CL_SUCCESS)
            status = failed(engine, code, "create a context", error);
    }
    if (status == 0) {
        engine->queue = engine->opencl.clCreateCommandQueue(engine->context, engine->device, CL_QUEUE_PROFILING_ENABLE, &code);
        if (code != CL_SUCCESS)
            status = failed(engine, code, "create a queue", error);
    }
    if (status == 0)
        status = opencl_build(engine, options, error);
    if (status != 0) {
        opencl_close(engine);
        return status;
    }
    *opened = engine;
    return ZEM_OK;
}

/* Trials of one work-group: whole multiples of what its work-items take at a time, some sixteen groups per compute unit. */
static u32 trials_per_group(const struct zem_engine *engine, const struct zem_batch *batch)
{
    const u64 unit = (u64)engine->group * engine->lanes;
    const u64 work = (u64)batch->range.trials * batch->cell_count;
    u64 units = work / (unit * engine->compute_units * 16u);
    units = units < 1 ? 1 : units > 64 ? 64 : units;
    const u64 groups_max = SLOT_BYTES_MAX / (engine->words * sizeof(u64) * batch->cell_count) + 1u;
    const u64 least = batch->range.trials / (unit * groups_max) + 1u;
    return (u32)((units < least ? least : units) * unit);
}

static int flight_buffers(struct zem_engine *engine, struct flight_slot *flight, struct zem_error *error)
{
    const struct zem_opencl *cl = &engine->opencl;
    const struct zem_batch *batch = &flight->batch;
    static const struct schedule_step empty;
    const size_t steps = batch->schedule_count > 0 ? batch->schedule_count : 1;
    const size_t bytes = (size_t)flight->blocks * batch->cell_count * engine->words * sizeof(u64);
    cl_int code;
    flight->host_slots = malloc(bytes);
    if (flight->host_slots == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "opencl: no memory for the tallies of a batch");
    flight->cells = cl->clCreateBuffer(engine->context, CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR, batch->cell_count * sizeof *batch->cells, (void *)(uintptr_t)batch->cells, &code);
    if (code == CL_SUCCESS)
        flight->schedule = cl->clCreateBuffer(engine->context, CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR, steps * sizeof empty,
                                              (void *)(uintptr_t)(batch->schedule_count > 0 ? batch->schedule : &empty), &code);
    if (code == CL_SUCCESS)
        flight->slots = cl->clCreateBuffer(engine->context, CL_MEM_WRITE_ONLY, bytes, NULL, &code);
    return code == CL_SUCCESS ? ZEM_OK : failed(engine, code, "hold a batch in its memory", error);
}

static int opencl_submit(struct zem_engine *engine, const struct zem_batch *batch, struct zem_error *error)
{
    const struct zem_opencl *cl = &engine->opencl;
    struct flight_slot *flight = &engine->flights[(engine->oldest + engine->in_flight) % DEPTH];
    if (engine->in_flight == DEPTH)
        return zem_error_set(error, ZEM_INTERNAL, "opencl: too many batches in flight");
    flight_release(engine, flight);
    flight->batch = *batch;
    const u32 per_group = trials_per_group(engine, batch);
    flight->blocks = (batch->range.trials + per_group - 1u) / per_group;
    const int status = flight_buffers(engine, flight, error);
    if (status != 0)
        return status;
    const size_t local[2] = {engine->group, 1};
    const size_t global[2] = {(size_t)flight->blocks * engine->group, batch->cell_count};
    cl_int code = cl->clSetKernelArg(engine->engage, 0, sizeof(cl_mem), &flight->cells);
    if (code == CL_SUCCESS)
        code = cl->clSetKernelArg(engine->engage, 1, sizeof(cl_mem), &flight->schedule);
    if (code == CL_SUCCESS)
        code = cl->clSetKernelArg(engine->engage, 2, sizeof batch->range, &batch->range);
    if (code == CL_SUCCESS)
        code = cl->clSetKernelArg(engine->engage, 3, sizeof per_group, &per_group);
    if (code == CL_SUCCESS)
        code = cl->clSetKernelArg(engine->engage, 4, sizeof(cl_mem), &flight->slots);
    if (code == CL_SUCCESS)
        code = cl->clEnqueueNDRangeKernel(engine->queue, engine->engage, 2, NULL, global, local, 0, NULL, &flight->kernel_done);
    if (code == CL_SUCCESS)
        code = cl->clEnqueueReadBuffer(engine->queue, flight->slots, CL_FALSE, 0, (size_t)flight->blocks * batch->cell_count * engine->words * sizeof(u64),
                                       flight->host_slots, 0, NULL, &flight->read_done);
    if (code == CL_SUCCESS)
        code = cl->clFlush(engine->queue);
    if (code != CL_SUCCESS)
        return failed(engine, code, "start a batch", error);
    flight->in_use = true;
    engine->in_flight++;
    return ZEM_OK;
}

/* Waits without spinning a core where the driver's own wait would: asks the event's status between short sleeps. */
static cl_int event_wait(const struct zem_opencl *cl, cl_event event)
{
    struct timespec pause = {.tv_nsec = 50000};
    for (;;) {
        cl_int state = CL_QUEUED;
        const cl_int code = cl->clGetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof state, &state, NULL);
        if (code != CL_SUCCESS)
            return code;
        if (state <= CL_COMPLETE)
            return state < 0 ? state : CL_SUCCESS;
        nanosleep(&pause, NULL);
        if (pause.tv_nsec < 500000)
            pause.tv_nsec += 50000;
    }
}

static int opencl_collect(struct zem_engine *engine, double *seconds, struct zem_error *error)
{
    const struct zem_opencl *cl = &engine->opencl;
    struct flight_slot *flight = &engine->flights[engine->oldest];
    const struct zem_batch *batch = &flight->batch;
    cl_ulong begin = 0, end = 0;
    if (engine->in_flight == 0)
        return zem_error_set(error, ZEM_INTERNAL, "opencl: no batch in flight");
    const cl_int code = event_wait(cl, flight->read_done);
    if (code != CL_SUCCESS)
        return failed(engine, code, "finish a batch", error);
    memset(batch->tallies, 0, batch->cell_count * engine->words * sizeof(u64));
    const u64 *slot = flight->host_slots;
    for (size_t cell = 0; cell < batch->cell_count; cell++)
        for (u32 block = 0; block < flight->blocks; block++, slot += engine->words)
            for (size_t word = 0; word < engine->words; word++)
                batch->tallies[cell * engine->words + word] += slot[word];
    cl->clGetEventProfilingInfo(flight->kernel_done, CL_PROFILING_COMMAND_START, sizeof begin, &begin, NULL);
    cl->clGetEventProfilingInfo(flight->kernel_done, CL_PROFILING_COMMAND_END, sizeof end, &end, NULL);
    *seconds = 1e-9 * (double)(end - begin);
    flight_release(engine, flight);
    engine->oldest = (engine->oldest + 1) % DEPTH;
    engine->in_flight--;
    return ZEM_OK;
}

static int opencl_known_answers(struct zem_engine *engine, uint32_t count, uint32_t *answers, struct zem_error *error)
{
    const struct zem_opencl *cl = &engine->opencl;
    const size_t bytes = (size_t)count * ZEM_KNOWN_ANSWERS * sizeof *answers, global = count;
    cl_int code;
    memset(answers, 0xA5, bytes); /* poison: what the device does not write is no answer */
    cl_mem buffer = cl->clCreateBuffer(engine->context, CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR, bytes, answers, &code);
    if (code != CL_SUCCESS)
        return failed(engine, code, "hold the self-test in its memory", error);
    code = cl->clSetKernelArg(engine->known, 0, sizeof buffer, &buffer);
    if (code == CL_SUCCESS)
        code = cl->clSetKernelArg(engine->known, 1, sizeof count, &count);
    if (code == CL_SUCCESS)
        code = cl->clEnqueueNDRangeKernel(engine->queue, engine->known, 1, NULL, &global, NULL, 0, NULL, NULL);
    if (code == CL_SUCCESS)
        code = cl->clEnqueueReadBuffer(engine->queue, buffer, CL_TRUE, 0, bytes, answers, 0, NULL, NULL);
    cl->clReleaseMemObject(buffer);
    return code == CL_SUCCESS ? ZEM_OK : failed(engine, code, "run the self-test", error);
}

static void opencl_describe(const struct zem_engine *engine, char *text, size_t size)
{
    snprintf(text, size, "work-groups of %u, %u lanes, %llu bytes private, %llu bytes local memory", engine->group, engine->lanes,
             (unsigned long long)engine->private_bytes, (unsigned long long)engine->local_bytes);
}

static unsigned opencl_lanes(const struct zem_engine *engine)
{
    return engine->lanes;
}

const struct zem_backend zem_backend_opencl = {
    .name = "opencl",
    .list = opencl_list,
    .open = opencl_open,
    .submit = opencl_submit,
    .collect = opencl_collect,
    .known_answers = opencl_known_answers,
    .describe = opencl_describe,
    .lanes = opencl_lanes,
    .close = opencl_close,
    .depth = DEPTH,
};
