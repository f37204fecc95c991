/* The coordinates of a result file. Part of its writing, used by result_content.c alone. Functions return 0, or -1 with
 * the reason on HDF5's error stack. */
#ifndef ZEM_RESULT_SCALES_H
#define ZEM_RESULT_SCALES_H

#include "result/outcome.h"
#include "result/result_variables.h"

#include <hdf5.h>

/* Open dimension scales, negative where there is none. */
struct zem_scales {
    hid_t axis[ZEM_AXES_MAX], trailing[ZEM_DIMENSION_COUNT];
};

/* All negative. */
void zem_scales_init(struct zem_scales *scales);

/* Writes every coordinate that the result has and leaves its scale open, also after a failure: call zem_scales_close.
 */
int zem_scales_write(struct zem_scales *scales, const struct zem_result *result, hid_t file);
int zem_scales_close(const struct zem_scales *scales);

/* Attaches the scales of its dimensions to the dataset of a variable. */
int zem_scales_attach(const struct zem_scales *scales, const struct zem_result *result,
                      const struct zem_variable *variable, hid_t dataset);

/* Says what the numbers 0 to count - 1 of a uint8 dataset mean, as CF spells enumerations. */
int zem_flags_describe(hid_t dataset, const struct zem_ending *table, uint8_t count);

#endif
