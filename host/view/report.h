/* A result as one HTML page that needs no other file: headline numbers, the outcome of the step check, maps, the
 * distribution of the miss, a section to explore where there are several cells, provenance and the scenario. For `zem
 * report`. */
#ifndef ZEM_REPORT_H
#define ZEM_REPORT_H

#include "result/result.h"

struct zem_report_options {
    const char *output;  /* HTML file, replaced if it exists */
    const char *file;    /* name of the result, for the heading */
    const char *program; /* gnuplot to run for the maps; NULL means "gnuplot" on PATH */
};

/* Writes the page under a temporary name and renames it, so that a file under its final name is complete. Returns 0;
 * ZEM_CANNOT_CREATE if gnuplot is missing or the output cannot be created; ZEM_INPUT_OUTPUT if gnuplot or the disk
 * fails; ZEM_STOPPED after a signal; ZEM_INTERNAL without memory. */
int zem_report(const struct zem_result *result, const struct zem_report_options *options, struct zem_error *error);

#endif
