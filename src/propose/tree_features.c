#include "propose/tree_features.h"

#include <math.h>

static const double PEAK_MIN = 1.8, PEAK_MAX = 4.0; /* Å: nearest metal atoms are between */
static const double LATEST_START = 2.2;             /* data may begin at 2 Å, below the peak of most metals */
static const double FIRST = 0.6, STEP = 0.0365;     /* the last place is at 11.5: 30 Å for most metals */

static const double LARGEST = 2; /* exponent of what the damping is undone by: beyond is noise */

/* Where the tallest maximum within the range stands, between the points of the grid; and its height. */
static bool find_peak(const fine_pdf *fine, double *peak, double *height)
{
    if (!(fine->rmin <= LATEST_START && fine->rmax >= PEAK_MAX))
        return false;
    const double *g = fine->g;
    size_t low = (size_t)fmax(0, ceil((PEAK_MIN - fine->rmin) / fine->step)), top = 0;
    size_t high = (size_t)((PEAK_MAX - fine->rmin) / fine->step);
    for (size_t i = low > 0 ? low : 1; i < high && i + 1 < fine->n; i++)
        if (g[i] > g[i - 1] && g[i] >= g[i + 1] && (top == 0 || g[i] > g[top]))
            top = i;
    if (top == 0 || !(g[top] > 0))
        return false;
    double slope = (g[top + 1] - g[top - 1]) / 2, bend = g[top + 1] - 2 * g[top] + g[top - 1];
    *peak = fine->rmin + fine->step * ((double)top - slope / bend);
    *height = g[top] - slope * slope / bend / 2;
    return true;
}

/* log of the rms in each run of TREE_POINTS / TREE_WINDOWS places over that in the first; not a number where places are
 * missing. */
static void decay(const float *x, float *out)
{
    const size_t run = TREE_POINTS / TREE_WINDOWS;
    double first = 1;
    for (size_t w = 0; w < TREE_WINDOWS; w++) {
        double squares = 0;
        for (size_t i = w * run; i < (w + 1) * run; i++)
            squares += (double)x[i] * (double)x[i];
        first = w == 0 ? squares : first;
        out[w] = (float)(log((squares + 1e-12) / first) / 2);
    }
}

bool tree_features(float *x, double *peak, const fine_pdf *fine, double qmin, double qmax, double qdamp)
{
    double unit, height;
    if (!find_peak(fine, &unit, &height))
        return false;
    for (size_t i = 0; i < TREE_POINTS; i++) {
        double r = unit * (FIRST + STEP * (double)i);
        double undamped = exp(fmin(qdamp * qdamp * (r * r - unit * unit) / 2, LARGEST));
        x[i] = r >= fine->rmin && r <= fine->rmax ? (float)(generate_fine_at(fine, r) / height * undamped) : NAN;
    }
    decay(x, x + TREE_POINTS);
    float *scalar = x + TREE_POINTS + TREE_WINDOWS;
    scalar[0] = (float)(qmin * unit);
    scalar[1] = (float)(qmax * unit);
    scalar[2] = (float)(qdamp * unit);
    if (peak)
        *peak = unit;
    return true;
}
