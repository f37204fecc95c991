/* Stopping at the user's wish, or at that of a scheduler: a signal raises a flag that long loops read. What this file
 * keeps about the signal is the program's only global mutable state. */
#ifndef ZEM_INTERRUPTION_H
#define ZEM_INTERRUPTION_H

#include "base/error.h"

#include <stdatomic.h>
#include <stdbool.h>

/* Not 0 from the moment the program was asked to stop. Every thread may read it. */
extern atomic_int zem_interrupted;

/* Takes over SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU and SIGQUIT; call it once, before any other thread is
 * started. They are blocked, and one thread waits for them, so that it does not matter which handlers the drivers of
 * devices install. The first signal sets zem_interrupted. If the program has not ended 0.8 s after SIGINT or 5 s after
 * another signal, because it waits for a file or a driver, `leave` is called in that thread and must end the program;
 * `resumable` is what zem_interruption_resumable was told. A second SIGINT ends the program at once, and so does any
 * SIGQUIT. SIGHUP, SIGUSR1, SIGUSR2 and SIGXCPU stay ignored if they were ignored at the start, as by nohup. A forked
 * child has the signals blocked and nobody who waits for them, so it lives on after a Ctrl-C and must end when its
 * parent does. ZEM_INTERNAL if the thread cannot be started. */
int zem_interruption_catch(void (*leave)(bool resumable), struct zem_error *error);

/* Tells whether a later run can go on from what is on the disk. */
void zem_interruption_resumable(bool resumable);

/* Stand around the writing of a checkpoint, for which `leave` waits up to a minute longer. */
void zem_interruption_saving(bool saving);

#endif
