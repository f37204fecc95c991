/* Two tests of whether the cells of a grid differ: the chi-square of the table of hits and misses of all cells, and a
 * test of the cells with the lowest and the highest share of hits. */
#include "base/homogeneity.h"

#include "base/random_numbers.h"

#include <math.h>

#define TABLES_MOST 1999  /* the most random tables that are drawn */
#define TABLES_BEYOND 20  /* drawing stops after so many tables whose chi-square is not below the observed one */
#define CELLS_DRAWN 20000 /* the most cells for which tables are drawn; for more cells a gamma distribution is used */
#define CANDIDATES 3      /* this many of the lowest cells are compared with as many of the highest */

/* ---- random tables ---- */

/* The counts of all cells, and sums over the cells that have trials. */
struct table {
    const struct zem_proportion *cell;
    size_t count, filled;                /* number of cells, and of cells with trials */
    double trials, hits, inverse_trials; /* sums of the trials, the hits and 1 / trials */
};

static struct table table_of(const struct zem_proportion *cell, size_t count)
{
    struct table t = {.cell = cell, .count = count};
    for (size_t i = 0; i < count; i++)
        if (cell[i].trials > 0) {
            t.filled++;
            t.trials += (double)cell[i].trials;
            t.hits += (double)cell[i].hits;
            t.inverse_trials += 1.0 / (double)cell[i].trials;
        }
    return t;
}

/* The term of one cell in the chi-square, times p (1 - p), where p is the share of hits in all cells together. */
static double deviation(double hits, double trials, double p)
{
    const double d = hits - trials * p;
    return d * d / trials;
}

static double chi_square(const struct table *t)
{
    double sum = 0.0;
    for (size_t i = 0; i < t->count; i++)
        if (t->cell[i].trials > 0)
            sum += deviation((double)t->cell[i].hits, (double)t->cell[i].trials, t->hits / t->trials);
    return sum;
}

/* The chi-square, times p (1 - p), of a random table that has the trials of each cell and the total of hits of `t`. */
static double random_chi_square(const struct table *t, uint64_t *state)
{
    double sum = 0.0, trials = t->trials, hits = t->hits;
    for (size_t i = 0; i < t->count; i++) {
        if (t->cell[i].trials == 0)
            continue;
        const double own = (double)t->cell[i].trials, drawn = zem_random_hypergeometric(own, hits, trials, state);
        sum += deviation(drawn, own, t->hits / t->trials);
        trials -= own;
        hits -= drawn;
    }
    return sum;
}

/* The mean and the variance of the chi-square of a random table (Dawson 1954). There must be at least four trials. */
static void moments(const struct table *t, double *mean, double *variance)
{
    const double n = t->trials, k = (double)t->filled, misses = n - t->hits;
    const double nu = (k - 1.0) * (n - k) / (n - 1.0), mu = (n * t->inverse_trials - k * k) / (n - 2.0);
    const double nu_hits = (n - 2.0) / (n - 1.0), mu_hits = (n * (1.0 / t->hits + 1.0 / misses) - 4.0) / (n - 2.0);
    *mean = (k - 1.0) * n / (n - 1.0);
    *variance = 2.0 * n / (n - 3.0) * (nu - mu) * (nu_hits - mu_hits) + n * n / (n - 1.0) * mu * mu_hits;
}

/* Whether fewer than one in TABLES_MOST + 1 random tables reaches the observed chi-square, by Cantelli's inequality,
 * which holds for any distribution. */
static bool is_far_beyond(const struct table *t)
{
    double mean, variance;
    if (t->trials < 4.0)
        return false;
    moments(t, &mean, &variance);
    const double p = t->hits / t->trials, above = chi_square(t) / (p * (1.0 - p)) - mean;
    return above > 0.0 && variance * TABLES_MOST < above * above;
}

/* The p-value of the chi-square from random tables. No table is drawn if nearly none would reach the observed one. */
static double drawn_chance(const struct table *t)
{
    const double observed = chi_square(t) * (1.0 - 1e-12);
    uint64_t state = 1;
    int beyond = 0;
    if (is_far_beyond(t))
        return 1.0 / (TABLES_MOST + 1.0);
    for (int i = 1; i <= TABLES_MOST; i++) {
        beyond += random_chi_square(t, &state) >= observed;
        if (beyond == TABLES_BEYOND)
            return (double)beyond / i;
    }
    return (beyond + 1.0) / (TABLES_MOST + 1.0);
}

/* The p-value of the chi-square for many cells. The chi-square is taken as a gamma variable with its exact mean and
 * variance, and the cube root of a gamma variable as normal (Wilson and Hilferty 1931). */
static double computed_chance(const struct table *t)
{
    const double p = t->hits / t->trials;
    double mean, variance;
    moments(t, &mean, &variance);
    const double degrees = 2.0 * mean * mean / variance, value = chi_square(t) / (p * (1.0 - p));
    const double score = (cbrt(value / mean) - (1.0 - 2.0 / (9.0 * degrees))) / sqrt(2.0 / (9.0 * degrees));
    return 0.5 * erfc(score / sqrt(2.0));
}

/* ---- extreme cells ---- */

/* The deviation of a cell's hits from those expected with the probability p, in standard deviations. */
static double score(const struct zem_proportion *cell, double p)
{
    const double n = (double)cell->trials;
    return ((double)cell->hits - n * p) / sqrt(n * p * (1.0 - p));
}

/* The cells with the largest scores so far, the largest first. */
struct candidates {
    size_t count, cell[CANDIDATES];
    double score[CANDIDATES];
};

/* Puts a cell into its place among the candidates, if it has one. Of equal scores the earlier cell stays first. */
static void candidates_take(struct candidates *c, size_t cell, double score)
{
    size_t place = c->count;
    while (place > 0 && score > c->score[place - 1])
        place--;
    if (place == CANDIDATES)
        return;
    c->count += c->count < CANDIDATES;
    for (size_t k = c->count - 1; k > place; k--) {
        c->cell[k] = c->cell[k - 1];
        c->score[k] = c->score[k - 1];
    }
    c->cell[place] = cell;
    c->score[place] = score;
}

/* The p-value of the hypothesis that one probability fits all cells, with Bonferroni's correction for the number of
 * cells. Each pair of a low and a high cell is tested, and the smallest p-value is returned. It is valid for all cells,
 * because the p-value of a pair is never below that of a test of all cells at once. */
static double extreme_chance(const struct table *t)
{
    struct candidates low = {0}, high = {0};
    const double p = t->hits / t->trials;
    double least = 1.0;
    for (size_t i = 0; i < t->count; i++)
        if (t->cell[i].trials > 0) {
            const double above = score(&t->cell[i], p);
            candidates_take(&low, i, -above);
            candidates_take(&high, i, above);
        }
    for (size_t i = 0; i < low.count; i++)
        for (size_t k = 0; k < high.count; k++) {
            const double chance = zem_proportions_dependent(t->cell[low.cell[i]], t->cell[high.cell[k]]);
            least = fmin(least, 0.5 * (double)t->filled * chance);
        }
    return least;
}

double zem_homogeneity_chance(const struct zem_proportion *cell, size_t count, bool dependent)
{
    const struct table t = table_of(cell, count);
    if (t.filled < 2 || t.hits <= 0.0 || t.hits >= t.trials)
        return 1.0;
    const double extreme = extreme_chance(&t);
    if (dependent || extreme < 1e-6) /* far below any usual level, so no tables are drawn */
        return dependent ? extreme : 2.0 * extreme;
    const double spread = t.filled > CELLS_DRAWN ? computed_chance(&t) : drawn_chance(&t);
    return fmin(1.0, 2.0 * fmin(extreme, spread));
}
