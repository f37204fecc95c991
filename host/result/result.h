/* A result in memory: a scenario, the integer totals of its cells and their provenance. The layout of the totals is
 * enum zem_tally_word of kernels/layout.h. Probabilities, intervals and means follow from the totals by
 * result_variables.h and are not stored here. result_file.h reads and writes results as HDF5 files. */
#ifndef ZEM_RESULT_H
#define ZEM_RESULT_H

#include "base/error.h"
#include "base/statistics.h"
#include "result/provenance.h"
#include "result/totals.h"
#include "scenario/scenario.h"

#include <stdint.h>

/* Why a cell got no more trials. */
enum zem_stop_reason { ZEM_STOP_TRIALS, ZEM_STOP_PRECISION, ZEM_STOP_INTERRUPTED, ZEM_STOP_REASON_COUNT };

/* The outcome of a sample, which is a single trial kept beside the totals, if the cell does not have that trial. The
 * number is the one after the last of enum zem_outcome. */
#define ZEM_SAMPLE_NONE 6u

/* One trial that is kept beside the totals with the values that were counted (run/samples.h). For a salvo it is the
 * first shot. The numbers are NaN unless the trial ended as hit or miss. */
struct zem_sample {
    float miss;           /* miss distance, m */
    float scored;         /* what is compared with the hit radii, m: the miss, or the result of the draw for Carleton's
                             lethality */
    float flight_time;    /* s */
    float divert;         /* m/s */
    float saturated_time; /* time with the command at its limit, s */
    uint32_t outcome;     /* enum zem_outcome, or ZEM_SAMPLE_NONE if the cell does not have this trial */
};

/* Counts of trials that were flown again with steps half as long (step_check.h), all NULL if there are none. No digest
 * depends on them. */
struct zem_step_check {
    /* Per cell: number of trials flown again; owned, with `gained` and `lost` in the same allocation. */
    uint64_t *trials;
    /* Cells x radii, radius fastest: trials that hit with the steps of the run and miss with steps half as long. */
    uint64_t *gained;
    /* Cells x radii, radius fastest: trials that miss with the steps of the run and hit with steps half as long. */
    uint64_t *lost;
};

struct zem_result {
    const struct zem_scenario *scenario; /* borrowed; outlives the result */
    uint64_t cells;
    size_t words; /* 64-bit words of one cell's totals, ZEM_TALLY_WORDS(radii, shots) */
    struct zem_totals totals;
    uint8_t *stop_reason; /* enum zem_stop_reason of each cell, owned */
    /* The part of the trials that the result holds. Of `shards` shards, shard i has the trials i, i + shards, i + 2
     * shards, ...; the result holds shard_count of them. 0 shards: the result holds every trial. */
    uint64_t shards;
    uint64_t *shard; /* indices of the shards held, increasing, owned */
    size_t shard_count;
    /* Number of single trials kept of every cell, 0 if none are. No digest depends on these trials. */
    size_t sample_count;
    uint64_t *sample_trial;    /* their numbers, increasing, owned */
    struct zem_sample *sample; /* cells x sample_count, owned */
    struct zem_step_check step_check;
    enum zem_interval_method interval_method;
    struct zem_rank_table *ranks; /* ranks that the intervals of quantiles need (rank_table.h), owned */
    /* Hexadecimal SHA-256 of kernel version, resolved scenario (with all defaults filled in) and its seed, and all
     * totals but ZEM_TALLY_MIX. */
    char digest[65];
    /* The result was read by zem_result_file_glance: its histograms are missing, and the digests are those that the
     * file claims. */
    bool glanced;
    /* Hexadecimal SHA-256 of kernel version, resolved scenario, and the words ZEM_TALLY_TRIALS and ZEM_TALLY_MIX of
     * each cell. ZEM_TALLY_MIX depends on the number and the miss bits of every trial. */
    char miss_digest[65];
    struct zem_provenance provenance;
};

/* Allocates totals of zero for a scenario, which is borrowed and must outlive the result. ZEM_BAD_INPUT if it has too
 * many cells, ZEM_INTERNAL without memory. */
int zem_result_init(struct zem_result *result, const struct zem_scenario *scenario, struct zem_error *error);
void zem_result_free(struct zem_result *result);

/* Frees what grows with the number of cells but the single trials: totals, reasons of stopping and counts of the step
 * check. Nothing that reads them may be called afterwards. */
void zem_result_free_cells(struct zem_result *result);

/* One word of a cell's totals (enum zem_tally_word). */
static inline uint64_t zem_result_word(const struct zem_result *result, uint64_t cell, size_t word)
{
    return zem_totals_word(&result->totals, cell, word);
}

/* The number of hits of a cell within the hit radius of this index; those of the first shot if trials are salvos. */
uint64_t zem_result_hits(const struct zem_result *result, uint64_t cell, size_t radius);

/* How many of the trials 0 to trials - 1 belong to shard `shard` of `shards`. With 0 or 1 shards all of them do. */
uint64_t zem_shard_trials(uint64_t trials, uint64_t shard, uint64_t shards);

/* Records that the result holds `count` of `shards` shards. The indices differ from each other and may stand in any
 * order; they are copied. When every shard is present the result counts as unsharded. ZEM_INTERNAL without memory. */
int zem_result_set_shards(struct zem_result *result, const uint64_t *shard, size_t count, uint64_t shards,
                          struct zem_error *error);

/* Makes room to keep `count` trials of every cell: those with the numbers `trial`, which increase and are copied. All
 * have the outcome ZEM_SAMPLE_NONE at first. ZEM_INTERNAL without memory. */
int zem_result_set_samples(struct zem_result *result, const uint64_t *trial, size_t count, struct zem_error *error);

/* The sample_count trials that are kept of one cell. */
static inline struct zem_sample *zem_result_samples(const struct zem_result *result, uint64_t cell)
{
    return result->sample + cell * result->sample_count;
}

/* The number that trial `index` of those of a cell has in the run, counted from 0. A shard has every n-th trial. */
uint64_t zem_result_trial_number(const struct zem_result *result, uint64_t index);

/* Whether the totals of a cell include the trial of this number. */
bool zem_result_holds_trial(const struct zem_result *result, uint64_t cell, uint64_t trial);

/* Writes "shards 0, 2 of 4", or nothing for an unsharded result. Returns text. */
const char *zem_result_shards_text(const struct zem_result *result, char *text, size_t size);

/* Computes digest and miss_digest from scenario and totals (digest.c). */
void zem_result_digest(struct zem_result *result);

#endif
