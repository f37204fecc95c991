/* Claims on outputs, by which any number of processes on any number of machines share a list of outputs: who holds the
 * claim on one writes it, and the others go on to the next. A claim is a record lock of POSIX on the hidden file
 * ".NAME.lock" beside the output. The kernel, or the server of a shared file system, releases it when the process ends,
 * in whatever way. */
#ifndef ZEM_OUTPUT_CLAIM_H
#define ZEM_OUTPUT_CLAIM_H

#include "base/error.h"

#include <stdbool.h>

/* A claim. Initialise it with zeros. */
struct zem_output_claim {
    char *path;       /* of the lock's file, allocated */
    int descriptor;   /* of the lock's file, while the claim is held */
    bool held;        /* the output is this process's to write */
    bool unsupported; /* the file system has no locks: the claim counts as held, and does not keep others away */
    char owner[160];  /* who holds the claim if this process does not: "HOST, process N" */
};

/* Tries to claim an output, without waiting. Returns 0 with `held` or `owner` set; ZEM_CANNOT_CREATE or
 * ZEM_INPUT_OUTPUT if the lock's file cannot be made. */
int zem_output_claim_take(struct zem_output_claim *claim, const char *output, struct zem_error *error);

/* Gives a claim back, if it is held, and removes its file. */
void zem_output_claim_release(struct zem_output_claim *claim);

#endif
