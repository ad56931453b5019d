/* Finding the Q at which F(Q) begins or ends, from a piece of a G(r). docs/theory-data.md, section "Edges of F(Q)". */
#ifndef PDF_EDGES_H
#define PDF_EDGES_H

#include <deepstruc/pdf.h>

/* The part of a PDF that is transformed: from the first point at or behind `from`, tapered to zero at the last by
 * cos^2, and over ramp_length behind the first. */
typedef struct {
    const double *r; /* n, of the PDF */
    size_t n;
    double begin, end; /* Å */
    double *weighted;  /* n: G times taper times the trapezoid rule's weight; owned */
} edges_piece;

deepstruc_status edges_piece_create(edges_piece *out, const deepstruc_pdf *pdf, double from, double ramp_length,
                                    deepstruc_diag *diag);
void edges_piece_clear(edges_piece *piece);
/* out[i] = sum of weighted G sin((q0 + i dq) r), i = 0 .. n-1: F(Q) smeared by the taper's transform. */
void edges_transform(const edges_piece *piece, double q0, double dq, size_t n, double *out);

/* 1/Å: below lies the small-angle hump, where a measurement also holds solvent, ligands and neighbouring particles. */
#define EDGES_SMALL_ANGLE 0.45

typedef enum { EDGES_LOW, EDGES_HIGH } edges_side;

/* Which edges are tried, and on which stretch of Q they are judged. */
typedef struct {
    edges_side side;
    double q_from, q_to; /* the observed stretch */
    double first, step;  /* candidates */
    size_t n_candidates;
    const double *lengths; /* over which F(Q) changes, 1/Å, and how well the picture is thought to hold: */
    size_t n_lengths;      /* each is tried */
    const double *noises;  /* relative to the rms of the stretch */
    size_t n_noises;
} edges_search;

typedef struct {
    double q;      /* the most probable candidate, interpolated */
    double gain;   /* ln of its probability over that of no edge within the candidates */
    double spread; /* standard deviation of the candidates' probability, 1/Å */
} edges_found;

deepstruc_status edges_find(const edges_piece *piece, const edges_search *search, edges_found *out,
                            deepstruc_diag *diag);

#endif
