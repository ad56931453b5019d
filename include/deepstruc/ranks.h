/* The ranks of one job: processes, on one machine or many, that `mpirun -n N` starts and that share a call's work.
 *
 * A long call shares its work when its progress struct names the job's ranks; every rank then makes the same call with
 * the same arguments and gets the same answer. Files are written by rank 0. Wherever ranks are taken, NULL stands for
 * this process alone. */
#ifndef DEEPSTRUC_RANKS_H
#define DEEPSTRUC_RANKS_H

#include <deepstruc/deepstruc.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Once per process. UNAVAILABLE in a build without MPI. A rank that keeps the others waiting for more than `patience_s`
 * seconds is taken for lost: the call at hand then ends with RANK_LOST on the others. */
deepstruc_status deepstruc_ranks_begin(deepstruc_ranks **out, double patience_s, deepstruc_diag *diag);
/* Where a rank was lost, nobody can be waited for: this then ends the processes of the whole job. */
void deepstruc_ranks_end(deepstruc_ranks *ranks);

size_t deepstruc_ranks_index(const deepstruc_ranks *ranks); /* of this process, from 0 */
size_t deepstruc_ranks_count(const deepstruc_ranks *ranks);

/* All ranks call the following together, in the same order. */

/* OK when all ranks bring OK; else the status and the diagnostics of the first rank that failed, on all of them. */
deepstruc_status deepstruc_ranks_agree(deepstruc_ranks *ranks, deepstruc_status status, deepstruc_diag *diag);
/* Each rank has filled its own parts of a block of zeros: afterwards all ranks hold all parts. */
deepstruc_status deepstruc_ranks_merge(deepstruc_ranks *ranks, void *block, size_t size, deepstruc_diag *diag);
/* Waits for all ranks, however long: before the next call that has patience, where shares of work may differ by hours.
 */
void deepstruc_ranks_wait(deepstruc_ranks *ranks);

#ifdef __cplusplus
}
#endif
#endif
