/* zem report: a result as one self-contained HTML page: headline numbers, maps, the distribution of the miss,
 * provenance. */
#ifndef ZEM_REPORT_H
#define ZEM_REPORT_H

#include "result/result.h"

struct zem_report_options {
    const char *output;  /* HTML file, replaced if it exists */
    const char *file;    /* name of the result, for the heading */
    const char *program; /* gnuplot to run for the maps; NULL means "gnuplot" on PATH */
};

/* Writes the page: under a temporary name first, so that one under its final name is complete. Pictures stand in the
 * page as SVG, made by gnuplot (maps) and by this function (distribution). ZEM_CANNOT_CREATE (no gnuplot, output not
 * writable); ZEM_INPUT_OUTPUT. */
int zem_report(const struct zem_result *result, const struct zem_report_options *options, struct zem_error *error);

#endif
