/* The coordinates of a result file, which netCDF-4 calls dimension scales: one for each sweep axis and one for each
 * other dimension of the variables. result_content.c attaches them to the variables. */
#include "result/result_coordinates.h"

#include "base/kernel_types.h"
#include "result/dataset_blocks.h"
#include "result/hdf5_dataset.h"
#include "result/unit_symbol.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int zem_flags_describe(hid_t dataset, const struct zem_ending *table, uint8_t count)
{
    uint8_t values[16];
    char meanings[160] = "";
    size_t length = 0;
    for (uint8_t i = 0; i < count; i++) {
        values[i] = i;
        length +=
            (size_t)snprintf(meanings + length, sizeof meanings - length, "%s%s", i > 0 ? " " : "", table[i].word);
        assert(length < sizeof meanings);
    }
    if (zem_hdf5_attribute_numbers(dataset, "flag_values", H5T_STD_U8LE, H5T_NATIVE_UINT8, values, count) != 0)
        return -1;
    return zem_hdf5_attribute_text(dataset, "flag_meanings", meanings);
}

static hid_t coordinate_write(const struct zem_coordinates *coordinates, const char *name, hid_t file_type,
                              const double *values, size_t count, const char *unit, const char *long_name)
{
    struct zem_tiling tiling = {.rank = 1, .width = 8, .extent = {count}};
    zem_tiling_init(&tiling);
    hid_t dataset = zem_dataset_create(coordinates->file, name, file_type, &tiling);
    if (dataset < 0)
        return -1;
    if (H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0
        || zem_hdf5_scale_describe(dataset, name, unit, long_name) != 0) {
        H5Dclose(dataset);
        return -1;
    }
    return dataset;
}

static int axis_coordinates_write(struct zem_coordinates *coordinates)
{
    const struct zem_scenario *scenario = coordinates->result->scenario;
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const struct zem_axis *axis = &scenario->axis[i];
        coordinates->axis[i] = coordinate_write(coordinates, axis->name, H5T_IEEE_F64LE, axis->display, axis->points,
                                                zem_unit_symbol(axis->unit), zem_key_table[axis->key].description);
        if (coordinates->axis[i] < 0
            || zem_hdf5_attribute_text(coordinates->axis[i], "parameter", axis->parameter) != 0)
            return -1;
    }
    return 0;
}

/* Writes the bins of the miss histogram with their bounds. Bin 0 is [0, first edge), and the last bin is [last edge,
 * infinity). The centre of any other bin is the geometric mean of its edges. The bounds have no unit and name of their
 * own, because the CF conventions take both from the bins. */
static int miss_bins_write(struct zem_coordinates *coordinates)
{
    double centre[ZEM_HISTOGRAM_SLOTS], bounds[2 * ZEM_HISTOGRAM_SLOTS];
    const double *edges = zem_histogram_edges();
    bounds[0] = 0;
    bounds[2 * ZEM_HISTOGRAM_SLOTS - 1] = (double)INFINITY;
    for (size_t i = 0; i <= ZEM_HISTOGRAM_BINS; i++)
        bounds[2 * i + 1] = bounds[2 * i + 2] = edges[i];
    for (size_t i = 0; i < ZEM_HISTOGRAM_BINS; i++)
        centre[i + 1] = sqrt(edges[i] * edges[i + 1]);
    centre[0] = 0.5 * edges[0];
    centre[ZEM_HISTOGRAM_SLOTS - 1] = edges[ZEM_HISTOGRAM_BINS] * sqrt(edges[1] / edges[0]);
    hid_t scale = coordinate_write(coordinates, "miss_bin", H5T_IEEE_F64LE, centre, ZEM_HISTOGRAM_SLOTS, "m",
                                   "centre of the bin of miss distances");
    coordinates->trailing[ZEM_DIMENSION_MISS_BIN] = scale;
    if (scale < 0 || zem_hdf5_attribute_text(scale, "bounds", "miss_bin_bounds") != 0)
        return -1;
    struct zem_tiling tiling = {.rank = 2, .width = 8, .extent = {ZEM_HISTOGRAM_SLOTS, 2}};
    zem_tiling_init(&tiling);
    hid_t pair = zem_hdf5_bare_dimension(coordinates->file, "bound", 2);
    hid_t dataset = zem_dataset_create(coordinates->file, "miss_bin_bounds", H5T_IEEE_F64LE, &tiling);
    int bad = pair < 0 || dataset < 0 || H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, bounds) < 0
              || H5DSattach_scale(dataset, scale, 0) < 0 || H5DSattach_scale(dataset, pair, 1) < 0;
    if (dataset >= 0)
        bad |= H5Dclose(dataset) < 0;
    if (pair >= 0)
        bad |= H5Dclose(pair) < 0;
    return bad ? -1 : 0;
}

/* Writes the coordinate with the values first, first + 1, first + 2, ... */
static hid_t counting_coordinate_write(const struct zem_coordinates *coordinates, enum zem_dimension dimension,
                                       hid_t file_type, unsigned first, const char *long_name)
{
    double values[16];
    size_t count = zem_dimension_length(coordinates->result, dimension);
    for (size_t i = 0; i < count; i++)
        values[i] = (double)(i + first);
    return coordinate_write(coordinates, zem_dimension_name(dimension), file_type, values, count, "1", long_name);
}

/* Writes the numbers of the trials that are kept. A double holds them exactly up to 2^53. */
static hid_t sample_coordinate_write(const struct zem_coordinates *coordinates)
{
    const struct zem_result *result = coordinates->result;
    double *values = malloc(result->sample_count * sizeof *values);
    for (size_t i = 0; values != NULL && i < result->sample_count; i++)
        values[i] = (double)result->sample_trial[i];
    hid_t scale = values == NULL ? -1
                                 : coordinate_write(coordinates, zem_dimension_name(ZEM_DIMENSION_SAMPLE),
                                                    H5T_STD_I64LE, values, result->sample_count, "1",
                                                    "number of the trial, with which zem trace replays it");
    free(values);
    return scale;
}

static int trailing_coordinates_write(struct zem_coordinates *coordinates)
{
    const struct zem_scenario *scenario = coordinates->result->scenario;
    hid_t *scale = coordinates->trailing;
    scale[ZEM_DIMENSION_RADIUS] =
        coordinate_write(coordinates, "hit_radius", H5T_IEEE_F64LE, scenario->radius, scenario->radius_count, "m",
                         "miss distance below which a trial is a hit");
    scale[ZEM_DIMENSION_QUANTILE] =
        coordinate_write(coordinates, "quantile", H5T_IEEE_F64LE, zem_quantile_levels, zem_quantile_level_count, "1",
                         "fraction of the trials with a smaller miss distance");
    scale[ZEM_DIMENSION_OUTCOME] =
        counting_coordinate_write(coordinates, ZEM_DIMENSION_OUTCOME, H5T_STD_U8LE, 0, "how a trial ended");
    if (scale[ZEM_DIMENSION_RADIUS] < 0 || scale[ZEM_DIMENSION_QUANTILE] < 0 || scale[ZEM_DIMENSION_OUTCOME] < 0
        || zem_flags_describe(scale[ZEM_DIMENSION_OUTCOME], zem_outcome_table, ZEM_OUTCOME_COUNT) != 0)
        return -1;
    if (scenario->value[ZEM_KEY_SHOTS].integer > 1) {
        scale[ZEM_DIMENSION_SHOT] =
            counting_coordinate_write(coordinates, ZEM_DIMENSION_SHOT, H5T_STD_I32LE, 1, "shot of the salvo");
        scale[ZEM_DIMENSION_HITS_IN_SALVO] = counting_coordinate_write(coordinates, ZEM_DIMENSION_HITS_IN_SALVO,
                                                                       H5T_STD_I32LE, 0, "number of hits in the salvo");
        if (scale[ZEM_DIMENSION_SHOT] < 0 || scale[ZEM_DIMENSION_HITS_IN_SALVO] < 0)
            return -1;
    }
    if (coordinates->result->sample_count > 0
        && (scale[ZEM_DIMENSION_SAMPLE] = sample_coordinate_write(coordinates)) < 0)
        return -1;
    return miss_bins_write(coordinates);
}

int zem_coordinates_write(struct zem_coordinates *coordinates, const struct zem_result *result, hid_t file)
{
    coordinates->result = result;
    coordinates->file = file;
    return axis_coordinates_write(coordinates) == 0 && trailing_coordinates_write(coordinates) == 0 ? 0 : -1;
}

void zem_coordinates_init(struct zem_coordinates *coordinates)
{
    *coordinates = (struct zem_coordinates){.file = -1};
    for (size_t i = 0; i < ZEM_AXES_MAX; i++)
        coordinates->axis[i] = -1;
    for (size_t i = 0; i < ZEM_DIMENSION_COUNT; i++)
        coordinates->trailing[i] = -1;
}

int zem_coordinates_attach(const struct zem_coordinates *coordinates, const struct zem_variable *variable,
                           hid_t dataset)
{
    unsigned position = 0;
    for (size_t i = 0; i < coordinates->result->scenario->axis_count; i++)
        if (H5DSattach_scale(dataset, coordinates->axis[i], position++) < 0)
            return -1;
    for (int i = 0; i < 2; i++)
        if (variable->dimension[i] != ZEM_DIMENSION_NONE
            && H5DSattach_scale(dataset, coordinates->trailing[variable->dimension[i]], position++) < 0)
            return -1;
    return 0;
}

int zem_coordinates_close(const struct zem_coordinates *coordinates)
{
    int status = 0;
    for (size_t i = 0; i < ZEM_AXES_MAX; i++)
        if (coordinates->axis[i] >= 0 && H5Dclose(coordinates->axis[i]) < 0)
            status = -1;
    for (size_t i = 0; i < ZEM_DIMENSION_COUNT; i++)
        if (coordinates->trailing[i] >= 0 && H5Dclose(coordinates->trailing[i]) < 0)
            status = -1;
    return status;
}
