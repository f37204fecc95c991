/* A dataset cut into blocks, each of which is one HDF5 chunk. The writer and the reader hold a few blocks in memory at
 * a time, so that memory does not limit the number of cells. */
#ifndef ZEM_DATASET_BLOCKS_H
#define ZEM_DATASET_BLOCKS_H

#include "result/hdf5_dataset.h"
#include "scenario/scenario.h"

#define ZEM_RANK_MAX (ZEM_AXES_MAX + 2)

/* The division of a dataset into blocks, with a place that moves from block to block. The caller sets rank, width and
 * extent and calls zem_tiling_init, which goes to the first block. zem_tiling_next goes to the next block, or returns
 * false after the last one. The block covers `count` elements from `start` on along each dimension. */
struct zem_tiling {
    int rank;
    size_t width;                                      /* bytes of an element in the file */
    hsize_t extent[ZEM_RANK_MAX], block[ZEM_RANK_MAX]; /* lengths of the dataset and of a full block */
    hsize_t start[ZEM_RANK_MAX], count[ZEM_RANK_MAX];  /* the current block */
    size_t elements;                                   /* elements of a full block */
};

void zem_tiling_init(struct zem_tiling *tiling);
bool zem_tiling_next(struct zem_tiling *tiling);

/* Creates a dataset with the shape of the tiling. A small dataset is contiguous. A larger one has the blocks as its
 * chunks, shuffled and deflated. Returns the open dataset, which the caller closes, or a negative number. */
hid_t zem_dataset_create(hid_t parent, const char *name, hid_t file_type, const struct zem_tiling *tiling);

/* Whether the chunks of a dataset are the blocks that zem_tiling_init gives for its shape and elements of `width`
 * bytes. */
bool zem_dataset_has_blocks(hid_t dataset, size_t width);

/* The source of the values of one dataset: three functions with a common context. Every function returns a negative
 * number on failure. */
struct zem_filling {
    struct zem_tiling tiling; /* the tiling of the dataset, at its first block */
    void *context;            /* first argument of the functions */

    /* Writes the elements of the tiling's current block to `values` in C order. They have the type and width that the
     * file has, in the byte order of this machine. Several threads call it at once, even before `open` has created the
     * dataset. */
    int (*produce)(void *context, const struct zem_tiling *tiling, void *values);

    /* Creates the dataset and returns it. Called before the first block is stored. */
    hid_t (*open)(void *context);

    /* Completes and closes the dataset after its last block. If `failed` is set it only closes it. */
    int (*close)(void *context, hid_t dataset, bool failed);
};

/* Fills `count` datasets. Several threads produce and encode blocks at once, also blocks of different datasets. The
 * blocks are stored in order, one dataset after the other, so that equal values give equal files. Returns 0 or -1. */
int zem_datasets_fill(const struct zem_filling *filling, size_t count);

/* Fills one dataset, which is open and stays open. `produce` and `context` are as in struct zem_filling. Returns 0 or
 * -1. */
int zem_dataset_fill(hid_t dataset, const struct zem_tiling *tiling,
                     int (*produce)(void *context, const struct zem_tiling *tiling, void *values), void *context);

/* Reads blocks of an open dataset. */
struct zem_block_reader;

/* Creates a reader for the tiling's blocks of a dataset, as numbers of `memory_type`, a type of this machine. Dataset
 * and type stay open as long as the reader lives. Returns NULL without memory. The caller frees it with
 * zem_block_reader_free. */
struct zem_block_reader *zem_block_reader_create(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling);
void zem_block_reader_free(struct zem_block_reader *reader);

/* Reads the tiling's current block into `values`, in C order. `values` has room for a full block. Returns 0 or -1. */
int zem_block_reader_read(struct zem_block_reader *reader, const struct zem_tiling *tiling, void *values);

/* Reads the tiling's current block of a dataset into `values`, in C order, as numbers of `memory_type`, by HDF5 alone.
 * Returns 0 or -1. */
int zem_block_read(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling, void *values);

/* The number of elements of the tiling's current block. */
size_t zem_block_elements(const struct zem_tiling *tiling);

#endif
