/* The reason why a call of HDF5 has failed, in words for the user. */
#ifndef ZEM_HDF5_CAUSE_H
#define ZEM_HDF5_CAUSE_H

#include "result/hdf5_reader.h"

/* What kind of failure it was, ZEM_HDF5_FOUND if there was none, and HDF5's words for it. */
struct zem_hdf5_cause {
    enum zem_hdf5_end end;
    char text[200];
};

/* From now on writes to *cause why a call of HDF5 in this thread fails, and prints nothing. The first failure counts,
 * but a failure of the system (no memory, a lock, the disk) replaces one of the file. The caller sets cause->end to
 * ZEM_HDF5_FOUND and errno to 0 before the calls that it asks about. Failures are noted when they happen, because the
 * next call of HDF5, for example one that closes an object, forgets them. Returns 0, or -1 if HDF5 cannot do this. */
int zem_hdf5_note_cause(struct zem_hdf5_cause *cause);

#endif
