/* Equivalence groups and weights of candidates. What is computed and why stands at deepstruc_refine_groups in the
 * public header, how the numbers were found in docs/decisions/0401-groups-by-weight.md. */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "refine/autocovariance.h"
#include "refine/groups.h"
#include <deepstruc/refine.h>

static const double share_of_points = 0.2, sharpest_per_length = 0.65; /* p; the last per Å of r */
static const double least_log_weight = -4.2;                           /* 1/67: holds 95 % of the truths */
static const double most_deviations = 3;
static const double never_told = 1.05; /* times the misfit: what a model leaves out moves it by more */

typedef struct {
    const deepstruc_target *target;
    const double *curves;          /* n x target->n */
    double *misfit;                /* n */
    size_t i_least;                /* whose misfit is the least */
    double exponent;               /* p */
    double *residual, *difference; /* target->n each: scratch */
} grouping;

static void fill_residual(const grouping *g, const double *curve)
{
    for (size_t i = 0; i < g->target->n; i++)
        g->residual[i] = sqrt(g->target->weight[i]) * (g->target->g[i] - curve[i]);
}

/* Independent points of a residual: n over the sum of its squared autocorrelation, with which squares are correlated.
 */
static double independent_points(const double *residual, size_t n)
{
    double variance = 0, length = 1;
    for (size_t i = 0; i < n; i++)
        variance += residual[i] * residual[i];
    for (size_t lag = 1; lag < n / 8 && variance > 0; lag++) {
        double sum = 0;
        for (size_t i = 0; i + lag < n; i++)
            sum += residual[i] * residual[i + lag];
        length += 2 * (sum / variance) * (sum / variance);
    }
    return (double)n / length;
}

/* Half the difference of two misfits, over the standard deviation that d'e has for a residual e correlated like the
 * worse one's, d being the difference of the curves: (chi_i - chi_b) / 2 = -d'e_i - d'd / 2. */
static double deviations(const grouping *g, size_t i, size_t i_better)
{
    size_t n = g->target->n;
    double covariance[AUTOCOVARIANCE_MAX], variance = 0;
    fill_residual(g, g->curves + i * n);
    for (size_t k = 0; k < n; k++)
        g->difference[k] = sqrt(g->target->weight[k]) * (g->curves[i * n + k] - g->curves[i_better * n + k]);
    size_t n_lags = autocovariance(g->residual, n, 3, g->target->rstep, covariance);
    for (size_t lag = 0; lag < n_lags; lag++) {
        double sum = 0;
        for (size_t k = 0; k + lag < n; k++)
            sum += g->difference[k] * g->difference[k + lag];
        variance += (lag ? 2 : 1) * covariance[lag] * sum;
    }
    double half = 0.5 * (g->misfit[i] - g->misfit[i_better]);
    return variance > 0 ? half / sqrt(variance) : 0;
}

static double log_weight(const grouping *g, size_t i, size_t i_better)
{
    return -g->exponent * log(g->misfit[i] / g->misfit[i_better]);
}

static bool is_peer(const grouping *g, size_t i, size_t i_better)
{
    if (g->misfit[i] <= never_told * g->misfit[i_better])
        return true;
    return log_weight(g, i, i_better) >= least_log_weight && deviations(g, i, i_better) <= most_deviations;
}

/* The curve with the least misfit leads group 1; the first one is in it whatever it is. */
static void assign(const grouping *g, size_t n, int *group)
{
    int number = 0;
    for (size_t i = 0; i < n; i++)
        group[i] = 0;
    for (size_t next = 0; next < n; next++) {
        size_t i_best = next == 0 ? g->i_least : next;
        if (group[i_best])
            continue;
        number++;
        for (size_t i = 0; i < n; i++)
            if (!group[i] && (i == i_best || is_peer(g, i, i_best)))
                group[i] = number;
        group[0] = 1;
    }
}

static void prepare(grouping *g, size_t n)
{
    size_t n_points = g->target->n;
    double whole = 0;
    for (size_t k = 0; k < n_points; k++)
        whole += g->target->weight[k] * g->target->g[k] * g->target->g[k];
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        fill_residual(g, g->curves + i * n_points);
        for (size_t k = 0; k < n_points; k++)
            sum += g->residual[k] * g->residual[k];
        g->misfit[i] = sum + GROUPS_PERFECT_RW * GROUPS_PERFECT_RW * whole;
        if (g->misfit[i] < g->misfit[g->i_least])
            g->i_least = i;
    }
    fill_residual(g, g->curves + g->i_least * n_points);
    double range = (double)(n_points - 1) * g->target->rstep;
    g->exponent = fmin(fmin(GROUPS_SHARPEST, sharpest_per_length * range),
                       share_of_points * independent_points(g->residual, n_points));
}

deepstruc_status deepstruc_refine_groups(const deepstruc_target *target, const double *curves, size_t n, int *group,
                                         double *weight, deepstruc_diag *diag)
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
    grouping g = {.target = target, .curves = curves};
    g.misfit = memory_zeroed(n, sizeof *g.misfit);
    g.residual = memory_zeroed(target->n, sizeof *g.residual);
    g.difference = memory_zeroed(target->n, sizeof *g.difference);
    deepstruc_status status = g.misfit && g.residual && g.difference ? DEEPSTRUC_OK : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK) {
        prepare(&g, n);
        if (group)
            assign(&g, n, group);
        for (size_t i = 0; weight && i < n; i++)
            weight[i] = exp(log_weight(&g, i, 0));
    }
    free(g.misfit);
    free(g.residual);
    free(g.difference);
    return status;
}
