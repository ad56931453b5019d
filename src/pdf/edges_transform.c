#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/edges.h"

/* Å: longer data say no more about edges than their beginning, and cost more. */
static const double max_length = 25;

/* Rises from 0 to 1 over `length` behind the piece's beginning. */
static double ramp(double r, double length)
{
    double x = length > 0 ? fmin(1, r / length) : 1, s = sin(0.5 * M_PI * x);
    return s * s;
}

deepstruc_status edges_piece_create(edges_piece *out, const deepstruc_pdf *pdf, double from, double ramp_length,
                                    deepstruc_diag *diag)
{
    edges_piece piece = {0};
    size_t first = 0;
    while (first + 1 < pdf->n_points && pdf->r[first] < from)
        first++;
    piece.r = pdf->r + first;
    piece.begin = piece.r[0];
    while (first + piece.n < pdf->n_points && piece.r[piece.n] <= piece.begin + max_length)
        piece.n++;
    piece.end = piece.r[piece.n - 1];
    piece.weighted = memory_zeroed(piece.n, sizeof *piece.weighted);
    if (!piece.weighted)
        return diag_no_memory(diag);
    for (size_t i = 0; i < piece.n; i++) {
        size_t before = i > 0 ? i - 1 : 0, behind = i + 1 < piece.n ? i + 1 : i;
        double taper = cos(0.5 * M_PI * piece.r[i] / piece.end);
        piece.weighted[i] = pdf->g[first + i] * taper * taper * ramp(piece.r[i] - piece.begin, ramp_length) * 0.5 *
                            (piece.r[behind] - piece.r[before]);
    }
    *out = piece;
    return DEEPSTRUC_OK;
}

void edges_piece_clear(edges_piece *piece)
{
    free(piece->weighted);
    *piece = (edges_piece){0};
}

void edges_transform(const edges_piece *piece, double q0, double dq, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = 0;
    for (size_t i = 0; i < piece->n; i++) { /* sin((q0 + i dq) r) by turning; its error grows by 1e-16 a step */
        double r = piece->r[i], c = cos(dq * r), s = sin(dq * r);
        double re = cos(q0 * r), im = sin(q0 * r), weight = piece->weighted[i];
        for (size_t k = 0; k < n; k++) {
            out[k] += weight * im;
            double turned = re * c - im * s;
            im = re * s + im * c;
            re = turned;
        }
    }
}
