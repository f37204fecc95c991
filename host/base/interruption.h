/* Stopping at the user's wish: SIGINT and SIGTERM raise a flag, which is the program's only global mutable state. */
#ifndef ZEM_INTERRUPTION_H
#define ZEM_INTERRUPTION_H

#include <stdatomic.h>

/* Not 0 once the user wants to stop. Set by the signal handler, read by all threads. */
extern atomic_int zem_interrupted;

/* From now on the first SIGINT or SIGTERM sets zem_interrupted and puts back the default, so that a second one kills.
 */
void zem_interruption_catch(void);

#endif
