/* Small pieces of HDF5 that writer and reader share: attributes, the creation lists that netCDF-4 readers need, and
 * what the library says went wrong. Functions return 0, or -1 with the reason on HDF5's error stack. */
#ifndef ZEM_HDF5_DATASET_H
#define ZEM_HDF5_DATASET_H

#include <hdf5.h>
#include <stddef.h>
#include <stdint.h>

/* Switches HDF5's own printing of errors off, and back on as it was. */
struct zem_hdf5_quiet {
    H5E_auto2_t function;
    void *data;
};
void zem_hdf5_quiet_start(struct zem_hdf5_quiet *quiet);
void zem_hdf5_quiet_end(const struct zem_hdf5_quiet *quiet);

/* The innermost reason on the error stack: the operating system's words if there are any ("No space left on device"),
 * else the library's. Returns text. */
const char *zem_hdf5_reason(char *text, size_t size);

/* A creation list (H5P_FILE_CREATE, H5P_GROUP_CREATE, H5P_DATASET_CREATE) with creation order tracked and without
 * times. */
hid_t zem_hdf5_creation_list(hid_t list_class);

/* Attributes of an open object. Texts are variable-length UTF-8. */
int zem_hdf5_attribute_text(hid_t object, const char *name, const char *text);
int zem_hdf5_attribute_texts(hid_t object, const char *name, const char *const *texts, size_t count);
int zem_hdf5_attribute_numbers(hid_t object, const char *name, hid_t file_type, hid_t memory_type, const void *values,
                               size_t count);
int zem_hdf5_attribute_integer(hid_t object, const char *name, uint64_t value);
int zem_hdf5_attribute_number(hid_t object, const char *name, double value);

/* Makes the open one-dimensional dataset a dimension scale, with units and long name. */
int zem_hdf5_scale_describe(hid_t dataset, const char *name, const char *unit, const char *long_name);

/* A dimension without values, as netCDF-4 spells it: a scale that no reader shows as a variable. The dataset, or
 * negative. */
hid_t zem_hdf5_bare_dimension(hid_t parent, const char *name, size_t length);

/* Reading. A text is allocated for the caller. An array of texts may be absent: then 0 of them. All refuse another type
 * or shape. */
int zem_hdf5_read_text(hid_t object, const char *name, char **text);
int zem_hdf5_read_texts(hid_t object, const char *name, char ***texts, size_t *count);
int zem_hdf5_read_numbers(hid_t object, const char *name, hid_t memory_type, void *values, size_t count);
/* Number of elements of an attribute of numbers, 0 if it is absent or something else. */
size_t zem_hdf5_numbers_count(hid_t object, const char *name);
void zem_hdf5_texts_free(char **texts, size_t count);

#endif
