/* Checks the names of outputs, creates their temporary files, syncs them to the disk and renames them. The callers
 * write the content. */
#include "base/output_file.h"

#include "base/last_resort.h"
#include "base/temporary_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder of a path, allocated; NULL without memory. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

static int no_memory(struct zem_error *error)
{
    return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for a file name");
}

int zem_output_check_name(const char *path, bool replace, struct zem_error *error)
{
    struct stat found;
    const size_t length = strlen(path);
    if (length == 0)
        return zem_error_set(error, ZEM_CANNOT_CREATE, "the name of the output is empty");
    if (path[length - 1] == '/')
        return zem_error_set(error, ZEM_CANNOT_CREATE, "%s: this is the name of a folder, a file name is needed", path);
    if (lstat(path, &found) != 0)
        return ZEM_OK;
    if (S_ISDIR(found.st_mode))
        return zem_error_set(error, ZEM_CANNOT_CREATE, "%s: this is a folder, a file name is needed", path);
    if (S_ISLNK(found.st_mode))
        return zem_error_set(error, ZEM_CANNOT_CREATE,
                             "%s: is a link; links and what they point to are not replaced: give the name of a file, "
                             "or remove the link",
                             path);
    if (!S_ISREG(found.st_mode))
        return zem_error_set(error, ZEM_CANNOT_CREATE,
                             "%s: is a device, pipe or socket, which is not replaced: give the name of a file", path);
    if (!replace)
        return zem_error_set(error, ZEM_CANNOT_CREATE,
                             "%s: exists already; --force replaces it, or choose another name", path);
    return ZEM_OK;
}

int zem_output_check_inputs(const char *path, const char *const *inputs, size_t count, struct zem_error *error)
{
    struct stat output, input;
    if (stat(path, &output) != 0)
        return ZEM_OK;
    for (size_t i = 0; i < count; i++)
        if (stat(inputs[i], &input) == 0 && input.st_dev == output.st_dev && input.st_ino == output.st_ino)
            return zem_error_set(error, ZEM_CANNOT_CREATE,
                                 "%s: is an input of this command (%s), which is not replaced: choose another name",
                                 path, inputs[i]);
    return ZEM_OK;
}

/* Creates the empty temporary file. The name contains the number of this process, so an existing file of this name is
 * left from a dead process and is removed. Returns a descriptor, or -1 with errno set. */
static int temporary_create(const char *temporary)
{
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
    int descriptor = open(temporary, flags, 0666);
    if (descriptor < 0 && errno == EEXIST && unlink(temporary) == 0)
        descriptor = open(temporary, flags, 0666);
    return descriptor;
}

static int report_creation(const char *path, int reason, struct zem_error *error)
{
    char *folder = folder_of(path);
    int status;
    if (reason == ENOSPC || reason == EDQUOT || reason == EIO)
        status = zem_error_set(error, ZEM_INPUT_OUTPUT, "%s: cannot be written: %s", path, strerror(reason));
    else if (reason == ENOMEM)
        status = no_memory(error);
    else if (reason == ENOENT && folder != NULL)
        status = zem_error_set(error, ZEM_CANNOT_CREATE,
                               access(folder, F_OK) == 0 ? "%s: the folder %s takes no new files"
                                                         : "%s: the folder %s does not exist",
                               path, folder);
    else
        status = zem_error_set(error, ZEM_CANNOT_CREATE, "%s: cannot be created: %s", path, strerror(reason));
    free(folder);
    return status;
}

int zem_output_open(struct zem_output *output, const char *path, bool replace, struct zem_error *error)
{
    int status = zem_output_check_name(path, replace, error);
    if (status != ZEM_OK)
        return status;
    *output = (struct zem_output){.path = path, .replace = replace, .temporary = zem_temporary_path(path, "part")};
    if (output->temporary == NULL)
        return no_memory(error);
    zem_last_resort_add(output->temporary);
    const int descriptor = temporary_create(output->temporary);
    if (descriptor < 0) {
        status = report_creation(path, errno, error);
        zem_last_resort_drop(output->temporary);
        free(output->temporary);
        output->temporary = NULL;
        return status;
    }
    output->stream = fdopen(descriptor, "w");
    if (output->stream == NULL) {
        status = report_creation(path, errno, error);
        close(descriptor);
        zem_output_end(output);
    }
    return status;
}

int zem_output_check(const char *path, bool replace, struct zem_error *error)
{
    struct zem_output output = {0};
    const int status = zem_output_open(&output, path, replace, error);
    zem_output_end(&output);
    return status;
}

/* Renames a file, but fails if `path` exists, which link() does and rename() does not. On file systems without hard
 * links the function first creates an empty file under the name, by a call that fails if the name exists. Returns 0, or
 * -1 with errno set. */
static int rename_without_replacing(const char *temporary, const char *path)
{
    if (link(temporary, path) == 0) {
        unlink(temporary);
        return 0;
    }
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK)
        return -1;
    const int claim = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (claim < 0)
        return -1;
    close(claim);
    if (rename(temporary, path) == 0)
        return 0;
    const int reason = errno;
    unlink(path);
    errno = reason;
    return -1;
}

static int sync_folder(const char *path, struct zem_error *error)
{
    char *folder = folder_of(path);
    if (folder == NULL)
        return no_memory(error);
    const int descriptor = open(folder, O_RDONLY | O_CLOEXEC);
    int reason = descriptor < 0 || fsync(descriptor) != 0 ? errno : 0;
    if (descriptor >= 0)
        close(descriptor);
    /* These errors mean that the file system cannot sync a folder. They are no failure, because the file has its
     * name. */
    if (reason == EINVAL || reason == EBADF || reason == EROFS || reason == EACCES)
        reason = 0;
    free(folder);
    return reason == 0 ? ZEM_OK
                       : zem_error_set(error, ZEM_INPUT_OUTPUT,
                                       "%s: is complete, but its folder cannot be written to the disk: %s", path,
                                       strerror(reason));
}

/* Writes the buffer of the stream and the file to the disk, and closes the stream. Returns 0, the errno of a failure,
 * or -1 if an earlier write failed and its errno is not known any more. */
static int finish_stream(struct zem_output *output)
{
    errno = 0;
    bool failed = ferror(output->stream) != 0 || fflush(output->stream) != 0 || fsync(fileno(output->stream)) != 0;
    int reason = errno;
    if (fclose(output->stream) != 0 && !failed) {
        failed = true;
        reason = errno;
    }
    output->stream = NULL;
    return !failed ? 0 : reason != 0 ? reason : -1;
}

int zem_output_publish(struct zem_output *output, struct zem_error *error)
{
    const char *path = output->path;
    int reason = finish_stream(output);
    if (reason != 0)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "%s: cannot be written: %s", path,
                             reason > 0 ? strerror(reason) : "a part is missing, since the disk was full or failed");
    int status = output->replace ? zem_output_check_name(path, true, error) : ZEM_OK;
    if (status != ZEM_OK)
        return status;
    if (output->replace ? rename(output->temporary, path) != 0
                        : rename_without_replacing(output->temporary, path) != 0) {
        reason = errno;
        if (reason == EEXIST)
            return zem_error_set(error, ZEM_CANNOT_CREATE,
                                 "%s: has appeared meanwhile and is not replaced; --force replaces it", path);
        return zem_error_set(
            error, reason == EIO || reason == ENOSPC || reason == EDQUOT ? ZEM_INPUT_OUTPUT : ZEM_CANNOT_CREATE,
            "%s: cannot be given its name: %s", path, strerror(reason));
    }
    output->published = true;
    return sync_folder(path, error);
}

void zem_output_end(struct zem_output *output)
{
    if (output->stream != NULL)
        fclose(output->stream);
    if (output->temporary != NULL && !output->published)
        unlink(output->temporary);
    if (output->temporary != NULL)
        zem_last_resort_drop(output->temporary);
    free(output->temporary);
    *output = (struct zem_output){0};
}
