/* The progress of a run on standard error: a bar with rate and remaining time on a terminal, a line every ten seconds
 * elsewhere. The functions serve as the callbacks of run.h. Only the events that a caller asks for go to a stream of
 * its own. */
#ifndef ZEM_PROGRESS_H
#define ZEM_PROGRESS_H

#include "run/run.h"

#include <stdbool.h>
#include <stdio.h>

struct zem_progress_display {
    char label[256];  /* name of the scenario, printable */
    const char *unit; /* what is counted; "trials" after the start */
    bool quiet;       /* print nothing */
    bool terminal;    /* standard error is a terminal that can move its cursor */
    bool drawn;       /* the present line shows a bar */
    struct zem_progress last;
    bool keys;        /* keys are read from the terminal */
    bool keys_named;  /* the user was told which */
    double next_line; /* without a terminal: time of the run at which the next line is due, s */
    /* For events of JSON: where they go, NULL for nowhere; the names in them; time of the next progress, s. */
    FILE *events;
    const char *scenario, *output;
    double next_event;
};

void zem_progress_start(struct zem_progress_display *display, const char *label, bool quiet);

/* Asks for events as JSON on `stream` too (run_summary.h): a "started" now, a "message" for each message, and a
 * "progress" every ten seconds. The names are borrowed. */
void zem_progress_print_events(struct zem_progress_display *display, const char *scenario, const char *output,
                               FILE *stream);

/* The callbacks for zem_run_options.progress and .message; `context` is the display. */
void zem_progress_update(void *context, const struct zem_progress *progress);
void zem_progress_message(void *context, const char *text);

/* Reads keys from the terminal from now on, if standard input and standard error are one: s prints the state, p pauses
 * and goes on, c writes a checkpoint, q does what Ctrl-C does. */
void zem_progress_read_keys(struct zem_progress_display *display);

/* The callback for zem_run_options.wish: the wish of the key that was pressed last. */
enum zem_run_wish zem_progress_wish(void *context);

/* Removes the bar, so that other lines can be printed in its place, and reads no more keys. */
void zem_progress_end(struct zem_progress_display *display);

#endif
