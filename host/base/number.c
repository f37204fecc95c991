/* Decimal numbers by strtod and snprintf, which round correctly in glibc. uselocale sets the C locale for the calling
 * thread during the call, so that the decimal separator is a point in every locale of the program that calls these
 * functions. */
#include "base/number.h"

#include <errno.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static size_t digits_at(const char *text, size_t length, size_t start)
{
    size_t end = start;
    while (end < length && is_digit(text[end]))
        end++;
    return end - start;
}

/* Whether the text begins with `word`, in capitals or small letters. A blank or the end of the text must follow the
 * word, except after "inf", because "infinity" counts too. */
static bool word_at(const char *text, size_t length, const char *word)
{
    size_t size = strlen(word);
    if (length < size)
        return false;
    for (size_t i = 0; i < size; i++)
        if ((text[i] | 0x20) != word[i])
            return false;
    return length == size || text[size] == ' ' || text[size] == '\t' || strcmp(word, "inf") == 0;
}

enum zem_number_form zem_number_scan(const char *text, size_t length, size_t *used)
{
    size_t at = 0;
    *used = 0;
    if (at < length && (text[at] == '+' || text[at] == '-'))
        at++;
    size_t word = at < length && text[at] == '.' ? at + 1 : at;
    if (word_at(text + word, length - word, "nan") || word_at(text + word, length - word, "inf"))
        return ZEM_NUMBER_NOT_FINITE;
    if (at + 1 < length && text[at] == '0' && strchr("xXoObB", text[at + 1]) != NULL && text[at + 1] != '\0')
        return ZEM_NUMBER_HEX;
    size_t whole = digits_at(text, length, at), fraction = 0;
    at += whole;
    if (at < length && text[at] == '.') {
        fraction = digits_at(text, length, at + 1);
        at += 1 + fraction;
    }
    if (whole + fraction == 0)
        return ZEM_NUMBER_NONE;
    if (at < length && (text[at] == 'e' || text[at] == 'E')) {
        size_t sign = at + 1 < length && (text[at + 1] == '+' || text[at + 1] == '-') ? 1 : 0;
        size_t exponent = digits_at(text, length, at + 1 + sign);
        if (exponent > 0)
            at += 1 + sign + exponent;
    }
    *used = at;
    if (at == length || text[at] == ' ' || text[at] == '\t')
        return ZEM_NUMBER_DECIMAL;
    if (text[at] == ',')
        return ZEM_NUMBER_COMMA;
    return text[at] == '_' ? ZEM_NUMBER_UNDERSCORE : ZEM_NUMBER_JOINED;
}

/* The C locale that the thread uses during a call, and the locale that the thread used before. */
struct c_locale {
    locale_t own, previous;
};

/* Sets the C locale for the calling thread. Without memory for it the thread keeps its present locale. */
static struct c_locale c_locale_enter(void)
{
    struct c_locale locale = {newlocale(LC_ALL_MASK, "C", (locale_t)0), (locale_t)0};
    if (locale.own != (locale_t)0)
        locale.previous = uselocale(locale.own);
    return locale;
}

static void c_locale_leave(struct c_locale locale)
{
    if (locale.own == (locale_t)0)
        return;
    uselocale(locale.previous);
    freelocale(locale.own);
}

static double c_locale_strtod(const char *text)
{
    struct c_locale locale = c_locale_enter();
    double value = strtod(text, NULL);
    c_locale_leave(locale);
    return value;
}

double zem_number_value(const char *text, size_t length, int exponent)
{
    char usual[256], *copy = length + 32 <= sizeof usual ? usual : malloc(length + 32);
    if (copy == NULL)
        return NAN;
    size_t mantissa = 0;
    while (mantissa < length && text[mantissa] != 'e' && text[mantissa] != 'E')
        mantissa++;
    long written = 0;
    if (mantissa < length) {
        memcpy(copy, text + mantissa + 1, length - mantissa - 1);
        copy[length - mantissa - 1] = '\0';
        written = strtol(copy, NULL, 10);
        written = written > 100000 ? 100000 : written < -100000 ? -100000 : written;
    }
    memcpy(copy, text, mantissa);
    snprintf(copy + mantissa, 32, "e%ld", written + exponent);
    double value = c_locale_strtod(copy);
    if (copy != usual)
        free(copy);
    return value == 0 ? 0 : value; /* "-0" reads as plain zero */
}

/* A number in scientific notation: up to 17 digits without the point, and the power of ten of the first one. */
struct scientific {
    bool negative;
    int digits; /* how many there are */
    long exponent;
    char digit[24];
};

/* Rounds a finite value to `digits` significant digits, by printf in the present locale. `text` of `size` bytes gets
 * the number as printf writes it. */
static struct scientific scientific_of(double value, int digits, char *text, size_t size)
{
    struct scientific number = {.negative = signbit(value) != 0};
    const char *at = text;
    snprintf(text, size, "%.*e", digits - 1, value);
    for (; *at != 'e' && *at != '\0'; at++)
        if (is_digit(*at))
            number.digit[number.digits++] = *at;
    number.exponent = *at == 'e' ? strtol(at + 1, NULL, 10) : 0;
    return number;
}

/* Writes the digits from number `first` up to, but without, number `end`, and 0 for those that are missing at either
 * side. Returns the next free place. */
static char *digits_write(const struct scientific *number, long first, long end, char *out)
{
    for (long k = first; k < end; k++)
        *out++ = k >= 0 && k < number->digits ? number->digit[k] : '0';
    return out;
}

/* Writes a number. Magnitudes from 1e-4 to 1e16 are written without an exponent and without trailing zeros after the
 * point; other magnitudes are written with an exponent. */
static void scientific_write(const struct scientific *number, char *text, size_t size)
{
    char all[48], *end = all;
    const long exponent = number->exponent;
    const bool plain = exponent >= -4 && exponent < 16;
    const long whole = plain ? exponent + 1 : 1; /* digits before the point */
    if (number->negative)
        *end++ = '-';
    end = digits_write(number, whole < 1 ? whole - 1 : 0, whole, end);
    if (number->digits > whole) {
        *end++ = '.';
        end = digits_write(number, whole, number->digits, end);
        while (plain && end[-1] == '0')
            end--;
        if (end[-1] == '.')
            end--;
    }
    *end = '\0';
    if (plain)
        snprintf(text, size, "%s", all);
    else
        snprintf(text, size, "%se%ld", all, exponent);
}

const char *zem_number_format_digits(double value, int digits, char *text, size_t size)
{
    char printed[40];
    struct c_locale locale = c_locale_enter();
    if (isfinite(value)) {
        const struct scientific number = scientific_of(value, digits, printed, sizeof printed);
        scientific_write(&number, text, size);
    } else
        snprintf(text, size, "%f", value);
    c_locale_leave(locale);
    return text;
}

/* Fifteen digits tell any two decimal numbers of up to fifteen digits apart as doubles (DBL_DIG). So if a value reads
 * back from fifteen digits, the shortest number is these digits without the zeros at their end. Numbers below DBL_MIN
 * have fewer bits, and every number of digits is tried for them. */
const char *zem_number_format(double value, char *text, size_t size)
{
    char printed[40];
    if (!isfinite(value))
        return zem_number_format_digits(value, 1, text, size);
    const double magnitude = fabs(value);
    int digits = magnitude > 0 && magnitude < DBL_MIN ? 1 : DBL_DIG;
    struct c_locale locale = c_locale_enter();
    struct scientific number = scientific_of(value, digits, printed, sizeof printed);
    while (digits < DBL_DECIMAL_DIG && strtod(printed, NULL) != value)
        number = scientific_of(value, ++digits, printed, sizeof printed);
    c_locale_leave(locale);
    while (number.digits > 1 && number.digit[number.digits - 1] == '0')
        number.digits--;
    scientific_write(&number, text, size);
    return text;
}

bool zem_number_whole(const char *text, uint64_t low, uint64_t high, uint64_t *number)
{
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0')
        return false;
    errno = 0;
    const unsigned long long value = strtoull(text, NULL, 10);
    if (errno != 0 || value < low || value > high)
        return false;
    *number = value;
    return true;
}

const char *zem_plural(uint64_t count) { return count == 1 ? "" : "s"; }
