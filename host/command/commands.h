/* The commands of the program. A command reads its own options, writes data to standard output and returns 0 or a
 * negative zem_status. It does not print errors itself: main.c prints the error that a command returns, and the
 * functions of the console print mistakes of scenarios and failures after which a command continues. */
#ifndef ZEM_COMMANDS_H
#define ZEM_COMMANDS_H

#include "base/diagnostics.h"
#include "base/error.h"
#include "base/interruption.h"

#include <stdbool.h>

struct zem_command;

/* What main.c gives a command: the command line and functions for messages. */
struct zem_console {
    const struct zem_command *commands; /* all commands; the last row has no name */
    int argument_count;                 /* arguments[argument_count]: the command line, which a result file records */
    char *const *arguments;
    void (*diagnostics)(const struct zem_diagnostics *diagnostics); /* prints mistakes and warnings of a scenario */
    void (*error)(const struct zem_error *error); /* prints a failure after which the command continues */
    void (*leave)(bool resumable); /* for zem_interruption_catch: ends a program that hangs after a signal */
};

/* The function of a command; argv[0] is the name of the command. Returns 0 or a negative zem_status. If the status is
 * negative and `error` is empty, the function has already printed the reason through the console. */
typedef int zem_command_function(const struct zem_console *console, int argc, char **argv, struct zem_error *error);

struct zem_command {
    const char *name;
    const char *summary;
    zem_command_function *function;
};

zem_command_function zem_command_run;
zem_command_function zem_command_check;
zem_command_function zem_command_devices;
zem_command_function zem_command_show;
zem_command_function zem_command_plot;
zem_command_function zem_command_bench;
zem_command_function zem_command_trace;
zem_command_function zem_command_verify;
zem_command_function zem_command_report;
zem_command_function zem_command_diff;
zem_command_function zem_command_doctrine;
zem_command_function zem_command_effects;
zem_command_function zem_command_sensitivity;
zem_command_function zem_command_merge;
zem_command_function zem_command_export;
zem_command_function zem_command_converge;
zem_command_function zem_command_reference;
zem_command_function zem_command_new;
zem_command_function zem_command_help;

/* Returns the command of this name. If there is none, it returns NULL and sets `error` to ZEM_USAGE with the nearest
 * name. */
const struct zem_command *zem_command_find(const struct zem_command *commands, const char *name,
                                           struct zem_error *error);

/* The exit codes and their meanings; the last row has no meaning. */
struct zem_exit_code {
    int code;
    const char *meaning;
};
extern const struct zem_exit_code zem_exit_codes[];

/* What the program does, in one sentence. */
extern const char zem_help_summary[];

/* Prints the text of `zem --help` to standard output. */
void zem_help_print(const struct zem_command *commands);

#endif
