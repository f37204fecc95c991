/* Reads command-line options. Every command has a table of options. One row of the table says how getopt_long finds an
 * option, how its value is read and what --help prints about it. */
#ifndef ZEM_OPTIONS_H
#define ZEM_OPTIONS_H

#include "base/error.h"
#include "base/statistics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The texts "key=value" that options such as --set and --trials give, in the order of the command line. Initialise it
 * with zeros and release it with zem_overrides_free. */
struct zem_overrides {
    char **items;
    const char **option; /* option[count]: the name of the option that gave each text, without dashes; borrowed */
    size_t count;
};

void zem_overrides_free(struct zem_overrides *overrides);

/* The help of --deadline, which several commands have. */
#define ZEM_DEADLINE_HELP "patience with a device that does not answer, 30 if absent; ten times that at its start"

enum zem_option_kind {
    ZEM_OPTION_FLAG,    /* target: bool, which becomes true */
    ZEM_OPTION_TEXT,    /* target: const char *, which points into argv */
    ZEM_OPTION_NUMBER,  /* target: uint64_t, a whole number from low to high */
    ZEM_OPTION_WORD,    /* target: unsigned, 1 + the index of the word in the list `key` */
    ZEM_OPTION_OVERRIDE /* target: struct zem_overrides; gets "key=value", or the value alone if key is NULL */
};

struct zem_option {
    char letter;          /* short form; 0 for none */
    const char *name;     /* long form without dashes */
    const char *argument; /* name of the value in --help; NULL if the option takes no value */
    const char *help;     /* one line of --help */
    enum zem_option_kind kind;
    void *target;
    const char *key;    /* ZEM_OPTION_OVERRIDE: its key; ZEM_OPTION_WORD: the words, separated by blanks */
    uint64_t low, high; /* ZEM_OPTION_NUMBER: the smallest and the largest number */
};

/* What --help of a command prints before and after its options. */
struct zem_usage {
    const char *command;  /* "run" */
    const char *operands; /* "SCENARIO..." */
    const char *summary;  /* one or more sentences, broken into lines */
    const char *examples; /* lines, each with a newline */
    size_t least_operands, most_operands;
};

/* Reads the options in argv, where argv[0] is the name of the command. `options` is the table; its last row has no
 * name. Options and operands may be mixed; afterwards the operands are argv[*first] to argv[argc - 1]. Returns 0, 1 if
 * --help was printed to standard output, or ZEM_USAGE. --help=FORM prints the help in another form (option_help.h). */
int zem_options_read(const struct zem_usage *usage, const struct zem_option *options, int argc, char **argv, int *first,
                     struct zem_error *error);

/* Reads the value of --interval, "wilson" or "clopper-pearson". Returns 0, or ZEM_USAGE for another word. */
int zem_interval_option(const char *command, const char *word, enum zem_interval_method *method,
                        struct zem_error *error);

#endif
