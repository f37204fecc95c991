/* Figures that follow from the times of a measurement: order statistics, rates, and shares of the measured peak. A
 * share of the peak is known only if the program stores the number of operations of the deck for its kernel version. */
#include "bench/bench.h"

#include <stdlib.h>
#include <string.h>

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *sorted, unsigned count, double p)
{
    const double place = p * (double)(count - 1);
    const unsigned below = (unsigned)place;
    return below + 1 < count ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below])
                             : sorted[count - 1];
}

struct zem_bench_spread zem_bench_spread_of(const double *seconds, unsigned count)
{
    double sorted[ZEM_BENCH_REPEAT_MAX];
    memcpy(sorted, seconds, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_numbers);
    return (struct zem_bench_spread){sorted[0], quantile(sorted, count, 0.25), quantile(sorted, count, 0.5),
                                     quantile(sorted, count, 0.75), sorted[count - 1]};
}

bool zem_bench_disturbed(double processor_share) { return processor_share < ZEM_BENCH_BUSY_SHARE; }

static bool counted(const struct zem_bench_result *result)
{
    return result->deck->operations_kernel == ZEM_KERNEL_VERSION;
}

double zem_bench_engagement_rate(const struct zem_bench_result *result)
{
    return result->kernel.median > 0.0 ? (double)result->engagements / result->kernel.median : 0.0;
}

double zem_bench_step_rate(const struct zem_bench_result *result)
{
    return counted(result) ? result->deck->steps * zem_bench_engagement_rate(result) : 0.0;
}

double zem_bench_peak_share(const struct zem_bench_result *result)
{
    return counted(result) && result->peak.flops > 0.0
               ? result->deck->flops * zem_bench_engagement_rate(result) / result->peak.flops
               : 0.0;
}

double zem_bench_issue_share(const struct zem_bench_result *result)
{
    return counted(result) && result->peak.issue > 0.0
               ? result->deck->operations * zem_bench_engagement_rate(result) / result->peak.issue
               : 0.0;
}
