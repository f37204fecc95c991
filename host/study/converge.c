/* Makes the error budgets of a sample of cells with error_budget.c, finds the worst cell for each quantity, and prints
 * text or JSON. */
#include "study/converge.h"

#include "base/json_text.h"
#include "base/number.h"
#include "cell/cell.h"
#include "cell/cell_step.h"
#include "scenario/cell_choice.h"
#include "scenario/grid.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TRIALS_MARGIN 1.5 /* safety factor on trials_needed, which is itself an estimate */
/* If more trials than this are needed, their number is not printed: with the margin it would be near 1e8, the largest
 * --trials-max. */
#define LARGEST_ADVICE 6e7

static const char *const verdict_word[] = {"passes", "fails", "unresolved"};

static void line_name(struct zem_quantity quantity, char *text, size_t size)
{
    static const char *const names[] = {[ZEM_MISS_MEAN] = "miss_mean",
                                        [ZEM_MISS_RMS] = "miss_rms",
                                        [ZEM_DIVERT_MEAN] = "divert_mean",
                                        [ZEM_SATURATED_FRACTION] = "saturated_fraction",
                                        [ZEM_FLIGHT_TIME_MEAN] = "flight_time_mean"};
    if (quantity.kind == ZEM_P_HIT)
        snprintf(text, size, "p_hit %.6g m", quantity.parameter);
    else if (quantity.kind == ZEM_MISS_QUANTILE)
        snprintf(text, size, "miss_quantile %g", quantity.parameter);
    else
        snprintf(text, size, "%s", names[quantity.kind]);
}

/* Compares two lines of budgets; a line has the errors of one quantity in one cell. Returns whether line `a` is worse
 * than line `b` of the same quantity: by its verdict, and for equal verdicts by the larger ratio of the error to the
 * half-width. A line without trials that have a miss distance is never worse. */
static bool is_worse(const struct zem_budget_line *a, const struct zem_budget_line *b)
{
    static const int rank[] = {[ZEM_BUDGET_PASSES] = 0, [ZEM_BUDGET_UNRESOLVED] = 1, [ZEM_BUDGET_FAILS] = 2};
    if (a->defined != b->defined)
        return a->defined;
    return rank[a->verdict] != rank[b->verdict] ? rank[a->verdict] > rank[b->verdict] : a->ratio > b->ratio;
}

static void summarise(struct zem_convergence *c)
{
    for (size_t line = 0; line < c->line_count; line++) {
        for (size_t i = 1; i < c->count; i++)
            if (is_worse(&c->budget[i].line[line], &c->budget[c->worst[line]].line[line]))
                c->worst[line] = i;
        for (size_t i = 0; i < c->count; i++) {
            const struct zem_budget_line *one = &c->budget[i].line[line];
            if (one->halvings_needed > c->halvings_needed)
                c->halvings_needed = one->halvings_needed;
            if (one->defined && one->trials_needed > c->trials_needed)
                c->trials_needed = one->trials_needed;
            if (one->defined && one->verdict != ZEM_BUDGET_PASSES && c->verdict != ZEM_BUDGET_FAILS)
                c->verdict = one->verdict;
        }
    }
}

int zem_converge(const struct zem_scenario *scenario, const struct zem_converge_options *options,
                 struct zem_convergence *c, struct zem_error *error)
{
    char name[300], text[400];
    uint64_t *cells = calloc(options->cells, sizeof *cells);
    *c = (struct zem_convergence){.scenario = scenario,
                                  .share = options->share,
                                  .grid_cells = zem_grid_cells(scenario),
                                  .line_count = zem_budget_line_count(scenario)};
    c->budget = calloc(options->cells, sizeof *c->budget);
    int status = cells != NULL && c->budget != NULL
                     ? ZEM_OK
                     : zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %zu cells", options->cells);
    const size_t wanted = status == ZEM_OK ? zem_cell_sample(scenario, options->cells, cells) : 0;
    for (; status == ZEM_OK && c->count < wanted; c->count++) {
        snprintf(text, sizeof text, "%zu of %zu: %s", c->count + 1, wanted,
                 zem_cell_name(scenario, cells[c->count], name, sizeof name));
        if (options->message)
            options->message(options->context, text);
        status = zem_budget_make(scenario, cells[c->count], options->interval_method, options->share, options->trials,
                                 options->threads, &c->budget[c->count], error);
    }
    if (status == ZEM_OK)
        summarise(c);
    free(cells);
    return status;
}

void zem_convergence_free(struct zem_convergence *c)
{
    free(c->budget);
    c->budget = NULL;
}

/* ---- text ---- */

static void print_error(const struct zem_paired *e, FILE *out)
{
    fprintf(out, " %10.2e [%9.2e, %9.2e]", e->value, e->lower, e->upper);
}

static void print_line(const struct zem_convergence *c, size_t line, FILE *out)
{
    char name[64], cell[300];
    const struct zem_budget *budget = &c->budget[c->worst[line]];
    const struct zem_budget_line *l = &budget->line[line];
    line_name(zem_budget_quantity(c->scenario, line), name, sizeof name);
    zem_cell_name(c->scenario, budget->cell, cell, sizeof cell);
    if (!l->defined) {
        fprintf(out, "%-18s no trial has a miss distance\n", name);
        return;
    }
    fprintf(out, "%-18s %9.4g", name, l->value);
    print_error(&l->all, out);
    fprintf(out, " %10.2e %10.2e %10.2e %10.2e%s %6.1f %%  %-10s %s\n", l->step.value, l->rounding.value,
            l->approach.value, l->half_width, l->deterministic ? "*" : " ", 100.0 * l->ratio, verdict_word[l->verdict],
            cell);
}

static bool any_deterministic(const struct zem_convergence *c)
{
    for (size_t i = 0; i < c->count; i++)
        for (size_t line = 0; line < c->line_count; line++)
            if (c->budget[i].line[line].deterministic)
                return true;
    return false;
}

static bool raw_noise(const struct zem_convergence *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->budget[i].raw_noise)
            return true;
    return false;
}

/* Prints the step and step ratio with which every studied cell would pass. They follow from the smallest step and the
 * largest ratio of the cells. */
static void print_advice(const struct zem_convergence *c, FILE *out)
{
    double step = (double)INFINITY, ratio = 0.0;
    for (size_t i = 0; i < c->count; i++) {
        struct zem_value value[ZEM_KEY_COUNT];
        zem_grid_values(c->scenario, c->budget[i].cell, value);
        step = fmin(step, zem_cell_step(value));
        ratio = fmax(ratio, zem_cell_step_ratio(value));
    }
    const double parts = ldexp(1.0, (int)c->halvings_needed);
    if (c->halvings_needed > ZEM_BUDGET_HALVINGS && c->verdict == ZEM_BUDGET_FAILS)
        fprintf(out, "No halving of the step that was tried helps: the errors do not settle, or rounding and the "
                     "closest approach alone exceed the bound.\n");
    else if (c->halvings_needed > ZEM_BUDGET_HALVINGS)
        fprintf(out, "Nor do these trials tell whether a shorter step passes.\n");
    if (c->halvings_needed > ZEM_BUDGET_HALVINGS && raw_noise(c))
        fprintf(out, "The command carries seeker noise that no filter has smoothed, and white noise is the stronger "
                     "the shorter the step: where it meets a\n"
                     "limit, halved steps lead to no result. Give interceptor.filter_lag, or take the step for the "
                     "sampling interval of the seeker.\n");
    if (c->halvings_needed > 0 && c->halvings_needed <= ZEM_BUDGET_HALVINGS)
        fprintf(out, "Steps 1/%g as long pass: --set \"run.step=%.3g s\" --set run.step_ratio=%.6g\n", parts,
                step / parts, ratio * parts);
}

static void print_unresolved(const struct zem_convergence *c, size_t trials, FILE *out)
{
    fprintf(out, "Not shown that the scenario's own step passes: %zu trials do not tell.", trials);
    if (c->trials_needed < LARGEST_ADVICE)
        fprintf(out, " About %.1g would; --trials-max %.0f leaves a margin.\n", c->trials_needed,
                ceil(TRIALS_MARGIN * c->trials_needed));
    else
        fprintf(out,
                " The estimate of an error lies near the bound or beyond it, so that the number of trials that would "
                "is not known: raise\n--trials-max, take a shorter step, or another --percent.\n");
}

int zem_convergence_print(const struct zem_convergence *c, FILE *out, struct zem_error *error)
{
    size_t trials = 0, fewest = SIZE_MAX;
    unsigned halvings = 0;
    for (size_t i = 0; i < c->count; i++) {
        trials = c->budget[i].trials > trials ? c->budget[i].trials : trials;
        fewest = c->budget[i].trials < fewest ? c->budget[i].trials : fewest;
        halvings = c->budget[i].halvings > halvings ? c->budget[i].halvings : halvings;
    }
    fprintf(out,
            "Error budget of %zu of %" PRIu64
            " cell%s (the middle, corners, then spread evenly), each quantity in its worst cell.\n",
            c->count, c->grid_cells, zem_plural(c->grid_cells));
    char of[60];
    snprintf(of, sizeof of, fewest < trials ? "%zu to %zu" : "%zu", fewest, trials);
    fprintf(out,
            "Errors are paired differences of the same %s trials: as a run flies them, against double "
            "precision and steps halved up to %u\n"
            "times. Target and handover draw the same numbers; the noise of halved steps is a finer sampling of the "
            "same noise, not drawn anew.\n"
            "The error of p_hit is counted at the radius itself, from trials that hit with one of the two steps alone. "
            "The interval of an error has\n"
            "%g %% confidence and includes what still finer steps may change. \"half-width\" is that of the interval "
            "which a run of this scenario will have.\n"
            "\"all\" is the largest error inside the interval, in percent of the half-width.\n\n",
            of, halvings, 100.0 * ZEM_BUDGET_CONFIDENCE);
    fprintf(out, "%-18s %9s %-34s %10s %10s %10s %10s %9s  %-10s %s\n", "quantity", "value", " error, its interval",
            "step", "rounding", "approach", "half-width", "all", "verdict", "worst cell");
    for (size_t line = 0; line < c->line_count; line++)
        print_line(c, line, out);
    if (any_deterministic(c))
        fprintf(out, "* trials hardly differ: instead of the interval a thousandth of the value (of 1 for "
                     "saturated_fraction), and for\n  miss_mean and miss_rms a hundredth of the smallest hit radius "
                     "where that is more\n");
    fprintf(out, "\n");
    if (c->verdict == ZEM_BUDGET_PASSES)
        fprintf(out,
                "The scenario's own step passes: all errors together stay below %g %% of the interval's half-width.\n",
                100.0 * c->share);
    else if (c->verdict == ZEM_BUDGET_FAILS)
        fprintf(out, "The scenario's own step FAILS: errors exceed %g %% of the interval's half-width.\n",
                100.0 * c->share);
    else
        print_unresolved(c, trials, out);
    print_advice(c, out);
    return ferror(out) ? zem_error_set(error, ZEM_INPUT_OUTPUT, "standard output cannot be written") : ZEM_OK;
}

/* ---- JSON ---- */

static json_t *number_or_null(double number) { return isfinite(number) ? json_real(number) : json_null(); }

static json_t *error_json(const struct zem_paired *e)
{
    return json_pack("{s:o, s:o, s:o}", "value", number_or_null(e->value), "lower", number_or_null(e->lower), "upper",
                     number_or_null(e->upper));
}

static json_t *line_json(const struct zem_budget_line *l)
{
    char name[64];
    line_name(l->quantity, name, sizeof name);
    json_t *object = json_pack(
        "{s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:s, s:i, s:o}", "quantity", name, "defined",
        l->defined, "value", number_or_null(l->value), "error", error_json(&l->all), "step", error_json(&l->step),
        "remainder", number_or_null(l->remainder), "rounding", error_json(&l->rounding), "closest_approach",
        error_json(&l->approach), "half_width", number_or_null(l->half_width), "deterministic", l->deterministic,
        "ratio", number_or_null(l->ratio), "verdict", verdict_word[l->verdict], "halvings_needed",
        l->halvings_needed > ZEM_BUDGET_HALVINGS ? -1 : (int)l->halvings_needed, "trials_needed",
        l->verdict == ZEM_BUDGET_UNRESOLVED ? number_or_null(ceil(l->trials_needed)) : json_null());
    if (l->quantity.kind == ZEM_P_HIT)
        json_object_set_new(object, "discordant",
                            json_pack("[I, I]", (json_int_t)l->all.gained, (json_int_t)l->all.lost));
    return object;
}

static json_t *budget_json(const struct zem_convergence *c, const struct zem_budget *budget)
{
    char name[300];
    json_t *lines = json_array(), *index = json_array();
    size_t at[ZEM_AXES_MAX];
    zem_grid_indices(c->scenario, budget->cell, at);
    for (size_t i = 0; i < c->scenario->axis_count; i++)
        json_array_append_new(index, json_integer((json_int_t)at[i]));
    for (size_t line = 0; line < c->line_count; line++)
        json_array_append_new(lines, line_json(&budget->line[line]));
    return json_pack("{s:o, s:o, s:I, s:i, s:o}", "cell", index, "name",
                     zem_json_text(zem_cell_name(c->scenario, budget->cell, name, sizeof name)), "trials",
                     (json_int_t)budget->trials, "halvings", (int)budget->halvings, "quantities", lines);
}

int zem_convergence_print_json(const struct zem_convergence *c, FILE *out, struct zem_error *error)
{
    json_t *cells = json_array();
    for (size_t i = 0; i < c->count; i++)
        json_array_append_new(cells, budget_json(c, &c->budget[i]));
    json_t *object = json_pack("{s:o, s:s, s:f, s:i, s:o}", "scenario", zem_json_text(c->scenario->name), "verdict",
                               verdict_word[c->verdict], "bound", c->share, "halvings_needed",
                               c->halvings_needed > ZEM_BUDGET_HALVINGS ? -1 : (int)c->halvings_needed, "cells", cells);
    return zem_json_print(object, JSON_INDENT(2), out, error);
}
