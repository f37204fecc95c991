/* The OpenCL backend inside this process. Only opencl_server.c, which is a process of its own, and tests call it: a
 * driver that aborts takes the process with it that has loaded it. */
#ifndef ZEM_OPENCL_ENGINE_H
#define ZEM_OPENCL_ENGINE_H

#include "device/backend.h"

#define ZEM_OPENCL_DEPTH 2 /* batches in flight on a device */

extern const struct zem_backend zem_opencl_engines;

#endif
