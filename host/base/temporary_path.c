/* The name of a temporary file, put together from the name of the final file. No file is created here. */
#include "base/temporary_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *zem_temporary_path(const char *path, const char *ending)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const size_t size = strlen(path) + strlen(ending) + 40;
    char *text = malloc(size);
    if (text != NULL)
        snprintf(text, size, "%.*s.%s.%ld.%s", (int)(name - path), path, name, (long)getpid(), ending);
    return text;
}
