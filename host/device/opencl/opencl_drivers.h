/* The drivers that are registered with the OpenCL loader, for `zem devices`. The loader says nothing about a driver
 * that it cannot load, so this file tries all of them. */
#ifndef ZEM_OPENCL_DRIVERS_H
#define ZEM_OPENCL_DRIVERS_H

#include "device/backend.h"

/* Loads the loader and all registered drivers. Notes in the list which drivers cannot be loaded, and whether the loader
 * is missing. */
void zem_opencl_drivers_check(struct zem_device_list *list);

#endif
