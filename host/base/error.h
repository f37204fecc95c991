/* The report of one failure: a status and one complete sentence. A function returns 0 or one of the negative codes
 * below, and on failure fills the `struct zem_error` that its caller gave it. Only main.c prints the sentence and
 * exits. Mistakes in a scenario are reported through diagnostics.h instead, because there can be many at once. */
#ifndef ZEM_ERROR_H
#define ZEM_ERROR_H

/* Return codes. The exit code of the program is the code without its sign; README.md lists the exit codes. */
enum zem_status {
    ZEM_OK = 0,
    ZEM_DIFFERENCE = -6,         /* a verification or a benchmark found a difference */
    ZEM_SELF_TEST_FAILED = -7,   /* a device asked for by name failed its known-answer test */
    ZEM_NOT_CONVERGED = -8,      /* zem converge: the step is too long, or not shown to be short enough */
    ZEM_PRECISION_MISSED = -9,   /* zem run --strict: a cell has not reached its precision */
    ZEM_USAGE = -64,             /* the command line is wrong */
    ZEM_BAD_INPUT = -65,         /* the scenario or the input file is wrong */
    ZEM_NO_INPUT = -66,          /* the input does not exist or cannot be read */
    ZEM_NO_DEVICE = -69,         /* no usable device */
    ZEM_INTERNAL = -70,          /* a defect of zem */
    ZEM_CANNOT_CREATE = -73,     /* the output cannot be created */
    ZEM_INPUT_OUTPUT = -74,      /* reading or writing failed, for example a full disk */
    ZEM_STOPPED_RESUMABLE = -75, /* stopped by a signal, a checkpoint was written */
    ZEM_STOPPED = -130           /* stopped by a signal, no checkpoint */
};

struct zem_error {
    int status;         /* 0 if nothing has failed */
    char message[1024]; /* one sentence without a final newline; empty if nothing has failed */
};

/* Records a failure and returns `status`, so that a caller can write `return zem_error_set(error, ZEM_..., ...)`.
 * `error` may be NULL. The first failure is kept: if `error` already holds one, `error` is unchanged and the status of
 * that first failure is returned. */
int zem_error_set(struct zem_error *error, int status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Puts a context in front of the message of a failed call: "context: message". Returns error->status, or ZEM_INTERNAL
 * if `error` is NULL. */
int zem_error_context(struct zem_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
