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

enum { MOST_COEFFICIENTS = 24 };

void debye_window_interpolation(double *point, double *series, size_t n)
{
    double power[MOST_COEFFICIENTS][MOST_COEFFICIENTS] = {{1}, {0, 1}}; /* of the Chebyshev polynomials */
    for (size_t d = 2; d < n; d++)
        for (size_t c = 0; c <= d; c++)
            power[d][c] = (c ? 2 * power[d - 1][c - 1] : 0) - power[d - 2][c];
    for (size_t k = 0; k < n; k++) {
        double angle = M_PI * ((double)k + 0.5) / (double)n;
        point[k] = cos(angle);
        for (size_t c = 0; c < n; c++) {
            double sum = 0;
            for (size_t d = c; d < n; d++)
                sum += (d ? 2.0 : 1.0) / (double)n * cos(angle * (double)d) * power[d][c];
            series[c * n + k] = sum;
        }
    }
}

void debye_window_fit(double *coefficient, size_t n, const debye_window *window, double low, double high)
{
    size_t taps = (size_t)window->taps;
    double point[MOST_COEFFICIENTS], series[MOST_COEFFICIENTS * MOST_COEFFICIENTS];
    debye_window_interpolation(point, series, n);
    memset(coefficient, 0, n * taps * sizeof *coefficient);
    for (size_t k = 0; k < n; k++)
        for (size_t p = 0; p < taps; p++) {
            double f = (low + high) / 2 + (high - low) / 2 * point[k];
            double value = debye_window_value(window, f + 0.5 * window->taps - 1 - (double)p);
            for (size_t c = 0; c < n; c++)
                coefficient[c * taps + p] += series[c * n + k] * value;
        }
}
