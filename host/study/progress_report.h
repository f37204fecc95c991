/* Progress of work that several threads share, reported a few times a second. The doctrine surface and the shots flown
 * for it use this. */
#ifndef ZEM_PROGRESS_REPORT_H
#define ZEM_PROGRESS_REPORT_H

#include <pthread.h>
#include <stdint.h>

/* Reports progress: after the first piece of work, then a few times a second, from one thread at a time. `seconds` is
 * the time since the start. */
struct zem_progress_hearer {
    void (*tell)(void *context, uint64_t done, uint64_t all, double seconds); /* NULL: no reports */
    void *context;
};

struct zem_progress_report {
    struct zem_progress_hearer hearer;
    uint64_t all;
    pthread_mutex_t lock; /* guards the members below */
    uint64_t done;
    double start, next; /* time of the start and of the next report, s */
};

/* `all` is the amount of work. Release with zem_progress_report_end. */
void zem_progress_report_start(struct zem_progress_report *report, struct zem_progress_hearer hearer, uint64_t all);

/* Counts an amount of work as done. Any thread may call this. */
void zem_progress_report_count(struct zem_progress_report *report, uint64_t amount);

void zem_progress_report_end(struct zem_progress_report *report);

#endif
