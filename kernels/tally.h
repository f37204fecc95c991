/* Counts trials in tallies, arrays of the integers of enum zem_tally_word. All sums are of integers, so the order of
 * the trials, the device and the size of batches do not change them. The entry points of the kernels (engage.cl,
 * native_engine.c) call tally_flights. */
#ifndef ZEM_TALLY_H
#define ZEM_TALLY_H

#include "histogram_edges.h"

TABLE float zem_histogram_edge[ZEM_HISTOGRAM_BINS + 1] = {ZEM_HISTOGRAM_EDGES};

#if defined(__OPENCL_C_VERSION__)
/* A work-group's tally in local memory. The words before the histogram change with every trial, so each work-item has a
 * copy of its own. The copies are added up when the work-group ends. The other words are counts, which different trials
 * change at different places. Work-items share these words and change them by atomic additions. */
#define ZEM_OWN_WORDS ZEM_TALLY_HISTOGRAM
struct group_tally {
    __local u64 *own;    /* ZEM_OWN_WORDS x ZEM_GROUP words; the copies of one word are adjacent */
    __local u32 *shared; /* words from the histogram on */
    u32 item;            /* number of the work-item in its group */
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

/* Finds the slot of the miss histogram for the miss (m) of every lane (trial). Slot 0 is below the first edge, and slot
 * ZEM_HISTOGRAM_BINS + 1 is from the last edge on. A logarithm guesses the slot to within one. Comparisons with the two
 * edges of the guessed slot correct it. */
ZEM_FUNCTION void histogram_slots(real miss, u32 slot[ZEM_LANES])
{
    const real inside = lesser(greater(miss, splat(1.01e-3f)), splat(9.9e4f)); /* the miss held within the bins, m */
    const real place = fmadd(logarithm(inside), splat(13.8974363f), splat(96.5f)); /* 32 bins a decade from 1 mm */
    /* Adding 1.5 * 2^23 rounds to an integer in the low bits; 0x4B400000 is the bits of that constant. */
    u32 guess[ZEM_LANES];
    float value[ZEM_LANES];
    lane_words(as_bits(place + 12582912.0f) - 0x4B400000u, guess);
    lane_values(miss, value);
    for (int k = 0; k < ZEM_LANES; k++)
        slot[k] = guess[k] - (value[k] < zem_histogram_edge[guess[k] - 1u] ? 1u : 0u)
                  + (value[k] < zem_histogram_edge[guess[k]] ? 0u : 1u);
}

/* Returns x * 2^24 rounded down, a fixed-point number, for x >= 0. An x of 2^38 or more counts as 2^38 and sets
 * `*clipped` to 1. */
ZEM_FUNCTION u64 fixed_point(float x, u32 *clipped)
{
    const float bound = 274877906944.0f;
    const int fits = x < bound;
    *clipped |= fits ? 0u : 1u;
    return (u64)((fits ? x : bound) * 16777216.0f);
}

/* Returns a hash of a trial's number and of the bits of its miss. The sum of the hashes over all trials changes if any
 * bit of any miss changes. The finaliser is that of Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014. */
ZEM_FUNCTION u64 trial_mix(u32 trial_low, u32 trial_high, u32 miss_bits)
{
    u64 z =
        (((u64)trial_high << 32) | trial_low) * 0x9E3779B97F4A7C15ul + ((u64)miss_bits << 16) + 0x632BE59BD9B4E019ul;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ul;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBul;
    return z ^ (z >> 31);
}

/* Returns what the first `count` trials of a vector add to ZEM_TALLY_MIX. A trial without a miss distance enters its
 * outcome instead. */
ZEM_FUNCTION u64 flight_mix(const struct flight *flight, const struct address *address, u32 trial_high, u32 count)
{
    const mask passed = equal_bits(flight->outcome, splat_bits(ZEM_OUTCOME_PASSED));
    u32 trial_low[ZEM_LANES], result[ZEM_LANES];
    u64 mix = 0u;
    lane_words(address->trial_low, trial_low);
    lane_words(choose_bits(passed, as_bits(flight->miss), splat_bits(0xFFFFFFFFu) - flight->outcome), result);
    for (u32 k = 0; k < ZEM_LANES; k++)
        mix += k < count ? trial_mix(trial_low[k], trial_high, result[k]) : 0u;
    return mix;
}

/* Returns the index of the smallest hit radius within which a trial is a hit, or radius_count if there is none.
 * `scored` is the distance that scored_miss returns, m. */
ZEM_FUNCTION bits smallest_hit_radius(UNIFORM struct cell_parameters *cell, real scored, bits outcome)
{
    bits index = splat_bits(0u);
    for (u32 k = 0; k < cell->radius_count; k++)
        index = index + choose_bits(less(scored, splat(cell->radius[k])), splat_bits(0u), splat_bits(1u));
    return choose_bits(equal_bits(outcome, splat_bits(ZEM_OUTCOME_PASSED)), index, splat_bits(cell->radius_count));
}

/* Returns the distance that is compared with the hit radii, m.
 *
 * With the lethality cookie-cutter it is the miss distance. With carleton a trial is a hit of radius a with probability
 * exp(-miss^2 / 2a^2). One number u, drawn uniformly, serves all radii: the trial is a hit if miss^2 / 2a^2 < -ln u,
 * that is if miss / sqrt(-2 ln u) < a. So the function returns miss / sqrt(-2 ln u). */
ZEM_FUNCTION real scored_miss(UNIFORM struct cell_parameters *cell, const struct address *address, real miss)
{
    if (!HAS(cell, ZEM_FEATURE_CARLETON))
        return miss;
    const struct counter c = draw(address, ZEM_STREAM_LETHALITY, 0u);
    /* For u = 1, -2 ln u is 0. The bound replaces this 0, so that such a trial is a hit only if its miss is 0. */
    const real bound = greater(-2.0f * logarithm(uniform_positive(c.word[0])), splat(1.0e-30f));
    return miss * inverse_square_root(bound);
}

/* Counts one salvo: the hits of each of its shots, and the number of its hits, within every radius. `smallest` has the
 * index of each shot's smallest hit radius, 8 bits a shot. */
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

/* Adds the values x of the lanes (trials) that `counted` marks to the sum that begins at `word`. Lanes with a value
 * beyond the range of fixed_point are marked in `clipped`. The values are added up first, so that the tally is changed
 * once. */
ZEM_FUNCTION void tally_sum(tally_words tally, u32 word, const float x[ZEM_LANES], const u32 counted[ZEM_LANES],
                            u32 clipped[ZEM_LANES])
{
    u64 low = 0u, high = 0u;
    for (int k = 0; k < ZEM_LANES; k++) {
        const u64 term = fixed_point(x[k], &clipped[k]);
        low += counted[k] != 0u ? term & 0xFFFFFFFFu : 0u;
        high += counted[k] != 0u ? term >> 32 : 0u;
    }
    tally_add(tally, word, low);
    tally_add(tally, word + 1u, high);
}

/* Counts the first `count` trials of a vector in every word but ZEM_TALLY_MIX and those of a salvo. `radius` has the
 * index of each trial's smallest hit radius. */
ZEM_FUNCTION void tally_trials(tally_words tally, const struct flight *flight, bits radius, u32 count)
{
    float miss[ZEM_LANES], square[ZEM_LANES], flight_time[ZEM_LANES], divert[ZEM_LANES], saturated_time[ZEM_LANES];
    u32 outcome[ZEM_LANES], smallest[ZEM_LANES], slot[ZEM_LANES], counted[ZEM_LANES], clipped[ZEM_LANES],
        all_clipped = 0u, all_saturated = 0u;
    histogram_slots(flight->miss, slot);
    lane_values(flight->miss, miss);
    lane_values(flight->miss * flight->miss, square);
    lane_values(flight->flight_time, flight_time);
    lane_values(flight->divert, divert);
    lane_values(flight->saturated_time, saturated_time);
    lane_words(flight->outcome, outcome);
    lane_words(radius, smallest);
    for (u32 k = 0; k < ZEM_LANES; k++) {
        counted[k] = k < count && outcome[k] == ZEM_OUTCOME_PASSED ? 1u : 0u;
        clipped[k] = 0u;
    }
    tally_add(tally, ZEM_TALLY_TRIALS, count);
    for (u32 k = 0; k < count; k++) {
        tally_add(tally, ZEM_TALLY_OUTCOME + outcome[k], 1u);
        tally_add(tally, ZEM_TALLY_RADIUS + smallest[k], 1u);
        if (counted[k] != 0u)
            tally_add(tally, ZEM_TALLY_HISTOGRAM + slot[k], 1u);
    }
    tally_sum(tally, ZEM_TALLY_MISS, miss, counted, clipped);
    tally_sum(tally, ZEM_TALLY_MISS_SQUARED, square, counted, clipped);
    tally_sum(tally, ZEM_TALLY_FLIGHT_TIME, flight_time, counted, clipped);
    tally_sum(tally, ZEM_TALLY_DIVERT, divert, counted, clipped);
    tally_sum(tally, ZEM_TALLY_SATURATED_TIME, saturated_time, counted, clipped);
    for (int k = 0; k < ZEM_LANES; k++) {
        all_clipped += counted[k] & clipped[k];
        all_saturated += counted[k] != 0u && saturated_time[k] > 0.0f ? 1u : 0u;
    }
    tally_add(tally, ZEM_TALLY_SATURATED_TRIALS, all_saturated);
    tally_add(tally, ZEM_TALLY_CLIPPED, all_clipped);
}

/* Flies ZEM_LANES trials of the batch, from number `first` of the batch on, and counts those that belong to the batch.
 * In a salvo all shots of a trial are flown. Then miss, outcome and smallest hit radius are counted for the first shot
 * alone, ZEM_TALLY_MIX and the words of the salvo for all shots. */
ZEM_FUNCTION void tally_flights(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *schedule,
                                const struct batch_range *range, u32 first, tally_words tally)
{
    struct address address;
    struct observer observer = {0};
    u64 smallest[ZEM_LANES];
    const u32 shots = HAS(cell, ZEM_FEATURE_SALVO) ? cell->shots : 1u;
    const u32 left = range->trials - first, count = left < ZEM_LANES ? left : ZEM_LANES;
    address.trial_low = splat_bits(range->first_trial_low + cell->trial_offset + first * range->stride)
                        + lane_numbers() * range->stride;
    address.trial_high = splat_bits(range->first_trial_high);
    address.cell_word = cell->cell_word;
    address.seed_low = cell->seed_low;
    address.seed_high = cell->seed_high;
    for (u32 k = 0; k < ZEM_LANES; k++)
        smallest[k] = 0u;
    for (u32 shot = 0; shot < shots; shot++) {
        u32 index[ZEM_LANES];
        if (HAS(cell, ZEM_FEATURE_SALVO))
            REFRESH(cell, range->first_trial_high);
        address.shot = shot;
        const struct flight flight = flight_fly(cell, schedule, address, 0u, &observer);
        const bits radius = smallest_hit_radius(cell, scored_miss(cell, &address, flight.miss), flight.outcome);
        if (shot == 0u)
            tally_trials(tally, &flight, radius, count);
        tally_add(tally, ZEM_TALLY_MIX, flight_mix(&flight, &address, range->first_trial_high | (shot << 24), count));
        lane_words(radius, index);
        for (u32 k = 0; k < ZEM_LANES; k++)
            smallest[k] |= (u64)index[k] << (8u * shot);
    }
    if (HAS(cell, ZEM_FEATURE_SALVO))
        for (u32 k = 0; k < count; k++)
            tally_salvo(cell, tally, smallest[k]);
}

#endif
