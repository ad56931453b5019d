/* qmin and qmax that a simulation of the data should use: what the user says, then what the data show, then the header.
 */
#include <math.h>

#include <deepstruc/pdf.h>

#include "base/diag.h"
#include "pdf/edges.h"

static const double believed = 0.5;                    /* strength of an edge */
static const double same_qmin = 0.12, same_qmax = 0.4; /* 1/Å: header and data agree within that */
/* 1/Å: an edge or a header in the small-angle region is not used, the usual value is. */
static const double usual_qmin = 0.7, usual_qmax = 25, largest_qmax = 40;

static deepstruc_status choose_qmin(const deepstruc_pdf *pdf, const deepstruc_q_edges *edges, double *qmin,
                                    deepstruc_notes *notes)
{
    double header = pdf->qmin, seen = edges->qmin;
    bool sure = edges->qmin_strength >= believed && seen >= EDGES_SMALL_ANGLE;
    if (header >= EDGES_SMALL_ANGLE && (!sure || fabs(header - seen) <= same_qmin)) {
        *qmin = header;
        return DEEPSTRUC_OK;
    }
    *qmin = sure ? seen : usual_qmin;
    if (sure && isnan(header))
        return notes_add(notes, "qmin=%.3g: from the data; not in the header", *qmin);
    if (sure)
        return notes_add(notes, "qmin=%.3g: from the data; the header says %g", *qmin, header);
    if (isnan(header))
        return notes_add(notes, "qmin=%g: not in the header, and the data do not show it", *qmin);
    return notes_add(notes, "qmin=%g: above the small-angle region; the header says %g", *qmin, header);
}

static deepstruc_status choose_qmax(const deepstruc_pdf *pdf, const deepstruc_q_edges *edges, double *qmax,
                                    deepstruc_notes *notes)
{
    double header = pdf->qmax, seen = edges->qmax;
    bool sure = edges->qmax_strength >= believed;
    if (header > 0 && (!sure || fabs(header - seen) <= same_qmax)) {
        *qmax = header;
        return DEEPSTRUC_OK;
    }
    if (sure) {
        *qmax = seen;
        return header > 0 ? notes_add(notes, "qmax=%.4g: from the data; the header says %g", seen, header)
                          : notes_add(notes, "qmax=%.4g: from the data; not in the header", seen);
    }
    /* A faint edge below the end of a coarse grid would throw away what such a grid was made to hold. */
    double grid = M_PI * (double)(pdf->n_points - 1) / (pdf->r[pdf->n_points - 1] - pdf->r[0]);
    if (grid <= largest_qmax) {
        *qmax = grid;
        return notes_add(notes, "qmax=%.4g: not in the header; the most that the grid of r can hold", grid);
    }
    if (!isnan(seen)) {
        *qmax = seen;
        return notes_add(notes, "qmax=%.4g: not in the header; the data show it faintly", seen);
    }
    *qmax = usual_qmax;
    return notes_add(notes, "qmax=%g: not in the header, and the data do not show it", usual_qmax);
}

deepstruc_status deepstruc_pdf_choose_q(const deepstruc_pdf *pdf, double qmin_given, double qmax_given, double *qmin,
                                        double *qmax, deepstruc_notes *notes, deepstruc_diag *diag)
{
    deepstruc_q_edges edges = {.qmin = NAN, .qmax = NAN};
    deepstruc_status status = DEEPSTRUC_OK;
    double low = qmin_given, high = qmax_given;
    if (isnan(low) || isnan(high))
        status = deepstruc_pdf_find_q_edges(pdf, &edges, diag);
    if (status == DEEPSTRUC_OK && isnan(low) && choose_qmin(pdf, &edges, &low, notes) != DEEPSTRUC_OK)
        status = diag_no_memory(diag);
    if (status == DEEPSTRUC_OK && isnan(high) && choose_qmax(pdf, &edges, &high, notes) != DEEPSTRUC_OK)
        status = diag_no_memory(diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (!(low < high))
        return diag_fail_at(diag, DEEPSTRUC_BAD_ARGUMENT, pdf->file, 0,
                            "qmin = %.3g is not below qmax = %.3g; give both with --qmin and --qmax", low, high);
    *qmin = low;
    *qmax = high;
    return DEEPSTRUC_OK;
}
