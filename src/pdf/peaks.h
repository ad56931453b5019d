/* Curves of peaks, each with a width of its own: what the engine's table of F0 cannot give. Gaussians are spread over a
 * uniform grid of nodes in r, whose sine transform F(Q), cut at qmin and qmax, gives G: section "Peaks of any width" of
 * docs/theory-pdf.md. */
#ifndef PDF_PEAKS_H
#define PDF_PEAKS_H

#include "pdf/kernels.h"
#include "pdf/settings.h"

typedef struct deepstruc_band peaks_band;

typedef enum {
    PEAKS_ANY_WIDTH, /* down to none: every peak is widened on the nodes, which is taken out of F(Q) again */
    PEAKS_BROAD      /* variances of 0.0005 Å² and more, so that nodes are the distribution itself */
} peaks_kind;

/* From the r-grid, qmin, qmax and qdamp of `settings` (its widths only say how far pairs reach, as in the Debye sum).
 * F(Q) is taken `finer` times as fine as the Debye sum takes it, 1 for the same: the sum over Q repeats itself in r,
 * and what repeats from beyond is the ripple of a hard cut at qmin. Shared by any number of threads. */
deepstruc_status peaks_band_create(peaks_band **out, const deepstruc_pdf_settings *settings, peaks_kind kind, int finer,
                                   deepstruc_diag *diag);
void peaks_band_destroy(peaks_band *band);

size_t peaks_n_points(const peaks_band *band); /* of the r-grid */
size_t peaks_n_nodes(const peaks_band *band);
double peaks_node(const peaks_band *band, size_t i_node); /* Å */
double peaks_r(const peaks_band *band, size_t i_point);   /* Å */
double peaks_reach(const peaks_band *band);               /* Å: peaks beyond do not count */
const deepstruc_pdf_settings *peaks_settings(const peaks_band *band);

/* A peak, or its derivative by a parameter. A pair at distance r among N atoms has the weight 2 / (N r). */
typedef struct {
    double weight, r, variance; /* -, Å, Å² */
} peaks_peak;

/* Adds a peak to column 0 of nodes[n_nodes][n_columns] and its derivatives to columns 1 to n_columns - 1; slope[c - 1]
 * holds d weight, d r and d variance by the parameter of column c. */
void peaks_add(const peaks_band *band, double *nodes, size_t n_columns, const peaks_peak *peak,
               const peaks_peak *slope);

/* What peaks_curves needs, per thread. */
typedef struct {
    double *memory, *node[KERNELS_MOST_OUT], *f[KERNELS_MOST_OUT], *out[KERNELS_MOST_OUT];
} peaks_work;
deepstruc_status peaks_work_create(peaks_work *out, const peaks_band *band, deepstruc_diag *diag);
void peaks_work_destroy(peaks_work *work);

/* curve[c][n_points] = G of column c, damped with the band's qdamp. */
void peaks_curves(const peaks_band *band, peaks_work *work, const double *nodes, size_t n_columns,
                  double *const *curve);

#endif
