/* Estimates the indices from sums of products over the trials. The sums are taken in the order of the trials. */
#include "study/sobol.h"

#include "base/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The terms of a trial for one source. a, b and c are the outputs with the trial's own draws, with its partner's draws,
 * and with the partner's draw in this source alone, each minus the mean of the output. The first three terms are
 * control variates (a b; a^2 - b^2; c^2 - (a^2 + b^2)/2). The means of the last three are wanted (b c; a c; (a^2 +
 * b^2)/2). */
enum { BOTH, OWN_MINUS_PARTNER, EXCHANGED_MINUS_MEAN, CONTROLS, FIRST = CONTROLS, REST, SQUARE, TERMS };

struct terms {
    double of[TERMS];
};

/* The means of the terms, and their correction by the control variates. */
struct fit {
    double mean[TERMS];             /* means without correction */
    double weight[TERMS][CONTROLS]; /* weights of the control variates in each wanted term */
    double corrected[TERMS];        /* corrected means of the wanted terms */
    double rest[TERMS][TERMS];      /* covariance that the control variates leave */
    bool few_own;                   /* the exchanged output (c) differs from the own output (a) in few trials */
    bool few_partner;               /* the pairs of the exchanged and the partner's output (b) give exact intervals */
};

static double dot(const double *x, const double *y, const double *mean, size_t components)
{
    double sum = 0.0;
    for (size_t k = 0; k < components; k++)
        sum += (x[k] - mean[k]) * (y[k] - mean[k]);
    return sum;
}

static struct terms terms_of(const struct zem_sobol_sample *s, const double *exchanged, const double *mean, size_t j)
{
    const size_t n = s->components;
    const double *a = s->own + j * n, *b = s->partner + j * n, *c = exchanged + j * n;
    const double aa = dot(a, a, mean, n), bb = dot(b, b, mean, n);
    struct terms t;
    t.of[SQUARE] = 0.5 * (aa + bb);
    t.of[BOTH] = dot(a, b, mean, n);
    t.of[OWN_MINUS_PARTNER] = aa - bb;
    t.of[EXCHANGED_MINUS_MEAN] = dot(c, c, mean, n) - t.of[SQUARE];
    t.of[FIRST] = dot(b, c, mean, n);
    t.of[REST] = dot(a, c, mean, n);
    return t;
}

/* Eliminates the control variates from a covariance matrix (Gauss), so that the block of the wanted terms becomes the
 * covariance that the control variates leave. Then finds the weights of the control variates in each wanted term by
 * back substitution. A control variate that the earlier ones explain to rounding has the weight 0. */
static void eliminate_controls(double matrix[TERMS][TERMS], double weight[TERMS][CONTROLS])
{
    bool kept[CONTROLS];
    double plain[CONTROLS];
    for (int k = 0; k < CONTROLS; k++)
        plain[k] = matrix[k][k];
    for (int k = 0; k < CONTROLS; k++) {
        kept[k] = plain[k] > 0.0 && matrix[k][k] > 1e-10 * plain[k];
        for (int i = k + 1; kept[k] && i < TERMS; i++) {
            const double factor = matrix[i][k] / matrix[k][k];
            for (int n = k; n < TERMS; n++)
                matrix[i][n] -= factor * matrix[k][n];
        }
    }
    for (int t = FIRST; t < TERMS; t++)
        for (int k = CONTROLS - 1; k >= 0; k--) {
            double sum = matrix[k][t];
            for (int n = k + 1; n < CONTROLS; n++)
                sum -= matrix[k][n] * weight[t][n];
            weight[t][k] = kept[k] ? sum / matrix[k][k] : 0.0;
        }
}

static struct fit fit_terms(const struct zem_sobol_sample *s, const double *exchanged, const double *mean)
{
    struct fit fit = {.mean = {0}};
    const double n = (double)s->trials;
    for (size_t j = 0; j < s->trials; j++) {
        const struct terms t = terms_of(s, exchanged, mean, j);
        for (int i = 0; i < TERMS; i++) {
            fit.mean[i] += t.of[i];
            for (int k = 0; k <= i; k++)
                fit.rest[i][k] += t.of[i] * t.of[k];
        }
    }
    for (int i = 0; i < TERMS; i++)
        fit.mean[i] /= n;
    for (int i = 0; i < TERMS; i++)
        for (int k = 0; k <= i; k++)
            fit.rest[k][i] = fit.rest[i][k] = fit.rest[i][k] / n - fit.mean[i] * fit.mean[k];
    eliminate_controls(fit.rest, fit.weight);
    for (int t = FIRST; t < TERMS; t++) {
        fit.corrected[t] = fit.mean[t];
        for (int k = 0; k < CONTROLS; k++)
            fit.corrected[t] -= fit.weight[t][k] * fit.mean[k];
    }
    return fit;
}

static double held(double x) { return fmin(fmax(x, 0.0), 1.0); }

/* Returns a share with its interval, clipped to [0, 1]. The interval is laid about the clipped estimate. A value that
 * differs from 0 by rounding alone becomes 0. `z` is the normal quantile of the confidence. */
static struct zem_sobol_estimate share(double value, double error, double z)
{
    const double inside = fabs(value) < 1e-12 ? 0.0 : held(value);
    return (struct zem_sobol_estimate){inside, held(inside - z * error), held(inside + z * error)};
}

static struct zem_sobol_estimate undefined(void)
{
    return (struct zem_sobol_estimate){(double)NAN, (double)NAN, (double)NAN};
}

/* Returns the standard error of the ratio of the corrected mean of a term to that of SQUARE, by the delta method. */
static double ratio_error(const struct fit *fit, int term, double ratio, size_t trials)
{
    const double variance =
        fit->rest[term][term] - 2.0 * ratio * fit->rest[term][SQUARE] + ratio * ratio * fit->rest[SQUARE][SQUARE];
    return sqrt(fmax(variance, 0.0) / (double)(trials - CONTROLS - 1)) / fit->corrected[SQUARE];
}

/* ---- outputs that are 0 or 1 ---- */

/* Counts of pairs of outputs that are 0 or 1. */
struct pairs {
    uint64_t different, ones; /* number of pairs of a 0 and a 1, and of two ones */
};

/* Counts the pairs of x[trials] and y[trials]. `one` is the output that is counted as 1, the rarer of 0 and 1. */
static struct pairs count_pairs(const double *x, const double *y, size_t trials, double one)
{
    struct pairs pairs = {0, 0};
    for (size_t j = 0; j < trials; j++) {
        pairs.different += x[j] != y[j];
        pairs.ones += x[j] == one && y[j] == one;
    }
    return pairs;
}

/* Returns the interval of E[(x - y)^2] / 2V, where few pairs (x, y) of outputs are different. V is the variance of the
 * output, and `mean` the mean of the rarer of its two values. */
static struct zem_sobol_estimate exact_share(struct pairs pairs, double mean, double confidence)
{
    const struct zem_interval d =
        zem_interval_binomial(pairs.different, pairs.different + pairs.ones, confidence, ZEM_CLOPPER_PEARSON);
    const double other = 1.0 - mean;
    return (struct zem_sobol_estimate){(double)NAN, held(d.lower / (2.0 - d.lower) / other),
                                       held(d.upper / (2.0 - d.upper) / other)};
}

/* Replaces the intervals of a source by exact intervals where they rest on few pairs of outputs (sobol.h). `mean` is
 * the mean of the output. */
static void count_few(const struct zem_sobol_sample *s, size_t source, double mean, struct fit *fit,
                      struct zem_sobol_indices *indices)
{
    const double one = mean > 0.5 ? 0.0 : 1.0, rare = fmin(mean, 1.0 - mean);
    const double *exchanged = s->exchanged[source];
    const struct pairs own = count_pairs(s->own, exchanged, s->trials, one),
                       partner = count_pairs(s->partner, exchanged, s->trials, one);
    struct zem_sobol_estimate *first = &indices->first[source], *total = &indices->total[source];
    const bool few_own = own.different < ZEM_SOBOL_FEW, few_partner = partner.different < ZEM_SOBOL_FEW;
    /* Few pairs of two ones are enough for exact intervals, because the products then come from few trials or none. */
    const bool exact_own = few_own || own.ones < ZEM_SOBOL_FEW,
               exact_partner = few_partner || partner.ones < ZEM_SOBOL_FEW;
    fit->few_own = few_own;
    fit->few_partner = exact_partner;
    const struct zem_sobol_estimate most = exact_share(own, rare, s->confidence),
                                    least = exact_share(partner, rare, s->confidence);
    if (exact_own) {
        total->lower = most.lower;
        total->upper = most.upper;
    }
    if (few_own) {
        first->lower = 0.0;
        first->upper = most.upper;
    }
    if (exact_partner) { /* S = 1 - E[(b - c)^2] / 2V */
        first->lower = 1.0 - least.upper;
        first->upper = few_own ? fmin(first->upper, 1.0 - least.lower) : 1.0 - least.lower;
    }
    if (few_partner && !exact_own) {
        total->lower = first->lower;
        total->upper = 1.0;
    }
    if (exact_own || exact_partner) {
        first->value = fmin(fmax(first->value, first->lower), first->upper);
        total->value = fmin(fmax(total->value, total->lower), total->upper);
    }
}

/* ---- all sources ---- */

/* Finds the mean of every component over the outputs of all trials, with their own draws and with their partners'
 * draws. */
static void find_mean(const struct zem_sobol_sample *s, double *mean)
{
    for (size_t k = 0; k < s->components; k++)
        mean[k] = 0.0;
    for (size_t j = 0; j < s->trials; j++)
        for (size_t k = 0; k < s->components; k++)
            mean[k] += s->own[j * s->components + k] + s->partner[j * s->components + k];
    for (size_t k = 0; k < s->components; k++)
        mean[k] /= 2.0 * (double)s->trials;
}

/* Finds the mean and variance of the output, from the outputs of all trials with their own draws and with their
 * partners' draws. `z` is the normal quantile of the confidence. */
static void describe(const struct zem_sobol_sample *s, const double *mean, double z, struct zem_sobol_indices *indices)
{
    const double n = (double)s->trials;
    double sum = 0.0, squares = 0.0, ones = 0.0;
    for (size_t j = 0; j < s->trials; j++) {
        const double *a = s->own + j * s->components, *b = s->partner + j * s->components;
        const double q = 0.5 * (dot(a, a, mean, s->components) + dot(b, b, mean, s->components));
        sum += q;
        squares += q * q;
        ones += a[0] + b[0];
    }
    const double variance = sum / n * (s->counted ? 1.0 : 2.0 * n / (2.0 * n - 1.0)),
                 error = sqrt(fmax(squares / n - sum / n * (sum / n), 0.0) / (n - 1.0));
    indices->variance = (struct zem_sobol_estimate){variance, fmax(variance - z * error, 0.0), variance + z * error};
    indices->mean = undefined();
    if (s->components != 1)
        return;
    const double mean_error = sqrt(variance / (2.0 * n));
    indices->mean = (struct zem_sobol_estimate){mean[0], mean[0] - z * mean_error, mean[0] + z * mean_error};
    if (s->counted) {
        const struct zem_interval p =
            zem_interval_binomial((uint64_t)ones, 2 * (uint64_t)s->trials, s->confidence, ZEM_WILSON);
        indices->mean.lower = p.lower;
        indices->mean.upper = p.upper;
        indices->variance.lower = fmin(p.lower * (1.0 - p.lower), p.upper * (1.0 - p.upper));
        indices->variance.upper =
            p.lower < 0.5 && p.upper > 0.5 ? 0.25 : fmax(p.lower * (1.0 - p.lower), p.upper * (1.0 - p.upper));
    }
}

/* Returns how much trial j moves the sum of the first-order indices of all sources, to first order (the linear part of
 * the delta method). */
static double linear_part(const struct zem_sobol_sample *s, const struct fit *fit, const double *mean, size_t j)
{
    double part = 0.0;
    for (size_t i = 0; i < s->sources; i++) {
        const struct terms t = terms_of(s, s->exchanged[i], mean, j);
        const double ratio = fit[i].corrected[FIRST] / fit[i].corrected[SQUARE];
        double x = t.of[FIRST] - ratio * t.of[SQUARE];
        for (int k = 0; k < CONTROLS; k++)
            x -= (fit[i].weight[FIRST][k] - ratio * fit[i].weight[SQUARE][k]) * t.of[k];
        part += x / fit[i].corrected[SQUARE];
    }
    return part;
}

/* Finds the share of interactions: 1 minus the sum of the first-order indices. Its standard error follows from the sums
 * that linear_part returns, because the indices are correlated. Interactions of a source whose exchanged output differs
 * in few trials may not show in the trials; they are at most its total index. */
static void find_interactions(const struct zem_sobol_sample *s, const struct fit *fit, const double *mean, double z,
                              struct zem_sobol_indices *indices)
{
    struct zem_sobol_estimate *e = &indices->interactions;
    double sum = 0.0, squares = 0.0, lower = 1.0, upper = 1.0, unseen = 0.0;
    bool few_own = false, few_partner = false;
    for (size_t i = 0; i < s->sources; i++) {
        sum += fit[i].corrected[FIRST] / fit[i].corrected[SQUARE];
        lower -= indices->first[i].upper;
        upper -= indices->first[i].lower;
        unseen += fit[i].few_own ? indices->total[i].upper : 0.0;
        few_own |= fit[i].few_own;
        few_partner |= fit[i].few_partner;
    }
    for (size_t j = 0; j < s->trials; j++) {
        const double part = linear_part(s, fit, mean, j);
        squares += part * part;
    }
    *e = share(1.0 - sum, sqrt(squares / (double)(s->trials - CONTROLS - 1)) / sqrt((double)s->trials), z);
    if (few_own || few_partner) {
        const double widest = held(upper), seen = fmax(e->upper, e->value + unseen);
        e->lower = fmin(e->lower, held(lower));
        e->upper = fmax(e->upper, few_partner ? widest : fmin(widest, seen));
    }
}

int zem_sobol_estimate(const struct zem_sobol_sample *s, struct zem_sobol_indices *indices, struct zem_error *error)
{
    const double z = zem_normal_quantile(0.5 + 0.5 * s->confidence);
    for (size_t i = 0; i < s->sources; i++)
        indices->first[i] = indices->total[i] = undefined();
    indices->mean = indices->variance = indices->interactions = undefined();
    if (s->trials < ZEM_SOBOL_LEAST)
        return ZEM_OK;
    struct fit *fit = calloc(s->sources + 1, sizeof *fit);
    double *mean = calloc(s->components, sizeof *mean);
    int status = fit != NULL && mean != NULL
                     ? ZEM_OK
                     : zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %zu sources", s->sources);
    if (status == ZEM_OK) {
        find_mean(s, mean);
        describe(s, mean, z, indices);
    }
    const bool varies = status == ZEM_OK && indices->variance.value > 0.0;
    for (size_t i = 0; varies && i < s->sources; i++) {
        fit[i] = fit_terms(s, s->exchanged[i], mean);
        const double first = fit[i].corrected[FIRST] / fit[i].corrected[SQUARE],
                     rest = fit[i].corrected[REST] / fit[i].corrected[SQUARE];
        indices->first[i] = share(first, ratio_error(&fit[i], FIRST, first, s->trials), z);
        indices->total[i] = share(1.0 - rest, ratio_error(&fit[i], REST, rest, s->trials), z);
        if (s->counted)
            count_few(s, i, mean[0], &fit[i], indices);
    }
    if (varies)
        find_interactions(s, fit, mean, z, indices);
    free(mean);
    free(fit);
    return status;
}
