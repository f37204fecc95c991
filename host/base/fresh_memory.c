/* madvise gives the pages of fresh memory in one system call. */
#define _GNU_SOURCE /* madvise */
#include "base/fresh_memory.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void zem_fresh_memory_touch(void *start, size_t bytes)
{
#ifdef MADV_POPULATE_WRITE
    const int before = errno;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t first = (uintptr_t)start / page * page;
    if (bytes > 0)
        madvise((void *)first, (uintptr_t)start + bytes - first, MADV_POPULATE_WRITE);
    errno = before;
#else
    (void)start;
    (void)bytes;
#endif
}
