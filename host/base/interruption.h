/* Stopping at the user's wish: SIGINT and SIGTERM raise a flag that long loops read. The flag is the program's only
 * global mutable state. */
#ifndef ZEM_INTERRUPTION_H
#define ZEM_INTERRUPTION_H

#include <stdatomic.h>

/* Not 0 from the moment the user asks to stop. The signal handler sets it; every thread may read it. */
extern atomic_int zem_interrupted;

/* Installs the handler. The first SIGINT or SIGTERM sets zem_interrupted and restores the default action, so that a
 * second one ends the program at once. */
void zem_interruption_catch(void);

#endif
