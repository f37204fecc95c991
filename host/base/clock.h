/* Three clocks of the system in seconds: elapsed time, processor time of the process, processor time of a thread. They
 * measure durations for progress, benchmarks and tuning. Results must not depend on them. */
#ifndef ZEM_CLOCK_H
#define ZEM_CLOCK_H

/* Returns the time in seconds since an arbitrary instant. A change of the system's date does not move this clock, so
 * the difference of two readings is a duration. */
double zem_clock_now(void);

/* Processor time that all threads of this process have used, in s. */
double zem_clock_process(void);

/* Processor time that the calling thread has used, in s. */
double zem_clock_thread(void);

#endif
