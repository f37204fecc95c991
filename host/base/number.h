/* Decimal numbers read from text and written as text, correctly rounded and in the C locale, whatever locale the
 * process runs in. Scenarios, options and tables of results all use them. */
#ifndef ZEM_NUMBER_H
#define ZEM_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands at the start of a text. A scenario accepts only ZEM_NUMBER_DECIMAL; each other form has its own
 * message. */
enum zem_number_form {
    ZEM_NUMBER_DECIMAL,    /* [+-]digits[.digits][e[+-]digits], also .5 and 5., then the end or a blank */
    ZEM_NUMBER_NONE,       /* no number */
    ZEM_NUMBER_HEX,        /* 0x, 0o or 0b */
    ZEM_NUMBER_NOT_FINITE, /* nan or inf, with or without a sign and a point before it */
    ZEM_NUMBER_COMMA,      /* a comma inside the digits */
    ZEM_NUMBER_UNDERSCORE, /* an underscore inside the digits */
    ZEM_NUMBER_JOINED      /* a number that other characters follow without a blank, as in "3km" */
};

/* Classifies the start of a text of `length` bytes. `used` gets the number of bytes of the decimal number that stands
 * there, or 0 if the form is NONE, HEX or NOT_FINITE. */
enum zem_number_form zem_number_scan(const char *text, size_t length, size_t *used);

/* Returns the decimal number in the `length` bytes of text that zem_number_scan found, times ten to the power
 * `exponent`. The product is rounded once: 5 with exponent -3 gives the double nearest to 0.005. Infinity if the value
 * is too large for a double; NaN without memory, which texts of up to 224 bytes do not need. */
double zem_number_value(const char *text, size_t length, int exponent);

/* Reads a whole number without a sign from `low` to `high`, for options and indices of cells. Returns false and leaves
 * `number` unchanged if the text is anything else. */
bool zem_number_whole(const char *text, uint64_t low, uint64_t high, uint64_t *number);

/* Returns what is appended to a noun of which there are `count`: nothing for one, else "s". */
const char *zem_plural(uint64_t count);

/* Writes a decimal number of at most 17 digits that reads back as the same double, nearly always the shortest, into
 * `text` of `size` bytes. Returns `text`. */
const char *zem_number_format(double value, char *text, size_t size);

/* Writes a value with `digits` significant digits, 1 to 17, into `text` of `size` bytes. Returns `text`. */
const char *zem_number_format_digits(double value, int digits, char *text, size_t size);

#endif
