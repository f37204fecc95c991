/* The names of the outcomes of a trial, and of the reasons why a cell got no more trials. Each has a word for files, a
 * name for people and a sentence. All output takes the names from here. To add an outcome, add its enumerator to enum
 * zem_outcome in kernels/layout.h, set it in a kernel, and add its row here; without the row host/result does not
 * compile. The tally gets a word, so raise the file format (result_content.h) as well. */
#ifndef ZEM_OUTCOME_H
#define ZEM_OUTCOME_H

#include "base/kernel_types.h"
#include "result/result.h"

/* X(enumerator, word, name, meaning). The last row is no outcome. A sample, which is a single trial that a result
 * keeps, has it if the cell does not have that trial. */
#define ZEM_OUTCOMES(X) \
    X(ZEM_OUTCOME_PASSED, "hit_or_miss", "hit or miss", "the bodies passed each other: the trial has a miss distance") \
    X(ZEM_OUTCOME_NOT_CLOSING, "not_closing", "not closing", \
      "the bodies did not approach each other at the start of homing") \
    X(ZEM_OUTCOME_GROUND, "ground", "ground", "a body met the ground before the closest approach") \
    X(ZEM_OUTCOME_TIME_LIMIT, "time_limit", "time limit", \
      "the closest approach was not reached in the time or the number of steps that a trial may take") \
    X(ZEM_OUTCOME_NOT_FINITE, "not_finite", "not finite", "a number grew beyond all that an engagement can give") \
    X(ZEM_OUTCOME_NOT_ACQUIRED, "not_acquired", "not acquired", "the seeker did not acquire the target") \
    X(ZEM_SAMPLE_NONE, "no_trial", "no trial", "the cell does not have this trial")

/* X(enumerator, word, name, meaning) for each member of enum zem_stop_reason. */
#define ZEM_STOP_REASONS(X) \
    X(ZEM_STOP_TRIALS, "trials", "all trials run", "all trials that were asked for were run") \
    X(ZEM_STOP_PRECISION, "precision", "precision reached", "the interval was short enough") \
    X(ZEM_STOP_INTERRUPTED, "interrupted", "interrupted", "a signal stopped the run")

/* One row: the word, such as "time_limit", the name, such as "time limit", and a sentence without capital and full
 * stop. */
struct zem_ending {
    const char *word, *name, *meaning;
};

extern const struct zem_ending zem_outcome_table[ZEM_OUTCOME_COUNT + 1];
extern const struct zem_ending zem_stop_reason_table[ZEM_STOP_REASON_COUNT];

#endif
