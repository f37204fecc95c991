/* Command-line options as tables. One row describes an option for getopt_long, for the reading of its value and for the
 * text of --help. Every command has such a table. Options are words and numbers here; scenarios and results are
 * unknown. */
#ifndef ZEM_OPTIONS_H
#define ZEM_OPTIONS_H

#include "base/error.h"
#include "base/statistics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Texts "key=value" in the order of the command line. Initialise it with zeros and release it with
 * zem_overrides_free. */
struct zem_overrides {
    char **items;
    const char **option; /* the option that gave each, without dashes; the names belong to the table of options */
    size_t count;
};

void zem_overrides_free(struct zem_overrides *overrides);

/* The help of --deadline, which several commands have. */
#define ZEM_DEADLINE_HELP "give a device up that does not answer for this long, 30 if absent"

enum zem_option_kind {
    ZEM_OPTION_FLAG,    /* target: bool, which becomes true */
    ZEM_OPTION_TEXT,    /* target: const char *, which points into argv */
    ZEM_OPTION_NUMBER,  /* target: uint64_t, a whole number from low to high */
    ZEM_OPTION_WORD,    /* target: unsigned, 1 + the index of the word in the list `key` */
    ZEM_OPTION_OVERRIDE /* target: struct zem_overrides, which gets "key=value", or the value alone if key is NULL */
};

struct zem_option {
    char letter;          /* short form; 0 for none */
    const char *name;     /* long form without dashes */
    const char *argument; /* name of the value in --help; NULL if the option takes no value */
    const char *help;     /* one line of --help */
    enum zem_option_kind kind;
    void *target;
    const char *key;    /* of ZEM_OPTION_OVERRIDE; of ZEM_OPTION_WORD the words, separated by blanks */
    uint64_t low, high; /* ZEM_OPTION_NUMBER only */
};

/* What --help of a command prints before and after its options. */
struct zem_usage {
    const char *command;  /* "run" */
    const char *operands; /* "SCENARIO..." */
    const char *summary;  /* one or more sentences, broken into lines */
    const char *examples; /* lines, each with a newline */
    size_t least_operands, most_operands;
};

/* Reads argv, where argv[0] is the command, by `options`, a table that ends with a row without a name. Options and
 * operands may be mixed; afterwards the operands stand at argv[*first] to argv[argc - 1]. Returns 0, 1 if --help was
 * printed on standard output, or ZEM_USAGE. --help=FORM prints another form, for `zem help` (option_help.h). */
int zem_options_read(const struct zem_usage *usage, const struct zem_option *options, int argc, char **argv, int *first,
                     struct zem_error *error);

/* Reads the word of --interval. ZEM_USAGE if it is none. */
int zem_interval_option(const char *command, const char *word, enum zem_interval_method *method,
                        struct zem_error *error);

#endif
