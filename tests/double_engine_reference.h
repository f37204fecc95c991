/* The kernels compiled a second time in double precision. The function flies one trial, uses elementary functions of
 * the C library, and computes the noise of every part of a step anew. double_engine_test.c compares the engines with
 * it. */
#ifndef DOUBLE_ENGINE_REFERENCE_H
#define DOUBLE_ENGINE_REFERENCE_H

#include "run/double_engine.h"

struct zem_flown double_engine_reference(const struct cell_parameters *cell, unsigned refinement, uint64_t trial);

#endif
