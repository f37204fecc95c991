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
#include <stdio.h>

/* One device that a backend found, whether it can be used or not. */
struct zem_device {
    const struct zem_backend *backend;
    char name[32];         /* what --device takes: "openmp", "opencl:0:0" */
    char description[256]; /* model, vendor, driver, instruction set */
    char reason[400];      /* why the device cannot be used; empty if it can */
    bool is_gpu;
    unsigned platform_index, device_index; /* OpenCL: places in the lists of platforms and devices */
    unsigned compute_units;
    uint64_t memory_bytes;
    struct zem_spare_process *spare; /* OpenCL: that of the list, which must outlive the opening of the device */
};

/* A sentence about what is no device, such as a driver that cannot be loaded. */
struct zem_device_note {
    char text[400];
};

struct zem_device_list {
    struct zem_device *items;
    size_t count;
    struct zem_device_note *notes;
    size_t note_count;
    char opencl_failure[400];        /* why OpenCL could not be asked for its devices; empty if it could */
    double patience;                 /* as in struct zem_engine_options */
    struct zem_spare_process *spare; /* OpenCL: a process with loaded drivers for the first device that is opened */
};

/* A device that makes no progress for this time counts as hung if the user says nothing else, in s. */
#define ZEM_DEVICE_PATIENCE 30.0

/* What an engine is opened for: how to use the processor, and what the cells of the run have in common. */
struct zem_engine_options {
    unsigned threads;                                /* openmp: 0 means all processors */
    const char *isa;                                 /* openmp: NULL means the best; "baseline", "v3", "v4", "scalar" */
    feature_set features_possible, features_certain; /* union and intersection of the features of all cells */
    uint32_t stages;                                 /* autopilot stages if all cells agree, else 0 */
    uint32_t radius_count, shots;
    double patience; /* time without progress after which a device counts as hung, s; 0 means ZEM_DEVICE_PATIENCE */
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

/* The highest rates that a device reaches, measured with loops of independent operations. */
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

    /* Opens a device for cells with these features; the kernels are compiled or selected here. ZEM_NO_DEVICE if that
     * fails. */
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

    /* The processor time in seconds that other processes have used for the engine so far; NULL if it has none. */
    double (*processor_seconds)(const struct zem_engine *engine);

    void (*close)(struct zem_engine *engine);

    /* Measures the peak of a device with a small kernel of its own, which takes some tenths of a second. No engine
     * need be open. The figures are 0 if no kernel can be run. Only `threads` and `isa` of the options are used. */
    void (*measure_peak)(const struct zem_device *device, const struct zem_engine_options *options,
                         struct zem_peak *peak);

    size_t depth; /* largest number of batches in flight */
};

extern const struct zem_backend zem_backend_openmp;
extern const struct zem_backend zem_backend_opencl;

/* Lists devices, those of OpenCL first. `wish` is the text of --device, or NULL for all devices: OpenCL is left alone
 * if the wish names the processor only. Drivers that fail are no failure of this function; the list says what happened.
 * `patience` is that of struct zem_engine_options. Free the list with zem_devices_free, after the engines of its
 * devices were opened. */
int zem_devices_list(struct zem_device_list *list, const char *wish, double patience, struct zem_error *error);
void zem_devices_free(struct zem_device_list *list);

/* Prints the words that stand for groups of devices in a wish, with spaces between them. */
void zem_devices_print_groups(FILE *out);

/* For backends: appends a zeroed entry and returns it; NULL without memory. A note is lost without memory. */
struct zem_device *zem_device_append(struct zem_device_list *list);
void zem_device_note_append(struct zem_device_list *list, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void zem_spare_process_free(struct zem_spare_process *spare);

/* Chooses devices by the text of --device, names separated by commas:
 *   auto                       every usable GPU, or the processor if there is none
 *   all, gpu, opencl           every usable device; every GPU; every OpenCL device
 *   cpu, openmp                the processor
 *   opencl:P, opencl:P:D       every device of platform P; one device
 *   1, 2, ...                  one device, by its place in the list
 * `chosen` has room for list->count indices into the list. A name of devices that cannot be used is left out if another
 * name has some that can; `left_out`, which may be NULL, then gets the reason. ZEM_NO_DEVICE if a name is that of no
 * device or no device can be used, ZEM_USAGE if there is no name. */
int zem_devices_choose(const struct zem_device_list *list, const char *text, size_t *chosen, size_t *chosen_count,
                       struct zem_error *left_out, struct zem_error *error);

#endif
