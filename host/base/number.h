/* Decimal numbers as text, always in the C locale and correctly rounded, whatever locale the process runs in. */
#ifndef ZEM_NUMBER_H
#define ZEM_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands at the start of a text. All but ZEM_NUMBER_DECIMAL is refused in a scenario, each with its own sentence.
 */
enum zem_number_form {
    ZEM_NUMBER_DECIMAL,    /* [+-]digits[.digits][e[+-]digits], then the end or a blank */
    ZEM_NUMBER_NONE,       /* no number */
    ZEM_NUMBER_HEX,        /* 0x, 0o or 0b */
    ZEM_NUMBER_NOT_FINITE, /* nan, inf, with or without a point and a sign */
    ZEM_NUMBER_COMMA,      /* a comma inside the digits */
    ZEM_NUMBER_UNDERSCORE, /* an underscore inside the digits */
    ZEM_NUMBER_JOINED      /* a number directly followed by something else, as in "3km" */
};

/* Classifies the text and gives the length of the number in it. */
enum zem_number_form zem_number_scan(const char *text, size_t length, size_t *used);

/* Value of a decimal number (as found by zem_number_scan) times ten to the `exponent`, rounded once: 5 with exponent -3
 * is exactly the double 0.005. Infinity if it is beyond the range of a double. */
double zem_number_value(const char *text, size_t length, int exponent);

/* Reads a decimal integer without sign from `low` to `high`, as options and indices of cells are written; false if the
 * text is anything else. */
bool zem_number_whole(const char *text, uint64_t low, uint64_t high, uint64_t *number);

/* Writes the shortest text that reads back as the same double into `text`. Returns text. */
const char *zem_number_format(double value, char *text, size_t size);

/* The same with this many significant digits, 1 to 17. */
const char *zem_number_format_digits(double value, int digits, char *text, size_t size);

#endif
