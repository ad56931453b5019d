/* Refinement: the 3-parameter fit of a structure to a PDF (scale, isotropic expansion, Biso), Rw and uncertainties. */
#ifndef DEEPSTRUC_REFINE_H
#define DEEPSTRUC_REFINE_H

#include <deepstruc/pdf.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    double fit_rmin;        /* Å; 1.5 */
    double fit_rmax;        /* Å; NaN: 20 or the end of the data */
    double qmin, qmax;      /* 1/Å; NaN: from the data and header */
    double qdamp;           /* 1/Å; NaN: from the header, else 0.03 */
    double expansion_range; /* expansion stays within 1 +- this; 0.07 */
    double biso_min, biso_max; /* Å²; 0.05, 3 */
} deepstruc_refine_settings;

deepstruc_refine_settings deepstruc_refine_settings_default(void);
extern const deepstruc_field deepstruc_refine_settings_fields[];

/* What a fit sees: the PDF on the fit grid, the instrument values used, and why. Prepared once per PDF; read-only after. */
typedef struct {
    size_t n;               /* points */
    double rmin, rstep;     /* r_i = rmin + i*rstep */
    double *g, *weight;     /* n; weight is 1 unless the file's dG is real */
    double qmin, qmax, qdamp;
    double expansion_range, biso_min, biso_max;
    deepstruc_notes assumed; /* "qdamp=0.03: not in the header", ... */
    deepstruc_engine *engine;
} deepstruc_target;

deepstruc_status deepstruc_target_create(deepstruc_target **out, const deepstruc_pdf *pdf,
                                         const deepstruc_refine_settings *settings, deepstruc_diag *diag);
void deepstruc_target_destroy(deepstruc_target *target);

typedef struct {
    double rw;                  /* sqrt(sum w (Gobs-Gcalc)^2 / sum w Gobs^2) */
    double scale, expansion, biso;
    double esd_scale, esd_expansion, esd_biso; /* standard deviations; NaN at a bound */
    double bond_length;         /* Å: refined mean nearest-neighbour distance */
    bool converged;
    bool at_bound;
} deepstruc_fit;

/* Workspace of one thread. */
typedef struct deepstruc_refiner deepstruc_refiner;
deepstruc_status deepstruc_refiner_create(deepstruc_refiner **out, const deepstruc_target *target, deepstruc_diag *diag);
void deepstruc_refiner_destroy(deepstruc_refiner *refiner);

/* Fits `cluster`, its coordinates multiplied by `unit` (1: as they are), to the target from several starts of the
 * expansion; the joint optimum of the three parameters. gcalc[n] (may be NULL) receives the fitted curve. */
deepstruc_status deepstruc_refine(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit,
                                  deepstruc_fit *fit, double *gcalc, deepstruc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
