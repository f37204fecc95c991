/* Moments, supports and quantiles of the distributions of a value. Sources: Johnson, Kotz and Balakrishnan, Continuous
 * Univariate Distributions, volume 1 (1994), truncated normal 13.10 and lognormal 14.3; volume 2 (1995), triangular
 * 26.9. */
#include "scenario/distribution.h"

#include "base/exact_math.h"
#include "base/statistics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The least probability that a normal distribution may have between the ends at which it is truncated. A value with
 * less is refused, because its ends lie so far in a tail that the shape of the normal distribution hardly matters. */
#define TRUNCATED_LEAST 1e-9

const struct zem_distribution_form zem_distribution_forms[ZEM_DISTRIBUTIONS] = {
    [ZEM_CONSTANT] = {"constant", 1, {ZEM_PART_VALUE}},
    [ZEM_NORMAL] = {"normal", 2, {ZEM_PART_MEAN, ZEM_PART_SIGMA}},
    [ZEM_UNIFORM] = {"uniform", 2, {ZEM_PART_FROM, ZEM_PART_TO}},
    [ZEM_TRUNCATED_NORMAL] = {"truncated normal", 4, {ZEM_PART_MEAN, ZEM_PART_SIGMA, ZEM_PART_FROM, ZEM_PART_TO}},
    [ZEM_LOGNORMAL] = {"lognormal", 2, {ZEM_PART_MEDIAN, ZEM_PART_GEOMETRIC_SIGMA}},
    [ZEM_TRIANGULAR] = {"triangular", 3, {ZEM_PART_FROM, ZEM_PART_MODE, ZEM_PART_TO}},
    [ZEM_LIST] = {"list", 0, {ZEM_PART_VALUE}},
};

const char *const zem_part_names[ZEM_PARTS] = {[ZEM_PART_VALUE] = "",
                                               [ZEM_PART_MEAN] = "mean",
                                               [ZEM_PART_SIGMA] = "sigma",
                                               [ZEM_PART_FROM] = "from",
                                               [ZEM_PART_TO] = "to",
                                               [ZEM_PART_MEDIAN] = "median",
                                               [ZEM_PART_GEOMETRIC_SIGMA] = "geometric_sigma",
                                               [ZEM_PART_MODE] = "mode"};

bool zem_part_find(const char *name, enum zem_part *part)
{
    for (int i = ZEM_PART_VALUE + 1; i < ZEM_PARTS; i++)
        if (strcmp(name, zem_part_names[i]) == 0) {
            *part = (enum zem_part)i;
            return true;
        }
    return false;
}

double *zem_value_part(struct zem_value *value, enum zem_part part)
{
    double *const places[ZEM_FORM_PARTS] = {&value->first, &value->second, &value->third, &value->fourth};
    const struct zem_distribution_form *form = &zem_distribution_forms[value->distribution];
    for (size_t i = 0; i < form->part_count; i++)
        if (form->part[i] == part)
            return places[i];
    return value->distribution == ZEM_CONSTANT && part == ZEM_PART_MEAN ? &value->first : NULL;
}

void zem_value_fix(struct zem_value *value, double constant)
{
    value->distribution = ZEM_CONSTANT;
    value->first = constant;
    value->second = value->third = value->fourth = 0.0;
    value->list = NULL;
}

bool zem_key_disperses(const struct zem_key_info *info)
{
    static const char *const sections[] = {"engagement", "target", "interceptor", "seeker"};
    bool known = false;
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        known = known || strcmp(info->section, sections[i]) == 0;
    return known && (info->kind == ZEM_QUANTITY || info->kind == ZEM_NUMBER);
}

bool zem_key_takes_formula(const struct zem_key_info *info)
{
    return zem_key_disperses(info) || info == &zem_key_table[ZEM_KEY_SPACING] || info == &zem_key_table[ZEM_KEY_STEP]
           || info == &zem_key_table[ZEM_KEY_STEP_RATIO];
}

/* ---- the truncated normal distribution ---- */

/* The ends of a truncated normal distribution in standard deviations from the mean. If both lie above the mean, both
 * are mirrored at the mean, so that the probabilities below them are small numbers, which have more digits than numbers
 * near 1. */
struct ends {
    double low, high;             /* ends in standard deviations from the mean */
    double low_tail, probability; /* probability below `low`, and between the ends */
    double sign;                  /* -1 if the ends are mirrored, otherwise 1 */
};

static struct ends ends_of(const struct zem_value *value)
{
    const double low = (value->third - value->first) / value->second,
                 high = (value->fourth - value->first) / value->second;
    struct ends ends = {.low = low, .high = high, .sign = 1.0};
    if (low > 0.0)
        ends = (struct ends){.low = -high, .high = -low, .sign = -1.0};
    ends.low_tail = zem_exact_normal_tail(ends.low);
    ends.probability = zem_exact_normal_tail(ends.high) - ends.low_tail;
    return ends;
}

static double density(double x) { return zem_exact_exp(-0.5 * x * x) * 0.398942280401432677940; }

/* Mean and mean square of a standard normal variable that is truncated at the ends. */
static void truncated_moments(const struct ends *ends, double *mean, double *square)
{
    const double low = density(ends->low), high = density(ends->high);
    *mean = (low - high) / ends->probability;
    *square = 1.0 + (ends->low * low - ends->high * high) / ends->probability;
}

static double truncated_quantile(const struct zem_value *value, double u)
{
    if (!(value->second > 0.0))
        return value->first;
    const struct ends ends = ends_of(value);
    const double share = ends.sign > 0.0 ? u : 1.0 - u;
    const double z = zem_normal_quantile(ends.low_tail + share * ends.probability);
    const double x = value->first + value->second * (ends.sign * z);
    return x < value->third ? value->third : x > value->fourth ? value->fourth : x;
}

/* ---- moments ---- */

double zem_distribution_mean(const struct zem_value *value)
{
    const struct zem_value_list *list = value->list;
    double mean, square, sum = 0.0;
    switch (value->distribution) {
    case ZEM_UNIFORM:
        return 0.5 * (value->first + value->second);
    case ZEM_TRUNCATED_NORMAL: {
        if (!(value->second > 0.0))
            return value->first;
        const struct ends ends = ends_of(value);
        truncated_moments(&ends, &mean, &square);
        return value->first + value->second * (ends.sign * mean);
    }
    case ZEM_LOGNORMAL: {
        const double s = zem_exact_log(value->second);
        return value->first * zem_exact_exp(0.5 * s * s);
    }
    case ZEM_TRIANGULAR:
        return (value->first + value->second + value->third) / 3.0;
    case ZEM_LIST:
        for (size_t i = 0; i < list->count; i++)
            sum += list->value[i] * (list->cumulative[i] - (i > 0 ? list->cumulative[i - 1] : 0.0));
        return sum;
    default:
        return value->first;
    }
}

double zem_distribution_mean_square(const struct zem_value *value)
{
    const struct zem_value_list *list = value->list;
    const double a = value->first, b = value->second, c = value->third;
    double mean, square, sum = 0.0;
    switch (value->distribution) {
    case ZEM_NORMAL:
        return a * a + b * b;
    case ZEM_UNIFORM:
        return (a * a + a * b + b * b) / 3.0;
    case ZEM_TRUNCATED_NORMAL: {
        if (!(b > 0.0))
            return a * a;
        const struct ends ends = ends_of(value);
        truncated_moments(&ends, &mean, &square);
        return a * a + 2.0 * a * b * (ends.sign * mean) + b * b * square;
    }
    case ZEM_LOGNORMAL: {
        const double s = zem_exact_log(b);
        return a * a * zem_exact_exp(2.0 * s * s);
    }
    case ZEM_TRIANGULAR:
        return (a * a + b * b + c * c + a * b + a * c + b * c) / 6.0;
    case ZEM_LIST:
        for (size_t i = 0; i < list->count; i++)
            sum += list->value[i] * list->value[i] * (list->cumulative[i] - (i > 0 ? list->cumulative[i - 1] : 0.0));
        return sum;
    default:
        return a * a;
    }
}

void zem_distribution_support(const struct zem_value *value, double *low, double *high)
{
    const struct zem_value_list *list = value->list;
    *low = *high = value->first;
    switch (value->distribution) {
    case ZEM_NORMAL:
        *low = value->second > 0.0 ? -(double)INFINITY : value->first;
        *high = value->second > 0.0 ? (double)INFINITY : value->first;
        break;
    case ZEM_UNIFORM:
        *high = value->second;
        break;
    case ZEM_TRUNCATED_NORMAL:
        *low = value->second > 0.0 ? value->third : value->first;
        *high = value->second > 0.0 ? value->fourth : value->first;
        break;
    case ZEM_LOGNORMAL: /* no draw is 0, so the lower end is the smallest positive number */
        *low = value->second > 1.0 ? 0x1p-1022 : value->first;
        *high = value->second > 1.0 ? (double)INFINITY : value->first;
        break;
    case ZEM_TRIANGULAR:
        *high = value->third;
        break;
    case ZEM_LIST:
        *low = (double)INFINITY;
        *high = -(double)INFINITY;
        for (size_t i = 0; i < list->count; i++) {
            *low = list->weight[i] > 0.0 && list->value[i] < *low ? list->value[i] : *low;
            *high = list->weight[i] > 0.0 && list->value[i] > *high ? list->value[i] : *high;
        }
        break;
    default:
        break;
    }
}

/* ---- quantiles ---- */

static double triangular_quantile(const struct zem_value *value, double u)
{
    const double from = value->first, mode = value->second, to = value->third, width = to - from;
    if (!(width > 0.0))
        return from;
    if (u * width < mode - from)
        return from + sqrt(u * width * (mode - from));
    return to - sqrt((1.0 - u) * width * (to - mode));
}

double zem_distribution_from_uniform(const struct zem_value *value, double u)
{
    const struct zem_value_list *list = value->list;
    size_t i = 0;
    switch (value->distribution) {
    case ZEM_NORMAL:
    case ZEM_LOGNORMAL:
        return zem_distribution_from_normal(value, zem_normal_quantile(u));
    case ZEM_UNIFORM:
        return value->first + u * (value->second - value->first);
    case ZEM_TRUNCATED_NORMAL:
        return truncated_quantile(value, u);
    case ZEM_TRIANGULAR:
        return triangular_quantile(value, u);
    case ZEM_LIST:
        while (i + 1 < list->count && !(u < list->cumulative[i]))
            i++;
        return list->value[i];
    default:
        return value->first;
    }
}

double zem_distribution_from_normal(const struct zem_value *value, double z)
{
    if (value->distribution == ZEM_NORMAL)
        return value->first + value->second * z;
    if (value->distribution == ZEM_LOGNORMAL)
        return value->first * zem_exact_exp(z * zem_exact_log(value->second));
    return zem_distribution_from_uniform(value, zem_exact_normal_tail(z));
}

/* ---- checks ---- */

/* Returns why the parts of a distribution, such as mean and sigma, contradict each other, or NULL if they do not. */
static const char *parts_fault(const struct zem_value *value)
{
    switch (value->distribution) {
    case ZEM_NORMAL:
        return value->second < 0.0 ? "a standard deviation must not be negative" : NULL;
    case ZEM_UNIFORM:
        return value->first > value->second ? "from is greater than to; exchange them" : NULL;
    case ZEM_TRUNCATED_NORMAL:
        if (value->second < 0.0)
            return "a standard deviation must not be negative";
        if (!(value->third < value->fourth))
            return "from must be less than to";
        if (value->second > 0.0 ? ends_of(value).probability < TRUNCATED_LEAST
                                : value->first < value->third || value->first > value->fourth)
            return "less than 1e-9 of this normal distribution lies between from and to; move its mean or its ends";
        return NULL;
    case ZEM_LOGNORMAL:
        if (!(value->first > 0.0))
            return "the median of a lognormal distribution must be greater than zero";
        return value->second < 1.0
                   ? "geometric_sigma is a factor of 1 or more: two thirds of the draws lie between the "
                     "median divided by it and the median times it"
                   : NULL;
    case ZEM_TRIANGULAR:
        return value->first <= value->second && value->second <= value->third
                   ? NULL
                   : "from, mode and to must stand in increasing order";
    default:
        return NULL;
    }
}

bool zem_value_fault(const struct zem_key_info *info, const struct zem_value *value, char *text, size_t size)
{
    double low, high;
    const char *fault = parts_fault(value);
    const bool constant = value->distribution == ZEM_CONSTANT;
    if (fault != NULL) {
        snprintf(text, size, "%s", fault);
        return true;
    }
    zem_distribution_support(value, &low, &high);
    if (isnan(low) || isnan(high) || (constant && fabs(low) > 1e30)) {
        snprintf(text, size, "must be a finite number; look for a division by zero or an overflow");
        return true;
    }
    const bool broken =
        (info->rule == ZEM_RULE_POSITIVE && !(low > 0.0)) || (info->rule == ZEM_RULE_NONNEGATIVE && !(low >= 0.0));
    if (!broken)
        return false;
    const char *rule = info->rule == ZEM_RULE_POSITIVE ? "must be greater than zero" : "must not be negative";
    if (value->distribution == ZEM_NORMAL)
        snprintf(text, size,
                 "%s, and a normal distribution has values of every size; truncate it, as in {mean: , sigma: , from: , "
                 "to: }",
                 rule);
    else
        snprintf(text, size, "%s%s", constant ? "" : "every value that can be drawn ", rule);
    return true;
}
