/* How far a found structure is from the true one: the measures of docs/conventions.md. */
#ifndef STUDY_MEASURES_H
#define STUDY_MEASURES_H

#include <deepstruc/cluster.h>

#define MEASURE_MAX_ATOMS 2000 /* the assignment takes time as its cube */

/* The one-to-one assignment of n rows to m >= n columns with the least total of cost[n x m]: column[i] for row i
 * (shortest augmenting paths; Kuhn 1955, Jonker and Volgenant 1987, doi 10.1007/BF02278710). */
deepstruc_status measure_assign(const double *cost, size_t n, size_t m, size_t *column, deepstruc_diag *diag);

/* Turns, shifts and maybe mirrors b[n_b x 3] onto a[n_a x 3]: the rotation and shift that minimise the summed square
 * distances of the n pairs (a[from[i]], b[to[i]]); the result is b' = rotation b + shift (Horn 1987, doi
 * 10.1364/JOSAA.4.000629). */
void measure_superpose(const double *a, const double *b, const size_t *from, const size_t *to, size_t n,
                       double rotation[9], double shift[3]);

/* Errors after the best rigid alignment (many starts, mirror images allowed) and the optimal one-to-one assignment. */
typedef struct {
    double strict; /* Å: Euclidean distance per pair capped at the bond length; every atom without partner counts as
                    * one bond length; divided by the larger count */
    double coordinate; /* Å: mean |difference| per coordinate over the pairs */
} measure_errors;
deepstruc_status measure_compare(const double *truth, size_t n_truth, const double *found, size_t n_found, double bond,
                                 measure_errors *out, deepstruc_diag *diag);

/* Mean, standard deviation and median of n numbers (sorted in place). */
typedef struct {
    double mean, std, median;
} measure_spread;
measure_spread measure_spread_of(double *x, size_t n);

#endif
