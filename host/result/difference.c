/* The comparison of two results by the two-proportion z-test with pooled variance (Agresti, Categorical Data Analysis,
 * section 3.1). The test assumes independent trials, so it is valid for results of different seeds. */
#include "result/difference.h"

#include "base/json_text.h"
#include "base/kernel_types.h"
#include "base/printable.h"
#include "scenario/cell_choice.h"
#include "scenario/grid.h"
#include "scenario/scenario_compare.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

double zem_two_proportion_score(uint64_t hits_first, uint64_t trials_first, uint64_t hits_second,
                                uint64_t trials_second)
{
    const double m = (double)trials_first, n = (double)trials_second;
    if (trials_first == 0 || trials_second == 0)
        return (double)NAN;
    const double change = (double)hits_second / n - (double)hits_first / m,
                 pooled = ((double)hits_first + (double)hits_second) / (m + n);
    const double variance = pooled * (1.0 - pooled) * (1.0 / m + 1.0 / n);
    return variance > 0.0 ? change / sqrt(variance) : 0.0;
}

static void summarise(struct zem_comparison *c)
{
    const double confidence = c->first->scenario->value[ZEM_KEY_CONFIDENCE].first,
                 bound = zem_normal_quantile(0.5 + 0.5 * confidence);
    double most = -1.0;
    for (size_t i = 0; i < c->count; i++) {
        const double size = fabs(c->item[i].z);
        if (isnan(size))
            continue;
        c->defined++;
        c->beyond += size > bound;
        if (size > most) {
            most = size;
            c->largest = i;
        }
    }
    c->expected = (1.0 - confidence) * (double)c->defined;
    c->chance = c->defined > 0 ? fmin(1.0, (double)c->defined * erfc(most / sqrt(2.0))) : (double)NAN;
}

int zem_compare(const struct zem_result *first, const struct zem_result *second, struct zem_comparison *c,
                struct zem_error *error)
{
    const size_t radii = first->scenario->radius_count;
    char differences[200];
    *c = (struct zem_comparison){.first = first, .second = second, .count = first->cells * radii};
    if (!zem_scenario_same_grid(first->scenario, second->scenario))
        return zem_error_set(
            error, ZEM_BAD_INPUT,
            "the two results cannot be compared cell by cell, their sweeps or hit radii differ: %s",
            zem_scenario_differences(first->scenario, second->scenario, differences, sizeof differences));
    c->item = calloc(c->count, sizeof *c->item);
    if (c->item == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %zu differences", c->count);
    c->same_numbers = first->scenario->value[ZEM_KEY_SEED].integer == second->scenario->value[ZEM_KEY_SEED].integer
                      && first->shards == second->shards;
    for (uint64_t cell = 0; cell < first->cells; cell++)
        for (size_t radius = 0; radius < radii; radius++) {
            const uint64_t trials[2] = {zem_result_word(first, cell, ZEM_TALLY_TRIALS),
                                        zem_result_word(second, cell, ZEM_TALLY_TRIALS)};
            const uint64_t hits[2] = {zem_result_hits(first, cell, radius), zem_result_hits(second, cell, radius)};
            c->item[cell * radii + radius] = (struct zem_difference){
                cell, radius, (double)hits[0] / (double)trials[0], (double)hits[1] / (double)trials[1],
                zem_two_proportion_score(hits[0], trials[0], hits[1], trials[1])};
        }
    summarise(c);
    return ZEM_OK;
}

void zem_comparison_free(struct zem_comparison *c)
{
    free(c->item);
    c->item = NULL;
}

/* ---- text ---- */

/* Sorts by the size of the score, largest first. A score that is NaN comes last; equal scores keep the order of cells
 * and radii. */
static int compare_scores(const void *a, const void *b)
{
    const struct zem_difference *first = a, *second = b;
    const double x = isnan(first->z) ? -1.0 : fabs(first->z), y = isnan(second->z) ? -1.0 : fabs(second->z);
    if (x != y)
        return x < y ? 1 : -1;
    if (first->cell != second->cell)
        return first->cell < second->cell ? -1 : 1;
    return (first->radius > second->radius) - (first->radius < second->radius);
}

static void print_scenarios(const struct zem_comparison *c, FILE *out)
{
    char differences[400];
    zem_scenario_differences(c->first->scenario, c->second->scenario, differences, sizeof differences);
    fprintf(out, "  scenarios    %s%s\n", differences[0] != '\0' ? "differ in " : "the same", differences);
    if (strcmp(c->first->digest, c->second->digest) == 0 && strcmp(c->first->miss_digest, c->second->miss_digest) == 0)
        fprintf(out, "  digests      the same: the results are equal to the bit\n");
    else if (c->same_numbers)
        fprintf(out, "  note         both have the same seed, so their trials are not independent and the scores are "
                     "too small or too large\n");
}

int zem_comparison_print(const struct zem_comparison *c, const char *const names[2], size_t lines, FILE *out,
                         struct zem_error *error)
{
    char name[300];
    const struct zem_scenario *scenario = c->first->scenario;
    struct zem_difference *sorted = malloc((c->count + 1) * sizeof *sorted);
    if (sorted == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %zu differences", c->count);
    memcpy(sorted, c->item, c->count * sizeof *sorted);
    qsort(sorted, c->count, sizeof *sorted, compare_scores);
    zem_printable_write(names[1], false, out);
    fputs(" minus ", out);
    zem_printable_write(names[0], false, out);
    fputs(", p_hit\n", out);
    print_scenarios(c, out);
    fprintf(out, "  compared     %zu probabilities in %" PRIu64 " cells\n", c->defined, c->first->cells);
    fprintf(out, "  beyond %g %%  %zu of them, %.3g expected by chance\n",
            100.0 * scenario->value[ZEM_KEY_CONFIDENCE].first, c->beyond, c->expected);
    if (c->defined > 0)
        fprintf(out, "  largest      |z| = %.3f, chance of one so large among all: %s%.3g\n",
                fabs(c->item[c->largest].z), c->chance < 1.0 ? "at most " : "", c->chance);
    fprintf(out, "\n%9s %11s %11s %11s %8s  %s\n", "radius", "first", "second", "difference", "z", "cell");
    for (size_t i = 0; i < lines && i < c->count && !isnan(sorted[i].z); i++)
        fprintf(out, "%7.4g m %11.6f %11.6f %+11.6f %+8.3f  %s\n", scenario->radius[sorted[i].radius],
                sorted[i].p_first, sorted[i].p_second, sorted[i].p_second - sorted[i].p_first, sorted[i].z,
                zem_cell_name(scenario, sorted[i].cell, name, sizeof name));
    free(sorted);
    return fflush(out) != 0 || ferror(out) ? zem_error_set(error, ZEM_INPUT_OUTPUT, "standard output cannot be written")
                                           : ZEM_OK;
}

/* ---- JSON ---- */

int zem_comparison_print_json(const struct zem_comparison *c, const char *const names[2], FILE *out,
                              struct zem_error *error)
{
    char differences[400];
    const struct zem_scenario *scenario = c->first->scenario;
    json_t *items = json_array();
    for (size_t i = 0; i < c->count; i++) {
        const struct zem_difference *d = &c->item[i];
        size_t index[ZEM_AXES_MAX];
        json_t *at = json_array();
        zem_grid_indices(scenario, d->cell, index);
        for (size_t k = 0; k < scenario->axis_count; k++)
            json_array_append_new(at, json_integer((json_int_t)index[k]));
        json_array_append_new(items, json_pack("{s:o, s:f, s:o, s:o, s:o}", "cell", at, "hit_radius",
                                               scenario->radius[d->radius], "first", zem_json_number(d->p_first),
                                               "second", zem_json_number(d->p_second), "z", zem_json_number(d->z)));
    }
    json_t *object = json_pack(
        "{s:o, s:o, s:s, s:b, s:b, s:I, s:I, s:f, s:o, s:o, s:o}", "first", zem_json_text(names[0]), "second",
        zem_json_text(names[1]), "scenarios_differ_in",
        zem_scenario_differences(c->first->scenario, c->second->scenario, differences, sizeof differences), "same_bits",
        strcmp(c->first->digest, c->second->digest) == 0 && strcmp(c->first->miss_digest, c->second->miss_digest) == 0,
        "same_random_numbers", c->same_numbers, "compared", (json_int_t)c->defined, "beyond", (json_int_t)c->beyond,
        "expected_beyond", c->expected, "largest_z",
        c->defined > 0 ? zem_json_number(fabs(c->item[c->largest].z)) : json_null(), "chance_of_largest",
        zem_json_number(c->chance), "differences", items);
    const bool written = object != NULL && json_dumpf(object, out, JSON_COMPACT | JSON_REAL_PRECISION(15)) == 0
                         && fputc('\n', out) != EOF;
    json_decref(object);
    return written ? ZEM_OK
                   : zem_error_set(error, ZEM_INPUT_OUTPUT, "the JSON object cannot be written to standard output");
}
