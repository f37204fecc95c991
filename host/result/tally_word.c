/* Names the words of a tally by their place in enum zem_tally_word. */
#include "result/tally_word.h"

#include "base/kernel_types.h"
#include "result/outcome.h"
#include "result/result_variables.h"

#include <stdio.h>

static const char *sum_name(size_t word)
{
    switch (word) {
    case ZEM_TALLY_TRIALS:
        return "trials";
    case ZEM_TALLY_MIX:
        return "mix of all misses";
    case ZEM_TALLY_CLIPPED:
        return "clipped trials";
    case ZEM_TALLY_SATURATED_TRIALS:
        return "saturated trials";
    case ZEM_TALLY_MISS:
    case ZEM_TALLY_MISS + 1:
        return "sum of misses";
    case ZEM_TALLY_MISS_SQUARED:
    case ZEM_TALLY_MISS_SQUARED + 1:
        return "sum of squared misses";
    case ZEM_TALLY_FLIGHT_TIME:
    case ZEM_TALLY_FLIGHT_TIME + 1:
        return "sum of flight times";
    case ZEM_TALLY_DIVERT:
    case ZEM_TALLY_DIVERT + 1:
        return "sum of diverts";
    case ZEM_TALLY_SATURATED_TIME:
    case ZEM_TALLY_SATURATED_TIME + 1:
        return "sum of times at the limit";
    default:
        return NULL;
    }
}

const char *zem_tally_word_name(size_t word, const double *radius, size_t radii, size_t shots, char *text, size_t size)
{
    const size_t salvo = ZEM_TALLY_SALVO(radii);
    if (sum_name(word) != NULL)
        snprintf(text, size, "%s", sum_name(word));
    else if (word < ZEM_TALLY_OUTCOME + ZEM_OUTCOME_COUNT)
        snprintf(text, size, "outcome \"%s\"", zem_outcome_table[word - ZEM_TALLY_OUTCOME].name);
    else if (word < ZEM_TALLY_RADIUS)
        snprintf(text, size, "miss histogram, bin %zu", word - ZEM_TALLY_HISTOGRAM);
    else if (word < ZEM_TALLY_RADIUS + radii)
        snprintf(text, size, "trials whose smallest hit radius is %.6g m", radius[word - ZEM_TALLY_RADIUS]);
    else if (word < salvo)
        snprintf(text, size, "trials without a hit");
    else if (word < salvo + radii * shots)
        snprintf(text, size, "hits of shot %zu within %.6g m", (word - salvo) % shots, radius[(word - salvo) / shots]);
    else
        snprintf(text, size, "salvos with %zu hits within %.6g m", (word - salvo - radii * shots) % (shots + 1),
                 radius[(word - salvo - radii * shots) / (shots + 1)]);
    return text;
}
