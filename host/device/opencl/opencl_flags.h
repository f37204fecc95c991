/* The options with which the OpenCL kernels are compiled for a run. The backend uses them, and `zem bench
 * --kernel-flags` prints them for a compiler without a device. */
#ifndef ZEM_OPENCL_FLAGS_H
#define ZEM_OPENCL_FLAGS_H

#include "device/backend.h"

/* The options of every OpenCL program of zem: the version of the language, and no warnings, because some drivers print
 * what their compiler finds to standard error. tests/forbidden.sh refuses a build without them. */
#define ZEM_OPENCL_ALWAYS "-w -cl-std=CL1.2"

/* Writes the options of kernels that fly `lanes` trials in each of the `group` work-items of a work-group to
 * text[size]. Returns `text`. */
const char *zem_opencl_flags(const struct zem_engine_options *options, unsigned lanes, unsigned group, char *text,
                             size_t size);

/* On a GPU a work-item flies one trial at a time, and a work-group has this many work-items unless tuning found a
 * better number. */
#define ZEM_OPENCL_LANES_GPU 1u
#define ZEM_OPENCL_GROUP_GPU 64u

#endif
