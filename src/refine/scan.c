/* Rw over a range of expansions: where to start. Rw(expansion) has many minima once r reaches 20 Å, because whole
 * shells come to lie on their neighbours; a scan at the cost of one sine transform per point finds them all. */
#include <math.h>

#include "base/diag.h"
#include "refine/refiner.h"

/* Points of a scan lie this many widths apart. A width, |g| / |dg/dx|, is the relative change of size that takes a
 * curve about one standard deviation of its own autocorrelation away from itself. */
static const double step_in_widths = 0.5;
enum { SCAN_WIDEST = 4, SCAN_KEEP = 32 };

static const double scan_biso = 1.0; /* Å²; broad: it joins side minima that no start is needed for */

static double best_scale(const deepstruc_refiner *refiner, const double *g, double *chi)
{
    const deepstruc_target *target = refiner->target;
    const double *w = target->weight, *y = target->g;
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

double refiner_best_scale(const deepstruc_refiner *refiner, double *chi)
{
    return best_scale(refiner, refiner->g, chi);
}

/* Length of the loaded structure's curve over that of its derivative by the expansion. */
static double width(deepstruc_refiner *refiner)
{
    const deepstruc_target *target = refiner->target;
    deepstruc_scatter_evaluate(refiner->scatter, 1, scan_biso, refiner->g, refiner->dg[0], NULL);
    double gg = 0, dd = 0;
    for (size_t i = 0; i < target->n; i++) {
        gg += target->weight[i] * refiner->g[i] * refiner->g[i];
        dd += target->weight[i] * refiner->dg[0][i] * refiner->dg[0][i];
    }
    return sqrt(gg / dd);
}

/* Scores the sizes low..high of the structure that is loaded at `unit`, behind the n_before points of earlier parts;
 * the number of points there are now. */
static size_t scan_loaded(deepstruc_refiner *refiner, double unit, double low, double high, size_t n_before)
{
    double intervals = ceil(log(high / low) / (step_in_widths * width(refiner)));
    size_t room = REFINER_SCAN_MAX - n_before, n = intervals > 2 ? (size_t)fmin(intervals, (double)room - 1) + 1 : 3;
    /* what is joined to an earlier part starts behind that part's last point */
    size_t first = n_before > 0, count = n - first;
    for (size_t i = 0; i < count; i++)
        refiner->scan_unit[n_before + i] = low * pow(high / low, (double)(first + i) / (double)(n - 1));
    enum { TOGETHER = 3 }; /* curves that the engine makes at a time; the derivatives' places are free here */
    double *const curve[TOGETHER] = {refiner->g, refiner->dg[0], refiner->dg[1]};
    for (size_t i = 0; i < count; i += TOGETHER) {
        double expansion[TOGETHER];
        size_t some = count - i < TOGETHER ? count - i : TOGETHER;
        for (size_t c = 0; c < some; c++)
            expansion[c] = refiner->scan_unit[n_before + i + c] / unit;
        deepstruc_scatter_evaluate_sizes(refiner->scatter, expansion, some, scan_biso, curve);
        for (size_t c = 0; c < some; c++)
            best_scale(refiner, curve[c], &refiner->scan_score[n_before + i + c]);
    }
    return n_before + count;
}

/* The lowest point of the parabola through three neighbours of a scan, i the middle one; within them. */
static void parabola(const deepstruc_refiner *refiner, size_t i, double *unit, double *score)
{
    const double *x = refiner->scan_unit + i, *f = refiner->scan_score + i;
    double bend = f[-1] - 2 * f[0] + f[1], slope = (f[1] - f[-1]) / 2;
    double t = bend > 0 ? fmax(-1, fmin(1, -slope / bend)) : 0;
    *unit = x[0] * pow(x[1] / x[0], t);
    *score = fmax(0, f[0] + t * (slope + t * bend / 2));
}

/* Keeps the n lowest scores in order. */
static void keep_best(double *unit, double *score, size_t *found, size_t n, double x, double s)
{
    if (*found == n && !(s < score[n - 1]))
        return;
    size_t place = *found < n ? (*found)++ : n - 1;
    for (; place > 0 && score[place - 1] > s; place--) {
        unit[place] = unit[place - 1];
        score[place] = score[place - 1];
    }
    unit[place] = x;
    score[place] = s;
}

size_t refiner_scan_minima(const deepstruc_refiner *refiner, size_t n_scan, size_t n, double *unit, double *score)
{
    const double *f = refiner->scan_score;
    size_t found = 0;
    for (size_t i = 0; i < n_scan; i++) {
        bool below_left = i == 0 || f[i] < f[i - 1], below_right = i + 1 == n_scan || f[i] <= f[i + 1];
        if (!below_left || !below_right || !(f[i] < 1)) /* 1: no scale above 0 helps */
            continue;
        double x = refiner->scan_unit[i], s = f[i];
        if (i > 0 && i + 1 < n_scan)
            parabola(refiner, i, &x, &s);
        keep_best(unit, score, &found, n, x, s);
    }
    return found;
}

deepstruc_status refiner_scan_range(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double low,
                                    double high, double unit, size_t *n_scan, double *loaded, deepstruc_diag *diag)
{
    if (!(low > 0 && low < high && high <= SCAN_WIDEST * low))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "sizes %g to %g cannot be searched; wants 0 < low < high <= %d low", low, high, SCAN_WIDEST);
    bool one_part = low >= REFINER_EXPANSION_MIN * unit && high <= REFINER_EXPANSION_MAX * unit;
    double ratio = high / low;
    int n_parts = one_part ? 1 : (int)ceil(log(ratio) / log(REFINER_EXPANSION_MAX / REFINER_EXPANSION_MIN));
    size_t n = 0;
    for (int i_part = 0; i_part < n_parts; i_part++) {
        double part_low = low * pow(ratio, (double)i_part / n_parts),
               part_high = low * pow(ratio, (double)(i_part + 1) / n_parts);
        *loaded = one_part ? unit : sqrt(part_low * part_high);
        deepstruc_status status = refiner_load(refiner, cluster, *loaded, diag);
        if (status)
            return status;
        n = scan_loaded(refiner, *loaded, part_low, part_high, n);
    }
    *n_scan = n;
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_refine_scan(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit_low,
                                       double unit_high, deepstruc_scan_point *best, size_t n, size_t *n_found,
                                       deepstruc_diag *diag)
{
    if (n == 0 || n > SCAN_KEEP)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a scan gives 1 to %d sizes, not %zu", SCAN_KEEP, n);
    double unit[SCAN_KEEP], score[SCAN_KEEP], loaded;
    size_t n_scan;
    deepstruc_status status =
        refiner_scan_range(refiner, cluster, unit_low, unit_high, sqrt(unit_low * unit_high), &n_scan, &loaded, diag);
    if (status)
        return status;
    *n_found = refiner_scan_minima(refiner, n_scan, n, unit, score);
    for (size_t i = 0; i < *n_found; i++)
        best[i] = (deepstruc_scan_point){.unit = unit[i], .rw = sqrt(score[i])};
    return DEEPSTRUC_OK;
}
