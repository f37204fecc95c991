/* The coordinates of a result file: the sweep axes with their units, and the other dimensions of variables, which are
 * hit radii, quantiles, outcomes, miss bins, shots and single trials. result_content.c, which writes the file, uses
 * them. */
#ifndef ZEM_RESULT_COORDINATES_H
#define ZEM_RESULT_COORDINATES_H

#include "result/hdf5_dataset.h"
#include "result/outcome.h"
#include "result/result.h"
#include "result/result_variables.h"

/* The coordinates of one file that is being written: of the sweep axes, and of the dimensions that follow them
 * (`trailing`). The datasets stay open until zem_coordinates_close. A negative number stands for a dataset that does
 * not exist. */
struct zem_coordinates {
    const struct zem_result *result;
    hid_t file;
    hid_t axis[ZEM_AXES_MAX];
    hid_t trailing[ZEM_DIMENSION_COUNT];
};

/* Marks every coordinate as absent, so that zem_coordinates_close may follow after any failure. */
void zem_coordinates_init(struct zem_coordinates *coordinates);

/* Writes all coordinates of a result into an open file. 0, or -1 with the reason on HDF5's error stack. */
int zem_coordinates_write(struct zem_coordinates *coordinates, const struct zem_result *result, hid_t file);

/* Attaches to the dataset of a variable the coordinates of its dimensions. 0 or -1. */
int zem_coordinates_attach(const struct zem_coordinates *coordinates, const struct zem_variable *variable,
                           hid_t dataset);

/* Closes the datasets that are open. 0 or -1. */
int zem_coordinates_close(const struct zem_coordinates *coordinates);

/* Writes what the numbers 0 to count - 1 of a uint8 dataset mean, as the attributes flag_values and flag_meanings of
 * the CF conventions. `table` has the words. Returns 0 or -1. */
int zem_flags_describe(hid_t dataset, const struct zem_ending *table, uint8_t count);

#endif
