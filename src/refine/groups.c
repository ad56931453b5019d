/* Equivalence groups by a moving-block bootstrap of the squared residuals over r. What it computes and why stands at
 * deepstruc_refine_groups in the public header. */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/random.h"
#include <deepstruc/refine.h>

static const double shortest_block = 1.0; /* Å: less does not hold one peak with its ripples */
static const double block_per_correlation = 4;
enum { LEAST_BLOCKS = 8 };
/* A candidate that fits better than the best of a group on this fraction of the resampled data is in the group. The
 * best was picked among hundreds on these very data, so part of its lead is luck: 0.05 would do for two candidates that
 * were named in advance. */
static const double least_chance = 0.01;

/* A misfit that is larger by less than this fraction tells nothing, whatever the bootstrap says of it: what the model
 * leaves out (ligands, disorder, qdamp) moves it by more, and of noise alone, some 160 independent points, 8 in chi²
 * are what two candidates named in advance need for such a confidence. */
static const double least_difference = 0.05;

/* Points: the correlation length of the squared residual, sum over lags of the squared autocorrelation (which is that
 * of the squares for a Gaussian process). */
static double correlation_length(const double *residual, size_t n)
{
    double variance = 0, length = 1;
    for (size_t i = 0; i < n; i++)
        variance += residual[i] * residual[i];
    for (size_t lag = 1; lag < n / LEAST_BLOCKS && variance > 0; lag++) {
        double sum = 0;
        for (size_t i = 0; i + lag < n; i++)
            sum += residual[i] * residual[i + lag];
        length += 2 * (sum / variance) * (sum / variance);
    }
    return length;
}

static size_t block_points(const deepstruc_target *target, const double *curve)
{
    size_t n = target->n;
    double *residual = malloc(n * sizeof *residual);
    if (!residual)
        return 0;
    for (size_t i = 0; i < n; i++)
        residual[i] = sqrt(target->weight[i]) * (target->g[i] - curve[i]);
    double wanted = fmax(block_per_correlation * correlation_length(residual, n), shortest_block / target->rstep);
    free(residual);
    return (size_t)ceil(fmax(1, fmin(wanted, (double)n / LEAST_BLOCKS)));
}

/* sums[b]: the squared residuals of a curve on resample b; answers those on the data as they are. `window` is scratch
 * of n + 1. */
static double resampled_sums(const deepstruc_target *target, const double *curve, size_t length, const size_t *starts,
                             size_t n_blocks, double *window, double *sums)
{
    size_t n = target->n;
    window[0] = 0;
    for (size_t i = 0; i < n; i++) {
        double difference = target->g[i] - curve[i];
        window[i + 1] = window[i] + target->weight[i] * difference * difference;
    }
    double total = window[n];
    for (size_t i = 0; i + length <= n; i++)
        window[i] = window[i + length] - window[i];
    for (size_t b = 0; b < DEEPSTRUC_RESAMPLES; b++) {
        double sum = 0;
        for (size_t k = 0; k < n_blocks; k++)
            sum += window[starts[b * n_blocks + k]];
        sums[b] = sum;
    }
    return total;
}

/* The fraction of resamples on which `sums` is at most `best`. */
static double chance_of(const double *sums, const double *best)
{
    int count = 0;
    for (size_t b = 0; b < DEEPSTRUC_RESAMPLES; b++)
        count += sums[b] <= best[b];
    return (double)count / DEEPSTRUC_RESAMPLES;
}

static void assign(const double *sums, const double *total, size_t n, int *group, double *chance)
{
    for (size_t i = 0; i < n; i++)
        group[i] = 0;
    int number = 0;
    for (size_t i_best = 0; i_best < n; i_best++) {
        if (group[i_best])
            continue;
        number++;
        for (size_t i = i_best; i < n; i++) {
            if (group[i])
                continue;
            double c = chance_of(sums + i * DEEPSTRUC_RESAMPLES, sums + i_best * DEEPSTRUC_RESAMPLES);
            if (!(c >= least_chance || total[i] <= (1 + least_difference) * total[i_best]))
                continue;
            group[i] = number;
            if (chance)
                chance[i] = c;
        }
    }
}

deepstruc_status deepstruc_refine_groups(const deepstruc_target *target, const double *curves, size_t n, uint64_t seed,
                                         int *group, double *chance, double *block_length, deepstruc_diag *diag)
{
    if (n == 0)
        return DEEPSTRUC_OK;
    if (n > DEEPSTRUC_MAX_GROUPED)
        return diag_fail(diag, DEEPSTRUC_TOO_LARGE, "%zu candidates cannot be grouped at once; at most %d can", n,
                         DEEPSTRUC_MAX_GROUPED);
    for (size_t i = 0; i < n * target->n; i++)
        if (!isfinite(curves[i]))
            return diag_fail(diag, DEEPSTRUC_NUMERIC, "the fitted curve of candidate %zu is not finite",
                             i / target->n + 1);
    size_t length = block_points(target, curves);
    if (length == 0)
        return diag_no_memory(diag);
    size_t n_blocks = (target->n + length - 1) / length;
    double *sums = memory_zeroed(n * DEEPSTRUC_RESAMPLES, sizeof *sums);
    double *window = memory_zeroed(target->n + 1, sizeof *window), *total = memory_zeroed(n, sizeof *total);
    size_t *starts = memory_zeroed(DEEPSTRUC_RESAMPLES * n_blocks, sizeof *starts);
    deepstruc_status status = sums && window && total && starts ? DEEPSTRUC_OK : diag_no_memory(diag);
    if (!status) {
        random_stream stream;
        random_seed(&stream, seed, 0);
        for (size_t k = 0; k < DEEPSTRUC_RESAMPLES * n_blocks; k++)
            starts[k] = random_below(&stream, target->n - length + 1);
        for (size_t i = 0; i < n; i++)
            total[i] = resampled_sums(target, curves + i * target->n, length, starts, n_blocks, window,
                                      sums + i * DEEPSTRUC_RESAMPLES);
        assign(sums, total, n, group, chance);
        if (block_length)
            *block_length = (double)length * target->rstep;
    }
    free(sums);
    free(window);
    free(total);
    free(starts);
    return status;
}
