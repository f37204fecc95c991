/* Energy counters of processors from the files of the kernel, and of GPUs from NVML. The functions of NVML are declared
 * here, so that the build needs no header of the vendor. */
#include "bench/energy.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define POWERCAP "/sys/class/powercap"

static bool read_number(const char *path, uint64_t *number)
{
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    const bool read = fscanf(file, "%" SCNu64, number) == 1;
    fclose(file);
    return read;
}

/* Finds the RAPL counters of whole packages. The zones inside a package (core, dram) are left out, because the package
 * includes them. */
static void begin_rapl(struct zem_energy *energy)
{
    for (unsigned package = 0; package < ZEM_ENERGY_ZONES; package++) {
        char path[96];
        const unsigned zone = energy->zones;
        snprintf(energy->zone_path[zone], sizeof energy->zone_path[zone], POWERCAP "/intel-rapl:%u/energy_uj", package);
        snprintf(path, sizeof path, POWERCAP "/intel-rapl:%u/max_energy_range_uj", package);
        if (read_number(energy->zone_path[zone], &energy->zone_last[zone])
            && read_number(path, &energy->zone_range[zone]))
            energy->zones++;
    }
    if (energy->zones > 0)
        energy->source = "RAPL";
}

/* Finds a function of NVML and copies its address to `function`. POSIX guarantees that a data pointer can hold the
 * address. */
static bool nvml_function(const struct zem_energy *energy, const char *name, void *function, size_t size)
{
    void *address = dlsym(energy->library, name);
    memcpy(function, &address, size);
    return address != NULL;
}

static bool nvml_energy(const struct zem_energy *energy, uint64_t *millijoules)
{
    int (*total)(void *, unsigned long long *);
    unsigned long long value = 0;
    if (!nvml_function(energy, "nvmlDeviceGetTotalEnergyConsumption", &total, sizeof total)
        || total(energy->gpu, &value) != 0)
        return false;
    *millijoules = value;
    return true;
}

/* Finds the GPU whose name stands in the device's description. If several GPUs have this name, none is used, because
 * the description does not say which of them the device is. */
static void begin_nvml(struct zem_energy *energy, const struct zem_device *device)
{
    int (*initialise)(void), (*count_of)(unsigned *), (*handle_of)(unsigned, void **),
        (*name_of)(void *, char *, unsigned);
    unsigned count = 0, matches = 0;
    energy->library = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
    if (energy->library == NULL)
        return;
    if (!nvml_function(energy, "nvmlInit_v2", &initialise, sizeof initialise)
        || !nvml_function(energy, "nvmlDeviceGetCount_v2", &count_of, sizeof count_of)
        || !nvml_function(energy, "nvmlDeviceGetHandleByIndex_v2", &handle_of, sizeof handle_of)
        || !nvml_function(energy, "nvmlDeviceGetName", &name_of, sizeof name_of) || initialise() != 0
        || count_of(&count) != 0)
        return;
    for (unsigned k = 0; k < count; k++) {
        void *handle = NULL;
        char name[96] = "";
        if (handle_of(k, &handle) != 0 || name_of(handle, name, sizeof name) != 0 || name[0] == '\0'
            || strstr(device->description, name) == NULL)
            continue;
        energy->gpu = handle;
        matches++;
    }
    if (matches != 1)
        energy->gpu = NULL;
    if (energy->gpu != NULL && nvml_energy(energy, &energy->gpu_last))
        energy->source = "NVML";
}

void zem_energy_begin(struct zem_energy *energy, const struct zem_device *device)
{
    memset(energy, 0, sizeof *energy);
    energy->source = "not readable";
    if (device->is_gpu)
        begin_nvml(energy, device);
    else
        begin_rapl(energy);
}

double zem_energy_joules(struct zem_energy *energy)
{
    double joules = 0.0;
    if (strcmp(energy->source, "NVML") == 0) {
        uint64_t now = 0;
        if (!nvml_energy(energy, &now))
            return NAN;
        joules = 1e-3 * (double)(now - energy->gpu_last);
        energy->gpu_last = now;
        return joules;
    }
    for (unsigned zone = 0; zone < energy->zones; zone++) {
        uint64_t now = 0;
        if (!read_number(energy->zone_path[zone], &now))
            return NAN;
        const uint64_t last = energy->zone_last[zone];
        joules += 1e-6 * (double)(now >= last ? now - last : now + energy->zone_range[zone] - last);
        energy->zone_last[zone] = now;
    }
    return energy->zones > 0 ? joules : NAN;
}

/* The mean of the processors' clock rates that the kernel reports, Hz; 0 if it reports none. */
static double processor_clock(void)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[256];
    double sum = 0.0, mhz;
    unsigned count = 0;
    if (file == NULL)
        return 0.0;
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "cpu MHz", 7) == 0 && strchr(line, ':') != NULL
            && sscanf(strchr(line, ':') + 1, "%lf", &mhz) == 1) {
            sum += mhz;
            count++;
        }
    fclose(file);
    return count > 0 ? 1e6 * sum / count : 0.0;
}

double zem_energy_clock(const struct zem_energy *energy, const struct zem_device *device)
{
    enum { NVML_CLOCK_SM = 1 };
    int (*clock_of)(void *, int, unsigned *);
    unsigned mhz = 0;
    double hertz = 0.0;
    if (!device->is_gpu)
        hertz = processor_clock();
    else if (energy->gpu != NULL && nvml_function(energy, "nvmlDeviceGetClockInfo", &clock_of, sizeof clock_of)
             && clock_of(energy->gpu, NVML_CLOCK_SM, &mhz) == 0)
        hertz = 1e6 * mhz;
    return hertz > 0.0 ? hertz : NAN;
}

void zem_energy_end(struct zem_energy *energy)
{
    int (*shut_down)(void);
    if (energy->library != NULL && nvml_function(energy, "nvmlShutdown", &shut_down, sizeof shut_down))
        shut_down();
    energy->library = NULL; /* not closed by dlclose, because a driver may crash when it is unloaded */
    energy->gpu = NULL;
}
