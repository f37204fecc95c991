/* Counts work under a lock, and reports it if the last report is long enough ago. */
#include "study/progress_report.h"

#include "base/clock.h"

#include <stddef.h>

#define TELL_INTERVAL 0.25 /* time between two reports of progress, s */

void zem_progress_report_start(struct zem_progress_report *report, struct zem_progress_hearer hearer, uint64_t all)
{
    *report = (struct zem_progress_report){.hearer = hearer, .all = all, .start = zem_clock_now()};
    pthread_mutex_init(&report->lock, NULL);
}

void zem_progress_report_count(struct zem_progress_report *report, uint64_t amount)
{
    pthread_mutex_lock(&report->lock);
    report->done += amount;
    const double now = zem_clock_now();
    if (report->hearer.tell != NULL && now >= report->next) {
        report->hearer.tell(report->hearer.context, report->done, report->all, now - report->start);
        report->next = now + TELL_INTERVAL;
    }
    pthread_mutex_unlock(&report->lock);
}

void zem_progress_report_end(struct zem_progress_report *report) { pthread_mutex_destroy(&report->lock); }
