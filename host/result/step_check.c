/* Counts of trials flown again with steps half as long: memory, sums over shards and judgement. Cells of one kind,
 * which use the same features of the model, are judged together, because a single cell has too few such trials. */
#include "result/step_check.h"

#include "cell/cell.h"
#include "cell/cell_step.h"
#include "result/cell_totals.h"
#include "scenario/grid.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- counts ---- */

int zem_step_check_init(struct zem_result *result, struct zem_error *error)
{
    struct zem_step_check *check = &result->step_check;
    const size_t cells = (size_t)result->cells, radii = zem_radius_count(result);
    zem_step_check_drop(result);
    check->trials = calloc(cells * (1 + 2 * radii), sizeof *check->trials);
    if (check->trials == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the step check of %zu cells", cells);
    check->gained = check->trials + cells;
    check->lost = check->gained + cells * radii;
    return ZEM_OK;
}

void zem_step_check_drop(struct zem_result *result)
{
    free(result->step_check.trials);
    result->step_check = (struct zem_step_check){0};
}

bool zem_step_check_fits(const struct zem_result *result, uint64_t cell)
{
    const struct zem_step_check *check = &result->step_check;
    const size_t radii = zem_radius_count(result);
    for (size_t i = cell * radii; i < (cell + 1) * radii; i++)
        if (check->gained[i] > check->trials[cell] || check->lost[i] > check->trials[cell] - check->gained[i])
            return false;
    return true;
}

void zem_step_check_add(struct zem_result *result, const struct zem_result *other)
{
    const size_t count = (size_t)result->cells * (1 + 2 * zem_radius_count(result));
    for (size_t i = 0; i < count; i++)
        result->step_check.trials[i] += other->step_check.trials[i];
}

/* ---- judgement ---- */

/* A cell with trials flown again. */
struct checked_cell {
    feature_set features;
    uint64_t cell;
};

static int compare_kinds(const void *a, const void *b)
{
    const struct checked_cell *x = a, *y = b;
    return x->features != y->features ? (x->features > y->features) - (x->features < y->features)
                                      : (x->cell > y->cell) - (x->cell < y->cell);
}

/* Lists the cells that have trials flown again, sorted by their features of the model, and writes their number to
 * `count`. The caller frees the list. NULL without memory. */
static struct checked_cell *checked_cells(const struct zem_result *result, size_t *count)
{
    size_t found = 0;
    for (uint64_t cell = 0; cell < result->cells; cell++)
        found += result->step_check.trials[cell] > 0;
    struct checked_cell *list = malloc((found + 1) * sizeof *list);
    *count = 0;
    for (uint64_t cell = 0; list != NULL && cell < result->cells; cell++) {
        struct zem_value value[ZEM_KEY_COUNT];
        if (result->step_check.trials[cell] == 0)
            continue;
        zem_grid_values(result->scenario, cell, value);
        list[(*count)++] = (struct checked_cell){zem_cell_features(value), cell};
    }
    if (list != NULL)
        qsort(list, *count, sizeof *list, compare_kinds);
    return list;
}

static double half_width(const struct zem_result *result, uint64_t cell, size_t radius)
{
    const struct zem_interval interval =
        zem_interval_binomial(zem_result_hits(result, cell, radius), zem_trial_count(result, cell),
                              zem_cell_confidence(result, cell), result->interval_method);
    return 0.5 * (interval.upper - interval.lower);
}

/* Tells how much the error of the steps changes p_hit within one hit radius. `kind` lists `cells` cells that use the
 * same features of the model; their counts are added up. `radius` is the index of the hit radius, and `confidence` that
 * of the interval of the error. */
static struct zem_step_verdict judge_kind(const struct zem_result *result, const struct checked_cell *kind,
                                          size_t cells, size_t radius, double confidence)
{
    struct zem_step_verdict v = {.features = kind->features, .cell = kind->cell, .cells = cells, .radius = radius};
    const size_t radii = zem_radius_count(result);
    for (size_t i = 0; i < cells; i++) {
        const uint64_t cell = kind[i].cell, trials = result->step_check.trials[cell];
        v.trials += trials;
        v.gained += result->step_check.gained[cell * radii + radius];
        v.lost += result->step_check.lost[cell * radii + radius];
        v.half_width += (double)trials * half_width(result, cell, radius);
    }
    v.half_width /= (double)v.trials;
    v.value = ((double)v.gained - (double)v.lost) / (double)v.trials;
    v.error = zem_interval_paired(v.gained, v.lost, v.trials, confidence);
    const double bound = ZEM_STEP_CHECK_SHARE * v.half_width;
    v.significant = v.error.lower > bound || v.error.upper < -bound;
    return v;
}

static bool is_worse(const struct zem_step_verdict *a, const struct zem_step_verdict *b)
{
    return a->significant && (!b->significant || fabs(a->value) * b->half_width > fabs(b->value) * a->half_width);
}

int zem_step_check_judge(const struct zem_result *result, struct zem_step_judgement *judgement, struct zem_error *error)
{
    size_t count = 0, first, next;
    const size_t radii = zem_radius_count(result);
    struct checked_cell *list = checked_cells(result, &count);
    *judgement = (struct zem_step_judgement){0};
    if (list == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory to judge the steps");
    for (size_t i = 0; i < count; i++) {
        judgement->kinds += i == 0 || list[i].features != list[i - 1].features;
        judgement->trials += result->step_check.trials[list[i].cell];
    }
    const double confidence = 1.0 - ZEM_STEP_CHECK_FALSE_ALARMS / ((double)judgement->kinds * (double)radii);
    for (first = 0; first < count; first = next) {
        bool significant = false;
        for (next = first; next < count && list[next].features == list[first].features;)
            next++;
        for (size_t radius = 0; radius < radii; radius++) {
            const struct zem_step_verdict v = judge_kind(result, &list[first], next - first, radius, confidence);
            significant = significant || v.significant;
            if (is_worse(&v, &judgement->worst))
                judgement->worst = v;
        }
        judgement->significant_kinds += significant;
    }
    free(list);
    return ZEM_OK;
}

/* ---- text ---- */

/* Writes the properties by which a kind of cells differs from others: " (point-mass, apn, noise, limit)". The text is
 * empty if there is only one kind. */
static void kind_name(const struct zem_result *result, const struct zem_step_judgement *judgement, char *text,
                      size_t size)
{
    static const struct {
        feature_set features;
        const char *word;
    } words[] = {{ZEM_FEATURE_NOISE, "noise"},
                 {ZEM_FEATURE_KALMAN, "Kalman filter"},
                 {ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT, "limit"},
                 {ZEM_FEATURE_DIVERT_LIMIT, "divert budget"}};
    struct zem_value value[ZEM_KEY_COUNT];
    text[0] = '\0';
    if (judgement->kinds < 2)
        return;
    zem_grid_values(result->scenario, judgement->worst.cell, value);
    size_t length = (size_t)snprintf(text, size, " (%s, %s", zem_choice_row(value, ZEM_KEY_KINEMATICS)->word,
                                     zem_choice_row(value, ZEM_KEY_GUIDANCE)->word);
    for (size_t i = 0; i < sizeof words / sizeof *words && length < size; i++)
        if (judgement->worst.features & words[i].features)
            length += (size_t)snprintf(text + length, size - length, ", %s", words[i].word);
    if (length < size)
        snprintf(text + length, size - length, ")");
}

/* Writes what the user can do: make the steps half as long, or give a noise filter where white noise meets a limit,
 * because there no step is short enough. */
static void remedy(const struct zem_result *result, const struct zem_step_verdict *worst, char *text, size_t size)
{
    struct zem_value value[ZEM_KEY_COUNT];
    zem_grid_values(result->scenario, worst->cell, value);
    if (zem_cell_limits_white_noise(worst->features))
        snprintf(text, size, "white noise meets a limit there, so give interceptor.filter_lag");
    else
        snprintf(text, size,
                 "zem converge tells which steps are short enough; half of these are --set \"run.step=%.3g s\" --set "
                 "run.step_ratio=%.4g",
                 0.5 * zem_cell_step(value), 2.0 * zem_cell_step_ratio(value));
}

const char *zem_step_check_text(const struct zem_result *result, const struct zem_step_judgement *judgement, char *text,
                                size_t size)
{
    const struct zem_step_verdict *w = &judgement->worst;
    char kind[120], advice[240], others[64] = "";
    if (judgement->trials == 0) {
        snprintf(text, size, "the run has too few trials to fly some again with half the steps");
        return text;
    }
    if (!w->significant) {
        snprintf(text, size, "%" PRIu64 " trials flown again with half the steps show no significant error",
                 judgement->trials);
        return text;
    }
    kind_name(result, judgement, kind, sizeof kind);
    remedy(result, w, advice, sizeof advice);
    if (judgement->significant_kinds > 1)
        snprintf(others, sizeof others, " (and in %zu more kinds of cells)", judgement->significant_kinds - 1);
    snprintf(text, size,
             "the steps are too long for the intervals: of %" PRIu64
             " trials%s flown again with half the steps, %" PRIu64
             " hit within %.6g m with the longer steps alone and %" PRIu64
             " with the halved ones alone, so halving changes p_hit by %.3g [%.3g, %.3g], %.2g half-widths of its "
             "interval%s; %s",
             w->trials, kind, w->gained, result->scenario->radius[w->radius], w->lost, -w->value, -w->error.upper,
             -w->error.lower, fabs(w->value) / w->half_width, others, advice);
    return text;
}

json_t *zem_step_check_json(const struct zem_result *result)
{
    char text[ZEM_STEP_CHECK_TEXT];
    struct zem_step_judgement judgement;
    struct zem_error error;
    const size_t radii = zem_radius_count(result);
    if (result->step_check.trials == NULL)
        return json_null();
    if (zem_step_check_judge(result, &judgement, &error) != ZEM_OK)
        return NULL;
    json_t *gained = json_array(), *lost = json_array();
    for (size_t radius = 0; radius < radii; radius++) {
        uint64_t sum[2] = {0, 0};
        for (uint64_t cell = 0; cell < result->cells; cell++) {
            sum[0] += result->step_check.gained[cell * radii + radius];
            sum[1] += result->step_check.lost[cell * radii + radius];
        }
        json_array_append_new(gained, json_integer((json_int_t)sum[0]));
        json_array_append_new(lost, json_integer((json_int_t)sum[1]));
    }
    return json_pack("{s:I, s:o, s:o, s:b, s:s}", "trials", (json_int_t)judgement.trials, "gained", gained, "lost",
                     lost, "significant", judgement.significant_kinds > 0, "text",
                     zem_step_check_text(result, &judgement, text, sizeof text));
}
