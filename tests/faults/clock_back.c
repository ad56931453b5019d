/* Preloaded into a program, this is a clock that somebody sets back by an hour again and again: each look at the time
 * of day finds it an hour earlier. The clock that only goes forward is left alone, as the kernel leaves it. */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { HOUR_S = 3600, MOST_HOURS = 100000 }; /* still after 1970 */

static atomic_long looks;

static void set_back(struct timespec *t)
{
    long hours = atomic_fetch_add(&looks, 1);
    t->tv_sec -= HOUR_S * (hours < MOST_HOURS ? hours : MOST_HOURS);
}

int clock_gettime(clockid_t clock, struct timespec *t)
{
    long code = syscall(SYS_clock_gettime, clock, t);
    if (code == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        set_back(t);
    return (int)code;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec t;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &t) != 0)
        return -1;
    *out = (struct timeval){t.tv_sec, t.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *out)
{
    struct timespec t;
    if (clock_gettime(CLOCK_REALTIME, &t) != 0)
        return -1;
    if (out)
        *out = t.tv_sec;
    return t.tv_sec;
}
