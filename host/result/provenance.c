/* Implementation of provenance.h. Version and commit come from build_info.h, which the Makefile writes. */
#include "result/provenance.h"

#include "base/kernel_types.h"
#include "build_info.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* NULL without memory: readers of a provenance take NULL for an unknown text. */
static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}

static char *date_now(void)
{
    char text[32];
    time_t now = time(NULL);
    struct tm parts;
    if (!gmtime_r(&now, &parts) || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return copy_text("unknown");
    return copy_text(text);
}

static char *host_name(void)
{
    char text[256] = "";
    if (gethostname(text, sizeof text - 1) != 0 || text[0] == '\0')
        return copy_text("unknown");
    return copy_text(text);
}

static bool needs_quotes(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    return *word == '\0' || word[strspn(word, plain)] != '\0';
}

/* Appends one word as a POSIX shell would read it back; `at` moves on. Each byte takes at most four. */
static char *append_word(char *at, const char *word)
{
    if (!needs_quotes(word)) {
        size_t length = strlen(word);
        memcpy(at, word, length);
        return at + length;
    }
    *at++ = '\'';
    for (; *word; word++) {
        if (*word == '\'') {
            memcpy(at, "'\\''", 4);
            at += 4;
        } else {
            *at++ = *word;
        }
    }
    *at++ = '\'';
    return at;
}

static char *command_line(int argument_count, char *const *arguments)
{
    size_t size = 1;
    for (int i = 0; i < argument_count; i++)
        size += 4 * strlen(arguments[i]) + 3;
    char *text = malloc(size), *at = text;
    if (!text)
        return NULL;
    for (int i = 0; i < argument_count; i++) {
        if (i > 0)
            *at++ = ' ';
        at = append_word(at, arguments[i]);
    }
    *at = '\0';
    return text;
}

void zem_provenance_init(struct zem_provenance *provenance, int argument_count, char *const *arguments)
{
    *provenance = (struct zem_provenance){
        .version = copy_text(ZEM_BUILD_VERSION),
        .commit = copy_text(ZEM_BUILD_COMMIT),
        .kernel_version = ZEM_KERNEL_VERSION,
        .date = date_now(),
        .host = host_name(),
        .command = command_line(argument_count, arguments),
    };
}

void zem_provenance_free(struct zem_provenance *provenance)
{
    for (size_t i = 0; i < provenance->device_count; i++) {
        free(provenance->device[i].name);
        free(provenance->device[i].description);
    }
    free(provenance->device);
    free(provenance->version);
    free(provenance->commit);
    free(provenance->date);
    free(provenance->host);
    free(provenance->command);
    *provenance = (struct zem_provenance){0};
}
