/* Builds a file in memory with HDF5's core driver. The driver calls the functions below for its memory, and they keep
 * the memory when the file is closed. The usual function, H5Fget_file_image, is avoided: in HDF5 1.10.8 it damages
 * files of the format version that zem writes, and it needs twice the memory. */
#include "result/hdf5_image.h"

#include "result/hdf5_dataset.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INCREMENT ((size_t)1 << 20)     /* bytes by which the memory grows; HDF5 clears them, so they cost time */
#define WRITE_LARGEST ((size_t)1 << 30) /* most bytes in one call of write; Linux writes at most 2 GiB */

static void *image_malloc(size_t size, H5FD_file_image_op_t operation, void *data)
{
    (void)operation;
    struct zem_hdf5_image *image = data;
    image->allocated = size;
    return malloc(size);
}

static void *image_copy(void *to, const void *from, size_t size, H5FD_file_image_op_t operation, void *data)
{
    (void)operation;
    (void)data;
    return memcpy(to, from, size);
}

static void *image_realloc(void *bytes, size_t size, H5FD_file_image_op_t operation, void *data)
{
    (void)operation;
    struct zem_hdf5_image *image = data;
    void *moved = realloc(bytes, size);
    if (moved != NULL)
        image->allocated = size;
    return moved;
}

/* Keeps the memory when the file is closed, for zem_hdf5_image_write, and frees it in any other case. */
static herr_t image_release(void *bytes, H5FD_file_image_op_t operation, void *data)
{
    struct zem_hdf5_image *image = data;
    if (operation == H5FD_FILE_IMAGE_OP_FILE_CLOSE)
        image->bytes = bytes;
    else
        free(bytes);
    return 0;
}

static void *data_copy(void *data) { return data; }

static herr_t data_free(void *data)
{
    (void)data;
    return 0;
}

/* Sets a file access list so that the file is kept in memory. */
static int image_access(hid_t access, struct zem_hdf5_image *image)
{
    H5FD_file_image_callbacks_t callbacks = {image_malloc, image_copy, image_realloc, image_release,
                                             data_copy,    data_free,  image};
    *image = (struct zem_hdf5_image){.bytes = NULL};
    return H5Pset_fapl_core(access, INCREMENT, 0) < 0 || H5Pset_file_image_callbacks(access, &callbacks) < 0 ? -1 : 0;
}

hid_t zem_hdf5_image_create(const char *path, struct zem_hdf5_image *image)
{
    hid_t create = zem_hdf5_creation_list(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS), file = -1;
    if (create >= 0 && access >= 0 && H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0
        && H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 && image_access(access, image) == 0)
        file = H5Fcreate(path, H5F_ACC_TRUNC, create, access);
    if (access >= 0)
        H5Pclose(access);
    if (create >= 0)
        H5Pclose(create);
    return file;
}

/* The memory is longer than the file. The superblock at its start holds the address of the end of the file. Source:
 * HDF5 File Format Specification 3.0, section II.A, superblock versions 2 and 3. The fields are signature (8 bytes),
 * version, size of offsets, size of lengths, flags (a byte each), then three addresses of 8 bytes: base, extension and
 * end of the file. */
int zem_hdf5_image_finish(struct zem_hdf5_image *image)
{
    static const unsigned char signature[] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    if (image->bytes == NULL || image->allocated < 48 || memcmp(image->bytes, signature, sizeof signature) != 0
        || image->bytes[8] < 2 || image->bytes[8] > 3 || image->bytes[9] != 8)
        return -1;
    uint64_t end = 0;
    for (int i = 7; i >= 0; i--)
        end = end << 8 | image->bytes[28 + i];
    if (end < 48 || end > image->allocated)
        return -1;
    image->size = (size_t)end;
    return 0;
}

int zem_hdf5_image_write(const struct zem_hdf5_image *image, const char *path)
{
    const unsigned char *bytes = image->bytes;
    size_t left = image->size;
    int descriptor = open(path, O_WRONLY | O_TRUNC), status = descriptor < 0 ? -1 : 0;
    while (status == 0 && left > 0) {
        ssize_t written = write(descriptor, bytes, left < WRITE_LARGEST ? left : WRITE_LARGEST);
        if (written > 0) {
            bytes += written;
            left -= (size_t)written;
        } else if (written == 0 || errno != EINTR)
            status = -1;
    }
    int reason = errno;
    if (descriptor >= 0 && close(descriptor) != 0 && status == 0)
        return -1;
    errno = reason;
    return status;
}

int zem_hdf5_image_compare(const struct zem_hdf5_image *image, const char *path)
{
    FILE *file = fopen(path, "rb");
    unsigned char block[65536];
    size_t done = 0, length = 1;
    int status = file != NULL ? 0 : -1;
    while (status == 0 && length > 0) {
        length = fread(block, 1, sizeof block, file);
        if (length > image->size - done || memcmp(block, image->bytes + done, length) != 0)
            status = -1;
        else
            done += length;
    }
    if (file != NULL)
        fclose(file);
    return status == 0 && done == image->size ? 0 : -1;
}

void zem_hdf5_image_free(struct zem_hdf5_image *image)
{
    free(image->bytes);
    image->bytes = NULL;
}
