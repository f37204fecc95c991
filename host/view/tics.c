/* Tries sets of tics from dense to sparse, and takes the first one whose labels do not touch. */
#include "view/tics.h"

#include "view/text_fit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The least distances, in units of the size of the letters. */
#define APART_ACROSS 0.8 /* gap between two labels of a horizontal axis */
#define APART_UPWARD 1.5 /* between the middles of two labels of a vertical axis */
#define APART_MINOR 0.25 /* between two tics without labels */

static void write_power(char *text, size_t size, int exponent)
{
    static const char *const digits[] = {"\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",
                                         "\xe2\x81\xb4", "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7",
                                         "\xe2\x81\xb8", "\xe2\x81\xb9"};
    char decimal[16];
    size_t used = (size_t)snprintf(text, size, "10%s", exponent < 0 ? "\xe2\x81\xbb" : "");
    snprintf(decimal, sizeof decimal, "%d", exponent < 0 ? -exponent : exponent);
    for (const char *digit = decimal; *digit != '\0' && used < size; digit++)
        used += (size_t)snprintf(text + used, size - used, "%s", digits[*digit - '0']);
}

/* How the labels of an axis are written. */
struct style {
    int digits;
    bool powers; /* every label is a power of ten */
    bool superscripts;
};

/* Writes a number as people do: as a power of ten where it would have many zeros. */
static void write_label(char *text, size_t size, double value, const struct style *style)
{
    char plain[32];
    snprintf(plain, sizeof plain, "%.*g", style->digits, value);
    const bool small = value == 0.0 || (fabs(value) >= 0.9999e-3 && fabs(value) < 0.9999e5);
    if ((small && !style->powers) || !style->superscripts || value == 0.0) {
        snprintf(text, size, "%.31s", plain);
        return;
    }
    const int exponent = (int)floor(log10(fabs(value)) + 1e-9);
    const double mantissa = fabs(value) / pow(10.0, exponent);
    size_t used = (size_t)snprintf(text, size, "%s", value < 0.0 ? "-" : "");
    if (fabs(mantissa - 1.0) > 1e-6)
        used += (size_t)snprintf(text + used, size - used, "%.*g\xc3\x97", style->digits, mantissa);
    write_power(text + used, size - used, exponent);
}

static void add(struct zem_tics *tics, double place, const struct style *style)
{
    if (tics->count == ZEM_TICS_MOST)
        return;
    tics->place[tics->count] = place;
    write_label(tics->label[tics->count], sizeof tics->label[0], place, style);
    tics->widest = fmax(tics->widest, zem_text_width(tics->label[tics->count]));
    tics->count++;
}

/* Returns the place of a value on the axis, in units of the size of the letters. */
static double at(const struct zem_tic_axis *axis, double value)
{
    const double part = axis->logarithmic ? log(value / axis->first) / log(axis->last / axis->first)
                                          : (value - axis->first) / (axis->last - axis->first);
    return part * axis->length;
}

static bool is_apart(const struct zem_tics *tics, const struct zem_tic_axis *axis)
{
    for (size_t i = 1; i < tics->count; i++) {
        const double room = at(axis, tics->place[i]) - at(axis, tics->place[i - 1]);
        const double needed =
            axis->across ? APART_ACROSS + 0.5 * (zem_text_width(tics->label[i]) + zem_text_width(tics->label[i - 1]))
                         : APART_UPWARD;
        if (room < needed)
            return false;
    }
    return tics->count < ZEM_TICS_MOST;
}

/* ---- linear ---- */

/* Takes the smallest step, of three `steps` times powers of ten, whose labels do not touch. Returns false if there is
 * none. */
static bool try_steps(struct zem_tics *tics, const struct zem_tic_axis *axis, const double steps[3])
{
    const double range = axis->last - axis->first, little = 1e-9 * range;
    const int power = (int)floor(log10(range)) - 2;
    for (int i = 0; i < 12; i++) {
        const double step = steps[i % 3] * pow(10.0, power + i / 3);
        if (range / step > 10.5)
            continue;
        const double most = fmax(fabs(axis->first), fabs(axis->last));
        const struct style style = {(int)fmin(fmax(ceil(log10(most / step)) + 1.0, 6.0), 15.0), false,
                                    axis->superscripts};
        *tics = (struct zem_tics){.count = 0};
        for (double k = ceil((axis->first - little) / step); k * step <= axis->last + little; k += 1.0)
            if (!axis->logarithmic || k * step >= axis->first)
                add(tics, fabs(k) < 0.5 ? 0.0 : k * step, &style);
        if (is_apart(tics, axis))
            return true;
    }
    return false;
}

/* Chooses the tics of a linear axis. If the usual steps leave fewer than two tics, further steps are tried, because one
 * tic gives no scale. */
static void choose_linear(struct zem_tics *tics, const struct zem_tic_axis *axis)
{
    static const double usual[] = {1.0, 2.0, 5.0}, further[] = {2.5, 3.0, 4.0};
    struct zem_tics other;
    try_steps(tics, axis, usual);
    if (tics->count < 2 && try_steps(&other, axis, further) && other.count >= 2)
        *tics = other;
}

/* ---- logarithmic ---- */

/* Adds tics without labels at the multiples of each power of ten, if they stand apart. */
static void add_minor(struct zem_tics *tics, const struct zem_tic_axis *axis, double first_power)
{
    const double decade = axis->length / log10(axis->last / axis->first);
    if (decade * log10(10.0 / 9.0) < APART_MINOR)
        return;
    for (double power = first_power; power <= axis->last; power *= 10.0)
        for (int digit = 1; digit < 10; digit++) {
            const double place = digit * power;
            if (place < axis->first || place > axis->last || tics->minor_count == ZEM_TICS_MINOR_MOST)
                continue;
            bool is_labelled = false;
            for (size_t i = 0; i < tics->count; i++)
                is_labelled = is_labelled || fabs(tics->place[i] / place - 1.0) < 1e-6;
            if (!is_labelled)
                tics->minor[tics->minor_count++] = place;
        }
}

/* Adds tics at multiple[multiples] times every n-th power of ten (n = `every`), from 10^lowest on. */
static void add_multiples(struct zem_tics *tics, const struct zem_tic_axis *axis, int lowest, int every,
                          const double *multiple, size_t multiples, bool powers)
{
    const struct style style = {6, powers, axis->superscripts};
    for (int exponent = lowest; pow(10.0, exponent) <= axis->last * (1.0 + 1e-9); exponent++) {
        if (exponent % every != 0)
            continue;
        for (size_t i = 0; i < multiples; i++) {
            const double place = multiple[i] * pow(10.0, exponent);
            if (place >= axis->first * (1.0 - 1e-9) && place <= axis->last * (1.0 + 1e-9))
                add(tics, place, &style);
        }
    }
}

static void choose_logarithmic(struct zem_tics *tics, const struct zem_tic_axis *axis)
{
    static const double dense[] = {1, 1.5, 2, 3, 4, 5, 7}, usual[] = {1, 2, 5}, ends[] = {1, 3};
    const int lowest = (int)floor(log10(axis->first) + 1e-9);
    const double *const sets[] = {dense, usual, ends};
    static const size_t sizes[] = {7, 3, 2};
    const double decades = log10(axis->last / axis->first);
    for (size_t i = 0; i < 3; i++) {
        *tics = (struct zem_tics){.count = 0};
        if (decades > (i == 0 ? 1.5 : 4.0)) /* over more decades powers of ten alone are read more easily */
            continue;
        add_multiples(tics, axis, lowest, 1, sets[i], sizes[i], false);
        if (tics->count >= 2 && is_apart(tics, axis)) {
            add_minor(tics, axis, pow(10.0, lowest));
            return;
        }
    }
    for (int every = 1; every < 40; every++) {
        *tics = (struct zem_tics){.count = 0};
        const bool powers = axis->first < 0.9999e-3 || axis->last >= 0.9999e5;
        add_multiples(tics, axis, lowest, every, ends, 1, powers);
        if (is_apart(tics, axis))
            break;
    }
    if (tics->count < 2 && decades < 1.0)
        choose_linear(tics, axis);
    add_minor(tics, axis, pow(10.0, lowest));
}

void zem_tics_choose(struct zem_tics *tics, const struct zem_tic_axis *axis)
{
    *tics = (struct zem_tics){.count = 0};
    if (!(axis->first < axis->last) || !isfinite(axis->first) || !isfinite(axis->last))
        return;
    if (axis->logarithmic)
        choose_logarithmic(tics, axis);
    else
        choose_linear(tics, axis);
}
