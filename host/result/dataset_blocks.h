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

/* Whether the chunks of a dataset are the blocks into which one of its shape with elements of `width` bytes is cut. */
bool zem_dataset_has_blocks(hid_t dataset, size_t width);

/* How a dataset gets its values. Every function returns a negative number on failure. */
struct zem_filling {
    struct zem_tiling tiling; /* at its first block */
    void *context;            /* of the functions */

    /* Writes the elements of a block to `values` in C order, as numbers of this machine of the type and width that the
     * file has. Several threads call it at a time, also for blocks of datasets that have not been opened yet. */
    int (*produce)(void *context, const struct zem_tiling *tiling, void *values);

    /* Creates the dataset, before its first block is stored. */
    hid_t (*open)(void *context);

    /* Completes and closes the dataset after its last block, or closes it if `failed` is set. */
    int (*close)(void *context, hid_t dataset, bool failed);
};

/* Fills datasets, one after the other and each from its first block on, so that equal values give equal files. The
 * blocks of several datasets are produced and encoded at a time. 0 or -1. */
int zem_datasets_fill(const struct zem_filling *filling, size_t count);

/* The same for one dataset that is open and stays open. */
int zem_dataset_fill(hid_t dataset, const struct zem_tiling *tiling,
                     int (*produce)(void *context, const struct zem_tiling *tiling, void *values), void *context);

/* Reads the present block, whose values are contiguous in C order. 0 or -1. */
int zem_block_read(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling, void *values);

/* The number of elements of the present block. */
size_t zem_block_elements(const struct zem_tiling *tiling);

#endif
