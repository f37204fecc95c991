/* Prints completion scripts for shells. A script is a frame for the shell with a part for each command. Each command
 * prints its own part from its table of options. No library of Debian makes such scripts from getopt_long tables. */
#ifndef ZEM_COMPLETION_H
#define ZEM_COMPLETION_H

#include "command/commands.h"
#include "command/options.h"

/* What can stand at a place of the command line: as the value of an option, or as an operand. */
enum zem_completion {
    ZEM_COMPLETE_NOTHING, /* a number, or a text that cannot be foreseen */
    ZEM_COMPLETE_FILE,
    ZEM_COMPLETE_SCENARIO, /* a scenario file, or the name of an example */
    ZEM_COMPLETE_RESULT,   /* a result file */
    ZEM_COMPLETE_INPUT,    /* a scenario file, an example or a result file */
    ZEM_COMPLETE_KEY,      /* "section.key=" */
    ZEM_COMPLETE_WORD,     /* one of the words that zem_completion_words prints */
};

/* What can stand as the value of an option, and as the operands of a command. */
enum zem_completion zem_completion_of_option(const struct zem_option *option);
enum zem_completion zem_completion_of_operands(const struct zem_usage *usage);

/* Prints the possible values of the option `name`, separated by blanks. `name` is "device", "variable", "example",
 * "interval" or "completion"; for "key" it prints all scenario keys, each with "=" at its end. Prints nothing for
 * another name. */
void zem_completion_words(const char *name);

/* Prints the possible values of an option, separated by blanks: the words in its row of the table, or those that
 * zem_completion_words prints for its name. */
void zem_completion_option_words(const struct zem_option *option);

/* Prints the completion script of a shell, "bash", "zsh" or "fish", to standard output. Returns 0, or ZEM_USAGE for
 * another shell. */
int zem_completion_print(const struct zem_console *console, const char *shell, struct zem_error *error);

#endif
