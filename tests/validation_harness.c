/* Runs scenarios in this process, reads their totals and computes the statistics by which random checks are judged. See
 * validation.h. */
#include "validation.h"

#include "base/kernel_types.h"
#include "scenario/grid.h"
#include "run/run.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void give_up(const char *what, const char *text)
{
    fprintf(stderr, "validation: %s\n%s\n", what, text);
    exit(70);
}

static void read_scenario(struct flown *flown, const char *text)
{
    struct zem_diagnostics diagnostics;
    struct zem_error error = {0};
    zem_diagnostics_init(&diagnostics, "validation");
    const int status =
        zem_scenario_read_text(&flown->scenario, "validation", text, strlen(text), NULL, 0, &diagnostics, &error);
    if (status != 0) {
        char line[1024] = "";
        if (diagnostics.count > 0)
            zem_diagnostics_format(&diagnostics, 0, line, sizeof line);
        fprintf(stderr, "%s\n%s\n", line, error.message);
        give_up("a scenario was refused", text);
    }
    zem_diagnostics_free(&diagnostics);
}

/* Reads the scenario that the format and its arguments give, and keeps its text in `text`. */
static void read_format(struct flown *flown, char *text, size_t size, const char *format, va_list arguments)
{
    const int head = snprintf(text, size, "zem: 1\ntitle: validation\n");
    const int body = vsnprintf(text + head, size - (size_t)head, format, arguments);
    if (body < 0 || (size_t)(head + body) >= size)
        give_up("a scenario is too long", format);
    memset(flown, 0, sizeof *flown);
    read_scenario(flown, text);
}

void read_only(struct flown *flown, const char *format, ...)
{
    char text[8192];
    va_list arguments;
    va_start(arguments, format);
    read_format(flown, text, sizeof text, format, arguments);
    va_end(arguments);
}

void fly(struct flown *flown, const char *format, ...)
{
    char text[8192];
    struct zem_error error = {0};
    const struct zem_run_options options = {.devices = "openmp", .isa = getenv("ZEM_VALIDATION_ISA")};
    va_list arguments;
    va_start(arguments, format);
    read_format(flown, text, sizeof text, format, arguments);
    va_end(arguments);
    if (zem_result_init(&flown->result, &flown->scenario, &error) != 0
        || zem_run(&flown->scenario, &options, &flown->result, &error) != 0)
        give_up(error.message, text);
}

void flown_free(struct flown *flown)
{
    zem_result_free(&flown->result);
    zem_scenario_free(&flown->scenario);
}

uint64_t cell_word(const struct flown *flown, uint64_t cell, size_t word)
{
    return zem_result_word(&flown->result, cell, word);
}

double cell_sum_mean(const struct flown *flown, uint64_t cell, int word)
{
    const double sum = ldexp((double)cell_word(flown, cell, (size_t)word), -ZEM_TALLY_FRACTION_BITS)
                       + ldexp((double)cell_word(flown, cell, (size_t)word + 1), 32 - ZEM_TALLY_FRACTION_BITS);
    return sum / (double)cell_word(flown, cell, ZEM_TALLY_OUTCOME + ZEM_OUTCOME_PASSED);
}

double cell_miss_mean(const struct flown *flown, uint64_t cell) { return cell_sum_mean(flown, cell, ZEM_TALLY_MISS); }

double cell_miss_rms(const struct flown *flown, uint64_t cell)
{
    return sqrt(cell_sum_mean(flown, cell, ZEM_TALLY_MISS_SQUARED));
}

double cell_hit_fraction(const struct flown *flown, uint64_t cell, size_t radius)
{
    return (double)zem_result_hits(&flown->result, cell, radius) / (double)cell_word(flown, cell, ZEM_TALLY_TRIALS);
}

double axis_value(const struct flown *flown, size_t axis, uint64_t cell)
{
    size_t index[ZEM_AXES_MAX];
    zem_grid_indices(&flown->scenario, cell, index);
    return flown->scenario.axis[axis].values[index[axis]];
}

const char *radius_list(double largest, size_t count, char *text, size_t size)
{
    size_t used = 0;
    for (size_t k = 1; k <= count; k++)
        used += (size_t)snprintf(text + used, size - used, "%s%.9g m", k == 1 ? "[" : ", ",
                                 largest * (double)k / (double)count);
    snprintf(text + used, size - used, "]");
    return text;
}

double larger(double a, double b) { return a > b ? a : b; }

/* The tail is the regularized upper incomplete gamma function Q(freedom/2, x/2), by its series below x/2 = freedom/2 +
 * 1 and by Lentz's continued fraction above (Abramowitz and Stegun 6.5.29, 6.5.31). */
double chi_square_tail(double x, double freedom)
{
    const double a = 0.5 * freedom, y = 0.5 * x;
    if (y <= 0.0)
        return 1.0;
    const double front = exp(a * log(y) - y - lgamma(a));
    if (y < a + 1.0) {
        double term = 1.0 / a, sum = term;
        for (int n = 1; n < 10000 && term > 1e-17 * sum; n++)
            sum += term *= y / (a + n);
        return 1.0 - front * sum;
    }
    double b = y + 1.0 - a, c = 1e300, d = 1.0 / b, h = d;
    for (int n = 1; n < 10000; n++) {
        const double numerator = -n * (n - a);
        b += 2.0;
        d = 1.0 / (numerator * d + b);
        c = b + numerator / c;
        h *= d * c;
        if (fabs(d * c - 1.0) < 1e-15)
            break;
    }
    return front * h;
}

double chi_square_test(const uint64_t *counts, const double *probabilities, size_t classes)
{
    double total = 0.0, statistic = 0.0, count = 0.0, expected = 0.0, last_count = 0.0, last_expected = 0.0;
    int pools = 0;
    for (size_t k = 0; k < classes; k++)
        total += (double)counts[k];
    for (size_t k = 0; k < classes; k++) {
        count += (double)counts[k];
        expected += total * probabilities[k];
        if (expected < 10.0)
            continue;
        if (pools++ > 0)
            statistic += (last_count - last_expected) * (last_count - last_expected) / last_expected;
        last_count = count;
        last_expected = expected;
        count = expected = 0.0;
    }
    last_count += count; /* the remaining classes go to the last pool */
    last_expected += expected;
    statistic += (last_count - last_expected) * (last_count - last_expected) / last_expected;
    return pools > 1 ? chi_square_tail(statistic, pools - 1) : 1.0;
}

double radii_test(const struct flown *flown, uint64_t cell, double (*probability)(double radius, const void *context),
                  const void *context)
{
    const size_t radii = flown->scenario.radius_count;
    uint64_t counts[ZEM_RADII_MAX + 1];
    double probabilities[ZEM_RADII_MAX + 1], below = 0.0;
    for (size_t k = 0; k <= radii; k++) {
        const double p = k < radii ? probability(flown->scenario.radius[k], context) : 1.0;
        counts[k] = cell_word(flown, cell, ZEM_TALLY_RADIUS + k);
        probabilities[k] = p - below;
        below = p;
    }
    return chi_square_test(counts, probabilities, radii + 1);
}
