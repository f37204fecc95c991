/* The reason why a call of HDF5 has failed, in words for the user. */
#ifndef ZEM_HDF5_CAUSE_H
#define ZEM_HDF5_CAUSE_H

#include "result/hdf5_reader.h"

struct zem_hdf5_cause {
    enum zem_hdf5_end end;
    char text[200];
};

/* Finds the reason why the last call failed, from the error stack of HDF5 and from errno. */
struct zem_hdf5_cause zem_hdf5_find_cause(void);

#endif
