/* Completion of the command line by shells. No library of Debian makes it from a table of getopt_long, so the scripts
 * are printed here: a frame for the shell, and in it the part of each command, which the command prints itself from its
 * table of options. */
#ifndef ZEM_COMPLETION_H
#define ZEM_COMPLETION_H

#include "command/commands.h"
#include "command/options.h"

/* What can stand at a place of the command line. */
enum zem_completion {
    ZEM_COMPLETE_NOTHING, /* a number, or a text that cannot be foreseen */
    ZEM_COMPLETE_FILE,
    ZEM_COMPLETE_SCENARIO, /* a scenario file, or the name of an example */
    ZEM_COMPLETE_RESULT,   /* a result file */
    ZEM_COMPLETE_INPUT,    /* either of them */
    ZEM_COMPLETE_KEY,      /* "section.key=" */
    ZEM_COMPLETE_WORD,     /* one of the words that zem_completion_words prints */
};

/* What completes the value of an option, and the operands of a command. */
enum zem_completion zem_completion_of_option(const struct zem_option *option);
enum zem_completion zem_completion_of_operands(const struct zem_usage *usage);

/* Prints the words that are possible for a name, separated by blanks: the option "device", "variable", "example",
 * "interval", "completion"; the operand "COMMAND"; or "key", whose words end in "=". Nothing for another name. */
void zem_completion_words(const char *name);

/* Prints the words that are possible for the value of an option: those of its row, or those for its name. */
void zem_completion_option_words(const struct zem_option *option);

/* Prints the script of a shell, "bash", "zsh" or "fish". ZEM_USAGE for another. */
int zem_completion_print(const struct zem_console *console, const char *shell, struct zem_error *error);

#endif
