#include "solve/over_qdamp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "solve/evidence.h"

/* Gauss-Hermite quadrature with three points: at -sqrt 3, 0 and sqrt 3 standard deviations. */
static const double FAR = 1.7320508075688772, MIDDLE_SHARE = 2.0 / 3, FAR_SHARE = 1.0 / 6;

/* A curve at another qdamp: only the envelope changes; the scale is fitted again. (Biso, too, would give way a little.)
 */
static void move_curve(double *out, const double *curve, const deepstruc_target *target, double qdamp)
{
    double data = 0, square = 0, change = qdamp * qdamp - target->qdamp * target->qdamp;
    for (size_t i = 0; i < target->n; i++) {
        double r = target->rmin + (double)i * target->rstep, w = target->weight[i];
        out[i] = curve[i] * exp(-change * r * r / 2);
        data += w * target->g[i] * out[i];
        square += w * out[i] * out[i];
    }
    double scale = square > 0 ? fmax(0, data / square) : 0;
    for (size_t i = 0; i < target->n; i++)
        out[i] *= scale;
}

/* The evidence of the same candidates at another qdamp. */
static deepstruc_status evidence_at(deepstruc_evidence *out, double qdamp, const deepstruc_target *target,
                                    const double *curves, const deepstruc_candidate *candidate, size_t n,
                                    deepstruc_diag *diag)
{
    double *moved = memory_zeroed(n * target->n, sizeof *moved), *weight = memory_zeroed(n, sizeof *weight);
    deepstruc_candidate *there = memory_zeroed(n, sizeof *there);
    deepstruc_status status = moved && weight && there ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; i < n && !status; i++)
        move_curve(moved + i * target->n, curves + i * target->n, target, qdamp);
    if (!status)
        status = deepstruc_refine_groups(target, moved, n, NULL, weight, diag);
    if (!status) {
        memcpy(there, candidate, n * sizeof *there);
        for (size_t i = 0; i < n; i++)
            there[i].weight = weight[i];
        status = evidence_gather(out, there, n, diag);
    }
    free(moved);
    free(weight);
    free(there);
    return status;
}

/* Mean and both half widths over the three points, and the spread of the means added in squares. */
static deepstruc_interval join(const deepstruc_interval *below, const deepstruc_interval *at,
                               const deepstruc_interval *above)
{
    const deepstruc_interval *const point[3] = {below, at, above};
    const double share[3] = {FAR_SHARE, MIDDLE_SHARE, FAR_SHARE};
    double mean = 0, spread = 0, low = 0, high = 0;
    for (int k = 0; k < 3; k++)
        mean += share[k] * point[k]->mean;
    for (int k = 0; k < 3; k++) {
        spread += share[k] * (point[k]->mean - mean) * (point[k]->mean - mean);
        low += share[k] * (point[k]->mean - point[k]->low);
        high += share[k] * (point[k]->high - point[k]->mean);
    }
    return (deepstruc_interval){mean, mean - sqrt(low * low + spread), mean + sqrt(high * high + spread)};
}

/* A fit that varies qdamp has its uncertainty in its curves. */
static bool is_refined(const deepstruc_fit *fit)
{
    for (size_t i = 0; i < fit->n_terms; i++)
        if (strcmp(fit->term[i].name, "qdamp") == 0)
            return fit->term[i].free;
    return false;
}

deepstruc_status over_qdamp(deepstruc_evidence *evidence, const deepstruc_target *target, const double *curves,
                            const deepstruc_candidate *candidate, size_t n, deepstruc_diag *diag)
{
    if (!(target->qdamp_esd > 0) || is_refined(&candidate[0].fit))
        return DEEPSTRUC_OK;
    deepstruc_evidence below, above;
    double away = FAR * target->qdamp_esd;
    deepstruc_status status = evidence_at(&below, fmax(0, target->qdamp - away), target, curves, candidate, n, diag);
    if (!status)
        status = evidence_at(&above, target->qdamp + away, target, curves, candidate, n, diag);
    if (status)
        return status;
    evidence->n_atoms = join(&below.n_atoms, &evidence->n_atoms, &above.n_atoms);
    evidence->diameter = join(&below.diameter, &evidence->diameter, &above.diameter);
    return DEEPSTRUC_OK;
}
