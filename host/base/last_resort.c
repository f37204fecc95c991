/* The handlers of crashes and of exit(), and the names of the files that they remove. They call only what a signal
 * handler may call. The state is in global variables, because handlers take no argument. */
#include "base/last_resort.h"

#include "base/error.h"
#include "base/terminal_keys.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define FILES 16 /* an output, its lock and its checkpoint may be unfinished at once; the rest is reserve */

static volatile sig_atomic_t has_ended;
static pid_t owner;

/* Names of unfinished files. Threads that add or drop a name hold the lock. A handler must not wait for the lock; it
 * takes a name out of the array by an atomic exchange, after which no thread can free that name. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(char *) unfinished[FILES];

void zem_last_resort_add(const char *path)
{
    char *copy = strdup(path);
    pthread_mutex_lock(&lock);
    for (int i = 0; i < FILES && copy != NULL; i++)
        if (atomic_load(&unfinished[i]) == NULL) {
            atomic_store(&unfinished[i], copy);
            copy = NULL;
        }
    pthread_mutex_unlock(&lock);
    free(copy);
}

void zem_last_resort_drop(const char *path)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < FILES; i++) {
        const char *name = atomic_load(&unfinished[i]);
        if (name != NULL && strcmp(name, path) == 0) {
            free(atomic_exchange(&unfinished[i], NULL));
            break;
        }
    }
    pthread_mutex_unlock(&lock);
}

/* Removes the unfinished files, the last one added first. The lock file of an output (output_claim.h) is added before
 * the output, so it is removed after it and keeps other processes away from the output until then. */
void zem_last_resort_remove(void)
{
    for (int i = FILES - 1; i >= 0; i--) {
        const char *name = atomic_exchange(&unfinished[i], NULL);
        if (name != NULL)
            unlink(name);
    }
}

/* Ends the process after it has removed the unfinished files and printed the sentence. Standard error may be locked or
 * full, so the sentence is written only if poll() says that there is room. */
static void leave(const char *sentence)
{
    struct pollfd room = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (getpid() == owner) {
        zem_terminal_keys_end();
        zem_last_resort_remove();
        if (poll(&room, 1, 0) == 1) {
            const ssize_t ignored = write(STDERR_FILENO, sentence, strlen(sentence));
            (void)ignored;
        }
    }
    _exit(-ZEM_INTERNAL);
}

static void crash(int number)
{
    const int reason = errno;
    (void)number;
    if (reason == ENOMEM)
        leave("zem: memory ran out, and a library that zem uses crashed; no output was replaced\n");
    leave("zem: zem or a library that it uses crashed; no output was replaced. Please report how it came about\n");
}

static void leave_at_exit(void)
{
    if (has_ended)
        return;
    leave("zem: memory, threads or files ran out, and a library that zem uses ended the program; no output was "
          "replaced\n");
}

void zem_last_resort_begin(void)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct sigaction action, before;
    owner = getpid();
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = crash;
    action.sa_flags = (int)SA_RESETHAND;
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        if (sigaction(crashes[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(crashes[i], &action, NULL);
    atexit(leave_at_exit);
}

void zem_last_resort_end(void) { has_ended = 1; }
