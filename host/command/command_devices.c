/* `zem devices`: prints all devices that the backends find, as a table or as JSON. For a device that cannot be used it
 * prints the reason. */
#include "base/json_text.h"
#include "command/commands.h"
#include "command/options.h"
#include "device/backend.h"
#include "device/native/self_test.h"

#include <stdio.h>

static const struct zem_usage usage = {
    .command = "devices",
    .operands = "",
    .summary =
        "Lists every device that zem can see, with its number and its name for --device. A device that cannot be used "
        "has the\n"
        "reason below it. Each device computes answers that are known; one that gives a wrong answer cannot be used. "
        "At the end\n"
        "are drivers that cannot be loaded or that fail. Drivers of OpenCL run in a process of their own.",
    .examples = "  zem devices\n  zem devices --json\n  zem run weave --device 1\n"
                "  zem run weave --device cpu\n",
};

static void print_table(const struct zem_device_list *list)
{
    printf("%-12s %-6s %3s %5s %10s  %s\n", "DEVICE", "USABLE", "NO.", "UNITS", "MEMORY", "DESCRIPTION");
    for (size_t i = 0; i < list->count; i++) {
        const struct zem_device *device = &list->items[i];
        char memory[32] = "-";
        if (device->memory_bytes > 0)
            snprintf(memory, sizeof memory, "%.1f GiB", (double)device->memory_bytes / 1073741824.0);
        printf("%-12s %-6s %3zu %5u %10s  %s\n", device->name, device->reason[0] ? "no" : "yes", i + 1,
               device->compute_units, memory, device->description);
        if (device->reason[0])
            printf("%-12s cannot be used: %s\n", "", device->reason);
    }
    if (list->opencl_failure[0])
        printf("%s\n", list->opencl_failure);
    for (size_t i = 0; i < list->note_count; i++)
        printf("%s\n", list->notes[i].text);
}

static int print_json(const struct zem_device_list *list, struct zem_error *error)
{
    json_t *items = json_array(), *notes = json_array(), *root;
    for (size_t i = 0; i < list->count; i++) {
        const struct zem_device *device = &list->items[i];
        json_array_append_new(
            items, json_pack("{s:o, s:b, s:o, s:o, s:b, s:I, s:I}", "name", zem_json_text(device->name), "usable",
                             device->reason[0] == '\0', "reason", zem_json_text(device->reason), "description",
                             zem_json_text(device->description), "gpu", device->is_gpu, "compute_units",
                             (json_int_t)device->compute_units, "memory_bytes", (json_int_t)device->memory_bytes));
    }
    if (list->opencl_failure[0])
        json_array_append_new(notes, zem_json_text(list->opencl_failure));
    for (size_t i = 0; i < list->note_count; i++)
        json_array_append_new(notes, zem_json_text(list->notes[i].text));
    root = json_pack("{s:o, s:o}", "devices", items, "notes", notes);
    return zem_json_print(root, JSON_COMPACT, stdout, error);
}

/* Opens every usable device and runs the self-test, which compares results with known answers. A device that fails
 * becomes unusable, with the failure as its reason. `patience` is the time in s after which a device that does not
 * answer has failed; 0 means the default. */
static void test_devices(struct zem_device_list *list, double patience)
{
    const struct zem_engine_options options = {.stages = 1, .radius_count = 1, .shots = 1, .patience = patience};
    for (size_t i = 0; i < list->count; i++) {
        struct zem_device *device = &list->items[i];
        struct zem_engine *engine = NULL;
        struct zem_error error = {0};
        if (device->reason[0])
            continue;
        if (device->backend->open(device, &options, &engine, &error) == 0)
            zem_engine_test_arithmetic(device, engine, &error);
        if (engine != NULL)
            device->backend->close(engine);
        if (error.status != 0)
            snprintf(device->reason, sizeof device->reason, "%.*s", (int)sizeof device->reason - 1, error.message);
    }
}

int zem_command_devices(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    (void)console;
    bool json = false, untested = false;
    uint64_t patience = 0;
    const struct zem_option options[] = {
        {0, "json", NULL, "print one JSON object instead of a table", ZEM_OPTION_FLAG, &json, NULL, 0, 0},
        {0, "untested", NULL, "leave out the self-test, which compiles kernels", ZEM_OPTION_FLAG, &untested, NULL, 0,
         0},
        {0, "deadline", "SECONDS", ZEM_DEADLINE_HELP, ZEM_OPTION_NUMBER, &patience, NULL, 1, 1000000},
        {0},
    };
    struct zem_device_list list = {0};
    int first = 0, status = zem_options_read(&usage, options, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    status = zem_devices_list(&list, NULL, (double)patience, error);
    if (status == ZEM_OK && !untested)
        test_devices(&list, (double)patience);
    if (status == ZEM_OK && json)
        status = print_json(&list, error);
    else if (status == ZEM_OK)
        print_table(&list);
    zem_devices_free(&list);
    return status;
}
