/* The name of a result file. The file is written under a temporary name in the same folder, read back, synced and
 * renamed, so a file under its final name is always complete. After a failure the temporary file is removed. The
 * content comes from result_content.c. */
#include "result/result_file.h"

#include "base/temporary_path.h"
#include "result/hdf5_dataset.h"
#include "result/result_content.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The paths that the writing of one file needs, allocated. */
struct names {
    char *folder, *temporary;
};

static void names_free(struct names *names)
{
    free(names->folder);
    free(names->temporary);
}

static int names_make(const char *path, struct names *names, struct zem_error *error)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t folder = slash ? (size_t)(slash - path) : 0, size = strlen(path) + 2;
    if (*name == '\0')
        return zem_error_set(error, ZEM_CANNOT_CREATE, "%s: this is the name of a folder, a file name is needed", path);
    names->folder = malloc(size);
    names->temporary = zem_temporary_path(path, "part");
    if (names->folder == NULL || names->temporary == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for a file name");
    snprintf(names->folder, size, "%.*s", slash ? (int)(folder ? folder : 1) : 1, slash ? path : ".");
    return 0;
}

/* Creates the empty temporary file. A file of this name can only be left from a process that had the same number and
 * has died, so it is replaced. */
static int temporary_create(const char *path, const struct names *names, struct zem_error *error)
{
    int descriptor = open(names->temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (descriptor < 0 && errno == EEXIST && unlink(names->temporary) == 0)
        descriptor = open(names->temporary, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (descriptor < 0) {
        int reason = errno;
        if (reason == ENOSPC || reason == EDQUOT || reason == EIO)
            return zem_error_set(error, ZEM_INPUT_OUTPUT, "%s: cannot be written: %s", path, strerror(reason));
        if (reason == ENOENT)
            return zem_error_set(error, ZEM_CANNOT_CREATE, "%s: the folder %s does not exist", path, names->folder);
        return zem_error_set(error, ZEM_CANNOT_CREATE, "%s: cannot be created: %s", path, strerror(reason));
    }
    close(descriptor);
    return 0;
}

static int refuse_existing(const char *path, const struct zem_write_options *options, struct zem_error *error)
{
    struct stat found;
    if (lstat(path, &found) != 0)
        return 0;
    if (S_ISDIR(found.st_mode))
        return zem_error_set(error, ZEM_CANNOT_CREATE, "%s: this is a folder, a file name is needed", path);
    if (!options->force)
        return zem_error_set(error, ZEM_CANNOT_CREATE,
                             "%s: exists already; --force replaces it, -o chooses another name", path);
    return 0;
}

int zem_result_file_check(const char *path, const struct zem_write_options *options, struct zem_error *error)
{
    struct names names = {NULL, NULL};
    int status = names_make(path, &names, error);
    if (status == 0)
        status = refuse_existing(path, options, error);
    if (status == 0)
        status = temporary_create(path, &names, error);
    if (status == 0)
        unlink(names.temporary);
    names_free(&names);
    return status;
}

static int sync_path(const char *path, int flags)
{
    int descriptor = open(path, flags);
    if (descriptor < 0)
        return -1;
    int status = fsync(descriptor);
    int reason = errno;
    close(descriptor);
    errno = reason;
    return status;
}

/* Renames a file, but fails if `path` exists. link() has this behaviour and rename() does not. On file systems without
 * hard links an empty file is created under the name first, by a call that fails if the name exists. */
static int rename_without_replacing(const char *temporary, const char *path)
{
    if (link(temporary, path) == 0)
        return unlink(temporary);
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK)
        return -1;
    int claim = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (claim < 0)
        return -1;
    close(claim);
    if (rename(temporary, path) == 0)
        return 0;
    int reason = errno;
    unlink(path);
    errno = reason;
    return -1;
}

static int publish(const struct names *names, const char *path, const struct zem_write_options *options,
                   struct zem_error *error)
{
    if (sync_path(names->temporary, O_RDWR) != 0)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "%s: cannot be written to the disk: %s", path, strerror(errno));
    if (options->force ? rename(names->temporary, path) != 0 : rename_without_replacing(names->temporary, path) != 0) {
        if (errno == EEXIST)
            return zem_error_set(error, ZEM_CANNOT_CREATE,
                                 "%s: has appeared meanwhile and is not replaced; --force replaces it", path);
        return zem_error_set(error, ZEM_CANNOT_CREATE, "%s: cannot be given its name: %s", path, strerror(errno));
    }
    /* The file has its name now. That some file systems cannot sync a folder is no failure. */
    if (sync_path(names->folder, O_RDONLY) != 0 && errno != EINVAL && errno != EBADF && errno != EROFS
        && errno != EACCES)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "%s: its folder cannot be written to the disk: %s", path,
                             strerror(errno));
    return 0;
}

int zem_result_file_write(const struct zem_result *result, const char *path, const struct zem_write_options *options,
                          struct zem_error *error)
{
    struct names names = {NULL, NULL};
    struct zem_hdf5_quiet quiet;
    uint64_t checksum = 0;
    zem_hdf5_quiet_start(&quiet);
    int status = names_make(path, &names, error);
    if (status == 0)
        status = refuse_existing(path, options, error);
    if (status == 0)
        status = temporary_create(path, &names, error);
    if (status == 0) {
        status = zem_result_content_write(result, names.temporary, options->reproducible, &checksum, error);
        if (status == 0)
            status = zem_result_content_verify(result, names.temporary, checksum, error);
        if (status != 0)
            zem_error_context(error, "%s", path);
        else
            status = publish(&names, path, options, error);
        if (status != 0)
            unlink(names.temporary); /* does nothing if the rename succeeded and the sync after it failed */
    }
    zem_hdf5_quiet_end(&quiet);
    names_free(&names);
    return status;
}

const char *zem_result_file_library(void)
{
#define TEXT_OF(x) #x
#define VERSION_TEXT(major, minor, release) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(release)
    return VERSION_TEXT(H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE);
}
