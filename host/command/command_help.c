/* `zem help`: prints what `zem COMMAND --help` prints, found by the table of commands. */
#include "command/commands.h"
#include "command/options.h"

static const struct zem_usage usage = {
    .command = "help",
    .operands = "[COMMAND]",
    .summary = "Prints the options of a command with examples, or the list of all commands.",
    .examples = "  zem help\n  zem help run\n",
    .least_operands = 0,
    .most_operands = 1,
};

int zem_command_help(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    const struct zem_option options[] = {{0}};
    int first = 0;
    const int status = zem_options_read(&usage, options, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    if (first == argc) {
        zem_help_print(console->commands);
        return ZEM_OK;
    }
    const struct zem_command *command = zem_command_find(console->commands, argv[first], error);
    char word[] = "--help", *words[] = {argv[first], word, NULL};
    return command ? command->function(console, 2, words, error) : ZEM_USAGE;
}
