/* The table of functions that every backend implements, and the devices that backends find. A backend flies the trials
 * of cells, given by their parameters, and counts them in integer tallies. It never sees a scenario, a grid or a file.
 * There are two backends: backend_openmp.c for the processor and backend_opencl.c for OpenCL devices. */
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
    struct zem_spare_process *spare; /* OpenCL: `spare` of the list; free the list only after the device is opened */
};

/* A sentence about something that is not a device, such as a driver that cannot be loaded. */
struct zem_device_note {
    char text[400];
};

struct zem_device_list {
    struct zem_device *items;
    size_t count;
    struct zem_device_note *notes;
    size_t note_count;
    char opencl_failure[400];        /* why OpenCL could not be asked for its devices; empty if it could */
    double patience;                 /* time without progress after which a device counts as hung, s */
    struct zem_spare_process *spare; /* OpenCL: a process with loaded drivers for the first device that is opened */
};

/* The default of `patience` in struct zem_engine_options, s: a device without progress for this time counts as hung. */
#define ZEM_DEVICE_PATIENCE 30.0

/* Options of an engine, an opened device: how to use the processor, and what the cells of the run have in common. */
struct zem_engine_options {
    unsigned threads;                                /* openmp: 0 means all processors */
    const char *isa;                                 /* openmp: NULL means the best; "baseline", "v3", "v4", "scalar" */
    feature_set features_possible, features_certain; /* union and intersection of the features of all cells */
    uint32_t stages;                                 /* autopilot stages if all cells agree, else 0 */
    uint32_t radius_count, shots;
    double patience; /* time without progress after which a device counts as hung, s; 0 means ZEM_DEVICE_PATIENCE */
};

/* A batch: the trials of `range` in each of `cell_count` cells. The arrays belong to the caller and must stay valid and
 * unchanged until the batch is collected. */
struct zem_batch {
    const struct cell_parameters *cells;
    size_t cell_count;
    /* Linear kinematics: an array with the steps of all cells. cell_parameters.schedule_first is an index into it. NULL
     * if no cell has steps. */
    const struct schedule_step *schedule;
    size_t schedule_count;
    /* Number of the array of steps. If it is not 0, earlier batches of this engine with the same number have the same
     * array, to which later batches append. A device then needs only the steps that it does not have yet. */
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

    /* Appends every device that the backend finds to the list. A device that cannot be used has a reason. The function
     * returns 0 also if it finds no device. */
    int (*list)(struct zem_device_list *list, struct zem_error *error);

    /* Opens a device for cells with the features of `options`. The kernels are compiled or selected here. Returns 0;
     * ZEM_NO_DEVICE if that fails; ZEM_INTERNAL without memory; ZEM_USAGE if the environment variable ZEM_OPENCL_TUNING
     * is wrong. */
    int (*open)(const struct zem_device *device, const struct zem_engine_options *options, struct zem_engine **engine,
                struct zem_error *error);

    /* Starts a batch. Returns without waiting for its end if the device allows it. At most `depth` batches may be in
     * flight. */
    int (*submit)(struct zem_engine *engine, const struct zem_batch *batch, struct zem_error *error);

    /* Waits for the oldest batch in flight and fills its tallies. `seconds` gets the time that the device worked on the
     * batch. The tallies are valid only if the function returns 0. */
    int (*collect)(struct zem_engine *engine, double *seconds, struct zem_error *error);

    /* Computes the functions of the kernels' self-test on the device for the arguments 0 to count - 1. `answers` gets
     * ZEM_KNOWN_ANSWERS words for each argument (kernels/known_answer.h). The caller compares them. */
    int (*known_answers)(struct zem_engine *engine, uint32_t count, uint32_t *answers, struct zem_error *error);

    /* Writes one line about the engine, such as its instruction set and threads, or its work-group size. */
    void (*describe)(const struct zem_engine *engine, char *text, size_t size);

    /* Returns the number of trials that one work-item, or one call of a native engine, flies side by side in a
     * vector. */
    unsigned (*lanes)(const struct zem_engine *engine);

    /* Returns the processor time in seconds that other processes have used for the engine so far. The member is NULL in
     * a backend that starts no processes. */
    double (*processor_seconds)(const struct zem_engine *engine);

    void (*close)(struct zem_engine *engine);

    /* Measures the peak rates of a device with a small kernel, which takes some tenths of a second. No engine need be
     * open. The rates are 0 if no kernel can be run. Only `threads` and `isa` of the options are used. */
    void (*measure_peak)(const struct zem_device *device, const struct zem_engine_options *options,
                         struct zem_peak *peak);

    size_t depth; /* largest number of batches in flight */
};

extern const struct zem_backend zem_backend_openmp;
extern const struct zem_backend zem_backend_opencl;

/* Lists devices, those of OpenCL first. `wish` is the text of --device, or NULL for all devices. If `wish` names the
 * processor only, OpenCL is not loaded. If a driver fails, the function still returns 0, and the list says what
 * happened. `patience` is that of struct zem_engine_options. The caller frees the list with zem_devices_free, after it
 * has opened the engines of its devices. */
int zem_devices_list(struct zem_device_list *list, const char *wish, double patience, struct zem_error *error);
void zem_devices_free(struct zem_device_list *list);

/* Prints the words of --device that stand for groups of devices, such as "gpu", with spaces between them. */
void zem_devices_print_groups(FILE *out);

/* For backends. zem_device_append appends an entry that is all zero and returns it, or NULL without memory.
 * zem_device_note_append appends a note; without memory it does nothing. */
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
 * `chosen` gets indices into the list and has room for list->count of them. If the devices of one name cannot be used
 * but those of another can, the first name is left out and `left_out` gets the reason; if `left_out` is NULL, this is
 * an error. Returns 0; ZEM_NO_DEVICE if a name is that of no device, no device can be used, or one that must be used
 * cannot be; or ZEM_USAGE if `text` has no name. */
int zem_devices_choose(const struct zem_device_list *list, const char *text, size_t *chosen, size_t *chosen_count,
                       struct zem_error *left_out, struct zem_error *error);

#endif
