/* Why a call of HDF5 has failed, in words for the user. */
#ifndef ZEM_HDF5_CAUSE_H
#define ZEM_HDF5_CAUSE_H

#include "result/hdf5_reader.h"

struct zem_hdf5_cause {
    enum zem_hdf5_end end;
    char text[200];
};

/* Asks HDF5 and errno about the call that failed last. */
struct zem_hdf5_cause zem_hdf5_find_cause(void);

#endif
