/* Prints results of the benchmark as text or as JSON (benchmarks/bench.schema.json), and compares JSON files of this
 * form. `zem bench` uses it. */
#ifndef ZEM_BENCH_REPORT_H
#define ZEM_BENCH_REPORT_H

#include "bench/bench.h"
#include "run/run.h"

#include <jansson.h>

/* Prints one result on standard output. The last line says VALID or INVALID. */
void zem_bench_report_print(const struct zem_bench_result *result);

/* Prints `count` results as one JSON object on one line of standard output. `machine` is the name of the machine in the
 * object; if it is NULL, the name is made from the processor's model and its number of cores. Returns 0;
 * ZEM_INPUT_OUTPUT if the object cannot be written; ZEM_INTERNAL without memory. */
int zem_bench_report_json(const struct zem_bench_result *results, size_t count, const char *machine,
                          struct zem_error *error);

/* Returns one result as a JSON object, whose reference the caller owns; NULL without memory. */
json_t *zem_bench_result_json(const struct zem_bench_result *result);

struct zem_bench_compare_options {
    bool json;                  /* print one JSON object instead of the table */
    bool check;                 /* fly the work of every result again and print whether its digests are true */
    struct zem_run_options run; /* how to fly work again; its message and context also get messages of the comparison */
};

/* Reads files written by zem_bench_report_json, judges every result (bench_record.h), and prints a table with bars for
 * each deck. Challenges of at most ZEM_BENCH_FLOWN_MOST engagements are flown again. With `check`, every result whose
 * deck this program has is flown again. Returns 0; ZEM_DIFFERENCE, after everything is printed, if a result is not
 * VALID; ZEM_NO_INPUT or ZEM_BAD_INPUT if a file cannot be read; or the error of a flight. */
int zem_bench_compare(const char *const *files, size_t count, const struct zem_bench_compare_options *options,
                      struct zem_error *error);

#endif
