/* The list of all mistakes and warnings of one scenario, each with its place in the file and the rule that it breaks.
 * The scenario reader, the checks between keys and the derivation of cells fill it, so that a user sees every mistake
 * at once; main.c prints it. */
#ifndef ZEM_DIAGNOSTICS_H
#define ZEM_DIAGNOSTICS_H

#include <stddef.h>

enum zem_severity { ZEM_MISTAKE, ZEM_WARNING };

struct zem_diagnostic {
    enum zem_severity severity;
    int line, column; /* counted from 1; 0, 0 without a place (a missing section); 0, N for the N-th override */
    char *key;        /* dotted path such as "target.speed", or "" */
    char *message;    /* the value, the rule and what to do, without file, place and key */
};

struct zem_diagnostics {
    char *file; /* name of the scenario as the user wrote it */
    /* The option that gave each override, without dashes: "set", "trials". Borrowed; NULL if all are of --set. */
    const char *const *override_option;
    size_t override_count;
    struct zem_diagnostic *items;
    size_t count;    /* entries in items */
    size_t mistakes; /* mistakes reported, not counting warnings; more than `count` if the list became full */
};

/* Starts an empty list. `file` is copied. Release the list with zem_diagnostics_free. */
void zem_diagnostics_init(struct zem_diagnostics *diagnostics, const char *file);
void zem_diagnostics_free(struct zem_diagnostics *diagnostics);

/* Removes all entries, where they are consequences of a failure that is reported by itself. */
void zem_diagnostics_clear(struct zem_diagnostics *diagnostics);

/* Adds one entry. The key and the formatted message are copied. */
void zem_diagnostics_add(struct zem_diagnostics *diagnostics, enum zem_severity severity, int line, int column,
                         const char *key, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Writes entry `index` as "file:line:column: key: message" into `text` of `size` bytes, always terminated. For an
 * override, its option ("--set") stands in place of file, line and column. */
void zem_diagnostics_format(const struct zem_diagnostics *diagnostics, size_t index, char *text, size_t size);

/* Sorts the entries by line, then column, then key. */
void zem_diagnostics_sort(struct zem_diagnostics *diagnostics);

#endif
