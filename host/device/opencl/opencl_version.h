/* What `zem --version` says of OpenCL. Sees no OpenCL header, so that main.c does not either. */
#ifndef ZEM_OPENCL_VERSION_H
#define ZEM_OPENCL_VERSION_H

#include <stddef.h>

/* "none" without a loader, "loader without platforms", or the versions of all platforms: "3.0 PoCL 3.1; ...". */
void zem_opencl_version(char *text, size_t size);

#endif
