/* Files that a user asked for. Each is written under a temporary name in the folder of its final name, synced and
 * renamed, so that a file under its final name is always complete. An existing file is replaced only if it is a regular
 * file and not an input of the command. */
#ifndef ZEM_OUTPUT_FILE_H
#define ZEM_OUTPUT_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A file that is being written. Initialise it with zeros. zem_output_open fills it and zem_output_end releases it. */
struct zem_output {
    const char *path; /* the final name, which belongs to the caller */
    char *temporary;  /* the name until zem_output_publish; for libraries that write to a path, not a stream */
    FILE *stream;     /* the empty temporary file, opened for writing */
    bool replace;     /* whether an existing file is replaced */
    bool published;
};

/* Returns 0 if a file may be written under this name: the name is not empty, it is no folder, link, device, pipe or
 * socket, and no file has it unless `replace` is set. Otherwise returns ZEM_CANNOT_CREATE. */
int zem_output_check_name(const char *path, bool replace, struct zem_error *error);

/* Returns 0 if `path` is none of the `count` inputs. Two names of the same file count as the same. Otherwise returns
 * ZEM_CANNOT_CREATE. */
int zem_output_check_inputs(const char *path, const char *const *inputs, size_t count, struct zem_error *error);

/* Returns 0 if a file can be created under this name. It checks the name as zem_output_check_name does, then creates
 * and removes a temporary file. Otherwise returns ZEM_CANNOT_CREATE, ZEM_INPUT_OUTPUT if the disk is full or defective,
 * or ZEM_INTERNAL without memory. */
int zem_output_check(const char *path, bool replace, struct zem_error *error);

/* Creates the temporary file and opens it for writing. Returns 0 or an error as zem_output_check does. */
int zem_output_open(struct zem_output *output, const char *path, bool replace, struct zem_error *error);

/* Writes the file to the disk and gives it its final name. Closes the stream. Returns 0; ZEM_INPUT_OUTPUT if this or an
 * earlier write to the stream failed; ZEM_CANNOT_CREATE if the file cannot get its final name; ZEM_INTERNAL without
 * memory. After a failure `path` is as it was before, except if only its folder could not be synced: the new file is
 * then complete under `path`. */
int zem_output_publish(struct zem_output *output, struct zem_error *error);

/* Closes the stream, removes the temporary file unless it was published, and frees the memory. */
void zem_output_end(struct zem_output *output);

#endif
