#define _GNU_SOURCE
#include "serve/slow.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "serve/fail.h"
#include "serve/limits.h"

struct slow {
    pthread_mutex_t mutex;
    size_t n;
    struct {
        int fd;
        double since;
    } waiting[LIMIT_CONNECTIONS];
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

deepstruc_status slow_create(slow **out, deepstruc_diag *diag)
{
    slow *connections = calloc(1, sizeof *connections);
    if (!connections)
        return serve_fail(diag, DEEPSTRUC_NO_MEMORY, "", "out of memory");
    pthread_mutex_init(&connections->mutex, NULL);
    *out = connections;
    return DEEPSTRUC_OK;
}

void slow_destroy(slow *connections)
{
    if (!connections)
        return;
    pthread_mutex_destroy(&connections->mutex);
    free(connections);
}

static void forget(slow *connections, int fd)
{
    for (size_t i = 0; i < connections->n; i++)
        if (connections->waiting[i].fd == fd) {
            connections->waiting[i] = connections->waiting[--connections->n];
            return;
        }
}

void slow_begin(slow *connections, int fd)
{
    pthread_mutex_lock(&connections->mutex);
    forget(connections, fd);
    if (connections->n < LIMIT_CONNECTIONS) {
        connections->waiting[connections->n].fd = fd;
        connections->waiting[connections->n++].since = now();
    }
    pthread_mutex_unlock(&connections->mutex);
}

void slow_end(slow *connections, int fd)
{
    pthread_mutex_lock(&connections->mutex);
    forget(connections, fd);
    pthread_mutex_unlock(&connections->mutex);
}

/* Only shut down, so that the number stays taken until the daemon itself closes it and says so through slow_end. */
void slow_sweep(slow *connections)
{
    pthread_mutex_lock(&connections->mutex);
    double latest = now() - LIMIT_HEADER_SECONDS;
    for (size_t i = 0; i < connections->n; i++)
        if (connections->waiting[i].since < latest)
            shutdown(connections->waiting[i].fd, SHUT_RDWR);
    pthread_mutex_unlock(&connections->mutex);
}
