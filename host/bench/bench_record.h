/* Reads and judges a recorded result of the benchmark. A file may have been edited, so only figures that cannot be
 * computed from others are taken from it: the times of the repetitions, the measured peak and the digests. All other
 * figures are computed again and must agree with the file. bench_compare.c prints the verdict, and bench_check.c flies
 * the work again. */
#ifndef ZEM_BENCH_RECORD_H
#define ZEM_BENCH_RECORD_H

#include "bench/bench.h"

#include <jansson.h>

enum zem_bench_verdict {
    ZEM_BENCH_VALID,    /* its digests are those of its work (deck and seed), and its figures agree with each other */
    ZEM_BENCH_UNPROVEN, /* no contradiction was found, but this program cannot check everything */
    ZEM_BENCH_INVALID
};

/* The names of the verdicts: "VALID", "UNPROVEN" and "INVALID". The index is the enumerator. */
extern const char *const zem_bench_verdict_words[];

struct zem_bench_record {
    const char *file;
    /* Texts of the JSON document, which must outlive the record. */
    const char *machine, *deck, *date, *digest, *miss_digest;
    const json_t *item;             /* the recorded result */
    struct zem_bench_result result; /* its figures, computed again; result.deck is a deck of this program or own_deck */
    struct zem_bench_deck own_deck; /* the deck as the file describes it; used unless same_work */
    bool same_work;                 /* this program has the deck in the recorded version, and its digests */
    double rate, share;             /* engagements per second; floating-point operations as a fraction of the peak */
    enum zem_bench_verdict verdict;
    char reason[256]; /* why the verdict is not VALID; empty if it is, or if the work is to be flown first */
    /* The digests that its work gave when it was flown again here; empty if it was not. */
    const char *twin; /* `file` of another VALID record with the same times, borrowed; NULL without one */
    char flown_digest[65], flown_miss_digest[65];
    double flown_seconds;
};

/* `zem bench --compare` flies a challenge again if it has at most so many engagements. Only --check flies a longer
 * one. */
#define ZEM_BENCH_FLOWN_MOST 10000000u

/* Reads and judges one result, `item`, of a document of `zem bench --json`, which must outlive the record. A result of
 * a challenge whose deck this program has becomes UNPROVEN with an empty reason, and the caller flies its work. Returns
 * 0; ZEM_BAD_INPUT if the result has no deck, device or machine; ZEM_INTERNAL without memory. */
int zem_bench_record_read(struct zem_bench_record *record, const char *file, const json_t *document, const json_t *item,
                          struct zem_error *error);

/* Sets the verdict and its reason, unless the record already has an equal or worse verdict with a reason. */
void zem_bench_record_judge(struct zem_bench_record *record, enum zem_bench_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
