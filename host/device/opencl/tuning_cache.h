/* What was found to be quickest on a device, kept from one run to the next: one small text file for each device, driver
 * and compiled kernel in $XDG_CACHE_HOME/zem or $HOME/.cache/zem. A convenience: no file, a damaged one or a folder
 * that cannot be written is never an error, and removing them all costs nothing but time. Knows files, nothing of
 * OpenCL. */
#ifndef ZEM_TUNING_CACHE_H
#define ZEM_TUNING_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#define ZEM_TUNING_GROUP_MAX 1024u
#define ZEM_TUNING_TRIALS_MAX 4096u

/* How work is divided on a device. Never changes a result. */
struct zem_tuning {
    uint32_t group;  /* work-items of a work-group, 1 to ZEM_TUNING_GROUP_MAX */
    uint32_t trials; /* trials for each lane of a work-item, at most; 1 to ZEM_TUNING_TRIALS_MAX */
};

/* What a tuning holds for. Texts of one line. */
struct zem_tuning_key {
    const char *device, *driver;
    const char *kernels; /* version and source */
    const char *flags;   /* how they are compiled for the features of a run */
};

/* Whether a tuning lies in its range. */
bool zem_tuning_valid(const struct zem_tuning *tuning);

/* False, and `tuning` unchanged, if nothing valid is known for exactly this key. */
bool zem_tuning_cache_read(const struct zem_tuning_key *key, struct zem_tuning *tuning);

/* Replaces what was known, as a whole or not at all. False if it was not kept. */
bool zem_tuning_cache_write(const struct zem_tuning_key *key, const struct zem_tuning *tuning);

#endif
