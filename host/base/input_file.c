/* Opens regular files with O_NONBLOCK, so that opening a pipe or a device by mistake does not wait. */
#include "base/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Returns ZEM_OK for a regular file. Otherwise it sets the error and returns its status. */
static int check_kind(const struct stat *found, struct zem_error *error)
{
    if (S_ISREG(found->st_mode))
        return ZEM_OK;
    return zem_error_set(error, ZEM_NO_INPUT, "cannot be read: it is a %s, not a file",
                         S_ISDIR(found->st_mode) ? "directory" : "device, pipe or socket");
}

/* Sets the error for a failed call, whose errno is `reason`. Returns its status. */
static int report(int reason, struct zem_error *error)
{
    return zem_error_set(error,
                         reason == EIO      ? ZEM_INPUT_OUTPUT
                         : reason == ENOMEM ? ZEM_INTERNAL
                                            : ZEM_NO_INPUT,
                         "cannot be read: %s", strerror(reason));
}

int zem_input_size(const char *path, uint64_t *size, struct zem_error *error)
{
    struct stat found;
    if (stat(path, &found) != 0)
        return report(errno, error);
    *size = (uint64_t)found.st_size;
    return check_kind(&found, error);
}

FILE *zem_input_open(const char *path, struct zem_error *error)
{
    struct stat found;
    FILE *stream = NULL;
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        report(errno, error);
        return NULL;
    }
    if (fstat(descriptor, &found) != 0)
        report(errno, error);
    else if (check_kind(&found, error) == ZEM_OK && (stream = fdopen(descriptor, "rb")) == NULL)
        report(errno, error);
    if (stream == NULL)
        close(descriptor);
    return stream;
}
