#include <math.h>
#include <string.h>

#include "pdf/debye_window.h"

/* Modified Bessel function of order 0 by its power series, whose terms are all positive: exact to rounding. */
static double bessel_i0(double x)
{
    double quarter = x * x / 4, term = 1, sum = 1;
    for (int k = 1; term > 1e-18 * sum; k++) {
        term *= quarter / ((double)k * k);
        sum += term;
    }
    return sum;
}

debye_window debye_window_make(int taps, double sigma)
{
    double reach = taps * (sigma - 0.5) / sigma;
    double shape = M_PI * sqrt(reach * reach - 0.8); /* Beatty et al., doi 10.1109/TMI.2005.848376, eq. 5 */
    return (debye_window){.taps = taps, .shape = shape, .height = 1 / bessel_i0(shape)};
}

double debye_window_value(const debye_window *window, double x)
{
    double z = 2 * x / window->taps, inside = 1 - z * z;
    return inside >= 0 ? window->height * bessel_i0(window->shape * sqrt(inside)) : 0;
}

double debye_window_transform(const debye_window *window, double xi)
{
    double half = window->taps * xi / 2, square = window->shape * window->shape - half * half,
           root = sqrt(fabs(square));
    double ratio = root < 1e-6 ? 1 : square > 0 ? sinh(root) / root : sin(root) / root;
    return window->taps * window->height * ratio;
}

/* Interpolation in Chebyshev points, written as a power series in u on [-1, 1]. */
void debye_window_fit(debye_window_polynomial *out, const debye_window *window)
{
    enum { N = DEBYE_WINDOW_COEFFICIENTS };
    double power[N][N] = {{1}, {0, 1}}; /* of the Chebyshev polynomials */
    for (int n = 2; n < N; n++)
        for (int c = 0; c <= n; c++)
            power[n][c] = (c ? 2 * power[n - 1][c - 1] : 0) - power[n - 2][c];
    memset(out, 0, sizeof *out);
    for (int tap = 0; tap < DEBYE_WINDOW_TAPS; tap++)
        for (int n = 0; n < N; n++) {
            double sum = 0;
            for (int k = 0; k < N; k++) {
                double angle = M_PI * (k + 0.5) / N;
                sum +=
                    debye_window_value(window, (cos(angle) + 1) / 2 + DEBYE_WINDOW_TAPS / 2 - 1 - tap) * cos(n * angle);
            }
            for (int c = 0; c <= n; c++)
                out->coefficient[c][tap] += (n ? 2.0 : 1.0) / N * sum * power[n][c];
        }
}
