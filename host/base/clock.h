/* Three clocks of the system in seconds: elapsed time, processor time of the process, processor time of a thread. They
 * measure durations for progress, benchmarks and tuning. No time that they give may influence a result. */
#ifndef ZEM_CLOCK_H
#define ZEM_CLOCK_H

/* Seconds since an arbitrary instant. Setting the date does not move this clock, so a difference of two readings is a
 * duration. */
double zem_clock_now(void);

/* Processor time that all threads of this process have used, in s. */
double zem_clock_process(void);

/* Processor time that the calling thread has used, in s. */
double zem_clock_thread(void);

#endif
