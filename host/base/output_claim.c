/* A process that releases a claim removes the lock file. Another process may have opened that file just before and then
 * locks a file that no name points to any more. So a process that gets a lock checks whether the file still has its
 * name, and opens the file again if it has not. */
#define _GNU_SOURCE /* declares F_OFD_SETLK, which is in POSIX since 2024 */
#include "base/output_claim.h"

#include "base/last_resort.h"
#include "base/temporary_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES 100

/* Locks the whole file for writing. The lock belongs to the open file description, so it is not lost when another part
 * of the process opens and closes the file. A kernel without such locks gives a lock that belongs to the process.
 * Returns 0, or -1 with errno set. */
static int lock(int descriptor)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
#ifdef F_OFD_SETLK
    if (fcntl(descriptor, F_OFD_SETLK, &whole) == 0)
        return 0;
    if (errno != EINVAL)
        return -1;
#endif
    return fcntl(descriptor, F_SETLK, &whole);
}

/* Whether `path` is still a name of the open file. The number of links of the open file is checked too, because on a
 * shared file system this machine may remember an old state of the folder. */
static bool still_named(int descriptor, const char *path)
{
    struct stat opened, named;
    return fstat(descriptor, &opened) == 0 && opened.st_nlink > 0 && lstat(path, &named) == 0
           && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/* Writes into the lock file which process holds the claim. Only messages to people use this text, so a failure is
 * ignored. */
static void sign(int descriptor)
{
    char host[80] = "", text[160];
    if (gethostname(host, sizeof host - 1) != 0)
        snprintf(host, sizeof host, "unknown host");
    const int length = snprintf(text, sizeof text, "%s, process %ld\n", host, (long)getpid());
    if (ftruncate(descriptor, 0) == 0 && pwrite(descriptor, text, (size_t)length, 0) < 0)
        return;
}

static void read_owner(struct zem_output_claim *claim, int descriptor)
{
    const ssize_t length = pread(descriptor, claim->owner, sizeof claim->owner - 1, 0);
    claim->owner[length > 0 ? length : 0] = '\0';
    claim->owner[strcspn(claim->owner, "\n")] = '\0';
    for (char *at = claim->owner; *at != '\0'; at++)
        if (*at < ' ' || *at > '~')
            *at = '?';
    if (claim->owner[0] == '\0')
        snprintf(claim->owner, sizeof claim->owner, "another process");
}

static int report(const char *output, const char *path, int reason, struct zem_error *error)
{
    if (reason == ENOSPC || reason == EDQUOT || reason == EIO)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "%s: cannot be written: %s", output, strerror(reason));
    if (reason == ELOOP)
        return zem_error_set(error, ZEM_CANNOT_CREATE, "%s: %s is a link, which is not followed: remove it", output,
                             path);
    return zem_error_set(error, ZEM_CANNOT_CREATE, "%s: cannot be claimed, since %s cannot be opened: %s", output, path,
                         strerror(reason));
}

int zem_output_claim_take(struct zem_output_claim *claim, const char *output, struct zem_error *error)
{
    *claim = (struct zem_output_claim){.path = zem_companion_path(output, "lock"), .descriptor = -1};
    if (claim->path == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for a file name");
    for (int i = 0; i < TRIES; i++) {
        const int descriptor = open(claim->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
        if (descriptor < 0)
            return report(output, claim->path, errno, error);
        const int reason = lock(descriptor) == 0 ? 0 : errno;
        if (reason == EAGAIN || reason == EACCES) {
            read_owner(claim, descriptor);
            close(descriptor);
            return ZEM_OK;
        }
        if (reason == 0 && !still_named(descriptor, claim->path)) {
            close(descriptor);
            continue;
        }
        claim->unsupported = reason != 0;
        claim->descriptor = descriptor;
        claim->held = true;
        zem_last_resort_add(claim->path);
        sign(descriptor);
        return ZEM_OK;
    }
    snprintf(claim->owner, sizeof claim->owner, "several other processes");
    return ZEM_OK;
}

void zem_output_claim_release(struct zem_output_claim *claim)
{
    if (claim->held) {
        zem_last_resort_drop(claim->path); /* first: after unlink another process may create the file again */
        unlink(claim->path);
        close(claim->descriptor);
    }
    free(claim->path);
    *claim = (struct zem_output_claim){.descriptor = -1};
}
