/* The rows of outcome.h as data, and the check at compile time that none is left out. */
#include "result/outcome.h"

#define ROW(enumerator, word, name, meaning) [enumerator] = {word, name, meaning},
#define BIT(enumerator, word, name, meaning) | 1u << (enumerator)

const struct zem_ending zem_outcome_table[ZEM_OUTCOME_COUNT + 1] = {ZEM_OUTCOMES(ROW)};
const struct zem_ending zem_stop_reason_table[ZEM_STOP_REASON_COUNT] = {ZEM_STOP_REASONS(ROW)};

_Static_assert((0u ZEM_OUTCOMES(BIT)) == (1u << (ZEM_OUTCOME_COUNT + 1)) - 1u, "a row for every member of zem_outcome");
_Static_assert((0u ZEM_STOP_REASONS(BIT)) == (1u << ZEM_STOP_REASON_COUNT) - 1u, "a row for every zem_stop_reason");
