/* Draws the bar again in its line by a carriage return, or prints lines if there is no terminal or if TERM is "dumb" or
 * missing. There are no colours. */
#include "command/progress.h"

#include "base/duration.h"
#include "base/printable.h"
#include "base/terminal_keys.h"
#include "command/run_summary.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const double LINE_INTERVAL = 10.0; /* time between two lines or two "progress" events, s */
static const double KEYS_NAMED = 3.0;     /* time of a run after which a message names the keys to press, s */
enum { BAR_SHORTEST = 5, BAR_LONGEST = 40, STATE_LIMIT = 160 };

void zem_progress_start(struct zem_progress_display *display, const char *label, bool quiet)
{
    const char *terminal = getenv("TERM");
    *display = (struct zem_progress_display){.unit = "trials", .quiet = quiet, .next_line = LINE_INTERVAL};
    zem_printable(label, display->label, sizeof display->label);
    display->terminal = isatty(STDERR_FILENO) && terminal && *terminal && strcmp(terminal, "dumb") != 0;
}

void zem_progress_print_events(struct zem_progress_display *display, const char *scenario, const char *output,
                               FILE *stream)
{
    display->events = stream;
    display->scenario = scenario;
    display->output = output;
    display->next_event = LINE_INTERVAL;
    zem_run_event_print("started", scenario, output, "is begun", stream);
}

/* Writes a count with three figures and a prefix: "4.10 M". */
static void format_count(double count, char *text, size_t size)
{
    static const char *const prefix[] = {"", " k", " M", " G", " T", " P", " E"};
    size_t i = 0;
    while (count >= 999.5 && i + 1 < sizeof prefix / sizeof *prefix) {
        count /= 1000.0;
        i++;
    }
    snprintf(text, size, "%.*f%s", i == 0 || count >= 99.95 ? 0 : count >= 9.995 ? 1 : 2, count, prefix[i]);
}

/* Writes the state, such as "45 %, 1.23 M trials, 410 k/s, 12 s left". If the run has a precision to reach, 100 % is
 * the number of trials that the last estimate says are needed. */
static void format_state(const struct zem_progress *progress, const char *unit, char *text, size_t size)
{
    char done[32], rate_text[32], left[40] = "?";
    double fraction = progress->trials_total > 0 ? (double)progress->trials_done / (double)progress->trials_total : 0.0;
    double rate = progress->seconds > 0.0 ? (double)progress->trials_done / progress->seconds : 0.0;
    double remaining = rate > 0.0 ? (double)(progress->trials_total - progress->trials_done) / rate : -1.0;
    format_count((double)progress->trials_done, done, sizeof done);
    format_count(rate, rate_text, sizeof rate_text);
    if (remaining >= 0.0)
        zem_duration_format(round(remaining), left, sizeof left);
    if (progress->paused)
        snprintf(text, size, "%3.0f %%, %s %s, paused", 100.0 * fraction, done, unit);
    else
        snprintf(text, size, "%3.0f %%, %s %s, %s/s, %s left", 100.0 * fraction, done, unit, rate_text, left);
}

static void remove_bar(struct zem_progress_display *display)
{
    if (display->drawn) {
        fputs("\r\033[K", stderr);
        fflush(stderr); /* now, because standard output may come next */
    }
    display->drawn = false;
}

static size_t terminal_columns(void)
{
    struct winsize window;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0)
        return window.ws_col;
    return 80;
}

/* Draws label, bar and state in one line. The bar fills the columns that label and state leave; if they are too few,
 * only the state is printed. */
static void draw_bar(struct zem_progress_display *display, const struct zem_progress *progress, const char *state)
{
    static const char full[] = "########################################",
                      empty[] = "........................................";
    double fraction = progress->trials_total > 0 ? (double)progress->trials_done / (double)progress->trials_total : 0.0;
    size_t columns = terminal_columns(), taken = strlen(display->label) + strlen(state) + 5;
    size_t width = columns > taken ? columns - taken : 0;
    if (width > BAR_LONGEST)
        width = BAR_LONGEST;
    int filled = (int)(fraction * (double)width);
    if (width < BAR_SHORTEST)
        fprintf(stderr, "\r%.*s\033[K", (int)columns - 1, state);
    else
        fprintf(stderr, "\r%s [%.*s%.*s] %s\033[K", display->label, filled, full, (int)width - filled, empty, state);
    fflush(stderr);
    display->drawn = true;
}

void zem_progress_update(void *context, const struct zem_progress *progress)
{
    struct zem_progress_display *display = context;
    char state[STATE_LIMIT];
    display->last = *progress;
    if (display->events != NULL && progress->seconds >= display->next_event) {
        zem_run_event_progress(display->scenario, display->output, progress->trials_done, progress->trials_total,
                               progress->seconds, display->events);
        display->next_event = progress->seconds + LINE_INTERVAL;
    }
    if (display->quiet || (!display->terminal && progress->seconds < display->next_line))
        return;
    format_state(progress, display->unit, state, sizeof state);
    if (display->terminal) {
        draw_bar(display, progress, state);
        return;
    }
    fprintf(stderr, "zem: %s: %s\n", display->label, state);
    while (display->next_line <= progress->seconds)
        display->next_line += LINE_INTERVAL;
}

void zem_progress_message(void *context, const char *text)
{
    struct zem_progress_display *display = context;
    if (display->events != NULL)
        zem_run_event_print("message", display->scenario, display->output, text, display->events);
    if (display->quiet)
        return;
    remove_bar(display);
    fprintf(stderr, "zem: %s: ", display->label);
    zem_printable_write(text, false, stderr);
    fputc('\n', stderr);
}

void zem_progress_read_keys(struct zem_progress_display *display)
{
    display->keys = display->terminal && !display->quiet && zem_terminal_keys_begin();
}

/* Prints the state of a run as a line that stays. */
static void print_state(struct zem_progress_display *display)
{
    char state[STATE_LIMIT];
    remove_bar(display);
    format_state(&display->last, display->unit, state, sizeof state);
    fprintf(stderr, "zem: %s: %s\n", display->label, state);
}

enum zem_run_wish zem_progress_wish(void *context)
{
    struct zem_progress_display *display = context;
    if (!display->keys)
        return ZEM_WISH_NONE;
    if (!display->keys_named && display->last.seconds >= KEYS_NAMED) {
        zem_progress_message(display, "keys: s status, p pause, c checkpoint, q quit");
        display->keys_named = true;
    }
    for (char key; (key = zem_terminal_key()) != 0;) {
        if (key == 's')
            print_state(display);
        else if (key == 'p')
            return ZEM_WISH_PAUSE;
        else if (key == 'c')
            return ZEM_WISH_CHECKPOINT;
        else if (key == 'q') {
            kill(getpid(), SIGINT);
            return ZEM_WISH_NONE;
        }
    }
    return ZEM_WISH_NONE;
}

void zem_progress_end(struct zem_progress_display *display)
{
    remove_bar(display);
    if (display->keys)
        zem_terminal_keys_end();
    display->keys = false;
}
