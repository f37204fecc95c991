/* The self-test that every engine (opened device) of any backend must pass before it flies trials. It is in this folder
 * because the scalar native engine is its reference. */
#ifndef ZEM_SELF_TEST_H
#define ZEM_SELF_TEST_H

#include "device/backend.h"

/* Tests an opened engine. Its random numbers and elementary functions are compared with stored answers, and a few
 * trials of `cell` with those of the scalar engine. `schedule` has the cell's steps (linear kinematics). Returns 0,
 * ZEM_SELF_TEST_FAILED if anything differs, or the error of the device. */
int zem_engine_self_test(const struct zem_device *device, struct zem_engine *engine, const struct cell_parameters *cell,
                         const struct schedule_step *schedule, struct zem_error *error);

/* Tests only random numbers and elementary functions, for an engine that was opened without a cell to fly. */
int zem_engine_test_arithmetic(const struct zem_device *device, struct zem_engine *engine, struct zem_error *error);

#endif
