/* What a result knows of the error of its steps. A run flies a small fixed share of its trials again, once with its own
 * steps and once with every step halved, with the same random draws, and keeps the numbers of discordant trials
 * (run/step_flight.h). Here is the room for these counts, and what they say.
 *
 * Measured is the difference of p_hit between the steps h of the run, in its own precision, and h/2 in double
 * precision, for the first shot of a trial. Of an error of order k that is the part 1 - 2^-k: half of a first-order
 * error, 94 % of a fourth-order one; rounding is included. Not measured are an error that h/2 shares, an error that has
 * one sign in some cells of a kind and the other sign in others, which cancels, and the errors of other variables.
 * `zem converge` measures all of these. */
#ifndef ZEM_STEP_CHECK_H
#define ZEM_STEP_CHECK_H

#include "base/json_text.h"
#include "result/result.h"

/* The most trials of a run that are flown again, over all cells. */
#define ZEM_STEP_CHECK_TRIALS_MAX 65536u

/* A warning needs a difference of p_hit that is certainly larger than this share of the half-width of its interval. */
#define ZEM_STEP_CHECK_SHARE 0.25

/* The probability that a run warns of a difference that is not larger is at most this, over all kinds of cells and all
 * hit radii together: each interval has the confidence 1 - this / (kinds x radii), by Bonferroni. The intervals are
 * exact or wider: cells of different probabilities vary less together than cells of one probability. */
#define ZEM_STEP_CHECK_FALSE_ALARMS 1e-3

/* Makes room for the counts of every cell, all 0. ZEM_INTERNAL without memory. */
int zem_step_check_init(struct zem_result *result, struct zem_error *error);

/* Forgets the counts. */
void zem_step_check_drop(struct zem_result *result);

/* Whether the counts of a cell are possible: no more discordant trials than trials. */
bool zem_step_check_fits(const struct zem_result *result, uint64_t cell);

/* Adds the counts of another result of the same scenario that holds other shards. Both must have counts. */
void zem_step_check_add(struct zem_result *result, const struct zem_result *other);

/* The cells of one kind, which have the same features, within one hit radius. */
struct zem_step_verdict {
    feature_set features;
    uint64_t cell;  /* one of them */
    uint64_t cells; /* those with trials flown again */
    uint64_t trials, gained, lost;
    size_t radius;             /* index of the hit radius */
    double value;              /* (gained - lost) / trials */
    struct zem_interval error; /* its interval */
    double half_width;         /* of the interval of p_hit, mean over the cells by trials flown again */
    bool significant;          /* the interval of the error lies beyond ZEM_STEP_CHECK_SHARE of the half-width */
};

struct zem_step_judgement {
    uint64_t trials;               /* flown again, over all cells */
    size_t kinds;                  /* of cells with such trials */
    size_t significant_kinds;      /* with an error that is significant within some radius */
    struct zem_step_verdict worst; /* the significant one that is largest in half-widths, if there are any */
};

/* Judges the counts of a result, which has some. ZEM_INTERNAL without memory. */
int zem_step_check_judge(const struct zem_result *result, struct zem_step_judgement *judgement,
                         struct zem_error *error);

/* Room for any of these sentences. */
#define ZEM_STEP_CHECK_TEXT 800

/* Writes one sentence: the significant error with its numbers and the remedy; or that none was found. Returns text. */
const char *zem_step_check_text(const struct zem_result *result, const struct zem_step_judgement *judgement, char *text,
                                size_t size);

/* The same as an object for programs, with the counts of all cells for each hit radius; null if there are no counts, or
 * no memory. */
json_t *zem_step_check_json(const struct zem_result *result);

#endif
