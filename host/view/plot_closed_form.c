/* Closed forms exist for the variables of the table below. */
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
                             "closed-form: %s has none; p_hit, miss_mean, miss_rms and miss_std may have one",
                             view->variable->name);
    const int status =
        zem_closed_form_find(view->result->scenario, cell, &form, closed->why, sizeof closed->why, error);
    if (status == ZEM_OK) {
        curve->closed[at] =
            variables[i].value != NULL ? variables[i].value(&form) : zem_closed_form_probability(&form, radius);
        closed->found++;
    }
    zem_closed_form_free(&form);
    return status < 0 ? status : ZEM_OK;
}

int zem_plot_closed_end(const struct zem_plot_closed *closed, struct zem_curves *curves, struct zem_figure *figure,
                        struct zem_error *error)
{
    if (!closed->wanted)
        return ZEM_OK;
    if (closed->found == 0)
        return zem_error_set(error, ZEM_USAGE,
                             "closed-form: no cell of the picture has one: %s; models/VALIDATION.md lists the closed "
                             "forms",
                             closed->why);
    curves->closed = true;
    zem_figure_say(figure, "The closed form is that of the linear loop without blind time.");
    return ZEM_OK;
}
