/* Versions of the OpenCL platforms, as the loader reports them. No device is opened, because a driver may take seconds
 * for it. */
#include "device/opencl/opencl_version.h"

#include "device/opencl/opencl_library.h"

#include <stdio.h>
#include <string.h>

enum { PLATFORM_LIMIT = 16 };

void zem_opencl_version(char *text, size_t size)
{
    struct zem_opencl opencl;
    cl_platform_id platforms[PLATFORM_LIMIT];
    cl_uint count = 0;
    size_t used = 0;
    snprintf(text, size, "none");
    if (zem_opencl_load(&opencl) != 0)
        return;
    snprintf(text, size, "loader without platforms");
    if (opencl.clGetPlatformIDs(PLATFORM_LIMIT, platforms, &count) != CL_SUCCESS)
        count = 0;
    for (cl_uint i = 0; i < count && i < PLATFORM_LIMIT && used < size; i++) {
        char version[256] = "";
        if (opencl.clGetPlatformInfo(platforms[i], CL_PLATFORM_VERSION, sizeof version - 1, version, NULL)
            != CL_SUCCESS)
            snprintf(version, sizeof version, "platform without version");
        const char *bare = strncmp(version, "OpenCL ", 7) == 0 ? version + 7 : version;
        int written = snprintf(text + used, size - used, "%s%s", i > 0 ? "; " : "", bare);
        used += written > 0 ? (size_t)written : 0;
    }
    zem_opencl_unload(&opencl);
}
