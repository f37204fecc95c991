/* A duration as people say it: "12.3 s", "4 min 10 s", "3 h 20 min", "2 days 5 h", "3.1 years". */
#ifndef ZEM_DURATION_H
#define ZEM_DURATION_H

#include <stddef.h>

/* Writes a duration in s into `text` of `size` bytes, rounded to about three digits or two units. A negative duration,
 * NaN and infinity give "unknown". Returns `text`. 40 bytes are enough. */
const char *zem_duration_format(double seconds, char *text, size_t size);

#endif
