/* The table of functions behind which every backend hangs. A backend turns cell parameters and trial ranges into
 * integer tallies; it never sees a scenario, a grid or a file. Two exist: backend_openmp.c and backend_opencl.c. */
#ifndef ZEM_BACKEND_H
#define ZEM_BACKEND_H

#include "base/error.h"
#include "base/kernel_types.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One device that a backend found, usable or not. */
struct zem_device {
    const struct zem_backend *backend;
    char name[32];         /* what --device takes: "openmp", "opencl:0:0" */
    char description[256]; /* model, vendor, driver, instruction set */
    char reason[256];      /* why it cannot be used; empty if it can */
    bool is_gpu;
    unsigned platform_index, device_index; /* OpenCL: position in the lists */
    unsigned compute_units;
    uint64_t memory_bytes;
};

struct zem_device_list {
    struct zem_device *items;
    size_t count;
};

/* What a run asks of its engine. */
struct zem_engine_options {
    unsigned threads; /* openmp: 0 means all processors */
    const char *isa;  /* openmp: NULL means the best; "baseline", "v3", "v4", "neon", "scalar" */
    uint32_t features_possible, features_certain; /* union and intersection of the features of all cells */
    uint32_t stages;                              /* autopilot stages if all cells agree, else 0 */
    uint32_t radius_count, shots;
};

/* One piece of work: the trials of `range` in each of `cells` cells. The arrays stay valid and unchanged until the
 * batch is collected. */
struct zem_batch {
    const struct cell_parameters *cells;
    size_t cell_count;
    const struct schedule_step
        *schedule; /* linear kinematics: steps of all cells, see cell_parameters.schedule_first */
    size_t schedule_count;
    struct batch_range range;
    uint64_t *tallies; /* cell_count x ZEM_TALLY_WORDS(radii, shots) words; zeroed and filled by collect */
};

/* What a device can do at most: the measured rate of independent fused multiply-adds. */
struct zem_peak {
    double flops; /* operations per second, a fused multiply-add counting two */
    double issue; /* lane operations per second, a fused multiply-add counting one */
};

struct zem_engine; /* an opened device; its layout belongs to the backend */

struct zem_backend {
    const char *name;

    /* Appends every device the backend can see, the unusable ones with a reason. Never fails for want of a device. */
    int (*list)(struct zem_device_list *list, struct zem_error *error);

    /* Opens a device for cells with these features: compiles or selects the kernel. ZEM_NO_DEVICE if that fails. */
    int (*open)(const struct zem_device *device, const struct zem_engine_options *options, struct zem_engine **engine,
                struct zem_error *error);

    /* Starts a batch and returns without waiting where the device allows it. At most zem_backend.depth batches are in
     * flight. */
    int (*submit)(struct zem_engine *engine, const struct zem_batch *batch, struct zem_error *error);

    /* Waits for the oldest batch in flight and fills its tallies; `seconds` gets the time the device worked on it.
     * A batch counts only after this returned 0. */
    int (*collect)(struct zem_engine *engine, double *seconds, struct zem_error *error);

    /* Known answers of the device's arithmetic for the arguments 0 to count - 1: ZEM_KNOWN_ANSWERS words each
     * (kernels/known_answer.h). */
    int (*known_answers)(struct zem_engine *engine, uint32_t count, uint32_t *answers, struct zem_error *error);

    /* One line about the opened engine: instruction set, threads, work-group size, registers. */
    void (*describe)(const struct zem_engine *engine, char *text, size_t size);

    /* Trials that one work-item or one call of the native engine flies in the lanes of a vector. */
    unsigned (*lanes)(const struct zem_engine *engine);

    void (*close)(struct zem_engine *engine);

    /* Measures the peak of a device for some tenths of a second with a small kernel of its own; no engine need be open.
     * Figures are 0 where no kernel can be run. Of the options `threads` and `isa` count. */
    void (*measure_peak)(const struct zem_device *device, const struct zem_engine_options *options,
                         struct zem_peak *peak);

    size_t depth; /* batches that may be in flight */
};

extern const struct zem_backend zem_backend_openmp;
extern const struct zem_backend zem_backend_opencl;

/* All devices of all backends, GPUs first as they come. Free with zem_devices_free. */
int zem_devices_list(struct zem_device_list *list, struct zem_error *error);
void zem_devices_free(struct zem_device_list *list);
struct zem_device *zem_device_append(
    struct zem_device_list *list); /* for backends: a zeroed entry, NULL without memory */

/* Picks devices by the text of --device: "auto" (every usable GPU, else openmp), or names separated by commas
 * ("openmp", "opencl", "opencl:PLATFORM:DEVICE"). `chosen` gets indices into the list. A device named and not usable:
 * ZEM_NO_DEVICE. */
int zem_devices_choose(const struct zem_device_list *list, const char *text, size_t *chosen, size_t *chosen_count,
                       struct zem_error *error);

#endif
