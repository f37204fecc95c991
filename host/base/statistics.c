/* Intervals and quantiles from counts. A tail of the binomial distribution equals a tail of a beta distribution, and
 * beta_lower_tail computes the latter by one numerical integral that is accurate from one trial to 2^56. Wilson
 * intervals and quantile estimates have the same bits on every machine. Clopper-Pearson limits call the mathematical
 * library, so their last digit may differ from machine to machine. */
#include "base/statistics.h"

#include "base/exact_math.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const double PI = 3.14159265358979323846;

/* The ratio of two polynomials of degree 7 at x. Coefficients stand from the lowest power to the highest. */
static double rational(const double numerator[8], const double denominator[8], double x)
{
    double above = numerator[7], below = denominator[7];
    for (int i = 6; i >= 0; i--) {
        above = above * x + numerator[i];
        below = below * x + denominator[i];
    }
    return above / below;
}

/* Wichura (1988), algorithm AS 241, routine PPND16, Applied Statistics 37, 477-484: relative error about 1e-16. It
 * needs only a logarithm and a square root, so it gives the same bits on every machine. */
double zem_normal_quantile(double p)
{
    static const double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[8] = {1.0,
                                4.2313330701600911252e+1,
                                6.8718700749205790830e+2,
                                5.3941960214247511077e+3,
                                2.1213794301586595867e+4,
                                3.9307895800092710610e+4,
                                2.8729085735721942674e+4,
                                5.2264952788528545610e+3};
    static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1.0,
                                2.05319162663775882187e0,
                                1.67638483018380384940e0,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1.0,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    if (!(p > 0 && p < 1))
        return p == 0 ? (double)-INFINITY : p == 1 ? (double)INFINITY : (double)NAN;
    double centred = p - 0.5;
    if (fabs(centred) <= 0.425)
        return centred * rational(a, b, 0.180625 - centred * centred);
    double root = sqrt(-zem_exact_log(centred < 0 ? p : 1 - p));
    double magnitude = root <= 5 ? rational(c, d, root - 1.6) : rational(e, f, root - 5);
    return centred < 0 ? -magnitude : magnitude;
}

/* The error of Stirling's formula, ln n! - ln(sqrt(2 pi n) (n/e)^n) (Loader 2000, "Fast and accurate computation of
 * binomial probabilities"). The series is accurate to 1e-16 for n >= 16. */
static double stirling_error(double n)
{
    if (n < 16)
        return lgamma(n + 1) - (n + 0.5) * log(n) + n - 0.5 * log(2 * PI);
    double square = 1 / (n * n);
    return (1 / 12.0 - square * (1 / 360.0 - square * (1 / 1260.0 - square * (1 / 1680.0 - square / 1188.0)))) / n;
}

/* Loader's deviance, x ln(x / mean) + mean - x. */
static double loader_deviance(double x, double mean)
{
    const double change = (x - mean) / mean;
    if (x == 0)
        return mean;
    return mean * ((1 + change) * log1p(change) - change);
}

double zem_binomial_log_probability(double hits, double misses, double p, double q)
{
    const double trials = hits + misses;
    if (hits < 0 || misses < 0 || (p <= 0 && hits > 0) || (q <= 0 && misses > 0))
        return (double)-INFINITY;
    if (hits == 0)
        return misses == 0 ? 0 : misses * (p < 0.5 ? log1p(-p) : log(q));
    if (misses == 0)
        return hits * (q < 0.5 ? log1p(-q) : log(p));
    return stirling_error(trials) - stirling_error(hits) - stirling_error(misses) - loader_deviance(hits, trials * p)
           - loader_deviance(misses, trials * q) - 0.5 * log(2 * PI * hits * (misses / trials));
}

/* A beta distribution of x with parameters a, b >= 1, written in the variable d = logit(x) - logit(a/(a+b)), where
 * logit(x) = ln(x/(1-x)). In this variable the density is peak * exp(-beta_deviance(d)). It is log-concave and has its
 * mode at d = 0. `mean` is a/(a+b). */
struct beta {
    double a, b, mean, peak;
};

static struct beta beta_make(double a, double b)
{
    struct beta beta = {.a = a, .b = b, .mean = a / (a + b)};
    beta.peak = sqrt(a * (b / (a + b)) / (2 * PI)) * exp(stirling_error(a + b) - stirling_error(a) - stirling_error(b));
    return beta;
}

/* The deviance (a + b) [ln(1 + m (e^d - 1)) - m d], where m is the mean. Its rounding error is about 1e-16 sqrt(a + b),
 * which is equivalent to a change of d by only 1e-16, because d is of the order of 1/sqrt(a + b). For a mean above 1/2
 * the mirrored distribution is computed, to avoid cancellation. */
static double beta_deviance(const struct beta *beta, double d)
{
    if (beta->mean > 0.5) {
        double complement = beta->b / (beta->a + beta->b);
        return (beta->a + beta->b) * (log1p(complement * expm1(-d)) + complement * d);
    }
    return (beta->a + beta->b) * (log1p(beta->mean * expm1(d)) - beta->mean * d);
}

/* The nodes u and the weights of the double-exponential rule for integrals over all u > 0 (Takahasi and Mori 1974,
 * substitution u = exp(v - exp(-v))). */
#define NODES 97
struct rule {
    double node[NODES], weight[NODES];
};

/* Returns the rule, which each thread computes once. */
static const struct rule *rule_get(void)
{
    static _Thread_local struct rule rule;
    for (int i = 0; i < NODES && rule.weight[NODES - 1] == 0; i++) {
        const double spacing = 1.0 / 12, v = (i - NODES / 2) * spacing, shrink = exp(-v);
        rule.node[i] = exp(v - shrink);
        rule.weight[i] = spacing * rule.node[i] * (1 + shrink);
    }
    return &rule;
}

/* P(X < x), where x is given by its variable d, which must be negative or only slightly positive. The density at s < d
 * falls at least as fast as exp(-|s - d|/scale), so the rule applies to it with s = d - scale u. The relative error is
 * below 1e-13. */
static double beta_lower_tail(const struct beta *beta, double d)
{
    const struct rule *rule = rule_get();
    double odds = expm1(d);
    double rate = -beta->a * odds * (1 - beta->mean) / (1 + beta->mean * odds); /* slope of the log density at d */
    double width = sqrt(beta->a * (beta->b / (beta->a + beta->b)));
    double scale = 1 / fmax(rate, width);
    double sum = 0;
    for (int i = 0; i < NODES; i++)
        sum += exp(-beta_deviance(beta, d - scale * rule->node[i])) * rule->weight[i];
    return beta->peak * scale * sum;
}

/* Finds the quantile x with P(X < x) = tail, for 0 < tail < 1/2, and returns the variable d of x. Newton's method
 * solves for the logarithm of the probability. It converges from the normal approximation, because that logarithm is
 * concave in d. A step that would leave the range in which beta_lower_tail is accurate is shortened. The error after a
 * step is about the square of the step, both in units of the width of the distribution. */
static double beta_lower_quantile(const struct beta *beta, double tail)
{
    double width = sqrt(beta->a * (beta->b / (beta->a + beta->b)));
    double d = zem_normal_quantile(tail) / width;
    for (int i = 0; i < 60; i++) {
        double probability = beta_lower_tail(beta, d);
        double density = beta->peak * exp(-beta_deviance(beta, d));
        double step = probability / density * log(tail / probability);
        if (d + step > 2 / width)
            step = 0.5 * (2 / width - d);
        d += step;
        if (!(fabs(step) > 1e-8 / width))
            break;
    }
    return d;
}

/* A lower Clopper-Pearson limit: the p for which `hits` or more hits have the probability `tail`. `complement` is 1 - p
 * without cancellation. It is needed, because the upper limit is the 1 - p of the lower limit with hits and misses
 * exchanged. */
struct exact_limit {
    double hits, misses, tail; /* hits is 0 in an empty place of `kept` */
    double limit, complement;
};

/* The limits that this thread has found last. A limit takes about 5 us, and many cells of a large grid have the same
 * counts. */
#define KEPT_LOG 10
static _Thread_local struct exact_limit kept[1u << KEPT_LOG];

/* The place in `kept` of a limit with these counts and this tail. */
static struct exact_limit *kept_place(double hits, double misses, double tail)
{
    uint64_t bits;
    memcpy(&bits, &tail, sizeof bits);
    bits += (uint64_t)hits * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)misses * UINT64_C(0xC2B2AE3D27D4EB4F);
    return &kept[(bits ^ bits >> 32) * UINT64_C(0x9E3779B97F4A7C15) >> (64 - KEPT_LOG)];
}

static struct exact_limit exact_limit_find(double hits, double misses, double tail)
{
    const struct beta beta = beta_make(hits, misses + 1);
    const double d = beta_lower_quantile(&beta, tail), total = 1 + beta.mean * expm1(d);
    return (struct exact_limit){hits, misses, tail, beta.mean * exp(d) / total, beta.b / (beta.a + beta.b) / total};
}

static struct exact_limit clopper_pearson_lower(double hits, double misses, double tail)
{
    if (hits < 1)
        return (struct exact_limit){.complement = 1};
    if (misses < 1) /* the equation is p^hits = tail */
        return (struct exact_limit){.limit = exp(log(tail) / hits), .complement = -expm1(log(tail) / hits)};
    struct exact_limit *place = kept_place(hits, misses, tail);
    if (!(place->hits == hits && place->misses == misses && place->tail == tail))
        *place = exact_limit_find(hits, misses, tail);
    return *place;
}

static struct zem_interval clopper_pearson(double hits, double misses, double confidence)
{
    const double tail = 0.5 * (1 - confidence);
    return (struct zem_interval){clopper_pearson_lower(hits, misses, tail).limit,
                                 clopper_pearson_lower(misses, hits, tail).complement};
}

/* The larger root of (n + z^2) p^2 - (2 k + z^2) p + k^2/n = 0, with k hits in n trials (Wilson 1927). The smaller root
 * follows from the product of both, k^2 / (n (n + z^2)), without cancellation. */
static double wilson_upper(double hits, double misses, double z)
{
    double trials = hits + misses;
    return (2 * hits + z * z + z * sqrt(z * z + 4 * hits * (misses / trials))) / (2 * (trials + z * z));
}

static struct zem_interval wilson(double hits, double misses, double confidence)
{
    double z = -zem_normal_quantile(0.5 * (1 - confidence)), trials = hits + misses;
    double upper = wilson_upper(hits, misses, z);
    double lower = hits * (hits / trials) / ((trials + z * z) * upper);
    return (struct zem_interval){lower, misses == 0 ? 1 : upper};
}

struct zem_interval zem_interval_binomial(uint64_t hits, uint64_t trials, double confidence,
                                          enum zem_interval_method method)
{
    if (trials == 0)
        return (struct zem_interval){0, 1};
    double misses = (double)(trials - hits);
    return method == ZEM_CLOPPER_PEARSON ? clopper_pearson((double)hits, misses, confidence)
                                         : wilson((double)hits, misses, confidence);
}

struct zem_interval zem_interval_paired(uint64_t gained, uint64_t lost, uint64_t trials, double confidence)
{
    if (trials == 0)
        return (struct zem_interval){-1, 1};
    const double n = (double)trials, p = (double)gained / n, q = (double)lost / n;
    const struct zem_interval first = zem_interval_binomial(gained, trials, confidence, ZEM_CLOPPER_PEARSON),
                              second = zem_interval_binomial(lost, trials, confidence, ZEM_CLOPPER_PEARSON);
    const double correlation = p < 1 && q < 1 ? -sqrt(p / (1 - q) * (q / (1 - p))) : 0;
    const double down = p - first.lower, up = first.upper - p, other_down = q - second.lower,
                 other_up = second.upper - q;
    return (struct zem_interval){p - q - sqrt(down * down + other_up * other_up - 2 * correlation * down * other_up),
                                 p - q + sqrt(up * up + other_down * other_down - 2 * correlation * up * other_down)};
}

/* P(B >= hits) for B binomial(hits + misses, p), with q = 1 - p. It equals P(X < p) for X beta(hits, misses + 1). For p
 * above the mean of X the function computes 1 - P(X > p), because beta_lower_tail is accurate only below the mean. */
static double binomial_tail(double hits, double misses, double p, double q)
{
    if (hits < 1 || q <= 0)
        return 1;
    if (p <= 0)
        return 0;
    if (misses < 1)
        return exp(hits * (q < 0.5 ? log1p(-q) : log(p)));
    const double d = log(p / q) - log(hits / (misses + 1));
    if (d <= 0) {
        const struct beta beta = beta_make(hits, misses + 1);
        return beta_lower_tail(&beta, d);
    }
    const struct beta mirrored = beta_make(misses + 1, hits);
    return 1 - beta_lower_tail(&mirrored, -d);
}

double zem_binomial_upper_tail(uint64_t hits, uint64_t trials, double p)
{
    return hits > trials ? 0 : binomial_tail((double)hits, (double)(trials - hits), p, 1 - p);
}

double zem_binomial_lower_tail(uint64_t hits, uint64_t trials, double p)
{
    return hits >= trials ? 1 : binomial_tail((double)(trials - hits), (double)hits, 1 - p, p);
}

/* P(B >= hits) equals P(X < p), where X has the distribution beta(hits, trials - hits + 1). */
bool zem_binomial_at_least_is_rare(uint64_t hits, uint64_t trials, double p, double tail)
{
    if (hits == 0)
        return false;
    double a = (double)hits, b = (double)(trials - hits) + 1;
    double d = log(p / (1 - p)) - log(a / b);
    if (d > 0) /* above the mean of a log-concave X, P(X < p) exceeds 1/e (Gruenbaum 1960) */
        return false;
    /* Chernoff's bound says that P(B >= hits) <= exp(-entropy), where the entropy is n times the relative entropy of
     * hits/n to p, and n is the number of trials. It decides cases far in the tail without the integral. */
    double misses = b - 1, entropy = a * log(a / ((double)trials * p))
                                     + (misses > 0 ? misses * log(misses / ((double)trials * (1 - p))) : 0);
    if (entropy > -log(tail) + 1e-9 * a)
        return true;
    struct beta beta = beta_make(a, b);
    return beta_lower_tail(&beta, d) <= tail;
}

/* A slot of a histogram, and the number of samples in the slots before it. */
struct place {
    size_t slot;
    uint64_t before;
};

static uint64_t count_all(const uint64_t *counts, size_t slots)
{
    uint64_t total = 0;
    for (size_t i = 0; i < slots; i++)
        total += counts[i];
    return total;
}

/* Moves `place` forward to the slot in which the estimate of the quantile p lies. On entry `place` is the first slot or
 * the place of a smaller p. */
static void place_advance(struct place *place, const uint64_t *counts, size_t slots, double p, uint64_t total)
{
    const double wanted = p * (double)total;
    while (place->slot + 1 < slots && (double)(place->before + counts[place->slot]) < wanted)
        place->before += counts[place->slot++];
}

static size_t quantile_slot(const uint64_t *counts, size_t slots, double p, uint64_t *before, uint64_t *total)
{
    struct place place = {0, 0};
    *total = count_all(counts, slots);
    place_advance(&place, counts, slots, p, *total);
    *before = place.before;
    return place.slot;
}

static double estimate_at(const struct place *place, const uint64_t *counts, const double *edges, size_t slots,
                          double p, uint64_t total)
{
    const size_t slot = place->slot;
    if (total == 0)
        return (double)NAN;
    if (slot + 1 == slots)
        return counts[slot] == 0 ? edges[slots - 2] : (double)INFINITY;
    double part = counts[slot] == 0 ? 0 : (p * (double)total - (double)place->before) / (double)counts[slot];
    return slot == 0 ? part * edges[0]
                     : edges[slot - 1] * zem_exact_exp(part * zem_exact_log(edges[slot] / edges[slot - 1]));
}

void zem_quantile_estimates(const uint64_t *counts, const double *edges, size_t slots, const double *levels,
                            size_t level_count, double *estimates)
{
    const uint64_t total = count_all(counts, slots);
    struct place place = {0, 0};
    for (size_t i = 0; i < level_count; i++) {
        place_advance(&place, counts, slots, levels[i], total);
        estimates[i] = estimate_at(&place, counts, edges, slots, levels[i], total);
    }
}

double zem_quantile_estimate(const uint64_t *counts, const double *edges, size_t slots, double p)
{
    double estimate;
    zem_quantile_estimates(counts, edges, slots, &p, 1, &estimate);
    return estimate;
}

/* `count` samples lie below an edge. If the true quantile were above the edge, at least `count` samples would lie below
 * the quantile. If that is improbable, the edge is an upper limit. The lower limit follows in the same way from the
 * samples above an edge. Both searches start at the estimate and go outward. The first edge that is a limit is the
 * nearest one, because the probability falls from edge to edge. */
double zem_quantile_upper(const uint64_t *counts, const double *edges, size_t slots, double p, double confidence)
{
    uint64_t count, total;
    size_t slot = quantile_slot(counts, slots, p, &count, &total);
    for (size_t edge = slot; total > 0 && edge + 1 < slots; edge++) {
        count += counts[edge];
        if ((edge == slot || counts[edge] > 0)
            && zem_binomial_at_least_is_rare(count, total, p, 0.5 * (1 - confidence)))
            return edges[edge];
    }
    return total == 0 ? (double)NAN : (double)INFINITY;
}

double zem_quantile_lower(const uint64_t *counts, const double *edges, size_t slots, double p, double confidence)
{
    uint64_t count, total;
    size_t slot = quantile_slot(counts, slots, p, &count, &total);
    for (size_t edge = slot; total > 0 && edge-- > 0; count -= counts[edge])
        if ((edge + 1 == slot || counts[edge + 1] > 0)
            && zem_binomial_at_least_is_rare(total - count, total, 1 - p, 0.5 * (1 - confidence)))
            return edges[edge];
    return total == 0 ? (double)NAN : 0;
}

struct zem_quantile zem_quantile_from_histogram(const uint64_t *counts, const double *edges, size_t slots, double p,
                                                double confidence)
{
    return (struct zem_quantile){zem_quantile_estimate(counts, edges, slots, p),
                                 zem_quantile_lower(counts, edges, slots, p, confidence),
                                 zem_quantile_upper(counts, edges, slots, p, confidence)};
}

const char *const zem_interval_words[ZEM_INTERVAL_METHODS] = {
    [ZEM_WILSON] = "wilson", [ZEM_CLOPPER_PEARSON] = "clopper-pearson"};

enum zem_interval_method zem_interval_method_of(const char *word)
{
    enum zem_interval_method method = ZEM_WILSON;
    while (method < ZEM_INTERVAL_METHODS && strcmp(zem_interval_words[method], word) != 0)
        method++;
    return method;
}
