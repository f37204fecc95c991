/* The processes in which OpenCL drivers run, and the messages to them. A driver may abort, crash or never come back
 * from a call. A hung call cannot be cancelled, but a process can be ended. So the program starts itself once more as a
 * server, and opencl_server.c answers at the other end of a socket. The process that runs the program never loads an
 * OpenCL library. */
#ifndef ZEM_OPENCL_PROCESS_H
#define ZEM_OPENCL_PROCESS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* argv[0] of a program that is started as a server, and the number of the server's socket. */
#define ZEM_OPENCL_SERVER_NAME "zem-opencl-driver"
#define ZEM_OPENCL_SERVER_SOCKET 3

/* The requests to a server. A comment names the data of the request, and after the arrow the data of the answer. */
enum zem_opencl_request {
    ZEM_OPENCL_LIST,    /* -> zem_opencl_listed, devices, notes */
    ZEM_OPENCL_OPEN,    /* zem_device, zem_engine_options -> zem_opencl_opened */
    ZEM_OPENCL_ANSWERS, /* count as uint32_t -> count x ZEM_KNOWN_ANSWERS words */
    ZEM_OPENCL_SUBMIT,  /* zem_batch, cells, a step's index as size_t, the steps from it on -> nothing */
    ZEM_OPENCL_COLLECT, /* -> zem_opencl_collected, tallies */
    ZEM_OPENCL_PEAK,    /* zem_device, zem_engine_options -> zem_peak */
};

/* The data of answers. An answer begins with a zem_error; data follow only if its status is 0. */
struct zem_opencl_listed {
    size_t devices, notes;
};

struct zem_opencl_opened {
    char description[256]; /* as zem_backend.describe writes it */
    unsigned lanes;
};

struct zem_opencl_collected {
    double seconds;           /* time of the device on the batch */
    double processor_seconds; /* processor time of the server since its start */
    char description[256];
};

struct zem_opencl_process {
    pid_t pid;
    int socket;
    char ending[96]; /* how it ended, such as "was ended by signal 6 (Aborted)"; empty while it runs */
};

/* Starts a server. Returns the process, or NULL with a message in `error`. The caller ends it with
 * zem_opencl_process_end. */
struct zem_opencl_process *zem_opencl_process_start(struct zem_error *error);

/* Ends the process, even if it hangs, and frees its memory. `process` may be NULL. */
void zem_opencl_process_end(struct zem_opencl_process *process);

/* zem_opencl_process_send and zem_opencl_process_receive move a part of a message. `patience` is the time in seconds
 * without any progress after which the process counts as hung and is ended. Time in which this process was stopped does
 * not count, and after a signal that stops the run one second is enough. Both return 0, or ZEM_NO_DEVICE if the process
 * has ended or was ended. The error message begins with `who`, and `doing` says what went on, such as "it flew a
 * batch". */
struct zem_opencl_wait {
    const char *who, *doing;
    double patience;
};
int zem_opencl_process_send(struct zem_opencl_process *process, const void *data, size_t size,
                            const struct zem_opencl_wait *wait, struct zem_error *error);
int zem_opencl_process_receive(struct zem_opencl_process *process, void *data, size_t size,
                               const struct zem_opencl_wait *wait, struct zem_error *error);

#endif
