/* The list of mistakes and warnings as an array that doubles when it is full. Messages are formatted when they are
 * added, so the caller's texts need not live on. Nothing is printed here. */
#include "base/diagnostics.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The largest number of entries in a list. A file that is not a scenario gives a message for every line, and nobody
 * reads more messages than this. */
#define ITEMS_MAX 1000

void zem_diagnostics_init(struct zem_diagnostics *diagnostics, const char *file)
{
    *diagnostics = (struct zem_diagnostics){.file = strdup(file)};
}

void zem_diagnostics_clear(struct zem_diagnostics *diagnostics)
{
    for (size_t i = 0; i < diagnostics->count; i++) {
        free(diagnostics->items[i].key);
        free(diagnostics->items[i].message);
    }
    free(diagnostics->items);
    diagnostics->items = NULL;
    diagnostics->count = diagnostics->mistakes = 0;
}

void zem_diagnostics_free(struct zem_diagnostics *diagnostics)
{
    zem_diagnostics_clear(diagnostics);
    free(diagnostics->file);
    *diagnostics = (struct zem_diagnostics){0};
}

/* Returns a place for one more entry, or NULL if there is none. The array doubles whenever the count is a power of two,
 * so no capacity has to be stored. */
static struct zem_diagnostic *entry_append(struct zem_diagnostics *diagnostics)
{
    size_t count = diagnostics->count;
    if (count >= ITEMS_MAX)
        return NULL;
    if ((count & (count - 1)) == 0) {
        size_t capacity = count == 0 ? 1 : 2 * count;
        struct zem_diagnostic *items = realloc(diagnostics->items, capacity * sizeof *items);
        if (items == NULL)
            return NULL;
        diagnostics->items = items;
    }
    return &diagnostics->items[diagnostics->count++];
}

void zem_diagnostics_add(struct zem_diagnostics *diagnostics, enum zem_severity severity, int line, int column,
                         const char *key, const char *format, ...)
{
    /* The mistake is counted first, because a scenario with a mistake must not run even if no memory is left for the
     * message. */
    if (severity == ZEM_MISTAKE)
        diagnostics->mistakes++;
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    struct zem_diagnostic *entry = entry_append(diagnostics);
    if (entry == NULL)
        return;
    *entry = (struct zem_diagnostic){
        .severity = severity,
        .line = line,
        .column = column,
        .key = strdup(key),
        .message = strdup(message),
    };
}

void zem_diagnostics_format(const struct zem_diagnostics *diagnostics, size_t index, char *text, size_t size)
{
    const struct zem_diagnostic *entry = &diagnostics->items[index];
    const char *file = diagnostics->file != NULL ? diagnostics->file : "scenario";
    const char *key = entry->key != NULL ? entry->key : "";
    char place[64] = "";
    if (entry->line > 0)
        snprintf(place, sizeof place, ":%d:%d", entry->line, entry->column);
    else if (entry->column > 0) {
        const size_t number = (size_t)entry->column - 1;
        snprintf(place, sizeof place, "--%s",
                 number < diagnostics->override_count ? diagnostics->override_option[number] : "set");
        file = "";
    }
    snprintf(text, size, "%s%s: %s%s%s", file, place, key, key[0] != '\0' ? ": " : "",
             entry->message != NULL ? entry->message : "out of memory");
}

static int entry_compare(const void *left, const void *right)
{
    const struct zem_diagnostic *a = left, *b = right;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return strcmp(a->key != NULL ? a->key : "", b->key != NULL ? b->key : "");
}

void zem_diagnostics_sort(struct zem_diagnostics *diagnostics)
{
    if (diagnostics->count > 1)
        qsort(diagnostics->items, diagnostics->count, sizeof diagnostics->items[0], entry_compare);
}
