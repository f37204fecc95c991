/* A second reading of the kernels in double precision: one trial at a time, elementary functions by the C library, the
 * noise of every part worked out anew from the whole step downwards. double_engine_test.c holds the engines against it.
 */
#ifndef DOUBLE_ENGINE_REFERENCE_H
#define DOUBLE_ENGINE_REFERENCE_H

#include "study/double_engine.h"

struct zem_flown double_engine_reference(const struct cell_parameters *cell, unsigned refinement, uint64_t trial);

#endif
