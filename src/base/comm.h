/* The communicator seam: what the ranks of a job (deepstruc/ranks.h) tell each other. Two files implement it and the
 * build links one of them: comm_serial.c, or comm_mpi.c on top of MPI. */
#ifndef BASE_COMM_H
#define BASE_COMM_H

#include <deepstruc/ranks.h>

/* As deepstruc_ranks_agree; *any becomes true on all ranks where it is true on one. */
deepstruc_status comm_meet(deepstruc_ranks *ranks, deepstruc_status status, bool *any, deepstruc_diag *diag);

/* Each value becomes its sum over the ranks, added in the order of the ranks: the same bytes on all of them, whichever
 * machines they run on and whatever MPI prefers. */
deepstruc_status comm_sum(deepstruc_ranks *ranks, float *value, size_t n, deepstruc_diag *diag);
deepstruc_status comm_sum_double(deepstruc_ranks *ranks, double *value, size_t n, deepstruc_diag *diag);

/* The share of n items that is this rank's: [first, end) where order matters. */
typedef struct {
    size_t first, end;
} comm_range;
comm_range comm_share(const deepstruc_ranks *ranks, size_t n);

/* The two halves of comm_sum, between which each rank may work on its own share of the n values (of at most 2^28).
 * First: this rank's share holds the sum, in which rank r's values count weight[r] times; the others' shares are as
 * they were. Second: each rank's share is handed to all. */
deepstruc_status comm_sum_share(deepstruc_ranks *ranks, float *value, size_t n, const float *weight,
                                deepstruc_diag *diag);
deepstruc_status comm_spread(deepstruc_ranks *ranks, float *value, size_t n, deepstruc_diag *diag);

static inline deepstruc_ranks *comm_of(const deepstruc_progress *progress)
{
    return progress ? progress->ranks : NULL;
}

static inline bool comm_leads(const deepstruc_ranks *ranks)
{
    return deepstruc_ranks_index(ranks) == 0;
}

#endif
