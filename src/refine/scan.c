/* Rw over a range of expansions: where to start. Rw(expansion) has many minima once r reaches 20 Å, because whole
 * shells come to lie on their neighbours; a scan at the cost of one sine transform per point finds them all. */
#include <math.h>

#include "base/diag.h"
#include "refine/refiner.h"

/* A minimum is as wide as the move of the outermost peaks by their own width: at r, an expansion of x moves a peak by
 * r*x, and at the Biso of a scan a pair's Gaussian has a sigma of about 0.16 Å. Half of that between points leaves no
 * minimum unseen. */
static const double scan_move = 0.08; /* Å, of the outermost pairs between two points */
const double refiner_scan_biso = 1.0; /* broad: it joins side minima that no start is needed for */

double refiner_best_scale(const deepstruc_refiner *refiner, double *chi)
{
    const deepstruc_target *target = refiner->target;
    const double *w = target->weight, *y = target->g, *g = refiner->g;
    double yg = 0, gg = 0;
    for (size_t i = 0; i < target->n; i++) {
        yg += w[i] * y[i] * g[i];
        gg += w[i] * g[i] * g[i];
    }
    double scale = yg > 0 && gg > 0 ? yg / gg : 0;
    if (chi)
        *chi = fmax(0, 1 - scale * yg / refiner->sum_yy);
    return scale;
}

size_t refiner_scan(deepstruc_refiner *refiner, double low, double high)
{
    double step = scan_move / refiner->span;
    size_t n = (size_t)ceil(log(high / low) / step) + 1;
    n = n < 3 ? 3 : n > REFINER_SCAN_MAX ? REFINER_SCAN_MAX : n;
    for (size_t i = 0; i < n; i++) {
        double expansion = low * pow(high / low, (double)i / (double)(n - 1));
        deepstruc_scatter_evaluate(refiner->scatter, expansion, refiner_scan_biso, refiner->g, NULL, NULL);
        refiner->scan_expansion[i] = expansion;
        refiner_best_scale(refiner, &refiner->scan_score[i]);
    }
    return n;
}

/* The lowest point of the parabola through three neighbours of a scan, i the middle one; within them. */
static void parabola(const deepstruc_refiner *refiner, size_t i, double *expansion, double *score)
{
    const double *x = refiner->scan_expansion + i, *f = refiner->scan_score + i;
    double bend = f[-1] - 2 * f[0] + f[1], slope = (f[1] - f[-1]) / 2;
    double t = bend > 0 ? fmax(-1, fmin(1, -slope / bend)) : 0;
    *expansion = x[0] * pow(x[1] / x[0], t);
    *score = fmax(0, f[0] + t * (slope + t * bend / 2));
}

/* Keeps the n lowest scores in order. */
static void keep_best(double *expansion, double *score, size_t *found, size_t n, double x, double s)
{
    if (*found == n && !(s < score[n - 1]))
        return;
    size_t place = *found < n ? (*found)++ : n - 1;
    for (; place > 0 && score[place - 1] > s; place--) {
        expansion[place] = expansion[place - 1];
        score[place] = score[place - 1];
    }
    expansion[place] = x;
    score[place] = s;
}

size_t refiner_scan_minima(const deepstruc_refiner *refiner, size_t n_scan, size_t n, double *expansion, double *score)
{
    const double *f = refiner->scan_score;
    size_t found = 0;
    for (size_t i = 0; i < n_scan; i++) {
        bool below_left = i == 0 || f[i] < f[i - 1], below_right = i + 1 == n_scan || f[i] <= f[i + 1];
        if (!below_left || !below_right)
            continue;
        double x = refiner->scan_expansion[i], s = f[i];
        if (i > 0 && i + 1 < n_scan)
            parabola(refiner, i, &x, &s);
        keep_best(expansion, score, &found, n, x, s);
    }
    return found;
}

deepstruc_status deepstruc_refine_scan(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit_low,
                                       double unit_high, deepstruc_scan_point *best, size_t n, size_t *n_found,
                                       deepstruc_diag *diag)
{
    if (!(unit_low > 0 && unit_low < unit_high && unit_high <= 4 * unit_low) || n == 0 || n > REFINER_SCAN_KEEP)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "a scan wants 0 < unit_low < unit_high <= 4 unit_low and 1 to %d points, not %g to %g and %zu",
                         REFINER_SCAN_KEEP, unit_low, unit_high, n);
    double unit[REFINER_SCAN_KEEP], score[REFINER_SCAN_KEEP];
    size_t found = 0, n_parts = (size_t)ceil(log(unit_high / unit_low) / log(REFINER_WIDEST));
    for (size_t i_part = 0; i_part < n_parts; i_part++) {
        double ratio = unit_high / unit_low, low = unit_low * pow(ratio, (double)i_part / (double)n_parts),
               high = unit_low * pow(ratio, (double)(i_part + 1) / (double)n_parts), middle = sqrt(low * high);
        deepstruc_status status = refiner_load(refiner, cluster, middle, diag);
        if (status)
            return status;
        double x[REFINER_SCAN_KEEP], s[REFINER_SCAN_KEEP];
        size_t n_scan = refiner_scan(refiner, low / middle, high / middle),
               n_minima = refiner_scan_minima(refiner, n_scan, n, x, s);
        for (size_t i = 0; i < n_minima; i++)
            keep_best(unit, score, &found, n, x[i] * middle, s[i]);
    }
    for (size_t i = 0; i < found; i++)
        best[i] = (deepstruc_scan_point){.unit = unit[i], .rw = sqrt(score[i])};
    *n_found = found;
    return DEEPSTRUC_OK;
}
