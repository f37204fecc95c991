/* The provenance of a run, asked of the system when the run starts. Version and commit are constants of build_info.h,
 * which the Makefile writes. A text for which there is no memory stays NULL, which readers print as unknown. */
#include "result/provenance.h"

#include "base/kernel_types.h"
#include "build_info.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char *date_now(void)
{
    char text[32];
    time_t now = time(NULL);
    struct tm parts;
    if (!gmtime_r(&now, &parts) || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return strdup("unknown");
    return strdup(text);
}

static char *host_name(void)
{
    char text[256] = "";
    if (gethostname(text, sizeof text - 1) != 0 || text[0] == '\0')
        return strdup("unknown");
    return strdup(text);
}

static bool needs_quotes(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    return *word == '\0' || word[strspn(word, plain)] != '\0';
}

/* Appends one word, quoted so that a POSIX shell reads the same word, and returns the end. A byte becomes at most
 * four. */
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
        .version = strdup(ZEM_BUILD_VERSION),
        .commit = strdup(ZEM_BUILD_COMMIT),
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
        free(provenance->device[i].failure);
    }
    free(provenance->device);
    free(provenance->version);
    free(provenance->commit);
    free(provenance->date);
    free(provenance->host);
    free(provenance->command);
    free(provenance->threads_reason);
    *provenance = (struct zem_provenance){0};
}
