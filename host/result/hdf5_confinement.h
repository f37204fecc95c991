/* The limits under which HDF5 is called for a file of unknown origin. */
#ifndef ZEM_HDF5_CONFINEMENT_H
#define ZEM_HDF5_CONFINEMENT_H

#include "result/hdf5_dataset.h"

#include <stdint.h>

/* Limits the memory, the processor time and the file access of this process, which is a child that reads one file of
 * `file_size` bytes. The limits cannot be lifted again. */
void zem_hdf5_confine(uint64_t file_size);

/* The processor time that zem_hdf5_confine allows, s. */
uint64_t zem_hdf5_seconds(uint64_t file_size);

/* Returns why a dataset of `elements` elements of `width` bytes must not be read from a file of `file_size` bytes, or
 * NULL if it may be read. Reasons: the file has too few bytes for so many elements or for such chunks, the bytes are in
 * other files, or a filter other than shuffle, deflate and the checksum of HDF5 is applied. */
const char *zem_hdf5_storage_problem(hid_t dataset, uint64_t elements, size_t width, uint64_t file_size);

#endif
