/* Child processes that call HDF5. */
#ifndef ZEM_HDF5_CHILD_H
#define ZEM_HDF5_CHILD_H

#include <sys/types.h>

/* Starts a child with a stream socket between it and this process. Both get their end in `channel`; the parent closes
 * its own. Returns what fork() returns: 0 in the child, its number in the parent, -1 with errno set and no channel if
 * the system fails. The child has no other descriptor of the parent but the standard streams. So it does not hold the
 * claim on an output (base/output_claim.h) if the parent is killed. The system kills it when the thread that has
 * called this function ends. */
pid_t zem_hdf5_child_start(int *channel);

#endif
