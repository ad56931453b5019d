/* Refinement: fits of a structure to a PDF (scale, isotropic expansion, Biso; more terms where asked for), Rw and
 * uncertainties. */
#ifndef DEEPSTRUC_REFINE_H
#define DEEPSTRUC_REFINE_H

#include <deepstruc/pdf.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Ranges are in the fields table. */
typedef struct {
    double fit_rmin;           /* Å; 1.5 */
    double fit_rmax;           /* Å; NaN: 20 or the end of the data */
    double qmin, qmax;         /* 1/Å; NaN: from the data and header */
    double qdamp;              /* 1/Å; NaN: from the header, else 0.03 */
    double qdamp_esd;          /* 1/Å; NaN: 0.01 where qdamp is assumed, else 0 */
    double expansion_range;    /* expansion stays within 1 +- this; 0.07 */
    double biso_min, biso_max; /* Å²; 0.05, 3 */
    double qbroad;             /* 1/Å; NaN: 0 */
    /* More terms than scale, expansion and Biso, as lists of names (docs/theory-refine.md, "More terms"); NULL: none.
     * "qdamp,delta2"; "delta2=4"; "biso=0.1:1.5"; "shell1-biso=2*biso". They take part in deepstruc_refine_terms. */
    const char *refine, *fix, *bound, *tie;
    const deepstruc_cluster *phase2; /* second structure; not owned, outlives the target; NULL: none */
} deepstruc_refine_settings;

deepstruc_refine_settings deepstruc_refine_settings_default(void);
extern const deepstruc_field deepstruc_refine_settings_fields[];

typedef struct deepstruc_terms deepstruc_terms;
typedef struct deepstruc_band deepstruc_band;

/* What a fit sees: the PDF on the fit grid, the instrument values used, and why. Prepared once per PDF; read-only
 * after, so that any number of threads may share it. */
typedef struct {
    size_t n;           /* points */
    double rmin, rstep; /* r_i = rmin + i*rstep: the multiples of rstep = min(0.1, pi/qmax) within the fit range */
    double *g, *weight; /* n; weight is 1, or 1/dG² where the file's dG is real */
    bool weighted;      /* dG is real */
    double qmin, qmax, qdamp;
    double qdamp_esd; /* 1/Å: how well qdamp is known; sizes are averaged over it */
    double reach;     /* Å: pairs up to here count; those left out would leave ripples of Qmin in the fit range */
    double expansion_range, biso_min, biso_max;
    deepstruc_notes assumed; /* "qdamp=0.03: not in the header", ... */
    deepstruc_engine *engine;
    deepstruc_terms *terms; /* NULL: scale, expansion and Biso only */
    deepstruc_band *band;   /* with terms */
} deepstruc_target;

/* BAD_INPUT when the data do not cover enough of the fit range, BAD_ARGUMENT for settings outside their rows. */
deepstruc_status deepstruc_target_create(deepstruc_target **out, const deepstruc_pdf *pdf,
                                         const deepstruc_refine_settings *settings, deepstruc_diag *diag);
void deepstruc_target_destroy(deepstruc_target *target);
/* Sets `reach`, for particles that are larger than the data or a simulation of them; what reaches into the fit range
 * counts anyway. A reach is a grid in Q, too: pi over it. Nothing may be using the target. */
deepstruc_status deepstruc_target_set_reach(deepstruc_target *target, double reach, deepstruc_diag *diag);

/* A term beyond scale, expansion and Biso in a fit. */
#define DEEPSTRUC_MAX_TERMS 20
typedef struct {
    const char *name, *unit; /* static text */
    double value, esd;       /* esd: NaN for what was not free, and at a bound */
    bool free, at_bound;
} deepstruc_term;

typedef struct {
    double rw;          /* sqrt(sum (Gobs-Gcalc)^2 / sum Gobs^2): what candidates are ranked by */
    double rw_weighted; /* the same sums with weights 1/dG²: what is minimised where dG is real; NaN where it is not */
    double scale, expansion, biso;
    double esd_scale, esd_expansion, esd_biso; /* standard deviations (docs/theory-refine.md); NaN at a bound */
    double bond_length;                        /* Å: refined mean nearest-neighbour distance */
    bool converged;
    bool at_bound;  /* expansion or Biso ended at a bound, or the best scale is 0 */
    size_t n_terms; /* 0 in the 3-parameter fit */
    deepstruc_term term[DEEPSTRUC_MAX_TERMS];
} deepstruc_fit;

/* Workspace of one thread. Fits allocate nothing that grows with the number of candidates. */
typedef struct deepstruc_refiner deepstruc_refiner;
deepstruc_status deepstruc_refiner_create(deepstruc_refiner **out, const deepstruc_target *target,
                                          deepstruc_diag *diag);
void deepstruc_refiner_destroy(deepstruc_refiner *refiner);

/* Fits `cluster`, its coordinates multiplied by `unit` (1: as they are), to the target from several starts of the
 * expansion; the joint optimum of the three parameters. gcalc[n] (may be NULL) receives the fitted curve. */
deepstruc_status deepstruc_refine(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit,
                                  deepstruc_fit *fit, double *gcalc, deepstruc_diag *diag);

/* The same with the size free between unit_low and unit_high (at most a factor 4 apart) instead of within the target's
 * expansion range: for samples whose bond length nobody knows. *unit (may be NULL) becomes what fit->expansion refers
 * to: coordinates times *unit times fit->expansion are the refined ones. */
deepstruc_status deepstruc_refine_wide(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit_low,
                                       double unit_high, double *unit, deepstruc_fit *fit, double *gcalc,
                                       deepstruc_diag *diag);

/* Fits the terms that the target's settings ask for, from the 3-parameter fit of the same cluster at the same unit in
 * *fit on, and replaces it. xyz[3 n_atoms] (may be NULL) receives the atoms where axial and shell displacements put
 * them, in the cluster's units and without the expansion. BAD_ARGUMENT where the target has no terms, or the structure
 * does not allow one. */
deepstruc_status deepstruc_refine_terms(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit,
                                        deepstruc_fit *fit, double *xyz, double *gcalc, deepstruc_diag *diag);

/* Proposes units for a cluster: the local minima of Rw over unit_low..unit_high (at most a factor 4 apart) at a fixed,
 * broad Biso, best first, at most n of them; *n_found is how many. Costs one sine transform per 0.5 % of range or so.
 * It looks at the whole curve and not at one peak, so that icosahedra, sc and bcc are as safe as fcc. */
typedef struct {
    double unit;
    double rw; /* at the fixed Biso, scale solved */
} deepstruc_scan_point;
deepstruc_status deepstruc_refine_scan(deepstruc_refiner *refiner, const deepstruc_cluster *cluster, double unit_low,
                                       double unit_high, deepstruc_scan_point *best, size_t n, size_t *n_found,
                                       deepstruc_diag *diag);

/* Many structures against one target, in parallel: the same bytes for any number of threads (0: all). Progress is
 * reported under `stage` and cancellation asked from the calling thread only. */

typedef struct {
    const deepstruc_cluster *cluster; /* in: to be multiplied by a size between unit_low and unit_high */
    double unit_low, unit_high;
    double *curve;     /* in: NULL, or target->n places for the fitted curve */
    double unit;       /* out, with fit: as of deepstruc_refine_wide */
    deepstruc_fit fit; /* out; rw is NaN where the structure cannot be fitted */
} deepstruc_refine_job;

deepstruc_status deepstruc_refine_many(const deepstruc_target *target, deepstruc_refine_job *jobs, size_t n,
                                       int threads, const char *stage, const deepstruc_progress *progress,
                                       deepstruc_diag *diag);

/* The n_best entries of a catalogue by a coarse Rw, with bond lengths between bond_low and bond_high: each is built,
 * scanned over its sizes and fitted with few steps from the best size only, so that nothing is kept of an entry but its
 * score. What that loses against full fits stands in docs/theory-refine.md. */
typedef struct {
    size_t i_entry;
    double unit; /* size at the coarse optimum, for a structure built with bond length 1 */
    double rw;   /* coarse: an upper bound of the fitted one, weighted where dG is real */
} deepstruc_screen_hit;

deepstruc_status deepstruc_refine_screen(const deepstruc_target *target, const deepstruc_catalogue_entry *entries,
                                         size_t n, double bond_low, double bond_high, deepstruc_screen_hit *best,
                                         size_t n_best, size_t *n_found, int threads, const char *stage,
                                         const deepstruc_progress *progress, deepstruc_diag *diag);

/* Which candidates the data cannot tell apart, and what each is worth. curves holds n curves of target->n points,
 * fitted to this target; they are ranked (best first), perhaps by fits to other data. group[i] (group may be NULL)
 * becomes 1 for the curve with the least misfit, all that the data cannot tell from it, and the first; 2 for the first
 * of the rest and all of the rest that cannot be told from that one, and so on. weight[i] (may be NULL) is the evidence
 * for curve i over that for the first: (misfit of the first / misfit of i)^p.
 *
 * Residuals are curves and not noise, since a model's error dominates. Of two curves the worse is told from the better
 * when its misfit sum w (Gobs - Gcalc)² is so much larger that its weight is below 1/67, or when that difference is
 * more than three standard deviations of what a residual correlated like its own would make of it; a misfit larger by
 * less than 5 % never tells. p, how sharply the data tell models apart, is a fifth of the number of independent points
 * of the least residual and at most 12: values at which, on made-up measurements with the errors of real ones, the
 * truth is in group 1 in 95 % of cases and intervals hold what they say (docs/theory-refine.md, docs/validation.md).
 * Parameters are not fitted again. */
#define DEEPSTRUC_MAX_GROUPED 10000
deepstruc_status deepstruc_refine_groups(const deepstruc_target *target, const double *curves, size_t n, int *group,
                                         double *weight, deepstruc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
