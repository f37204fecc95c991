/* Where a result comes from: program, command, host, devices and times. Version, commit and kernel version are the same
 * for two runs by one program. The other members may differ, and no digest depends on them. */
#ifndef ZEM_PROVENANCE_H
#define ZEM_PROVENANCE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* What one device did in a run. The texts are allocated. */
struct zem_device_use {
    char *name;        /* "openmp", "opencl:0:1", ... */
    char *description; /* model, driver, instruction set, threads */
    uint64_t trials;   /* trials that the device flew */
    double busy_seconds;
    char *failure;           /* the last failure of the device and what became of it; empty if there was none */
    uint64_t audited_trials; /* trials of this device that another device or engine flew again, with the same tallies */
};

/* Version of this program, and the commit of its source tree as in struct zem_provenance. */
extern const char zem_build_version[], zem_build_commit[];

struct zem_provenance {
    char *version; /* version of zem */
    char *commit;  /* commit of the source tree, with "-dirty" after changes; "unknown" outside a repository */
    unsigned kernel_version;
    char *date; /* start of the run, ISO 8601 UTC */
    char *host;
    char *command;    /* command line, quoted for a shell */
    unsigned threads; /* threads that compute on the processor; 0 if nothing is known of them */
    /* Where the number of threads comes from: "--threads", "OMP_NUM_THREADS", ...; NULL if it is unknown. */
    char *threads_reason;
    double wall_seconds;   /* elapsed time of the run */
    double kernel_seconds; /* longest time that one device worked; merging shards adds up their times */
    struct zem_device_use *device;
    size_t device_count;
};

/* Fills everything but threads, times and devices. The texts belong to the structure; release it with
 * zem_provenance_free, also after a failure. Fails with ZEM_INTERNAL without memory. */
int zem_provenance_init(struct zem_provenance *provenance, int argument_count, char *const *arguments,
                        struct zem_error *error);

/* Says how many threads compute, and why so many. Fails with ZEM_INTERNAL without memory for a copy of the reason. */
int zem_provenance_threads(struct zem_provenance *provenance, unsigned threads, const char *reason,
                           struct zem_error *error);

/* Appends a copy of a device and of its texts. Fails with ZEM_INTERNAL without memory. */
int zem_provenance_device_add(struct zem_provenance *provenance, const struct zem_device_use *device,
                              struct zem_error *error);

void zem_provenance_free(struct zem_provenance *provenance);

#endif
