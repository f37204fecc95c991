/* The OpenCL backend that loads drivers into the process that calls it. A driver that aborts ends that process. So only
 * opencl_server.c, which runs in a process of its own, and tests call it. */
#ifndef ZEM_OPENCL_ENGINE_H
#define ZEM_OPENCL_ENGINE_H

#include "device/backend.h"

#define ZEM_OPENCL_DEPTH 2 /* batches in flight on a device */

extern const struct zem_backend zem_opencl_engines;

#endif
