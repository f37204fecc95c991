/* A duration of two units is first rounded to the smaller unit and then split, so that "1 min 60 s" or "1 day 24 h"
 * never appear. */
#include "base/duration.h"

#include <math.h>
#include <stdio.h>

#define YEAR_SECONDS 31557600.0 /* a Julian year of 365.25 days */

/* Writes `count` smaller units, `parts` of which make a larger unit, as "3 h 20 min" or, without a rest, "3 h". */
static void two_units(double count, double parts, const char *larger, const char *smaller, char *text, size_t size)
{
    const double whole = floor(count / parts), rest = count - whole * parts;
    if (rest > 0.0)
        snprintf(text, size, "%.0f %s %.0f %s", whole, larger, rest, smaller);
    else
        snprintf(text, size, "%.0f %s", whole, larger);
}

const char *zem_duration_format(double seconds, char *text, size_t size)
{
    const double minutes = round(seconds / 60.0), hours = round(seconds / 3600.0);
    if (!(seconds >= 0.0) || !isfinite(seconds))
        snprintf(text, size, "unknown");
    else if (seconds < 59.95)
        snprintf(text, size, "%.3g s", seconds);
    else if (round(seconds) < 3600.0)
        two_units(round(seconds), 60.0, "min", "s", text, size);
    else if (minutes < 24.0 * 60.0)
        two_units(minutes, 60.0, "h", "min", text, size);
    else if (seconds < YEAR_SECONDS)
        two_units(hours, 24.0, hours < 48.0 ? "day" : "days", "h", text, size);
    else
        snprintf(text, size, "%.2g years", seconds / YEAR_SECONDS);
    return text;
}
