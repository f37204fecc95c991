/* The OpenCL backend as the rest of the program sees it. Each engine is a process of its own (opencl_process.h),
 * because a driver that aborts, crashes or hangs must cost a run no more than its device. */
#include "device/backend.h"
#include "device/opencl/opencl_engine.h"
#include "device/opencl/opencl_process.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPENING_PATIENCE 10.0 /* opening compiles kernels: its patience is this factor times the usual one */
#define BATCH_PATIENCE 20.0   /* a batch gets the usual patience and this factor times its expected time */

struct zem_engine {
    struct zem_opencl_process *process;
    char name[64]; /* "device opencl:0:0", for messages */
    double patience;
    struct zem_opencl_opened opened;
    size_t words; /* words of a tally */
    struct zem_batch flights[ZEM_OPENCL_DEPTH];
    unsigned oldest, in_flight;
    uint64_t schedule_number;    /* array of steps that the server has; 0: none */
    size_t schedule_count;       /* how many steps of that array the server has */
    double seconds, engagements; /* finished batches: time of the device, s; number of trials */
    double processor_seconds;    /* processor time of the process, s */
};

/* A process that has listed devices. The first engine that is opened takes it, so that drivers are loaded only once. */
struct zem_spare_process {
    _Atomic(struct zem_opencl_process *) process;
};

static double patience_of(double wish) { return wish > 0.0 ? wish : ZEM_DEVICE_PATIENCE; }

/* Sends a request and its data, in two parts at most. Returns 0, or ZEM_NO_DEVICE with a message in `error`. */
static int ask(struct zem_opencl_process *process, uint32_t request, const void *first, size_t first_size,
               const void *second, size_t second_size, const struct zem_opencl_wait *wait, struct zem_error *error)
{
    int status = zem_opencl_process_send(process, &request, sizeof request, wait, error);
    if (status == 0)
        status = zem_opencl_process_send(process, first, first_size, wait, error);
    return status == 0 ? zem_opencl_process_send(process, second, second_size, wait, error) : status;
}

/* Receives the answer to a request: an error of the server, which becomes `error`, or `size` bytes of data. Returns 0
 * or the status of the error. */
static int answer(struct zem_opencl_process *process, void *data, size_t size, const struct zem_opencl_wait *wait,
                  struct zem_error *error)
{
    struct zem_error theirs;
    int status = zem_opencl_process_receive(process, &theirs, sizeof theirs, wait, error);
    if (status == 0 && theirs.status != 0)
        return zem_error_set(error, theirs.status, "%s", theirs.message);
    return status == 0 ? zem_opencl_process_receive(process, data, size, wait, error) : status;
}

/* ---- the list ---- */

static int receive_devices(struct zem_opencl_process *process, const struct zem_opencl_listed *listed,
                           struct zem_device_list *list, const struct zem_opencl_wait *wait, struct zem_error *error)
{
    int status = ZEM_OK;
    for (size_t k = 0; status == 0 && k < listed->devices; k++) {
        struct zem_device *device = zem_device_append(list);
        if (device == NULL)
            return zem_error_set(error, ZEM_INTERNAL, "no memory for the list of devices");
        status = zem_opencl_process_receive(process, device, sizeof *device, wait, error);
        device->backend = &zem_backend_opencl;
        device->spare = list->spare;
    }
    for (size_t k = 0; status == 0 && k < listed->notes; k++) {
        struct zem_device_note note;
        status = zem_opencl_process_receive(process, &note, sizeof note, wait, error);
        if (status == 0)
            zem_device_note_append(list, "%s", note.text);
    }
    return status;
}

/* Appends the OpenCL devices to the list. If a driver ends its process or hangs, list->opencl_failure gets the reason
 * and the function returns 0, because the program can go on without OpenCL. */
static int backend_list(struct zem_device_list *list, struct zem_error *error)
{
    const struct zem_opencl_wait wait = {"OpenCL", "its devices were listed", patience_of(list->patience)};
    struct zem_opencl_listed listed;
    struct zem_error failure = {0};
    const size_t before = list->count;
    struct zem_opencl_process *process = zem_opencl_process_start(&failure);
    list->spare = calloc(1, sizeof *list->spare);
    if (list->spare == NULL) {
        zem_opencl_process_end(process);
        return zem_error_set(error, ZEM_INTERNAL, "no memory for the list of devices");
    }
    if (failure.status == 0 && ask(process, ZEM_OPENCL_LIST, NULL, 0, NULL, 0, &wait, &failure) == 0
        && answer(process, &listed, sizeof listed, &wait, &failure) == 0)
        receive_devices(process, &listed, list, &wait, &failure);
    if (failure.status != 0) {
        zem_opencl_process_end(process);
        list->count = before;
        snprintf(list->opencl_failure, sizeof list->opencl_failure, "%.399s", failure.message);
        return ZEM_OK;
    }
    atomic_store(&list->spare->process, process);
    return ZEM_OK;
}

void zem_spare_process_free(struct zem_spare_process *spare)
{
    if (spare != NULL)
        zem_opencl_process_end(atomic_exchange(&spare->process, NULL));
    free(spare);
}

static struct zem_opencl_process *process_for(const struct zem_device *device, struct zem_error *error)
{
    struct zem_opencl_process *process = device->spare != NULL ? atomic_exchange(&device->spare->process, NULL) : NULL;
    return process != NULL ? process : zem_opencl_process_start(error);
}

/* ---- an engine ---- */

static void backend_close(struct zem_engine *engine)
{
    zem_opencl_process_end(engine->process);
    free(engine);
}

static int backend_open(const struct zem_device *device, const struct zem_engine_options *options,
                        struct zem_engine **opened, struct zem_error *error)
{
    struct zem_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "no memory for device %s", device->name);
    snprintf(engine->name, sizeof engine->name, "device %s", device->name);
    engine->patience = patience_of(options->patience);
    engine->words = ZEM_TALLY_WORDS((size_t)options->radius_count, (size_t)options->shots);
    const struct zem_opencl_wait wait = {engine->name, "it was opened", engine->patience * OPENING_PATIENCE};
    engine->process = process_for(device, error);
    int status = engine->process != NULL ? ZEM_OK : ZEM_NO_DEVICE;
    if (status == 0)
        status = ask(engine->process, ZEM_OPENCL_OPEN, device, sizeof *device, options, sizeof *options, &wait, error);
    if (status == 0)
        status = answer(engine->process, &engine->opened, sizeof engine->opened, &wait, error);
    if (status != 0) {
        backend_close(engine);
        return status;
    }
    *opened = engine;
    return ZEM_OK;
}

static int backend_known_answers(struct zem_engine *engine, uint32_t count, uint32_t *answers, struct zem_error *error)
{
    const struct zem_opencl_wait wait = {engine->name, "it was tested", engine->patience * OPENING_PATIENCE};
    const int status = ask(engine->process, ZEM_OPENCL_ANSWERS, &count, sizeof count, NULL, 0, &wait, error);
    return status == 0
               ? answer(engine->process, answers, (size_t)count * ZEM_KNOWN_ANSWERS * sizeof *answers, &wait, error)
               : status;
}

static double engagements_of(const struct zem_batch *batch)
{
    return (double)batch->range.trials * (double)batch->cell_count;
}

/* Returns how long to wait for the batches in flight. The first batch of a device gets the patience of its opening,
 * because some drivers compile only then. */
static struct zem_opencl_wait wait_for_batches(const struct zem_engine *engine)
{
    double engagements = 0.0;
    for (unsigned k = 0; k < engine->in_flight; k++)
        engagements += engagements_of(&engine->flights[(engine->oldest + k) % ZEM_OPENCL_DEPTH]);
    const double expected = engine->engagements > 0.0 ? engagements * engine->seconds / engine->engagements : 0.0;
    return (struct zem_opencl_wait){engine->name, "it flew a batch",
                                    engine->engagements > 0.0 ? engine->patience + BATCH_PATIENCE * expected
                                                              : engine->patience * OPENING_PATIENCE};
}

/* Sends those steps of a batch's schedule that the server does not have. */
static int send_schedule(struct zem_engine *engine, const struct zem_batch *batch, const struct zem_opencl_wait *wait,
                         struct zem_error *error)
{
    const bool known = batch->schedule_number != 0 && batch->schedule_number == engine->schedule_number;
    size_t first = known ? engine->schedule_count : 0;
    first = first < batch->schedule_count ? first : batch->schedule_count;
    engine->schedule_number = batch->schedule_number;
    engine->schedule_count =
        known && engine->schedule_count > batch->schedule_count ? engine->schedule_count : batch->schedule_count;
    const int status = zem_opencl_process_send(engine->process, &first, sizeof first, wait, error);
    return status == 0 ? zem_opencl_process_send(engine->process, batch->schedule + first,
                                                 (batch->schedule_count - first) * sizeof *batch->schedule, wait, error)
                       : status;
}

static int backend_submit(struct zem_engine *engine, const struct zem_batch *batch, struct zem_error *error)
{
    if (engine->in_flight == ZEM_OPENCL_DEPTH)
        return zem_error_set(error, ZEM_INTERNAL, "%s: internal error: too many batches are submitted", engine->name);
    engine->flights[(engine->oldest + engine->in_flight++) % ZEM_OPENCL_DEPTH] = *batch;
    const struct zem_opencl_wait wait = wait_for_batches(engine);
    int status = ask(engine->process, ZEM_OPENCL_SUBMIT, batch, sizeof *batch, batch->cells,
                     batch->cell_count * sizeof *batch->cells, &wait, error);
    if (status == 0)
        status = send_schedule(engine, batch, &wait, error);
    if (status == 0)
        status = answer(engine->process, NULL, 0, &wait, error);
    engine->in_flight -= status != 0;
    return status;
}

static int backend_collect(struct zem_engine *engine, double *seconds, struct zem_error *error)
{
    const struct zem_opencl_wait wait = wait_for_batches(engine);
    const struct zem_batch *batch = &engine->flights[engine->oldest];
    struct zem_opencl_collected collected;
    if (engine->in_flight == 0)
        return zem_error_set(error, ZEM_INTERNAL, "%s: internal error: no batch is left to collect", engine->name);
    int status = ask(engine->process, ZEM_OPENCL_COLLECT, NULL, 0, NULL, 0, &wait, error);
    if (status == 0)
        status = answer(engine->process, &collected, sizeof collected, &wait, error);
    if (status == 0)
        status = zem_opencl_process_receive(engine->process, batch->tallies,
                                            batch->cell_count * engine->words * sizeof *batch->tallies, &wait, error);
    if (status != 0)
        return status;
    *seconds = collected.seconds;
    engine->seconds += collected.seconds;
    engine->engagements += engagements_of(batch);
    engine->processor_seconds = collected.processor_seconds;
    memcpy(engine->opened.description, collected.description, sizeof engine->opened.description);
    engine->oldest = (engine->oldest + 1) % ZEM_OPENCL_DEPTH;
    engine->in_flight--;
    return ZEM_OK;
}

static void backend_describe(const struct zem_engine *engine, char *text, size_t size)
{
    snprintf(text, size, "%s", engine->opened.description);
}

static unsigned backend_lanes(const struct zem_engine *engine) { return engine->opened.lanes; }

static double backend_processor_seconds(const struct zem_engine *engine) { return engine->processor_seconds; }

static void backend_measure_peak(const struct zem_device *device, const struct zem_engine_options *options,
                                 struct zem_peak *peak)
{
    const struct zem_opencl_wait wait = {device->name, "its peak was measured",
                                         patience_of(options->patience) * OPENING_PATIENCE};
    struct zem_error ignored = {0};
    *peak = (struct zem_peak){0};
    struct zem_opencl_process *process = process_for(device, &ignored);
    if (process != NULL
        && ask(process, ZEM_OPENCL_PEAK, device, sizeof *device, options, sizeof *options, &wait, &ignored) == 0
        && answer(process, peak, sizeof *peak, &wait, &ignored) != 0)
        *peak = (struct zem_peak){0};
    zem_opencl_process_end(process);
}

const struct zem_backend zem_backend_opencl = {
    .name = "opencl",
    .list = backend_list,
    .open = backend_open,
    .submit = backend_submit,
    .collect = backend_collect,
    .known_answers = backend_known_answers,
    .describe = backend_describe,
    .lanes = backend_lanes,
    .processor_seconds = backend_processor_seconds,
    .close = backend_close,
    .measure_peak = backend_measure_peak,
    .depth = ZEM_OPENCL_DEPTH,
};
