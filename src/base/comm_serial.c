/* One process, which agrees with itself. */
#include "base/comm.h"

#include "base/diag.h"

deepstruc_status deepstruc_ranks_begin(deepstruc_ranks **out, double patience_s, deepstruc_diag *diag)
{
    (void)out, (void)patience_s;
    return diag_fail(diag, DEEPSTRUC_UNAVAILABLE,
                     "this build has no MPI; build with cmake --preset mpi, or start without mpirun");
}

void deepstruc_ranks_end(deepstruc_ranks *ranks)
{
    (void)ranks;
}

size_t deepstruc_ranks_index(const deepstruc_ranks *ranks)
{
    (void)ranks;
    return 0;
}

size_t deepstruc_ranks_count(const deepstruc_ranks *ranks)
{
    (void)ranks;
    return 1;
}

deepstruc_status deepstruc_ranks_agree(deepstruc_ranks *ranks, deepstruc_status status, deepstruc_diag *diag)
{
    (void)ranks, (void)diag;
    return status;
}

deepstruc_status deepstruc_ranks_merge(deepstruc_ranks *ranks, void *block, size_t size, deepstruc_diag *diag)
{
    (void)ranks, (void)block, (void)size, (void)diag;
    return DEEPSTRUC_OK;
}

void deepstruc_ranks_wait(deepstruc_ranks *ranks)
{
    (void)ranks;
}

deepstruc_status comm_meet(deepstruc_ranks *ranks, deepstruc_status status, bool *any, deepstruc_diag *diag)
{
    (void)ranks, (void)any, (void)diag;
    return status;
}

deepstruc_status comm_sum(deepstruc_ranks *ranks, float *value, size_t n, deepstruc_diag *diag)
{
    (void)ranks, (void)value, (void)n, (void)diag;
    return DEEPSTRUC_OK;
}

deepstruc_status comm_sum_double(deepstruc_ranks *ranks, double *value, size_t n, deepstruc_diag *diag)
{
    (void)ranks, (void)value, (void)n, (void)diag;
    return DEEPSTRUC_OK;
}

comm_range comm_share(const deepstruc_ranks *ranks, size_t n)
{
    (void)ranks;
    return (comm_range){0, n};
}

deepstruc_status comm_sum_share(deepstruc_ranks *ranks, float *value, size_t n, const float *weight,
                                deepstruc_diag *diag)
{
    (void)ranks, (void)value, (void)n, (void)weight, (void)diag;
    return DEEPSTRUC_OK;
}

deepstruc_status comm_spread(deepstruc_ranks *ranks, float *value, size_t n, deepstruc_diag *diag)
{
    (void)ranks, (void)value, (void)n, (void)diag;
    return DEEPSTRUC_OK;
}
