/* The options with which the OpenCL kernels are compiled for a run: for the backend, and for those who compile them without a device. */
#ifndef ZEM_OPENCL_FLAGS_H
#define ZEM_OPENCL_FLAGS_H

#include "backend.h"

/* What every OpenCL program of zem is compiled with: the version of the language, and no warnings, because some drivers print what
 * their compiler finds to standard error. tests/forbidden.sh refuses a build without it. */
#define ZEM_OPENCL_ALWAYS "-w -cl-std=CL1.2"

/* Writes the options for kernels of `lanes` trials a work-item in work-groups of `group`. Returns text. */
const char *zem_opencl_flags(const struct zem_engine_options *options, unsigned lanes, unsigned group, char *text, size_t size);

/* What GPUs get: one trial a work-item, and this size of a work-group unless the device was tuned. */
#define ZEM_OPENCL_LANES_GPU 1u
#define ZEM_OPENCL_GROUP_GPU 64u

#endif
