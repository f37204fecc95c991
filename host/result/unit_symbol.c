/* The plural names of units of time that a scenario may use, and their symbols. */
#include "result/unit_symbol.h"

#include <stddef.h>
#include <string.h>

const char *zem_unit_symbol(const char *unit)
{
    static const char *const plural[][2] = {{"days", "d"},        {"hours", "h"},         {"minutes", "min"},
                                            {"seconds", "s"},     {"milliseconds", "ms"}, {"microseconds", "us"},
                                            {"nanoseconds", "ns"}};
    for (size_t i = 0; i < sizeof plural / sizeof *plural; i++)
        if (strcmp(unit, plural[i][0]) == 0)
            return plural[i][1];
    return unit;
}
