/* Writes a table as HDF5 objects, in the order of the table. A child process builds the file in memory, writes it to
 * the disk and compares the two. Only then the file gets its name. */
#include "result/hdf5_table.h"

#include "base/json_text.h"
#include "result/dataset_blocks.h"
#include "result/hdf5_apart.h"
#include "result/hdf5_dataset.h"
#include "result/hdf5_image.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Writes a text attribute as valid UTF-8, because readers fail on other bytes, which a title of the user may have. */
static int text_write(hid_t file, const char *name, const char *text)
{
    json_t *clean = zem_json_text(text);
    const int status = clean == NULL ? -1 : zem_hdf5_attribute_text(file, name, json_string_value(clean));
    json_decref(clean);
    return status;
}

static int attribute_write(hid_t file, const struct zem_table_attribute *attribute)
{
    if (attribute->text != NULL)
        return text_write(file, attribute->name, attribute->text);
    if (attribute->texts != NULL)
        return zem_hdf5_attribute_texts(file, attribute->name, attribute->texts, attribute->count);
    if (attribute->whole != NULL)
        return zem_hdf5_attribute_integer(file, attribute->name, *attribute->whole);
    return zem_hdf5_attribute_number(file, attribute->name, *attribute->number);
}

/* Writes the words that name the points of a dimension as an enumeration of the CF conventions: the numbers from 0 on
 * and the meaning of each. */
static int words_write(hid_t dataset, const struct zem_table_dimension *dimension)
{
    uint8_t numbers[ZEM_TABLE_WORDS_MAX];
    char meanings[ZEM_TABLE_WORD_BYTES * ZEM_TABLE_WORDS_MAX] = "";
    size_t length = 0;
    assert(dimension->length <= sizeof numbers);
    for (size_t i = 0; i < dimension->length; i++) {
        numbers[i] = (uint8_t)i;
        length += (size_t)snprintf(meanings + length, sizeof meanings - length, "%s%s", i > 0 ? " " : "",
                                   dimension->words[i]);
        assert(length < sizeof meanings);
    }
    return H5Dwrite(dataset, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers) < 0
                   || zem_hdf5_attribute_numbers(dataset, "flag_values", H5T_STD_U8LE, H5T_NATIVE_UINT8, numbers,
                                                 dimension->length)
                          != 0
                   || zem_hdf5_attribute_text(dataset, "flag_meanings", meanings) != 0
               ? -1
               : 0;
}

static int dimension_write(hid_t file, const struct zem_table_dimension *dimension)
{
    struct zem_tiling tiling = {.rank = 1, .width = dimension->words != NULL ? 1 : 8, .extent = {dimension->length}};
    zem_tiling_init(&tiling);
    hid_t dataset =
        zem_dataset_create(file, dimension->name, dimension->words != NULL ? H5T_STD_U8LE : H5T_IEEE_F64LE, &tiling);
    int bad =
        dataset < 0 || zem_hdf5_scale_describe(dataset, dimension->name, dimension->unit, dimension->long_name) != 0;
    if (!bad && dimension->words != NULL)
        bad = words_write(dataset, dimension) != 0;
    else if (!bad)
        bad = H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, dimension->values) < 0;
    if (!bad && dimension->parameter != NULL)
        bad = zem_hdf5_attribute_text(dataset, "parameter", dimension->parameter) != 0;
    if (dataset >= 0)
        bad |= H5Dclose(dataset) < 0;
    return bad ? -1 : 0;
}

static int scale_attach(hid_t file, hid_t dataset, const char *name, unsigned position)
{
    const hid_t scale = H5Dopen2(file, name, H5P_DEFAULT);
    int bad = scale < 0 || H5DSattach_scale(dataset, scale, position) < 0;
    if (scale >= 0)
        bad |= H5Dclose(scale) < 0;
    return bad ? -1 : 0;
}

static int variable_write(hid_t file, const struct zem_table *table, const struct zem_table_variable *variable)
{
    const bool counts = variable->counts != NULL;
    struct zem_tiling tiling = {.rank = (int)variable->rank, .width = 8};
    for (size_t i = 0; i < variable->rank; i++)
        tiling.extent[i] = table->dimension[variable->dimension[i]].length;
    zem_tiling_init(&tiling);
    const hid_t dataset = zem_dataset_create(file, variable->name, counts ? H5T_STD_U64LE : H5T_IEEE_F64LE, &tiling);
    int bad = dataset < 0
              || H5Dwrite(dataset, counts ? H5T_NATIVE_UINT64 : H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                          counts ? (const void *)variable->counts : (const void *)variable->numbers)
                     < 0
              || zem_hdf5_attribute_text(dataset, "units", variable->unit) != 0
              || zem_hdf5_attribute_text(dataset, "long_name", variable->long_name) != 0;
    for (size_t i = 0; !bad && i < variable->rank; i++)
        bad = scale_attach(file, dataset, table->dimension[variable->dimension[i]].name, (unsigned)i) != 0;
    if (dataset >= 0)
        bad |= H5Dclose(dataset) < 0;
    return bad ? -1 : 0;
}

static int content_write(const struct zem_table *table, hid_t file)
{
    int bad = zem_hdf5_attribute_text(file, "Conventions", ZEM_CONVENTIONS) != 0;
    for (size_t i = 0; !bad && i < table->attribute_count; i++)
        bad = attribute_write(file, &table->attribute[i]) != 0;
    for (size_t i = 0; !bad && i < table->dimension_count; i++)
        bad = dimension_write(file, &table->dimension[i]) != 0;
    for (size_t i = 0; !bad && i < table->variable_count; i++)
        bad = variable_write(file, table, &table->variable[i]) != 0;
    return bad ? -1 : 0;
}

static int table_write(const void *context, const char *temporary, struct zem_error *error)
{
    struct zem_hdf5_image image = {.bytes = NULL};
    char reason[256] = "HDF5 could not close it";
    const hid_t file = zem_hdf5_image_create(temporary, &image);
    bool good = file >= 0 && content_write(context, file) == 0;
    int status = ZEM_OK;
    if (!good)
        zem_hdf5_reason(reason, sizeof reason);
    if (file >= 0)
        good &= H5Fclose(file) >= 0;
    if (!good || zem_hdf5_image_finish(&image) != 0)
        status = zem_error_set(error, ZEM_INTERNAL, "the file could not be built: %s", reason);
    else if (zem_hdf5_image_write(&image, temporary) != 0)
        status = zem_error_set(error, ZEM_INPUT_OUTPUT, "the file could not be written: %s", strerror(errno));
    else if (zem_hdf5_image_compare(&image, temporary) != 0)
        status = zem_error_set(error, ZEM_INPUT_OUTPUT,
                               "the file was written, but reading it back gives something else: the disk may be full "
                               "or defective");
    zem_hdf5_image_free(&image);
    return status;
}

int zem_hdf5_table_write(const struct zem_table *table, const char *path, struct zem_error *error)
{
    return zem_hdf5_write_apart(path, true, table_write, table, error);
}
