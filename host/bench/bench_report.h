/* What a benchmark found, for people and as JSON by benchmarks/bench.schema.json; and the comparison of many such
 * files. */
#ifndef ZEM_BENCH_REPORT_H
#define ZEM_BENCH_REPORT_H

#include "bench/bench.h"

/* Prints one result on standard output; ends with a line VALID or INVALID. */
void zem_bench_report_print(const struct zem_bench_result *result);

/* Prints all results as one JSON object on one line. `machine` is the name to go with them, NULL for one made of
 * processor and cores. ZEM_INPUT_OUTPUT if it could not be written. */
int zem_bench_report_json(const struct zem_bench_result *results, size_t count, const char *machine,
                          struct zem_error *error);

/* Reads files written by zem_bench_report_json and prints a table and a bar chart of them, by deck. A result whose
 * digest is not that of its deck is shown as INVALID and gives ZEM_DIFFERENCE after everything is printed. */
int zem_bench_compare(const char *const *files, size_t count, struct zem_error *error);

#endif
