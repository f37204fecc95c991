/* The bytes of one chunk of a dataset, as HDF5's filters shuffle and deflate make them. HDF5 runs its filters in one
 * thread; these functions may run in several at a time, and HDF5 stores what they made. */
#ifndef ZEM_CHUNK_CODEC_H
#define ZEM_CHUNK_CODEC_H

#include <stddef.h>
#include <stdint.h>

/* The level of zlib with which a dataset is declared and its chunks are made. */
#define ZEM_DEFLATE_LEVEL 1

/* An encoded chunk. */
struct zem_chunk {
    unsigned char *bytes; /* owned; NULL before zem_chunk_encode */
    size_t size, room;
    uint32_t skipped; /* mask of the filters that were left out, as H5Dwrite_chunk takes it */
};

/* What encodes chunks, one at a time. */
struct zem_chunk_encoder;

/* Returns NULL without memory. */
struct zem_chunk_encoder *zem_chunk_encoder_create(void);
void zem_chunk_encoder_free(struct zem_chunk_encoder *encoder);

/* Encodes `size` bytes, elements of `width` bytes with the lowest byte first. A chunk that would not get much shorter
 * is stored as it is. The memory of the chunk is used again. Returns 0, or -1 without memory. */
int zem_chunk_encode(struct zem_chunk_encoder *encoder, struct zem_chunk *chunk, const unsigned char *values,
                     size_t size, size_t width);

void zem_chunk_free(struct zem_chunk *chunk);

#endif
