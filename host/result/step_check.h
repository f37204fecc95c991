/* What a result tells about the error of its steps. A run flies a small fixed share of its trials again with the same
 * random draws: once with its own steps, and once with every step halved (run/step_flight.h). It keeps the counts of
 * trials that hit in one of the two flights and miss in the other. This file has the memory of these counts and their
 * judgement.
 *
 * The counts measure the difference of p_hit between the steps h of the run, in the precision of the run, and steps of
 * h/2 in double precision, for the first shot of a trial. For an error of order k in h, the difference is the part 1 -
 * 2^-k of the error: half of an error of first order, 94 % of an error of fourth order. Errors of rounding are
 * included. Three kinds of error are not measured: an error that steps of h/2 have as well, errors of opposite sign
 * that cancel when cells with the same features of the model are added up, and errors of other variables. `zem
 * converge` measures all of these. */
#ifndef ZEM_STEP_CHECK_H
#define ZEM_STEP_CHECK_H

#include "base/json_text.h"
#include "result/result.h"

/* The most trials of a run that are flown again, over all cells. */
#define ZEM_STEP_CHECK_TRIALS_MAX 65536u

/* A run warns if the difference of p_hit between its own steps and halved steps is certainly larger than this share of
 * the half-width of p_hit's interval. */
#define ZEM_STEP_CHECK_SHARE 0.25

/* The largest probability that a run warns although no difference exceeds ZEM_STEP_CHECK_SHARE, over all kinds of cells
 * and all hit radii together. By Bonferroni, each interval has the confidence 1 - ZEM_STEP_CHECK_FALSE_ALARMS / (kinds
 * x radii). The intervals hold, or are wider than needed, because counts over cells of different probabilities vary
 * less than counts over cells of one probability. */
#define ZEM_STEP_CHECK_FALSE_ALARMS 1e-3

/* Allocates the counts of every cell, all 0. ZEM_INTERNAL without memory. */
int zem_step_check_init(struct zem_result *result, struct zem_error *error);

/* Frees the counts; the result then has none. */
void zem_step_check_drop(struct zem_result *result);

/* Whether the counts of a cell are possible: no more discordant trials than trials. */
bool zem_step_check_fits(const struct zem_result *result, uint64_t cell);

/* Adds the counts of `other`, a result of the same scenario that holds other shards. Both results must have counts. */
void zem_step_check_add(struct zem_result *result, const struct zem_result *other);

/* The judgement of one kind of cells within one hit radius. Cells of one kind use the same features of the model. */
struct zem_step_verdict {
    feature_set features;
    uint64_t cell;                 /* one of the cells */
    uint64_t cells;                /* number of the cells that have trials flown again */
    uint64_t trials, gained, lost; /* sums over the cells (struct zem_step_check) */
    size_t radius;                 /* index of the hit radius */
    double value;                  /* (gained - lost) / trials */
    struct zem_interval error;     /* interval of `value` */
    /* Half-width of the interval of p_hit, mean over the cells weighted by trials flown again. */
    double half_width;
    bool significant; /* the interval of the error lies beyond ZEM_STEP_CHECK_SHARE of the half-width */
};

struct zem_step_judgement {
    uint64_t trials;               /* flown again, over all cells */
    size_t kinds;                  /* number of kinds of cells that have such trials */
    size_t significant_kinds;      /* number of kinds whose error is significant within some hit radius */
    struct zem_step_verdict worst; /* largest significant error relative to its half_width, if any is significant */
};

/* Judges the counts of a result, which must have counts. ZEM_INTERNAL without memory. */
int zem_step_check_judge(const struct zem_result *result, struct zem_step_judgement *judgement,
                         struct zem_error *error);

/* Bytes that are enough for the text of zem_step_check_text. */
#define ZEM_STEP_CHECK_TEXT 800

/* Writes the judgement as one sentence: the largest significant error with its numbers and the remedy, or that no error
 * is significant. Returns text. */
const char *zem_step_check_text(const struct zem_result *result, const struct zem_step_judgement *judgement, char *text,
                                size_t size);

/* The judgement as a JSON object for programs, with the counts of all cells for each hit radius. It is JSON
 * null if there are no counts, and NULL without memory. */
json_t *zem_step_check_json(const struct zem_result *result);

#endif
