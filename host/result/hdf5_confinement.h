/* The limits under which HDF5 is called for a file of unknown origin. */
#ifndef ZEM_HDF5_CONFINEMENT_H
#define ZEM_HDF5_CONFINEMENT_H

#include <stdint.h>

/* Sets the limits of this process, which is a child that reads one file of so many bytes. They cannot be taken back. */
void zem_hdf5_confine(uint64_t file_size);

#endif
