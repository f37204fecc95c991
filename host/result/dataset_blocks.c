/* Blocks of a dataset, stored as chunks of HDF5 and read as its hyperslabs. A block is a run of elements along the last
 * dimensions, which vary fastest, so that its values are contiguous in memory. */
#include "result/dataset_blocks.h"

#include "base/parallel.h"
#include "result/chunk_codec.h"
#include "result/hdf5_dataset.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES 131072u    /* most bytes of one chunk; it fits HDF5's chunk cache */
#define COMPRESS_ELEMENTS 1024 /* smaller datasets are not worth a filter */
#define WINDOW 16              /* number of blocks that are produced at once */

/* Whether zem encodes and decodes chunks itself. It does so on machines that store the lowest byte first, as the file
 * does. On other machines HDF5 converts and encodes them. */
#define STORES_CHUNKS (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

/* A block spans the last dimensions completely as far as they fit, a part of the dimension before them, and one element
 * of every slower dimension. */
void zem_tiling_init(struct zem_tiling *tiling)
{
    const hsize_t most = BLOCK_BYTES / tiling->width;
    hsize_t elements = 1;
    for (int i = tiling->rank - 1; i >= 0; i--) {
        hsize_t room = most / elements;
        tiling->block[i] = room == 0 ? 1 : tiling->extent[i] < room ? tiling->extent[i] : room;
        elements = tiling->block[i] < tiling->extent[i] ? most + 1 : elements * tiling->block[i];
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

size_t zem_block_elements(const struct zem_tiling *tiling)
{
    size_t elements = 1;
    for (int i = 0; i < tiling->rank; i++)
        elements *= (size_t)tiling->count[i];
    return elements;
}

static bool has_chunks(const struct zem_tiling *tiling)
{
    hsize_t elements = 1;
    for (int i = 0; i < tiling->rank; i++)
        elements *= tiling->extent[i];
    return elements >= COMPRESS_ELEMENTS;
}

hid_t zem_dataset_create(hid_t parent, const char *name, hid_t file_type, const struct zem_tiling *tiling)
{
    hid_t list = zem_hdf5_creation_list(H5P_DATASET_CREATE), dataset = -1;
    hid_t space = tiling->rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(tiling->rank, tiling->extent, NULL);
    if (list < 0 || space < 0)
        goto cleanup;
    if (has_chunks(tiling)
        && (H5Pset_chunk(list, tiling->rank, tiling->block) < 0 || H5Pset_shuffle(list) < 0
            || H5Pset_deflate(list, ZEM_DEFLATE_LEVEL) < 0))
        goto cleanup;
    dataset = H5Dcreate2(parent, name, file_type, space, H5P_DEFAULT, list, H5P_DEFAULT);
cleanup:
    if (space >= 0)
        H5Sclose(space);
    if (list >= 0)
        H5Pclose(list);
    return dataset;
}

bool zem_dataset_has_blocks(hid_t dataset, size_t width)
{
    struct zem_tiling tiling = {.rank = 0, .width = width};
    hsize_t chunk[H5S_MAX_RANK], extent[H5S_MAX_RANK];
    const hid_t list = H5Dget_create_plist(dataset), space = H5Dget_space(dataset);
    const int rank = space >= 0 ? H5Sget_simple_extent_dims(space, extent, NULL) : -1;
    bool same = list >= 0 && width > 0 && rank > 0 && rank <= ZEM_RANK_MAX && H5Pget_layout(list) == H5D_CHUNKED
                && H5Pget_chunk(list, H5S_MAX_RANK, chunk) == rank;
    for (int i = 0; same && i < rank; i++) {
        tiling.extent[tiling.rank++] = extent[i];
        same = extent[i] > 0;
    }
    if (same)
        zem_tiling_init(&tiling);
    for (int i = 0; same && i < rank; i++)
        same = chunk[i] == tiling.block[i];
    if (space >= 0)
        H5Sclose(space);
    if (list >= 0)
        H5Pclose(list);
    return same;
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

int zem_block_read(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling, void *values)
{
    return block_transfer(dataset, memory_type, tiling, NULL, values);
}

/* ---- reading ---- */

struct zem_block_reader {
    hid_t dataset, memory_type;
    struct zem_chunk_decoder *decoder; /* NULL if HDF5 decodes the chunks */
    struct zem_chunk chunk;            /* the encoded chunk of the block that was read last */
};

/* Whether the chunks of a dataset are the tiling's blocks as zem_chunk_encode gives them. */
static bool has_encoded_blocks(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling)
{
    static const H5Z_filter_t filters[] = {H5Z_FILTER_SHUFFLE, H5Z_FILTER_DEFLATE};
    const hid_t list = H5Dget_create_plist(dataset), type = H5Dget_type(dataset);
    bool same = STORES_CHUNKS && list >= 0 && type >= 0 && H5Tequal(type, memory_type) > 0
                && zem_dataset_has_blocks(dataset, tiling->width) && H5Pget_nfilters(list) == 2;
    for (unsigned i = 0; same && i < 2; i++) {
        unsigned flags, configuration;
        size_t parameters = 0;
        same = H5Pget_filter2(list, i, &flags, &parameters, NULL, 0, NULL, &configuration) == filters[i];
    }
    if (type >= 0)
        H5Tclose(type);
    if (list >= 0)
        H5Pclose(list);
    return same;
}

struct zem_block_reader *zem_block_reader_create(hid_t dataset, hid_t memory_type, const struct zem_tiling *tiling)
{
    struct zem_block_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    *reader = (struct zem_block_reader){.dataset = dataset, .memory_type = memory_type};
    if (has_encoded_blocks(dataset, memory_type, tiling) && (reader->decoder = zem_chunk_decoder_create()) == NULL) {
        free(reader);
        return NULL;
    }
    return reader;
}

void zem_block_reader_free(struct zem_block_reader *reader)
{
    if (reader == NULL)
        return;
    zem_chunk_decoder_free(reader->decoder);
    zem_chunk_free(&reader->chunk);
    free(reader);
}

/* Fetches the tiling's current block as it is stored. Returns whether that succeeded. A block that is not stored, or is
 * longer than zem would store it, does not. */
static bool fetch_chunk(struct zem_block_reader *reader, const struct zem_tiling *tiling)
{
    struct zem_chunk *chunk = &reader->chunk;
    hsize_t size = 0;
    if (H5Dget_chunk_storage_size(reader->dataset, tiling->start, &size) < 0 || size == 0
        || size > tiling->elements * tiling->width)
        return false;
    chunk->size = (size_t)size;
    if (chunk->room < chunk->size) {
        zem_chunk_free(chunk);
        *chunk = (struct zem_chunk){.bytes = malloc((size_t)size), .size = (size_t)size, .room = (size_t)size};
    }
    return chunk->bytes != NULL
           && H5Dread_chunk(reader->dataset, H5P_DEFAULT, tiling->start, &chunk->skipped, chunk->bytes) >= 0;
}

/* The elements of a block at an edge are the first ones of its chunk, because a block is complete in all dimensions but
 * the slowest one in which it has more than one element. A chunk that cannot be decoded is left to HDF5, which knows
 * the reason. */
int zem_block_reader_read(struct zem_block_reader *reader, const struct zem_tiling *tiling, void *values)
{
    if (reader->decoder != NULL && fetch_chunk(reader, tiling)
        && zem_chunk_decode(reader->decoder, &reader->chunk, values, tiling->elements * tiling->width, tiling->width)
               == 0)
        return 0;
    return zem_block_read(reader->dataset, reader->memory_type, tiling, values);
}

/* ---- writing ---- */

/* A block while it is produced, encoded and stored. */
struct piece {
    const struct zem_filling *filling;
    struct zem_tiling tiling;
    bool last;             /* the last block of its dataset */
    unsigned char *values; /* elements of a full block */
    size_t room;           /* bytes allocated for `values` */
    struct zem_chunk chunk;
    int status;
};

/* The blocks that are produced at once, and the dataset that is open. */
struct window {
    struct piece piece[WINDOW];
    size_t count;
    pthread_mutex_t lock;                    /* guards `spare` and `spares` */
    struct zem_chunk_encoder *spare[WINDOW]; /* encoders that no thread uses now; owned */
    size_t spares;
    hid_t dataset, memory_type; /* negative between two datasets */
};

static int piece_make(struct piece *piece, struct zem_chunk_encoder *encoder)
{
    const struct zem_tiling *tiling = &piece->tiling;
    const size_t all = tiling->elements * tiling->width, used = zem_block_elements(tiling) * tiling->width;
    if (all > piece->room) {
        free(piece->values);
        piece->values = malloc(all);
        piece->room = piece->values != NULL ? all : 0;
    }
    if (piece->values == NULL || piece->filling->produce(piece->filling->context, tiling, piece->values) != 0)
        return -1;
    memset(piece->values + used, 0, all - used); /* a block at the end of the dataset fills its chunk with zeros */
    return STORES_CHUNKS && has_chunks(tiling)
               ? zem_chunk_encode(encoder, &piece->chunk, piece->values, all, tiling->width)
               : 0;
}

/* Produces and encodes the blocks `first` to `last` - 1 of the window. An encoder is taken from the spare ones and
 * given back afterwards, because it takes as much memory as a block. */
static void make_pieces(void *context, size_t first, size_t last)
{
    struct window *window = context;
    pthread_mutex_lock(&window->lock);
    struct zem_chunk_encoder *encoder = window->spares > 0 ? window->spare[--window->spares] : NULL;
    pthread_mutex_unlock(&window->lock);
    if (encoder == NULL)
        encoder = zem_chunk_encoder_create();
    for (size_t k = first; k < last; k++)
        window->piece[k].status = encoder != NULL ? piece_make(&window->piece[k], encoder) : -1;
    if (encoder == NULL)
        return;
    pthread_mutex_lock(&window->lock);
    window->spare[window->spares++] = encoder;
    pthread_mutex_unlock(&window->lock);
}

static int dataset_begin(struct window *window, const struct zem_filling *filling)
{
    window->dataset = filling->open(filling->context);
    const hid_t file_type = window->dataset >= 0 ? H5Dget_type(window->dataset) : -1;
    window->memory_type = file_type >= 0 ? H5Tget_native_type(file_type, H5T_DIR_ASCEND) : -1;
    if (file_type >= 0)
        H5Tclose(file_type);
    return window->memory_type >= 0 ? 0 : -1;
}

static int dataset_end(struct window *window, const struct zem_filling *filling, bool failed)
{
    int status = window->dataset < 0 ? -1 : filling->close(filling->context, window->dataset, failed);
    if (window->memory_type >= 0)
        H5Tclose(window->memory_type);
    window->dataset = window->memory_type = -1;
    return status;
}

static int piece_store(const struct window *window, const struct piece *piece)
{
    if (!STORES_CHUNKS || !has_chunks(&piece->tiling))
        return block_transfer(window->dataset, window->memory_type, &piece->tiling, piece->values, NULL);
    return H5Dwrite_chunk(window->dataset, H5P_DEFAULT, piece->chunk.skipped, piece->tiling.start, piece->chunk.size,
                          piece->chunk.bytes)
                   < 0
               ? -1
               : 0;
}

/* Stores the blocks of the window in order. A dataset is opened with its first block and closed after its last. */
static int window_store(struct window *window)
{
    int status = 0;
    for (size_t k = 0; status == 0 && k < window->count; k++) {
        const struct piece *piece = &window->piece[k];
        status = piece->status;
        if (status == 0 && window->dataset < 0)
            status = dataset_begin(window, piece->filling);
        if (status == 0)
            status = piece_store(window, piece);
        if (window->dataset >= 0 && (status != 0 || piece->last)
            && dataset_end(window, piece->filling, status != 0) != 0)
            status = -1;
    }
    return status;
}

/* Puts the next blocks into the window. `*filling` is the dataset that has the next block, and `*next` is its tiling at
 * that block. Both move on, and `*filling` becomes `end` after the last block. */
static void window_fill(struct window *window, const struct zem_filling **filling, const struct zem_filling *end,
                        struct zem_tiling *next)
{
    for (window->count = 0; *filling < end && window->count < WINDOW; window->count++) {
        struct piece *piece = &window->piece[window->count];
        piece->filling = *filling;
        piece->tiling = *next;
        piece->last = !zem_tiling_next(next);
        *filling += piece->last;
        if (piece->last && *filling < end)
            *next = (*filling)->tiling;
    }
}

int zem_datasets_fill(const struct zem_filling *filling, size_t count)
{
    struct window *window = calloc(1, sizeof *window);
    const struct zem_filling *const end = filling + count;
    int status = window != NULL ? 0 : -1;
    if (status != 0 || count == 0)
        return free(window), status;
    struct zem_tiling next = filling->tiling;
    window->dataset = window->memory_type = -1;
    pthread_mutex_init(&window->lock, NULL);
    while (status == 0 && filling < end) {
        window_fill(window, &filling, end, &next);
        zem_parallel_for(window->count, 1, 0, make_pieces, window);
        status = window_store(window);
    }
    for (size_t k = 0; k < WINDOW; k++) {
        free(window->piece[k].values);
        zem_chunk_free(&window->piece[k].chunk);
    }
    while (window->spares > 0)
        zem_chunk_encoder_free(window->spare[--window->spares]);
    pthread_mutex_destroy(&window->lock);
    free(window);
    return status;
}

/* ---- one dataset ---- */

/* A dataset that the caller has opened, and the function that gives its values (zem_dataset_fill). */
struct opened {
    hid_t dataset;
    int (*produce)(void *context, const struct zem_tiling *tiling, void *values);
    void *context;
};

static int opened_produce(void *context, const struct zem_tiling *tiling, void *values)
{
    const struct opened *opened = context;
    return opened->produce(opened->context, tiling, values);
}

static hid_t opened_open(void *context) { return ((const struct opened *)context)->dataset; }

static int opened_close(void *context, hid_t dataset, bool failed)
{
    (void)context;
    (void)dataset;
    return failed ? -1 : 0;
}

int zem_dataset_fill(hid_t dataset, const struct zem_tiling *tiling,
                     int (*produce)(void *context, const struct zem_tiling *tiling, void *values), void *context)
{
    struct opened opened = {dataset, produce, context};
    const struct zem_filling filling = {*tiling, &opened, opened_produce, opened_open, opened_close};
    return zem_datasets_fill(&filling, 1);
}
