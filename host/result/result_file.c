/* The writing of a result file: under a temporary name, read back, synced and renamed (base/output_file.h). The content
 * comes from result_content.c. */
#include "result/result_file.h"

#include "base/output_file.h"
#include "result/hdf5_dataset.h"
#include "result/hdf5_request.h"
#include "result/result_content.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int zem_result_file_check(const char *path, const struct zem_write_options *options, struct zem_error *error)
{
    return zem_output_check(path, options->force, error);
}

/* Writes the content and reads it back. */
static int write_content(const struct zem_result *result, const char *temporary,
                         const struct zem_write_options *options, struct zem_error *error)
{
    struct zem_hdf5_quiet quiet;
    zem_hdf5_quiet_start(&quiet);
    const int status = zem_result_content_write(result, temporary, options->reproducible, error);
    zem_hdf5_quiet_end(&quiet);
    return status;
}

/* Receives what the child says about its work. */
static int wait_for_content(pid_t process, int channel, struct zem_error *error)
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

/* Writes the content in a child process, because HDF5 crashes if memory runs out at the wrong moment, and this process
 * has the result. Without a child the content is written here. */
static int write_content_apart(const struct zem_result *result, const char *temporary,
                               const struct zem_write_options *options, struct zem_error *error)
{
#ifdef __SANITIZE_THREAD__ /* ThreadSanitizer has no threads in a child of a program that has threads */
    return write_content(result, temporary, options, error);
#else
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return write_content(result, temporary, options, error);
    const pid_t process = fork();
    if (process == 0) {
        struct zem_error said = {0};
        close(ends[0]);
        said.status = write_content(result, temporary, options, &said);
        _exit(zem_hdf5_send(ends[1], &said, sizeof said) ? 0 : 1);
    }
    close(ends[1]);
    const int status =
        process > 0 ? wait_for_content(process, ends[0], error) : write_content(result, temporary, options, error);
    close(ends[0]);
    return status;
#endif
}

int zem_result_file_write(const struct zem_result *result, const char *path, const struct zem_write_options *options,
                          struct zem_error *error)
{
    struct zem_output output = {0};
    int status = zem_output_open(&output, path, options->force, error);
    if (status == ZEM_OK) {
        status = write_content_apart(result, output.temporary, options, error);
        if (status != ZEM_OK)
            zem_error_context(error, "%s", path);
        else
            status = zem_output_publish(&output, error);
    }
    zem_output_end(&output);
    return status;
}

const char *zem_result_file_library(void)
{
#define TEXT_OF(x) #x
#define VERSION_TEXT(major, minor, release) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(release)
    return VERSION_TEXT(H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE);
}
