/* The known-answer test that every opened engine passes before it works, whatever its backend. It stands beside the
 * native engines, since their scalar reading of the kernels is the reference. */
#ifndef ZEM_SELF_TEST_H
#define ZEM_SELF_TEST_H

#include "device/backend.h"

/* Tests an opened engine before it works: random numbers and elementary functions against stored integers, then a few
 * trials of `cell` (with its schedule) against the scalar reading of the same kernels. ZEM_SELF_TEST_FAILED with a
 * sentence if anything differs. */
int zem_engine_self_test(const struct zem_device *device, struct zem_engine *engine, const struct cell_parameters *cell,
                         const struct schedule_step *schedule, struct zem_error *error);

#endif
