/* Lists OpenCL devices and opens one of them. The list gives a reason why a device cannot be used only if the device
 * lacks something that the kernels need. Such a device is never opened. The self-test decides whether the numbers of a
 * device are right. */
#include "device/opencl/opencl_device.h"

#include "device/opencl/opencl_drivers.h"
#include "device/opencl/opencl_flags.h"
#include "device/opencl/tuning_cache.h"

#include <stdio.h>
#include <string.h>

#define DEVICES_MAX 64
#define GROUP_CPU 1u        /* work-items of a work-group on a processor; its lanes take the place of more */
#define LANES_CPU 16u       /* trials that a work-item on a processor flies side by side in a vector */
#define GROUPS_PER_UNIT 16u /* work-groups of the default size that keep a compute unit busy */

void zem_opencl_device_text(const struct zem_opencl *cl, cl_device_id id, cl_device_info what, char *text, size_t size)
{
    char buffer[256] = "";
    if (cl->clGetDeviceInfo(id, what, sizeof buffer - 1, buffer, NULL) != CL_SUCCESS)
        snprintf(buffer, sizeof buffer, "unknown");
    const char *start = buffer + strspn(buffer, " ");
    snprintf(text, size, "%s", start);
}

static u64 device_number(const struct zem_opencl *cl, cl_device_id id, cl_device_info what, size_t size)
{
    u64 number = 0; /* an answer of fewer bytes fills the low bytes, because the host is little-endian */
    return cl->clGetDeviceInfo(id, what, size, &number, NULL) == CL_SUCCESS ? number : 0;
}

/* Writes the reason why a device cannot be used, or an empty text if it can. CL_FP_FMA is not asked for: fma is
 * correctly rounded on every device (OpenCL 1.2, section 7.4), and the flag only says that it is as quick as a product
 * and a sum. */
static void device_reason(const struct zem_opencl *cl, cl_device_id id, char *text, size_t size)
{
    const u64 fp = device_number(cl, id, CL_DEVICE_SINGLE_FP_CONFIG, sizeof(cl_device_fp_config));
    text[0] = '\0';
    if (!device_number(cl, id, CL_DEVICE_AVAILABLE, sizeof(cl_bool)))
        snprintf(text, size, "the driver says that it is not available");
    else if (!device_number(cl, id, CL_DEVICE_COMPILER_AVAILABLE, sizeof(cl_bool)))
        snprintf(text, size, "it has no compiler");
    else if (!device_number(cl, id, CL_DEVICE_ENDIAN_LITTLE, sizeof(cl_bool)))
        snprintf(text, size, "it is not little-endian");
    else if (!(fp & CL_FP_ROUND_TO_NEAREST))
        snprintf(text, size, "its single precision does not round to nearest (CL_FP_ROUND_TO_NEAREST)");
    else if (!(fp & CL_FP_INF_NAN))
        snprintf(text, size, "its single precision has no infinities (CL_FP_INF_NAN)");
    else if (device_number(cl, id, CL_DEVICE_LOCAL_MEM_SIZE, sizeof(cl_ulong)) < 16384)
        snprintf(text, size, "it has less than 16 KiB of local memory (CL_DEVICE_LOCAL_MEM_SIZE)");
}

/* Notes in the list that a platform has no devices, or that it failed to list them. `code` is the error of the attempt
 * to list them. */
static void note_platform(const struct zem_opencl *cl, cl_platform_id platform, unsigned index, cl_int code,
                          struct zem_device_list *list)
{
    char name[128] = "without a name";
    cl->clGetPlatformInfo(platform, CL_PLATFORM_NAME, sizeof name - 1, name, NULL);
    if (code == CL_DEVICE_NOT_FOUND)
        zem_device_note_append(list, "OpenCL platform %u (%s) has no devices", index, name);
    else
        zem_device_note_append(list, "OpenCL platform %u (%s) failed to list its devices: %s (%d)", index, name,
                               zem_opencl_error_name(code), (int)code);
}

static int list_platform(const struct zem_opencl *cl, cl_platform_id platform, unsigned platform_index,
                         struct zem_device_list *list, struct zem_error *error)
{
    cl_device_id ids[DEVICES_MAX];
    cl_uint count = 0;
    const cl_int code = cl->clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, DEVICES_MAX, ids, &count);
    if (code != CL_SUCCESS) {
        note_platform(cl, platform, platform_index, code, list);
        return ZEM_OK;
    }
    for (unsigned k = 0; k < count && k < DEVICES_MAX; k++) {
        char model[96], driver[48], version[64];
        struct zem_device *device = zem_device_append(list);
        if (device == NULL)
            return zem_error_set(error, ZEM_INTERNAL, "no memory for the list of devices");
        zem_opencl_device_text(cl, ids[k], CL_DEVICE_NAME, model, sizeof model);
        zem_opencl_device_text(cl, ids[k], CL_DRIVER_VERSION, driver, sizeof driver);
        zem_opencl_device_text(cl, ids[k], CL_DEVICE_VERSION, version, sizeof version);
        device->backend = &zem_backend_opencl;
        device->platform_index = platform_index;
        device->device_index = k;
        device->is_gpu = (device_number(cl, ids[k], CL_DEVICE_TYPE, sizeof(cl_device_type)) & CL_DEVICE_TYPE_GPU) != 0;
        device->compute_units = (unsigned)device_number(cl, ids[k], CL_DEVICE_MAX_COMPUTE_UNITS, sizeof(cl_uint));
        device->memory_bytes = device_number(cl, ids[k], CL_DEVICE_GLOBAL_MEM_SIZE, sizeof(cl_ulong));
        snprintf(device->name, sizeof device->name, "opencl:%u:%u", platform_index, k);
        snprintf(device->description, sizeof device->description, "%s, %s, driver %s, %u compute units", model, version,
                 driver, device->compute_units);
        device_reason(cl, ids[k], device->reason, sizeof device->reason);
    }
    return ZEM_OK;
}

int zem_opencl_list(struct zem_device_list *list, struct zem_error *error)
{
    struct zem_opencl cl;
    cl_platform_id platforms[DEVICES_MAX];
    cl_uint count = 0;
    int status = ZEM_OK;
    zem_opencl_drivers_check(list);
    zem_tuning_cache_check(list);
    if (zem_opencl_load(&cl) != 0)
        return ZEM_OK;
    const cl_int code = cl.clGetPlatformIDs(DEVICES_MAX, platforms, &count);
    if (code != CL_SUCCESS) {
        count = 0; /* a loader without platforms answers with the error -1001 */
        zem_device_note_append(list, "OpenCL has no platforms: %s (%d)", zem_opencl_error_name(code), (int)code);
    }
    for (unsigned k = 0; k < count && k < DEVICES_MAX && status == 0; k++)
        status = list_platform(&cl, platforms[k], k, list, error);
    zem_opencl_unload(&cl);
    return status;
}

int zem_opencl_failed(const struct zem_opencl_device *device, cl_int code, const char *what, struct zem_error *error)
{
    return zem_error_set(error, ZEM_NO_DEVICE, "device %s failed to %s: %s (%d)", device->name, what,
                         zem_opencl_error_name(code), (int)code);
}

/* Finds the device by its place in the lists of platforms and devices. struct zem_device has no identifier of the
 * driver, because such an identifier is valid only in the process that asked for it. */
static int find(struct zem_opencl_device *opened, const struct zem_device *device, struct zem_error *error)
{
    cl_platform_id platforms[DEVICES_MAX];
    cl_device_id ids[DEVICES_MAX];
    cl_uint count = 0;
    cl_int code = opened->cl.clGetPlatformIDs(DEVICES_MAX, platforms, &count);
    if (code != CL_SUCCESS || device->platform_index >= count)
        return zem_opencl_failed(opened, code, "be found again", error);
    code = opened->cl.clGetDeviceIDs(platforms[device->platform_index], CL_DEVICE_TYPE_ALL, DEVICES_MAX, ids, &count);
    if (code != CL_SUCCESS || device->device_index >= count)
        return zem_opencl_failed(opened, code, "be found again", error);
    opened->id = ids[device->device_index];
    return ZEM_OK;
}

int zem_opencl_device_open(struct zem_opencl_device *opened, const struct zem_device *device, size_t words,
                           struct zem_error *error)
{
    cl_int code;
    memset(opened, 0, sizeof *opened);
    snprintf(opened->name, sizeof opened->name, "%s", device->name);
    opened->is_gpu = device->is_gpu;
    opened->group = device->is_gpu ? ZEM_OPENCL_GROUP_GPU : GROUP_CPU;
    opened->lanes = device->is_gpu ? ZEM_OPENCL_LANES_GPU : LANES_CPU;
    opened->compute_units = device->compute_units > 0 ? device->compute_units : 1u;
    opened->words = words;
    if (zem_opencl_load(&opened->cl) != 0)
        return zem_error_set(error, ZEM_NO_DEVICE, "the OpenCL loader is gone");
    const int status = find(opened, device, error);
    if (status != 0)
        return status;
    while (opened->group > 1 && !zem_opencl_group_fits(opened, opened->group))
        opened->group /= 2; /* for a device with small work-groups or little local memory */
    opened->context = opened->cl.clCreateContext(NULL, 1, &opened->id, NULL, NULL, &code);
    if (code != CL_SUCCESS)
        return zem_opencl_failed(opened, code, "create a context", error);
    opened->launches = opened->cl.clCreateCommandQueue(opened->context, opened->id, CL_QUEUE_PROFILING_ENABLE, &code);
    opened->uploads = opened->downloads = opened->launches;
    if (code == CL_SUCCESS && opened->is_gpu)
        opened->uploads = opened->cl.clCreateCommandQueue(opened->context, opened->id, 0, &code);
    if (code == CL_SUCCESS && opened->is_gpu)
        opened->downloads = opened->cl.clCreateCommandQueue(opened->context, opened->id, 0, &code);
    return code == CL_SUCCESS ? ZEM_OK : zem_opencl_failed(opened, code, "create a queue", error);
}

void zem_opencl_device_finish(const struct zem_opencl_device *device)
{
    const cl_command_queue queue[] = {device->uploads, device->launches, device->downloads};
    for (size_t k = 0; k < sizeof queue / sizeof *queue; k++)
        if (queue[k] != NULL)
            device->cl.clFinish(queue[k]);
}

void zem_opencl_device_close(struct zem_opencl_device *device)
{
    if (device->downloads != NULL && device->downloads != device->launches)
        device->cl.clReleaseCommandQueue(device->downloads);
    if (device->uploads != NULL && device->uploads != device->launches)
        device->cl.clReleaseCommandQueue(device->uploads);
    if (device->launches != NULL)
        device->cl.clReleaseCommandQueue(device->launches);
    if (device->context != NULL)
        device->cl.clReleaseContext(device->context);
    zem_opencl_unload(&device->cl);
}

u64 zem_opencl_device_fill(const struct zem_opencl_device *device)
{
    return (u64)device->group * device->lanes * device->compute_units * GROUPS_PER_UNIT;
}

size_t zem_opencl_own_bytes(u32 group) { return ZEM_TALLY_HISTOGRAM * group * sizeof(u64); }

size_t zem_opencl_shared_bytes(const struct zem_opencl_device *device)
{
    return (device->words - ZEM_TALLY_HISTOGRAM) * sizeof(u32);
}

bool zem_opencl_group_fits(const struct zem_opencl_device *device, u32 group)
{
    return group <= device_number(&device->cl, device->id, CL_DEVICE_MAX_WORK_GROUP_SIZE, sizeof(size_t))
           && zem_opencl_own_bytes(group) + zem_opencl_shared_bytes(device)
                  <= device_number(&device->cl, device->id, CL_DEVICE_LOCAL_MEM_SIZE, sizeof(cl_ulong));
}
