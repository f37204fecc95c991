/* Joules and clocks of processors (RAPL, through the kernel's powercap files) and NVIDIA GPUs (NVML, opened at run
 * time), where this user may read them. Where not, nothing is guessed. */
#ifndef ZEM_ENERGY_H
#define ZEM_ENERGY_H

#include "device/backend.h"

#include <stdint.h>

#define ZEM_ENERGY_ZONES 16

struct zem_energy {
    const char *source; /* "RAPL", "NVML", or "not readable" */
    unsigned zones;     /* RAPL: packages */
    char zone_path[ZEM_ENERGY_ZONES][64];
    uint64_t zone_range[ZEM_ENERGY_ZONES], zone_last[ZEM_ENERGY_ZONES]; /* microjoules; counters wrap at their range */
    void *library, *gpu;                                                /* NVML */
    uint64_t gpu_last;                                                  /* millijoules */
};

/* Finds what can be read for a device and starts counting. */
void zem_energy_begin(struct zem_energy *energy, const struct zem_device *device);

/* Joules since zem_energy_begin or the last call, NaN if not readable. Call at least once a minute: RAPL counters wrap.
 */
double zem_energy_joules(struct zem_energy *energy);

/* Present clock of the device, Hz, NaN if not readable. */
double zem_energy_clock(const struct zem_energy *energy, const struct zem_device *device);

void zem_energy_end(struct zem_energy *energy);

#endif
