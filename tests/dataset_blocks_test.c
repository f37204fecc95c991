/* Datasets that several threads fill chunk by chunk. HDF5 alone, and the reader that decodes chunks itself, must find
 * every value, of every width, whether a chunk was deflated or not and wherever the dataset ends inside its last
 * chunks. */
#include "result/chunk_codec.h"
#include "result/dataset_blocks.h"
#include "result/hdf5_dataset.h"
#include "scratch_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The value of an element follows from its place: small numbers, or bits that look random. */
struct values {
    bool random;
};

static uint64_t value_at(const struct values *values, uint64_t place, size_t width)
{
    uint64_t z = (place + 1) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z ^= z >> 31;
    return values->random ? (width == 8 ? z : z & ((UINT64_C(1) << 8 * width) - 1)) : z % 7;
}

static void put(void *to, uint64_t value, size_t width)
{
    const uint8_t byte = (uint8_t)value;
    const uint16_t half = (uint16_t)value;
    const uint32_t word = (uint32_t)value;
    memcpy(to,
           width == 1   ? (const void *)&byte
           : width == 2 ? (const void *)&half
           : width == 4 ? (const void *)&word
                        : &value,
           width);
}

static int produce(void *context, const struct zem_tiling *tiling, void *values)
{
    uint64_t place = 0;
    for (int i = 0; i < tiling->rank; i++) {
        place = place * tiling->extent[i] + tiling->start[i];
    }
    for (size_t k = 0; k < zem_block_elements(tiling); k++)
        put((char *)values + k * tiling->width, value_at(context, place + k, tiling->width), tiling->width);
    return 0;
}

static hid_t type_of(size_t width)
{
    return width == 1 ? H5T_STD_U8LE : width == 2 ? H5T_STD_U16LE : width == 4 ? H5T_STD_U32LE : H5T_STD_U64LE;
}

static hid_t native_type_of(size_t width)
{
    return width == 1   ? H5T_NATIVE_UINT8
           : width == 2 ? H5T_NATIVE_UINT16
           : width == 4 ? H5T_NATIVE_UINT32
                        : H5T_NATIVE_UINT64;
}

/* Reads a dataset block by block. Returns how many blocks could not be read or have other values than expected. */
static int wrong_blocks(hid_t dataset, struct zem_tiling tiling, struct values *values)
{
    const size_t room = tiling.elements * tiling.width;
    struct zem_block_reader *reader = zem_block_reader_create(dataset, native_type_of(tiling.width), &tiling);
    unsigned char *found = malloc(room), *expected = malloc(room);
    int wrong = 0;
    assert_true(reader != NULL && found != NULL && expected != NULL);
    do {
        produce(values, &tiling, expected);
        wrong += zem_block_reader_read(reader, &tiling, found) != 0
                 || memcmp(found, expected, zem_block_elements(&tiling) * tiling.width) != 0;
    } while (zem_tiling_next(&tiling));
    free(found);
    free(expected);
    zem_block_reader_free(reader);
    return wrong;
}

static void round_trip(hid_t file, const char *name, size_t width, int rank, const hsize_t *extent, bool random)
{
    struct zem_tiling tiling = {.rank = rank, .width = width};
    struct values values = {random};
    size_t count = 1;
    for (int i = 0; i < rank; i++)
        count *= (size_t)(tiling.extent[i] = extent[i]);
    zem_tiling_init(&tiling);
    hid_t dataset = zem_dataset_create(file, name, type_of(width), &tiling);
    assert_true(dataset >= 0);
    assert_int_equal(zem_dataset_fill(dataset, &tiling, produce, &values), 0);
    assert_true(H5Dclose(dataset) >= 0);
    assert_true(H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0);
    uint64_t *found = malloc(count * sizeof *found);
    assert_non_null(found);
    dataset = H5Dopen2(file, name, H5P_DEFAULT);
    assert_true(zem_dataset_has_blocks(dataset, width) == (count >= 1024));
    assert_false(zem_dataset_has_blocks(dataset, width == 8 ? 1 : 8) && count * 8 > 131072); /* another width gives
                                                                                                other blocks */
    assert_true(H5Dread(dataset, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, found) >= 0);
    for (size_t k = 0; k < count; k++)
        if (found[k] != value_at(&values, k, width))
            fail_msg("%s: element %zu is %llu", name, k, (unsigned long long)found[k]);
    if (count > 200000) /* numbers that look random are not deflated, small ones are */
        assert_true((H5Dget_storage_size(dataset) < count * width / 2) != random);
    zem_tiling_init(&tiling);
    assert_int_equal(wrong_blocks(dataset, tiling, &values), 0);
    H5Dclose(dataset);
    free(found);
}

static void every_element_is_read_back(void **state)
{
    (void)state;
    static const struct {
        int rank;
        hsize_t extent[3];
    } shapes[] = {{0, {0}},        {1, {1}},         {1, {1023}},        {1, {1024}},        {1, {300007}},
                  {2, {1200, 23}}, {2, {3, 140000}}, {3, {7, 101, 258}}, {3, {40, 41, 258}}, {3, {2, 1, 131073}}};
    char name[40];
    hid_t file = H5Fcreate(in_scratch("blocks.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(file >= 0);
    for (size_t width = 1; width <= 8; width *= 2)
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
            for (int random = 0; random < 2; random++) {
                snprintf(name, sizeof name, "of %zu bytes, shape %zu, %d", width, i, random);
                round_trip(file, name, width, shapes[i].rank, shapes[i].extent, random != 0);
            }
    assert_true(H5Fclose(file) >= 0);
}

enum { CODED = 4099 }; /* elements of a chunk that is encoded and decoded in memory */

static void a_chunk_decodes_to_what_was_encoded_or_not_at_all(void **state)
{
    (void)state;
    static unsigned char values[8 * CODED], found[8 * (CODED + 1)];
    struct zem_chunk_encoder *encoder = zem_chunk_encoder_create();
    struct zem_chunk_decoder *decoder = zem_chunk_decoder_create();
    assert_true(encoder != NULL && decoder != NULL);
    for (size_t width = 1; width <= 8; width *= 2)
        for (int random = 0; random < 2; random++) {
            const struct values of = {random != 0};
            const size_t size = width * CODED;
            struct zem_chunk chunk = {0};
            for (size_t k = 0; k < CODED; k++)
                put(values + k * width, value_at(&of, k, width), width);
            assert_int_equal(zem_chunk_encode(encoder, &chunk, values, size, width), 0);
            assert_true(random || (chunk.skipped == 0u && chunk.size < size));
            memset(found, 0xA5, sizeof found);
            assert_int_equal(zem_chunk_decode(decoder, &chunk, found, size, width), 0);
            assert_memory_equal(found, values, size);
            /* The chunk does not give another number of bytes, nor does a part of it give all of them. */
            assert_int_equal(zem_chunk_decode(decoder, &chunk, found, size - width, width), -1);
            assert_int_equal(zem_chunk_decode(decoder, &chunk, found, size + width, width), -1);
            chunk.size--;
            assert_int_equal(zem_chunk_decode(decoder, &chunk, found, size, width), -1);
            chunk.size++;
            for (uint32_t one = 1u; one <= 2u; one++) { /* one of the two filters was left out */
                struct zem_chunk other = chunk;
                other.skipped = one;
                assert_int_equal(zem_chunk_decode(decoder, &other, found, size, width), -1);
            }
            for (size_t k = 0; chunk.skipped == 0u && k < chunk.size; k++) { /* a checksum covers the values */
                chunk.bytes[k] ^= 1u;
                if (zem_chunk_decode(decoder, &chunk, found, size, width) == 0 && memcmp(found, values, size) != 0)
                    fail_msg("width %zu: byte %zu is wrong, and other values are taken for right", width, k);
                chunk.bytes[k] ^= 1u;
            }
            zem_chunk_free(&chunk);
        }
    zem_chunk_decoder_free(decoder);
    zem_chunk_encoder_free(encoder);
}

/* Datasets whose chunks HDF5 itself encoded, by zem's filters at another level or by others, and one without chunks in
 * the file, whose elements are 0. */
static void chunks_of_other_writers_are_read(void **state)
{
    (void)state;
    static const char *const filters[] = {"sd", "s", "d", "ds", "sdf", "f", ""};
    struct values values = {false};
    struct zem_tiling tiling = {.rank = 2, .width = 8, .extent = {40000, 3}};
    uint64_t *all = malloc((size_t)120000 * sizeof *all);
    assert_non_null(all);
    zem_tiling_init(&tiling);
    for (size_t k = 0; k < 120000; k++)
        all[k] = value_at(&values, k, 8);
    hid_t file = H5Fcreate(in_scratch("others.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t space = H5Screate_simple(2, tiling.extent, NULL);
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        for (int written = 0; written < 2; written++) {
            char name[20];
            hid_t list = H5Pcreate(H5P_DATASET_CREATE);
            assert_true(H5Pset_chunk(list, 2, tiling.block) >= 0);
            for (const char *filter = filters[i]; *filter != '\0'; filter++)
                assert_true((*filter == 's'   ? H5Pset_shuffle(list)
                             : *filter == 'd' ? H5Pset_deflate(list, 9)
                                              : H5Pset_fletcher32(list))
                            >= 0);
            snprintf(name, sizeof name, "%s %d", filters[i], written);
            hid_t dataset = H5Dcreate2(file, name, H5T_STD_U64LE, space, H5P_DEFAULT, list, H5P_DEFAULT);
            assert_true(dataset >= 0);
            if (written)
                assert_true(H5Dwrite(dataset, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, all) >= 0);
            assert_true(H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0);
            if (written && wrong_blocks(dataset, tiling, &values) != 0)
                fail_msg("filters %s", name);
            if (!written) {
                struct zem_block_reader *reader = zem_block_reader_create(dataset, H5T_NATIVE_UINT64, &tiling);
                memset(all, 0xA5, tiling.elements * sizeof *all);
                assert_int_equal(zem_block_reader_read(reader, &tiling, all), 0);
                for (size_t k = 0; k < zem_block_elements(&tiling); k++) {
                    assert_true(all[k] == 0);
                    all[k] = value_at(&values, k, 8);
                }
                zem_block_reader_free(reader);
            }
            H5Dclose(dataset);
            H5Pclose(list);
        }
    H5Sclose(space);
    H5Fclose(file);
    free(all);
}

static void a_damaged_chunk_is_not_read(void **state)
{
    (void)state;
    struct values values = {false};
    struct zem_tiling tiling = {.rank = 1, .width = 8, .extent = {40000}};
    zem_tiling_init(&tiling);
    hid_t file = H5Fcreate(in_scratch("damaged.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t dataset = zem_dataset_create(file, "x", H5T_STD_U64LE, &tiling);
    assert_int_equal(zem_dataset_fill(dataset, &tiling, produce, &values), 0);
    assert_int_equal(wrong_blocks(dataset, tiling, &values), 0);
    const unsigned char damaged[64] = {0x78, 0x01, 0xFF};
    const hsize_t second = tiling.block[0];
    assert_true(H5Dwrite_chunk(dataset, H5P_DEFAULT, 0u, &second, sizeof damaged, damaged) >= 0);
    H5Dclose(dataset);
    dataset = H5Dopen2(file, "x", H5P_DEFAULT);
    assert_true(H5Eset_auto2(H5E_DEFAULT, NULL, NULL) >= 0);
    assert_int_equal(wrong_blocks(dataset, tiling, &values), 1);
    H5Dclose(dataset);
    H5Fclose(file);
}

static int produce_until(void *context, const struct zem_tiling *tiling, void *values)
{
    return tiling->start[0] >= *(hsize_t *)context ? -1 : (memset(values, 0, tiling->width), 0);
}

static void a_block_that_cannot_be_made_fails_the_dataset(void **state)
{
    (void)state;
    struct zem_tiling tiling = {.rank = 1, .width = 8, .extent = {2000000}};
    hsize_t from = 1500000;
    zem_tiling_init(&tiling);
    hid_t file = H5Fcreate(in_scratch("fails.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t dataset = zem_dataset_create(file, "x", H5T_STD_U64LE, &tiling);
    assert_true(dataset >= 0);
    assert_int_equal(zem_dataset_fill(dataset, &tiling, produce_until, &from), -1);
    H5Dclose(dataset);
    H5Fclose(file);
}

/* One dataset of a list, with what happened to it. Its values follow from its shape and width. */
struct listed {
    hid_t file;
    char name[24];
    struct zem_tiling tiling;
    struct values values;
    hsize_t refused;    /* from this place on producing a block fails */
    int opened, closed; /* how often listed_open and listed_close were called */
    bool failed;        /* what listed_close was told: filling the dataset failed */
};

static int listed_produce(void *context, const struct zem_tiling *tiling, void *values)
{
    struct listed *listed = context;
    return tiling->start[0] >= listed->refused ? -1 : produce(&listed->values, tiling, values);
}

static hid_t listed_open(void *context)
{
    struct listed *listed = context;
    listed->opened++;
    return zem_dataset_create(listed->file, listed->name, type_of(listed->tiling.width), &listed->tiling);
}

static int listed_close(void *context, hid_t dataset, bool failed)
{
    struct listed *listed = context;
    listed->closed++;
    listed->failed = failed;
    return H5Dclose(dataset) < 0 ? -1 : 0;
}

#define LISTED 40

static void fillings_make(hid_t file, struct listed *listed, struct zem_filling *filling)
{
    for (size_t i = 0; i < LISTED; i++) { /* sizes from one element to several windows of blocks */
        listed[i] = (struct listed){.file = file, .values = {i % 3 == 0}, .refused = UINT64_MAX};
        snprintf(listed[i].name, sizeof listed[i].name, "%zu", i);
        listed[i].tiling = (struct zem_tiling){
            .rank = 1, .width = (size_t)1 << i % 4, .extent = {i % 10 == 9 ? 1500000 : 1 + 700 * i * i}};
        zem_tiling_init(&listed[i].tiling);
        filling[i] = (struct zem_filling){listed[i].tiling, &listed[i], listed_produce, listed_open, listed_close};
    }
}

static void several_datasets_are_filled_together(void **state)
{
    (void)state;
    struct listed listed[LISTED];
    struct zem_filling filling[LISTED];
    hid_t file = H5Fcreate(in_scratch("several.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    fillings_make(file, listed, filling);
    assert_int_equal(zem_datasets_fill(filling, 0), 0);
    assert_int_equal(zem_datasets_fill(filling, LISTED), 0);
    uint64_t *found = malloc(1500000 * sizeof *found);
    assert_non_null(found);
    for (size_t i = 0; i < LISTED; i++) {
        assert_true(listed[i].opened == 1 && listed[i].closed == 1 && !listed[i].failed);
        hid_t dataset = H5Dopen2(file, listed[i].name, H5P_DEFAULT);
        assert_true(H5Dread(dataset, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, found) >= 0);
        for (size_t k = 0; k < (size_t)listed[i].tiling.extent[0]; k++)
            if (found[k] != value_at(&listed[i].values, k, listed[i].tiling.width))
                fail_msg("dataset %zu: element %zu is %llu", i, k, (unsigned long long)found[k]);
        H5Dclose(dataset);
    }
    free(found);
    H5Fclose(file);
}

static void after_a_failure_no_further_dataset_is_opened(void **state)
{
    (void)state;
    struct listed listed[LISTED];
    struct zem_filling filling[LISTED];
    hid_t file = H5Fcreate(in_scratch("refused.h5"), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    fillings_make(file, listed, filling);
    listed[29].refused = 1000000; /* fails in the last blocks of dataset 29 */
    assert_int_equal(zem_datasets_fill(filling, LISTED), -1);
    for (size_t i = 0; i < LISTED; i++) {
        assert_true(listed[i].opened == (i <= 29) && listed[i].closed == listed[i].opened);
        assert_true(listed[i].failed == (i == 29));
    }
    H5Fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_element_is_read_back),
        cmocka_unit_test(a_chunk_decodes_to_what_was_encoded_or_not_at_all),
        cmocka_unit_test(chunks_of_other_writers_are_read),
        cmocka_unit_test(a_damaged_chunk_is_not_read),
        cmocka_unit_test(a_block_that_cannot_be_made_fails_the_dataset),
        cmocka_unit_test(several_datasets_are_filled_together),
        cmocka_unit_test(after_a_failure_no_further_dataset_is_opened),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
