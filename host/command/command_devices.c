/* `zem devices`: all devices that the backends find, with the reason for each that cannot be used, as a table or as
 * JSON. */
#include "base/json_text.h"
#include "command/commands.h"
#include "command/options.h"
#include "device/backend.h"

#include <stdio.h>

static const struct zem_usage usage = {
    .command = "devices",
    .operands = "",
    .summary = "Lists every device that zem can see, what it is called in --device, and why it cannot be used where it "
               "cannot.",
    .examples = "  zem devices\n  zem devices --json\n  zem run models/weave.yaml --device openmp\n",
};

static void print_table(const struct zem_device_list *list)
{
    printf("%-12s %-6s %5s %10s  %s\n", "DEVICE", "USABLE", "UNITS", "MEMORY", "DESCRIPTION");
    for (size_t i = 0; i < list->count; i++) {
        const struct zem_device *device = &list->items[i];
        char memory[32] = "-";
        if (device->memory_bytes > 0)
            snprintf(memory, sizeof memory, "%.1f GiB", (double)device->memory_bytes / 1073741824.0);
        printf("%-12s %-6s %5u %10s  %s\n", device->name, device->reason[0] ? "no" : "yes", device->compute_units,
               memory, device->description);
        if (device->reason[0])
            printf("%-12s cannot be used: %s\n", "", device->reason);
    }
}

static int print_json(const struct zem_device_list *list, struct zem_error *error)
{
    json_t *items = json_array(), *root;
    for (size_t i = 0; i < list->count; i++) {
        const struct zem_device *device = &list->items[i];
        json_array_append_new(
            items, json_pack("{s:o, s:b, s:o, s:o, s:b, s:I, s:I}", "name", zem_json_text(device->name), "usable",
                             device->reason[0] == '\0', "reason", zem_json_text(device->reason), "description",
                             zem_json_text(device->description), "gpu", device->is_gpu, "compute_units",
                             (json_int_t)device->compute_units, "memory_bytes", (json_int_t)device->memory_bytes));
    }
    root = json_pack("{s:o}", "devices", items);
    if (!root || json_array_size(items) != list->count || json_dumpf(root, stdout, JSON_COMPACT) != 0
        || putchar('\n') == EOF) {
        json_decref(root);
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "devices: the JSON object could not be written");
    }
    json_decref(root);
    return ZEM_OK;
}

int zem_command_devices(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    (void)console;
    bool json = false;
    const struct zem_option options[] = {
        {0, "json", NULL, "print one JSON object instead of a table", ZEM_OPTION_FLAG, &json, NULL, 0, 0},
        {0},
    };
    struct zem_device_list list = {0};
    int first = 0, status = zem_options_read(&usage, options, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    status = zem_devices_list(&list, error);
    if (status == ZEM_OK && json)
        status = print_json(&list, error);
    else if (status == ZEM_OK)
        print_table(&list);
    zem_devices_free(&list);
    return status;
}
