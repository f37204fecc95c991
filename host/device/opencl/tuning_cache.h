/* The cache of tunings, which keeps the quickest setting of a device from run to run: one small text file for each
 * device, driver and set of compiled kernels, in $XDG_CACHE_HOME/zem or $HOME/.cache/zem. A file that is missing or
 * damaged and a folder that cannot be written are no errors; the device is measured again. This file must not know
 * OpenCL. */
#ifndef ZEM_TUNING_CACHE_H
#define ZEM_TUNING_CACHE_H

#include "device/backend.h"

#include <stdbool.h>
#include <stdint.h>

#define ZEM_TUNING_GROUP_MAX 1024u
#define ZEM_TUNING_TRIALS_MAX 4096u

/* How work is divided on a device. It never changes a result. */
struct zem_tuning {
    uint32_t group;  /* work-items of a work-group, 1 to ZEM_TUNING_GROUP_MAX */
    uint32_t trials; /* most trials for each lane of a work-item, 1 to ZEM_TUNING_TRIALS_MAX */
};

/* What a tuning is valid for. Every text is one line and belongs to the caller. */
struct zem_tuning_key {
    const char *device, *driver;
    const char *kernels; /* kernel version and hash of the source */
    const char *flags;   /* how they are compiled for the features of a run */
};

/* Whether both numbers of a tuning lie in their ranges. */
bool zem_tuning_valid(const struct zem_tuning *tuning);

/* Reads the tuning for a key. False, with `tuning` unchanged, if there is no valid file for exactly this key. */
bool zem_tuning_cache_read(const struct zem_tuning_key *key, struct zem_tuning *tuning);

/* Notes in the list if the folder of the cache cannot be used, so that every run measures anew. */
void zem_tuning_cache_check(struct zem_device_list *list);

/* Writes the tuning for a key, in place of an older one; the file is replaced as a whole or not at all. False if it was
 * not written. */
bool zem_tuning_cache_write(const struct zem_tuning_key *key, const struct zem_tuning *tuning);

#endif
