/* The versions of OpenCL for `zem --version`. It includes no OpenCL header, so that main.c includes none either. */
#ifndef ZEM_OPENCL_VERSION_H
#define ZEM_OPENCL_VERSION_H

#include <stddef.h>

/* Writes the versions of all platforms, such as "3.0 PoCL 3.1; ...", or "none" without a loader, or "loader without
 * platforms". */
void zem_opencl_version(char *text, size_t size);

#endif
