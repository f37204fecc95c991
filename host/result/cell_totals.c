/* Reads counts and means from the totals of one cell. The sum of a quantity is stored in two 64-bit words, in fixed
 * point. The two are joined exactly in 128 bits before the sum becomes a floating-point number, so that a mean does not
 * depend on the order of the trials. */
#include "result/cell_totals.h"

#include "base/kernel_types.h"
#include "scenario/grid.h"

#include <math.h>

__extension__ typedef unsigned __int128 wide; /* holds any sum exactly: a high word times 2^32, and a low word */

size_t zem_radius_count(const struct zem_result *result) { return result->scenario->radius_count; }

size_t zem_shot_count(const struct zem_result *result)
{
    return (size_t)result->scenario->value[ZEM_KEY_SHOTS].integer;
}

uint64_t zem_trial_count(const struct zem_result *result, uint64_t cell)
{
    return zem_result_word(result, cell, ZEM_TALLY_TRIALS);
}

uint64_t zem_passed_count(const struct zem_result *result, uint64_t cell)
{
    return zem_result_word(result, cell, ZEM_TALLY_OUTCOME + ZEM_OUTCOME_PASSED);
}

uint64_t zem_shot_hits(const struct zem_result *result, uint64_t cell, size_t radius, size_t shot)
{
    return zem_result_word(result, cell,
                           ZEM_TALLY_SALVO(zem_radius_count(result)) + radius * zem_shot_count(result) + shot);
}

uint64_t zem_salvos_with_hits(const struct zem_result *result, uint64_t cell, size_t radius, size_t hits)
{
    size_t shots = zem_shot_count(result), radii = zem_radius_count(result);
    return zem_result_word(result, cell, ZEM_TALLY_SALVO(radii) + radii * shots + radius * (shots + 1) + hits);
}

double zem_cell_confidence(const struct zem_result *result, uint64_t cell)
{
    const struct zem_scenario *scenario = result->scenario;
    for (size_t i = 0; i < scenario->axis_count; i++)
        if (scenario->axis[i].key == ZEM_KEY_CONFIDENCE) {
            size_t index[ZEM_AXES_MAX];
            zem_grid_indices(scenario, cell, index);
            return scenario->axis[i].values[index[i]];
        }
    return scenario->value[ZEM_KEY_CONFIDENCE].first;
}

/* The sum of a quantity in fixed point, with units of 2^-24. Its two words in the totals of a cell begin at the index
 * `word`. */
static wide fixed_sum(const struct zem_result *result, uint64_t cell, size_t word)
{
    return ((wide)zem_result_word(result, cell, word + 1) << 32) + zem_result_word(result, cell, word);
}

double zem_mean_of_passed(const struct zem_result *result, uint64_t cell, size_t word)
{
    uint64_t passed = zem_passed_count(result, cell);
    if (passed == 0)
        return (double)NAN;
    return (double)fixed_sum(result, cell, word) / (double)passed * ldexp(1.0, -ZEM_TALLY_FRACTION_BITS);
}

/* The standard deviation of `count` = n numbers, from their sum S1 and their sum of squares S2. The variance times n^2
 * is n S2 - S1^2. This difference is exact in 128 bits up to a thousand million trials with a miss of a kilometre.
 * Beyond that the function subtracts the squared mean from the mean square in double precision, with an error of 1e-16
 * of the mean square. */
static double standard_deviation(uint64_t count, wide sum, wide sum_of_squares)
{
    const wide largest = ~(wide)0;
    double n = (double)count;
    if (count == 0)
        return (double)NAN;
    if (sum_of_squares <= (largest >> ZEM_TALLY_FRACTION_BITS) / count && (sum == 0 || sum <= largest / sum)) {
        wide first = (sum_of_squares << ZEM_TALLY_FRACTION_BITS) * count, second = sum * sum;
        return first > second ? ldexp(sqrt((double)(first - second)) / n, -ZEM_TALLY_FRACTION_BITS) : 0;
    }
    double mean = (double)sum / n, variance = ldexp((double)sum_of_squares / n, ZEM_TALLY_FRACTION_BITS) - mean * mean;
    return variance > 0 ? ldexp(sqrt(variance), -ZEM_TALLY_FRACTION_BITS) : 0;
}

double zem_miss_deviation(const struct zem_result *result, uint64_t cell)
{
    return standard_deviation(zem_passed_count(result, cell), fixed_sum(result, cell, ZEM_TALLY_MISS),
                              fixed_sum(result, cell, ZEM_TALLY_MISS_SQUARED));
}
