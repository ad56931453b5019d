/* A fit from beginning to end: load, scan, polish, describe. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "refine/refiner.h"

/* A minimum of the scan is polished when its score is within this of the best one's. Scores of the scan stand for a
 * fixed Biso: what the fit of Biso gains differs between minima by less. */
static const double start_margin = 0.15;
/* Å²: where Biso starts. Metals between 100 K and 400 K lie at 0.2 to 1. */
static const double start_biso = 0.6;
/* A parameter is at a bound when it lies within this fraction of its range from it. */
static const double bound_fraction = 1e-3;

deepstruc_status deepstruc_refiner_create(deepstruc_refiner **out, const deepstruc_target *target, deepstruc_diag *diag)
{
    deepstruc_refiner *refiner = memory_zeroed(1, sizeof *refiner);
    if (!refiner)
        return diag_no_memory(diag);
    refiner->target = target;
    size_t n = target->n;
    double **const vectors[] = {
        &refiner->root_weight, &refiner->g,           &refiner->dg[0],        &refiner->dg[1],
        &refiner->residual,    &refiner->columns,     &refiner->fit_residual, &refiner->fit_jacobian,
        &refiner->fit_work,    &refiner->esd_columns, &refiner->esd_residual};
    static const size_t lengths[] = {1, 1, 1, 1, 1, 2, 1, 2, 1, 3, 1}; /* in n */
    enum { N_VECTORS = sizeof lengths / sizeof *lengths, ALIGN = 8 };
    size_t stride = (n + ALIGN - 1) / ALIGN * ALIGN, total = 0;
    for (size_t i = 0; i < N_VECTORS; i++)
        total += lengths[i];
    refiner->memory = memory_aligned(total * stride, sizeof *refiner->memory);
    if (!refiner->memory) {
        deepstruc_refiner_destroy(refiner);
        return diag_no_memory(diag);
    }
    double *next = refiner->memory;
    for (size_t i = 0; i < N_VECTORS; i++) {
        *vectors[i] = next;
        next += lengths[i] * stride;
    }
    for (size_t i = 0; i < n; i++) {
        refiner->root_weight[i] = sqrt(target->weight[i]);
        refiner->sum_yy += target->weight[i] * target->g[i] * target->g[i];
    }
    deepstruc_status status = deepstruc_scatter_create(&refiner->scatter, target->engine, diag);
    if (status) {
        deepstruc_refiner_destroy(refiner);
        return status;
    }
    *out = refiner;
    return DEEPSTRUC_OK;
}

void deepstruc_refiner_destroy(deepstruc_refiner *refiner)
{
    if (!refiner)
        return;
    deepstruc_scatter_destroy(refiner->scatter);
    free(refiner->memory);
    free(refiner);
}

deepstruc_status refiner_load(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit,
                              deepstruc_diag *diag)
{
    if (cluster->n_atoms < 2)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "a structure of %zu atoms has no distances to fit; it wants 2 or more", cluster->n_atoms);
    if (!(unit > 0 && isfinite(unit)))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "the unit of the coordinates must be a positive length, not %g",
                         unit);
    return deepstruc_scatter_load(refiner->scatter, cluster->xyz, cluster->n_atoms, unit, diag);
}

/* Scan, then polish the best minima. */
static bool search(deepstruc_refiner *refiner, const refiner_box *box, refiner_point *best)
{
    double start[REFINER_STARTS], score[REFINER_STARTS], best_chi = INFINITY;
    size_t n_scan = refiner_scan(refiner, 1, box->low.expansion, box->high.expansion, 0);
    size_t n_starts = refiner_scan_minima(refiner, n_scan, REFINER_STARTS, start, score);
    bool converged = false;
    for (size_t i = 0; i < n_starts && score[i] <= score[0] + start_margin; i++) {
        refiner_point at;
        double chi;
        bool ok = refiner_polish(refiner, box, (refiner_point){start[i], start_biso}, &at, &chi);
        if (chi < best_chi) {
            best_chi = chi;
            *best = at;
            converged = ok;
        }
    }
    return converged;
}

static bool near_bound(double value, double low, double high)
{
    return value - low < bound_fraction * (high - low) || high - value < bound_fraction * (high - low);
}

/* Everything about the optimum but the bond length. */
static void describe(deepstruc_refiner *refiner, const refiner_box *box, refiner_point best, deepstruc_fit *fit,
                     double *gcalc)
{
    const deepstruc_target *target = refiner->target;
    deepstruc_scatter_evaluate(refiner->scatter, best.expansion, best.biso, refiner->g, refiner->dg[0], refiner->dg[1]);
    double chi;
    fit->scale = refiner_best_scale(refiner, &chi);
    fit->expansion = best.expansion;
    fit->biso = best.biso;
    double misfit = 0, total = 0;
    for (size_t i = 0; i < target->n; i++) {
        double curve = fit->scale * refiner->g[i], difference = target->g[i] - curve;
        misfit += difference * difference;
        total += target->g[i] * target->g[i];
        if (gcalc)
            gcalc[i] = curve;
    }
    fit->rw = sqrt(misfit / total);
    fit->rw_weighted = target->weighted ? sqrt(chi) : NAN;
    const bool free_parameter[3] = {fit->scale > 0,
                                    !near_bound(best.expansion, box->low.expansion, box->high.expansion),
                                    !near_bound(log(best.biso), log(box->low.biso), log(box->high.biso))};
    fit->at_bound = !(free_parameter[0] && free_parameter[1] && free_parameter[2]);
    refiner_standard_deviations(refiner, fit, free_parameter);
}

static deepstruc_status fit_between(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit,
                                    double low, double high, deepstruc_fit *fit, double *gcalc, deepstruc_diag *diag)
{
    deepstruc_status status = refiner_load(refiner, cluster, unit, diag);
    if (status)
        return status;
    const deepstruc_target *target = refiner->target;
    refiner_box box = {.low = {low, target->biso_min}, .high = {high, target->biso_max}};
    refiner_point best = {1, start_biso};
    deepstruc_fit found = {0};
    found.converged = search(refiner, &box, &best);
    describe(refiner, &box, best, &found, gcalc);
    if (!isfinite(found.rw))
        return diag_fail(diag, DEEPSTRUC_NUMERIC, "the fit of a structure of %zu atoms left the finite numbers",
                         cluster->n_atoms);
    found.bond_length = deepstruc_cluster_mean_bond(cluster) * unit * found.expansion;
    *fit = found;
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_refine(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit,
                                  deepstruc_fit *fit, double *gcalc, deepstruc_diag *diag)
{
    double range = refiner->target->expansion_range;
    return fit_between(refiner, cluster, unit, 1 - range, 1 + range, fit, gcalc, diag);
}

deepstruc_status deepstruc_refine_wide(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit_low,
                                       double unit_high, double *unit, deepstruc_fit *fit, double *gcalc,
                                       deepstruc_diag *diag)
{
    if (!(unit_low > 0 && unit_low < unit_high && unit_high <= REFINER_WIDEST * unit_low))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "a wide fit wants 0 < unit_low < unit_high <= %g unit_low, not %g to %g", REFINER_WIDEST,
                         unit_low, unit_high);
    double middle = sqrt(unit_low * unit_high);
    deepstruc_status status =
        fit_between(refiner, cluster, middle, unit_low / middle, unit_high / middle, fit, gcalc, diag);
    if (!status && unit)
        *unit = middle;
    return status;
}
