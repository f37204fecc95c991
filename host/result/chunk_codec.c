/* HDF5's filter shuffle puts the first bytes of all elements before the second bytes, and so on; its filter deflate is
 * a stream of zlib. zlib writes the streams, because it can look for runs alone, and libdeflate is no faster then.
 * libdeflate reads them, because it takes a third of the time. Most of the time of encoding goes into bytes that look
 * random, such as the fractions of means. A large chunk is therefore tested first: only a small sample of its bytes is
 * deflated, and if the sample hardly shrinks, the chunk is stored as it is. */
#include "result/chunk_codec.h"

#include <libdeflate.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define SKIP_ALL 3u             /* mask of both filters of a dataset: bit 0 is shuffle, bit 1 is deflate */
#define TRIAL_BYTES 4096u       /* bytes of the sample that is deflated as a test */
#define TRIAL_WORTH 0.9         /* deflating pays if the sample shrinks below this part of its length */
#define TRIAL_LEAST (64u << 10) /* shorter chunks are deflated without a test */
#define RUN 512u                /* elements that are put together at a time; they fit the fastest cache */

static void shuffle(const unsigned char *values, size_t count, size_t width, unsigned char *to)
{
    for (size_t byte = 0; byte < width; byte++)
        for (size_t k = 0; k < count; k++)
            *to++ = values[k * width + byte];
}

struct zem_chunk_encoder {
    z_stream stream;
    unsigned char *shuffled; /* a shuffled chunk */
    size_t room;             /* bytes allocated for it */
};

struct zem_chunk_encoder *zem_chunk_encoder_create(void)
{
    struct zem_chunk_encoder *encoder = calloc(1, sizeof *encoder);
    if (encoder != NULL && deflateInit2(&encoder->stream, ZEM_DEFLATE_LEVEL, Z_DEFLATED, 15, 8, Z_RLE) == Z_OK)
        return encoder;
    free(encoder);
    return NULL;
}

void zem_chunk_encoder_free(struct zem_chunk_encoder *encoder)
{
    if (encoder == NULL)
        return;
    deflateEnd(&encoder->stream);
    free(encoder->shuffled);
    free(encoder);
}

/* Deflates `size` bytes into `to`, which has `room` bytes. The function searches for runs of equal bytes only, because
 * other repetitions are rare in shuffled numbers. The result is about as long as that of a full search, which takes 1.5
 * times as long. Returns the length of the result, or 0 if it exceeds `room`. */
static size_t deflate_runs(struct zem_chunk_encoder *encoder, const unsigned char *bytes, size_t size,
                           unsigned char *to, size_t room)
{
    z_stream *stream = &encoder->stream;
    if (size > UINT_MAX || room > UINT_MAX || deflateReset(stream) != Z_OK)
        return 0;
    stream->next_in = (z_const Bytef *)bytes;
    stream->avail_in = (uInt)size;
    stream->next_out = to;
    stream->avail_out = (uInt)room;
    return deflate(stream, Z_FINISH) == Z_STREAM_END ? room - stream->avail_out : 0;
}

/* Whether deflating pays for a shuffled chunk: deflates a sample of some bytes from the middle of each plane, which is
 * the run of all first bytes, of all second bytes, and so on. */
static int pays(struct zem_chunk_encoder *encoder, const unsigned char *shuffled, size_t size, size_t width)
{
    unsigned char trial[TRIAL_BYTES], made[TRIAL_BYTES];
    const size_t part = TRIAL_BYTES / width, plane = size / width;
    if (size < TRIAL_LEAST)
        return 1;
    for (size_t byte = 0; byte < width; byte++)
        memcpy(trial + byte * part, shuffled + byte * plane + (plane - part) / 2, part);
    const size_t length = deflate_runs(encoder, trial, sizeof trial, made, sizeof made);
    return length > 0 && (double)length < TRIAL_WORTH * TRIAL_BYTES;
}

static int fits(unsigned char **bytes, size_t *room, size_t size)
{
    if (*room >= size)
        return 1;
    free(*bytes);
    *bytes = malloc(size);
    *room = *bytes != NULL ? size : 0;
    return *bytes != NULL;
}

int zem_chunk_encode(struct zem_chunk_encoder *encoder, struct zem_chunk *chunk, const unsigned char *values,
                     size_t size, size_t width)
{
    if (!fits(&chunk->bytes, &chunk->room, size) || !fits(&encoder->shuffled, &encoder->room, size))
        return -1;
    shuffle(values, size / width, width, encoder->shuffled);
    chunk->size = pays(encoder, encoder->shuffled, size, width)
                      ? deflate_runs(encoder, encoder->shuffled, size, chunk->bytes, size - 1)
                      : 0;
    chunk->skipped = chunk->size > 0 ? 0u : SKIP_ALL;
    if (chunk->size > 0)
        return 0;
    memcpy(chunk->bytes, values, size);
    chunk->size = size;
    return 0;
}

void zem_chunk_free(struct zem_chunk *chunk)
{
    free(chunk->bytes);
    *chunk = (struct zem_chunk){0};
}

/* ---- decoding ---- */

struct zem_chunk_decoder {
    struct libdeflate_decompressor *inflater;
    unsigned char *shuffled; /* a shuffled chunk */
    size_t room;             /* bytes allocated for it */
};

struct zem_chunk_decoder *zem_chunk_decoder_create(void)
{
    struct zem_chunk_decoder *decoder = calloc(1, sizeof *decoder);
    if (decoder != NULL && (decoder->inflater = libdeflate_alloc_decompressor()) != NULL)
        return decoder;
    free(decoder);
    return NULL;
}

void zem_chunk_decoder_free(struct zem_chunk_decoder *decoder)
{
    if (decoder == NULL)
        return;
    libdeflate_free_decompressor(decoder->inflater);
    free(decoder->shuffled);
    free(decoder);
}

/* Undoes the shuffle for elements of 8 bytes, RUN elements at a time, and returns the number of elements done. The
 * caller does the rest. A plane is the run of the first bytes of all elements, of the second bytes, and so on.
 * Neighboring planes are joined in pairs, for which the compiler has vector instructions. This takes a third of the
 * time that single bytes take. On machines that store the highest byte first the function returns 0. */
static size_t unshuffle_words(const unsigned char *shuffled, size_t count, unsigned char *to)
{
    uint16_t pairs[4][RUN];
    uint32_t quarters[2][RUN];
    uint64_t words[RUN];
    size_t done = 0;
    for (; __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && done + RUN <= count; done += RUN) {
        for (size_t i = 0; i < 4; i++) {
            const unsigned char *low = shuffled + 2 * i * count + done, *high = low + count;
            for (size_t k = 0; k < RUN; k++)
                pairs[i][k] = (uint16_t)(low[k] | high[k] << 8);
        }
        for (size_t i = 0; i < 2; i++)
            for (size_t k = 0; k < RUN; k++)
                quarters[i][k] = pairs[2 * i][k] | (uint32_t)pairs[2 * i + 1][k] << 16;
        for (size_t k = 0; k < RUN; k++)
            words[k] = quarters[0][k] | (uint64_t)quarters[1][k] << 32;
        memcpy(to + done * sizeof *words, words, sizeof words);
    }
    return done;
}

static void unshuffle(const unsigned char *shuffled, size_t count, size_t width, unsigned char *to)
{
    for (size_t first = width == 8 ? unshuffle_words(shuffled, count, to) : 0; first < count; first += RUN) {
        const size_t last = count - first < RUN ? count : first + RUN;
        for (size_t byte = 0; byte < width; byte++)
            for (size_t k = first; k < last; k++)
                to[k * width + byte] = shuffled[byte * count + k];
    }
}

int zem_chunk_decode(struct zem_chunk_decoder *decoder, const struct zem_chunk *chunk, unsigned char *values,
                     size_t size, size_t width)
{
    size_t found = 0;
    if (chunk->skipped == SKIP_ALL && chunk->size == size) {
        memcpy(values, chunk->bytes, size);
        return 0;
    }
    if (chunk->skipped != 0u || !fits(&decoder->shuffled, &decoder->room, size)
        || libdeflate_zlib_decompress(decoder->inflater, chunk->bytes, chunk->size, decoder->shuffled, size, &found)
               != LIBDEFLATE_SUCCESS
        || found != size)
        return -1;
    unshuffle(decoder->shuffled, size / width, width, values);
    return 0;
}
