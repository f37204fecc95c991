/* Checks recorded results of the benchmark in two ways: by flying their work again on this machine, and by comparing
 * the results of several files with each other. bench_compare.c calls both. */
#ifndef ZEM_BENCH_CHECK_H
#define ZEM_BENCH_CHECK_H

#include "bench/bench_record.h"
#include "run/run.h"

/* Flies the work of records[index], which is its deck with its seed, and compares the digests with the recorded ones.
 * If a record before it has the same work and was flown, the digests of that flight are used instead of a new flight.
 * Sets the verdict of the record. Does nothing if this program does not have the deck and the digests of the record.
 * Returns 0 or the error of the flight. */
int zem_bench_check_fly(struct zem_bench_record *const *records, size_t index, const struct zem_run_options *run,
                        struct zem_error *error);

/* Compares all records with each other and sets their verdicts. Results of the same challenge must have the same
 * digests. Two different results with the same times to the last digit are copies, and neither counts as VALID. */
void zem_bench_check_each_other(struct zem_bench_record *const *records, size_t count);

#endif
