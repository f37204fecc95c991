/* Stops the program when a user or a batch scheduler sends a signal. The signal sets a flag, and long loops read the
 * flag and end early. */
#ifndef ZEM_INTERRUPTION_H
#define ZEM_INTERRUPTION_H

#include "base/error.h"

#include <stdatomic.h>
#include <stdbool.h>

/* 0 until a signal asks the program to stop, and 1 afterwards. Every thread may read it. */
extern atomic_int zem_interrupted;

/* Takes over SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU and SIGQUIT; call it once, before any other thread is
 * started. The signals are blocked in all threads, and one new thread waits for them, so that handlers which device
 * drivers install do not matter. The first signal sets zem_interrupted. If the program has not ended 0.8 s after SIGINT
 * or 5 s after another signal, because it waits for a file or a driver, the new thread calls `leave`, which must end
 * the program. `leave` gets the last value that was given to zem_interruption_resumable. A SIGINT that follows another
 * signal ends the program at once, and so does any SIGQUIT. SIGHUP, SIGUSR1, SIGUSR2 and SIGXCPU stay ignored if they
 * were ignored at the start, as by nohup. A forked child inherits the blocked signals and has no thread that waits for
 * them. It therefore survives a Ctrl-C and must end when its parent does. Returns 0, or ZEM_INTERNAL if the thread
 * cannot be started. */
int zem_interruption_catch(void (*leave)(bool resumable), struct zem_error *error);

/* Records whether a later run can continue from a checkpoint on the disk. `leave` gets this value. */
void zem_interruption_resumable(bool resumable);

/* Call it with true before a checkpoint is written and with false afterwards. In between, `leave` is called only 60 s
 * after the first signal, so that the checkpoint can be completed. */
void zem_interruption_saving(bool saving);

#endif
