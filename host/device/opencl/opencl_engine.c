/* OpenCL engines in the process of the driver. An engine opens a device, compiles the kernels for the features of a run
 * and keeps up to two batches in flight, so that one is copied while the other is flown. This file has the order of the
 * calls; the other files of this folder do the work. */
#include "device/opencl/opencl_engine.h"
#include "device/opencl/opencl_flight.h"
#include "device/opencl/opencl_tuning.h"
#include "device/opencl/peak_opencl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH ZEM_OPENCL_DEPTH

struct zem_engine {
    struct zem_opencl_device device;
    struct zem_opencl_program program;
    struct zem_opencl_tuning tuning;
    struct zem_engine_options options; /* what the kernels are compiled for */
    struct zem_opencl_flight flights[DEPTH];
    unsigned oldest, in_flight;
    double seconds, engagements; /* finished batches: time of the device, s; number of trials */
};

static void opencl_close(struct zem_engine *engine)
{
    if (engine == NULL)
        return;
    zem_opencl_device_finish(&engine->device);
    for (unsigned k = 0; k < DEPTH; k++)
        zem_opencl_flight_release(&engine->device, &engine->flights[k]);
    zem_opencl_program_release(&engine->device, &engine->program);
    zem_opencl_device_close(&engine->device);
    free(engine);
}

/* Compiles the kernels for the setting that the run starts with. If the setting comes from the cache and the device
 * refuses it, the kernels are compiled for the default setting and the function succeeds, because the cache is only a
 * convenience. */
static int build(struct zem_engine *engine, struct zem_error *error)
{
    struct zem_opencl_tuning *tuning = &engine->tuning;
    if (tuning->origin == ZEM_TUNING_KEPT && tuning->setting.group != engine->device.group) {
        if (zem_opencl_group_fits(&engine->device, tuning->setting.group)
            && zem_opencl_program_build(&engine->device, &engine->options, tuning->setting.group, &engine->program,
                                        NULL)
                   == 0)
            return ZEM_OK;
        zem_opencl_program_release(&engine->device, &engine->program);
        tuning->setting = zem_opencl_tuning_fixed(&engine->device);
        tuning->origin = ZEM_TUNING_FIXED;
    }
    if (tuning->origin == ZEM_TUNING_GIVEN && !zem_opencl_group_fits(&engine->device, tuning->setting.group))
        return zem_error_set(error, ZEM_NO_DEVICE,
                             "device %s has no room for work-groups of %u (" ZEM_OPENCL_TUNING ")", engine->device.name,
                             tuning->setting.group);
    return zem_opencl_program_build(&engine->device, &engine->options, tuning->setting.group, &engine->program, error);
}

static int opencl_open(const struct zem_device *device, const struct zem_engine_options *options,
                       struct zem_engine **opened, struct zem_error *error)
{
    struct zem_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "opencl: no memory");
    engine->options = *options;
    int status = zem_opencl_device_open(&engine->device, device,
                                        ZEM_TALLY_WORDS((size_t)options->radius_count, (size_t)options->shots), error);
    if (status == 0)
        status = zem_opencl_tuning_start(&engine->device, options, &engine->tuning, error);
    if (status == 0)
        status = build(engine, error);
    if (status != 0) {
        opencl_close(engine);
        return status;
    }
    *opened = engine;
    return ZEM_OK;
}

static int opencl_submit(struct zem_engine *engine, const struct zem_batch *batch, struct zem_error *error)
{
    struct zem_opencl_flight *flight = &engine->flights[(engine->oldest + engine->in_flight) % DEPTH];
    if (engine->in_flight == DEPTH)
        return zem_error_set(error, ZEM_INTERNAL, "opencl: internal error: too many batches are submitted");
    int status = zem_opencl_flight_load(&engine->device, flight, batch, error);
    if (status == 0 && zem_opencl_tuning_due(&engine->device, &engine->tuning, batch, engine->seconds))
        zem_opencl_tuning_measure(&engine->device, &engine->options, flight,
                                  engine->engagements > 0.0 ? engine->seconds / engine->engagements : 0.0,
                                  &engine->program, &engine->tuning);
    if (status == 0)
        status =
            zem_opencl_flight_start(&engine->device, &engine->program, engine->tuning.setting.trials, flight, error);
    if (status == 0)
        engine->in_flight++;
    else
        zem_opencl_device_finish(&engine->device); /* a copy in progress may still read the batch */
    return status;
}

static int opencl_collect(struct zem_engine *engine, double *seconds, struct zem_error *error)
{
    struct zem_opencl_flight *flight = &engine->flights[engine->oldest];
    const struct zem_batch *batch = &flight->batch;
    if (engine->in_flight == 0)
        return zem_error_set(error, ZEM_INTERNAL, "opencl: internal error: no batch is left to collect");
    const int status = zem_opencl_flight_finish(&engine->device, flight, batch->tallies, seconds, error);
    if (status != 0) {
        zem_opencl_device_finish(&engine->device);
        return status;
    }
    engine->seconds += *seconds;
    engine->engagements += (double)batch->range.trials * (double)batch->cell_count;
    engine->oldest = (engine->oldest + 1) % DEPTH;
    engine->in_flight--;
    return ZEM_OK;
}

static int opencl_known_answers(struct zem_engine *engine, uint32_t count, uint32_t *answers, struct zem_error *error)
{
    const struct zem_opencl *cl = &engine->device.cl;
    const size_t bytes = (size_t)count * ZEM_KNOWN_ANSWERS * sizeof *answers, global = count;
    cl_int code;
    memset(answers, 0xA5, bytes); /* so that a word that the device does not write is wrong */
    cl_mem buffer =
        cl->clCreateBuffer(engine->device.context, CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR, bytes, answers, &code);
    if (code != CL_SUCCESS)
        return zem_opencl_failed(&engine->device, code, "hold the self-test in its memory", error);
    code = cl->clSetKernelArg(engine->program.known, 0, sizeof buffer, &buffer);
    if (code == CL_SUCCESS)
        code = cl->clSetKernelArg(engine->program.known, 1, sizeof count, &count);
    if (code == CL_SUCCESS)
        code = cl->clEnqueueNDRangeKernel(engine->device.launches, engine->program.known, 1, NULL, &global, NULL, 0,
                                          NULL, NULL);
    if (code == CL_SUCCESS)
        code = cl->clEnqueueReadBuffer(engine->device.launches, buffer, CL_TRUE, 0, bytes, answers, 0, NULL, NULL);
    cl->clReleaseMemObject(buffer);
    return code == CL_SUCCESS ? ZEM_OK : zem_opencl_failed(&engine->device, code, "run the self-test", error);
}

static void opencl_describe(const struct zem_engine *engine, char *text, size_t size)
{
    snprintf(text, size,
             "work-groups of %u, %u lanes, up to %u trials each (%s), %llu bytes private, %llu bytes local memory",
             engine->program.group, engine->device.lanes, engine->tuning.setting.trials,
             zem_opencl_tuning_origin(&engine->tuning), (unsigned long long)engine->program.private_bytes,
             (unsigned long long)engine->program.local_bytes);
}

static unsigned opencl_lanes(const struct zem_engine *engine) { return engine->device.lanes; }

const struct zem_backend zem_opencl_engines = {
    .name = "opencl",
    .list = zem_opencl_list,
    .open = opencl_open,
    .submit = opencl_submit,
    .collect = opencl_collect,
    .known_answers = opencl_known_answers,
    .describe = opencl_describe,
    .lanes = opencl_lanes,
    .close = opencl_close,
    .measure_peak = zem_opencl_peak_measure,
    .depth = DEPTH,
};
