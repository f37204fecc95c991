/* Loops whose pieces several threads take. Threads live for one loop only, so a program that forks or that has no
 * memory for threads loses speed and nothing else. */
#ifndef ZEM_PARALLEL_H
#define ZEM_PARALLEL_H

#include <stddef.h>

/* The number of processors that this process may use, at least 1. */
unsigned zem_processors(void);

/* Calls work(context, first, last) until every index below `count` has been in one range [first, last) of at most
 * `grain` indices. Up to `threads` threads, the caller among them, take ranges in increasing order; 0 stands for one
 * thread a processor. Threads that cannot be started leave their share to the others. Returns when all work is done. */
void zem_parallel_for(size_t count, size_t grain, unsigned threads,
                      void (*work)(void *context, size_t first, size_t last), void *context);

#endif
