/* Stopping at the user's wish: SIGINT and SIGTERM raise zem_interrupted (declared in run.h), the only global mutable state. */
#ifndef ZEM_INTERRUPTION_H
#define ZEM_INTERRUPTION_H

/* From now on the first SIGINT or SIGTERM sets zem_interrupted and puts back the default, so that a second one kills. */
void zem_interruption_catch(void);

#endif
