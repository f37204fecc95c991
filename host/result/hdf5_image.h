/* An HDF5 file that is built in memory and written to the disk after it is closed. If a disk fills up while HDF5 1.10
 * itself writes, the library can neither close the file nor let the program end without a crash; plain writes fail
 * cleanly. */
#ifndef ZEM_HDF5_IMAGE_H
#define ZEM_HDF5_IMAGE_H

#include "result/hdf5_dataset.h"

#include <stddef.h>

struct zem_hdf5_image {
    unsigned char *bytes; /* the whole file after H5Fclose, NULL before; allocated with malloc */
    size_t size;          /* bytes of the file, set by zem_hdf5_image_finish */
    size_t allocated;     /* bytes of memory, more than the file needs */
};

/* Creates a file in memory, in the format of HDF5 1.8. Its objects record the order of their creation. HDF5 knows the
 * file by the name `path` but writes nothing there. `image` must not move until after H5Fclose; release it with
 * zem_hdf5_image_free. Returns the open file, or a negative number with the reason on HDF5's error stack. */
hid_t zem_hdf5_image_create(const char *path, struct zem_hdf5_image *image);

/* Finds the size of the file inside the memory; call it after H5Fclose. 0, or -1 if the memory holds no sound file. */
int zem_hdf5_image_finish(struct zem_hdf5_image *image);

/* Writes the bytes of the file into `path`, which exists. 0, or -1 with errno. */
int zem_hdf5_image_write(const struct zem_hdf5_image *image, const char *path);

/* Reads `path` and compares it with the bytes of the file. 0, or -1 if it differs or cannot be read. */
int zem_hdf5_image_compare(const struct zem_hdf5_image *image, const char *path);

void zem_hdf5_image_free(struct zem_hdf5_image *image);

#endif
