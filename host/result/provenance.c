/* The provenance of a run, asked of the system when the run starts. Version and commit are constants of build_info.h,
 * which the Makefile writes. */
#include "result/provenance.h"

#include "base/kernel_types.h"
#include "build_info.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const char zem_build_version[] = ZEM_BUILD_VERSION, zem_build_commit[] = ZEM_BUILD_COMMIT;

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

/* Appends one word, quoted so that a POSIX shell reads the same word, and returns the end. A byte of the word becomes
 * at most four bytes. */
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

static int no_memory(struct zem_error *error)
{
    return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory to say where a result comes from");
}

int zem_provenance_init(struct zem_provenance *provenance, int argument_count, char *const *arguments,
                        struct zem_error *error)
{
    *provenance = (struct zem_provenance){
        .version = strdup(zem_build_version),
        .commit = strdup(zem_build_commit),
        .kernel_version = ZEM_KERNEL_VERSION,
        .date = date_now(),
        .host = host_name(),
        .command = command_line(argument_count, arguments),
    };
    if (!provenance->version || !provenance->commit || !provenance->date || !provenance->host || !provenance->command)
        return no_memory(error);
    return ZEM_OK;
}

int zem_provenance_threads(struct zem_provenance *provenance, unsigned threads, const char *reason,
                           struct zem_error *error)
{
    provenance->threads = threads;
    provenance->threads_reason = strdup(reason);
    return provenance->threads_reason != NULL ? ZEM_OK : no_memory(error);
}

static char *copy(const char *text) { return strdup(text != NULL ? text : ""); }

int zem_provenance_device_add(struct zem_provenance *provenance, const struct zem_device_use *device,
                              struct zem_error *error)
{
    struct zem_device_use *devices = realloc(provenance->device, (provenance->device_count + 1) * sizeof *devices);
    if (devices == NULL)
        return no_memory(error);
    struct zem_device_use *own = &devices[provenance->device_count++];
    provenance->device = devices;
    *own = *device;
    own->name = copy(device->name);
    own->description = copy(device->description);
    own->failure = copy(device->failure);
    return own->name != NULL && own->description != NULL && own->failure != NULL ? ZEM_OK : no_memory(error);
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
