/* Searches the error stack of HDF5 for the innermost reason. */
#include "result/hdf5_cause.h"

#include "result/hdf5_dataset.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* HDF5 calls this for each entry of its error stack, from the outermost call inward. The walk ends at an entry with the
 * error number of a system call. Without one, the text of the innermost entry is kept. */
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
    if (entry->desc != NULL)
        snprintf(cause->text, sizeof cause->text, "%s", entry->desc);
    return 0;
}

struct zem_hdf5_cause zem_hdf5_find_cause(void)
{
    struct zem_hdf5_cause cause = {ZEM_HDF5_WRONG, ""};
    const bool no_memory = errno == ENOMEM;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_cause, &cause);
    if (no_memory && cause.end == ZEM_HDF5_WRONG)
        cause.end = ZEM_HDF5_NO_MEMORY;
    return cause;
}
