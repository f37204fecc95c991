/* A recorded result of the benchmark, judged. A file may have been edited, so a figure is taken from it only if it
 * cannot be computed from others: times of the repetitions, the measured peak, digests. Everything else is computed
 * again and must agree. bench_compare.c shows the judgement, bench_check.c flies the work again. */
#ifndef ZEM_BENCH_RECORD_H
#define ZEM_BENCH_RECORD_H

#include "bench/bench.h"

#include <jansson.h>

enum zem_bench_verdict {
    ZEM_BENCH_VALID,    /* its digests are those of the work, and its figures agree */
    ZEM_BENCH_UNPROVEN, /* nothing speaks against it, but this program cannot tell what the work has to give */
    ZEM_BENCH_INVALID
};

/* "VALID", "UNPROVEN" and "INVALID". */
extern const char *const zem_bench_verdict_words[];

struct zem_bench_record {
    const char *file;
    /* Texts of the JSON document, which must outlive the record. */
    const char *machine, *deck, *date, *digest, *miss_digest;
    const json_t *item;             /* the recorded result */
    struct zem_bench_result result; /* its figures, computed again; result.deck points to own_deck if it has no other */
    struct zem_bench_deck own_deck; /* the deck as the file describes it, if this program has no such deck */
    bool same_work;                 /* this program has the deck in this version and its digests */
    double rate, share;             /* engagements per second; floating-point operations as a fraction of the peak */
    enum zem_bench_verdict verdict;
    char reason[256]; /* why it is not VALID; empty if it is */
    /* Digests of its work as it was flown here; empty if it was not. */
    char flown_digest[65], flown_miss_digest[65];
    double flown_seconds;
};

/* More engagements than this are flown by `zem bench --check` alone, not in passing by --compare. */
#define ZEM_BENCH_FLOWN_MOST 10000000u

/* Judges one result of a document of `zem bench --json`. A challenge of work that this program has is left as
 * ZEM_BENCH_UNPROVEN, with an empty reason, for the caller to fly. ZEM_BAD_INPUT if the result lacks even its deck, its
 * device or its machine. */
int zem_bench_record_read(struct zem_bench_record *record, const char *file, const json_t *document, const json_t *item,
                          struct zem_error *error);

/* Sets the verdict and its reason, unless the record has a worse verdict already. */
void zem_bench_record_judge(struct zem_bench_record *record, enum zem_bench_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
