/* Decimal numbers by strtod and snprintf, which round correctly in glibc. uselocale sets the C locale for the calling
 * thread during the call, so that the decimal separator is a point in every locale of the program that calls these
 * functions. */
#include "base/number.h"

#include <errno.h>
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

/* Writes a value with `digits` significant digits in the present locale. Magnitudes from 1e-4 to 1e16 are written
 * without an exponent and without trailing zeros after the point; other magnitudes are written with an exponent. */
static void digits_print(double value, int digits, char *text, size_t size)
{
    char scientific[40];
    snprintf(scientific, sizeof scientific, "%.*e", digits - 1, value);
    const char *mark = strchr(scientific, 'e');
    long exponent = mark != NULL ? strtol(mark + 1, NULL, 10) : 0;
    if (mark == NULL || (exponent >= -4 && exponent < 16)) {
        int decimals = digits - 1 - (int)exponent;
        snprintf(text, size, "%.*f", decimals > 0 ? decimals : 0, mark != NULL ? strtod(scientific, NULL) : value);
        if (decimals > 0 && mark != NULL) {
            size_t end = strlen(text);
            while (end > 1 && text[end - 1] == '0')
                text[--end] = '\0';
            if (text[end - 1] == '.')
                text[end - 1] = '\0';
        }
    } else
        snprintf(text, size, "%.*se%ld", (int)(mark - scientific), scientific, exponent);
}

const char *zem_number_format_digits(double value, int digits, char *text, size_t size)
{
    struct c_locale locale = c_locale_enter();
    digits_print(value, digits, text, size);
    c_locale_leave(locale);
    return text;
}

const char *zem_number_format(double value, char *text, size_t size)
{
    for (int digits = 1; digits <= 17; digits++) {
        zem_number_format_digits(value, digits, text, size);
        if (c_locale_strtod(text) == value)
            break;
    }
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
