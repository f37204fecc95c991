/* The list of the devices of all backends, and the choice among them by the text of --device. The run opens the chosen
 * devices. */
#include "device/backend.h"

#include "base/number.h"

#include <stdarg.h>
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

void zem_device_note_append(struct zem_device_list *list, const char *format, ...)
{
    struct zem_device_note *notes = realloc(list->notes, (list->note_count + 1) * sizeof *notes);
    va_list arguments;
    if (notes == NULL)
        return;
    list->notes = notes;
    memset(&notes[list->note_count], 0, sizeof *notes);
    va_start(arguments, format);
    vsnprintf(notes[list->note_count++].text, sizeof notes->text, format, arguments);
    va_end(arguments);
}

void zem_devices_free(struct zem_device_list *list)
{
    zem_spare_process_free(list->spare);
    free(list->items);
    free(list->notes);
    memset(list, 0, sizeof *list);
}

/* ---- the text of --device ---- */

/* What a name in the text of --device stands for. */
enum device_group {
    AUTO,
    ALL,
    GPU,
    OPENCL,
    PROCESSOR,
    ONE,     /* the name of a device, or of a platform */
    NUMBERED /* the place of a device in the list */
};

static const struct {
    const char *word;
    enum device_group group;
    const char *absent; /* the message if it stands for no device */
} groups[] = {
    {"auto", AUTO, "no usable device: `zem devices` says why"},
    {"all", ALL, "no usable device: `zem devices` says why"},
    {"gpu", GPU, "no GPU found: `zem devices` says what there is, and --device cpu needs none"},
    {"opencl", OPENCL,
     "no OpenCL device found: install a driver (pocl-opencl-icd for the processor) and ocl-icd-libopencl1, or use "
     "--device cpu"},
    {"cpu", PROCESSOR, "no engine was built for this processor"},
    {"openmp", PROCESSOR, "no engine was built for this processor"},
};

void zem_devices_print_groups(FILE *out)
{
    for (size_t k = 0; k < sizeof groups / sizeof *groups; k++)
        fprintf(out, "%s%s", k > 0 ? " " : "", groups[k].word);
}

/* One name in the text of --device. */
struct device_name {
    enum device_group group;
    const char *absent;
    char word[64];
    uint64_t number; /* NUMBERED: place in the list, from 1 */
};

/* Reads the name that begins at `text`. Returns the text after the name and its comma. */
static const char *read_name(const char *text, struct device_name *name)
{
    const size_t length = strcspn(text, ",");
    *name = (struct device_name){.group = ONE};
    snprintf(name->word, sizeof name->word, "%.*s", (int)length, text);
    for (size_t k = 0; k < sizeof groups / sizeof *groups; k++)
        if (strcmp(name->word, groups[k].word) == 0) {
            name->group = groups[k].group;
            name->absent = groups[k].absent;
        }
    if (zem_number_whole(name->word, 0, UINT32_MAX, &name->number))
        name->group = NUMBERED;
    return text + length + (text[length] == ',');
}

static bool stands_for(const struct device_name *name, const struct zem_device_list *list, size_t index)
{
    const struct zem_device *device = &list->items[index];
    const size_t length = strlen(name->word);
    switch (name->group) {
    case AUTO:
    case GPU:
        return device->is_gpu;
    case ALL:
        return true;
    case OPENCL:
        return device->backend == &zem_backend_opencl;
    case PROCESSOR:
        return device->backend == &zem_backend_openmp;
    case NUMBERED:
        return name->number == index + 1;
    case ONE:
        break;
    }
    /* "opencl:0" stands for all devices of platform 0, such as "opencl:0:0" */
    return strncmp(device->name, name->word, length) == 0
           && (device->name[length] == '\0' || (device->name[length] == ':' && strchr(name->word, ':') != NULL));
}

/* Whether the text of --device, or NULL for all devices, names more than the processor. */
static bool wants_opencl(const char *text)
{
    bool wanted = text == NULL;
    while (text != NULL && *text != '\0') {
        struct device_name name;
        text = read_name(text, &name);
        wanted = wanted || name.group != PROCESSOR;
    }
    return wanted;
}

int zem_devices_list(struct zem_device_list *list, const char *wish, double patience, struct zem_error *error)
{
    *list = (struct zem_device_list){.patience = patience};
    const int status = wants_opencl(wish) ? zem_backend_opencl.list(list, error) : ZEM_OK;
    return status == 0 ? zem_backend_openmp.list(list, error) : status;
}

/* ---- the choice ---- */

static bool usable(const struct zem_device *device) { return device->reason[0] == '\0'; }

static void choose(size_t index, size_t *chosen, size_t *count)
{
    for (size_t k = 0; k < *count; k++)
        if (chosen[k] == index)
            return;
    chosen[(*count)++] = index;
}

/* Writes the error for a name that stands for no device. Returns true if a failure of OpenCL explains it; such a name
 * may be left out. */
static bool explain_absence(const struct zem_device_list *list, const struct device_name *name, struct zem_error *error)
{
    if (list->opencl_failure[0] != '\0') {
        zem_error_set(error, ZEM_NO_DEVICE, "%s", list->opencl_failure);
        return true;
    }
    if (name->absent != NULL)
        zem_error_set(error, ZEM_NO_DEVICE, "%s", name->absent);
    else if (name->group == NUMBERED)
        zem_error_set(error, ZEM_NO_DEVICE,
                      "there is no device number %s: `zem devices` numbers them, here from 1 to %zu", name->word,
                      list->count);
    else
        zem_error_set(error, ZEM_NO_DEVICE, "no device is called \"%s\"; `zem devices` lists those that there are",
                      name->word);
    return false;
}

/* Adds the usable devices that one name stands for to `chosen`. If there are none, `refusal` gets the reason. Returns
 * false if the name is a mistake, and true if it may be left out where other names have devices. */
static bool choose_named(const struct zem_device_list *list, const struct device_name *name, size_t *chosen,
                         size_t *count, struct zem_error *refusal)
{
    const struct zem_device *refused = NULL;
    bool found = false;
    *refusal = (struct zem_error){0};
    for (size_t k = 0; k < list->count; k++) {
        if (!stands_for(name, list, k))
            continue;
        if (usable(&list->items[k]))
            choose(k, chosen, count);
        else if (refused == NULL)
            refused = &list->items[k];
        found = found || usable(&list->items[k]);
    }
    for (size_t k = 0; k < list->count && !found && name->group == AUTO; k++)
        if (list->items[k].backend == &zem_backend_openmp && usable(&list->items[k])) {
            choose(k, chosen, count);
            found = true;
        }
    if (found)
        return true;
    if (refused == NULL)
        return explain_absence(list, name, refusal);
    zem_error_set(refusal, ZEM_NO_DEVICE, "device \"%s\" cannot be used: %s",
                  name->group == ONE ? name->word : refused->name, refused->reason);
    return true;
}

int zem_devices_choose(const struct zem_device_list *list, const char *text, size_t *chosen, size_t *chosen_count,
                       struct zem_error *left_out, struct zem_error *error)
{
    struct zem_error first = {0}, refusal;
    *chosen_count = 0;
    while (*text != '\0') {
        struct device_name name;
        text = read_name(text, &name);
        const bool survivable = choose_named(list, &name, chosen, chosen_count, &refusal);
        if (first.status == 0)
            first = refusal;
        if (!survivable)
            return zem_error_set(error, refusal.status, "%s", refusal.message);
    }
    if (*chosen_count == 0 && first.status == 0)
        return zem_error_set(
            error, ZEM_USAGE,
            "--device needs a name: auto, cpu, gpu, all, opencl, opencl:PLATFORM:DEVICE or a number of "
            "`zem devices`");
    if (first.status != 0 && (*chosen_count == 0 || left_out == NULL))
        return zem_error_set(error, first.status, "%s", first.message);
    if (left_out != NULL)
        *left_out = first;
    return ZEM_OK;
}
