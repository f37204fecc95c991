/* Progress of a run on standard error: a bar with rate and remaining time on a terminal, a line every ten seconds
 * elsewhere. Plugs into the callbacks of run.h. Prints nothing on standard output and no failures. */
#ifndef ZEM_PROGRESS_H
#define ZEM_PROGRESS_H

#include "run/run.h"

#include <stdbool.h>

struct zem_progress_display {
    const char *label; /* name of the scenario; borrowed */
    bool quiet;        /* nothing at all */
    bool terminal;     /* standard error is a terminal that can move its cursor */
    bool drawn;        /* a bar stands in the current line */
    double next_line;  /* seconds at which the next line is due, without a terminal */
};

void zem_progress_start(struct zem_progress_display *display, const char *label, bool quiet);

/* For zem_run_options.progress and .message; `context` is the display. */
void zem_progress_update(void *context, const struct zem_progress *progress);
void zem_progress_message(void *context, const char *text);

/* Removes the bar, so that other lines can be printed. */
void zem_progress_end(struct zem_progress_display *display);

#endif
