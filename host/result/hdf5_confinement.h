/* The limits under which HDF5 is called for a file of unknown origin. */
#ifndef ZEM_HDF5_CONFINEMENT_H
#define ZEM_HDF5_CONFINEMENT_H

#include "result/hdf5_dataset.h"

#include <stdint.h>

/* Sets the limits of this process, which is a child that reads one file of so many bytes. They cannot be taken back. */
void zem_hdf5_confine(uint64_t file_size);

/* Why a dataset of so many elements of `width` bytes must not be read from a file of so many bytes: its storage cannot
 * explain its size, or lies elsewhere. NULL if all is well. */
const char *zem_hdf5_storage_problem(hid_t dataset, uint64_t elements, size_t width, uint64_t file_size);

#endif
