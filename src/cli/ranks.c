/* The job that mpirun or srun started this process in, as the environment tells. The library itself reads none. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

/* A rank that keeps the others waiting for longer hangs; $DEEPSTRUC_PATIENCE, in seconds, says otherwise. */
static const double PATIENCE_S = 600;

/* Of the launchers: Open MPI's, those with PMI (MPICH, Intel MPI), Slurm's. */
static const char *const size_names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS", NULL};
static const char *const rank_names[] = {"OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID", NULL};

static long first_number(const char *const *names, long otherwise)
{
    for (; *names; names++) {
        const char *text = getenv(*names);
        if (text && text[0])
            return strtol(text, NULL, 10);
    }
    return otherwise;
}

static double patience(void)
{
    const char *text = getenv("DEEPSTRUC_PATIENCE");
    double seconds = text ? strtod(text, NULL) : 0;
    return seconds > 0 ? seconds : PATIENCE_S;
}

int cli_ranks_begin(cli_call *call)
{
    deepstruc_diag diag;
    long size = first_number(size_names, 0);
    bool first = first_number(rank_names, 0) == 0;
    if (size <= 0 || (size == 1 && !call->command->shared))
        return CLI_CONTINUE;
    if (!call->command->shared) {
        if (first)
            fprintf(stderr, "deepstruc %s: runs as one process; start it without mpirun\n", call->command->name);
        return CLI_USAGE;
    }
    deepstruc_status status = deepstruc_ranks_begin(&call->ranks, patience(), &diag);
    if (status == DEEPSTRUC_UNAVAILABLE && size == 1)
        return CLI_CONTINUE;
    if (status != DEEPSTRUC_OK)
        return first ? cli_fail(&diag) : CLI_FAILED;
    if ((long)deepstruc_ranks_count(call->ranks) == size)
        return CLI_CONTINUE;
    if (first)
        fprintf(stderr,
                "deepstruc: %ld processes were started and MPI joins %zu; start them with mpirun of the MPI this "
                "was built with, or srun --mpi=pmix\n",
                size, deepstruc_ranks_count(call->ranks));
    return CLI_FAILED;
}

bool cli_leads(const cli_call *call)
{
    return deepstruc_ranks_index(call->ranks) == 0;
}
