/* Finds the closed form of a point and says what it leaves out. Closed forms exist for the variables of the table
 * below. */
#include "view/plot_closed_form.h"

#include "study/closed_form.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    double (*value)(const struct zem_closed_form *form); /* NULL for the probability of a hit */
} variables[] = {{"p_hit", NULL},
                 {"miss_mean", zem_closed_form_mean},
                 {"miss_rms", zem_closed_form_rms},
                 {"miss_std", zem_closed_form_deviation}};

int zem_plot_closed_point(struct zem_plot_closed *closed, struct zem_curve *curve, size_t at,
                          const struct zem_view *view, uint64_t cell, double radius, struct zem_error *error)
{
    struct zem_closed_form form;
    size_t i = 0;
    if (!closed->wanted)
        return ZEM_OK;
    while (i < sizeof variables / sizeof *variables && strcmp(variables[i].name, view->variable->name) != 0)
        i++;
    if (i == sizeof variables / sizeof *variables)
        return zem_error_set(error, ZEM_USAGE,
                             "plot: --closed-form: %s has none; p_hit, miss_mean, miss_rms and miss_std may have one",
                             view->variable->name);
    const int status =
        zem_closed_form_find(view->result->scenario, cell, &form, closed->why, sizeof closed->why, error);
    if (status == ZEM_OK) {
        curve->closed[at] =
            variables[i].value != NULL ? variables[i].value(&form) : zem_closed_form_probability(&form, radius);
        closed->found++;
        closed->blind_varies =
            closed->blind_varies || (closed->found > 1 && fabs(form.blind_time - closed->blind_time) > 0.0);
        closed->blind_time = fmax(closed->blind_time, form.blind_time);
    } else if (status > 0)
        closed->missing++;
    zem_closed_form_free(&form);
    return status < 0 ? status : ZEM_OK;
}

int zem_plot_closed_end(const struct zem_plot_closed *closed, struct zem_curves *curves, struct zem_figure *figure,
                        struct zem_error *error)
{
    if (!closed->wanted)
        return ZEM_OK;
    if (closed->found == 0)
        return zem_error_set(
            error, ZEM_USAGE,
            "plot: --closed-form: no cell of the picture has one: %s; models/guide/closed-forms.md lists "
            "the scenarios that have one",
            closed->why);
    curves->closed = true;
    char blind[80] = "", part[300] = "";
    if (closed->blind_time > 0.0)
        snprintf(blind, sizeof blind, "; the flights have %s%.6g s", closed->blind_varies ? "up to " : "",
                 closed->blind_time);
    if (closed->missing > 0)
        snprintf(part, sizeof part, "; %zu of %zu points have none: %s", closed->missing,
                 closed->missing + closed->found, closed->why);
    snprintf(curves->note, sizeof curves->note, "closed form: linear loop without blind time%s%s", blind, part);
    if (closed->blind_time > 0.0)
        zem_figure_warn(figure,
                        "the closed form is that of the linear loop without blind time; the flights have "
                        "a seeker.blind_time of %s%.6g s, which may part the two by more than the interval "
                        "(models/guide/closed-forms.md)",
                        closed->blind_varies ? "up to " : "", closed->blind_time);
    if (closed->missing > 0)
        zem_figure_warn(figure, "%zu of the %zu points of the picture have no closed form, the last of them because %s",
                        closed->missing, closed->missing + closed->found, closed->why);
    return ZEM_OK;
}
