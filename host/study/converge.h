/* The study of `zem converge`: whether the integration steps of a scenario are short enough. It makes the error budget
 * (error_budget.h) of a sample of cells and summarises them. */
#ifndef ZEM_CONVERGE_H
#define ZEM_CONVERGE_H

#include "study/error_budget.h"

#include <stdio.h>

struct zem_converge_options {
    size_t cells;     /* number of cells to study */
    size_t trials;    /* largest number of trials in a cell */
    double share;     /* a quantity passes if its total error is at most this fraction of the interval's half-width */
    unsigned threads; /* 0: all processors */
    enum zem_interval_method interval_method;
    void (*message)(void *context, const char *text); /* may be NULL; is told each cell before it is studied */
    void *context;
};

struct zem_convergence {
    const struct zem_scenario *scenario;
    uint64_t grid_cells;
    double share;
    size_t count;
    struct zem_budget *budget;       /* one for each cell studied */
    size_t line_count;               /* number of quantities in each budget */
    size_t worst[ZEM_BUDGET_LINES];  /* index into `budget` of the worst cell for each quantity */
    enum zem_budget_verdict verdict; /* verdict of all cells together */
    unsigned halvings_needed;        /* largest zem_budget_line.halvings_needed of all cells */
    double trials_needed;            /* largest zem_budget_line.trials_needed of all cells */
};

/* Makes the budgets of options->cells cells, or of all cells if the grid has fewer. Returns 0, ZEM_BAD_INPUT if a cell
 * cannot be derived, ZEM_STOPPED after a signal, or ZEM_INTERNAL without memory. The scenario must outlive the result.
 * Release with zem_convergence_free in every case. */
int zem_converge(const struct zem_scenario *scenario, const struct zem_converge_options *options,
                 struct zem_convergence *convergence, struct zem_error *error);
void zem_convergence_free(struct zem_convergence *convergence);

/* zem_convergence_print prints a table with the worst cell of each quantity and the conclusion.
 * zem_convergence_print_json prints all budgets as one JSON object. Both return 0, or ZEM_INPUT_OUTPUT if `out` cannot
 * be written. The function for JSON also returns ZEM_INTERNAL without memory. */
int zem_convergence_print(const struct zem_convergence *convergence, FILE *out, struct zem_error *error);
int zem_convergence_print_json(const struct zem_convergence *convergence, FILE *out, struct zem_error *error);

#endif
