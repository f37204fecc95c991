/* The OpenCL loader. dlopen opens it at run time, so that the program starts without one. It is never closed by
 * dlclose, because drivers crash when they are unloaded. */
#include "device/opencl/opencl_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

int zem_opencl_load(struct zem_opencl *opencl)
{
    static const char *const names[] = {"libOpenCL.so.1", "libOpenCL.so", "libOpenCL.dylib"};
    memset(opencl, 0, sizeof *opencl);
    for (size_t k = 0; k < sizeof names / sizeof *names && opencl->library == NULL; k++)
        opencl->library = dlopen(names[k], RTLD_NOW | RTLD_LOCAL);
    if (opencl->library == NULL)
        return -1;
#define LOAD(function) \
    *(void **)&opencl->function = dlsym(opencl->library, #function); \
    if (opencl->function == NULL) \
        return -1;
    ZEM_OPENCL_FUNCTIONS(LOAD)
#undef LOAD
    return 0;
}

void zem_opencl_unload(struct zem_opencl *opencl) { opencl->library = NULL; }

const char *zem_opencl_error_name(cl_int code)
{
    static const struct {
        cl_int code;
        const char *name;
    } names[] = {
        {CL_DEVICE_NOT_FOUND, "CL_DEVICE_NOT_FOUND"},
        {CL_DEVICE_NOT_AVAILABLE, "CL_DEVICE_NOT_AVAILABLE"},
        {CL_COMPILER_NOT_AVAILABLE, "CL_COMPILER_NOT_AVAILABLE"},
        {CL_MEM_OBJECT_ALLOCATION_FAILURE, "CL_MEM_OBJECT_ALLOCATION_FAILURE"},
        {CL_OUT_OF_RESOURCES, "CL_OUT_OF_RESOURCES"},
        {CL_OUT_OF_HOST_MEMORY, "CL_OUT_OF_HOST_MEMORY"},
        {CL_BUILD_PROGRAM_FAILURE, "CL_BUILD_PROGRAM_FAILURE"},
        {CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST, "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST"},
        {CL_INVALID_VALUE, "CL_INVALID_VALUE"},
        {CL_INVALID_BUFFER_SIZE, "CL_INVALID_BUFFER_SIZE"},
        {CL_INVALID_KERNEL_ARGS, "CL_INVALID_KERNEL_ARGS"},
        {CL_INVALID_WORK_GROUP_SIZE, "CL_INVALID_WORK_GROUP_SIZE"},
        {-1001, "CL_PLATFORM_NOT_FOUND_KHR"},
    };
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (names[k].code == code)
            return names[k].name;
    return "an OpenCL error";
}
