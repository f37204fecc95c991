/* Recorded results checked against work: it is flown again here, and the results of several files are held against each
 * other. bench_compare.c calls both. */
#ifndef ZEM_BENCH_CHECK_H
#define ZEM_BENCH_CHECK_H

#include "bench/bench_record.h"
#include "run/run.h"

/* Flies the work of records[index] and compares its digests. Work that an earlier record had is not flown twice. Does
 * nothing if this program does not have the work. Returns what zem_run returns. */
int zem_bench_check_fly(struct zem_bench_record *const *records, size_t index, const struct zem_run_options *run,
                        struct zem_error *error);

/* Judges results against each other: the same work must have the same digests, and no two measurements have the same
 * times to the last digit. */
void zem_bench_check_each_other(struct zem_bench_record *const *records, size_t count);

#endif
