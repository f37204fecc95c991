/* The drivers that are registered with the OpenCL loader, for `zem devices`: a loader skips those that it cannot load
 * without a word. */
#ifndef ZEM_OPENCL_DRIVERS_H
#define ZEM_OPENCL_DRIVERS_H

#include "device/backend.h"

/* Notes in the list which registered drivers cannot be loaded, and if there is no loader. Loads all of them. */
void zem_opencl_drivers_check(struct zem_device_list *list);

#endif
