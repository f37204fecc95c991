/* Encodes one chunk of a dataset to the bytes that HDF5's filters shuffle and deflate would give, and decodes such
 * bytes. HDF5 runs its filters in a single thread and inflates slowly. These functions may run in several threads at
 * once, and HDF5 only stores and fetches the encoded bytes. */
#ifndef ZEM_CHUNK_CODEC_H
#define ZEM_CHUNK_CODEC_H

#include <stddef.h>
#include <stdint.h>

/* The level of zlib's compression: datasets declare it, and their chunks are compressed with it. */
#define ZEM_DEFLATE_LEVEL 1

/* An encoded chunk. */
struct zem_chunk {
    unsigned char *bytes; /* owned; NULL before zem_chunk_encode */
    size_t size, room;    /* bytes used, bytes allocated */
    uint32_t skipped;     /* mask of the filters that were left out, as H5Dwrite_chunk takes it */
};

/* The working memory of an encoder. It encodes one chunk at a time, so each thread needs its own. */
struct zem_chunk_encoder;

/* Creates an encoder, or returns NULL without memory. The caller frees it with zem_chunk_encoder_free. */
struct zem_chunk_encoder *zem_chunk_encoder_create(void);
void zem_chunk_encoder_free(struct zem_chunk_encoder *encoder);

/* Encodes the `size` bytes at `values` into `chunk`. They are elements of `width` bytes, lowest byte first. If
 * compression would not make them much shorter, the chunk gets them as they are, and `skipped` says so. Memory that the
 * chunk already has is used again. Returns 0, or -1 without memory. */
int zem_chunk_encode(struct zem_chunk_encoder *encoder, struct zem_chunk *chunk, const unsigned char *values,
                     size_t size, size_t width);

void zem_chunk_free(struct zem_chunk *chunk);

/* The working memory of a decoder. It decodes one chunk at a time. */
struct zem_chunk_decoder;

/* Creates a decoder, or returns NULL without memory. The caller frees it with zem_chunk_decoder_free. */
struct zem_chunk_decoder *zem_chunk_decoder_create(void);
void zem_chunk_decoder_free(struct zem_chunk_decoder *decoder);

/* Decodes the chunk at `chunk` to `size` bytes at `values`, which are elements of `width` bytes, lowest byte first.
 * Returns 0, or -1 if the chunk does not give exactly these bytes, if only one of the two filters was left out, or
 * without memory. `values` is then undefined. */
int zem_chunk_decode(struct zem_chunk_decoder *decoder, const struct zem_chunk *chunk, unsigned char *values,
                     size_t size, size_t width);

#endif
