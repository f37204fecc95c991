/* An OpenCL loader that misbehaves on request, for opencl_faults.sh and signals_test.sh. It passes every call on to the
 * real loader, which FAULTY_LIBRARY names, except that
 * - with FAULTY_LOAD=abort it aborts while it is loaded, and with FAULTY_LOAD=hang loading it never ends;
 * - with FAULTY_CALL=N the N-th call fails (calls that release or poll are not counted), with FAULTY_FOREVER=1 every
 *   later call too; with FAULTY_ABORT=N the N-th call aborts;
 * - with FAULTY_EVENT=N the N-th read that does not block ends with an error, and with FAULTY_HANG_EVENT=N a poll of
 *   its event never returns;
 * - with FAULTY_HANG=N the N-th call never returns, and with FAULTY_HANG_POLL=N the N-th poll;
 * - with FAULTY_READ=N the N-th read returns one wrong bit, with FAULTY_HIT=N a tally with one hit too many, with
 *   FAULTY_SUM=N a tally that is consistent and wrong;
 * - with FAULTY_GPU=1 devices say that they are GPUs, which selects the kernels for GPUs;
 * - with FAULTY_FMA=1 they lack the flag CL_FP_FMA, with FAULTY_INF=1 the flag CL_FP_INF_NAN;
 * - with FAULTY_GROUP=N their work-groups have at most N work-items;
 * - with FAULTY_ONCE=1 a fault happens in only one process.
 * If FAULTY_LOG names a file, a line in it says that the fault happened. The functions are those in the list of
 * host/device/opencl/opencl_library.h. */
#include "base/kernel_types.h"
#include "device/opencl/opencl_library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long setting(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? strtol(text, NULL, 10) : 0;
}

static void happened(const char *what)
{
    const char *name = getenv("FAULTY_LOG");
    FILE *log = name != NULL ? fopen(name, "a") : NULL;
    if (log != NULL) {
        fprintf(log, "%s\n", what);
        fclose(log);
    }
}

/* Whether this process has no faults, because with FAULTY_ONCE an earlier process had one. */
static int spared(void)
{
    static int known, before;
    const char *name = getenv("FAULTY_LOG");
    if (!known)
        before = setting("FAULTY_ONCE") == 1 && name != NULL && access(name, F_OK) == 0;
    known = 1;
    return before;
}

/* Whether the event with this number must be faulty, by the variable `name`. */
static int wanted(const char *name, long number) { return !spared() && setting(name) == number; }

static void hang(const char *what)
{
    happened(what);
    for (;;)
        pause();
}

__attribute__((constructor)) static void load(void)
{
    const char *what = getenv("FAULTY_LOAD");
    if (what == NULL || spared())
        return;
    if (strcmp(what, "hang") == 0)
        hang("load");
    happened("load");
    abort();
}

/* Counts a call. Returns whether it must fail. */
static int fails(const char *what)
{
    static long calls;
    const long first = setting("FAULTY_CALL"), call = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    const int fault = !spared() && first > 0 && (call == first || (call > first && setting("FAULTY_FOREVER") == 1));
    if (fault)
        happened(what);
    if (wanted("FAULTY_HANG", call))
        hang(what);
    if (wanted("FAULTY_ABORT", call)) {
        happened(what);
        abort();
    }
    return fault;
}

static void *real(const char *name)
{
    static void *library;
    if (library == NULL)
        library = dlopen(getenv("FAULTY_LIBRARY"), RTLD_NOW | RTLD_LOCAL);
    return library != NULL ? dlsym(library, name) : NULL;
}

#define REAL(function) (*(__typeof__(&function))(size_t)real(#function))
#define CODE(function, parameters, arguments) \
    cl_int function parameters { return fails(#function) ? CL_OUT_OF_RESOURCES : REAL(function) arguments; }
#define OBJECT(type, function, parameters, arguments) \
    type function parameters \
    { \
        if (!fails(#function)) \
            return REAL(function) arguments; \
        *code = CL_OUT_OF_RESOURCES; \
        return NULL; \
    }
#define RELEASE(function, type) \
    cl_int function(type object) { return REAL(function)(object); }

CODE(clGetPlatformIDs, (cl_uint n, cl_platform_id *ids, cl_uint *count), (n, ids, count))
CODE(clGetPlatformInfo, (cl_platform_id id, cl_platform_info what, size_t size, void *value, size_t *used),
     (id, what, size, value, used))
CODE(clGetDeviceIDs, (cl_platform_id id, cl_device_type type, cl_uint n, cl_device_id *ids, cl_uint *count),
     (id, type, n, ids, count))
OBJECT(cl_context, clCreateContext,
       (const cl_context_properties *properties, cl_uint n, const cl_device_id *ids,
        void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *), void *data, cl_int *code),
       (properties, n, ids, notify, data, code))
OBJECT(cl_command_queue, clCreateCommandQueue,
       (cl_context context, cl_device_id id, cl_command_queue_properties properties, cl_int *code),
       (context, id, properties, code))
OBJECT(cl_program, clCreateProgramWithSource,
       (cl_context context, cl_uint n, const char **texts, const size_t *sizes, cl_int *code),
       (context, n, texts, sizes, code))
CODE(clBuildProgram,
     (cl_program program, cl_uint n, const cl_device_id *ids, const char *options,
      void(CL_CALLBACK *notify)(cl_program, void *), void *data),
     (program, n, ids, options, notify, data))
CODE(clGetProgramBuildInfo,
     (cl_program program, cl_device_id id, cl_program_build_info what, size_t size, void *value, size_t *used),
     (program, id, what, size, value, used))
OBJECT(cl_kernel, clCreateKernel, (cl_program program, const char *name, cl_int *code), (program, name, code))
CODE(clSetKernelArg, (cl_kernel kernel, cl_uint index, size_t size, const void *value), (kernel, index, size, value))
CODE(clGetKernelWorkGroupInfo,
     (cl_kernel kernel, cl_device_id id, cl_kernel_work_group_info what, size_t size, void *value, size_t *used),
     (kernel, id, what, size, value, used))
OBJECT(cl_mem, clCreateBuffer, (cl_context context, cl_mem_flags flags, size_t size, void *host, cl_int *code),
       (context, flags, size, host, code))
CODE(clEnqueueUnmapMemObject,
     (cl_command_queue queue, cl_mem buffer, void *mapped, cl_uint n, const cl_event *events, cl_event *event),
     (queue, buffer, mapped, n, events, event))
CODE(clEnqueueWriteBuffer,
     (cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size, const void *host, cl_uint n,
      const cl_event *events, cl_event *event),
     (queue, buffer, blocking, offset, size, host, n, events, event))
CODE(clEnqueueNDRangeKernel,
     (cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t *offset, const size_t *global,
      const size_t *local, cl_uint n, const cl_event *events, cl_event *event),
     (queue, kernel, dimensions, offset, global, local, n, events, event))
CODE(clFlush, (cl_command_queue queue), (queue))
CODE(clWaitForEvents, (cl_uint n, const cl_event *events), (n, events))
CODE(clGetEventProfilingInfo, (cl_event event, cl_profiling_info what, size_t size, void *value, size_t *used),
     (event, what, size, value, used))
OBJECT(void *, clEnqueueMapBuffer,
       (cl_command_queue queue, cl_mem buffer, cl_bool blocking, cl_map_flags flags, size_t offset, size_t size,
        cl_uint n, const cl_event *events, cl_event *event, cl_int *code),
       (queue, buffer, blocking, flags, offset, size, n, events, event, code))
RELEASE(clReleaseContext, cl_context)
RELEASE(clReleaseCommandQueue, cl_command_queue)
RELEASE(clReleaseProgram, cl_program)
RELEASE(clReleaseKernel, cl_kernel)
RELEASE(clReleaseMemObject, cl_mem)
RELEASE(clReleaseEvent, cl_event)
RELEASE(clFinish, cl_command_queue)

/* Changes a property of the device as the environment asks. */
static void pretend(cl_device_info what, void *value)
{
    const cl_device_fp_config lacks = (setting("FAULTY_FMA") == 1 ? (cl_device_fp_config)CL_FP_FMA : 0)
                                      | (setting("FAULTY_INF") == 1 ? (cl_device_fp_config)CL_FP_INF_NAN : 0);
    if (what == CL_DEVICE_SINGLE_FP_CONFIG && lacks != 0) {
        *(cl_device_fp_config *)value &= ~lacks;
        happened("CL_DEVICE_SINGLE_FP_CONFIG");
    }
    if (what == CL_DEVICE_MAX_WORK_GROUP_SIZE && setting("FAULTY_GROUP") > 0) {
        *(size_t *)value = (size_t)setting("FAULTY_GROUP");
        happened("CL_DEVICE_MAX_WORK_GROUP_SIZE");
    }
}

cl_int clGetDeviceInfo(cl_device_id id, cl_device_info what, size_t size, void *value, size_t *used)
{
    if (fails("clGetDeviceInfo"))
        return CL_OUT_OF_RESOURCES;
    const cl_int code = REAL(clGetDeviceInfo)(id, what, size, value, used);
    if (code == CL_SUCCESS && what == CL_DEVICE_TYPE && value != NULL && setting("FAULTY_GPU") == 1)
        *(cl_device_type *)value = CL_DEVICE_TYPE_GPU;
    if (code == CL_SUCCESS && value != NULL)
        pretend(what, value);
    return code;
}

/* The events of reads, by the number of the read. A later read may get the address of an event that was released. */
static cl_event read_event[256];

static int is_event(cl_event event, long number) { return number > 0 && number < 256 && read_event[number] == event; }

cl_int clGetEventInfo(cl_event event, cl_event_info what, size_t size, void *value, size_t *used)
{
    static long polls;
    const cl_int code = REAL(clGetEventInfo)(event, what, size, value, used);
    if (what != CL_EVENT_COMMAND_EXECUTION_STATUS)
        return code;
    const long poll = __atomic_add_fetch(&polls, 1, __ATOMIC_SEQ_CST);
    if (wanted("FAULTY_HANG_POLL", poll))
        hang("clGetEventInfo");
    if (!spared() && is_event(event, setting("FAULTY_HANG_EVENT")))
        hang("clGetEventInfo");
    if (!spared() && is_event(event, setting("FAULTY_EVENT"))) {
        *(cl_int *)value = CL_OUT_OF_RESOURCES;
        happened("clGetEventInfo");
    }
    return code;
}

/* Waits for a read whose result must be spoilt, and then spoils it. FAULTY_READ changes the lowest bit of the first
 * word, which is a known answer of the self-test or a tally's number of trials. */
cl_int clEnqueueReadBuffer(cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size,
                           void *host, cl_uint n, const cl_event *events, cl_event *event)
{
    static long reads;
    if (fails("clEnqueueReadBuffer"))
        return CL_OUT_OF_RESOURCES;
    const long read = __atomic_add_fetch(&reads, 1, __ATOMIC_SEQ_CST);
    const int bit = wanted("FAULTY_READ", read), hit = wanted("FAULTY_HIT", read), sum = wanted("FAULTY_SUM", read);
    const int spoilt = bit || hit || sum;
    const cl_int code =
        REAL(clEnqueueReadBuffer)(queue, buffer, spoilt ? CL_TRUE : blocking, offset, size, host, n, events, event);
    if (spoilt && code == CL_SUCCESS) {
        if (bit)
            *(unsigned char *)host ^= 1u;
        else
            ((uint64_t *)host)[hit ? ZEM_TALLY_RADIUS : ZEM_TALLY_FLIGHT_TIME]++;
        happened("clEnqueueReadBuffer");
    }
    static long awaited;
    if (event != NULL && code == CL_SUCCESS) {
        const long number = __atomic_add_fetch(&awaited, 1, __ATOMIC_SEQ_CST);
        for (long k = 1; k < 256; k++)
            if (read_event[k] == *event)
                read_event[k] = NULL; /* the address of an event that was released */
        if (number < 256)
            read_event[number] = *event;
    }
    return code;
}
