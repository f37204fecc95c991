/* The two OpenCL kernels: `engage` flies a batch of trials, and `self_test_arithmetic` computes what the self-test
 * compares. The host compiles this file, with everything that it includes, for the features of a run. */
#ifndef ZEM_GROUP
#define ZEM_GROUP 64 /* work-items in a work-group */
#endif

#include "model.h"

#define ZEM_WORDS ZEM_TALLY_WORDS(ZEM_RADII, ZEM_SHOTS)

/* Flies a batch of trials and counts them. Work-group (b, c) flies the trials b n to (b + 1) n - 1 of cell c, where n =
 * trials_per_group. It writes its tally, ZEM_WORDS integers of 64 bits (enum zem_tally_word), to slot c B + b of
 * `slots`, where B is the number of work-groups for each cell.
 *
 * `own` and `shared` are local memory: `own` holds ZEM_OWN_WORDS x ZEM_GROUP words, and `shared` holds the rest of the
 * tally (struct group_tally). They are arguments, because PoCL 3.1 crashes for some sets of features if the kernel has
 * local variables. */
__kernel __attribute__((reqd_work_group_size(ZEM_GROUP, 1, 1))) void engage(
    __global const struct cell_parameters *cells, __global const struct schedule_step *schedule,
    struct batch_range range, u32 trials_per_group, __global u64 *slots, __local u64 *own, __local u32 *shared)
{
    const u32 item = (u32)get_local_id(0), block = (u32)get_group_id(0), cell_index = (u32)get_group_id(1);
    const struct group_tally tally = {own, shared, item};
    UNIFORM struct cell_parameters *cell = UNIFORM_POINTER(struct cell_parameters, cells) + cell_index;
    UNIFORM struct schedule_step *steps = UNIFORM_POINTER(struct schedule_step, schedule);
    for (u32 word = 0; word < ZEM_OWN_WORDS; word++)
        own[word * ZEM_GROUP + item] = 0u;
    for (u32 k = item; k < ZEM_WORDS - ZEM_OWN_WORDS; k += ZEM_GROUP)
        shared[k] = 0u;
    barrier(CLK_LOCAL_MEM_FENCE);

    const u32 begin = block * trials_per_group;
    const u32 end = min(range.trials, begin + trials_per_group);
    for (u32 first = begin + item * ZEM_LANES; first < end; first += ZEM_GROUP * ZEM_LANES) {
        REFRESH(cell, range.first_trial_high);
        tally_flights(cell, steps + cell->schedule_first, &range, first, &tally);
    }

    barrier(CLK_LOCAL_MEM_FENCE);
    __global u64 *slot = slots + ((size_t)cell_index * get_num_groups(0) + block) * ZEM_WORDS;
    for (u32 k = item; k < ZEM_WORDS; k += ZEM_GROUP) {
        u64 sum = k < ZEM_OWN_WORDS ? 0u : shared[k - ZEM_OWN_WORDS];
        for (u32 other = 0; k < ZEM_OWN_WORDS && other < ZEM_GROUP; other++)
            sum += own[k * ZEM_GROUP + other];
        slot[k] = sum;
    }
}

/* Computes the words of known_answer for the arguments 0 to count - 1, one argument in each work-item. `answers` has
 * room for count x ZEM_KNOWN_ANSWERS words. */
__kernel void self_test_arithmetic(__global u32 *answers, u32 count)
{
    const u32 k = (u32)get_global_id(0);
    if (k < count)
        known_answer(k, &answers[(size_t)k * ZEM_KNOWN_ANSWERS]);
}
