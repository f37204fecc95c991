/* The content of a result file as models/FILE-FORMAT.md describes it, written and read back for comparison. Variables
 * are computed block by block, on all processors, so that their values need little memory. The compressed file itself
 * is built in memory (hdf5_image.h), where it is smaller than the totals. */
#include "result/result_content.h"

#include "base/kernel_types.h"
#include "result/dataset_blocks.h"
#include "result/hdf5_dataset.h"
#include "result/hdf5_image.h"
#include "result/result_attributes.h"
#include "result/result_coordinates.h"
#include "result/result_variables.h"
#include "scenario/grid.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file that is being written. */
struct content {
    const struct zem_result *result;
    hid_t file;
    struct zem_coordinates coordinates;
};

/* ---- variables ---- */

static void compute_stop_reason(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)numbers;
    counts[0] = result->stop_reason[cell];
}

/* The variable stop_reason is not in zem_variable_table, because only the file shows this enumeration as a number. */
static const struct zem_variable stop_reason_variable = {"stop_reason",
                                                         "1",
                                                         "why the cell got no more trials",
                                                         true,
                                                         ZEM_ALWAYS,
                                                         {ZEM_DIMENSION_NONE, ZEM_DIMENSION_NONE},
                                                         compute_stop_reason,
                                                         NULL};

/* The bytes of a value in the file. Values of single trials take 1 or 4 bytes, because there may be very many trials. A
 * count of the miss histogram takes as few bytes as in memory, because nearly all of these counts are small. */
static size_t variable_width(const struct zem_result *result, const struct zem_variable *variable)
{
    if (variable->dimension[0] == ZEM_DIMENSION_SAMPLE || variable == &stop_reason_variable)
        return variable->is_count ? 1 : 4;
    return variable->dimension[0] == ZEM_DIMENSION_MISS_BIN ? result->totals.width : 8;
}

static hid_t variable_file_type(const struct zem_result *result, const struct zem_variable *variable)
{
    const size_t width = variable_width(result, variable);
    if (!variable->is_count)
        return width == 4 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE;
    return width == 1 ? H5T_STD_U8LE : width == 2 ? H5T_STD_U16LE : width == 4 ? H5T_STD_U32LE : H5T_STD_U64LE;
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
    *tiling = (struct zem_tiling){.rank = 0, .width = variable_width(result, variable)};
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

/* A variable that is written or read back. */
struct column {
    const struct zem_result *result;
    const struct zem_variable *variable;
    struct content *content; /* the file that is written; NULL when the variable is read back */
};

/* Computes the values of all cells in the tiling's current block, in C order, 8 bytes each. It writes them to `values`,
 * which has room for them, and returns the address at which the block begins. If the block has only a part of the
 * values of one cell, all values of the cell are computed, and the block begins after the values of earlier blocks. */
static const void *block_compute(const struct column *column, const struct zem_tiling *tiling, void *values)
{
    const struct zem_result *result = column->result;
    size_t axes = result->scenario->axis_count, cells = 1, index[ZEM_AXES_MAX] = {0};
    size_t span = variable_span(result, column->variable), cut = 0;
    for (int i = (int)axes; i < tiling->rank; i++)
        cut = cut * (size_t)tiling->extent[i] + (size_t)tiling->start[i];
    for (size_t i = 0; i < axes; i++) {
        index[i] = (size_t)tiling->start[i];
        cells *= (size_t)tiling->count[i];
    }
    for (size_t done = 0; done < cells; done++) {
        column->variable->compute(result, zem_grid_cell(result->scenario, index), (uint64_t *)values + done * span,
                                  (double *)values + done * span);
        for (size_t i = axes; i-- > 0;) {
            if (++index[i] < tiling->start[i] + tiling->count[i])
                break;
            index[i] = (size_t)tiling->start[i];
        }
    }
    return (const char *)values + cut * 8;
}

/* Copies 64-bit counts or numbers in double precision to elements of `width` bytes, in which every count fits. */
static void narrow(const void *from, size_t count, bool is_count, size_t width, void *to)
{
    const uint64_t *counts = from;
    const double *numbers = from;
    for (size_t k = 0; k < count && !is_count; k++)
        ((float *)to)[k] = (float)numbers[k];
    for (size_t k = 0; k < count && is_count && width == 1; k++)
        ((uint8_t *)to)[k] = (uint8_t)counts[k];
    for (size_t k = 0; k < count && is_count && width == 2; k++)
        ((uint16_t *)to)[k] = (uint16_t)counts[k];
    for (size_t k = 0; k < count && is_count && width == 4; k++)
        ((uint32_t *)to)[k] = (uint32_t)counts[k];
}

/* column_produce, column_open and column_close are the members `produce`, `open` and `close` of struct zem_filling.
 * `context` is a struct column. */
static int column_produce(void *context, const struct zem_tiling *tiling, void *values)
{
    const struct column *column = context;
    const size_t count = zem_block_elements(tiling), span = variable_span(column->result, column->variable);
    void *wide = malloc((count > span ? count : span) * 8);
    if (wide == NULL)
        return -1;
    const void *block = block_compute(column, tiling, wide);
    if (tiling->width == 8)
        memcpy(values, block, count * 8);
    else
        narrow(block, count, column->variable->is_count, tiling->width, values);
    free(wide);
    return 0;
}

static hid_t column_open(void *context)
{
    const struct column *column = context;
    struct zem_tiling tiling;
    variable_tiling(column->result, column->variable, &tiling);
    return zem_dataset_create(column->content->file, column->variable->name,
                              variable_file_type(column->result, column->variable), &tiling);
}

static int column_close(void *context, hid_t dataset, bool failed)
{
    const struct column *column = context;
    const struct zem_variable *variable = column->variable;
    bool bad = failed || zem_hdf5_attribute_text(dataset, "units", variable->unit) != 0
               || zem_hdf5_attribute_text(dataset, "long_name", variable->long_name) != 0
               || zem_coordinates_attach(&column->content->coordinates, variable, dataset) != 0
               || variable_flags_write(dataset, variable) != 0;
    bad |= H5Dclose(dataset) < 0;
    return bad ? -1 : 0;
}

/* Writes the variables of the table that exist, and stop_reason. */
static int variables_write(struct content *content)
{
    struct column *column = calloc(zem_variable_count + 1, sizeof *column);
    struct zem_filling *filling = calloc(zem_variable_count + 1, sizeof *filling);
    size_t count = 0;
    for (size_t i = 0; column != NULL && filling != NULL && i <= zem_variable_count; i++) {
        const struct zem_variable *variable = i < zem_variable_count ? &zem_variable_table[i] : &stop_reason_variable;
        if (i < zem_variable_count && !zem_variable_exists(content->result, variable))
            continue;
        column[count] = (struct column){content->result, variable, content};
        filling[count] = (struct zem_filling){
            .context = &column[count], .produce = column_produce, .open = column_open, .close = column_close};
        variable_tiling(content->result, variable, &filling[count].tiling);
        count++;
    }
    const int status = count > 0 ? zem_datasets_fill(filling, count) : -1;
    free(filling);
    free(column);
    return status;
}

/* ---- totals ---- */

static void totals_tiling(const struct zem_result *result, struct zem_tiling *tiling)
{
    *tiling =
        (struct zem_tiling){.rank = 2, .width = 8, .extent = {result->cells, zem_totals_plain_words(result->words)}};
    zem_tiling_init(tiling);
}

/* Copies a block of the totals for zem_dataset_fill; `context` points at the address of the result. */
static int totals_produce(void *context, const struct zem_tiling *tiling, void *values)
{
    const struct zem_result *result = *(const struct zem_result **)context;
    memcpy(values, result->totals.plain + tiling->start[0] * tiling->extent[1] + tiling->start[1],
           zem_block_elements(tiling) * sizeof *result->totals.plain);
    return 0;
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
        word = zem_hdf5_bare_dimension(group, "word", (size_t)tiling.extent[1]);
        dataset = zem_dataset_create(group, "totals", H5T_STD_U64LE, &tiling);
    }
    if (cell < 0 || word < 0 || dataset < 0)
        goto cleanup;
    status = zem_dataset_fill(dataset, &tiling, totals_produce, &result);
    if (status == 0
        && (zem_hdf5_attribute_text(dataset, "units", "1") != 0
            || zem_hdf5_attribute_text(dataset, "long_name", "integer totals of each cell, all but the miss histogram")
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

/* ---- reading back ---- */

/* Reads the last block of a dataset by HDF5 and compares it with the values that `produce` gives for it. Returns 0 or
 * -1. */
static int block_read_back(hid_t file, const char *name, struct zem_tiling *tiling,
                           int (*produce)(void *context, const struct zem_tiling *tiling, void *values), void *context)
{
    struct zem_tiling last = *tiling;
    while (zem_tiling_next(tiling))
        last = *tiling;
    const size_t size = zem_block_elements(&last) * last.width;
    unsigned char *wanted = malloc(2 * size), *found = wanted + size;
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT), file_type = dataset >= 0 ? H5Dget_type(dataset) : -1;
    hid_t type = file_type >= 0 ? H5Tget_native_type(file_type, H5T_DIR_ASCEND) : -1;
    int status = wanted != NULL && type >= 0 && produce(context, &last, wanted) == 0
                         && zem_block_read(dataset, type, &last, found) == 0 && memcmp(wanted, found, size) == 0
                     ? 0
                     : -1;
    if (type >= 0)
        H5Tclose(type);
    if (file_type >= 0)
        H5Tclose(file_type);
    if (dataset >= 0)
        H5Dclose(dataset);
    free(wanted);
    return status;
}

static int variable_read_back(const struct zem_result *result, hid_t file, const struct zem_variable *variable)
{
    struct zem_tiling tiling;
    struct column column = {result, variable, NULL};
    variable_tiling(result, variable, &tiling);
    return block_read_back(file, variable->name, &tiling, column_produce, &column);
}

static int totals_read_back(const struct zem_result *result, hid_t file)
{
    struct zem_tiling tiling;
    totals_tiling(result, &tiling);
    return block_read_back(file, "tally/totals", &tiling, totals_produce, &result);
}

/* Compares every byte of the file with the image in memory. HDF5 then opens every dataset and reads its last block,
 * which shows that it can decode the chunks. */
static int read_back(const struct zem_result *result, const struct zem_hdf5_image *image, const char *path,
                     struct zem_error *error)
{
    int status = zem_hdf5_image_compare(image, path);
    hid_t file = status == 0 ? H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT) : -1;
    status = file < 0 ? -1 : totals_read_back(result, file);
    for (size_t i = 0; status == 0 && i < zem_variable_count; i++)
        if (zem_variable_exists(result, &zem_variable_table[i]))
            status = variable_read_back(result, file, &zem_variable_table[i]);
    if (status == 0)
        status = variable_read_back(result, file, &stop_reason_variable);
    if (file >= 0)
        H5Fclose(file);
    return status == 0
               ? ZEM_OK
               : zem_error_set(error, ZEM_INPUT_OUTPUT,
                               "the result was written, but reading it back gives something else: the disk may be "
                               "full or defective");
}

int zem_result_content_write(const struct zem_result *result, const char *path, bool reproducible,
                             struct zem_error *error)
{
    struct content content = {.result = result};
    struct zem_hdf5_image image = {.bytes = NULL};
    char reason[256] = "HDF5 could not close it";
    zem_coordinates_init(&content.coordinates);
    content.file = zem_hdf5_image_create(path, &image);
    bool good = content.file >= 0 && zem_result_attributes_write(result, content.file, reproducible) == 0
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
    else
        status = read_back(result, &image, path, error);
    zem_hdf5_image_free(&image);
    return status;
}
