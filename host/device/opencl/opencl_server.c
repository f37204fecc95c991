/* The server, a process in which an OpenCL driver runs. It is this program, started by opencl_process.c with the name
 * ZEM_OPENCL_SERVER_NAME. It answers requests by the engines of opencl_engine.c until its socket is closed. */
#include "device/opencl/opencl_engine.h"
#include "device/opencl/opencl_process.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* An array of schedule steps that the server has received. Later batches append to it. An array that another one has
 * replaced is kept while a batch is in flight that may still be copied from it. */
struct steps {
    struct schedule_step *step;
    size_t room;
    unsigned users; /* batches in flight that have their steps here */
};

/* A batch in flight. The server owns its cells and its tallies. */
struct served_batch {
    struct zem_batch batch;
    struct cell_parameters *cells;
    struct steps *steps; /* NULL if the batch has no steps */
};

struct server {
    struct zem_engine *engine;
    size_t words;        /* words of a tally */
    struct steps *steps; /* the array that was received last, or NULL */
    struct served_batch flights[ZEM_OPENCL_DEPTH];
    unsigned oldest, in_flight;
};

/* ---- the socket ---- */

/* Reads `size` bytes from the socket. If the other end is closed, the server ends whatever it is doing: the program
 * that asks has ended, or needs the server no longer. */
static void get(void *data, size_t size)
{
    char *to = data;
    while (size > 0) {
        const ssize_t moved = recv(ZEM_OPENCL_SERVER_SOCKET, to, size, MSG_WAITALL);
        if (moved <= 0)
            _exit(0);
        to += moved;
        size -= (size_t)moved;
    }
}

/* Writes `size` bytes to the socket. If the other end is closed, the server ends. */
static void put(const void *data, size_t size)
{
    const char *from = data;
    while (size > 0) {
        const ssize_t moved = send(ZEM_OPENCL_SERVER_SOCKET, from, size, MSG_NOSIGNAL);
        if (moved <= 0)
            _exit(0);
        from += moved;
        size -= (size_t)moved;
    }
}

/* Ends the server when the program at the other end of the socket has ended, even while a call of the driver does not
 * return. It runs in a thread of its own. */
static void *watch(void *unused)
{
    struct pollfd other = {.fd = ZEM_OPENCL_SERVER_SOCKET};
    (void)unused;
    while (poll(&other, 1, -1) <= 0 || (other.revents & (POLLHUP | POLLERR)) == 0)
        ;
    _exit(0);
}

/* ---- requests ---- */

static void serve_list(void)
{
    struct zem_device_list list = {0};
    struct zem_error error = {0};
    zem_opencl_engines.list(&list, &error);
    put(&error, sizeof error);
    if (error.status == 0) {
        const struct zem_opencl_listed listed = {list.count, list.note_count};
        put(&listed, sizeof listed);
        put(list.items, list.count * sizeof *list.items);
        put(list.notes, list.note_count * sizeof *list.notes);
    }
    zem_devices_free(&list);
}

static void serve_open(struct server *server)
{
    struct zem_device device;
    struct zem_engine_options options;
    struct zem_opencl_opened opened = {0};
    struct zem_error error = {0};
    get(&device, sizeof device);
    get(&options, sizeof options);
    options.isa = NULL; /* a pointer of the other process */
    if (server->engine != NULL)
        zem_opencl_engines.close(server->engine);
    server->engine = NULL;
    server->words = ZEM_TALLY_WORDS((size_t)options.radius_count, (size_t)options.shots);
    zem_opencl_engines.open(&device, &options, &server->engine, &error);
    put(&error, sizeof error);
    if (error.status != 0)
        return;
    zem_opencl_engines.describe(server->engine, opened.description, sizeof opened.description);
    opened.lanes = zem_opencl_engines.lanes(server->engine);
    put(&opened, sizeof opened);
}

static void serve_answers(struct server *server)
{
    uint32_t count;
    struct zem_error error = {0};
    get(&count, sizeof count);
    const size_t bytes = (size_t)count * ZEM_KNOWN_ANSWERS * sizeof(uint32_t);
    uint32_t *answers = malloc(bytes);
    if (answers == NULL)
        zem_error_set(&error, ZEM_INTERNAL, "no memory for the self-test");
    else
        zem_opencl_engines.known_answers(server->engine, count, answers, &error);
    put(&error, sizeof error);
    if (error.status == 0)
        put(answers, bytes);
    free(answers);
}

/* Reads `count` items of the message into memory that the caller frees. Returns NULL for no items. Without memory the
 * server ends, because the rest of the message cannot be read. */
static void *get_items(size_t count, size_t size)
{
    void *items = count > 0 ? malloc(count * size) : NULL;
    if (count > 0 && items == NULL)
        _exit(-ZEM_INTERNAL);
    get(items, count * size);
    return items;
}

/* Frees an array of steps that no batch uses, unless later batches may append to it. */
static void steps_drop(const struct server *server, struct steps *steps)
{
    if (steps == NULL || steps->users > 0 || steps == server->steps)
        return;
    free(steps->step);
    free(steps);
}

static void batch_free(const struct server *server, struct served_batch *served)
{
    if (served->steps != NULL)
        served->steps->users--;
    steps_drop(server, served->steps);
    free(served->cells);
    free(served->batch.tallies);
    memset(served, 0, sizeof *served);
}

/* Makes room for `count` steps, of which the array has the first `known`. Steps that a batch in flight uses stay where
 * they are, and are copied if there is not enough room behind them. */
static void steps_fit(struct server *server, size_t known, size_t count)
{
    struct steps *old = server->steps;
    if (old != NULL && old->room >= count && (known > 0 || old->users == 0))
        return;
    struct steps *steps = calloc(1, sizeof *steps);
    if (steps == NULL || (steps->step = malloc(2 * count * sizeof *steps->step)) == NULL)
        _exit(-ZEM_INTERNAL);
    steps->room = 2 * count;
    if (known > 0 && old != NULL)
        memcpy(steps->step, old->step, known * sizeof *steps->step);
    server->steps = steps;
    steps_drop(server, old);
}

/* Receives the steps from `first` to `count` - 1 of an array whose earlier steps the server has. A new array begins
 * with step 0. Returns the array, which one more batch uses now, or NULL for no steps. */
static struct steps *get_steps(struct server *server, size_t first, size_t count)
{
    if (count == 0)
        return NULL;
    steps_fit(server, first, count);
    get(server->steps->step + first, (count - first) * sizeof *server->steps->step);
    server->steps->users++;
    return server->steps;
}

static void serve_submit(struct server *server)
{
    struct served_batch received = {0};
    struct zem_error error = {0};
    size_t first;
    get(&received.batch, sizeof received.batch);
    received.batch.cells = received.cells = get_items(received.batch.cell_count, sizeof *received.cells);
    get(&first, sizeof first);
    received.steps = get_steps(server, first, received.batch.schedule_count);
    received.batch.schedule = received.steps != NULL ? received.steps->step : NULL;
    received.batch.tallies = calloc(received.batch.cell_count * server->words, sizeof *received.batch.tallies);
    if (received.batch.tallies == NULL)
        zem_error_set(&error, ZEM_INTERNAL, "no memory for the tallies of a batch");
    else if (server->in_flight == ZEM_OPENCL_DEPTH)
        zem_error_set(&error, ZEM_INTERNAL, "internal error: too many batches are submitted");
    else
        zem_opencl_engines.submit(server->engine, &received.batch, &error);
    if (error.status == 0)
        server->flights[(server->oldest + server->in_flight++) % ZEM_OPENCL_DEPTH] = received;
    else
        batch_free(server, &received);
    put(&error, sizeof error);
}

static double processor_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void serve_collect(struct server *server)
{
    struct served_batch *served = &server->flights[server->oldest];
    struct zem_opencl_collected collected = {0};
    struct zem_error error = {0};
    if (server->in_flight == 0)
        zem_error_set(&error, ZEM_INTERNAL, "internal error: no batch is left to collect");
    else
        zem_opencl_engines.collect(server->engine, &collected.seconds, &error);
    put(&error, sizeof error);
    if (error.status != 0)
        return; /* the batch stays, since the device may still read it */
    zem_opencl_engines.describe(server->engine, collected.description, sizeof collected.description);
    collected.processor_seconds = processor_seconds();
    put(&collected, sizeof collected);
    put(served->batch.tallies, served->batch.cell_count * server->words * sizeof *served->batch.tallies);
    batch_free(server, served);
    server->oldest = (server->oldest + 1) % ZEM_OPENCL_DEPTH;
    server->in_flight--;
}

static void serve_peak(void)
{
    struct zem_device device;
    struct zem_engine_options options;
    struct zem_peak peak = {0};
    const struct zem_error error = {0};
    get(&device, sizeof device);
    get(&options, sizeof options);
    options.isa = NULL; /* a pointer of the other process */
    zem_opencl_engines.measure_peak(&device, &options, &peak);
    put(&error, sizeof error);
    put(&peak, sizeof peak);
}

static void serve(struct server *server)
{
    uint32_t request;
    get(&request, sizeof request);
    const bool needs_engine =
        request == ZEM_OPENCL_ANSWERS || request == ZEM_OPENCL_SUBMIT || request == ZEM_OPENCL_COLLECT;
    if (needs_engine && server->engine == NULL)
        _exit(-ZEM_INTERNAL);
    switch (request) {
    case ZEM_OPENCL_LIST:
        serve_list();
        break;
    case ZEM_OPENCL_OPEN:
        serve_open(server);
        break;
    case ZEM_OPENCL_ANSWERS:
        serve_answers(server);
        break;
    case ZEM_OPENCL_SUBMIT:
        serve_submit(server);
        break;
    case ZEM_OPENCL_COLLECT:
        serve_collect(server);
        break;
    case ZEM_OPENCL_PEAK:
        serve_peak();
        break;
    default:
        _exit(-ZEM_INTERNAL);
    }
}

/* Runs before main and does not return in a process that was started as a server. So every program that contains this
 * file, tests too, can be started as a server. A server ignores the signals that stop a run, because the run still
 * wants its batches. It ends with its socket. */
__attribute__((constructor)) static void become_server(int count, char **words)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGXCPU};
    struct server server = {0};
    pthread_t watcher;
    if (count != 1 || strcmp(words[0], ZEM_OPENCL_SERVER_NAME) != 0)
        return;
    for (size_t k = 0; k < sizeof ignored / sizeof *ignored; k++)
        signal(ignored[k], SIG_IGN);
    if (pthread_create(&watcher, NULL, watch, NULL) != 0)
        _exit(-ZEM_INTERNAL);
    for (;;)
        serve(&server);
}
