/* The Kaiser-Bessel window: spreads a point over a few nodes of a uniform grid so that sines summed over the nodes
 * equal the sine at the point (Fessler & Sutton, doi 10.1109/TSP.2002.807005). With x in grid steps and |xi| <= pi /
 * sigma: sin(xi x) = 1/transform(xi) * sum_m value(x - m) sin(xi m) up to a relative error of about exp(-pi taps sqrt(1
 * - 1/sigma)). */
#ifndef PDF_DEBYE_WINDOW_H
#define PDF_DEBYE_WINDOW_H

#include <stddef.h>

typedef struct {
    int taps;      /* even; the window is zero beyond taps/2 steps */
    double shape;  /* beta */
    double height; /* 1 / I0(beta) */
} debye_window;

/* `sigma` (> 1): how much finer the grid is than the highest frequency wants. */
debye_window debye_window_make(int taps, double sigma);
double debye_window_value(const debye_window *window, double x);
double debye_window_transform(const debye_window *window, double xi);

/* The window's taps as polynomials. For a point at f steps (low <= f <= high, within [0, 1]) behind a node, tap p is
 * the node p - (taps/2 - 1) steps further: coefficient[c * taps + p], c < n, is its power series in t, where t runs
 * from -1 at low to 1 at high. */
void debye_window_fit(double *coefficient, size_t n, const debye_window *window, double low, double high);

/* Interpolation on [-1, 1] in n Chebyshev points, point[k]: series[c * n + k] is what the value at point k adds to the
 * coefficient of t^c. */
void debye_window_interpolation(double *point, double *series, size_t n);

#endif
