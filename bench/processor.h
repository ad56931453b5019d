/* Time that the processor worked for this process, all threads together: what a shared machine cannot blur. */
#ifndef BENCH_PROCESSOR_H
#define BENCH_PROCESSOR_H

#include <time.h>

static inline double processor_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
