/* Files that a user asked for. Each is written under a temporary name in the folder of its final name, synced and
 * renamed, so that a file under its final name is always complete. What has the name already is replaced only if it is
 * a regular file and no input of the command. */
#ifndef ZEM_OUTPUT_FILE_H
#define ZEM_OUTPUT_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A file that is being written. Initialise it with zeros; zem_output_open fills it, zem_output_end releases it. */
struct zem_output {
    const char *path; /* the final name, which belongs to the caller */
    char *temporary;  /* the name until zem_output_publish; a function that needs a path may write there */
    FILE *stream;     /* the empty temporary file, opened for writing */
    bool replace;     /* whether an existing file is replaced */
    bool published;
};

/* 0 if a file may be written under this name: it is no folder, link, device, pipe or socket, and no file exists there
 * unless `replace` is set. ZEM_CANNOT_CREATE otherwise. */
int zem_output_check_name(const char *path, bool replace, struct zem_error *error);

/* 0 if `path` is none of the inputs, also not by another name of the same file. ZEM_CANNOT_CREATE otherwise. */
int zem_output_check_inputs(const char *path, const char *const *inputs, size_t count, struct zem_error *error);

/* 0 if a file can be created under this name: the check of the name, and a temporary file that is made and removed.
 * ZEM_CANNOT_CREATE, or ZEM_INPUT_OUTPUT if the disk is full or defective. */
int zem_output_check(const char *path, bool replace, struct zem_error *error);

/* Makes the temporary file. Errors as of zem_output_check. */
int zem_output_open(struct zem_output *output, const char *path, bool replace, struct zem_error *error);

/* Writes the file to the disk and gives it its final name. ZEM_INPUT_OUTPUT if something could not be written, also
 * earlier by the stream; ZEM_CANNOT_CREATE if the name cannot be given. */
int zem_output_publish(struct zem_output *output, struct zem_error *error);

/* Closes and releases; removes the temporary file if it was not published. */
void zem_output_end(struct zem_output *output);

#endif
