/* zem converge: the error budget of a scenario from a sample of its cells: is the scenario's own step small enough? */
#ifndef ZEM_CONVERGE_H
#define ZEM_CONVERGE_H

#include "study/error_budget.h"

#include <stdio.h>

struct zem_converge_options {
    size_t cells;     /* how many to look at */
    size_t trials;    /* flown per cell, at most */
    double share;     /* of the half-width, that all errors together may be for a pass */
    unsigned threads; /* 0: all processors */
    enum zem_interval_method interval_method;
    void (*message)(void *context, const char *text); /* may be NULL; one sentence per cell */
    void *context;
};

struct zem_convergence {
    const struct zem_scenario *scenario;
    uint64_t grid_cells;
    double share;
    size_t count;
    struct zem_budget *budget; /* of each cell looked at */
    size_t line_count;
    size_t worst[ZEM_BUDGET_LINES];  /* index into budget: the cell in which the quantity comes out worst */
    enum zem_budget_verdict verdict; /* of all together */
    unsigned halvings_needed;        /* of the step for a pass; more than ZEM_BUDGET_HALVINGS if none helps */
};

/* Makes the budgets. 0, ZEM_BAD_INPUT, ZEM_STOPPED, ZEM_INTERNAL. Release with zem_convergence_free in every case. */
int zem_converge(const struct zem_scenario *scenario, const struct zem_converge_options *options,
                 struct zem_convergence *convergence, struct zem_error *error);
void zem_convergence_free(struct zem_convergence *convergence);

/* The table of the worst cells and what follows from it; or everything as one JSON object. ZEM_INPUT_OUTPUT if that
 * cannot be written. */
int zem_convergence_print(const struct zem_convergence *convergence, FILE *out, struct zem_error *error);
int zem_convergence_print_json(const struct zem_convergence *convergence, FILE *out, struct zem_error *error);

#endif
