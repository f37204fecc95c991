/* The results of the benchmark, printed for people or as JSON (benchmarks/bench.schema.json), and the comparison of
 * many such JSON files. For `zem bench`. */
#ifndef ZEM_BENCH_REPORT_H
#define ZEM_BENCH_REPORT_H

#include "bench/bench.h"
#include "run/run.h"

#include <jansson.h>

/* Prints one result on standard output. The last line says VALID or INVALID. */
void zem_bench_report_print(const struct zem_bench_result *result);

/* Prints all results as one JSON object on one line of standard output. `machine` is the name of the machine in it;
 * NULL makes a name from the processor and its cores. ZEM_INPUT_OUTPUT if it cannot be written. */
int zem_bench_report_json(const struct zem_bench_result *results, size_t count, const char *machine,
                          struct zem_error *error);

/* One result as a JSON object, or NULL without memory. */
json_t *zem_bench_result_json(const struct zem_bench_result *result);

struct zem_bench_compare_options {
    bool json;                  /* print one JSON object instead of the table */
    bool check;                 /* fly the work of every result again and print what came of it */
    struct zem_run_options run; /* how to fly; its message and context serve for messages of the comparison too */
};

/* Reads files written by zem_bench_report_json, judges every result (bench_record.h), and prints a table with bars for
 * each deck. Challenges of up to ZEM_BENCH_FLOWN_MOST engagements are flown again, and with `check` all work that this
 * program has. After everything is printed, ZEM_DIFFERENCE if a result is not VALID. ZEM_NO_INPUT or ZEM_BAD_INPUT if a
 * file cannot be read, and what zem_run returns. */
int zem_bench_compare(const char *const *files, size_t count, const struct zem_bench_compare_options *options,
                      struct zem_error *error);

#endif
