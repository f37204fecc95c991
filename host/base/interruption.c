/* The flag of interruption and the signal handler that raises it. They stand outside main.c because test programs link
 * every file but main.c and need the flag too. */
#include "base/interruption.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

atomic_int zem_interrupted = 0; /* a lock-free atomic may be used in a signal handler (C11, 7.14.1.1) */
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "the flag of the signal handler must be lock-free");

static void raise_flag(int number)
{
    const int before = errno;
    (void)number;
    zem_interrupted = 1;
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    errno = before;
}

void zem_interruption_catch(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = raise_flag;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}
