/* Clocks of the system as seconds in double precision: one that runs on, and the processor time of this process or
 * thread. */
#ifndef ZEM_CLOCK_H
#define ZEM_CLOCK_H

/* Seconds since an arbitrary instant. A change of the date does not move this clock, so differences are durations. */
double zem_clock_now(void);

/* Processor time that all threads of this process have used, in s. */
double zem_clock_process(void);

/* Processor time that the calling thread has used, in s. */
double zem_clock_thread(void);

#endif
