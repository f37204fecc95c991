/* The conditions that every tally meets, one function for each. They follow from kernels/tally.h. */
#include "result/tally_check.h"

#include "result/result_variables.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* A sum of fixed-point terms that were rounded down, in units of 2^-ZEM_TALLY_FRACTION_BITS. */
static double sum_of(const uint64_t *tally, size_t word)
{
    return (double)tally[word] + 4294967296.0 * (double)tally[word + 1];
}

static uint64_t count(const uint64_t *words, size_t number)
{
    uint64_t sum = 0;
    for (size_t k = 0; k < number; k++)
        sum += words[k];
    return sum;
}

/* The slots (bins) of the histogram from the first to the last that is not empty: `first` to `end` - 1. Most cells use
 * few of them. */
struct slots {
    size_t first, end;
};

static struct slots slots_used(const uint64_t *slot)
{
    struct slots used = {0, ZEM_HISTOGRAM_SLOTS};
    while (used.first < used.end && slot[used.first] == 0)
        used.first++;
    while (used.end > used.first && slot[used.end - 1] == 0)
        used.end--;
    return used;
}

static bool equal(uint64_t counted, uint64_t wanted, const char *what, char *text, size_t size)
{
    if (counted != wanted)
        snprintf(text, size, "%" PRIu64 " %s, of %" PRIu64, counted, what, wanted);
    return counted == wanted;
}

static bool at_most(uint64_t counted, uint64_t bound, const char *what, char *text, size_t size)
{
    return counted <= bound || equal(counted, bound, what, text, size);
}

/* Whether every trial has one outcome and one smallest hit radius, or no hit, and every trial that passed has one
 * miss. */
static bool counts_add_up(const struct cell_parameters *cell, const uint64_t *tally, struct slots used, uint64_t trials,
                          char *text, size_t size)
{
    const uint64_t passed = tally[ZEM_TALLY_OUTCOME + ZEM_OUTCOME_PASSED];
    return equal(tally[ZEM_TALLY_TRIALS], trials, "trials", text, size)
           && equal(count(tally + ZEM_TALLY_OUTCOME, ZEM_OUTCOME_COUNT), trials, "outcomes", text, size)
           && equal(count(tally + ZEM_TALLY_RADIUS, cell->radius_count + 1), trials, "trials by hit radius", text, size)
           && equal(count(tally + ZEM_TALLY_HISTOGRAM + used.first, used.end - used.first), passed,
                    "misses in the histogram", text, size)
           && at_most(count(tally + ZEM_TALLY_RADIUS, cell->radius_count), passed, "hits", text, size)
           && at_most(tally[ZEM_TALLY_CLIPPED], passed, "clipped trials", text, size)
           && at_most(tally[ZEM_TALLY_SATURATED_TRIALS], passed, "saturated trials", text, size);
}

/* Whether the sum of the misses lies between the sums of the lower and of the upper edges of their bins. Each term was
 * rounded down by less than one unit. Sums in double precision are wrong by less than 1e-12 of themselves. */
static bool misses_add_up(const uint64_t *tally, struct slots used, char *text, size_t size)
{
    const double *edge = zem_histogram_edges(), unit = ldexp(1.0, ZEM_TALLY_FRACTION_BITS);
    const uint64_t *slot = tally + ZEM_TALLY_HISTOGRAM;
    const double sum = sum_of(tally, ZEM_TALLY_MISS), slack = 1e-12 * sum;
    double least = 0.0, most = 0.0;
    if (tally[ZEM_TALLY_CLIPPED] > 0)
        return true;
    for (size_t k = used.first; k < used.end && k <= ZEM_HISTOGRAM_BINS; k++) {
        least += k > 0 ? (double)slot[k] * (edge[k - 1] * unit - 1.0) : 0.0;
        most += (double)slot[k] * edge[k] * unit;
    }
    least += (double)slot[ZEM_HISTOGRAM_BINS + 1] * (edge[ZEM_HISTOGRAM_BINS] * unit - 1.0);
    if (sum + slack >= least && (slot[ZEM_HISTOGRAM_BINS + 1] > 0 || sum - slack <= most))
        return true;
    snprintf(text, size, "misses of %.17g m in all, of %.17g m by the histogram", sum / unit, least / unit);
    return false;
}

/* Whether the hits fit the histogram: trials in bins below a hit radius are hits, and trials in bins above it are none.
 * With Carleton's lethality a draw decides on the hit, and nothing is checked. */
static bool hits_fit_the_histogram(const struct cell_parameters *cell, const uint64_t *tally, struct slots used,
                                   char *text, size_t size)
{
    const double *edge = zem_histogram_edges();
    const uint64_t *slot = tally + ZEM_TALLY_HISTOGRAM;
    uint64_t hits = 0;
    for (uint32_t radius = 0; radius < cell->radius_count && (cell->features & ZEM_FEATURE_CARLETON) == 0; radius++) {
        uint64_t least = 0, most = 0;
        for (size_t k = used.first; k < used.end; k++) {
            least += k <= ZEM_HISTOGRAM_BINS && edge[k] <= (double)cell->radius[radius] ? slot[k] : 0;
            most += k == 0 || edge[k - 1] < (double)cell->radius[radius] ? slot[k] : 0;
        }
        hits += tally[ZEM_TALLY_RADIUS + radius];
        if (hits >= least && hits <= most)
            continue;
        snprintf(text, size, "%" PRIu64 " hits within %.6g m, of %" PRIu64 " to %" PRIu64 " by the histogram", hits,
                 (double)cell->radius[radius], least, most);
        return false;
    }
    return true;
}

/* Whether the counts of salvos by their number of hits agree with the other counts, for each hit radius: the salvos add
 * up to the trials, the hits in them are as many as the hits of all shots, and the hits of the first shot are the hits
 * of the trials. */
static bool salvo_adds_up(const struct cell_parameters *cell, const uint64_t *tally, uint64_t trials, char *text,
                          size_t size)
{
    const uint32_t radii = cell->radius_count, shots = cell->shots;
    uint64_t first = 0;
    for (uint32_t radius = 0; radius < radii && shots > 1; radius++) {
        const uint64_t *shot = tally + ZEM_TALLY_SALVO(radii) + radius * shots;
        const uint64_t *salvo = tally + ZEM_TALLY_SALVO(radii) + radii * shots + radius * (shots + 1);
        uint64_t hits = 0;
        first += tally[ZEM_TALLY_RADIUS + radius];
        for (uint32_t k = 0; k <= shots; k++)
            hits += k * salvo[k];
        if (!equal(count(salvo, shots + 1), trials, "salvos", text, size)
            || !equal(count(shot, shots), hits, "hits of all shots", text, size)
            || !equal(shot[0], first, "hits of the first shot", text, size))
            return false;
    }
    return true;
}

bool zem_tally_adds_up(const struct cell_parameters *cell, const uint64_t *tally, uint64_t trials, char *text,
                       size_t size)
{
    const struct slots used = slots_used(tally + ZEM_TALLY_HISTOGRAM);
    return counts_add_up(cell, tally, used, trials, text, size) && misses_add_up(tally, used, text, size)
           && hits_fit_the_histogram(cell, tally, used, text, size) && salvo_adds_up(cell, tally, trials, text, size);
}
