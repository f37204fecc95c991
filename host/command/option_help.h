/* The table of options of a command, printed in the forms that --help=FORM asks for: text for the terminal, the body of
 * a manual page, and the part of this command in the completion of a shell. `zem help` puts pages and completions
 * together. */
#ifndef ZEM_OPTION_HELP_H
#define ZEM_OPTION_HELP_H

#include "base/error.h"
#include "command/options.h"

/* The option -h, --help, which every command has and no table lists. */
extern const struct zem_option zem_help_option;

/* Prints on standard output. `form` is NULL for text, "man", "bash", "zsh" or "fish"; ZEM_USAGE for another. */
int zem_option_help(const struct zem_usage *usage, const struct zem_option *options, const char *form,
                    struct zem_error *error);

/* The forms, on standard output: sections SYNOPSIS to EXAMPLES of a page, and the part of one command in the script of
 * a shell (command/completion.h). */
void zem_option_manual(const struct zem_usage *usage, const struct zem_option *options);
void zem_option_bash(const struct zem_usage *usage, const struct zem_option *options);
void zem_option_zsh(const struct zem_usage *usage, const struct zem_option *options);
void zem_option_fish(const struct zem_usage *usage, const struct zem_option *options);

#endif
