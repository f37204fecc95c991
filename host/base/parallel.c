/* Parallel loops by threads that share the next index under a lock. A lock is used in place of an atomic counter or
 * OpenMP, because a thread sanitizer understands it. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "base/parallel.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

#define PROCESSORS_MAX ((size_t)1 << 20) /* the largest set of processors that is asked for */
#define THREADS_MAX 256u                 /* the most threads of one loop; more take longer to start than they save */

struct loop {
    pthread_mutex_t lock;
    size_t next, count, grain;
    void (*work)(void *context, size_t first, size_t last);
    void *context;
};

/* The system refuses a set with fewer bits than the machine can have processors, so larger sets are tried. */
unsigned zem_processors(void)
{
    int found = 0, reason = EINVAL;
    for (size_t bits = CPU_SETSIZE; found == 0 && reason == EINVAL && bits <= PROCESSORS_MAX; bits *= 2) {
        cpu_set_t *set = CPU_ALLOC(bits);
        const size_t size = CPU_ALLOC_SIZE(bits);
        reason = set == NULL ? ENOMEM : sched_getaffinity(0, size, set) != 0 ? errno : 0;
        found = reason == 0 ? CPU_COUNT_S(size, set) : 0;
        CPU_FREE(set);
    }
    return found > 0 ? (unsigned)found : 1u;
}

static bool take_range(struct loop *loop, size_t *first, size_t *last)
{
    pthread_mutex_lock(&loop->lock);
    *first = loop->next;
    *last = loop->count - *first < loop->grain ? loop->count : *first + loop->grain;
    loop->next = *last;
    pthread_mutex_unlock(&loop->lock);
    return *first < *last;
}

static void *run(void *context)
{
    struct loop *loop = context;
    size_t first, last;
    while (take_range(loop, &first, &last))
        loop->work(loop->context, first, last);
    return NULL;
}

void zem_parallel_for(size_t count, size_t grain, unsigned threads,
                      void (*work)(void *context, size_t first, size_t last), void *context)
{
    struct loop loop = {.count = count, .grain = grain > 0 ? grain : 1, .work = work, .context = context};
    const size_t ranges = count / loop.grain + (count % loop.grain > 0);
    pthread_t helper[THREADS_MAX];
    size_t wanted = threads > 0 ? threads : zem_processors(), started = 0;
    wanted = wanted < ranges ? wanted : ranges;
    wanted = wanted < THREADS_MAX ? wanted : THREADS_MAX;
    pthread_mutex_init(&loop.lock, NULL);
    while (started + 1 < wanted && pthread_create(&helper[started], NULL, run, &loop) == 0)
        started++;
    run(&loop);
    for (size_t k = 0; k < started; k++)
        pthread_join(helper[k], NULL);
    pthread_mutex_destroy(&loop.lock);
}
