/* Draws values with kernels/sample.h, compiled for one trial. This file is compiled without contraction of
 * floating-point operations, as the kernels are, so that it gives the same bits. */
#define ZEM_LANES 1
#include "kernels/model.h"

#include "cell/drawn_inputs.h"

#include "cell/cell.h"

bool zem_input_varies(const struct zem_scenario *scenario, enum zem_key key)
{
    bool varies = scenario->value[key].distribution != ZEM_CONSTANT || scenario->resolution.varying[key];
    if (zem_key_in(zem_keys_idle(scenario->value), key))
        return false;
    for (size_t i = 0; i < scenario->axis_count; i++) {
        if (scenario->axis[i].key == key && scenario->axis[i].part == ZEM_PART_VALUE)
            return false;
        varies = varies || scenario->axis[i].key == key; /* an axis of a part makes a constant vary */
    }
    return varies;
}

float zem_quantity_draw(const struct cell_parameters *cell, uint64_t trial, unsigned quantity)
{
    const struct address address = {.trial_low = (u32)trial,
                                    .trial_high = (u32)(trial >> 32),
                                    .cell_word = cell->cell_word,
                                    .seed_low = cell->seed_low,
                                    .seed_high = cell->seed_high};
    return sample_quantity(cell, &address, quantity < ZEM_VARIED_TARGET_COUNT ? ZEM_STREAM_TARGET : ZEM_STREAM_HANDOVER,
                           quantity);
}
