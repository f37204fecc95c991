/* The flag of interruption and the thread that waits for signals. They are not in main.c, because test programs need
 * the flag and link every file except main.c. This file ends the program only by the default action of a signal; any
 * other end is the work of the caller's function `leave`. */
#include "base/interruption.h"

#include "base/clock.h"
#include "base/last_resort.h"
#include "base/terminal_keys.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The time in s that the program has to end after the first signal: after SIGINT from a person at a terminal, after
 * another signal from a scheduler, and while a checkpoint is being written. */
#define PATIENCE_OF_A_PERSON 0.8
#define PATIENCE 5.0
#define PATIENCE_SAVING 60.0

atomic_int zem_interrupted = 0;
static atomic_bool can_resume, is_saving;

/* The arguments of the waiting thread. */
struct waiting {
    sigset_t signals;
    void (*leave)(bool resumable);
};

/* Removes the unfinished files and ends the program by the default action of the signal, so that the parent process
 * sees which signal ended it. */
static void end_by_signal(int number)
{
    sigset_t one;
    zem_terminal_keys_end();
    zem_last_resort_remove();
    signal(number, SIG_DFL);
    sigemptyset(&one);
    sigaddset(&one, number);
    pthread_sigmask(SIG_UNBLOCK, &one, NULL);
    raise(number);
}

static void *wait_for_signals(void *context)
{
    const struct waiting waiting = *(struct waiting *)context;
    const struct timespec moment = {.tv_nsec = 50000000};
    double since = 0.0, patience = PATIENCE;
    free(context);
    for (;;) {
        const bool before = zem_interrupted != 0;
        const int number = sigtimedwait(&waiting.signals, NULL, since > 0.0 ? &moment : NULL);
        if (number == SIGQUIT || (number == SIGINT && before))
            end_by_signal(number);
        if (number > 0 && since <= 0.0)
            since = zem_clock_now();
        if (number > 0)
            zem_interrupted = 1;
        if (number == SIGINT)
            patience = PATIENCE_OF_A_PERSON;
        if (since > 0.0 && zem_clock_now() - since > (is_saving ? PATIENCE_SAVING : patience)) {
            zem_terminal_keys_end();
            waiting.leave(can_resume);
        }
    }
    return NULL;
}

/* Whether the parent process wants this signal to be ignored. A shell ignores SIGINT and SIGQUIT for the commands that
 * a script starts in the background; this program catches these two all the same, because scripts send them to stop a
 * run. */
static bool stays_ignored(int number)
{
    struct sigaction action;
    return number != SIGINT && number != SIGTERM && number != SIGQUIT && sigaction(number, NULL, &action) == 0
           && action.sa_handler == SIG_IGN;
}

static sigset_t caught_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU, SIGQUIT};
    sigset_t signals;
    sigemptyset(&signals);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!stays_ignored(numbers[i]))
            sigaddset(&signals, numbers[i]);
    return signals;
}

int zem_interruption_catch(void (*leave)(bool resumable), struct zem_error *error)
{
    pthread_t thread;
    struct waiting *waiting = malloc(sizeof *waiting);
    if (waiting == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "out of memory");
    *waiting = (struct waiting){caught_signals(), leave};
    const sigset_t signals = waiting->signals;
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    const int reason = pthread_create(&thread, NULL, wait_for_signals, waiting);
    if (reason != 0) {
        pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
        free(waiting);
        return zem_error_set(error, ZEM_INTERNAL, "the thread that waits for signals cannot be started: %s",
                             strerror(reason));
    }
    pthread_detach(thread);
    return ZEM_OK;
}

void zem_interruption_resumable(bool resumable) { can_resume = resumable; }

void zem_interruption_saving(bool saving) { is_saving = saving; }
