/* The list of all mistakes and warnings of one scenario, each with its place in the file and the rule that it breaks.
 * The scenario reader, the checks between keys and the derivation of cells fill it, so that a user sees every mistake
 * at once; main.c prints it. */
#ifndef ZEM_DIAGNOSTICS_H
#define ZEM_DIAGNOSTICS_H

#include <stddef.h>

enum zem_severity { ZEM_MISTAKE, ZEM_WARNING };

struct zem_diagnostic {
    enum zem_severity severity;
    int line, column; /* from 1; 0 and 0 without a place (a missing section); 0 and N for override N, N from 1 */
    char *key;        /* dotted path such as "target.speed", or "" */
    char *message;    /* the value, the rule and what to do, without file, place and key */
};

struct zem_diagnostics {
    char *file; /* name of the scenario as the user wrote it */
    /* An override is a value of a key that the command line gives. override_option[i] is the option that gave override
     * i, without dashes, such as "set" or "trials". The array belongs to the caller; NULL if --set gave every
     * override. */
    const char *const *override_option;
    size_t override_count;
    struct zem_diagnostic *items;
    size_t count;    /* entries in items */
    size_t mistakes; /* mistakes added, without warnings; may exceed `count`, because a full list drops entries */
};

/* Starts an empty list. `file` is copied. Release the list with zem_diagnostics_free. */
void zem_diagnostics_init(struct zem_diagnostics *diagnostics, const char *file);
void zem_diagnostics_free(struct zem_diagnostics *diagnostics);

/* Removes all entries and sets both counts to 0. The scenario reader calls it when memory has run out, because the
 * entries are then consequences of that failure, which is reported as an error. */
void zem_diagnostics_clear(struct zem_diagnostics *diagnostics);

/* Adds one entry. The key and the formatted message are copied. A full list (1,000 entries) drops the entry, but a
 * mistake is counted all the same. */
void zem_diagnostics_add(struct zem_diagnostics *diagnostics, enum zem_severity severity, int line, int column,
                         const char *key, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Writes entry `index` as "file:line:column: key: message" into `text` of `size` bytes, always terminated. For an
 * override, its option ("--set") stands in place of file, line and column. */
void zem_diagnostics_format(const struct zem_diagnostics *diagnostics, size_t index, char *text, size_t size);

/* Sorts the entries by line, then column, then key. */
void zem_diagnostics_sort(struct zem_diagnostics *diagnostics);

#endif
