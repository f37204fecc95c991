/* Counting trials into integer tallies (words of enum zem_tally_word). Integers only, so that the order of trials, the device
 * and the size of batches leave no trace. */
#ifndef ZEM_TALLY_H
#define ZEM_TALLY_H

#include "histogram_edges.h"

TABLE float zem_histogram_edge[ZEM_HISTOGRAM_BINS + 1] = {ZEM_HISTOGRAM_EDGES};

#if defined(__OPENCL_C_VERSION__)
/* A work-group's tally in local memory. The words before the histogram are touched by every trial: each work-item has its own, added
 * up at the end of the group, so that nobody waits. From the histogram on, words are counts, spread out and shared by atomics. */
#define ZEM_OWN_WORDS ZEM_TALLY_HISTOGRAM
struct group_tally {
    __local u64 *own;     /* ZEM_OWN_WORDS x ZEM_GROUP, work-items contiguous */
    __local u32 *shared;  /* words from the histogram on */
    u32 item;
};
typedef const struct group_tally *tally_words;
ZEM_FUNCTION void tally_add(tally_words tally, u32 word, u64 term)
{
    if (word < ZEM_OWN_WORDS)
        tally->own[word * ZEM_GROUP + tally->item] += term;
    else
        atomic_add(&tally->shared[word - ZEM_OWN_WORDS], (u32)term);
}
#else
typedef u64 *tally_words;
ZEM_FUNCTION void tally_add(tally_words tally, u32 word, u64 term) { tally[word] += term; }
#endif

/* One trial as it is counted. */
struct trial_record {
    u32 trial_low, trial_high;
    float miss, flight_time, divert, saturated_time;
    float scored;             /* the miss that is held against the hit radii */
    u32 outcome;
};

/* Slot of the miss histogram: 0 below the first edge, ZEM_HISTOGRAM_BINS + 1 from the last edge on. */
ZEM_FUNCTION u32 histogram_slot(float miss)
{
    u32 low = 0u, high = ZEM_HISTOGRAM_BINS + 1u; /* smallest edge above the miss lies in [low, high] */
    while (low < high) {
        const u32 middle = (low + high) >> 1;
        if (miss < zem_histogram_edge[middle])
            high = middle;
        else
            low = middle + 1u;
    }
    return low;
}

/* x * 2^24 as an integer, rounded down; x >= 0, what exceeds 2^38 is cut off there and counted as clipped. */
ZEM_FUNCTION u64 fixed_point(float x, u32 *clipped)
{
    const float bound = 274877906944.0f;
    if (!(x < bound)) {
        *clipped = 1u;
        x = bound;
    }
    return (u64)(x * 16777216.0f);
}

ZEM_FUNCTION void tally_sum(tally_words tally, u32 word, float x, u32 *clipped)
{
    const u64 term = fixed_point(x, clipped);
    tally_add(tally, word, term & 0xFFFFFFFFu);
    tally_add(tally, word + 1u, term >> 32);
}

/* Mixes a trial's number with the bits of its miss (finaliser of Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014), so that a sum over trials turns with any bit of any miss. */
ZEM_FUNCTION u64 trial_mix(u32 trial_low, u32 trial_high, u32 miss_bits)
{
    u64 z = (((u64)trial_high << 32) | trial_low) * 0x9E3779B97F4A7C15ul + ((u64)miss_bits << 16) + 0x632BE59BD9B4E019ul;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ul;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBul;
    return z ^ (z >> 31);
}

/* Index of the smallest radius that counts this trial as a hit, radius_count if none does. */
ZEM_FUNCTION u32 smallest_hit_radius(UNIFORM struct cell_parameters *cell, const struct trial_record *trial)
{
    u32 index = 0u;
    if (trial->outcome != ZEM_OUTCOME_PASSED)
        return cell->radius_count;
    for (u32 k = 0; k < cell->radius_count; k++)
        index += trial->scored < cell->radius[k] ? 0u : 1u;
    return index;
}

/* What is held against the hit radii. Cookie-cutter: the miss. Carleton: a hit of radius a has probability exp(-miss^2 / 2a^2), so
 * with one uniform draw u for all radii it is one if miss^2 / 2a^2 < -ln u, that is miss / sqrt(-2 ln u) < a. */
ZEM_FUNCTION real scored_miss(UNIFORM struct cell_parameters *cell, const struct address *address, real miss)
{
    if (!HAS(cell, ZEM_FEATURE_CARLETON))
        return miss;
    const struct counter c = draw(address, ZEM_STREAM_LETHALITY, 0u);
    const real bound = greater(-2.0f * logarithm(uniform_positive(c.word[0])), splat(1.0e-30f)); /* u = 1: nothing but an exact pass hits */
    return miss * inverse_square_root(bound);
}

/* Hits of every shot and hits per salvo, within every radius. `smallest` has the index of each shot's smallest hit radius, 8 bits a shot. */
ZEM_FUNCTION void tally_salvo(UNIFORM struct cell_parameters *cell, tally_words tally, u64 smallest)
{
    const u32 radii = cell->radius_count, shots = cell->shots, first = ZEM_TALLY_SALVO(radii);
    for (u32 radius = 0; radius < radii; radius++) {
        u32 hits = 0u;
        for (u32 shot = 0; shot < shots; shot++)
            if (((u32)(smallest >> (8u * shot)) & 0xFFu) <= radius) {
                tally_add(tally, first + radius * shots + shot, 1u);
                hits++;
            }
        tally_add(tally, first + radii * shots + radius * (shots + 1u) + hits, 1u);
    }
}

/* Adds a trial to the sum that shows every bit of every miss: its outcome in place of a miss where it has none. */
ZEM_FUNCTION void tally_mix(tally_words tally, const struct trial_record *trial)
{
    union {
        float value;
        u32 word;
    } miss;
    miss.value = trial->miss;
    if (trial->outcome != ZEM_OUTCOME_PASSED)
        miss.word = 0xFFFFFFFFu - trial->outcome;
    tally_add(tally, ZEM_TALLY_MIX, trial_mix(trial->trial_low, trial->trial_high, miss.word));
}

/* Counts one trial. */
ZEM_FUNCTION void tally_trial(UNIFORM struct cell_parameters *cell, tally_words tally, const struct trial_record *trial)
{
    const u32 passed = trial->outcome == ZEM_OUTCOME_PASSED;
    u32 clipped = 0u;
    tally_add(tally, ZEM_TALLY_TRIALS, 1u);
    tally_add(tally, ZEM_TALLY_OUTCOME + trial->outcome, 1u);
    tally_add(tally, ZEM_TALLY_RADIUS + smallest_hit_radius(cell, trial), 1u);
    tally_mix(tally, trial);
    if (!passed)
        return;
    tally_add(tally, ZEM_TALLY_HISTOGRAM + histogram_slot(trial->miss), 1u);
    tally_sum(tally, ZEM_TALLY_MISS, trial->miss, &clipped);
    tally_sum(tally, ZEM_TALLY_MISS_SQUARED, trial->miss * trial->miss, &clipped);
    tally_sum(tally, ZEM_TALLY_FLIGHT_TIME, trial->flight_time, &clipped);
    tally_sum(tally, ZEM_TALLY_DIVERT, trial->divert, &clipped);
    tally_sum(tally, ZEM_TALLY_SATURATED_TIME, trial->saturated_time, &clipped);
    if (trial->saturated_time > 0.0f)
        tally_add(tally, ZEM_TALLY_SATURATED_TRIALS, 1u);
    if (clipped != 0u)
        tally_add(tally, ZEM_TALLY_CLIPPED, 1u);
}

/* The record of one lane. */
ZEM_FUNCTION struct trial_record lane_record(const struct flight *flight, real scored, const struct address *address, u32 trial_high, int k)
{
    struct trial_record trial;
    trial.trial_low = lane_bits(address->trial_low, k);
    trial.trial_high = trial_high;
    trial.miss = lane(flight->miss, k);
    trial.flight_time = lane(flight->flight_time, k);
    trial.divert = lane(flight->divert, k);
    trial.saturated_time = lane(flight->saturated_time, k);
    trial.scored = lane(scored, k);
    trial.outcome = lane_bits(flight->outcome, k);
    return trial;
}

/* Flies ZEM_LANES trials that start at number `first` of a batch and counts those below `trials`. With a salvo a trial is all its
 * shots; what is said of a trial as such is said of its first shot. */
ZEM_FUNCTION void tally_flights(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *schedule, const struct batch_range *range,
                                u32 first, tally_words tally)
{
    struct address address;
    u64 smallest[ZEM_LANES];
    const u32 shots = HAS(cell, ZEM_FEATURE_SALVO) ? cell->shots : 1u;
    address.trial_low = splat_bits(range->first_trial_low + first * range->stride) + lane_numbers() * range->stride;
    address.trial_high = splat_bits(range->first_trial_high);
    address.cell_word = cell->cell_word;
    address.seed_low = cell->seed_low;
    address.seed_high = cell->seed_high;
    for (u32 k = 0; k < ZEM_LANES; k++)
        smallest[k] = 0u;
    for (u32 shot = 0; shot < shots; shot++) {
        address.shot = shot;
        const struct flight flight = engagement_fly(cell, schedule, address);
        const real scored = scored_miss(cell, &address, flight.miss);
        for (u32 k = 0; k < ZEM_LANES && first + k < range->trials; k++) {
            const struct trial_record trial = lane_record(&flight, scored, &address, range->first_trial_high | (shot << 24), (int)k);
            if (shot == 0u)
                tally_trial(cell, tally, &trial);
            else
                tally_mix(tally, &trial);
            smallest[k] |= (u64)smallest_hit_radius(cell, &trial) << (8u * shot);
        }
    }
    if (HAS(cell, ZEM_FEATURE_SALVO))
        for (u32 k = 0; k < ZEM_LANES && first + k < range->trials; k++)
            tally_salvo(cell, tally, smallest[k]);
}

#endif
