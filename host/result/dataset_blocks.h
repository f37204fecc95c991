/* A dataset cut into blocks, each of which is one HDF5 chunk. Writer and reader hold one block in memory at a time, so
 * that the number of cells is not limited by memory. */
#ifndef ZEM_DATASET_BLOCKS_H
#define ZEM_DATASET_BLOCKS_H

#include "scenario/scenario.h"

#include <hdf5.h>

#define ZEM_RANK_MAX (ZEM_AXES_MAX + 2)

/* The division of a dataset into blocks, and the present one of them. Set rank and extent, call zem_tiling_init, then
 * process the block of `count` elements at `start` and call zem_tiling_next until it returns false. */
struct zem_tiling {
    int rank;
    hsize_t extent[ZEM_RANK_MAX], block[ZEM_RANK_MAX];
    hsize_t start[ZEM_RANK_MAX], count[ZEM_RANK_MAX]; /* the present block */
    size_t elements;                                  /* elements of the largest block */
};

void zem_tiling_init(struct zem_tiling *tiling);
bool zem_tiling_next(struct zem_tiling *tiling);

/* Creates a dataset of this shape. A small one is contiguous; a larger one has the blocks as chunks, shuffled and
 * deflated. Negative on failure. */
hid_t zem_dataset_create(hid_t parent, const char *name, hid_t file_type, const struct zem_tiling *tiling);

/* Write or read the present block, whose values are contiguous in C order. 0 or -1. */
int zem_block_write(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling, const void *values);
int zem_block_read(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling, void *values);

#endif
