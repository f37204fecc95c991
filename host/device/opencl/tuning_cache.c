/* Stores tunings in small text files. The name of a file has a hash of its key, and the file contains the key. A file
 * is accepted only if its text is exactly what would be written for this key and tuning. So neither two keys of one
 * hash nor damage gives a wrong tuning. */
#include "device/opencl/tuning_cache.h"

#include "base/hash.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 1024
#define TEXT_SIZE 2048

bool zem_tuning_valid(const struct zem_tuning *tuning)
{
    return tuning->group >= 1 && tuning->group <= ZEM_TUNING_GROUP_MAX && tuning->trials >= 1
           && tuning->trials <= ZEM_TUNING_TRIALS_MAX;
}

/* Writes the text of a file. Returns false if it would be too long. */
static bool file_text(const struct zem_tuning_key *key, const struct zem_tuning *tuning, char *text)
{
    const int length = snprintf(text, TEXT_SIZE,
                                "zem opencl tuning 1\ndevice: %s\ndriver: %s\nkernels: %s\nflags: %s\ngroup: %" PRIu32
                                "\ntrials: %" PRIu32 "\n",
                                key->device, key->driver, key->kernels, key->flags, tuning->group, tuning->trials);
    return length > 0 && length < TEXT_SIZE;
}

/* Writes the path of the cache's folder, $XDG_CACHE_HOME/zem or $HOME/.cache/zem, and of the folder above it. A
 * variable that is not an absolute path is ignored, as the XDG base directory specification asks. Returns false if
 * neither variable can be used. */
static bool folder_path(char *path, char *parent)
{
    const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (base != NULL && base[0] == '/')
        length = snprintf(parent, PATH_SIZE, "%s", base);
    else if (home != NULL && home[0] == '/')
        length = snprintf(parent, PATH_SIZE, "%s/.cache", home);
    if (length < 0 || length >= PATH_SIZE)
        return false;
    length = snprintf(path, PATH_SIZE, "%s/zem", parent);
    return length > 0 && length < PATH_SIZE;
}

static bool file_path(const struct zem_tuning_key *key, const char *folder, char *path)
{
    const char *const part[] = {key->device, key->driver, key->kernels, key->flags};
    uint64_t state = ZEM_HASH_START;
    for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
        state = zem_hash_bytes(state, part[k], strlen(part[k]));
        state = zem_hash_bytes(state, "\n", 1);
    }
    const int length = snprintf(path, PATH_SIZE, "%s/opencl-tuning-%016" PRIx64, folder, state);
    return length > 0 && length < PATH_SIZE;
}

bool zem_tuning_cache_read(const struct zem_tuning_key *key, struct zem_tuning *tuning)
{
    char parent[PATH_SIZE], folder[PATH_SIZE], path[PATH_SIZE], text[TEXT_SIZE] = "", wanted[TEXT_SIZE];
    struct zem_tuning found = {0, 0};
    if (!folder_path(folder, parent) || !file_path(key, folder, path))
        return false;
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    const size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    const char *values = strstr(text, "\ngroup: ");
    if (strlen(text) != length || values == NULL
        || sscanf(values, "\ngroup: %" SCNu32 "\ntrials: %" SCNu32, &found.group, &found.trials) != 2)
        return false;
    if (!zem_tuning_valid(&found) || !file_text(key, &found, wanted) || strcmp(text, wanted) != 0)
        return false;
    *tuning = found;
    return true;
}

void zem_tuning_cache_check(struct zem_device_list *list)
{
    char parent[PATH_SIZE], folder[PATH_SIZE];
    if (!folder_path(folder, parent)) {
        zem_device_note_append(list,
                               "tunings of GPUs cannot be kept: XDG_CACHE_HOME or HOME has to be an absolute path");
        return;
    }
    mkdir(parent, 0700);
    mkdir(folder, 0700);
    if (access(folder, R_OK | W_OK | X_OK) != 0)
        zem_device_note_append(list, "tunings of GPUs cannot be kept: %.200s: %s", folder, strerror(errno));
}

bool zem_tuning_cache_write(const struct zem_tuning_key *key, const struct zem_tuning *tuning)
{
    char parent[PATH_SIZE], folder[PATH_SIZE], path[PATH_SIZE], temporary[PATH_SIZE], text[TEXT_SIZE];
    if (!zem_tuning_valid(tuning) || !file_text(key, tuning, text) || !folder_path(folder, parent)
        || !file_path(key, folder, path))
        return false;
    const int length = snprintf(temporary, sizeof temporary, "%s/.opencl-tuning-XXXXXX", folder);
    if (length < 0 || length >= PATH_SIZE)
        return false;
    mkdir(parent, 0700); /* the mode that the specification asks for */
    mkdir(folder, 0700); /* if this fails, so does creating the file */
    const int descriptor = mkstemp(temporary);
    if (descriptor < 0)
        return false;
    const size_t size = strlen(text);
    bool written = write(descriptor, text, size) == (ssize_t)size;
    written = close(descriptor) == 0 && written;
    written = written && rename(temporary, path) == 0;
    if (!written)
        unlink(temporary);
    return written;
}
