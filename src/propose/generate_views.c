#include "propose/generate_views.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "dataset/stream.h"
#include "model/sites_doubt.h"

static const double RUNG = 1.03;      /* ratio of neighbouring hypotheses; the model corrects up to 4 % */
static const double SAME_BOND = 0.01; /* hypotheses that agree this closely after correction are one */

deepstruc_status generate_fine(fine_pdf *fine, const deepstruc_pdf *pdf, double qmax, deepstruc_diag *diag)
{
    const double furthest = 42; /* Å: beyond the model's grid at the longest bond length */
    fine->rmin = pdf->r[0];
    fine->rmax = fmin(pdf->r[pdf->n_points - 1], furthest);
    fine->step = fmin(0.02, 0.4 / qmax);
    fine->n = (size_t)((fine->rmax - fine->rmin) / fine->step) + 1;
    if (!(fine->rmax > fine->rmin) || fine->n < 4)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, pdf->file, 0, "the data end at %g Å; the model wants more",
                            fine->rmax);
    fine->rmax = fine->rmin + fine->step * (double)(fine->n - 1);
    fine->g = memory_zeroed(fine->n, sizeof *fine->g);
    if (!fine->g)
        return diag_no_memory(diag);
    return deepstruc_pdf_resample(pdf, fine->rmin, fine->step, fine->n, qmax, fine->g, diag);
}

double generate_fine_at(const fine_pdf *fine, double r)
{
    double at = (r - fine->rmin) / fine->step;
    long i = (long)at, last = (long)fine->n - 3;
    i = i < 1 ? 1 : i > last ? last : i;
    const double *y = fine->g + i;
    double t = at - (double)i;
    return -t * (t - 1) * (t - 2) / 6 * y[-1] + (t + 1) * (t - 1) * (t - 2) / 2 * y[0] -
           (t + 1) * t * (t - 2) / 2 * y[1] + (t + 1) * t * (t - 1) / 6 * y[2];
}

/* The model's input at one bond length; false where the PDF has nothing to show there. */
static bool look(const fine_pdf *fine, const generate_settings *s, double unit, float *x)
{
    double g[STREAM_POINTS] = {0};
    stream_instrument instrument = {s->qmin, s->qmax, s->qdamp, fine->rmin, fine->rmax};
    size_t first, end;
    stream_measured(&instrument, unit, &first, &end);
    if (end < first + 40) /* less than two bond lengths */
        return false;
    for (size_t i = first; i < end; i++)
        g[i] = generate_fine_at(fine, unit * (STREAM_FIRST + STREAM_STEP * (double)i));
    return stream_input(g, &instrument, unit, x);
}

static void read_sites(const void *model, void *buffers, hypothesis *h, size_t n)
{
    sites_buffers *b = buffers;
    sites_sight sight[GENERATE_LADDER];
    for (size_t i = 0; i < n; i++)
        memcpy(b->x + i * STREAM_INPUTS, h[i].x, sizeof h[i].x);
    sites_look(model, b, n, sight);
    for (size_t i = 0; i < n; i++) {
        h[i].read = sight[i].read;
        h[i].log_whole = sight[i].log_whole;
        h[i].whole_sd = sight[i].whole_sd;
    }
}

hypothesis_reader generate_reader(const sites_model *model, sites_buffers *b)
{
    return (hypothesis_reader){read_sites, model, b};
}

static int by_odds(const void *a, const void *b)
{
    double x = ((const hypothesis *)a)->read.scale_logit, y = ((const hypothesis *)b)->read.scale_logit;
    return x > y ? -1 : x < y;
}

/* Corrects each hypothesis by what the model reads, and drops those that fall together with a better one. */
static size_t correct(const fine_pdf *fine, const generate_settings *s, hypothesis *h, size_t n)
{
    size_t kept = 0;
    qsort(h, n, sizeof *h, by_odds);
    for (size_t i = 0; i < n && kept < GENERATE_VIEWS; i++) {
        double step = fmax(-STREAM_SCALE_ERROR, fmin(STREAM_SCALE_ERROR, h[i].read.log_ratio));
        double unit = h[i].unit * exp(step);
        bool known = false;
        for (size_t j = 0; j < kept; j++)
            known = known || fabs(log(h[j].unit / unit)) < SAME_BOND;
        if (known)
            continue;
        h[kept] = h[i];
        h[kept].unit = unit;
        kept += look(fine, s, unit, h[kept].x);
    }
    return kept;
}

static void ask(const hypothesis_reader *reader, hypothesis *h, size_t n)
{
    reader->read(reader->model, reader->buffers, h, n);
}

size_t generate_hypotheses(const hypothesis_reader *reader, const fine_pdf *fine, const generate_settings *s,
                           hypothesis *h)
{
    size_t n = 0;
    for (double unit = s->bond_min; unit <= s->bond_max * RUNG && n < GENERATE_LADDER; unit *= RUNG) {
        h[n].unit = unit;
        n += look(fine, s, unit, h[n].x);
    }
    for (int pass = 0; pass < 2 && n > 0; pass++) {
        ask(reader, h, n);
        n = correct(fine, s, h, n);
    }
    ask(reader, h, n);
    qsort(h, n, sizeof *h, by_odds);
    /* Those that are hopeless beside the best are not worth samples. */
    size_t good = 0;
    while (good < n && h[good].read.scale_logit > h[0].read.scale_logit - 6)
        good++;
    ask(reader, h, good);
    return good;
}

static generate_view view_of(const sites_model *model, const sites_buffers *b, const hypothesis *h, size_t i,
                             double doubt)
{
    generate_view v = {.log_odds = h->read.scale_logit};
    size_t latent = (size_t)model->sizes.n_latent;
    double sd = hypot(sites_doubted_sd(model, b, i, doubt), h->whole_sd), log_atoms = h->read.log_atoms + h->log_whole;
    v.bond_length = h->unit * exp(h->read.log_ratio);
    v.bond_length_sd = v.bond_length * h->read.log_ratio_sd;
    v.n_atoms = exp(log_atoms);
    v.n_atoms_low = exp(log_atoms - sd);
    v.n_atoms_high = exp(log_atoms + sd);
    double width = exp(h->read.log_width) * v.bond_length; /* sqrt(2 Uiso) */
    v.biso = 4 * M_PI * M_PI * width * width;
    for (size_t c = 0; c < 2; c++) {
        v.map_mean[c] = (double)b->mean[i * latent + c];
        v.map_sigma[c] = exp((double)b->log_var[i * latent + c] / 2);
    }
    return v;
}

void generate_views_of(const sites_model *model, sites_buffers *b, const hypothesis *h, size_t n, generate_view *view)
{
    double doubt[GENERATE_VIEWS];
    sites_doubts(model, b, n, doubt);
    for (size_t v = 0; v < n; v++)
        view[v] = view_of(model, b, &h[v], v, doubt[v]);
}
