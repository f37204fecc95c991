/* The table of functions that every backend implements, and the devices that backends find. A backend turns cell
 * parameters and ranges of trials into integer tallies; it never sees a scenario, a grid or a file. There are two:
 * backend_openmp.c for the processor and backend_opencl.c for OpenCL devices. */
#ifndef ZEM_BACKEND_H
#define ZEM_BACKEND_H

#include "base/error.h"
#include "base/kernel_types.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One device that a backend found, whether it can be used or not. */
struct zem_device {
    const struct zem_backend *backend;
    char name[32];         /* what --device takes: "openmp", "opencl:0:0" */
    char description[256]; /* model, vendor, driver, instruction set */
    char reason[256];      /* why the device cannot be used; empty if it can */
    bool is_gpu;
    unsigned platform_index, device_index; /* OpenCL: places in the lists of platforms and devices */
    unsigned compute_units;
    uint64_t memory_bytes;
};

struct zem_device_list {
    struct zem_device *items;
    size_t count;
};

/* What an engine is opened for: how to use the processor, and what the cells of the run have in common. */
struct zem_engine_options {
    unsigned threads;                             /* openmp: 0 means all processors */
    const char *isa;                              /* openmp: NULL means the best; "baseline", "v3", "v4", "scalar" */
    uint32_t features_possible, features_certain; /* union and intersection of the features of all cells */
    uint32_t stages;                              /* autopilot stages if all cells agree, else 0 */
    uint32_t radius_count, shots;
};

/* One piece of work: the trials of `range` in each of `cell_count` cells. The arrays belong to the caller and must stay
 * valid and unchanged until the batch is collected. */
struct zem_batch {
    const struct cell_parameters *cells;
    size_t cell_count;
    /* Linear kinematics: the steps of all cells, where cell_parameters.schedule_first points into. NULL if there are
     * none. */
    const struct schedule_step *schedule;
    size_t schedule_count;
    /* Batches of one engine with the same number other than 0 have the same array, to which each may have appended, so
     * that a device need not get again what it has. */
    uint64_t schedule_number;
    struct batch_range range;
    uint64_t *tallies; /* cell_count x ZEM_TALLY_WORDS(radii, shots) words; zeroed and filled by collect */
};

/* The highest rate that a device reaches, measured with independent fused multiply-adds. */
struct zem_peak {
    double flops; /* operations per second, a fused multiply-add counting two */
    double issue; /* lane operations per second, a fused multiply-add counting one */
};

struct zem_engine; /* an opened device; only its backend knows the layout */

struct zem_backend {
    const char *name;

    /* Appends every device that the backend sees; a device that cannot be used has a reason. Finding none is not a
     * failure. */
    int (*list)(struct zem_device_list *list, struct zem_error *error);

    /* Opens a device for cells with these features; the kernels are compiled or selected here. ZEM_NO_DEVICE if
     * that fails. */
    int (*open)(const struct zem_device *device, const struct zem_engine_options *options, struct zem_engine **engine,
                struct zem_error *error);

    /* Starts a batch, and returns without waiting if the device allows it. At most zem_backend.depth batches may be
     * in flight. */
    int (*submit)(struct zem_engine *engine, const struct zem_batch *batch, struct zem_error *error);

    /* Waits for the oldest batch in flight and fills its tallies. `seconds` gets the time that the device worked on
     * the batch. The tallies are valid only if this returns 0. */
    int (*collect)(struct zem_engine *engine, double *seconds, struct zem_error *error);

    /* Computes the functions of the kernels' self-test on the device for the arguments 0 to count - 1:
     * ZEM_KNOWN_ANSWERS words for each (kernels/known_answer.h). The caller compares them. */
    int (*known_answers)(struct zem_engine *engine, uint32_t count, uint32_t *answers, struct zem_error *error);

    /* Writes one line about the opened engine, such as its instruction set and threads or its work-group size. */
    void (*describe)(const struct zem_engine *engine, char *text, size_t size);

    /* The number of trials that one work-item, or one call of the native engine, flies side by side in a vector. */
    unsigned (*lanes)(const struct zem_engine *engine);

    void (*close)(struct zem_engine *engine);

    /* Measures the peak of a device with a small kernel of its own, which takes some tenths of a second. No engine
     * need be open. The figures are 0 if no kernel can be run. Only `threads` and `isa` of the options are used. */
    void (*measure_peak)(const struct zem_device *device, const struct zem_engine_options *options,
                         struct zem_peak *peak);

    size_t depth; /* largest number of batches in flight */
};

extern const struct zem_backend zem_backend_openmp;
extern const struct zem_backend zem_backend_opencl;

/* Lists the devices of all backends, those of OpenCL first. Free the list with zem_devices_free. */
int zem_devices_list(struct zem_device_list *list, struct zem_error *error);
void zem_devices_free(struct zem_device_list *list);

/* For backends: appends a zeroed entry and returns it; NULL without memory. */
struct zem_device *zem_device_append(struct zem_device_list *list);

/* Chooses devices by the text of --device: "auto" (every usable GPU, or openmp if there is none) or names separated by
 * commas ("openmp", "opencl", "opencl:PLATFORM:DEVICE"). `chosen` has room for list->count indices into the list.
 * ZEM_NO_DEVICE if a named device cannot be used, ZEM_USAGE if no name is given. */
int zem_devices_choose(const struct zem_device_list *list, const char *text, size_t *chosen, size_t *chosen_count,
                       struct zem_error *error);

#endif
