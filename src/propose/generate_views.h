/* The hypotheses of the bond length under which a PDF is shown to the model. */
#ifndef PROPOSE_GENERATE_VIEWS_H
#define PROPOSE_GENERATE_VIEWS_H

#include "model/sites_beyond.h"
#include "propose/generate.h"

enum { GENERATE_LADDER = 64, GENERATE_VIEWS = 8 };

/* G(r), band-limited once on a grid so fine that a cubic through four points is exact to some 0.1 % at any other r. */
typedef struct {
    double rmin, rmax, step;
    size_t n;
    double *g;
} fine_pdf;

/* g wants free(), also after a failure. */
deepstruc_status generate_fine(fine_pdf *fine, const deepstruc_pdf *pdf, double qmax, deepstruc_diag *diag);
/* G at any r from the second to the last point but two (a cubic through four points). */
double generate_fine_at(const fine_pdf *fine, double r);

typedef struct {
    double unit; /* Å: what the model is told */
    sites_read read;
    double log_whole, whole_sd; /* as in sites_sight; 0 of networks that read bodies alone */
    float x[STREAM_INPUTS];
} hypothesis;

/* A network that reads the facts of n <= GENERATE_LADDER inputs: h[i].x to h[i].read; row i of its buffers then is
 * conditioned on h[i]. */
typedef struct {
    void (*read)(const void *model, void *buffers, hypothesis *h, size_t n);
    const void *model;
    void *buffers;
} hypothesis_reader;

/* Up to GENERATE_VIEWS hypotheses into h[GENERATE_LADDER], the best first; the reader read them last. */
size_t generate_hypotheses(const hypothesis_reader *reader, const fine_pdf *fine, const generate_settings *s,
                           hypothesis *h);
/* The default model as a reader. */
hypothesis_reader generate_reader(const sites_model *model, sites_buffers *b);
/* What the buffers' first n rows say about the PDF, n <= GENERATE_VIEWS. */
void generate_views_of(const sites_model *model, sites_buffers *b, const hypothesis *h, size_t n, generate_view *view);

#endif
