/* Blocks of a dataset by hyperslabs of HDF5. A block is a run of the fastest dimensions, so that its values are
 * contiguous in memory. */
#include "result/dataset_blocks.h"

#include "result/hdf5_dataset.h"

#define BLOCK_ELEMENTS 65536   /* values in one chunk: half a megabyte, inside HDF5's chunk cache */
#define COMPRESS_ELEMENTS 1024 /* smaller datasets are not worth a filter */
#define COMPRESSION 4          /* deflate level */

/* A block spans the last dimensions completely as far as they fit, a part of the dimension before them, and one element
 * of every slower dimension. */
void zem_tiling_init(struct zem_tiling *tiling)
{
    hsize_t elements = 1;
    for (int i = tiling->rank - 1; i >= 0; i--) {
        hsize_t room = BLOCK_ELEMENTS / elements;
        tiling->block[i] = room == 0 ? 1 : tiling->extent[i] < room ? tiling->extent[i] : room;
        elements = tiling->block[i] < tiling->extent[i] ? BLOCK_ELEMENTS + 1 : elements * tiling->block[i];
        tiling->start[i] = 0;
        tiling->count[i] = tiling->block[i];
    }
    tiling->elements = 1;
    for (int i = 0; i < tiling->rank; i++)
        tiling->elements *= (size_t)tiling->block[i];
}

bool zem_tiling_next(struct zem_tiling *tiling)
{
    for (int i = tiling->rank - 1; i >= 0; i--) {
        tiling->start[i] += tiling->block[i];
        if (tiling->start[i] < tiling->extent[i]) {
            hsize_t left = tiling->extent[i] - tiling->start[i];
            tiling->count[i] = left < tiling->block[i] ? left : tiling->block[i];
            return true;
        }
        tiling->start[i] = 0;
        tiling->count[i] = tiling->block[i];
    }
    return false;
}

hid_t zem_dataset_create(hid_t parent, const char *name, hid_t file_type, const struct zem_tiling *tiling)
{
    hsize_t elements = 1;
    for (int i = 0; i < tiling->rank; i++)
        elements *= tiling->extent[i];
    hid_t list = zem_hdf5_creation_list(H5P_DATASET_CREATE), dataset = -1;
    hid_t space = tiling->rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(tiling->rank, tiling->extent, NULL);
    if (list < 0 || space < 0)
        goto cleanup;
    if (elements >= COMPRESS_ELEMENTS
        && (H5Pset_chunk(list, tiling->rank, tiling->block) < 0 || H5Pset_shuffle(list) < 0
            || H5Pset_deflate(list, COMPRESSION) < 0))
        goto cleanup;
    dataset = H5Dcreate2(parent, name, file_type, space, H5P_DEFAULT, list, H5P_DEFAULT);
cleanup:
    if (space >= 0)
        H5Sclose(space);
    if (list >= 0)
        H5Pclose(list);
    return dataset;
}

static int block_transfer(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling, const void *from, void *to)
{
    hid_t memory = H5S_ALL, file = H5S_ALL;
    int status = -1;
    if (tiling->rank > 0) {
        memory = H5Screate_simple(tiling->rank, tiling->count, NULL);
        file = H5Dget_space(dataset);
        if (memory < 0 || file < 0
            || H5Sselect_hyperslab(file, H5S_SELECT_SET, tiling->start, NULL, tiling->count, NULL) < 0)
            goto cleanup;
    }
    if (from != NULL)
        status = H5Dwrite(dataset, memory_type, memory, file, H5P_DEFAULT, from) < 0 ? -1 : 0;
    else
        status = H5Dread(dataset, memory_type, memory, file, H5P_DEFAULT, to) < 0 ? -1 : 0;
cleanup:
    if (memory > 0)
        H5Sclose(memory);
    if (file > 0)
        H5Sclose(file);
    return status;
}

int zem_block_write(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling, const void *values)
{
    return block_transfer(dataset, memory_type, tiling, values, NULL);
}

int zem_block_read(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling, void *values)
{
    return block_transfer(dataset, memory_type, tiling, NULL, values);
}
