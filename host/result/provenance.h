/* Where a result comes from: what has to differ between two runs (time, host, devices) and what must not (version,
 * commit). */
#ifndef ZEM_PROVENANCE_H
#define ZEM_PROVENANCE_H

#include <stddef.h>
#include <stdint.h>

struct zem_device_use {
    char *name;        /* "openmp", "opencl:0:1", ... */
    char *description; /* model, driver, instruction set, threads */
    uint64_t trials;   /* how many it ran */
    double busy_seconds;
};

struct zem_provenance {
    char *version; /* of zem */
    char *commit;  /* of the source tree, with "-dirty"; "unknown" outside one */
    unsigned kernel_version;
    char *date; /* start, ISO 8601 UTC */
    char *host;
    char *command; /* command line */
    double wall_seconds, kernel_seconds;
    struct zem_device_use *device;
    size_t device_count;
};

/* Fills everything but times and devices. Strings are owned by the structure. */
void zem_provenance_init(struct zem_provenance *provenance, int argument_count, char *const *arguments);
void zem_provenance_free(struct zem_provenance *provenance);

#endif
