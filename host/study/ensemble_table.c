/* Fills the table of an ensemble: seven variables for each quantity, one for each array of its series, and three
 * variables with counts of trials. */
#include "study/ensemble_table.h"

#include "result/outcome.h"
#include "result/result_variables.h"

#include <stdio.h>

const struct zem_ensemble_quantity_row zem_ensemble_quantity_table[ZEM_ENSEMBLE_QUANTITIES] = {
    [ZEM_ENSEMBLE_MISS] = {"zero_effort_miss", "m", "zero-effort miss"},
    [ZEM_ENSEMBLE_ACCELERATION] = {"acceleration", "m/s2", "acceleration of the interceptor"},
    [ZEM_ENSEMBLE_RATE] = {"sight_rate", "rad/s", "line-of-sight rate"},
};

const char *const zem_ensemble_component_words[ZEM_ENSEMBLE_COMPONENTS] = {"y", "z", "magnitude"};

/* The dimensions of the table. */
enum { TIME_TO_GO, COMPONENT, QUANTILE, OUTCOME };

static void fill_dimensions(struct zem_ensemble_table *out, const struct zem_ensemble *ensemble)
{
    for (int i = 0; i < ZEM_OUTCOME_COUNT; i++)
        out->outcome_words[i] = zem_outcome_table[i].word;
    out->dimension[TIME_TO_GO] = (struct zem_table_dimension){.name = "time_to_go",
                                                              .unit = "s",
                                                              .long_name = "time to closest approach",
                                                              .length = ensemble->points,
                                                              .values = ensemble->time_to_go};
    out->dimension[COMPONENT] =
        (struct zem_table_dimension){.name = "component",
                                     .unit = "1",
                                     .long_name = "channel, or root of the sum of the squares of both",
                                     .length = ZEM_ENSEMBLE_COMPONENTS,
                                     .words = zem_ensemble_component_words};
    out->dimension[QUANTILE] = (struct zem_table_dimension){.name = "quantile",
                                                            .unit = "1",
                                                            .long_name = "fraction of the trials with a smaller value",
                                                            .length = ZEM_ENSEMBLE_LEVELS,
                                                            .values = zem_quantile_levels};
    out->dimension[OUTCOME] = (struct zem_table_dimension){.name = "outcome",
                                                           .unit = "1",
                                                           .long_name = "how a trial ended",
                                                           .length = ZEM_OUTCOME_COUNT,
                                                           .words = out->outcome_words};
}

/* Adds a variable of a quantity. Its name is the quantity's name, "_" and `ending`; its long name is `before`, "the"
 * and the quantity's long name. */
static void add_numbers(struct zem_ensemble_table *out, int quantity, const char *ending, const char *before,
                        const double *numbers, size_t rank)
{
    const struct zem_ensemble_quantity_row *row = &zem_ensemble_quantity_table[quantity];
    const size_t i = out->table.variable_count++;
    snprintf(out->name[i], sizeof out->name[i], "%s_%s", row->name, ending);
    snprintf(out->long_name[i], sizeof out->long_name[i], "%s the %s", before, row->long_name);
    out->variable[i] = (struct zem_table_variable){.name = out->name[i],
                                                   .unit = row->unit,
                                                   .long_name = out->long_name[i],
                                                   .numbers = numbers,
                                                   .rank = rank,
                                                   .dimension = {TIME_TO_GO, COMPONENT, QUANTILE}};
}

static void add_series(struct zem_ensemble_table *out, int quantity, const struct zem_ensemble_series *series)
{
    add_numbers(out, quantity, "mean", "mean of", series->mean, 2);
    add_numbers(out, quantity, "mean_error", "standard error of the mean of", series->mean_error, 2);
    add_numbers(out, quantity, "std", "standard deviation of", series->deviation, 2);
    add_numbers(out, quantity, "std_error", "standard error of the standard deviation of", series->deviation_error, 2);
    add_numbers(out, quantity, "quantile", "quantile of", series->quantile, 3);
    add_numbers(out, quantity, "quantile_lower", "lower limit of the interval of the quantile of", series->lower, 3);
    add_numbers(out, quantity, "quantile_upper", "upper limit of the interval of the quantile of", series->upper, 3);
}

static void add_counts(struct zem_ensemble_table *out, const char *name, const char *long_name, const uint64_t *counts,
                       size_t dimension)
{
    out->variable[out->table.variable_count++] = (struct zem_table_variable){
        .name = name, .unit = "1", .long_name = long_name, .counts = counts, .rank = 1, .dimension = {dimension}};
}

void zem_ensemble_table_init(struct zem_ensemble_table *out, const struct zem_ensemble *ensemble)
{
    *out = (struct zem_ensemble_table){.shot = ensemble->options.shot};
    zem_table_origin_init(&out->origin, ensemble->scenario);
    zem_table_origin_whole(&out->origin, "cell", &ensemble->options.cell);
    zem_table_origin_whole(&out->origin, "first_trial", &ensemble->options.first);
    zem_table_origin_whole(&out->origin, "shot", &out->shot);
    zem_table_origin_number(&out->origin, "confidence", &ensemble->confidence);
    fill_dimensions(out, ensemble);
    add_counts(out, "trials", "trials in flight at this time to go", ensemble->trials, TIME_TO_GO);
    add_counts(out, "saturated", "trials whose command is at its limit", ensemble->saturated, TIME_TO_GO);
    for (int q = 0; q < ZEM_ENSEMBLE_QUANTITIES; q++)
        add_series(out, q, &ensemble->series[q]);
    add_counts(out, "outcomes", "trials by outcome", ensemble->outcomes, OUTCOME);
    out->table.dimension = out->dimension;
    out->table.dimension_count = sizeof out->dimension / sizeof *out->dimension;
    out->table.variable = out->variable;
    out->table.attribute = out->origin.attribute;
    out->table.attribute_count = out->origin.count;
}
