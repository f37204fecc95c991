/* A dataset cut into blocks that are its chunks, so that any number of cells is written and read with one block in
 * memory. */
#ifndef ZEM_DATASET_BLOCKS_H
#define ZEM_DATASET_BLOCKS_H

#include "scenario/scenario.h"

#include <hdf5.h>

#define ZEM_RANK_MAX (ZEM_AXES_MAX + 2)

/* Set rank and extent, call zem_tiling_init, then work on the block at `start` until zem_tiling_next returns false. */
struct zem_tiling {
    int rank;
    hsize_t extent[ZEM_RANK_MAX], block[ZEM_RANK_MAX];
    hsize_t start[ZEM_RANK_MAX], count[ZEM_RANK_MAX]; /* the present block */
    size_t elements;                                  /* of the largest block */
};

void zem_tiling_init(struct zem_tiling *tiling);
bool zem_tiling_next(struct zem_tiling *tiling);

/* Creates a dataset of this shape: contiguous if small, else chunked by the blocks, shuffled and deflated. Negative on
 * failure. */
hid_t zem_dataset_create(hid_t parent, const char *name, hid_t file_type, const struct zem_tiling *tiling);

/* Writes or reads the present block. 0 or -1. */
int zem_block_write(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling, const void *values);
int zem_block_read(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling, void *values);

#endif
