/* A result in memory: a scenario, the totals of its cells and where they come from. Written to and read from HDF5 by
 * result_file.h; what can be said about it (probabilities, intervals, ...) is the table in result_variables.h.
 * Totals are integers (layout of kernels/layout.h, enum zem_tally_word); every floating-point number is derived from
 * them. */
#ifndef ZEM_RESULT_H
#define ZEM_RESULT_H

#include "base/error.h"
#include "base/statistics.h"
#include "result/provenance.h"
#include "scenario/scenario.h"

#include <stdint.h>

/* Why a cell got no more trials. */
enum zem_stop_reason { ZEM_STOP_TRIALS, ZEM_STOP_PRECISION, ZEM_STOP_INTERRUPTED, ZEM_STOP_REASON_COUNT };

/* Outcome of a trial that the cell has not got: the number after the last of enum zem_outcome. */
#define ZEM_SAMPLE_NONE 5u

/* One trial kept beside the totals (samples.h), as it was counted; with a salvo its first shot. */
struct zem_sample {
    float miss, scored; /* m; scored is held against the hit radii. They and the next are NaN unless the trial ended as
                           hit or miss */
    float flight_time, divert, saturated_time; /* s, m/s, s */
    uint32_t outcome; /* enum zem_outcome, or ZEM_SAMPLE_NONE where the cell has no trial of this number */
};

struct zem_result {
    const struct zem_scenario *scenario; /* borrowed: outlives the result */
    uint64_t cells;
    size_t words;         /* 64-bit words of one cell's totals, ZEM_TALLY_WORDS(radii, shots) */
    uint64_t *totals;     /* cells x words, owned */
    uint8_t *stop_reason; /* cells, enum zem_stop_reason, owned */
    uint64_t shards; /* 0: every trial is in. Else only those of shard_count of this many shards: shard i has trials i,
                        i + shards, ... */
    uint64_t *shard; /* their indices, increasing, owned */
    size_t shard_count;
    size_t sample_count; /* trials of every cell that are kept one by one, 0 if none are; no digest depends on them */
    uint64_t *sample_trial;    /* their numbers, increasing, owned */
    struct zem_sample *sample; /* cells x sample_count, owned */
    enum zem_interval_method interval_method;
    char digest[65];      /* hexadecimal SHA-256 of format, kernel version, resolved scenario, seed and every total */
    char miss_digest[65]; /* the same over the per-cell mixes of trial and miss bits */
    struct zem_provenance provenance;
};

/* Allocates zeroed totals for a scenario. ZEM_INTERNAL if memory does not suffice. */
int zem_result_init(struct zem_result *result, const struct zem_scenario *scenario, struct zem_error *error);
void zem_result_free(struct zem_result *result);

/* Totals of one cell: `words` integers. */
static inline const uint64_t *zem_result_cell(const struct zem_result *result, uint64_t cell)
{
    return result->totals + cell * result->words;
}

/* Number of hits of a cell within radius index `radius` (of the first shot in a salvo). */
uint64_t zem_result_hits(const struct zem_result *result, uint64_t cell, size_t radius);

/* Says which shards of how many are in (different indices, in any order; copied). All of them are as good as none: the
 * result is whole. ZEM_INTERNAL without memory. */
int zem_result_set_shards(struct zem_result *result, const uint64_t *shard, size_t count, uint64_t shards,
                          struct zem_error *error);

/* Makes room for trials of every cell to be kept, of these numbers (increasing; copied), all of them ZEM_SAMPLE_NONE.
 * ZEM_INTERNAL without memory. */
int zem_result_set_samples(struct zem_result *result, const uint64_t *trial, size_t count, struct zem_error *error);

/* The trials kept of one cell: sample_count of them. */
static inline struct zem_sample *zem_result_samples(const struct zem_result *result, uint64_t cell)
{
    return result->sample + cell * result->sample_count;
}

/* Whether a trial of a cell is one of those counted. */
bool zem_result_holds_trial(const struct zem_result *result, uint64_t cell, uint64_t trial);

/* "shards 0, 2 of 4", or "" for a whole result. Returns text. */
const char *zem_result_shards_text(const struct zem_result *result, char *text, size_t size);

/* Fills digest and miss_digest from the rest (digest.c). */
void zem_result_digest(struct zem_result *result);

#endif
