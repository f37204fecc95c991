/* The cache of tunings keeps the quickest setting of a device from run to run. It has one small text file for each
 * device, driver and set of compiled kernels, in $XDG_CACHE_HOME/zem or $HOME/.cache/zem. It is no error if a file is
 * missing or damaged, or the folder cannot be written: the device is then measured again. This file must not know
 * OpenCL. */
#ifndef ZEM_TUNING_CACHE_H
#define ZEM_TUNING_CACHE_H

#include "device/backend.h"

#include <stdbool.h>
#include <stdint.h>

#define ZEM_TUNING_GROUP_MAX 1024u
#define ZEM_TUNING_TRIALS_MAX 4096u

/* A tuning: how work is divided on a device. It never changes a result. */
struct zem_tuning {
    uint32_t group;  /* work-items of a work-group, 1 to ZEM_TUNING_GROUP_MAX */
    uint32_t trials; /* most trials for each lane of a work-item, 1 to ZEM_TUNING_TRIALS_MAX */
};

/* What a tuning is valid for. Every text is one line and belongs to the caller. */
struct zem_tuning_key {
    const char *device, *driver;
    const char *kernels; /* kernel version and hash of the source */
    const char *flags;   /* options with which the kernels are compiled for the features of a run */
};

/* Whether both numbers of a tuning lie in their ranges. */
bool zem_tuning_valid(const struct zem_tuning *tuning);

/* Reads the tuning for a key. Returns false, with `tuning` unchanged, if no valid file has exactly this key. */
bool zem_tuning_cache_read(const struct zem_tuning_key *key, struct zem_tuning *tuning);

/* Makes the folder of the cache. Notes in the list if the folder cannot be used, so that every run measures again. */
void zem_tuning_cache_check(struct zem_device_list *list);

/* Writes the tuning for a key in place of an older one. The file is replaced as a whole or not at all. Returns false if
 * it was not written. */
bool zem_tuning_cache_write(const struct zem_tuning_key *key, const struct zem_tuning *tuning);

#endif
