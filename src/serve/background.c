#include "serve/background.h"

#include <pthread.h>
#include <stdlib.h>

#include "serve/fail.h"
#include "serve/limits.h"

typedef struct {
    void (*work)(void *subject);
    void *subject;
} task;

struct background {
    pthread_t thread;
    pthread_mutex_t mutex; /* of all below */
    pthread_cond_t woken;
    bool stopping;
    size_t first, n; /* a ring */
    task waiting[LIMIT_TASKS];
};

static bool take(background *b, task *out)
{
    pthread_mutex_lock(&b->mutex);
    while (b->n == 0 && !b->stopping)
        pthread_cond_wait(&b->woken, &b->mutex);
    bool any = b->n > 0;
    if (any) {
        *out = b->waiting[b->first];
        b->first = (b->first + 1) % LIMIT_TASKS;
        b->n--;
    }
    pthread_mutex_unlock(&b->mutex);
    return any;
}

static void *work(void *user)
{
    for (task next; take(user, &next);)
        next.work(next.subject);
    return NULL;
}

deepstruc_status background_start(background **out, deepstruc_diag *diag)
{
    background *b = calloc(1, sizeof *b);
    if (!b)
        return serve_fail(diag, DEEPSTRUC_NO_MEMORY, "", "out of memory");
    pthread_mutex_init(&b->mutex, NULL);
    pthread_cond_init(&b->woken, NULL);
    if (pthread_create(&b->thread, NULL, work, b) != 0) {
        free(b);
        return serve_fail(diag, DEEPSTRUC_UNAVAILABLE, "", "the system gives no thread");
    }
    *out = b;
    return DEEPSTRUC_OK;
}

bool background_add(background *b, void (*to_do)(void *subject), void *subject)
{
    pthread_mutex_lock(&b->mutex);
    bool room = b->n < LIMIT_TASKS && !b->stopping;
    if (room)
        b->waiting[(b->first + b->n++) % LIMIT_TASKS] = (task){to_do, subject};
    pthread_cond_signal(&b->woken);
    pthread_mutex_unlock(&b->mutex);
    return room;
}

void background_stop(background *b)
{
    if (!b)
        return;
    pthread_mutex_lock(&b->mutex);
    b->stopping = true;
    pthread_cond_signal(&b->woken);
    pthread_mutex_unlock(&b->mutex);
    pthread_join(b->thread, NULL);
    pthread_cond_destroy(&b->woken);
    pthread_mutex_destroy(&b->mutex);
    free(b);
}
