/* The table of misspellings of units, and the search in it. */
#include "scenario/unit_alias.h"

#include <string.h>
#include <strings.h>

static const struct zem_unit_alias aliases[] = {
    {"g", "gravity", "g is a gram here"},
    {"G", "gravity", "G is a gauss or no unit here"},
    {"gs", "gravity", "this is no acceleration here"},
    {"g's", "gravity", "this is no acceleration here"},
    {"gee", "gravity", "there is no such unit"},
    {"g0", "gravity", "there is no such unit"},
    {"gravities", "gravity", "there is no such unit"},
    {"deg", "degree", "there is no such unit"},
    {"degs", "degree", "there is no such unit"},
    {"gn", "gravity", "there is no such unit"},
    {"g_n", "gravity", "there is no such unit"},
    {"mps", "m/s", "there is no such unit"},
    {"kmps", "km/s", "there is no such unit"},
    {"kms", "km/s", "there is no such unit"},
    {"kps", "km/s", "there is no such unit"},
    {"kph", "km/h", "this is no speed here"},
    {"kmh", "km/h", "there is no such unit"},
    {"kmph", "km/h", "there is no such unit"},
    {"mph", "mile/h", "this is no speed here"},
    {"kn", "knot", "there is no such unit"},
    {"fps", "ft/s", "there is no such unit"},
    {"m/s**2", "m/s2", "powers are written without a mark"},
    {"mps2", "m/s2", "there is no such unit"},
    {"km/sec^2", "km/s2", "there is no such unit"},
    {"msec", "ms", "there is no such unit"},
    {"hrs", "hour", "there is no such unit"},
    {"hz", "Hz", "there is no such unit"},
    {"1/s", "Hz", "this is no unit alone"},
    {"KM", "km", "there is no such unit"},
    {"NM", "nautical_mile", "there is no such unit"},
    {"yds", "yard", "there is no such unit"},
    {"\xC2\xBA", "degree", "this is the sign of an ordinal"},
    {"deg/s", "degree/s", "there is no such unit"},
    {"dps", "degree/s", "there is no such unit"},
};

const struct zem_unit_alias *zem_unit_alias_find(struct zem_units *units, const char *text,
                                                 const struct zem_unit *needed, struct zem_unit *right)
{
    for (int with_case = 1; with_case >= 0; with_case--)
        for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
            if ((with_case ? strcmp : strcasecmp)(text, aliases[i].wrong) != 0)
                continue;
            zem_unit_read(units, aliases[i].right, strlen(aliases[i].right), right);
            if (zem_unit_same_kind(right, needed))
                return &aliases[i];
        }
    return NULL;
}
