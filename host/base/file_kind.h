/* Recognises the format of a file by its first bytes. A message about a file that is no scenario or no result can then
 * say what the file is. */
#ifndef ZEM_FILE_KIND_H
#define ZEM_FILE_KIND_H

#include <stddef.h>

#define ZEM_FILE_SIGNATURE_MAX 8 /* bytes that zem_file_kind looks at */

enum zem_file_kind {
    ZEM_FILE_OTHER, /* text, or bytes without a known signature */
    ZEM_FILE_HDF5,
    ZEM_FILE_CHECKPOINT, /* the checkpoint of an unfinished run (run/checkpoint.h) */
    ZEM_FILE_PNG,
    ZEM_FILE_PDF,
    ZEM_FILE_GZIP,
    ZEM_FILE_ZIP
};

/* Returns the kind of the file that begins with these `length` bytes. */
enum zem_file_kind zem_file_kind(const void *bytes, size_t length);

/* Returns a description of the kind, with advice where there is any, as the end of a sentence that begins with "it is":
 * "a picture (PNG)". The text is static. NULL for ZEM_FILE_OTHER. */
const char *zem_file_kind_text(enum zem_file_kind kind);

#endif
