/* A fit from beginning to end: scan, polish, describe. */
#include <math.h>

#include "base/diag.h"
#include "refine/esd.h"
#include "refine/refiner.h"

/* A minimum of the scan is polished when its score is within this of the best one's. Scores of the scan stand for a
 * fixed Biso: what the fit of Biso gains differs between minima by less. */
static const double start_margin = 0.15;
/* Å²: where Biso starts. Metals between 100 K and 400 K lie at 0.2 to 1. */
static const double start_biso = 0.6;
/* A parameter is at a bound when it lies within this fraction of its range from it. */
static const double bound_fraction = 1e-3;
/* How far a start of a range that needs several loaded structures may move, relatively: basins are narrower. */
static const double start_reach = 0.1;

/* The sizes that a fit may take: coordinates times low to high. The expansion refers to `unit`. */
typedef struct {
    double low, high, unit;
} size_range;

typedef struct {
    refiner_point at;
    refiner_box box;
    double unit, chi;
    bool converged;
} optimum;

/* One start, relative to the unit that is loaded. */
static void polish_start(deepstruc_refiner *refiner, const size_range *range, double unit, double reach, double start,
                         int n_evaluations, optimum *best)
{
    const deepstruc_target *target = refiner->target;
    double low = fmax(REFINER_EXPANSION_MIN, 1 - reach), high = fmin(REFINER_EXPANSION_MAX, 1 + reach);
    optimum o = {.unit = unit,
                 .box = {.low = {fmax(range->low / unit, low), target->biso_min},
                         .high = {fmin(range->high / unit, high), target->biso_max}}};
    o.converged =
        refiner_polish(refiner, &o.box, (refiner_point){start / unit, start_biso}, n_evaluations, &o.at, &o.chi);
    if (o.chi < best->chi)
        *best = o;
}

/* The best optimum in the range; leaves its structure loaded. */
static deepstruc_status search(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, const size_range *range,
                               optimum *best, deepstruc_diag *diag)
{
    double start[REFINER_STARTS], score[REFINER_STARTS], loaded;
    size_t n_scan, n_starts;
    deepstruc_status status =
        refiner_scan_range(refiner, cluster, range->low, range->high, range->unit, &n_scan, &loaded, diag);
    if (status)
        return status;
    *best = (optimum){.unit = loaded, .chi = INFINITY, .at = {1, start_biso}};
    n_starts = refiner_scan_minima(refiner, n_scan, REFINER_STARTS, start, score);
    bool one_load = loaded == range->unit;
    for (size_t i = 0; i < n_starts && score[i] <= score[0] + start_margin; i++) {
        if (!one_load) {
            status = refiner_load(refiner, cluster, start[i], diag);
            if (status)
                return status;
            loaded = start[i];
        }
        polish_start(refiner, range, loaded, one_load ? INFINITY : start_reach, start[i], REFINER_EVALUATIONS, best);
    }
    if (n_starts == 0) /* no size gives a scale above 0: any point will do */
        polish_start(refiner, range, loaded, one_load ? INFINITY : start_reach, loaded, REFINER_EVALUATIONS, best);
    return best->unit == loaded ? DEEPSTRUC_OK : refiner_load(refiner, cluster, best->unit, diag);
}

deepstruc_status refiner_coarse(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double low, double high,
                                double *unit, double *chi)
{
    size_range range = {low, high, sqrt(low * high)};
    double start, score, loaded;
    size_t n_scan;
    deepstruc_status status = refiner_scan_range(refiner, cluster, low, high, range.unit, &n_scan, &loaded, NULL);
    if (status)
        return status;
    optimum best = {.chi = INFINITY};
    if (refiner_scan_minima(refiner, n_scan, 1, &start, &score) == 0)
        start = range.unit;
    if (loaded != range.unit) {
        status = refiner_load(refiner, cluster, start, NULL);
        if (status)
            return status;
        loaded = start;
    }
    polish_start(refiner, &range, loaded, INFINITY, start, REFINER_COARSE_EVALUATIONS, &best);
    *unit = best.unit * best.at.expansion;
    *chi = best.chi;
    return DEEPSTRUC_OK;
}

deepstruc_status refiner_follow(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit, double biso,
                                double room, double *gcalc, deepstruc_diag *diag)
{
    const deepstruc_target *target = refiner->target;
    const refiner_box box = {{1 - room, target->biso_min}, {1 + room, target->biso_max}};
    refiner_point best = {1, biso};
    double chi;
    deepstruc_status status = refiner_load(refiner, cluster, unit, diag);
    if (status)
        return status;
    if (room > 0)
        refiner_polish(refiner, &box, best, REFINER_FOLLOW_EVALUATIONS, &best, &chi);
    deepstruc_scatter_evaluate(refiner->scatter, best.expansion, best.biso, refiner->g, NULL, NULL);
    double scale = refiner_best_scale(refiner, NULL);
    for (size_t i = 0; i < target->n; i++)
        gcalc[i] = scale * refiner->g[i];
    return DEEPSTRUC_OK;
}

static bool near_bound(double value, double low, double high)
{
    return value - low < bound_fraction * (high - low) || high - value < bound_fraction * (high - low);
}

/* refiner->g and dg hold the fit's curve at scale 1. */
static void standard_deviations(deepstruc_refiner *refiner, deepstruc_fit *fit, const bool free_parameter[3])
{
    const deepstruc_target *target = refiner->target;
    size_t n = target->n, n_free = 0;
    double *const to[3] = {&fit->esd_scale, &fit->esd_expansion, &fit->esd_biso}, esd[3];
    const double *const from[3] = {refiner->g, refiner->dg[0], refiner->dg[1]};
    size_t which[3];
    for (size_t k = 0; k < 3; k++) {
        *to[k] = NAN;
        if (!free_parameter[k] || !(fit->scale > 0))
            continue;
        double *column = refiner->esd_columns + n_free * n, factor = k == 0 ? 1 : fit->scale;
        for (size_t i = 0; i < n; i++)
            column[i] = refiner->root_weight[i] * factor * from[k][i];
        which[n_free++] = k;
    }
    for (size_t i = 0; i < n; i++)
        refiner->esd_residual[i] = refiner->root_weight[i] * (target->g[i] - fit->scale * refiner->g[i]);
    esd_sandwich(esd, NULL, refiner->esd_columns, n_free, refiner->esd_residual, n, target->rstep, refiner->fit_work);
    for (size_t k = 0; k < n_free; k++)
        *to[which[k]] = esd[k];
}

/* Everything about the optimum but the bond length. */
static void describe(deepstruc_refiner *refiner, const optimum *best, deepstruc_fit *fit)
{
    const deepstruc_target *target = refiner->target;
    deepstruc_scatter_evaluate(refiner->scatter, best->at.expansion, best->at.biso, refiner->g, refiner->dg[0],
                               refiner->dg[1]);
    double chi, misfit = 0, total = 0;
    fit->converged = best->converged;
    fit->scale = refiner_best_scale(refiner, &chi);
    fit->expansion = best->at.expansion;
    fit->biso = best->at.biso;
    for (size_t i = 0; i < target->n; i++) {
        double difference = target->g[i] - fit->scale * refiner->g[i];
        misfit += difference * difference;
        total += target->g[i] * target->g[i];
    }
    fit->rw = sqrt(misfit / total);
    fit->rw_weighted = target->weighted ? sqrt(chi) : NAN;
    const refiner_box *box = &best->box;
    const bool free_parameter[3] = {fit->scale > 0,
                                    !near_bound(best->at.expansion, box->low.expansion, box->high.expansion),
                                    !near_bound(log(best->at.biso), log(box->low.biso), log(box->high.biso))};
    fit->at_bound = !(free_parameter[0] && free_parameter[1] && free_parameter[2]);
    standard_deviations(refiner, fit, free_parameter);
}

static deepstruc_status fit_range(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, const size_range *range,
                                  double *unit, deepstruc_fit *fit, double *gcalc, deepstruc_diag *diag)
{
    optimum best;
    deepstruc_status status = search(refiner, cluster, range, &best, diag);
    if (status)
        return status;
    deepstruc_fit found = {0};
    describe(refiner, &best, &found);
    if (!isfinite(found.rw))
        return diag_fail(diag, DEEPSTRUC_NUMERIC, "the fit of a structure of %zu atoms left the finite numbers",
                         cluster->n_atoms);
    found.bond_length = deepstruc_cluster_mean_bond(cluster) * best.unit * found.expansion;
    for (size_t i = 0; gcalc && i < refiner->target->n; i++)
        gcalc[i] = found.scale * refiner->g[i];
    if (unit)
        *unit = best.unit;
    *fit = found;
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_refine(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit,
                                  deepstruc_fit *fit, double *gcalc, deepstruc_diag *diag)
{
    double range = refiner->target->expansion_range;
    return fit_range(refiner, cluster, &(size_range){unit * (1 - range), unit * (1 + range), unit}, NULL, fit, gcalc,
                     diag);
}

deepstruc_status deepstruc_refine_wide(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit_low,
                                       double unit_high, double *unit, deepstruc_fit *fit, double *gcalc,
                                       deepstruc_diag *diag)
{
    return fit_range(refiner, cluster, &(size_range){unit_low, unit_high, sqrt(unit_low * unit_high)}, unit, fit, gcalc,
                     diag);
}
