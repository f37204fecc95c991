/* The results of the benchmark, printed for people or as JSON (benchmarks/bench.schema.json), and the comparison of
 * many such JSON files. For `zem bench`. */
#ifndef ZEM_BENCH_REPORT_H
#define ZEM_BENCH_REPORT_H

#include "bench/bench.h"

/* Prints one result on standard output. The last line says VALID or INVALID. */
void zem_bench_report_print(const struct zem_bench_result *result);

/* Prints all results as one JSON object on one line of standard output. `machine` is the name of the machine in it;
 * NULL makes a name from the processor and its cores. ZEM_INPUT_OUTPUT if it cannot be written. */
int zem_bench_report_json(const struct zem_bench_result *results, size_t count, const char *machine,
                          struct zem_error *error);

/* Reads files written by zem_bench_report_json and prints a table with bars for each deck. A result whose digests are
 * not those of its deck is shown as INVALID; the function then returns ZEM_DIFFERENCE after everything is printed.
 * ZEM_NO_INPUT or ZEM_BAD_INPUT if a file cannot be read. */
int zem_bench_compare(const char *const *files, size_t count, struct zem_error *error);

#endif
