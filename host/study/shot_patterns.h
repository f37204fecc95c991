/* The classes of the salvos of a result (shot_classes.h), cell by cell. The counts of a result suffice where all shots
 * of a salvo are alike, because salvo.spacing is 0, and where a salvo has at most two shots. Elsewhere trials are flown
 * again, bit for bit as in the run, to see which of their shots hit. */
#ifndef ZEM_SHOT_PATTERNS_H
#define ZEM_SHOT_PATTERNS_H

#include "base/error.h"
#include "result/result.h"
#include "study/progress_report.h"
#include "study/shot_classes.h"

struct zem_shot_patterns {
    const struct zem_result *result; /* borrowed */
    uint64_t trials;                 /* the most trials of a cell that are flown again; 0 if none need be */
    bool *alike;                     /* owned; alike[cells]: all shots of a salvo are alike in this cell */
    uint64_t *flown; /* owned; cells x radii x 2^shots salvos by pattern, the pattern fastest; NULL if trials is 0 */
};

/* Flies the first `trials` trials that the result has of every cell that needs it, or all of them if these are fewer,
 * on all processors. `trials` is at least 1. Returns 0; ZEM_USAGE if the counts need too much memory; ZEM_BAD_INPUT if
 * the trials are those of another kernel version; ZEM_INTERNAL without memory; ZEM_STOPPED if the user interrupts.
 * `result` must outlive the patterns. Release with zem_shot_patterns_free in every case. */
int zem_shot_patterns_find(const struct zem_result *result, uint64_t trials, struct zem_progress_hearer hearer,
                           struct zem_shot_patterns *patterns, struct zem_error *error);
void zem_shot_patterns_free(struct zem_shot_patterns *patterns);

/* Writes the classes of the salvos of a cell for one hit radius. */
void zem_shot_patterns_classes(const struct zem_shot_patterns *patterns, uint64_t cell, size_t radius,
                               struct zem_shot_classes *classes);

#endif
