/* Reads the totals of a result file. In format 1 the words of a cell are one tally with the miss histogram. Since
 * format 2 the miss histogram is a dataset of its own, and its counts have the width that they have in memory
 * (totals.h). Since format 3 there is a word for the outcome "not acquired". */
#include "result/result_cells_read.h"

#include "base/kernel_types.h"
#include "result/result_content.h"
#include "result/result_file.h"
#include "result/result_variables.h"

#include <string.h>

int zem_result_damaged(struct zem_error *error, const char *item)
{
    return zem_error_set(error, ZEM_BAD_INPUT, "is damaged: %s is missing or is not what it should be", item);
}

/* The type to which the counts of the miss histogram are converted. A larger count in the file becomes the largest one
 * of the type. The digest then differs from that of the file, so the file is refused. */
static enum zem_hdf5_kind histogram_kind(const struct zem_totals *totals)
{
    return totals->width == 1   ? ZEM_HDF5_UINT8
           : totals->width == 2 ? ZEM_HDF5_UINT16
           : totals->width == 4 ? ZEM_HDF5_UINT32
                                : ZEM_HDF5_UINT64;
}

/* The state of take_earlier_tallies, which gets the words of an earlier format in portions and copies the words of each
 * complete cell into the totals. */
struct earlier_tallies {
    struct zem_totals *totals;
    bool whole;  /* whether a cell has its histogram among the words */
    size_t span; /* words of a cell, with the one that the file lacks */
    uint64_t cell, tally[ZEM_TALLY_WORDS_LIMIT];
    size_t filled; /* words of the current cell that are known */
};

static bool take_earlier_tallies(void *context, const void *values, size_t count)
{
    struct earlier_tallies *to = context;
    const uint64_t *words = values;
    for (size_t k = 0; k < count; k++) {
        if (to->filled == ZEM_TALLY_LATER_WORD)
            to->tally[to->filled++] = 0;
        to->tally[to->filled++] = words[k];
        if (to->filled < to->span)
            continue;
        if (!to->whole)
            memcpy(to->totals->plain + to->cell * to->span, to->tally, to->span * sizeof *to->tally);
        else if (!zem_totals_set(to->totals, to->cell, to->tally))
            return false;
        to->cell++;
        to->filled = 0;
    }
    return true;
}

/* The shapes of the datasets that have values of each cell. */
struct shapes {
    int axes;
    uint64_t cells, counts[ZEM_AXES_MAX + 1]; /* shape of miss_counts: the axes, then the bins */
    uint64_t tally[2];                        /* shape of the dataset tally/totals */
};

static struct shapes shapes_of(const struct zem_scenario *scenario, uint64_t format)
{
    const size_t words = ZEM_TALLY_WORDS(scenario->radius_count, scenario->value[ZEM_KEY_SHOTS].integer);
    struct shapes shapes = {.axes = (int)scenario->axis_count, .cells = 1};
    for (int i = 0; i < shapes.axes; i++) /* cannot overflow: the scenario's check limits the cells */
        shapes.cells *= shapes.counts[i] = scenario->axis[i].points;
    shapes.counts[shapes.axes] = ZEM_HISTOGRAM_SLOTS;
    shapes.tally[0] = shapes.cells;
    shapes.tally[1] = format == ZEM_FILE_FORMAT_WHOLE ? words : zem_totals_plain_words(words);
    shapes.tally[1] -= format < ZEM_FILE_FORMAT ? 1 : 0;
    return shapes;
}

/* Checks the shape and the storage of every dataset before memory is allocated, because the scenario in a damaged file
 * may declare any number of cells. */
static int check_cells(struct zem_hdf5_group file, const struct shapes *shapes, uint64_t format,
                       struct zem_error *error)
{
    const struct zem_hdf5_group tally = {file.reader, "tally"};
    if (zem_hdf5_dataset_check(file, "stop_reason", ZEM_HDF5_UINT8, shapes->axes, shapes->counts) != 0)
        return zem_hdf5_reader_report(file.reader, "variable stop_reason", error);
    if (zem_hdf5_dataset_check(tally, "totals", ZEM_HDF5_UINT64, 2, shapes->tally) != 0)
        return zem_hdf5_reader_report(file.reader, "tally/totals", error);
    if (format != ZEM_FILE_FORMAT_WHOLE
        && zem_hdf5_dataset_check(file, "miss_counts", ZEM_HDF5_UINT64, shapes->axes + 1, shapes->counts) != 0)
        return zem_hdf5_reader_report(file.reader, "variable miss_counts", error);
    return ZEM_OK;
}

static int read_totals(struct zem_hdf5_group file, struct zem_totals *totals, const struct shapes *shapes,
                       uint64_t format, bool with_histogram, struct zem_error *error)
{
    const struct zem_hdf5_group tally = {file.reader, "tally"};
    struct earlier_tallies earlier = {
        .totals = totals, .whole = format == ZEM_FILE_FORMAT_WHOLE, .span = shapes->tally[1] + 1};
    const int status =
        format < ZEM_FILE_FORMAT
            ? zem_hdf5_dataset_take(tally, "totals", ZEM_HDF5_UINT64, 2, shapes->tally, take_earlier_tallies, &earlier)
            : zem_hdf5_dataset_read(tally, "totals", ZEM_HDF5_UINT64, 2, shapes->tally, totals->plain);
    if (status != 0)
        return zem_hdf5_reader_report(file.reader, "tally/totals", error);
    if (format != ZEM_FILE_FORMAT_WHOLE && with_histogram
        && zem_hdf5_dataset_read(file, "miss_counts", histogram_kind(totals), shapes->axes + 1, shapes->counts,
                                 totals->histogram)
               != 0)
        return zem_hdf5_reader_report(file.reader, "variable miss_counts", error);
    return ZEM_OK;
}

/* Whether the outcomes of a cell add up to its trials, and the counts by smallest hit radius as well. It is the check
 * of a result whose digest is not computed again. */
static bool adds_up(const struct zem_result *result, uint64_t cell)
{
    const uint64_t trials = zem_result_word(result, cell, ZEM_TALLY_TRIALS);
    uint64_t outcomes = 0, radii = 0;
    for (size_t i = 0; i < ZEM_OUTCOME_COUNT; i++)
        outcomes += zem_result_word(result, cell, ZEM_TALLY_OUTCOME + i);
    for (size_t i = 0; i <= result->scenario->radius_count; i++)
        radii += zem_result_word(result, cell, ZEM_TALLY_RADIUS + i);
    return outcomes == trials && radii == trials;
}

int zem_result_cells_read(struct zem_hdf5_group file, struct zem_result *result, const struct zem_scenario *scenario,
                          uint64_t format, bool glance, struct zem_error *error)
{
    const struct shapes shapes = shapes_of(scenario, format);
    int status = check_cells(file, &shapes, format, error);
    if (status == ZEM_OK)
        status = zem_result_init(result, scenario, error);
    if (status != ZEM_OK)
        return status;
    result->glanced = glance && format != ZEM_FILE_FORMAT_WHOLE && shapes.cells >= ZEM_GLANCE_CELLS
                      && !zem_hdf5_link_exists(file, zem_dimension_name(ZEM_DIMENSION_SAMPLE));
    status = read_totals(file, &result->totals, &shapes, format, !result->glanced, error);
    if (status != ZEM_OK)
        return status;
    if (zem_hdf5_dataset_read(file, "stop_reason", ZEM_HDF5_UINT8, shapes.axes, shapes.counts, result->stop_reason)
        != 0)
        return zem_hdf5_reader_report(file.reader, "variable stop_reason", error);
    for (uint64_t i = 0; i < shapes.cells; i++) {
        if (result->stop_reason[i] >= ZEM_STOP_REASON_COUNT)
            return zem_result_damaged(error, "variable stop_reason");
        if (result->glanced && !adds_up(result, i))
            return zem_result_damaged(error, "tally/totals");
    }
    return ZEM_OK;
}
