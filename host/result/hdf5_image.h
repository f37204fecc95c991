/* An HDF5 file that is built in memory and handed over as bytes when it is closed. Exists because HDF5 1.10 cannot
 * survive a disk that fills while it writes: it can then neither close the file nor end the program without a crash. */
#ifndef ZEM_HDF5_IMAGE_H
#define ZEM_HDF5_IMAGE_H

#include <hdf5.h>
#include <stddef.h>

struct zem_hdf5_image {
    unsigned char *bytes; /* the whole file once it is closed; allocated with malloc */
    size_t size;          /* of the file */
    size_t allocated;
};

/* Makes a file access list keep the file in memory. `image` must stay until after H5Fclose and be released with
 * zem_hdf5_image_free. 0 or -1. */
int zem_hdf5_image_access(hid_t access, struct zem_hdf5_image *image);

/* After H5Fclose: finds the size of the file inside the memory. 0, or -1 if there is no sound file. */
int zem_hdf5_image_finish(struct zem_hdf5_image *image);

/* Writes the bytes into the file `path`, which exists. 0, or -1 with errno. */
int zem_hdf5_image_write(const struct zem_hdf5_image *image, const char *path);

void zem_hdf5_image_free(struct zem_hdf5_image *image);

#endif
