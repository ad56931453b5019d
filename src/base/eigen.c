#include "base/eigen.h"

#include <math.h>

/* x and y, `step` apart from one to the next, become c x - s y and s x + c y. */
static void rotate(double *x, double *y, int n, int step, double c, double s)
{
    for (int k = 0; k < n; k++) {
        double old = x[k * step];
        x[k * step] = c * old - s * y[k * step];
        y[k * step] = s * old + c * y[k * step];
    }
}

/* Makes a[p][q] zero. */
static void annul(double *a, double *v, int n, int p, int q)
{
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
    double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1)), c = 1 / sqrt(t * t + 1), s = t * c;
    rotate(a + p, a + q, n, n, c, s);
    rotate(a + p * n, a + q * n, n, 1, c, s);
    rotate(v + p, v + q, n, n, c, s);
}

void eigen_symmetric(double *a, double *v, int n)
{
    enum { SWEEPS = 30 }; /* convergence is quadratic; 5 are usual, and what is zero is left alone */
    static const double NOTHING = 1e-300;
    for (int i = 0; i < n * n; i++)
        v[i] = i % (n + 1) == 0;
    for (int sweep = 0; sweep < SWEEPS; sweep++)
        for (int p = 0; p < n; p++)
            for (int q = p + 1; q < n; q++)
                if (fabs(a[p * n + q]) > NOTHING)
                    annul(a, v, n, p, q);
}
