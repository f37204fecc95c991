/* The child process writes the file and sends its status and message to the parent through a socket. */
#include "result/hdf5_apart.h"

#include "base/output_file.h"
#include "result/hdf5_child.h"
#include "result/hdf5_dataset.h"
#include "result/hdf5_request.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

static int write_here(zem_hdf5_writer *write, const void *context, const char *temporary, struct zem_error *error)
{
    struct zem_hdf5_quiet quiet;
    zem_hdf5_quiet_start(&quiet);
    const int status = write(context, temporary, error);
    zem_hdf5_quiet_end(&quiet);
    return status;
}

/* Receives the status and message of the child, waits until it has ended and returns the status. */
static int wait_for_child(pid_t process, int channel, struct zem_error *error)
{
    struct zem_error said = {0};
    const bool received = zem_hdf5_receive(channel, &said, sizeof said);
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR)
        ;
    if (!received)
        return zem_error_set(error, ZEM_INTERNAL,
                             "the library HDF5 failed while the result was written; memory may have run out");
    said.message[sizeof said.message - 1] = '\0';
    return said.status == ZEM_OK ? ZEM_OK : zem_error_set(error, said.status, "%s", said.message);
}

static int write_temporary(zem_hdf5_writer *write, const void *context, const char *temporary, struct zem_error *error)
{
#ifdef __SANITIZE_THREAD__ /* ThreadSanitizer allows no threads in a child of a program with threads */
    return write_here(write, context, temporary, error);
#else
    int channel = -1;
    const pid_t process = zem_hdf5_child_start(&channel);
    if (process < 0)
        return write_here(write, context, temporary, error);
    if (process == 0) {
        struct zem_error said = {0};
        said.status = write_here(write, context, temporary, &said);
        _exit(zem_hdf5_send(channel, &said, sizeof said) ? 0 : 1);
    }
    const int status = wait_for_child(process, channel, error);
    close(channel);
    return status;
#endif
}

int zem_hdf5_write_apart(const char *path, bool force, zem_hdf5_writer *write, const void *context,
                         struct zem_error *error)
{
    struct zem_output output = {0};
    int status = zem_output_open(&output, path, force, error);
    if (status == ZEM_OK) {
        status = write_temporary(write, context, output.temporary, error);
        if (status != ZEM_OK)
            zem_error_context(error, "%s", path);
        else
            status = zem_output_publish(&output, error);
    }
    zem_output_end(&output);
    return status;
}
