/* Pair distribution functions: files, grids, and the Debye engine that computes them from atoms. */
#ifndef DEEPSTRUC_PDF_H
#define DEEPSTRUC_PDF_H

#include <deepstruc/cluster.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- a PDF, as read or simulated -------------------------------------------------------------------------------- */

#define DEEPSTRUC_MAX_POINTS 1000000
#define DEEPSTRUC_MAX_ELEMENTS 24

/* One element of a composition. */
typedef struct {
    char symbol[4];
    double amount; /* atoms per formula unit, as written: "Au144 S60" gives 144 and 60 */
} deepstruc_amount;

typedef struct {
    size_t n_points;
    double *r;  /* Å, strictly rising */
    double *g;  /* 1/Å² */
    double *dg; /* standard deviation of g; NULL when the file has none that is real */
    /* What the header says; NaN (or "") where it says nothing. Hints, not facts. */
    double qmin, qmax, qdamp, qbroad;
    double temperature_k, wavelength;
    char radiation;        /* 'x', 'n', or 0 when not said */
    char composition[160]; /* as written */
    deepstruc_amount
        elements[DEEPSTRUC_MAX_ELEMENTS]; /* the composition read, each element once, in order of writing */
    size_t n_elements;                    /* 0 when there is no composition, or none that can be read */
    char element[4];                      /* the metal of the composition that scatters most; "" when it holds none */
    char dialect[32];                     /* "PDFgetX3", "PDFgetN", "PDFgui", "plain", ... */
    char file[256];
    deepstruc_notes notes; /* what was assumed while reading */
} deepstruc_pdf;

/* Reads any dialect of docs/formats.md. `path` "-" reads standard input. BAD_INPUT with line and mend otherwise. */
deepstruc_status deepstruc_pdf_read(deepstruc_pdf **out, const char *path, deepstruc_diag *diag);
/* The same from memory; `name` stands in diagnostics. */
deepstruc_status deepstruc_pdf_parse(deepstruc_pdf **out, const char *text, size_t size, const char *name,
                                     deepstruc_diag *diag);
/* Two columns r, G under a [DEFAULT] header of the known fields. `path` "-" writes standard output. */
deepstruc_status deepstruc_pdf_write(const deepstruc_pdf *pdf, const char *path, bool force, deepstruc_diag *diag);
/* A copy of n points: r[i], g[i]; dg may be NULL; header fields not known. */
deepstruc_status deepstruc_pdf_create(deepstruc_pdf **out, const double *r, const double *g, const double *dg, size_t n,
                                      deepstruc_diag *diag);
void deepstruc_pdf_destroy(deepstruc_pdf *pdf);

/* qmin and qmax read off the data: the sine transform of G shows its edges. NaN where no edge is seen. The
 * strengths are in [0, 1]: how much the edge stands out; below 0.5 it is not to be believed against a header. */
typedef struct {
    double qmin, qmax;
    double qmin_strength, qmax_strength;
} deepstruc_q_edges;
deepstruc_status deepstruc_pdf_find_q_edges(const deepstruc_pdf *pdf, deepstruc_q_edges *out, deepstruc_diag *diag);

/* The qmin and qmax that a simulation of these data should use: the given ones (NaN: none is), else the header's where
 * the data do not contradict it, else what the data show, never within the small-angle region. What was assumed or
 * contradicts is added to `notes` ("qmin=1.31: from the data; the header says 0.1"). */
deepstruc_status deepstruc_pdf_choose_q(const deepstruc_pdf *pdf, double qmin_given, double qmax_given, double *qmin,
                                        double *qmax, deepstruc_notes *notes, deepstruc_diag *diag);

/* G at rmin + i*rstep, i = 0..n-1, band-limited at qmax where the input grid is fine enough, by local polynomials
 * where not. Points outside of the measured range are an error: nothing is padded. */
deepstruc_status deepstruc_pdf_resample(const deepstruc_pdf *pdf, double rmin, double rstep, size_t n, double qmax,
                                        double *g, deepstruc_diag *diag);

/* ---- the Debye engine ------------------------------------------------------------------------------------------- */

/* Ranges are in the fields table; defaults are those of the published training labels. */
typedef struct {
    double qmin, qmax;     /* 1/Å; 0.7, 25 */
    double qdamp, qbroad;  /* 1/Å; 0 */
    double delta1, delta2; /* Å, Å²; 0 */
    double biso;           /* Å²; 0.3 */
    double rmin, rmax;     /* Å; 0, 30 (rmax itself is not on the grid) */
    double rstep;          /* Å; 0.01 */
    double scale;          /* 1 */
    double reach;          /* Å: pairs up to here count in any case; 0: those that libdiffpy counts, near the r-grid */
} deepstruc_pdf_settings;

deepstruc_pdf_settings deepstruc_pdf_settings_default(void);
extern const deepstruc_field deepstruc_pdf_settings_fields[];

typedef enum {
    DEEPSTRUC_MODE_EXACT, /* the Debye sum and the sine transform on the r-grid itself */
    DEEPSTRUC_MODE_DIFFPY /* libdiffpy's DebyePDFCalculator: power-of-two grid, linear interpolation */
} deepstruc_mode;

/* Number of points of the output grid of `settings`, r_i = (first + i) * rstep. */
size_t deepstruc_pdf_grid(const deepstruc_pdf_settings *settings, long *first);

/* G(r) of a cluster in one call. */
deepstruc_status deepstruc_pdf_simulate(deepstruc_pdf **out, const deepstruc_cluster *cluster,
                                        const deepstruc_pdf_settings *settings, deepstruc_mode mode,
                                        deepstruc_diag *diag);

/* An engine: grids and sine tables for one r-grid and Q-range (exact mode), made once, shared by any number of threads.
 */
typedef struct deepstruc_engine deepstruc_engine;
deepstruc_status deepstruc_engine_create(deepstruc_engine **out, const deepstruc_pdf_settings *settings,
                                         deepstruc_diag *diag);
void deepstruc_engine_destroy(deepstruc_engine *engine);
size_t deepstruc_engine_n_points(const deepstruc_engine *engine);
/* Which kernels this processor runs: "AVX-512", "AVX2" or "plain". */
const char *deepstruc_engine_kernels(void);

/* A structure loaded into an engine's workspace, one per thread: pairs are visited in `load` only, after that expansion
 * and Biso are re-evaluated at the cost of the sine transform. */
typedef struct deepstruc_scatter deepstruc_scatter;
deepstruc_status deepstruc_scatter_create(deepstruc_scatter **out, const deepstruc_engine *engine,
                                          deepstruc_diag *diag);
void deepstruc_scatter_destroy(deepstruc_scatter *scatter);
/* Visits the pairs of n_atoms atoms (xyz, Å, times `unit`: a cluster in bond lengths is loaded with unit = bond
 * length). */
deepstruc_status deepstruc_scatter_load(deepstruc_scatter *scatter, const double *xyz, size_t n_atoms, double unit,
                                        deepstruc_diag *diag);
/* An estimate of the same from the pairs of n_centres atoms (>= 1, drawn once and for all from the structure) with all
 * others, in about n_centres / n_atoms of the time: what a coarse search wants of large structures. */
deepstruc_status deepstruc_scatter_load_sample(deepstruc_scatter *scatter, const double *xyz, size_t n_atoms,
                                               double unit, size_t n_centres, deepstruc_diag *diag);
/* g[n_points] of the loaded structure with all distances multiplied by `expansion` (0.8 to 1.25) and the given Biso;
 * scale 1. dg_dexpansion and dg_dbiso (may be NULL) are the derivatives. Allocates nothing. */
void deepstruc_scatter_evaluate(deepstruc_scatter *scatter, double expansion, double biso, double *g,
                                double *dg_dexpansion, double *dg_dbiso);
/* The curves of n expansions at one Biso: g[i][n_points] is that of expansion[i]. Three at a time, at the cost of one
 * and a half; for scans over sizes. */
void deepstruc_scatter_evaluate_sizes(deepstruc_scatter *scatter, const double *expansion, size_t n, double biso,
                                      double *const *g);

#ifdef __cplusplus
}
#endif
#endif
