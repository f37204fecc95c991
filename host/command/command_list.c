/* Finds a command in the table of main.c, holds the meanings of the exit codes, and prints the text of `zem --help`. */
#include "base/suggestion.h"
#include "command/commands.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { NAMES_MOST = 64 };

const struct zem_command *zem_command_find(const struct zem_command *commands, const char *name,
                                           struct zem_error *error)
{
    const char *names[NAMES_MOST];
    size_t count = 0;
    for (const struct zem_command *command = commands; command->name; command++) {
        if (strcmp(name, command->name) == 0)
            return command;
        if (count < NAMES_MOST)
            names[count++] = command->name;
    }
    const char *near = zem_suggestion_nearest(name, names, count);
    if (*name == '-')
        zem_error_set(error, ZEM_USAGE, "unknown option %s before the command (see zem --help)", name);
    else if (near)
        zem_error_set(error, ZEM_USAGE, "unknown command \"%s\"; did you mean \"%s\"?", name, near);
    else
        zem_error_set(error, ZEM_USAGE, "unknown command \"%s\" (see zem --help)", name);
    return NULL;
}

const struct zem_exit_code zem_exit_codes[] = {
    {0, "done"},
    {64, "usage"},
    {65, "bad scenario or input file"},
    {66, "no such input file, not readable or not regular"},
    {69, "no usable device"},
    {70, "internal error"},
    {73, "cannot create output"},
    {74, "input/output error"},
    {75, "stopped by a signal, run --resume goes on"},
    {130, "stopped by a signal"},
    {6, "verify found a difference or bench a result that is not valid"},
    {7, "device failed its self-test"},
    {8, "converge: the step is too long, or not shown to be short enough"},
    {9, "run --strict: a cell missed its precision"},
    {0, NULL},
};

const char zem_help_summary[] =
    "Estimates the probability that an interceptor passes within a hit radius of a maneuvering target, by Monte Carlo\n"
    "engagements over a grid of scenario parameters, with textbook point-mass models and notional numbers.";

/* Prints the exit codes as one sentence, in lines of at most 120 columns. */
static void print_exit_codes(void)
{
    size_t column = (size_t)printf("Exit codes:");
    for (const struct zem_exit_code *code = zem_exit_codes; code->meaning; code++) {
        char text[96];
        const size_t length =
            (size_t)snprintf(text, sizeof text, "%d %s%s", code->code, code->meaning, code[1].meaning ? ";" : ".");
        const bool breaks = column + 1 + length > 120;
        printf("%c%s", breaks ? '\n' : ' ', text);
        column = breaks ? length : column + 1 + length;
    }
    putchar('\n');
}

void zem_help_print(const struct zem_command *commands)
{
    printf("Usage: zem COMMAND [options]\n\n%s\n\nCommands:\n", zem_help_summary);
    for (const struct zem_command *command = commands; command->name; command++)
        printf("  %-11s %s\n", command->name, command->summary);
    printf("\nOptions:\n  -h, --help     print this text; after a command, its options and examples\n"
           "  -V, --version  print the versions of zem and of the libraries it uses\n\n"
           "Examples:\n  zem new            # writes scenario.yaml, a commented scenario to start from\n"
           "  zem run weave      # runs the example \"weave\" and writes weave.h5\n"
           "  zem show weave.h5\n  zem help run\n\n");
    print_exit_codes();
}
