/* The signatures of the formats. Sources: HDF5 File Format Specification 3.0, section II.A; PNG (ISO/IEC 15948),
 * section 5.2; PDF (ISO 32000), section 7.5.2; gzip (RFC 1952), section 2.3.1; ZIP (APPNOTE 6.3), section 4.3.7. */
#include "base/file_kind.h"

#include <string.h>

static const struct {
    const char *signature;
    size_t length;
    const char *text;
} kinds[] = {
    [ZEM_FILE_OTHER] = {"", 0, NULL},
    [ZEM_FILE_HDF5] = {"\x89HDF\r\n\x1a\n", 8,
                       "an HDF5 file, such as the result of a run, which `zem show` and `zem verify` read"},
    [ZEM_FILE_CHECKPOINT] = {"zemkcpt", 7,
                             "the checkpoint of an unfinished run, on which `zem run --resume` with its scenario goes "
                             "on"},
    [ZEM_FILE_PNG] = {"\x89PNG\r\n\x1a\n", 8, "a picture (PNG)"},
    [ZEM_FILE_PDF] = {"%PDF-", 5, "a PDF document"},
    [ZEM_FILE_GZIP] = {"\x1f\x8b", 2, "compressed by gzip; unpack it first"},
    [ZEM_FILE_ZIP] = {"PK\x03\x04", 4, "a ZIP archive; unpack it first"},
};

enum zem_file_kind zem_file_kind(const void *bytes, size_t length)
{
    for (size_t kind = ZEM_FILE_OTHER + 1; kind < sizeof kinds / sizeof kinds[0]; kind++)
        if (length >= kinds[kind].length && memcmp(bytes, kinds[kind].signature, kinds[kind].length) == 0)
            return (enum zem_file_kind)kind;
    return ZEM_FILE_OTHER;
}

const char *zem_file_kind_text(enum zem_file_kind kind) { return kinds[kind].text; }
