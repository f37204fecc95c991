/* What `zem effects` prints. Nothing is computed here. */
#include "result/effects_text.h"

#include "base/json_text.h"
#include "base/printable.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Writes the name of an effect: "acceleration", "acceleration x period" or "rest". Returns text. */
static const char *effect_name(const struct zem_effects *e, const struct zem_effect *effect, char *text, size_t size)
{
    const struct zem_axis *axis = e->result->scenario->axis;
    if (effect->axes == 0)
        snprintf(text, size, "rest");
    else
        snprintf(text, size, "%s%s%s", axis[effect->axis[0]].name, effect->axes > 1 ? " x " : "",
                 effect->axes > 1 ? axis[effect->axis[1]].name : "");
    return text;
}

const char *zem_effects_subject(const struct zem_effects *e, char *text, size_t size)
{
    if (e->variable->dimension[0] == ZEM_DIMENSION_RADIUS)
        snprintf(text, size, "%s, hit radius %.6g m", e->variable->name, e->result->scenario->radius[e->element]);
    else if (e->variable->dimension[0] == ZEM_DIMENSION_QUANTILE)
        snprintf(text, size, "%s, level %.6g", e->variable->name, zem_quantile_levels[e->element]);
    else
        snprintf(text, size, "%s", e->variable->name);
    return text;
}

static const char *p_value_text(double p, char text[16])
{
    snprintf(text, 16, p < 1e-300 ? "< 1e-300" : "= %.2g", p);
    return text;
}

/* Orders the parts by share, largest first. The part "rest" stays at the end. */
static void order_effects(const struct zem_effects *e, size_t order[ZEM_EFFECTS_MOST])
{
    for (size_t n = 0; n < e->count; n++) {
        size_t place = n;
        while (place > 0 && e->effect[n].axes > 0 && e->effect[order[place - 1]].share < e->effect[n].share)
            place--;
        memmove(order + place + 1, order + place, (n - place) * sizeof *order);
        order[place] = n;
    }
}

int zem_effects_print(const struct zem_effects *e, const char *file, FILE *out, struct zem_error *error)
{
    char text[300], p[16];
    const bool pure = strcmp(e->variable->unit, "1") == 0;
    size_t order[ZEM_EFFECTS_MOST];
    zem_printable_write(file, false, out);
    fprintf(out, ": effects on %s\n", zem_effects_subject(e, text, sizeof text));
    fprintf(out, "  mean         %.6g%s%s over %" PRIu64 " cells\n", e->mean, pure ? "" : " ",
            pure ? "" : e->variable->unit, e->result->cells);
    fprintf(out, "  deviation    %.4g over the cells, without the noise of the trials, which is %.4g in a cell\n",
            sqrt(fmax(e->variance, 0.0)), sqrt(e->noise));
    fprintf(out, "  cells differ %s (p %s)\n",
            e->differ ? "by more than chance" : "not more than by chance: nothing has an effect that these trials show",
            p_value_text(e->chance, p));
    if (e->common)
        fprintf(out,
                "  note         the cells share random numbers: intervals include shares without noise subtracted\n");
    if (e->differ) {
        fprintf(out, "\n  %-40s %8s  %-18s %9s\n", "share of the variance", "", "", "p-value");
        order_effects(e, order);
        for (size_t i = 0; i < e->count; i++) {
            const struct zem_effect *effect = &e->effect[order[i]];
            fprintf(out, "  %-40s %7.2f%%  [%6.2f%%, %6.2f%%] %9s%c\n", effect_name(e, effect, text, sizeof text),
                    100.0 * fmax(effect->share, 0.0), 100.0 * effect->interval.lower, 100.0 * effect->interval.upper,
                    p_value_text(effect->chance, p) + (effect->chance < 1e-300 ? 0 : 2),
                    effect->significant ? '*' : ' ');
        }
        fprintf(
            out,
            "\nIntervals at %.6g %%. p-values are adjusted by Holm's procedure; * marks parts that are significant.\n"
            "Shares belong to this grid: an axis with another range or spacing has another share.\n",
            100.0 * e->confidence);
    }
    return fflush(out) != 0 || ferror(out) ? zem_error_set(error, ZEM_INPUT_OUTPUT, "standard output cannot be written")
                                           : ZEM_OK;
}

/* ---- JSON ---- */

static json_t *numbers(const double *values, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, zem_json_number(values[i]));
    return array;
}

/* Makes the JSON array of the effects. Their shares are null if the cells do not differ by more than chance. */
static json_t *effects_json(const struct zem_effects *e)
{
    char text[300];
    json_t *array = json_array();
    for (size_t n = 0; n < e->count; n++) {
        const struct zem_effect *effect = &e->effect[n];
        json_t *axes = json_array();
        for (size_t k = 0; k < effect->axes; k++)
            json_array_append_new(axes, zem_json_text(e->result->scenario->axis[effect->axis[k]].name));
        json_array_append_new(array,
                              json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "name",
                                        zem_json_text(effect_name(e, effect, text, sizeof text)), "axes", axes, "share",
                                        e->differ ? zem_json_number(fmax(effect->share, 0.0)) : json_null(), "lower",
                                        e->differ ? zem_json_number(effect->interval.lower) : json_null(), "upper",
                                        e->differ ? zem_json_number(effect->interval.upper) : json_null(), "p_value",
                                        zem_json_number(effect->chance), "significant", effect->significant));
    }
    return array;
}

static json_t *curves_json(const struct zem_effects *e)
{
    json_t *array = json_array();
    for (size_t i = 0; i < e->result->scenario->axis_count; i++) {
        const struct zem_axis *axis = &e->result->scenario->axis[i];
        if (e->curve[i] != NULL)
            json_array_append_new(array,
                                  json_pack("{s:o, s:o, s:o, s:o, s:o}", "axis", zem_json_text(axis->name), "unit",
                                            zem_json_text(axis->unit), "at", numbers(axis->display, axis->points),
                                            "mean", numbers(e->curve[i], axis->points), "half_width",
                                            numbers(e->half_width[i], axis->points)));
    }
    return array;
}

int zem_effects_print_json(const struct zem_effects *e, const char *file, FILE *out, struct zem_error *error)
{
    char text[300];
    json_t *object =
        json_pack("{s:o, s:s, s:s, s:s, s:f, s:f, s:f, s:f, s:f, s:b, s:b, s:o, s:o}", "file", zem_json_text(file),
                  "variable", e->variable->name, "subject", zem_effects_subject(e, text, sizeof text), "unit",
                  e->variable->unit, "confidence", e->confidence, "mean", e->mean, "variance", e->variance,
                  "noise_variance", e->noise, "p_value", e->chance, "cells_differ", e->differ, "common_random_numbers",
                  e->common, "effects", effects_json(e), "main_effects", curves_json(e));
    return zem_json_print(object, JSON_INDENT(2) | JSON_REAL_PRECISION(15), out, error);
}
