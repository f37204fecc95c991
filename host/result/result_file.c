/* The writing of a result file: under a temporary name, read back, synced and renamed (base/output_file.h). The content
 * comes from result_content.c. */
#include "result/result_file.h"

#include "base/output_file.h"
#include "result/hdf5_apart.h"
#include "result/hdf5_dataset.h"
#include "result/result_content.h"

int zem_result_file_check(const char *path, const struct zem_write_options *options, struct zem_error *error)
{
    return zem_output_check(path, options->force, error);
}

/* The arguments of write_content, which runs in a child process. */
struct writing {
    const struct zem_result *result;
    bool reproducible;
};

/* Writes the content and reads it back. */
static int write_content(const void *context, const char *temporary, struct zem_error *error)
{
    const struct writing *writing = context;
    return zem_result_content_write(writing->result, temporary, writing->reproducible, error);
}

int zem_result_file_write(const struct zem_result *result, const char *path, const struct zem_write_options *options,
                          struct zem_error *error)
{
    const struct writing writing = {result, options->reproducible};
    return zem_hdf5_write_apart(path, options->force, write_content, &writing, error);
}

const char *zem_result_file_library(void)
{
#define TEXT_OF(x) #x
#define VERSION_TEXT(major, minor, release) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(release)
    return VERSION_TEXT(H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE);
}
