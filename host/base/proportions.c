/* Exact tests of two proportions by sums of probabilities. The first probability of a sum comes from statistics.c. Each
 * further one is its neighbour times a ratio, so that no factorial is computed. */
#include "base/proportions.h"

#include <math.h>
#include <stdbool.h>

/* Above this variance the normal distribution replaces a sum. The relative error of its tail is the skewness, at most
 * 1e-4, times a sixth of the cube of the score, which is the distance from the mean in standard deviations: 0.2 % for a
 * p-value of 1e-6. */
static const double LARGE_VARIANCE = 1e8;

/* Two tables count as equally probable if the logarithms of their probabilities differ by at most this bound, because
 * they may differ by rounding. R's fisher.test has the same bound. */
static const double TIE = 1e-7;

/* The probability that a normal variable of mean 0 and this variance is farther from 0 than |distance| - 1/2. The 1/2
 * is the correction for continuity. */
static double normal_tails(double distance, double variance)
{
    return fmin(1.0, erfc(fmax(fabs(distance) - 0.5, 0.0) / sqrt(2.0 * variance)));
}

/* ---- hypergeometric ---- */

/* The distribution of the hits of the first of two groups, given the trials of both groups and their total of hits. It
 * is hypergeometric. */
struct table {
    double m, n, hits; /* trials of the first and of the second group, hits of both groups together */
    double low, high;  /* smallest and largest possible hits of the first group */
    double variance;
};

static struct table table_make(struct zem_proportion first, struct zem_proportion second)
{
    struct table t = {.m = (double)first.trials, .n = (double)second.trials};
    t.hits = (double)first.hits + (double)second.hits;
    t.low = fmax(0.0, t.hits - t.n);
    t.high = fmin(t.m, t.hits);
    const double all = t.m + t.n, share = t.hits / all;
    t.variance = all > 1.0 ? t.m * (t.n / all) * share * (1.0 - share) * (all / (all - 1.0)) : 0.0;
    return t;
}

static double table_log_probability(const struct table *t, double k)
{
    const double all = t->m + t->n, p = t->hits / all, q = (all - t->hits) / all;
    return zem_binomial_log_probability(k, t->m - k, p, q)
           + zem_binomial_log_probability(t->hits - k, t->n - t->hits + k, p, q)
           - zem_binomial_log_probability(t->hits, all - t->hits, p, q);
}

/* P(k + step) / P(k), where P(k) is the probability of k hits in the first group and step is 1 or -1. */
static double table_ratio(const struct table *t, double k, int step)
{
    return step > 0 ? (t->m - k) * (t->hits - k) / ((k + 1.0) * (t->n - t->hits + k + 1.0))
                    : k * (t->n - t->hits + k) / ((t->m - k + 1.0) * (t->hits - k + 1.0));
}

/* The sum of the probabilities from k to the last possible number of hits in the direction of `step`. The probabilities
 * must decrease in that direction. */
static double table_tail(const struct table *t, double k, int step)
{
    double term = exp(table_log_probability(t, k)), sum = term;
    for (double end = step > 0 ? t->high : t->low; k != end; k += step) {
        term *= table_ratio(t, k, step);
        sum += term;
        if (term < 1e-17 * sum)
            break;
    }
    return sum;
}

/* Finds the number of hits nearest to the mode, on the side of the mode to which `step` points, whose probability has a
 * logarithm of at most `limit`. Returns false if there is none on that side. */
static bool table_opposite(const struct table *t, double mode, double limit, int step, double *found)
{
    double inside = mode, outside = step > 0 ? t->high : t->low;
    if (table_log_probability(t, outside) > limit)
        return false;
    while (fabs(outside - inside) > 1.0) {
        const double middle = floor(0.5 * (inside + outside));
        if (table_log_probability(t, middle) > limit)
            inside = middle;
        else
            outside = middle;
    }
    *found = outside;
    return true;
}

/* The p-value of Fisher's test for k hits in the first group. */
static double table_test(const struct table *t, double k)
{
    if (!(t->low < t->high))
        return 1.0;
    if (t->variance > LARGE_VARIANCE)
        return normal_tails(k - t->m * (t->hits / (t->m + t->n)), t->variance);
    const double mode = fmin(fmax(floor((t->m + 1.0) * ((t->hits + 1.0) / (t->m + t->n + 2.0))), t->low), t->high);
    const double limit = table_log_probability(t, k) + TIE;
    if (table_log_probability(t, mode) <= limit)
        return 1.0;
    const int step = k > mode ? 1 : -1;
    double opposite, sum = table_tail(t, k, step);
    if (table_opposite(t, mode, limit, -step, &opposite))
        sum += table_tail(t, opposite, -step);
    return fmin(1.0, sum);
}

double zem_proportions_fisher(struct zem_proportion first, struct zem_proportion second)
{
    const struct table t = table_make(first, second);
    return t.m > 0.0 && t.n > 0.0 ? table_test(&t, (double)first.hits) : 1.0;
}

double zem_proportions_fisher_least(struct zem_proportion first, struct zem_proportion second)
{
    const struct table t = table_make(first, second);
    return t.m > 0.0 && t.n > 0.0 ? fmin(table_test(&t, t.low), table_test(&t, t.high)) : 1.0;
}

/* ---- pairs ---- */

double zem_proportions_sign(uint64_t first_only, uint64_t second_only)
{
    const double most = (double)(first_only > second_only ? first_only : second_only),
                 all = (double)first_only + (double)second_only;
    if (2.0 * most <= all + 1.0)
        return 1.0;
    if (0.25 * all > LARGE_VARIANCE)
        return normal_tails(most - 0.5 * all, 0.25 * all);
    double term = exp(zem_binomial_log_probability(most, all - most, 0.5, 0.5)), sum = term;
    for (double k = most; k < all && term > 1e-17 * sum; k += 1.0) {
        term *= (all - k) / (k + 1.0);
        sum += term;
    }
    return fmin(1.0, 2.0 * sum);
}

double zem_proportions_sign_least(uint64_t discordant) { return fmin(1.0, 2.0 * exp(-log(2.0) * (double)discordant)); }

/* ---- any dependence ---- */

double zem_proportions_dependent(struct zem_proportion first, struct zem_proportion second)
{
    if (first.trials == 0 || second.trials == 0)
        return 1.0;
    struct zem_proportion less = first, more = second;
    if ((double)first.hits * (double)second.trials > (double)second.hits * (double)first.trials) {
        less = second;
        more = first;
    }
    /* The lower tail of the result with the smaller share of hits falls with the common probability p, and the upper
     * tail of the other result rises. The smaller of the two tails is largest where they are equal. Bisection finds
     * that p between the two shares of hits. */
    double low = (double)less.hits / (double)less.trials, high = (double)more.hits / (double)more.trials;
    for (int i = 0; i < 40; i++) {
        const double middle = 0.5 * (low + high);
        if (zem_binomial_lower_tail(less.hits, less.trials, middle)
            > zem_binomial_upper_tail(more.hits, more.trials, middle))
            low = middle;
        else
            high = middle;
    }
    return fmin(1.0, 4.0
                         * fmin(zem_binomial_lower_tail(less.hits, less.trials, low),
                                zem_binomial_upper_tail(more.hits, more.trials, high)));
}

/* ---- intervals ---- */

/* Combines two standard deviations, or distances of limits, into that of a difference: sqrt(a^2 + b^2 - 2 correlation a
 * b). */
static double combined(double a, double b, double correlation)
{
    return sqrt(fmax(0.0, a * a + b * b - 2.0 * correlation * a * b));
}

struct zem_interval zem_proportions_interval(struct zem_proportion first, struct zem_proportion second,
                                             double correlation, double confidence)
{
    if (first.trials == 0 || second.trials == 0)
        return (struct zem_interval){-1.0, 1.0};
    const double p = (double)first.hits / (double)first.trials, q = (double)second.hits / (double)second.trials;
    const struct zem_interval a = zem_interval_binomial(first.hits, first.trials, confidence, ZEM_CLOPPER_PEARSON),
                              b = zem_interval_binomial(second.hits, second.trials, confidence, ZEM_CLOPPER_PEARSON);
    return (struct zem_interval){fmax(-1.0, q - p - combined(a.upper - p, q - b.lower, correlation)),
                                 fmin(1.0, q - p + combined(p - a.lower, b.upper - q, correlation))};
}

struct zem_interval zem_proportions_paired_interval(uint64_t first_only, uint64_t second_only, uint64_t pairs,
                                                    double confidence)
{
    const double b = (double)first_only, c = (double)second_only, n = (double)pairs;
    const double correlation = b < n && c < n ? -sqrt(b * c / ((n - b) * (n - c))) : -1.0;
    return zem_proportions_interval((struct zem_proportion){first_only, pairs},
                                    (struct zem_proportion){second_only, pairs}, correlation, confidence);
}
