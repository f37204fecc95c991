/* Builds the name of a temporary file from the name of the final file, and finds such names in a folder. No file is
 * created here. */
#include "base/temporary_path.h"

#include "base/hash.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *zem_companion_path(const char *path, const char *ending)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const size_t size = strlen(path) + strlen(ending) + 3;
    char *text = malloc(size);
    if (text != NULL)
        snprintf(text, size, "%.*s.%s.%s", (int)(name - path), path, name, ending);
    return text;
}

char *zem_temporary_path(const char *path, const char *ending)
{
    char host[256] = "", unique[96];
    gethostname(host, sizeof host - 1);
    const uint64_t machine = zem_hash_bytes(ZEM_HASH_START, host, strlen(host)) & UINT32_MAX;
    snprintf(unique, sizeof unique, "%08llx-%ld.%s", (unsigned long long)machine, (long)getpid(), ending);
    return zem_companion_path(path, unique);
}

/* Whether `entry` is ".NAME.HOST-PID.ENDING". */
static bool is_temporary(const char *entry, const char *name, const char *ending)
{
    const size_t length = strlen(name);
    if (entry[0] != '.' || strncmp(entry + 1, name, length) != 0 || entry[1 + length] != '.')
        return false;
    const char *middle = entry + length + 2;
    const size_t digits = strspn(middle, "0123456789abcdef");
    const size_t all = strspn(middle, "0123456789abcdef-");
    return digits == 8 && middle[8] == '-' && all > 9 && middle[all] == '.' && strcmp(middle + all + 1, ending) == 0;
}

void zem_temporary_remove_left(const char *path, const char *ending)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *folder = slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
    DIR *listing = folder != NULL ? opendir(folder) : NULL;
    for (struct dirent *entry; listing != NULL && (entry = readdir(listing)) != NULL;)
        if (is_temporary(entry->d_name, name, ending))
            unlinkat(dirfd(listing), entry->d_name, 0);
    if (listing != NULL)
        closedir(listing);
    free(folder);
}
