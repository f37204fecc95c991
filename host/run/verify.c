/* Flies cells of a result again by zem_run, one shard after the other, and compares their totals word by word. Then it
 * flies the single trials that the result keeps again. The result itself does not change. */
#include "run/verify.h"

#include "base/kernel_types.h"
#include "result/outcome.h"
#include "result/tally_word.h"
#include "run/samples.h"
#include "scenario/cell_choice.h"
#include "scenario/grid.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The number of trials of one cell in a shard of the result, whose index is `part`. A result of several shards stores
 * only their sum, so the number follows from run.trials. With a precision rule there are no shards. */
static uint64_t part_trials(const struct zem_result *result, uint64_t cell, size_t part)
{
    const uint64_t trials = zem_result_word(result, cell, ZEM_TALLY_TRIALS);
    if (result->shard_count < 2)
        return trials;
    struct zem_value value[ZEM_KEY_COUNT];
    zem_grid_values(result->scenario, cell, value);
    return zem_shard_trials(value[ZEM_KEY_TRIALS].integer, result->shard[part], result->shards);
}

/* Flies the chosen cells of one shard and adds their totals to `again`. */
static int fly_part(const struct zem_result *result, const uint64_t *cells, size_t count, size_t part,
                    const struct zem_run_options *options, struct zem_result *again, struct zem_error *error)
{
    struct zem_run_options run = *options;
    struct zem_result flown = {0};
    uint64_t *trials = calloc(result->cells, sizeof *trials);
    int status = trials != NULL ? zem_result_init(&flown, result->scenario, error)
                                : zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %" PRIu64 " cells",
                                                result->cells);
    for (size_t i = 0; status == 0 && i < count; i++)
        trials[cells[i]] = part_trials(result, cells[i], part);
    run.cell_trials = trials;
    run.shard = result->shards > 0 ? result->shard[part] : 0;
    run.shards = result->shards > 0 ? result->shards : 1;
    if (status == 0)
        status = zem_run(result->scenario, &run, &flown, error);
    if (status == 0 && !zem_totals_add_all(&again->totals, &flown.totals))
        status = zem_error_set(error, ZEM_INTERNAL,
                               "a bin of the histogram of a cell counts more miss distances than the cell has trials");
    zem_result_free(&flown);
    free(trials);
    return status;
}

/* Compares the totals of one cell. Only the first cell that differs, and its first word that differs, are kept for the
 * message. */
static void compare(const struct zem_result *result, const struct zem_result *again, uint64_t cell,
                    struct zem_verification *v)
{
    v->cells++;
    v->trials += zem_result_word(result, cell, ZEM_TALLY_TRIALS);
    if (zem_totals_same(&result->totals, &again->totals, cell))
        return;
    if (v->different_cells++ > 0)
        return;
    v->cell = cell;
    while (zem_result_word(result, cell, v->word) == zem_result_word(again, cell, v->word))
        v->word++;
    v->in_file = zem_result_word(result, cell, v->word);
    v->again = zem_result_word(again, cell, v->word);
}

static int difference(const struct zem_result *result, const struct zem_verification *v, struct zem_error *error)
{
    char cell[300], word[120];
    const struct zem_scenario *scenario = result->scenario;
    zem_tally_word_name(v->word, scenario->radius, scenario->radius_count,
                        (size_t)scenario->value[ZEM_KEY_SHOTS].integer, word, sizeof word);
    return zem_error_set(error, ZEM_DIFFERENCE,
                         "%" PRIu64 " of %" PRIu64 " cells differ; in the first, %s, word %zu of the totals (%s) is "
                         "%" PRIu64 " in the file and %" PRIu64 " when flown again",
                         v->different_cells, v->cells, zem_cell_name(scenario, v->cell, cell, sizeof cell), v->word,
                         word, v->in_file, v->again);
}

/* Flies the single trials of a cell again and compares them with those that the result keeps. */
static int verify_samples(const struct zem_result *result, uint64_t cell, struct zem_error *error)
{
    char name[300];
    const struct zem_sample *kept = zem_result_samples(result, cell);
    struct zem_sample *flown = malloc((result->sample_count + 1) * sizeof *flown);
    if (flown == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %zu trials", result->sample_count);
    int status = zem_samples_fly_cell(result, cell, flown, error);
    for (size_t i = 0; status == ZEM_OK && i < result->sample_count; i++)
        if (memcmp(&kept[i], &flown[i], sizeof flown[i]) != 0)
            status = zem_error_set(error, ZEM_DIFFERENCE,
                                   "trial %" PRIu64 " of %s: the file has the outcome \"%s\" and a miss of %.9g m; "
                                   "flown again it has \"%s\" and %.9g m",
                                   result->sample_trial[i], zem_cell_name(result->scenario, cell, name, sizeof name),
                                   zem_outcome_table[kept[i].outcome].name, (double)kept[i].miss,
                                   zem_outcome_table[flown[i].outcome].name, (double)flown[i].miss);
    free(flown);
    return status;
}

int zem_verify(const struct zem_result *result, const uint64_t *cells, size_t count,
               const struct zem_run_options *options, struct zem_verification *v, struct zem_error *error)
{
    struct zem_result again = {0};
    const size_t parts = result->shard_count > 0 ? result->shard_count : 1;
    *v = (struct zem_verification){0};
    int status = zem_result_init(&again, result->scenario, error);
    for (size_t part = 0; status == 0 && part < parts; part++)
        status = fly_part(result, cells, count, part, options, &again, error);
    for (size_t i = 0; status == 0 && i < count; i++)
        compare(result, &again, cells[i], v);
    if (status == 0 && v->different_cells > 0)
        status = difference(result, v, error);
    for (size_t i = 0; status == 0 && result->sample_count > 0 && i < count; i++) {
        status = verify_samples(result, cells[i], error);
        v->different_cells += status == ZEM_DIFFERENCE;
    }
    zem_result_free(&again);
    return status;
}
