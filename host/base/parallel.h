/* Runs loops over an index on several threads. The threads are started and joined by each loop, so none exists when the
 * program forks. If threads cannot be started, the loop is slower and still complete. */
#ifndef ZEM_PARALLEL_H
#define ZEM_PARALLEL_H

#include <stddef.h>

/* Returns the number of processors that this process may use, at least 1. */
unsigned zem_processors(void);

/* Splits the indices 0 to `count` - 1 into ranges [first, last) of at most `grain` indices and calls work(context,
 * first, last) once for each range. Up to `threads` threads, the caller among them, take ranges in increasing order; 0
 * means one thread for each processor. Returns when all calls have returned. */
void zem_parallel_for(size_t count, size_t grain, unsigned threads,
                      void (*work)(void *context, size_t first, size_t last), void *context);

#endif
