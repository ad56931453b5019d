#include "train/shared_step.h"

#include <math.h>
#include <string.h>

#include "base/diag.h"

enum { MOST_SUMS = 32, AVERAGE_EVERY = 4 };
static const double AVERAGE_DECAY = 0.995;

/* A running mean over the last some thousand steps, short at first; counts every fourth step. */
static void update_average(const shared_state *s, long step, comm_range own)
{
    if (step % AVERAGE_EVERY != 0)
        return;
    double n = (double)(step / AVERAGE_EVERY), decay = fmin(AVERAGE_DECAY, (n + 1) / (n + 10));
    real keep = (real)decay, take = (real)(1 - decay), *average = s->average;
    const real *value = s->params->value;
#pragma omp parallel for schedule(static)
    for (size_t i = own.first; i < own.end; i++)
        average[i] = keep * average[i] + take * value[i];
}

/* The sums, and that of the gradient's squares: answers the gradient's norm. */
static deepstruc_status sum_all(const shared_state *s, comm_range own, double *sums, size_t n_sums, double *norm,
                                deepstruc_diag *diag)
{
    double all[MOST_SUMS + 1];
    if (n_sums > MOST_SUMS)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "%zu sums where %d fit", n_sums, MOST_SUMS);
    memcpy(all, sums, n_sums * sizeof *all);
    all[n_sums] = nn_adam_squares(s->params, own.first, own.end);
    deepstruc_status status = comm_sum_double(s->ranks, all, n_sums + 1, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    memcpy(sums, all, n_sums * sizeof *all);
    *norm = sqrt(all[n_sums]);
    return DEEPSTRUC_OK;
}

deepstruc_status shared_step(const shared_state *s, const nn_adam *adam, double rate, long step, double *sums,
                             size_t n_sums, deepstruc_diag *diag)
{
    nn_params *params = s->params;
    size_t n = params->n_values;
    comm_range own = comm_share(s->ranks, n);
    double norm = 0;
    deepstruc_status status = comm_sum_share(s->ranks, params->gradient, n, s->weight, diag);
    if (status == DEEPSTRUC_OK)
        status = sum_all(s, own, sums, n_sums, &norm, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (!isfinite(norm))
        return diag_fail(diag, DEEPSTRUC_NUMERIC, "the gradient is no longer finite");
    nn_adam_step_part(adam, params, rate, step + 1, norm, own.first, own.end);
    memset(params->gradient, 0, own.first * sizeof *params->gradient);
    memset(params->gradient + own.end, 0, (n - own.end) * sizeof *params->gradient);
    update_average(s, step, own);
    return comm_spread(s->ranks, params->value, n, diag);
}

deepstruc_status shared_gather_average(const shared_state *s, deepstruc_diag *diag)
{
    return comm_spread(s->ranks, s->average, s->params->n_values, diag);
}

deepstruc_status shared_gather_moments(const shared_state *s, deepstruc_diag *diag)
{
    deepstruc_status status = comm_spread(s->ranks, s->params->moment1, s->params->n_values, diag);
    return status == DEEPSTRUC_OK ? comm_spread(s->ranks, s->params->moment2, s->params->n_values, diag) : status;
}
