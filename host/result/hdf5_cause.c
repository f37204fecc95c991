/* Searches the error stack of HDF5 for the innermost reason. */
#include "result/hdf5_cause.h"

#include "result/hdf5_dataset.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* HDF5 calls this for each entry of its error stack, from the outermost call inward. The walk ends at an entry with the
 * error number of a system call. Without one, the text of the innermost entry is kept. An entry may say that memory ran
 * out while errno no longer does, because HDF5 releases what it had before it returns. */
static herr_t keep_cause(unsigned level, const H5E_error2_t *entry, void *data)
{
    (void)level;
    struct zem_hdf5_cause *cause = data;
    static const char number_mark[] = "errno = ", text_mark[] = "error message = '";
    const char *number = entry->desc != NULL ? strstr(entry->desc, number_mark) : NULL,
               *text = entry->desc != NULL ? strstr(entry->desc, text_mark) : NULL;
    const long code = number != NULL ? strtol(number + strlen(number_mark), NULL, 10) : 0;
    if (text != NULL && code != 0 && code != EINVAL) {
        cause->end = code == ENOMEM                          ? ZEM_HDF5_NO_MEMORY
                     : code == EAGAIN || code == EWOULDBLOCK ? ZEM_HDF5_LOCKED
                                                             : ZEM_HDF5_UNREADABLE;
        snprintf(cause->text, sizeof cause->text, "%s", text + strlen(text_mark));
        cause->text[strcspn(cause->text, "'")] = '\0';
        return 1;
    }
    if (entry->min_num == H5E_NOSPACE)
        cause->end = ZEM_HDF5_NO_MEMORY;
    if (entry->desc != NULL)
        snprintf(cause->text, sizeof cause->text, "%s", entry->desc);
    return 0;
}

/* HDF5 calls this when a call from outside has failed. */
static herr_t note(hid_t stack, void *data)
{
    struct zem_hdf5_cause *cause = data, found = {ZEM_HDF5_WRONG, ""};
    const bool no_memory = errno == ENOMEM;
    H5Ewalk2(stack, H5E_WALK_DOWNWARD, keep_cause, &found);
    if (no_memory && found.end == ZEM_HDF5_WRONG)
        found.end = ZEM_HDF5_NO_MEMORY;
    if (cause->end == ZEM_HDF5_FOUND || (cause->end == ZEM_HDF5_WRONG && found.end != ZEM_HDF5_WRONG))
        *cause = found;
    return 0;
}

int zem_hdf5_note_cause(struct zem_hdf5_cause *cause) { return H5Eset_auto2(H5E_DEFAULT, note, cause) >= 0 ? 0 : -1; }
