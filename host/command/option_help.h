/* Prints the table of options of a command in the form that --help=FORM names: text for the terminal, the body of a
 * manual page, or the part of this command in the completion script of a shell. `zem help` prints whole pages and
 * scripts. */
#ifndef ZEM_OPTION_HELP_H
#define ZEM_OPTION_HELP_H

#include "base/error.h"
#include "command/options.h"

/* The option -h, --help. Every command has it, so the tables of options do not list it. */
extern const struct zem_option zem_help_option;

/* Prints the help of a command to standard output. `form` is NULL or "text" for text, "man", "bash", "zsh" or "fish".
 * Returns 0, or ZEM_USAGE for another form. */
int zem_option_help(const struct zem_usage *usage, const struct zem_option *options, const char *form,
                    struct zem_error *error);

/* Print one form to standard output: the sections SYNOPSIS to EXAMPLES of the manual page, or the part of the command
 * in the completion script of bash, zsh or fish (command/completion.h). */
void zem_option_manual(const struct zem_usage *usage, const struct zem_option *options);
void zem_option_bash(const struct zem_usage *usage, const struct zem_option *options);
void zem_option_zsh(const struct zem_usage *usage, const struct zem_option *options);
void zem_option_fish(const struct zem_usage *usage, const struct zem_option *options);

#endif
