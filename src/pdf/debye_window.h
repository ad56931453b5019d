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

/* The window as polynomials: taps 0..7 of a point whose fraction of a step is f are at f + 3 - tap steps. Coefficient
 * c of tap p of u = 2 f - 1 stands at [c][p]. */
#define DEBYE_WINDOW_TAPS 8
#define DEBYE_WINDOW_COEFFICIENTS 13
typedef struct {
    double coefficient[DEBYE_WINDOW_COEFFICIENTS][DEBYE_WINDOW_TAPS];
} debye_window_polynomial;
void debye_window_fit(debye_window_polynomial *out, const debye_window *window);

#endif
