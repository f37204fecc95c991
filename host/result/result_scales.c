/* Writes the coordinates of a result file: the sweep axes, the dimensions that follow them and the bins of the miss
 * histogram, each a dimension scale that netCDF-4 readers take for a coordinate. */
#include "result/result_scales.h"

#include "base/kernel_types.h"
#include "result/dataset_blocks.h"
#include "result/hdf5_dataset.h"

#include <assert.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the scales are made of and where they go. */
struct place {
    const struct zem_result *result;
    hid_t file;
    struct zem_scales *scales;
};

static hid_t scale_write(const struct place *place, const char *name, hid_t file_type, const double *values,
                         size_t count, const char *unit, const char *long_name)
{
    struct zem_tiling tiling = {.rank = 1, .extent = {count}};
    zem_tiling_init(&tiling);
    hid_t dataset = zem_dataset_create(place->file, name, file_type, &tiling);
    if (dataset < 0)
        return -1;
    if (H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0
        || zem_hdf5_scale_describe(dataset, name, unit, long_name) != 0) {
        H5Dclose(dataset);
        return -1;
    }
    return dataset;
}

/* The same unit by its symbol: xarray takes the plurals for durations and would change the type of the coordinate. */
static const char *unit_symbol(const char *unit)
{
    static const char *const plural[][2] = {{"days", "d"},        {"hours", "h"},         {"minutes", "min"},
                                            {"seconds", "s"},     {"milliseconds", "ms"}, {"microseconds", "us"},
                                            {"nanoseconds", "ns"}};
    for (size_t i = 0; i < sizeof plural / sizeof *plural; i++)
        if (strcmp(unit, plural[i][0]) == 0)
            return plural[i][1];
    return unit;
}

static int axis_scales_write(const struct place *place)
{
    const struct zem_scenario *scenario = place->result->scenario;
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const struct zem_axis *axis = &scenario->axis[i];
        place->scales->axis[i] = scale_write(place, axis->name, H5T_IEEE_F64LE, axis->display, axis->points,
                                             unit_symbol(axis->unit), zem_key_table[axis->key].description);
        if (place->scales->axis[i] < 0
            || zem_hdf5_attribute_text(place->scales->axis[i], "parameter", axis->parameter) != 0)
            return -1;
    }
    return 0;
}

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

/* Bin 0 is [0, first edge), the last is [last edge, infinity); centres are geometric, where that has a meaning. */
static int miss_bins_write(const struct place *place)
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
    hid_t scale = scale_write(place, "miss_bin", H5T_IEEE_F64LE, centre, ZEM_HISTOGRAM_SLOTS, "m",
                              "centre of the bin of miss distances");
    place->scales->trailing[ZEM_DIMENSION_MISS_BIN] = scale;
    if (scale < 0 || zem_hdf5_attribute_text(scale, "bounds", "miss_bin_bounds") != 0)
        return -1;
    struct zem_tiling tiling = {.rank = 2, .extent = {ZEM_HISTOGRAM_SLOTS, 2}};
    zem_tiling_init(&tiling);
    hid_t pair = zem_hdf5_bare_dimension(place->file, "bound", 2);
    hid_t dataset = zem_dataset_create(place->file, "miss_bin_bounds", H5T_IEEE_F64LE, &tiling);
    int bad = pair < 0 || dataset < 0 || H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, bounds) < 0
              || zem_hdf5_attribute_text(dataset, "units", "m") != 0
              || zem_hdf5_attribute_text(dataset, "long_name", "lower and upper edge of the bin of miss distances") != 0
              || H5DSattach_scale(dataset, scale, 0) < 0 || H5DSattach_scale(dataset, pair, 1) < 0;
    if (dataset >= 0)
        bad |= H5Dclose(dataset) < 0;
    if (pair >= 0)
        bad |= H5Dclose(pair) < 0;
    return bad ? -1 : 0;
}

/* Coordinates 0, 1, 2, ... or 1, 2, 3, ... */
static hid_t counting_scale_write(const struct place *place, enum zem_dimension dimension, hid_t file_type,
                                  unsigned first, const char *long_name)
{
    double values[16];
    size_t count = zem_dimension_length(place->result, dimension);
    for (size_t i = 0; i < count; i++)
        values[i] = (double)(i + first);
    return scale_write(place, zem_dimension_name(dimension), file_type, values, count, "1", long_name);
}

/* The numbers of the trials that are kept, exact in a double. */
static hid_t sample_scale_write(const struct place *place)
{
    const struct zem_result *result = place->result;
    double *values = malloc(result->sample_count * sizeof *values);
    for (size_t i = 0; values != NULL && i < result->sample_count; i++)
        values[i] = (double)result->sample_trial[i];
    hid_t scale = values == NULL
                      ? -1
                      : scale_write(place, zem_dimension_name(ZEM_DIMENSION_SAMPLE), H5T_STD_I64LE, values,
                                    result->sample_count, "1", "number of the trial, with which zem trace replays it");
    free(values);
    return scale;
}

static int trailing_scales_write(const struct place *place)
{
    const struct zem_scenario *scenario = place->result->scenario;
    hid_t *scale = place->scales->trailing;
    scale[ZEM_DIMENSION_RADIUS] =
        scale_write(place, "hit_radius", H5T_IEEE_F64LE, scenario->radius, scenario->radius_count, "m",
                    "miss distance below which a trial is a hit");
    scale[ZEM_DIMENSION_QUANTILE] =
        scale_write(place, "quantile", H5T_IEEE_F64LE, zem_quantile_levels, zem_quantile_level_count, "1",
                    "fraction of the trials with a smaller miss distance");
    scale[ZEM_DIMENSION_OUTCOME] =
        counting_scale_write(place, ZEM_DIMENSION_OUTCOME, H5T_STD_U8LE, 0, "how a trial ended");
    if (scale[ZEM_DIMENSION_RADIUS] < 0 || scale[ZEM_DIMENSION_QUANTILE] < 0 || scale[ZEM_DIMENSION_OUTCOME] < 0
        || zem_flags_describe(scale[ZEM_DIMENSION_OUTCOME], zem_outcome_table, ZEM_OUTCOME_COUNT) != 0)
        return -1;
    if (scenario->value[ZEM_KEY_SHOTS].integer > 1) {
        scale[ZEM_DIMENSION_SHOT] =
            counting_scale_write(place, ZEM_DIMENSION_SHOT, H5T_STD_I32LE, 1, "shot of the salvo");
        scale[ZEM_DIMENSION_HITS_IN_SALVO] =
            counting_scale_write(place, ZEM_DIMENSION_HITS_IN_SALVO, H5T_STD_I32LE, 0, "number of hits in the salvo");
        if (scale[ZEM_DIMENSION_SHOT] < 0 || scale[ZEM_DIMENSION_HITS_IN_SALVO] < 0)
            return -1;
    }
    if (place->result->sample_count > 0 && (scale[ZEM_DIMENSION_SAMPLE] = sample_scale_write(place)) < 0)
        return -1;
    return miss_bins_write(place);
}

void zem_scales_init(struct zem_scales *scales)
{
    for (size_t i = 0; i < ZEM_AXES_MAX; i++)
        scales->axis[i] = -1;
    for (size_t i = 0; i < ZEM_DIMENSION_COUNT; i++)
        scales->trailing[i] = -1;
}

int zem_scales_write(struct zem_scales *scales, const struct zem_result *result, hid_t file)
{
    const struct place place = {result, file, scales};
    return axis_scales_write(&place) == 0 && trailing_scales_write(&place) == 0 ? 0 : -1;
}

int zem_scales_attach(const struct zem_scales *scales, const struct zem_result *result,
                      const struct zem_variable *variable, hid_t dataset)
{
    unsigned position = 0;
    for (size_t i = 0; i < result->scenario->axis_count; i++)
        if (H5DSattach_scale(dataset, scales->axis[i], position++) < 0)
            return -1;
    for (int i = 0; i < 2; i++)
        if (variable->dimension[i] != ZEM_DIMENSION_NONE
            && H5DSattach_scale(dataset, scales->trailing[variable->dimension[i]], position++) < 0)
            return -1;
    return 0;
}

int zem_scales_close(const struct zem_scales *scales)
{
    int status = 0;
    for (size_t i = 0; i < ZEM_AXES_MAX; i++)
        if (scales->axis[i] >= 0 && H5Dclose(scales->axis[i]) < 0)
            status = -1;
    for (size_t i = 0; i < ZEM_DIMENSION_COUNT; i++)
        if (scales->trailing[i] >= 0 && H5Dclose(scales->trailing[i]) < 0)
            status = -1;
    return status;
}
