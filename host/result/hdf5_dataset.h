/* Attributes, dimension scales, creation lists and error texts of HDF5, for the writer of result files. Everything is
 * made as netCDF-4 readers expect it. Functions return 0, or -1 with the reason on HDF5's error stack. */
#ifndef ZEM_HDF5_DATASET_H
#define ZEM_HDF5_DATASET_H

#include <hdf5.h>
#include <hdf5_hl.h>
#include <stddef.h>
#include <stdint.h>

/* The conventions that every file follows (CF Metadata Conventions, 2021). */
#define ZEM_CONVENTIONS "CF-1.9"

/* Stops HDF5 from printing errors by itself between start and end; end restores what was set before. */
struct zem_hdf5_quiet {
    H5E_auto2_t function;
    void *data;
};
void zem_hdf5_quiet_start(struct zem_hdf5_quiet *quiet);
void zem_hdf5_quiet_end(const struct zem_hdf5_quiet *quiet);

/* Writes the reason of the last failure: the operating system's words ("No space left on device") if the error stack
 * has any, else those of the library. Returns text. */
const char *zem_hdf5_reason(char *text, size_t size);

/* Makes a creation list of the class H5P_FILE_CREATE, H5P_GROUP_CREATE or H5P_DATASET_CREATE, which the caller closes.
 * The order of creation is recorded, because netCDF-4 needs it. Times are not recorded, so that equal results give
 * equal bytes. Negative on failure. */
hid_t zem_hdf5_creation_list(hid_t list_class);

/* Write an attribute of an open object. A `count` of 0 makes a scalar of the first element. One text is a scalar of
 * fixed length in UTF-8, which the netCDF functions of Octave and MATLAB can read. Several texts, and a text of more
 * than 60000 bytes, have variable length. */
int zem_hdf5_attribute_text(hid_t object, const char *name, const char *text);
int zem_hdf5_attribute_texts(hid_t object, const char *name, const char *const *texts, size_t count);
int zem_hdf5_attribute_numbers(hid_t object, const char *name, hid_t file_type, hid_t memory_type, const void *values,
                               size_t count);
int zem_hdf5_attribute_integer(hid_t object, const char *name, uint64_t value);
int zem_hdf5_attribute_number(hid_t object, const char *name, double value);

/* Makes an open one-dimensional dataset a dimension scale with a unit and a long name. */
int zem_hdf5_scale_describe(hid_t dataset, const char *name, const char *unit, const char *long_name);

/* Creates a dimension without values, which netCDF-4 marks by a special label, so that no reader shows it as a
 * variable. Returns the dataset, or a negative number. */
hid_t zem_hdf5_bare_dimension(hid_t parent, const char *name, size_t length);

/* Makes the type of variable-length UTF-8 texts, which the caller closes. Negative on failure. */
hid_t zem_hdf5_text_type(void);

#endif
