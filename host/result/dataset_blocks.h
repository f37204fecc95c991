/* A dataset cut into blocks, each of which is one HDF5 chunk. Writer and reader hold some blocks in memory at a time,
 * so that the number of cells is not limited by memory. */
#ifndef ZEM_DATASET_BLOCKS_H
#define ZEM_DATASET_BLOCKS_H

#include "result/hdf5_dataset.h"
#include "scenario/scenario.h"

#define ZEM_RANK_MAX (ZEM_AXES_MAX + 2)

/* The division of a dataset into blocks, and the present one of them. Set rank, width and extent, call zem_tiling_init,
 * then process the block of `count` elements at `start` and call zem_tiling_next until it returns false. */
struct zem_tiling {
    int rank;
    size_t width; /* bytes of an element in the file */
    hsize_t extent[ZEM_RANK_MAX], block[ZEM_RANK_MAX];
    hsize_t start[ZEM_RANK_MAX], count[ZEM_RANK_MAX]; /* the present block */
    size_t elements;                                  /* elements of the largest block */
};

void zem_tiling_init(struct zem_tiling *tiling);
bool zem_tiling_next(struct zem_tiling *tiling);

/* Creates a dataset of this shape. A small one is contiguous; a larger one has the blocks as chunks, shuffled and
 * deflated. Negative on failure. */
hid_t zem_dataset_create(hid_t parent, const char *name, hid_t file_type, const struct zem_tiling *tiling);

/* Writes all blocks of the dataset, from the first on. `produce` is called for every block, by several threads at a
 * time, and writes its elements to `values` in C order, as numbers of this machine of the type and width that the file
 * has. It returns 0 or -1. Encoded blocks are stored in order, so that equal values give equal files. 0 or -1. */
int zem_dataset_fill(hid_t dataset, const struct zem_tiling *tiling,
                     int (*produce)(void *context, const struct zem_tiling *tiling, void *values), void *context);

/* Reads the present block, whose values are contiguous in C order. 0 or -1. */
int zem_block_read(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling, void *values);

/* The number of elements of the present block. */
size_t zem_block_elements(const struct zem_tiling *tiling);

#endif
