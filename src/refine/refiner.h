/* The workspace of a fit, and the steps that a fit is made of. */
#ifndef REFINE_REFINER_H
#define REFINE_REFINER_H

#include <deepstruc/refine.h>

/* What the engine evaluates of one loaded structure. */
#define REFINER_EXPANSION_MIN 0.8
#define REFINER_EXPANSION_MAX 1.25

enum {
    REFINER_SCAN_MAX = 512,   /* points of one scan of the expansion */
    REFINER_STARTS = 3,       /* minima of a scan that are polished */
    REFINER_EVALUATIONS = 60, /* most of one polish; 8 are usual */
    REFINER_COARSE_EVALUATIONS = 4,
    REFINER_FOLLOW_EVALUATIONS = 6
};

/* n is target->n. */
struct deepstruc_refiner {
    const deepstruc_target *target;
    deepstruc_scatter *scatter;
    size_t most_centres;        /* refiner_limit_centres */
    double *memory;             /* all the vectors below */
    double sum_yy;              /* sum w Gobs² */
    double *root_weight;        /* n */
    double *g, *dg[2];          /* n: the last evaluated curve at scale 1 and its derivatives by expansion and Biso */
    double *residual, *columns; /* n, 2n: of the last evaluation, weighted */
    double *fit_residual, *fit_jacobian, *fit_work; /* n, 2n, n: MINPACK's */
    double *esd_columns, *esd_residual;             /* 3n, n */
    double scan_unit[REFINER_SCAN_MAX], scan_score[REFINER_SCAN_MAX];
};

/* A point in the space of the two parameters that are not linear. */
typedef struct {
    double expansion, biso;
} refiner_point;

typedef struct {
    refiner_point low, high;
} refiner_box;

/* Loads a structure: the only step that visits pairs. BAD_ARGUMENT for fewer than 2 atoms or a unit that is no length.
 */
deepstruc_status refiner_load(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit,
                              deepstruc_diag *diag);
/* Structures of more atoms are loaded as an estimate from the pairs of so many of them; SIZE_MAX, as created: never. */
void refiner_limit_centres(deepstruc_refiner *refiner, size_t n_centres);

/* The best scale (>= 0) of the curve in refiner->g; *chi (may be NULL) is sum w (Gobs - scale g)² over sum w Gobs². */
double refiner_best_scale(const deepstruc_refiner *refiner, double *chi);

/* Scores the sizes low..high (at most a factor 4 apart) at the Biso of a scan into refiner->scan_*, their number into
 * *n_scan. Where the range is within what one loaded structure can do, that is the one at `unit`; else several are
 * loaded, one after another. *loaded is the unit of the last. */
deepstruc_status refiner_scan_range(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double low,
                                    double high, double unit, size_t *n_scan, double *loaded, deepstruc_diag *diag);
/* The local minima of the scan, best first, each at the lowest point of the parabola through three points. */
size_t refiner_scan_minima(const deepstruc_refiner *refiner, size_t n_scan, size_t n, double *unit, double *score);

/* The coarse score of a structure with sizes low..high: scan, then few steps from the best size only. *chi is sum w
 * (Gobs - Gcalc)² over sum w Gobs² there. */
deepstruc_status refiner_coarse(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double low, double high,
                                double *unit, double *chi);

/* The curve of a structure near a fit that is known, such as that to other data: from the Biso of that fit alone,
 * within `room` of the size `unit`, in a few steps; as it is, where `room` is 0. gcalc[n]; zeros where no scale above 0
 * helps. */
deepstruc_status refiner_follow(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit, double biso,
                                double room, double *gcalc, deepstruc_diag *diag);

/* Levenberg-Marquardt from `start` within `box`; the optimum, or where max_evaluations ended it; chi as above; true
 * when converged. */
bool refiner_polish(deepstruc_refiner *refiner, const refiner_box *box, refiner_point start, int max_evaluations,
                    refiner_point *best, double *chi);

#endif
