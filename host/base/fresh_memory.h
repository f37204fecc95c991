/* Memory that is about to be written for the first time. The kernel of the operating system gives a page when it is
 * first touched, at the cost of an exception for each page, and of two if it is read before it is written. */
#ifndef ZEM_FRESH_MEMORY_H
#define ZEM_FRESH_MEMORY_H

#include <stddef.h>

/* Asks the system in one call for all pages of the `bytes` bytes from `start` on. The content stays as it is. Where the
 * system cannot do so (before Linux 5.14), the pages come when they are touched. */
void zem_fresh_memory_touch(void *start, size_t bytes);

#endif
