/* The processes in which OpenCL drivers run, and messages to them. A driver may abort, crash or never come back from a
 * call, and a hung call cannot be cancelled; a process can be ended. The program starts itself for that, and
 * opencl_server.c answers at the other end of a socket. This process never loads an OpenCL library. */
#ifndef ZEM_OPENCL_PROCESS_H
#define ZEM_OPENCL_PROCESS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What a program that is to be a server gets as argv[0], and the number of its socket. */
#define ZEM_OPENCL_SERVER_NAME "zem-opencl-driver"
#define ZEM_OPENCL_SERVER_SOCKET 3

/* What a server is asked for. */
enum zem_opencl_request {
    ZEM_OPENCL_LIST,    /* -> zem_opencl_listed, devices, notes */
    ZEM_OPENCL_OPEN,    /* zem_device, zem_engine_options -> zem_opencl_opened */
    ZEM_OPENCL_ANSWERS, /* count as uint32_t -> count x ZEM_KNOWN_ANSWERS words */
    ZEM_OPENCL_SUBMIT,  /* zem_batch, cells, size_t, steps of the schedule from that one on -> nothing */
    ZEM_OPENCL_COLLECT, /* -> zem_opencl_collected, tallies */
    ZEM_OPENCL_PEAK,    /* zem_device, zem_engine_options -> zem_peak */
};

/* Answers. Each follows a zem_error, and is missing if that has a status. */
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

/* Starts a server. Returns NULL, with a sentence, if that fails. Release it with zem_opencl_process_end. */
struct zem_opencl_process *zem_opencl_process_start(struct zem_error *error);

/* Ends the process whatever it does, and frees its memory. NULL is allowed. */
void zem_opencl_process_end(struct zem_opencl_process *process);

/* Send and receive a part of a message. `patience` is the time in seconds without any progress after which the process
 * counts as hung and is ended; time in which this process was stopped does not count, and after a signal that stops the
 * run one second is enough. ZEM_NO_DEVICE, after which the process is gone; the message begins with `who` and `doing`
 * says what was waited for, such as "flying a batch". */
struct zem_opencl_wait {
    const char *who, *doing;
    double patience;
};
int zem_opencl_process_send(struct zem_opencl_process *process, const void *data, size_t size,
                            const struct zem_opencl_wait *wait, struct zem_error *error);
int zem_opencl_process_receive(struct zem_opencl_process *process, void *data, size_t size,
                               const struct zem_opencl_wait *wait, struct zem_error *error);

#endif
