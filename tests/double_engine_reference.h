/* A second reading of the kernels in double precision. It flies one trial at a time, takes elementary functions from
 * the C library, and works out the noise of every part of a step anew. double_engine_test.c holds the engines against
 * it. */
#ifndef DOUBLE_ENGINE_REFERENCE_H
#define DOUBLE_ENGINE_REFERENCE_H

#include "run/double_engine.h"

struct zem_flown double_engine_reference(const struct cell_parameters *cell, unsigned refinement, uint64_t trial);

#endif
