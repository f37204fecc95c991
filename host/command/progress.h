/* Shows the progress of a run on standard error: a bar with rate and remaining time on a terminal, otherwise a line
 * every ten seconds. The functions serve as the callbacks of run.h. A caller can also get events as JSON on another
 * stream. */
#ifndef ZEM_PROGRESS_H
#define ZEM_PROGRESS_H

#include "run/run.h"

#include <stdbool.h>
#include <stdio.h>

struct zem_progress_display {
    char label[256];  /* name of the scenario, printable */
    const char *unit; /* what is counted; zem_progress_start sets "trials" */
    bool quiet;       /* print nothing */
    bool terminal;    /* standard error is a terminal that can move its cursor */
    bool drawn;       /* the last line on the terminal is a bar */
    struct zem_progress last;
    bool keys;        /* keys are read from the terminal */
    bool keys_named;  /* the message that names the keys was printed */
    double next_line; /* without a terminal: time of the run at which the next line is printed, s */
    /* Events as JSON: their stream, or NULL if none are wanted; the names of scenario and output in them; the time of
     * the run at which the next "progress" is printed, s. */
    FILE *events;
    const char *scenario, *output;
    double next_event;
};

void zem_progress_start(struct zem_progress_display *display, const char *label, bool quiet);

/* Prints events as JSON to `stream` (run_summary.h): "started" at once, "message" for each message, and "progress"
 * every ten seconds. The names `scenario` and `output` must outlive the display. */
void zem_progress_print_events(struct zem_progress_display *display, const char *scenario, const char *output,
                               FILE *stream);

/* The callbacks for zem_run_options.progress and .message; `context` is the display. */
void zem_progress_update(void *context, const struct zem_progress *progress);
void zem_progress_message(void *context, const char *text);

/* Begins to read keys if standard input and standard error are a terminal. s prints the state, p pauses the run or
 * continues it, c writes a checkpoint, and q stops the run as Ctrl-C does. */
void zem_progress_read_keys(struct zem_progress_display *display);

/* The callback for zem_run_options.wish. Reads the keys that were pressed, up to the first that the run must act on,
 * and returns what it asks for: a pause, a checkpoint or nothing. `context` is the display. */
enum zem_run_wish zem_progress_wish(void *context);

/* Removes the bar, so that other lines can be printed in its place, and ends the reading of keys. */
void zem_progress_end(struct zem_progress_display *display);

#endif
