/* Reads the clocks of POSIX and returns their seconds and nanoseconds as one number in double precision. */
#include "base/clock.h"

#include <time.h>

static double read_clock(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double zem_clock_now(void) { return read_clock(CLOCK_MONOTONIC); }

double zem_clock_process(void) { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

double zem_clock_thread(void) { return read_clock(CLOCK_THREAD_CPUTIME_ID); }
