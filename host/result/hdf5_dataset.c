/* Attributes and dimension scales written by plain calls of HDF5. Every handle is closed on every path, because a
 * handle that stays open keeps the file from closing. */
#include "result/hdf5_dataset.h"

#include <stdio.h>
#include <string.h>

/* Bytes of the longest text of fixed length. HDF5 stores an attribute in an object header, in a message of less than 64
 * KiB. */
#define FIXED_TEXT_MOST 60000u

void zem_hdf5_quiet_start(struct zem_hdf5_quiet *quiet)
{
    H5dont_atexit(); /* HDF5 1.10.8 crashes at exit after a close() that failed */
    H5Eget_auto2(H5E_DEFAULT, &quiet->function, &quiet->data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

void zem_hdf5_quiet_end(const struct zem_hdf5_quiet *quiet) { H5Eset_auto2(H5E_DEFAULT, quiet->function, quiet->data); }

struct reason {
    char text[256];
};

/* HDF5 calls this for each entry of its error stack, from the outermost call inward. The walk ends at the entry with
 * the operating system's text; without one, the innermost entry is kept. */
static herr_t keep_reason(unsigned level, const H5E_error2_t *entry, void *data)
{
    (void)level;
    struct reason *reason = data;
    static const char mark[] = "error message = '";
    const char *found = entry->desc ? strstr(entry->desc, mark) : NULL;
    if (found) {
        snprintf(reason->text, sizeof reason->text, "%s", found + strlen(mark));
        reason->text[strcspn(reason->text, "'")] = '\0';
        return 1;
    }
    if (entry->desc)
        snprintf(reason->text, sizeof reason->text, "%s", entry->desc);
    return 0;
}

const char *zem_hdf5_reason(char *text, size_t size)
{
    struct reason reason = {""};
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_reason, &reason);
    snprintf(text, size, "%s", reason.text[0] != '\0' ? reason.text : "HDF5 gave no reason");
    return text;
}

hid_t zem_hdf5_creation_list(hid_t list_class)
{
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    hid_t list = H5Pcreate(list_class);
    if (list < 0)
        return -1;
    int bad = H5Pset_obj_track_times(list, 0) < 0 || H5Pset_attr_creation_order(list, order) < 0
              || (list_class != H5P_DATASET_CREATE && H5Pset_link_creation_order(list, order) < 0);
    if (bad) {
        H5Pclose(list);
        return -1;
    }
    return list;
}

hid_t zem_hdf5_text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 && (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
        H5Tclose(type);
        return -1;
    }
    return type;
}

/* Creates and writes an attribute: a scalar if `length` is 0, else an array of `length` elements. */
static int attribute_write(hid_t object, const char *name, hid_t file_type, hid_t memory_type, const void *values,
                           size_t length)
{
    hsize_t extent = length;
    hid_t space = length == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &extent, NULL);
    hid_t attribute = space < 0 ? -1 : H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT);
    int bad = attribute < 0 || H5Awrite(attribute, memory_type, values) < 0;
    if (attribute >= 0)
        bad |= H5Aclose(attribute) < 0;
    if (space >= 0)
        bad |= H5Sclose(space) < 0;
    return bad ? -1 : 0;
}

/* Writes a text of fixed length. A text of one character gets a second byte, because h5netcdf returns single bytes as
 * bytes and not as text. */
static int fixed_text_write(hid_t object, const char *name, const char *text, size_t length)
{
    char brief[2] = {text[0], length > 1 ? text[1] : '\0'};
    const size_t size = length > sizeof brief ? length : sizeof brief;
    const hid_t type = H5Tcopy(H5T_C_S1);
    int bad = type < 0 || H5Tset_size(type, size) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0
              || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0
              || attribute_write(object, name, type, type, length > sizeof brief ? text : brief, 0) != 0;
    if (type >= 0)
        bad |= H5Tclose(type) < 0;
    return bad ? -1 : 0;
}

int zem_hdf5_attribute_texts(hid_t object, const char *name, const char *const *texts, size_t count)
{
    if (count <= 1 && strlen(texts[0]) <= FIXED_TEXT_MOST)
        return fixed_text_write(object, name, texts[0], strlen(texts[0]));
    hid_t type = zem_hdf5_text_type();
    if (type < 0)
        return -1;
    int status = attribute_write(object, name, type, type, texts, count);
    H5Tclose(type);
    return status;
}

int zem_hdf5_attribute_text(hid_t object, const char *name, const char *text)
{
    return zem_hdf5_attribute_texts(object, name, &text, 0);
}

int zem_hdf5_attribute_numbers(hid_t object, const char *name, hid_t file_type, hid_t memory_type, const void *values,
                               size_t count)
{
    return attribute_write(object, name, file_type, memory_type, values, count);
}

int zem_hdf5_attribute_integer(hid_t object, const char *name, uint64_t value)
{
    return attribute_write(object, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, &value, 0);
}

int zem_hdf5_attribute_number(hid_t object, const char *name, double value)
{
    return attribute_write(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value, 0);
}

int zem_hdf5_scale_describe(hid_t dataset, const char *name, const char *unit, const char *long_name)
{
    if (H5DSset_scale(dataset, name) < 0)
        return -1;
    if (zem_hdf5_attribute_text(dataset, "units", unit) != 0)
        return -1;
    return zem_hdf5_attribute_text(dataset, "long_name", long_name);
}

hid_t zem_hdf5_bare_dimension(hid_t parent, const char *name, size_t length)
{
    char label[80];
    hsize_t extent = length;
    snprintf(label, sizeof label, "This is a netCDF dimension but not a netCDF variable.%10zu", length);
    hid_t list = zem_hdf5_creation_list(H5P_DATASET_CREATE), space = H5Screate_simple(1, &extent, NULL), dataset = -1;
    if (list >= 0 && space >= 0)
        dataset = H5Dcreate2(parent, name, H5T_IEEE_F32BE, space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (dataset >= 0 && H5DSset_scale(dataset, label) < 0) {
        H5Dclose(dataset);
        dataset = -1;
    }
    if (space >= 0)
        H5Sclose(space);
    if (list >= 0)
        H5Pclose(list);
    return dataset;
}
