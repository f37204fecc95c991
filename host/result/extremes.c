/* Finds the smallest and the largest probability in one pass over the cells, for each kind of probability and each hit
 * radius. Several threads count the hits, and the counts stay in memory for the test of whether the cells differ. */
#include "result/extremes.h"

#include "base/homogeneity.h"
#include "base/kernel_types.h"
#include "base/parallel.h"
#include "result/cell_totals.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT_GRAIN 16384 /* cells that a thread counts at a time */

const char *const zem_counted_names[ZEM_COUNTED_KINDS] = {[ZEM_COUNTED_HIT] = "p_hit", [ZEM_COUNTED_SALVO] = "p_salvo"};

struct zem_proportion zem_counted(const struct zem_result *result, enum zem_counted_kind kind, size_t radius,
                                  uint64_t cell)
{
    const uint64_t trials = zem_trial_count(result, cell);
    if (kind == ZEM_COUNTED_SALVO)
        return (struct zem_proportion){trials - zem_salvos_with_hits(result, cell, radius, 0), trials};
    return (struct zem_proportion){zem_result_hits(result, cell, radius), trials};
}

static double estimate(struct zem_proportion p) { return (double)p.hits / (double)p.trials; }

/* Sums for the variance of the estimates over the cells. */
struct spread {
    double count, mean, squares, noise;
};

static void spread_add(struct spread *s, struct zem_proportion counted)
{
    if (counted.trials == 0)
        return;
    const double p = estimate(counted), change = p - s->mean;
    s->count += 1.0;
    s->mean += change / s->count;
    s->squares += change * (p - s->mean);
    s->noise += p * (1.0 - p) / fmax((double)counted.trials - 1.0, 1.0);
}

/* The variance over the cells less the mean variance of an estimate; NaN without two cells. */
static double noiseless_variance(const struct spread *s)
{
    return s->count > 1.0 ? s->squares / (s->count - 1.0) - s->noise / s->count : (double)NAN;
}

const char *zem_extremes_verdict(const struct zem_extremes_table *table, const struct zem_extremes *row, char *text,
                                 size_t size)
{
    char p[16];
    snprintf(p, sizeof p, row->chance < 1e-300 ? "< 1e-300" : "= %.2g", row->chance);
    snprintf(text, size,
             row->differ ? "yes, at a level of %.4g %% (p %s)"
                         : "not more than by chance, at a level of %.4g %% (p %s)",
             100.0 * (1.0 - table->confidence), p);
    return text;
}

/* The arguments of spread_over_cells, which fills `spread` for some hit radii. */
struct spreading {
    const struct zem_result *result;
    enum zem_counted_kind kind;
    struct spread *spread;
};

static void spread_over_cells(void *context, size_t first, size_t last)
{
    const struct spreading *s = context;
    for (size_t radius = first; radius < last; radius++) {
        struct spread spread = {0};
        for (uint64_t cell = 0; cell < s->result->cells; cell++)
            spread_add(&spread, zem_counted(s->result, s->kind, radius, cell));
        s->spread[radius] = spread;
    }
}

size_t zem_extremes_radius(const struct zem_result *result, enum zem_counted_kind kind)
{
    const size_t radii = zem_radius_count(result);
    struct spread spread[ZEM_RADII_MAX] = {{0}};
    struct spreading spreading = {result, kind, spread};
    size_t best = 0;
    if (radii > 1)
        zem_parallel_for(radii, 1, 0, spread_over_cells, &spreading);
    for (size_t i = 1; i < radii; i++)
        if (noiseless_variance(&spread[i]) > noiseless_variance(&spread[best]))
            best = i;
    return best;
}

/* The arguments of count_cells, which counts the hits of all cells for one row. */
struct counting {
    const struct zem_result *result;
    const struct zem_extremes *row;
    struct zem_proportion *counted;
};

static void count_cells(void *context, size_t first, size_t last)
{
    const struct counting *c = context;
    for (size_t cell = first; cell < last; cell++)
        c->counted[cell] = zem_counted(c->result, c->row->kind, c->row->radius, cell);
}

/* Fills a row of the table, which is one kind of probability within one hit radius, with everything but `differ`.
 * `chance` is not adjusted yet, because the adjustment needs the other rows. `counted` has room for all cells. */
static void find_row(const struct zem_result *result, double confidence, struct zem_extremes *row,
                     struct zem_proportion *counted)
{
    struct counting counting = {result, row, counted};
    struct spread spread = {0};
    zem_parallel_for(result->cells, COUNT_GRAIN, 0, count_cells, &counting);
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        if (counted[cell].trials == 0)
            continue;
        const double p = estimate(counted[cell]);
        if (row->cells == 0 || p < row->least) {
            row->least = p;
            row->smallest = cell;
        }
        if (row->cells == 0 || p > row->most) {
            row->most = p;
            row->largest = cell;
        }
        spread_add(&spread, counted[cell]);
        row->cells++;
    }
    if (row->cells == 0)
        return;
    const struct zem_proportion smallest = counted[row->smallest], largest = counted[row->largest];
    row->of_smallest = zem_interval_binomial(smallest.hits, smallest.trials, confidence, ZEM_CLOPPER_PEARSON);
    row->of_largest = zem_interval_binomial(largest.hits, largest.trials, confidence, ZEM_CLOPPER_PEARSON);
    row->spread = noiseless_variance(&spread);
    const bool dependent =
        zem_choice_index(result->scenario->value, ZEM_KEY_RANDOM_NUMBERS) == ZEM_RANDOM_NUMBERS_COMMON;
    row->chance = zem_homogeneity_chance(counted, result->cells, dependent);
}

/* Adjusts the p-values by Holm's procedure, from the smallest to the largest, and sets `differ`. A plain search finds
 * the next p-value, because the rows are few. */
static void adjust(struct zem_extremes_table *table)
{
    double before = 0.0;
    for (size_t taken = 0; taken < table->count; taken++) {
        struct zem_extremes *next = NULL;
        for (size_t i = 0; i < table->count; i++)
            if (!table->row[i].differ && (next == NULL || table->row[i].chance < next->chance))
                next = &table->row[i];
        next->differ = true; /* until the end of the loop it marks the rows already taken */
        before = fmax(before, fmin(1.0, next->chance * (double)(table->count - taken)));
        next->chance = before;
    }
    for (size_t i = 0; i < table->count; i++)
        table->row[i].differ = table->row[i].cells > 1 && table->row[i].chance <= 1.0 - table->confidence;
}

int zem_extremes_find(const struct zem_result *result, struct zem_extremes_table *table, struct zem_error *error)
{
    const size_t radii = zem_radius_count(result), kinds = zem_shot_count(result) > 1 ? 2 : 1;
    *table = (struct zem_extremes_table){.confidence = result->scenario->value[ZEM_KEY_CONFIDENCE].first,
                                         .count = kinds * radii};
    struct zem_proportion *counted = malloc(result->cells * sizeof *counted);
    table->row = calloc(table->count, sizeof *table->row);
    if (counted == NULL || table->row == NULL) {
        free(counted);
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the extremes of the cells");
    }
    const double all = 1.0 - (1.0 - table->confidence) / ((double)result->cells * (double)table->count);
    for (size_t i = 0; i < table->count; i++) {
        table->row[i].kind = (enum zem_counted_kind)(i / radii);
        table->row[i].radius = i % radii;
        find_row(result, all, &table->row[i], counted);
    }
    free(counted);
    adjust(table);
    return ZEM_OK;
}

void zem_extremes_free(struct zem_extremes_table *table)
{
    free(table->row);
    table->row = NULL;
}
