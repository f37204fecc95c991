/* Command-line options as tables: one line an option, which drives getopt_long, the reading of values and the text of
 * --help. Used by main.c and the command_*.c files; knows words and numbers, nothing of scenarios or results. */
#ifndef ZEM_OPTIONS_H
#define ZEM_OPTIONS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Texts "key=value" in the order in which the command line gave them. Zero-initialise; free with zem_overrides_free. */
struct zem_overrides {
    char **items;
    size_t count;
};

void zem_overrides_free(struct zem_overrides *overrides);

enum zem_option_kind {
    ZEM_OPTION_FLAG,    /* target: bool, becomes true */
    ZEM_OPTION_TEXT,    /* target: const char *, points into argv */
    ZEM_OPTION_NUMBER,  /* target: uint64_t, a decimal integer from low to high */
    ZEM_OPTION_OVERRIDE /* target: struct zem_overrides, gets "key=value", or the value as it is if key is NULL */
};

struct zem_option {
    char letter;          /* short form, 0 if there is none */
    const char *name;     /* long form, without dashes */
    const char *argument; /* how --help calls the value; NULL if the option takes none */
    const char *help;     /* one line */
    enum zem_option_kind kind;
    void *target;
    const char *key;    /* ZEM_OPTION_OVERRIDE only */
    uint64_t low, high; /* ZEM_OPTION_NUMBER only */
};

/* What --help of a command prints around its options. */
struct zem_usage {
    const char *command;  /* "run" */
    const char *operands; /* "SCENARIO..." */
    const char *summary;  /* one or more sentences, lines broken */
    const char *examples; /* lines, each with its newline */
    size_t least_operands, most_operands;
};

/* Reads argv (argv[0] is the command) by `options`, a table that ends with a line without name. Options and operands
 * may be mixed; on return the operands stand at argv[*first] to argv[argc - 1]. Returns 0; 1 if --help was asked for
 * and printed on standard output; ZEM_USAGE with a sentence in `error`. */
int zem_options_read(const struct zem_usage *usage, const struct zem_option *options, int argc, char **argv, int *first,
                     struct zem_error *error);

#endif
