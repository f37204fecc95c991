/* What a function reports when it fails: one complete sentence and the exit code that the program ends with.
 * Functions return 0 or one of the negative codes below and fill the `struct zem_error` their caller gave them.
 * Only main.c prints an error or exits. Mistakes in a scenario are many at once and go to diagnostics.h. */
#ifndef ZEM_ERROR_H
#define ZEM_ERROR_H

/* Return codes. The exit code of the program is the code without its sign (README.md lists them). */
enum zem_status {
    ZEM_OK = 0,
    ZEM_DIFFERENCE = -6,         /* a verification or a benchmark found a difference */
    ZEM_SELF_TEST_FAILED = -7,   /* a device asked for by name failed its known-answer test */
    ZEM_NOT_CONVERGED = -8,      /* zem converge: the scenario's own step is too long */
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
    int status;         /* 0 until something failed */
    char message[1024]; /* one sentence without a final newline; empty until something failed */
};

/* Records a failure and returns `status`, so that a caller can write `return zem_error_set(error, ZEM_..., ...)`.
 * `error` may be NULL. The first failure stands: a second call on a filled error changes nothing but returns its
 * status. */
int zem_error_set(struct zem_error *error, int status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Puts context in front of the message of a failed call: "context: message". Returns error->status. */
int zem_error_context(struct zem_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
