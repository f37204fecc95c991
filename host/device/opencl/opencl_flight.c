/* Flies one batch: copies, launch and wait. Upload, launch and download are queued together when the batch starts, and
 * events order them, so that the device needs no help from the program between them. Tallies are downloaded into memory
 * that the driver has allocated, because some drivers block the program while they copy into other memory. */
#include "device/opencl/opencl_flight.h"

#include <string.h>
#include <time.h>

#define SLOT_BYTES_MAX (UINT64_C(64) << 20) /* most bytes for the tallies of all work-groups of a batch */
#define PAUSE_LEAST_NS 20000L               /* shortest sleep between two queries of an event */
#define PAUSE_MOST_NS 5000000L              /* longest sleep */
#define PAUSE_DIVISOR 8 /* between these limits a sleep is the time already waited, divided by this */

/* Makes a buffer hold at least `bytes`. A buffer that has to grow loses its contents. Returns an OpenCL error code. */
static cl_int memory_fit(const struct zem_opencl_device *device, struct zem_opencl_memory *memory, size_t bytes,
                         cl_mem_flags flags)
{
    cl_int code = CL_SUCCESS;
    if (memory->bytes >= bytes)
        return code;
    if (memory->buffer != NULL)
        device->cl.clReleaseMemObject(memory->buffer);
    memory->bytes = 0;
    memory->buffer = device->cl.clCreateBuffer(device->context, flags, bytes, NULL, &code);
    if (code == CL_SUCCESS)
        memory->bytes = bytes;
    return code;
}

/* Queues a copy to the device and returns without waiting. The copy takes `bytes` bytes from `offset` on, and `offset`
 * counts in both `data` and the buffer. `event`, which may be NULL, gets the event of its end. */
static cl_int memory_write(const struct zem_opencl_device *device, struct zem_opencl_memory *memory, const void *data,
                           size_t offset, size_t bytes, cl_event *event)
{
    return device->cl.clEnqueueWriteBuffer(device->uploads, memory->buffer, CL_FALSE, offset, bytes,
                                           (const char *)data + offset, 0, NULL, event);
}

/* Queues the copy of those steps of a schedule that the device does not have. If the buffer is too small, a new one
 * takes its place. The new buffer has room to grow if the array of steps has grown before, because most such arrays go
 * on growing. */
static cl_int schedule_write(const struct zem_opencl_device *device, struct zem_opencl_flight *flight,
                             const struct zem_batch *batch)
{
    static const struct schedule_step
        empty; /* copied if there are no steps, because a kernel argument must be a buffer */
    const bool has_steps = batch->schedule_count > 0;
    const size_t count = has_steps ? batch->schedule_count : 1;
    const bool known = batch->schedule_number != 0u && batch->schedule_number == flight->schedule_number;
    cl_int code = CL_SUCCESS;
    size_t first = known ? flight->schedule_count : 0;
    if (flight->schedule.bytes < count * sizeof empty) {
        code = memory_fit(device, &flight->schedule, (known ? 2 * count : count) * sizeof empty, CL_MEM_READ_ONLY);
        first = 0;
    }
    if (code == CL_SUCCESS && first < count)
        code = memory_write(device, &flight->schedule, has_steps ? batch->schedule : &empty, first * sizeof empty,
                            (count - first) * sizeof empty, NULL);
    flight->schedule_number = code == CL_SUCCESS ? batch->schedule_number : 0u;
    flight->schedule_count = count;
    return code;
}

static void event_forget(const struct zem_opencl_device *device, cl_event *event)
{
    if (*event != NULL)
        device->cl.clReleaseEvent(*event);
    *event = NULL;
}

int zem_opencl_flight_load(const struct zem_opencl_device *device, struct zem_opencl_flight *flight,
                           const struct zem_batch *batch, struct zem_error *error)
{
    const size_t bytes = batch->cell_count * sizeof *batch->cells;
    flight->batch = *batch;
    event_forget(device, &flight->upload);
    cl_int code = schedule_write(device, flight, batch);
    if (code == CL_SUCCESS)
        code = memory_fit(device, &flight->cells, bytes, CL_MEM_READ_ONLY);
    if (code == CL_SUCCESS) /* copies end in order, so the end of this one is the end of both */
        code = memory_write(device, &flight->cells, batch->cells, 0, bytes, &flight->upload);
    if (code == CL_SUCCESS)
        code = device->cl.clFlush(device->uploads);
    return code == CL_SUCCESS ? ZEM_OK : zem_opencl_failed(device, code, "hold a batch in its memory", error);
}

/* Returns the number of trials for one work-group: a multiple of the trials that its work-items fly at a time. As a
 * rule the multiple is `trials`. It is less if some compute units would otherwise have no work, and more if the tallies
 * of all work-groups would otherwise take more than SLOT_BYTES_MAX. */
static u32 trials_per_group(const struct zem_opencl_device *device, u32 group, u32 trials,
                            const struct zem_batch *batch)
{
    const u64 unit = (u64)group * device->lanes;
    const u64 work = (u64)batch->range.trials * batch->cell_count;
    u64 units = work / zem_opencl_device_fill(device);
    units = units > trials ? trials : units;
    units = units < 1 ? 1 : units;
    const u64 groups_max = SLOT_BYTES_MAX / (device->words * sizeof(u64) * batch->cell_count) + 1u;
    const u64 least = batch->range.trials / (unit * groups_max) + 1u;
    return (u32)((units < least ? least : units) * unit);
}

static size_t slot_bytes(const struct zem_opencl_device *device, const struct zem_opencl_flight *flight)
{
    return (size_t)flight->blocks * flight->batch.cell_count * device->words * sizeof(u64);
}

static void host_forget(const struct zem_opencl_device *device, struct zem_opencl_flight *flight)
{
    if (flight->host_slots != NULL)
        device->cl.clEnqueueUnmapMemObject(device->downloads, flight->host.buffer, flight->host_slots, 0, NULL, NULL);
    flight->host_slots = NULL;
}

/* Makes room for the tallies on the device and in the host's memory: a quarter more than needed, because batches differ
 * in size. The function does not wait until the host's memory is mapped, because the download into that memory comes
 * later in the same queue. */
static cl_int slots_fit(const struct zem_opencl_device *device, struct zem_opencl_flight *flight)
{
    const size_t bytes = slot_bytes(device, flight), roomy = bytes + bytes / 4;
    cl_int code = CL_SUCCESS;
    if (flight->slots.bytes < bytes)
        code = memory_fit(device, &flight->slots, roomy, CL_MEM_WRITE_ONLY);
    if (code != CL_SUCCESS || (flight->host_slots != NULL && flight->host.bytes >= bytes))
        return code;
    host_forget(device, flight);
    code = memory_fit(device, &flight->host, roomy, CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR);
    if (code == CL_SUCCESS)
        flight->host_slots =
            device->cl.clEnqueueMapBuffer(device->downloads, flight->host.buffer, CL_FALSE, CL_MAP_READ | CL_MAP_WRITE,
                                          0, flight->host.bytes, 0, NULL, NULL, &code);
    return code;
}

int zem_opencl_flight_start(const struct zem_opencl_device *device, const struct zem_opencl_program *program,
                            u32 trials, struct zem_opencl_flight *flight, struct zem_error *error)
{
    const struct zem_opencl *cl = &device->cl;
    const struct zem_batch *batch = &flight->batch;
    const u32 per_group = trials_per_group(device, program->group, trials, batch);
    event_forget(device, &flight->launch);
    event_forget(device, &flight->download);
    flight->blocks = (batch->range.trials + per_group - 1u) / per_group;
    cl_int code = slots_fit(device, flight);
    if (code != CL_SUCCESS)
        return zem_opencl_failed(device, code, "hold the tallies of a batch in its memory", error);
    const size_t local[2] = {program->group, 1};
    const size_t global[2] = {(size_t)flight->blocks * program->group, batch->cell_count};
    code = cl->clSetKernelArg(program->engage, 0, sizeof(cl_mem), &flight->cells.buffer);
    if (code == CL_SUCCESS)
        code = cl->clSetKernelArg(program->engage, 1, sizeof(cl_mem), &flight->schedule.buffer);
    if (code == CL_SUCCESS)
        code = cl->clSetKernelArg(program->engage, 2, sizeof batch->range, &batch->range);
    if (code == CL_SUCCESS)
        code = cl->clSetKernelArg(program->engage, 3, sizeof per_group, &per_group);
    if (code == CL_SUCCESS)
        code = cl->clSetKernelArg(program->engage, 4, sizeof(cl_mem), &flight->slots.buffer);
    if (code == CL_SUCCESS)
        code = cl->clEnqueueNDRangeKernel(device->launches, program->engage, 2, NULL, global, local, 1, &flight->upload,
                                          &flight->launch);
    if (code == CL_SUCCESS)
        code = cl->clFlush(device->launches);
    if (code == CL_SUCCESS)
        code = cl->clEnqueueReadBuffer(device->downloads, flight->slots.buffer, CL_FALSE, 0, slot_bytes(device, flight),
                                       flight->host_slots, 1, &flight->launch, &flight->download);
    if (code == CL_SUCCESS)
        code = cl->clFlush(device->downloads);
    return code == CL_SUCCESS ? ZEM_OK : zem_opencl_failed(device, code, "start a batch", error);
}

/* Waits for the end of an event by queries between sleeps, because the wait function of some drivers occupies a
 * processor core. Sleeps become longer with the time already waited. So the end of a short batch is noticed soon, and a
 * long batch takes few queries. Even if a sleep is too long, a device with another batch in its queue does not idle. */
static cl_int event_wait(const struct zem_opencl *cl, cl_event event)
{
    long waited_ns = 0;
    for (;;) {
        cl_int state = CL_QUEUED;
        const cl_int code = cl->clGetEventInfo(event, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof state, &state, NULL);
        if (code != CL_SUCCESS)
            return code;
        if (state <= CL_COMPLETE)
            return state < 0 ? state : CL_SUCCESS;
        long pause_ns = waited_ns / PAUSE_DIVISOR;
        pause_ns = pause_ns < PAUSE_LEAST_NS ? PAUSE_LEAST_NS : pause_ns < PAUSE_MOST_NS ? pause_ns : PAUSE_MOST_NS;
        nanosleep(&(struct timespec){.tv_nsec = pause_ns}, NULL);
        waited_ns += waited_ns < PAUSE_DIVISOR * PAUSE_MOST_NS ? pause_ns : 0; /* the pause grows no more */
    }
}

int zem_opencl_flight_finish(const struct zem_opencl_device *device, struct zem_opencl_flight *flight, u64 *tallies,
                             double *seconds, struct zem_error *error)
{
    const struct zem_opencl *cl = &device->cl;
    const size_t cells = flight->batch.cell_count, words = device->words;
    cl_ulong begin = 0, end = 0;
    cl_int code = event_wait(cl, flight->download), launch = CL_COMPLETE;
    if (code != CL_SUCCESS) { /* a failed launch makes the download fail too; report the code of the launch */
        if (cl->clGetEventInfo(flight->launch, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof launch, &launch, NULL)
                == CL_SUCCESS
            && launch < 0)
            code = launch;
        return zem_opencl_failed(device, code, "finish a batch", error);
    }
    memset(tallies, 0, cells * words * sizeof(u64));
    const u64 *slot = flight->host_slots;
    for (size_t cell = 0; cell < cells; cell++)
        for (u32 block = 0; block < flight->blocks; block++, slot += words)
            for (size_t word = 0; word < words; word++)
                tallies[cell * words + word] += slot[word];
    cl->clGetEventProfilingInfo(flight->launch, CL_PROFILING_COMMAND_START, sizeof begin, &begin, NULL);
    cl->clGetEventProfilingInfo(flight->launch, CL_PROFILING_COMMAND_END, sizeof end, &end, NULL);
    *seconds = end > begin ? 1e-9 * (double)(end - begin) : 0.0;
    return ZEM_OK;
}

void zem_opencl_flight_release(const struct zem_opencl_device *device, struct zem_opencl_flight *flight)
{
    struct zem_opencl_memory *memory[] = {&flight->cells, &flight->schedule, &flight->slots, &flight->host};
    event_forget(device, &flight->upload);
    event_forget(device, &flight->launch);
    event_forget(device, &flight->download);
    host_forget(device, flight);
    for (size_t k = 0; k < sizeof memory / sizeof *memory; k++)
        if (memory[k]->buffer != NULL)
            device->cl.clReleaseMemObject(memory[k]->buffer);
    memset(flight, 0, sizeof *flight);
}
