/* The ranks of an MPI job. Every exchange is one that does not block and is then tested for, so that a rank that never
 * comes ends in a message and not in waiting for ever. Failures of MPI itself end the job with MPI's own message. */
#define _GNU_SOURCE
#include "base/comm.h"

#include <math.h>
#include <mpi.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"

struct deepstruc_ranks {
    int index, count;
    double patience_s;
    long number; /* of the exchange at hand: the same on all ranks */
    bool lost;
    float *sums; /* grown to what the largest sum takes */
    size_t sums_capacity;
    int *n_of, *first_of;     /* count: pieces of a sum by the rank that adds them up */
    int *n_here, *first_here; /* count: this rank's piece as the others have it */
};

enum { WAITING = 1 };              /* tag of "I wait in exchange ..." */
static const double GRACE_S = 2;   /* for those messages to arrive */
static const double BUSY_S = 2e-3; /* of a wait are spent awake: most are shorter */
enum {
    LARGEST = 1 << 30,
    AT_ONCE = LARGEST / sizeof(float)
}; /* bytes, and values, of one call of MPI: it counts in int */

/* ---- waiting -------------------------------------------------------------------------------------------------- */

/* Rank 0 names those who have not said that they wait, too. */
static void name_missing(deepstruc_ranks *ranks, char *out, size_t size)
{
    bool *waits = memory_zeroed((size_t)ranks->count, sizeof *waits);
    double until = clock_seconds() + GRACE_S;
    while (waits && clock_seconds() < until) {
        int found;
        MPI_Status from;
        long number;
        MPI_Iprobe(MPI_ANY_SOURCE, WAITING, MPI_COMM_WORLD, &found, &from);
        if (!found)
            continue;
        MPI_Recv(&number, 1, MPI_LONG, from.MPI_SOURCE, WAITING, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        waits[from.MPI_SOURCE] = waits[from.MPI_SOURCE] || number == ranks->number;
    }
    int n = 0;
    for (int i = 1; waits && i < ranks->count; i++)
        if (!waits[i])
            text_append(out, size, n++ ? ", %d" : "rank %d", i);
    free(waits);
    if (n == 0)
        text_append(out, size, "a rank");
}

static deepstruc_status give_up(deepstruc_ranks *ranks, deepstruc_diag *diag)
{
    char who[128] = "";
    ranks->lost = true;
    if (ranks->index == 0) {
        name_missing(ranks, who, sizeof who);
    } else { /* rank 0 has the better message and ends the job, if it is there */
        nanosleep(&(struct timespec){.tv_sec = 2 * (time_t)GRACE_S}, NULL);
        text_copy(who, sizeof who, "rank 0");
    }
    return diag_fail(diag, DEEPSTRUC_RANK_LOST,
                     "%s kept the others waiting for %.0f s: the job ends; what was saved is whole, --resume goes on "
                     "with any number of ranks",
                     who, ranks->patience_s);
}

/* Half of the patience through, a rank tells rank 0 that it is here. */
static deepstruc_status finish(deepstruc_ranks *ranks, MPI_Request *request, deepstruc_diag *diag)
{
    double began = clock_seconds();
    bool told = ranks->index == 0;
    ranks->number++;
    for (;;) {
        int done;
        MPI_Test(request, &done, MPI_STATUS_IGNORE);
        if (done)
            return DEEPSTRUC_OK;
        double waited = clock_seconds() - began;
        if (waited < BUSY_S)
            sched_yield();
        else
            nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
        if (!told && waited > ranks->patience_s / 2) {
            MPI_Send(&ranks->number, 1, MPI_LONG, 0, WAITING, MPI_COMM_WORLD); /* so short that it waits for nobody */
            told = true;
        }
        if (waited > ranks->patience_s)
            return give_up(ranks, diag);
    }
}

/* ---- begin and end -------------------------------------------------------------------------------------------- */

static void ranks_free(deepstruc_ranks *ranks)
{
    free(ranks->sums);
    free(ranks->n_of);
    free(ranks);
}

deepstruc_status deepstruc_ranks_begin(deepstruc_ranks **out, double patience_s, deepstruc_diag *diag)
{
    int provided;
    deepstruc_ranks *ranks = memory_zeroed(1, sizeof *ranks);
    if (!ranks)
        return diag_no_memory(diag);
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided); /* OpenMP's threads never call MPI */
    MPI_Comm_rank(MPI_COMM_WORLD, &ranks->index);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks->count);
    ranks->patience_s = patience_s;
    ranks->n_of = memory_zeroed(4 * (size_t)ranks->count, sizeof *ranks->n_of);
    if (!ranks->n_of) {
        ranks_free(ranks);
        return diag_no_memory(diag);
    }
    ranks->first_of = ranks->n_of + ranks->count;
    ranks->n_here = ranks->first_of + ranks->count;
    ranks->first_here = ranks->n_here + ranks->count;
    *out = ranks;
    return DEEPSTRUC_OK;
}

/* MPI wants every message received, also those of waits that ended well. */
static void receive_the_rest(const deepstruc_ranks *ranks)
{
    int found = ranks->index == 0;
    MPI_Status from;
    long number;
    while (found) {
        MPI_Iprobe(MPI_ANY_SOURCE, WAITING, MPI_COMM_WORLD, &found, &from);
        if (found)
            MPI_Recv(&number, 1, MPI_LONG, from.MPI_SOURCE, WAITING, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
}

void deepstruc_ranks_end(deepstruc_ranks *ranks)
{
    if (!ranks)
        return;
    if (ranks->lost)
        MPI_Abort(MPI_COMM_WORLD, 1);
    deepstruc_ranks_wait(ranks);
    receive_the_rest(ranks);
    MPI_Finalize();
    ranks_free(ranks);
}

size_t deepstruc_ranks_index(const deepstruc_ranks *ranks)
{
    return ranks ? (size_t)ranks->index : 0;
}

size_t deepstruc_ranks_count(const deepstruc_ranks *ranks)
{
    return ranks ? (size_t)ranks->count : 1;
}

void deepstruc_ranks_wait(deepstruc_ranks *ranks)
{
    if (!ranks || ranks->lost)
        return;
    double patience_s = ranks->patience_s;
    MPI_Request request;
    ranks->patience_s = INFINITY;
    MPI_Ibarrier(MPI_COMM_WORLD, &request);
    finish(ranks, &request, NULL);
    ranks->patience_s = patience_s;
}

static comm_range share_of(size_t n, size_t index, size_t count)
{
    return (comm_range){n / count * index + n % count * index / count,
                        n / count * (index + 1) + n % count * (index + 1) / count};
}

comm_range comm_share(const deepstruc_ranks *ranks, size_t n)
{
    return share_of(n, deepstruc_ranks_index(ranks), deepstruc_ranks_count(ranks));
}

/* ---- exchanges ------------------------------------------------------------------------------------------------ */

deepstruc_status comm_meet(deepstruc_ranks *ranks, deepstruc_status status, bool *any, deepstruc_diag *diag)
{
    if (!ranks)
        return status;
    if (ranks->lost)
        return status != DEEPSTRUC_OK ? status : DEEPSTRUC_RANK_LOST;
    int least[2] = {status == DEEPSTRUC_OK ? ranks->count : ranks->index, any && *any ? 0 : 1};
    MPI_Request request;
    MPI_Iallreduce(MPI_IN_PLACE, least, 2, MPI_INT, MPI_MIN, MPI_COMM_WORLD, &request);
    deepstruc_status met = finish(ranks, &request, diag);
    if (met != DEEPSTRUC_OK)
        return met;
    if (any)
        *any = least[1] == 0;
    if (least[0] == ranks->count)
        return DEEPSTRUC_OK;
    deepstruc_diag told = {0};
    if (least[0] == ranks->index && diag)
        told = *diag;
    told.status = status; /* where the caller wants no diagnostics, or never filled them */
    MPI_Ibcast(&told, sizeof told, MPI_BYTE, least[0], MPI_COMM_WORLD, &request);
    met = finish(ranks, &request, diag);
    if (met == DEEPSTRUC_OK && diag)
        *diag = told;
    return met == DEEPSTRUC_OK ? told.status : met;
}

deepstruc_status deepstruc_ranks_agree(deepstruc_ranks *ranks, deepstruc_status status, deepstruc_diag *diag)
{
    return comm_meet(ranks, status, NULL, diag);
}

deepstruc_status deepstruc_ranks_merge(deepstruc_ranks *ranks, void *block, size_t size, deepstruc_diag *diag)
{
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t done = 0; ranks && done < size && status == DEEPSTRUC_OK; done += LARGEST) {
        MPI_Request request;
        MPI_Iallreduce(MPI_IN_PLACE, (char *)block + done, (int)(size - done < LARGEST ? size - done : LARGEST),
                       MPI_BYTE, MPI_BOR, MPI_COMM_WORLD, &request);
        status = finish(ranks, &request, diag);
    }
    return status;
}

/* Room for a sum, which all ranks take at the same calls: only then do they have to agree that there was some. */
static deepstruc_status make_room(deepstruc_ranks *ranks, size_t n, deepstruc_diag *diag)
{
    if (n <= ranks->sums_capacity)
        return DEEPSTRUC_OK;
    bool room = MEMORY_GROW(&ranks->sums, &ranks->sums_capacity, n);
    return comm_meet(ranks, room ? DEEPSTRUC_OK : diag_no_memory(diag), NULL, diag);
}

/* Pieces of n values: how many each rank has, and where they begin. */
static void cut(deepstruc_ranks *ranks, size_t n)
{
    for (int r = 0; r < ranks->count; r++) {
        comm_range piece = share_of(n, (size_t)r, (size_t)ranks->count);
        ranks->first_of[r] = (int)piece.first;
        ranks->n_of[r] = (int)(piece.end - piece.first);
    }
}

/* Rank r adds up piece r of all ranks, in their order. With spread_piece each rank sends and receives twice the block,
 * the least that any such sum can do. */
static deepstruc_status sum_piece(deepstruc_ranks *ranks, float *value, size_t n, const float *weight,
                                  deepstruc_diag *diag)
{
    int count = ranks->count;
    deepstruc_status status = make_room(ranks, n + (size_t)count, diag); /* pieces differ by one value */
    if (status != DEEPSTRUC_OK)
        return status;
    cut(ranks, n);
    int own = ranks->n_of[ranks->index];
    float *piece = value + ranks->first_of[ranks->index], *all = ranks->sums;
    for (int r = 0; r < count; r++) {
        ranks->n_here[r] = own;
        ranks->first_here[r] = r * own;
    }
    MPI_Request request;
    MPI_Ialltoallv(value, ranks->n_of, ranks->first_of, MPI_FLOAT, all, ranks->n_here, ranks->first_here, MPI_FLOAT,
                   MPI_COMM_WORLD, &request);
    status = finish(ranks, &request, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (int r = 0; r < count; r++) {
        const float *theirs = all + (size_t)r * (size_t)own, times = weight ? weight[r] : 1;
        if (r == 0)
            for (int i = 0; i < own; i++)
                piece[i] = times * theirs[i];
        else
            for (int i = 0; i < own; i++)
                piece[i] += times * theirs[i];
    }
    return DEEPSTRUC_OK;
}

static deepstruc_status spread_piece(deepstruc_ranks *ranks, float *value, size_t n, deepstruc_diag *diag)
{
    MPI_Request request;
    cut(ranks, n);
    MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, value, ranks->n_of, ranks->first_of, MPI_FLOAT, MPI_COMM_WORLD,
                    &request);
    return finish(ranks, &request, diag);
}

static deepstruc_status too_many(size_t n, deepstruc_diag *diag)
{
    return diag_fail(diag, DEEPSTRUC_TOO_LARGE, "%zu values are too many for ranks to share", n);
}

deepstruc_status comm_sum_share(deepstruc_ranks *ranks, float *value, size_t n, const float *weight,
                                deepstruc_diag *diag)
{
    if (!ranks)
        return DEEPSTRUC_OK;
    return n <= AT_ONCE ? sum_piece(ranks, value, n, weight, diag) : too_many(n, diag);
}

deepstruc_status comm_spread(deepstruc_ranks *ranks, float *value, size_t n, deepstruc_diag *diag)
{
    if (!ranks)
        return DEEPSTRUC_OK;
    return n <= AT_ONCE ? spread_piece(ranks, value, n, diag) : too_many(n, diag);
}

deepstruc_status comm_sum(deepstruc_ranks *ranks, float *value, size_t n, deepstruc_diag *diag)
{
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t done = 0; ranks && done < n && status == DEEPSTRUC_OK; done += AT_ONCE) {
        size_t m = n - done < AT_ONCE ? n - done : AT_ONCE;
        status = sum_piece(ranks, value + done, m, NULL, diag);
        if (status == DEEPSTRUC_OK)
            status = spread_piece(ranks, value + done, m, diag);
    }
    return status;
}

deepstruc_status comm_sum_double(deepstruc_ranks *ranks, double *value, size_t n, deepstruc_diag *diag)
{
    const size_t floats = sizeof *value / sizeof *ranks->sums;
    if (!ranks)
        return DEEPSTRUC_OK;
    deepstruc_status status = make_room(ranks, n * (size_t)ranks->count * floats, diag);
    double *all = (double *)(void *)ranks->sums;
    if (status == DEEPSTRUC_OK) {
        MPI_Request request;
        MPI_Iallgather(value, (int)n, MPI_DOUBLE, all, (int)n, MPI_DOUBLE, MPI_COMM_WORLD, &request);
        status = finish(ranks, &request, diag);
    }
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        value[i] = all[i];
        for (size_t r = 1; r < (size_t)ranks->count; r++)
            value[i] += all[r * n + i];
    }
    return status;
}
