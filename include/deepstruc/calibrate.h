/* Calibration: what an instrument does to a PDF, from the PDF of a bulk standard; and the file that keeps it. */
#ifndef DEEPSTRUC_CALIBRATE_H
#define DEEPSTRUC_CALIBRATE_H

#include <deepstruc/refine.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const char *standard;      /* "Ni", "CeO2", "Si", "LaB6", ...; NULL: by the composition in the header */
    double fit_rmin, fit_rmax; /* Å; 1.5; NaN: 60 or the end of the data */
    double qmax;               /* 1/Å; NaN: from the data and the header */
    const char *refine; /* of a, biso, delta1, delta2, qdamp, qbroad: what is free besides the scale; NULL: a, biso,
                         * delta2, qdamp, qbroad */
} deepstruc_calibrate_settings;

deepstruc_calibrate_settings deepstruc_calibrate_settings_default(void);
extern const deepstruc_field deepstruc_calibrate_settings_fields[];

#define DEEPSTRUC_MAX_CALIBRATED 8
typedef struct {
    char standard[8], lattice[16];
    char radiation; /* 'x' or 'n' */
    size_t n;       /* points, of which the fit is r = rmin + i*rstep */
    double rmin, rstep, qmax;
    double *g, *gcalc; /* n */
    double rw;
    bool converged;
    size_t n_terms; /* scale, a, biso (biso-2: of the second element), delta1, delta2, qdamp, qbroad: those that take
                       part */
    deepstruc_term term[DEEPSTRUC_MAX_CALIBRATED];
    double textbook[DEEPSTRUC_MAX_CALIBRATED]; /* standard deviations as if all points were independent, as PDFgui's */
    deepstruc_notes assumed;
} deepstruc_calibration;

/* Fits the bulk PDF of the standard: R(r)/r - 4 pi r rho0, cut at qmax, damped (docs/theory-refine.md, "Calibration").
 * BAD_ARGUMENT for a standard that is not known, BAD_INPUT for data that do not reach far enough. */
deepstruc_status deepstruc_calibrate(deepstruc_calibration **out, const deepstruc_pdf *pdf,
                                     const deepstruc_calibrate_settings *settings, deepstruc_diag *diag);
void deepstruc_calibration_destroy(deepstruc_calibration *calibration);
/* The value of a term and, unless NULL, its standard deviation; NaN when it took no part. */
double deepstruc_calibration_value(const deepstruc_calibration *calibration, const char *name, double *esd);
/* "Ni, CeO2, ...": what standards there are. */
void deepstruc_calibrate_standards(char *out, size_t size);

/* What later runs take from a calibration. */
typedef struct {
    double qdamp, qdamp_esd, qbroad, qbroad_esd; /* 1/Å; NaN where not known */
    char standard[8];                            /* "" when not known */
} deepstruc_instrument;

/* A JSON object of qdamp, qdamp-esd, qbroad, qbroad-esd, standard and what else the calibration found. */
deepstruc_status deepstruc_instrument_write(const deepstruc_calibration *calibration, const char *path, bool force,
                                            deepstruc_diag *diag);
deepstruc_status deepstruc_instrument_read(deepstruc_instrument *out, const char *path, deepstruc_diag *diag);
/* The same from memory; `name` stands in diagnostics. */
deepstruc_status deepstruc_instrument_parse(deepstruc_instrument *out, const char *text, size_t size, const char *name,
                                            deepstruc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
