/* The seeker's noise in the flights of linear_response.c. It is not random but prescribed: an impulse in one step, or a
 * fixed pattern over all steps. linear_response.c names this file as ZEM_NOISE_SOURCE. In each step the noise has a
 * mean and a slope in both channels. The address of the flight (struct address) says what is flown, because the noise
 * has no other input:
 *
 *   seed_low     PATTERN: the fixed pattern, which has a mean and slopes in the middle step of each group of steps
 *                and elsewhere the mean 0 and positive slopes; any other value: one impulse in each channel
 *   trial_low    impulse: the step in which the mean of channel y is 1; it is 0 in all other steps
 *   trial_high   impulse: the step in which the slope of channel z is negative; all other slopes are positive
 *   seed_high    number of steps of a group, but for the last steps of the flight, which are groups of one step each
 *   cell_word    number of steps of the flight */
#ifndef ZEM_PRESCRIBED_NOISE_H
#define ZEM_PRESCRIBED_NOISE_H

#define NO_STEP 0xFFFFFFFFu
#define PATTERN 1u

/* The pattern in a step. pattern_mean returns its mean, between -1 and 1; pattern_negative returns 1 if its slopes are
 * negative, else 0. */
static inline double pattern_mean(u32 step) { return (double)((step * 7u) % 11u) / 5.0 - 1.0; }
static inline u32 pattern_negative(u32 step) { return (step * 5u) % 7u < 3u ? 1u : 0u; }

/* At least so many steps at the end of a flight are groups of one step each. The response to noise changes with the
 * time to go, and near the target every step is a considerable part of the time to go. */
#define LONE_STEPS 512u

/* Return the number of groups of several steps, with which a flight begins, and the number of all groups. `length` is
 * the number of steps of a group, `steps` that of the flight. */
static inline u32 long_groups(u32 length, u32 steps) { return steps > LONE_STEPS ? (steps - LONE_STEPS) / length : 0u; }
static inline u32 groups_of(u32 length, u32 steps) { return steps - long_groups(length, steps) * (length - 1u); }

/* Return the first step of group k, and its middle step. */
static inline u32 group_begin(u32 k, u32 length, u32 steps)
{
    const u32 groups = long_groups(length, steps);
    return k < groups ? k * length : k + groups * (length - 1u);
}
static inline u32 group_middle(u32 k, u32 length, u32 steps)
{
    const u32 begin = group_begin(k, length, steps);
    return begin + (group_begin(k + 1u, length, steps) - begin) / 2u;
}

/* Returns the group to which a step belongs. */
static inline u32 group_of(u32 step, u32 length, u32 steps)
{
    const u32 groups = long_groups(length, steps);
    return step < groups * length ? step / length : step - groups * (length - 1u);
}

struct noise_source {
    u32 unused;
};
ZEM_FUNCTION struct noise_source noise_source_begin(const struct address *address)
{
    const struct noise_source source = {0u};
    (void)address;
    return source;
}
ZEM_FUNCTION void noise_source_refine(struct noise_source *source, u32 refinement)
{
    (void)source;
    (void)refinement;
}
ZEM_FUNCTION void noise_source_place(struct noise_source *source, const struct cell_parameters *cell, real range,
                                     real inverse_range)
{
    (void)source;
    (void)cell;
    (void)range;
    (void)inverse_range;
}
ZEM_FUNCTION struct noise noise_next(struct noise_source *source, const struct address *address, u32 step)
{
    struct noise now = {.mean_y = 0.0, .mean_z = 0.0, .signs = 0u};
    (void)source;
    if (address->seed_low == PATTERN) {
        const u32 length = address->seed_high, steps = address->cell_word;
        if (step != group_middle(group_of(step, length, steps), length, steps))
            return now;
        now.mean_y = now.mean_z = pattern_mean(step);
        now.signs = pattern_negative(step) * 3u;
        return now;
    }
    now.mean_y = step == address->trial_low ? 1.0 : 0.0;
    now.signs = step == address->trial_high ? 2u : 0u;
    return now;
}

#endif
