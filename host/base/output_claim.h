/* Claims on output files. Several processes, also on several machines, can work through one list of outputs: the
 * process that holds the claim on an output writes it, and the other processes go on to the next output. A claim is a
 * record lock of POSIX on the hidden file ".NAME.lock" beside the output. The kernel, or the server of a shared file
 * system, releases the lock when the process ends, also when it crashes. */
#ifndef ZEM_OUTPUT_CLAIM_H
#define ZEM_OUTPUT_CLAIM_H

#include "base/error.h"

#include <stdbool.h>

/* A claim. Initialise it with zeros. */
struct zem_output_claim {
    char *path;       /* of the lock file, allocated; freed by zem_output_claim_release */
    int descriptor;   /* of the open lock file while the claim is held, otherwise -1 */
    bool held;        /* this process has the claim and may write the output */
    bool unsupported; /* the file system has no locks: `held` is true, but other processes may get it too */
    char owner[160];  /* who holds the claim if this process does not: "HOST, process N" */
};

/* Tries to claim an output, without waiting. Returns 0 with `held` set, or 0 with `owner` set if another process has
 * the claim. Returns ZEM_CANNOT_CREATE or ZEM_INPUT_OUTPUT if the lock file cannot be opened, and ZEM_INTERNAL without
 * memory. Release the claim with zem_output_claim_release in every case. */
int zem_output_claim_take(struct zem_output_claim *claim, const char *output, struct zem_error *error);

/* Gives a claim back and removes the lock file if the claim is held. Frees the memory of `claim`. */
void zem_output_claim_release(struct zem_output_claim *claim);

#endif
