/* The content of a result file as models/FILE-FORMAT.md describes it, written and read back for comparison. Variables
 * are computed block by block, so that their values need little memory. The compressed file itself is built in memory
 * (hdf5_image.h), where it is smaller than the totals. */
#include "result/result_content.h"

#include "base/hash.h"
#include "base/kernel_types.h"
#include "result/dataset_blocks.h"
#include "result/hdf5_dataset.h"
#include "result/hdf5_image.h"
#include "result/result_attributes.h"
#include "result/result_coordinates.h"
#include "result/result_variables.h"
#include "scenario/grid.h"

#include <errno.h>
#include <hdf5_hl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file that is being written. */
struct content {
    const struct zem_result *result;
    hid_t file;
    struct zem_coordinates coordinates;
    uint64_t checksum; /* FNV-1a of all values of variables so far, in the order of the table */
};

/* ---- variables ---- */

static void compute_stop_reason(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)numbers;
    counts[0] = result->stop_reason[cell];
}

/* The variable stop_reason is not in zem_variable_table, because it is an enumeration that only the file shows as a
 * number. */
static const struct zem_variable stop_reason_variable = {"stop_reason",
                                                         "1",
                                                         "why the cell got no more trials",
                                                         true,
                                                         ZEM_ALWAYS,
                                                         {ZEM_DIMENSION_NONE, ZEM_DIMENSION_NONE},
                                                         compute_stop_reason,
                                                         NULL};

/* Variables of single trials use types of 8 and 32 bits, because there may be very many trials. */
static hid_t variable_file_type(const struct zem_variable *variable)
{
    const bool narrow = variable->dimension[0] == ZEM_DIMENSION_SAMPLE || variable == &stop_reason_variable;
    return variable->is_count ? (narrow ? H5T_STD_U8LE : H5T_STD_U64LE) : (narrow ? H5T_IEEE_F32LE : H5T_IEEE_F64LE);
}

/* Writes the meanings of the numbers if the variable is an enumeration. */
static int variable_flags_write(hid_t dataset, const struct zem_variable *variable)
{
    if (variable == &stop_reason_variable)
        return zem_flags_describe(dataset, zem_stop_reason_table, ZEM_STOP_REASON_COUNT);
    if (variable->is_count && variable->dimension[0] == ZEM_DIMENSION_SAMPLE)
        return zem_flags_describe(dataset, zem_outcome_table, ZEM_SAMPLE_NONE + 1);
    return 0;
}

static void variable_tiling(const struct zem_result *result, const struct zem_variable *variable,
                            struct zem_tiling *tiling)
{
    const struct zem_scenario *scenario = result->scenario;
    *tiling = (struct zem_tiling){.rank = 0};
    for (size_t i = 0; i < scenario->axis_count; i++)
        tiling->extent[tiling->rank++] = scenario->axis[i].points;
    for (int i = 0; i < 2; i++)
        if (variable->dimension[i] != ZEM_DIMENSION_NONE)
            tiling->extent[tiling->rank++] = zem_dimension_length(result, variable->dimension[i]);
    zem_tiling_init(tiling);
}

static size_t variable_span(const struct zem_result *result, const struct zem_variable *variable)
{
    return zem_dimension_length(result, variable->dimension[0]) * zem_dimension_length(result, variable->dimension[1]);
}

/* Allocates memory for a block of whole cells, 8 bytes a value. If the tiling divides the values of one cell into
 * several blocks, there is room for all values of that cell. */
static void *block_allocate(const struct zem_result *result, const struct zem_variable *variable,
                            const struct zem_tiling *tiling)
{
    const size_t span = variable_span(result, variable);
    return malloc((tiling->elements > span ? tiling->elements : span) * 8);
}

static size_t block_size(const struct zem_tiling *tiling)
{
    size_t size = 8;
    for (int i = 0; i < tiling->rank; i++)
        size *= (size_t)tiling->count[i];
    return size;
}

/* Computes the cells of the present block in C order and returns the address of the block in `values`. If the tiling
 * divides the values of one cell, all of them are computed, and the block begins after those of earlier blocks. */
static const void *block_compute(const struct zem_result *result, const struct zem_variable *variable,
                                 const struct zem_tiling *tiling, void *values)
{
    size_t axes = result->scenario->axis_count, cells = 1, index[ZEM_AXES_MAX] = {0};
    size_t span = variable_span(result, variable), cut = 0;
    for (int i = (int)axes; i < tiling->rank; i++)
        cut = cut * (size_t)tiling->extent[i] + (size_t)tiling->start[i];
    for (size_t i = 0; i < axes; i++) {
        index[i] = (size_t)tiling->start[i];
        cells *= (size_t)tiling->count[i];
    }
    for (size_t done = 0; done < cells; done++) {
        variable->compute(result, zem_grid_cell(result->scenario, index), (uint64_t *)values + done * span,
                          (double *)values + done * span);
        for (size_t i = axes; i-- > 0;) {
            if (++index[i] < tiling->start[i] + tiling->count[i])
                break;
            index[i] = (size_t)tiling->start[i];
        }
    }
    return (const char *)values + cut * 8;
}

static int variable_write(struct content *content, const struct zem_variable *variable)
{
    struct zem_tiling tiling;
    variable_tiling(content->result, variable, &tiling);
    hid_t memory_type = variable->is_count ? H5T_NATIVE_UINT64 : H5T_NATIVE_DOUBLE;
    void *values = block_allocate(content->result, variable, &tiling);
    hid_t dataset =
        values == NULL ? -1 : zem_dataset_create(content->file, variable->name, variable_file_type(variable), &tiling);
    int status = dataset < 0 ? -1 : 0;
    if (status == 0)
        do {
            const void *block = block_compute(content->result, variable, &tiling, values);
            content->checksum = zem_hash_bytes(content->checksum, block, block_size(&tiling));
            status = zem_block_write(dataset, memory_type, &tiling, block);
        } while (status == 0 && zem_tiling_next(&tiling));
    if (status == 0
        && (zem_hdf5_attribute_text(dataset, "units", variable->unit) != 0
            || zem_hdf5_attribute_text(dataset, "long_name", variable->long_name) != 0
            || zem_coordinates_attach(&content->coordinates, variable, dataset) != 0))
        status = -1;
    if (status == 0)
        status = variable_flags_write(dataset, variable);
    if (dataset >= 0 && H5Dclose(dataset) < 0)
        status = -1;
    free(values);
    return status;
}

static int variables_write(struct content *content)
{
    for (size_t i = 0; i < zem_variable_count; i++)
        if (zem_variable_exists(content->result, &zem_variable_table[i])
            && variable_write(content, &zem_variable_table[i]) != 0)
            return -1;
    return variable_write(content, &stop_reason_variable);
}

/* ---- totals ---- */

static void totals_tiling(const struct zem_result *result, struct zem_tiling *tiling)
{
    *tiling = (struct zem_tiling){.rank = 2, .extent = {result->cells, result->words}};
    zem_tiling_init(tiling);
}

static int totals_write(const struct zem_result *result, hid_t file)
{
    int status = -1;
    struct zem_tiling tiling;
    totals_tiling(result, &tiling);
    hid_t list = zem_hdf5_creation_list(H5P_GROUP_CREATE), group = -1, cell = -1, word = -1, dataset = -1;
    if (list >= 0)
        group = H5Gcreate2(file, "tally", H5P_DEFAULT, list, H5P_DEFAULT);
    if (group >= 0) {
        cell = zem_hdf5_bare_dimension(group, "cell", (size_t)result->cells);
        word = zem_hdf5_bare_dimension(group, "word", result->words);
        dataset = zem_dataset_create(group, "totals", H5T_STD_U64LE, &tiling);
    }
    if (cell < 0 || word < 0 || dataset < 0)
        goto cleanup;
    do
        status = zem_block_write(dataset, H5T_NATIVE_UINT64, &tiling, result->totals + tiling.start[0] * result->words);
    while (status == 0 && zem_tiling_next(&tiling));
    if (status == 0
        && (zem_hdf5_attribute_text(dataset, "units", "1") != 0
            || zem_hdf5_attribute_text(dataset, "long_name",
                                       "integer totals of each cell, words as in enum zem_tally_word")
                   != 0
            || H5DSattach_scale(dataset, cell, 0) < 0 || H5DSattach_scale(dataset, word, 1) < 0))
        status = -1;
cleanup:
    for (int i = 0; i < 3; i++) {
        hid_t object = (hid_t[]){dataset, word, cell}[i];
        if (object >= 0 && H5Dclose(object) < 0)
            status = -1;
    }
    if (group >= 0 && H5Gclose(group) < 0)
        status = -1;
    if (list >= 0)
        H5Pclose(list);
    return status;
}

/* ---- the file ---- */

static hid_t file_create(const char *path, struct zem_hdf5_image *image)
{
    hid_t create = zem_hdf5_creation_list(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS), file = -1;
    if (create >= 0 && access >= 0 && H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0
        && H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 && zem_hdf5_image_access(access, image) == 0)
        file = H5Fcreate(path, H5F_ACC_TRUNC, create, access);
    if (access >= 0)
        H5Pclose(access);
    if (create >= 0)
        H5Pclose(create);
    return file;
}

int zem_result_content_write(const struct zem_result *result, const char *path, bool reproducible, uint64_t *checksum,
                             struct zem_error *error)
{
    struct content content = {.result = result, .checksum = ZEM_HASH_START};
    struct zem_hdf5_image image = {.bytes = NULL};
    char reason[256] = "HDF5 could not close it";
    zem_coordinates_init(&content.coordinates);
    content.file = file_create(path, &image);
    bool good = content.file >= 0 && zem_result_attributes_write(result, content.file) == 0
                && zem_coordinates_write(&content.coordinates, result, content.file) == 0
                && variables_write(&content) == 0 && (reproducible || zem_run_group_write(result, content.file) == 0)
                && totals_write(result, content.file) == 0;
    if (!good)
        zem_hdf5_reason(reason, sizeof reason);
    good &= zem_coordinates_close(&content.coordinates) == 0;
    if (content.file >= 0)
        good &= H5Fclose(content.file) >= 0;
    int status = 0;
    if (!good || zem_hdf5_image_finish(&image) != 0)
        status = zem_error_set(error, ZEM_INTERNAL, "the result could not be built: %s", reason);
    else if (zem_hdf5_image_write(&image, path) != 0)
        status = zem_error_set(error, ZEM_INPUT_OUTPUT, "the result could not be written: %s", strerror(errno));
    zem_hdf5_image_free(&image);
    *checksum = content.checksum;
    return status;
}

/* ---- reading back ---- */

static int variable_read_back(const struct zem_result *result, hid_t file, const struct zem_variable *variable,
                              uint64_t *checksum)
{
    struct zem_tiling tiling;
    variable_tiling(result, variable, &tiling);
    void *values = malloc(tiling.elements * 8);
    hid_t dataset = values == NULL ? -1 : H5Dopen2(file, variable->name, H5P_DEFAULT);
    int status = dataset < 0 ? -1 : 0;
    if (status == 0)
        do {
            status =
                zem_block_read(dataset, variable->is_count ? H5T_NATIVE_UINT64 : H5T_NATIVE_DOUBLE, &tiling, values);
            *checksum = zem_hash_bytes(*checksum, values, block_size(&tiling));
        } while (status == 0 && zem_tiling_next(&tiling));
    if (dataset >= 0)
        H5Dclose(dataset);
    free(values);
    return status;
}

static int totals_compare(const struct zem_result *result, hid_t file)
{
    struct zem_tiling tiling;
    totals_tiling(result, &tiling);
    uint64_t *values = malloc(tiling.elements * sizeof *values);
    hid_t dataset = values == NULL ? -1 : H5Dopen2(file, "tally/totals", H5P_DEFAULT);
    int status = dataset < 0 ? -1 : 0;
    if (status == 0)
        do {
            status = zem_block_read(dataset, H5T_NATIVE_UINT64, &tiling, values);
            if (status == 0
                && memcmp(values, result->totals + tiling.start[0] * result->words,
                          (size_t)tiling.count[0] * result->words * sizeof *values)
                       != 0)
                status = -1;
        } while (status == 0 && zem_tiling_next(&tiling));
    if (dataset >= 0)
        H5Dclose(dataset);
    free(values);
    return status;
}

int zem_result_content_verify(const struct zem_result *result, const char *path, uint64_t checksum,
                              struct zem_error *error)
{
    uint64_t found = ZEM_HASH_START;
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    int status = file < 0 ? -1 : totals_compare(result, file);
    for (size_t i = 0; status == 0 && i < zem_variable_count; i++)
        if (zem_variable_exists(result, &zem_variable_table[i]))
            status = variable_read_back(result, file, &zem_variable_table[i], &found);
    if (status == 0)
        status = variable_read_back(result, file, &stop_reason_variable, &found);
    if (file >= 0)
        H5Fclose(file);
    if (status != 0 || found != checksum)
        return zem_error_set(
            error, ZEM_INPUT_OUTPUT,
            "the result was written, but reading it back gives something else: the disk may be full or defective");
    return 0;
}
