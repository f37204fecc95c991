/* Splits the variance of a surface into parts and finds intervals of their shares by a bootstrap. A surface is an array
 * with one value for each cell. A part is an axis, a pair of axes or the rest. The table of an axis has a number for
 * each of its points, and the table of a pair has one for each pair of points; the rest has no table. */
#include "result/effects.h"

#include "base/homogeneity.h"
#include "base/kernel_types.h"
#include "base/random_numbers.h"
#include "result/cell_totals.h"
#include "result/extremes.h"
#include "scenario/cell_choice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SURFACES_MOST 999  /* largest number of surfaces that the bootstrap draws */
#define SURFACES_LEAST 199 /* smallest number of them */
#define WORK 3e8           /* limit of cells x parts x drawn surfaces */

/* The grid with the estimate of each of its cells, and the layout of the tables of effects. */
struct grid {
    const struct zem_scenario *scenario;
    size_t cells, stride[ZEM_AXES_MAX];
    struct zem_effects *effects;
    double *value, *noise;          /* for each cell its estimate, and the variance of that */
    struct zem_proportion *counted; /* hits and trials of each cell if the variable is a probability, else NULL */
    size_t table[ZEM_EFFECTS_MOST]; /* where the table of a part begins in the array of all tables */
    size_t tables;                  /* numbers in all tables */
};

static size_t points(const struct grid *grid, size_t axis) { return grid->scenario->axis[axis].points; }

/* The index, in the table of a part, of the number that applies to a cell. */
static size_t place(const struct grid *grid, const struct zem_effect *part, size_t cell)
{
    size_t at = 0;
    for (size_t k = 0; k < part->axes; k++)
        at = at * points(grid, part->axis[k]) + cell / grid->stride[part->axis[k]] % points(grid, part->axis[k]);
    return at;
}

static size_t table_size(const struct grid *grid, const struct zem_effect *part)
{
    size_t size = part->axes > 0 ? 1 : 0;
    for (size_t k = 0; k < part->axes; k++)
        size *= points(grid, part->axis[k]);
    return size;
}

/* ---- decomposition ---- */

static void add_part(struct grid *grid, size_t axes, size_t first, size_t second, double freedom)
{
    struct zem_effects *e = grid->effects;
    if (freedom < 0.5)
        return;
    struct zem_effect *part = &e->effect[e->count];
    *part = (struct zem_effect){.axes = axes, .axis = {first, second}, .freedom = freedom};
    grid->table[e->count++] = grid->tables;
    grid->tables += table_size(grid, part);
}

static void make_parts(struct grid *grid)
{
    const size_t axes = grid->scenario->axis_count;
    double left = (double)grid->cells - 1.0;
    for (size_t i = axes, stride = 1; i-- > 0; stride *= points(grid, i))
        grid->stride[i] = stride;
    for (size_t i = 0; i < axes; i++) {
        add_part(grid, 1, i, 0, (double)points(grid, i) - 1.0);
        left -= (double)points(grid, i) - 1.0;
    }
    for (size_t i = 0; i < axes; i++)
        for (size_t k = i + 1; k < axes; k++) {
            const double freedom = ((double)points(grid, i) - 1.0) * ((double)points(grid, k) - 1.0);
            add_part(grid, 2, i, k, freedom);
            left -= freedom;
        }
    add_part(grid, 0, 0, 0, left);
}

/* Fills the table of each part with its effects. The effect of a point of an axis is the mean of the surface over all
 * cells with that point. The effect of a pair of points is the mean over the cells with both, less the effects of the
 * two. `surface` has mean 0. */
static void fill_tables(const struct grid *grid, const double *surface, double *table)
{
    const struct zem_effects *e = grid->effects;
    memset(table, 0, grid->tables * sizeof *table);
    for (size_t n = 0; n < e->count; n++) {
        const struct zem_effect *part = &e->effect[n];
        double *own = table + grid->table[n];
        const size_t size = table_size(grid, part);
        for (size_t cell = 0; cell < grid->cells && size > 0; cell++)
            own[place(grid, part, cell)] += surface[cell];
        for (size_t i = 0; i < size; i++)
            own[i] *= (double)size / (double)grid->cells;
        for (size_t m = 0; m < n && part->axes == 2; m++) /* axes come before pairs */
            if (e->effect[m].axes == 1
                && (e->effect[m].axis[0] == part->axis[0] || e->effect[m].axis[0] == part->axis[1]))
                for (size_t i = 0; i < size; i++) {
                    const size_t across = points(grid, part->axis[1]);
                    own[i] -= table[grid->table[m] + (e->effect[m].axis[0] == part->axis[0] ? i / across : i % across)];
                }
    }
}

/* Subtracts the mean of a surface from its values and returns the mean. Fills `table` with the effects of the axes
 * and pairs. Writes to square[n] the mean square of part n over the cells. That of the rest is what the axes and pairs
 * leave of the variance of the surface. */
static double decompose(const struct grid *grid, double *surface, double *table, double *square)
{
    const struct zem_effects *e = grid->effects;
    double mean = 0.0, total = 0.0;
    for (size_t cell = 0; cell < grid->cells; cell++)
        mean += surface[cell] / (double)grid->cells;
    for (size_t cell = 0; cell < grid->cells; cell++) {
        surface[cell] -= mean;
        total += surface[cell] * surface[cell] / (double)grid->cells;
    }
    fill_tables(grid, surface, table);
    for (size_t n = 0; n < e->count; n++) {
        const size_t size = table_size(grid, &e->effect[n]);
        square[n] = size > 0 ? 0.0 : fmax(total, 0.0);
        for (size_t i = 0; i < size; i++)
            square[n] += table[grid->table[n] + i] * table[grid->table[n] + i] / (double)size;
        total -= square[n];
    }
    return mean;
}

/* Computes the share of each part in the variance, from the mean squares less their expected noise. `noise` is the mean
 * variance of a cell's estimate. Returns the variance without noise. */
static double shares(const struct grid *grid, const double *square, double noise, double *share)
{
    const struct zem_effects *e = grid->effects;
    double variance = 0.0;
    for (size_t n = 0; n < e->count; n++) {
        share[n] = square[n] - noise * e->effect[n].freedom / (double)grid->cells;
        variance += share[n];
    }
    for (size_t n = 0; n < e->count; n++)
        share[n] /= variance;
    return variance;
}

/* ---- significance ---- */

/* The probability that chance makes a sum of squares at least as large as `sum`, which has `freedom` degrees of
 * freedom. The function takes the sum for a gamma variable that has the same mean and at least the same variance
 * (Wilson and Hilferty 1931). `noise` and `fourth` are means over the cells: of the variances of the estimates, and of
 * the squares of these variances. */
static double noise_tail(double sum, double freedom, double noise, double fourth)
{
    const double degrees = freedom * noise * noise / fourth, mean = freedom * noise;
    if (!(noise > 0.0))
        return sum > 0.0 ? 0.0 : 1.0;
    const double score = (cbrt(sum / mean) - (1.0 - 2.0 / (9.0 * degrees))) / sqrt(2.0 / (9.0 * degrees));
    return 0.5 * erfc(score / sqrt(2.0));
}

/* Adjusts the p-values of the parts by Holm's procedure, from the smallest to the largest. A plain search finds the
 * next p-value, because the parts are few. */
static void adjust(struct zem_effects *e)
{
    bool taken[ZEM_EFFECTS_MOST] = {false};
    double before = 0.0;
    for (size_t step = 0; step < e->count; step++) {
        size_t next = e->count;
        for (size_t n = 0; n < e->count; n++)
            if (!taken[n] && (next == e->count || e->effect[n].chance < e->effect[next].chance))
                next = n;
        taken[next] = true;
        before = fmax(before, fmin(1.0, e->effect[next].chance * (double)(e->count - step)));
        e->effect[next].chance = before;
        e->effect[next].significant = e->differ && before <= 1.0 - e->confidence;
    }
}

static void test_parts(const struct grid *grid, const double *square)
{
    struct zem_effects *e = grid->effects;
    double fourth = 0.0, total = 0.0;
    const double cells = (double)grid->cells;
    for (size_t cell = 0; cell < grid->cells; cell++)
        fourth += grid->noise[cell] * grid->noise[cell] / cells;
    for (size_t n = 0; n < e->count; n++) {
        e->effect[n].chance = noise_tail(square[n] * cells, e->effect[n].freedom, e->noise, fourth);
        total += square[n] * cells;
    }
    e->chance = grid->counted != NULL ? zem_homogeneity_chance(grid->counted, grid->cells, e->common)
                                      : noise_tail(total, cells - 1.0, e->noise, fourth);
    e->differ = e->chance <= 1.0 - e->confidence;
    adjust(e);
}

/* ---- bootstrap ---- */

/* The working memory that one thread needs to draw and decompose surfaces. */
struct workspace {
    double *surface, *table;
    double square[ZEM_EFFECTS_MOST];
};

/* Writes the surface that the bootstrap takes for the true one to `truth`: each effect that was found is shrunk so far
 * that its mean square contains no noise. */
static void make_truth(const struct grid *grid, const double *surface, const double *table, const double *square,
                       double *truth)
{
    const struct zem_effects *e = grid->effects;
    double keep[ZEM_EFFECTS_MOST];
    for (size_t n = 0; n < e->count; n++) {
        const double clear = square[n] - e->noise * e->effect[n].freedom / (double)grid->cells;
        keep[n] = clear > 0.0 ? sqrt(clear / square[n]) : 0.0;
    }
    for (size_t cell = 0; cell < grid->cells; cell++) {
        double left = surface[cell];
        truth[cell] = e->mean;
        for (size_t n = 0; n < e->count; n++) {
            const struct zem_effect *part = &e->effect[n];
            const double effect = part->axes > 0 ? table[grid->table[n] + place(grid, part, cell)] : left;
            truth[cell] += keep[n] * effect;
            left -= effect;
        }
    }
}

/* Draws a surface: the true one with new noise. Returns the mean variance of its cells, estimated as in a real
 * result. */
static double draw_surface(const struct grid *grid, const double *truth, double *surface, uint64_t state)
{
    double noise = 0.0;
    for (size_t cell = 0; cell < grid->cells; cell++)
        if (grid->counted != NULL) {
            const double n = (double)grid->counted[cell].trials, p = fmin(fmax(truth[cell], 0.0), 1.0);
            surface[cell] = zem_random_binomial(n, p, &state) / n;
            noise += n > 1.0 ? surface[cell] * (1.0 - surface[cell]) / (n - 1.0) : 0.25;
        } else {
            surface[cell] = truth[cell] + sqrt(grid->noise[cell]) * zem_normal_quantile(zem_random_uniform(&state));
            noise += grid->noise[cell];
        }
    return noise / (double)grid->cells;
}

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sets the intervals of the shares. `all` has the shares of the drawn surfaces, `drawn` x parts. Their deviations from
 * the true shares, `truth_share`, show how large the error of the share that was found can be. `column` has room for
 * one number of each drawn surface. */
static void set_intervals(const struct grid *grid, const double *truth_share, const double *all, size_t drawn,
                          double *column)
{
    struct zem_effects *e = grid->effects;
    const double tail = 0.5 * (1.0 - e->confidence);
    for (size_t n = 0; n < e->count; n++) {
        for (size_t i = 0; i < drawn; i++)
            column[i] = all[i * e->count + n] - truth_share[n];
        qsort(column, drawn, sizeof *column, compare_numbers);
        const size_t low = (size_t)(tail * (double)(drawn + 1)), from = low > 0 ? low - 1 : 0;
        const double share = e->effect[n].share;
        e->effect[n].interval.lower = fmin(fmax(share - column[drawn - 1 - from], 0.0), 1.0);
        e->effect[n].interval.upper = fmin(fmax(share - column[from], 0.0), 1.0);
    }
}

/* Widens the intervals of the shares if all cells draw the same random numbers. The noise that an effect contains is
 * then unknown and may be 0. Each interval is therefore extended to the share without subtraction of noise. */
static void widen_if_common(const struct grid *grid, const double *square)
{
    struct zem_effects *e = grid->effects;
    double whole[ZEM_EFFECTS_MOST];
    shares(grid, square, 0.0, whole);
    for (size_t n = 0; e->common && n < e->count; n++) {
        e->effect[n].interval.lower = fmin(e->effect[n].interval.lower, whole[n]);
        e->effect[n].interval.upper = fmax(e->effect[n].interval.upper, whole[n]);
    }
}

static int bootstrap(const struct grid *grid, struct workspace *work, const double *square, struct zem_error *error)
{
    const struct zem_effects *e = grid->effects;
    const double wanted = WORK / ((double)grid->cells * (double)e->count);
    const size_t drawn = (size_t)fmin(fmax(wanted, SURFACES_LEAST), SURFACES_MOST);
    double truth_share[ZEM_EFFECTS_MOST], found[ZEM_EFFECTS_MOST];
    double *truth = malloc(grid->cells * sizeof *truth), *copy = malloc(grid->cells * sizeof *copy),
           *all = malloc((drawn * e->count + drawn) * sizeof *all);
    bool memory = truth != NULL && copy != NULL && all != NULL;
    if (memory) {
        make_truth(grid, work->surface, work->table, square, truth);
        memcpy(copy, truth, grid->cells * sizeof *copy);
        decompose(grid, copy, work->table, found);
        shares(grid, found, 0.0, truth_share);
#pragma omp parallel for schedule(dynamic, 4)
        for (size_t i = 0; i < drawn; i++) {
            struct workspace own = {
                malloc(grid->cells * sizeof *own.surface), malloc((grid->tables + 1) * sizeof *own.table), {0}};
            if (own.surface != NULL && own.table != NULL) {
                const double noise = draw_surface(grid, truth, own.surface, i * UINT64_C(0x9E3779B97F4A7C15) * 77);
                decompose(grid, own.surface, own.table, own.square);
                shares(grid, own.square, noise, all + i * e->count);
            } else
                for (size_t n = 0; n < e->count; n++)
                    all[i * e->count + n] = (double)NAN;
            free(own.surface);
            free(own.table);
        }
        for (size_t i = 0; i < drawn * e->count; i++)
            memory = memory && !isnan(all[i]);
        if (memory)
            set_intervals(grid, truth_share, all, drawn, all + drawn * e->count);
    }
    widen_if_common(grid, square);
    free(truth);
    free(copy);
    free(all);
    return memory ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for drawn surfaces");
}

/* ---- all of it ---- */

/* Reads the estimate of each cell and its variance. */
static int read_cells(struct grid *grid, struct zem_error *error)
{
    struct zem_effects *e = grid->effects;
    char name[300];
    for (size_t cell = 0; cell < grid->cells; cell++) {
        grid->value[cell] = zem_variable_value(e->result, e->variable, e->element, cell);
        if (!isfinite(grid->value[cell]))
            return zem_error_set(
                error, ZEM_BAD_INPUT,
                "effects of %s need a value in every cell, and %s has none: give --variable another one",
                e->variable->name, zem_cell_name(grid->scenario, cell, name, sizeof name));
        grid->noise[cell] = zem_variable_noise(e->result, e->variable, e->element, cell);
        if (!isfinite(grid->noise[cell]))
            return zem_error_set(error, ZEM_USAGE,
                                 "effects of %s cannot be told from noise, because its standard error in %s is "
                                 "unknown: give --variable p_hit, p_salvo, miss_mean, miss_rms, miss_std or "
                                 "miss_quantile",
                                 e->variable->name, zem_cell_name(grid->scenario, cell, name, sizeof name));
        e->noise += grid->noise[cell] / (double)grid->cells;
    }
    for (int kind = 0; kind < ZEM_COUNTED_KINDS; kind++)
        if (strcmp(e->variable->name, zem_counted_names[kind]) == 0)
            for (size_t cell = 0; cell < grid->cells; cell++)
                grid->counted[cell] = zem_counted(e->result, (enum zem_counted_kind)kind, e->element, cell);
    return ZEM_OK;
}

static bool is_counted(const struct zem_variable *variable)
{
    return strcmp(variable->name, zem_counted_names[ZEM_COUNTED_HIT]) == 0
           || strcmp(variable->name, zem_counted_names[ZEM_COUNTED_SALVO]) == 0;
}

/* Makes the curves of the main effects and the half-widths of their intervals, by the normal distribution of a mean
 * over cells. False without memory. */
static bool make_curves(const struct grid *grid, const double *table)
{
    struct zem_effects *e = grid->effects;
    const double score = zem_normal_quantile(0.5 + 0.5 * e->confidence);
    for (size_t n = 0; n < e->count && e->effect[n].axes == 1; n++) {
        const size_t axis = e->effect[n].axis[0], count = points(grid, axis);
        const double each = (double)grid->cells / (double)count;
        double *curve = e->curve[axis] = calloc(count, sizeof *curve),
               *width = e->half_width[axis] = calloc(count, sizeof *width);
        if (curve == NULL || width == NULL)
            return false;
        for (size_t cell = 0; cell < grid->cells; cell++)
            width[place(grid, &e->effect[n], cell)] += grid->noise[cell];
        for (size_t i = 0; i < count; i++) {
            curve[i] = e->mean + table[grid->table[n] + i];
            width[i] = score * sqrt(width[i]) / each;
        }
    }
    return true;
}

static int analyse(struct grid *grid, struct zem_error *error)
{
    struct zem_effects *e = grid->effects;
    double square[ZEM_EFFECTS_MOST], share[ZEM_EFFECTS_MOST];
    struct workspace work = {
        malloc(grid->cells * sizeof *work.surface), malloc((grid->tables + 1) * sizeof *work.table), {0}};
    int status = work.surface != NULL && work.table != NULL ? read_cells(grid, error) : ZEM_INTERNAL;
    if (status == ZEM_OK) {
        memcpy(work.surface, grid->value, grid->cells * sizeof *work.surface);
        e->mean = decompose(grid, work.surface, work.table, square);
        e->variance = shares(grid, square, e->noise, share);
        for (size_t n = 0; n < e->count; n++)
            e->effect[n].share = share[n];
        test_parts(grid, square);
        if (!make_curves(grid, work.table))
            status = ZEM_INTERNAL;
        else if (e->differ && e->variance > 0.0)
            status = bootstrap(grid, &work, square, error);
        e->differ = e->differ && e->variance > 0.0;
    }
    if (status == ZEM_INTERNAL)
        zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the effects over %zu cells", grid->cells);
    free(work.surface);
    free(work.table);
    return status;
}

int zem_effects_find(const struct zem_result *result, const struct zem_variable *variable, size_t element,
                     struct zem_effects *effects, struct zem_error *error)
{
    const struct zem_scenario *scenario = result->scenario;
    *effects = (struct zem_effects){.result = result,
                                    .variable = variable,
                                    .element = element,
                                    .confidence = scenario->value[ZEM_KEY_CONFIDENCE].first,
                                    .common = zem_choice_index(scenario->value, ZEM_KEY_RANDOM_NUMBERS)
                                              == ZEM_RANDOM_NUMBERS_COMMON};
    struct grid grid = {.scenario = scenario, .cells = (size_t)result->cells, .effects = effects};
    make_parts(&grid);
    if (effects->count == 0)
        return zem_error_set(error, ZEM_USAGE,
                             "the result has one cell, over which nothing can vary: effects need a "
                             "sweep");
    grid.value = malloc(grid.cells * sizeof *grid.value);
    grid.noise = malloc(grid.cells * sizeof *grid.noise);
    grid.counted = is_counted(variable) ? malloc(grid.cells * sizeof *grid.counted) : NULL;
    const bool memory = grid.value != NULL && grid.noise != NULL && (grid.counted != NULL || !is_counted(variable));
    const int status = memory ? analyse(&grid, error)
                              : zem_error_set(error, ZEM_INTERNAL,
                                              "there is not enough memory for the effects over %zu cells", grid.cells);
    free(grid.value);
    free(grid.noise);
    free(grid.counted);
    return status;
}

void zem_effects_free(struct zem_effects *effects)
{
    for (size_t i = 0; i < ZEM_AXES_MAX; i++) {
        free(effects->curve[i]);
        free(effects->half_width[i]);
        effects->curve[i] = effects->half_width[i] = NULL;
    }
}
