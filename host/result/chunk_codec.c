/* HDF5's filter shuffle puts the first bytes of all elements before the second bytes, and so on; its filter deflate is
 * a stream of zlib. A trial with a few bytes of each kind tells whether deflating pays, because most of the time of a
 * chunk goes into bytes that look random, such as the fractions of means. */
#include "result/chunk_codec.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define SKIP_ALL 3u             /* filters 0 and 1 of the dataset: shuffle, deflate */
#define TRIAL_BYTES 4096u       /* bytes of a trial */
#define TRIAL_WORTH 0.9         /* a trial that stays longer than this part of itself is not worth deflating */
#define TRIAL_LEAST (64u << 10) /* shorter chunks are deflated without a trial */

static void shuffle(const unsigned char *values, size_t count, size_t width, unsigned char *to)
{
    for (size_t byte = 0; byte < width; byte++)
        for (size_t k = 0; k < count; k++)
            *to++ = values[k * width + byte];
}

/* Whether deflating a shuffled chunk would make it shorter. */
static int pays(const unsigned char *shuffled, size_t size, size_t width)
{
    unsigned char trial[TRIAL_BYTES], made[TRIAL_BYTES + 256];
    const size_t part = TRIAL_BYTES / width, plane = size / width;
    uLongf length = sizeof made;
    if (size < TRIAL_LEAST)
        return 1;
    for (size_t byte = 0; byte < width; byte++)
        memcpy(trial + byte * part, shuffled + byte * plane + (plane - part) / 2, part);
    return compress2(made, &length, trial, sizeof trial, ZEM_DEFLATE_LEVEL) != Z_OK
           || (double)length < TRIAL_WORTH * TRIAL_BYTES;
}

int zem_chunk_encode(struct zem_chunk *chunk, const unsigned char *values, size_t size, size_t width)
{
    const size_t most = compressBound(size), room = most + size;
    if (chunk->room < room) {
        free(chunk->bytes);
        chunk->bytes = malloc(room);
        chunk->room = chunk->bytes != NULL ? room : 0;
    }
    if (chunk->bytes == NULL)
        return -1;
    unsigned char *shuffled = chunk->bytes + most;
    uLongf length = most;
    shuffle(values, size / width, width, shuffled);
    if (pays(shuffled, size, width) && compress2(chunk->bytes, &length, shuffled, size, ZEM_DEFLATE_LEVEL) == Z_OK
        && length < size) {
        chunk->size = length;
        chunk->skipped = 0u;
        return 0;
    }
    memcpy(chunk->bytes, values, size);
    chunk->size = size;
    chunk->skipped = SKIP_ALL;
    return 0;
}

void zem_chunk_free(struct zem_chunk *chunk)
{
    free(chunk->bytes);
    *chunk = (struct zem_chunk){0};
}
