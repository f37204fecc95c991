/* The list of the devices of all backends, and the choice among them by the text of --device. Opening the chosen
 * devices is left to the run. */
#include "device/backend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct zem_device *zem_device_append(struct zem_device_list *list)
{
    struct zem_device *items = realloc(list->items, (list->count + 1) * sizeof *items);
    if (items == NULL)
        return NULL;
    list->items = items;
    struct zem_device *device = &items[list->count++];
    memset(device, 0, sizeof *device);
    return device;
}

void zem_devices_free(struct zem_device_list *list)
{
    free(list->items);
    list->items = NULL;
    list->count = 0;
}

int zem_devices_list(struct zem_device_list *list, struct zem_error *error)
{
    list->items = NULL;
    list->count = 0;
    int status = zem_backend_opencl.list(list, error);
    if (status == 0)
        status = zem_backend_openmp.list(list, error);
    return status;
}

static bool usable(const struct zem_device *device) { return device->reason[0] == '\0'; }

static void choose(size_t index, size_t *chosen, size_t *count)
{
    for (size_t k = 0; k < *count; k++)
        if (chosen[k] == index)
            return;
    chosen[(*count)++] = index;
}

/* Chooses every usable GPU, or the native backend if there is none. */
static int choose_auto(const struct zem_device_list *list, size_t *chosen, size_t *count, struct zem_error *error)
{
    for (size_t k = 0; k < list->count; k++)
        if (list->items[k].is_gpu && usable(&list->items[k]))
            choose(k, chosen, count);
    for (size_t k = 0; k < list->count && *count == 0; k++)
        if (list->items[k].backend == &zem_backend_openmp && usable(&list->items[k]))
            choose(k, chosen, count);
    return *count > 0 ? ZEM_OK : zem_error_set(error, ZEM_NO_DEVICE, "no usable device: `zem devices` says why");
}

/* Chooses by one name: that of a device, or that of a backend, which stands for the backend's first usable device. */
static int choose_named(const struct zem_device_list *list, const char *name, size_t length, size_t *chosen,
                        size_t *count, struct zem_error *error)
{
    const struct zem_device *refused = NULL;
    for (size_t k = 0; k < list->count; k++) {
        const struct zem_device *device = &list->items[k];
        const bool names_device = strlen(device->name) == length && strncmp(device->name, name, length) == 0;
        const bool names_backend =
            strlen(device->backend->name) == length && strncmp(device->backend->name, name, length) == 0;
        if (!names_device && !names_backend)
            continue;
        if (usable(device)) {
            choose(k, chosen, count);
            return ZEM_OK;
        }
        refused = device;
    }
    if (refused != NULL)
        return zem_error_set(error, ZEM_NO_DEVICE, "device \"%.*s\" cannot be used: %s", (int)length, name,
                             refused->reason);
    if (length == strlen("opencl") && strncmp(name, "opencl", length) == 0)
        return zem_error_set(error, ZEM_NO_DEVICE,
                             "no OpenCL device found: install a driver (pocl-opencl-icd for the processor) and "
                             "ocl-icd-libopencl1, or use --device openmp");
    return zem_error_set(error, ZEM_NO_DEVICE, "no device is called \"%.*s\": `zem devices` lists them", (int)length,
                         name);
}

int zem_devices_choose(const struct zem_device_list *list, const char *text, size_t *chosen, size_t *chosen_count,
                       struct zem_error *error)
{
    *chosen_count = 0;
    while (*text != '\0') {
        const size_t length = strcspn(text, ",");
        int status;
        if (length == 4 && strncmp(text, "auto", 4) == 0)
            status = choose_auto(list, chosen, chosen_count, error);
        else
            status = choose_named(list, text, length, chosen, chosen_count, error);
        if (status != 0)
            return status;
        text += length + (text[length] == ',');
    }
    return *chosen_count > 0 ? ZEM_OK
                             : zem_error_set(error, ZEM_USAGE,
                                             "--device needs a name: auto, openmp, opencl or opencl:PLATFORM:DEVICE");
}
