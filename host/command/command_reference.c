/* `zem reference`: prints all keys of a scenario as Markdown or as a JSON schema, by scenario/key_reference.h. */
#include "command/commands.h"
#include "command/options.h"
#include "scenario/key_reference.h"

#include <stdio.h>

static const struct zem_usage usage = {
    .command = "reference",
    .operands = "",
    .summary = "Prints every key of a scenario with its unit, rule, default and meaning, or the JSON schema with which "
               "editors complete them.",
    .examples = "  zem reference > KEYS.md\n  zem reference --schema > scenario.schema.json\n",
};

int zem_command_reference(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    (void)console;
    bool schema = false;
    const struct zem_option options[] = {
        {0, "schema", NULL, "print the JSON schema instead of Markdown", ZEM_OPTION_FLAG, &schema, NULL, 0, 0},
        {0},
    };
    int first = 0;
    const int status = zem_options_read(&usage, options, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    return schema ? zem_key_reference_schema(stdout, error) : zem_key_reference_markdown(stdout, error);
}
