/* Reads the energy and the clock rate of processors (RAPL, from the powercap files of Linux) and of NVIDIA GPUs (NVML,
 * a library that is opened at run time). A figure that cannot be read is NaN; nothing is estimated. */
#ifndef ZEM_ENERGY_H
#define ZEM_ENERGY_H

#include "device/backend.h"

#include <stdint.h>

#define ZEM_ENERGY_ZONES 16

struct zem_energy {
    const char *source; /* "RAPL", "NVML", or "not readable" */
    unsigned zones;     /* RAPL: number of processor packages that have a counter */
    char zone_path[ZEM_ENERGY_ZONES][64];
    uint64_t zone_range[ZEM_ENERGY_ZONES]; /* RAPL: value at which a counter wraps to 0, microjoules */
    uint64_t zone_last[ZEM_ENERGY_ZONES];  /* RAPL: last reading, microjoules */
    void *library, *gpu;                   /* NVML: the library and its handle of the GPU */
    uint64_t gpu_last;                     /* NVML: last reading, millijoules */
};

/* Fills `energy`: finds the energy counters of a device and reads them for the first time. Release it with
 * zem_energy_end. */
void zem_energy_begin(struct zem_energy *energy, const struct zem_device *device);

/* The energy in J since zem_energy_begin or the last call; NaN if it cannot be read. Call it at least once a minute,
 * because RAPL counters wrap and a second wrap would be missed. */
double zem_energy_joules(struct zem_energy *energy);

/* The present clock rate of the device, Hz; NaN if it cannot be read. */
double zem_energy_clock(const struct zem_energy *energy, const struct zem_device *device);

void zem_energy_end(struct zem_energy *energy);

#endif
