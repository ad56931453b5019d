#include "pdf/gr_reciprocal.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"

static const double RSTEP = 0.02, RMAX = 40; /* Å; the first point is RSTEP, since G(0) = 0 is no measurement */
static const double NANOMETRES = 60;         /* 1/Å: no instrument reaches it, so such a Q is counted in 1/nm */
static const double SHORTEST = 6;            /* 1/Å of data: less holds no structure */
static const double FAR_TOLERANCE = 0.25;    /* of the mean over the last third, from 1 for S and from 0 for F */
enum { MIN_POINTS = 50 };

static bool ends_with(const char *name, const char *ending)
{
    size_t n = strlen(name), m = strlen(ending);
    return n > m && text_equal_nocase(name + n - m, ending);
}

bool gr_reciprocal_is(const gr_text *text, const gr_table *table, const gr_columns *columns)
{
    char output[8];
    if (columns->labelled)
        return columns->is_q && tolower((unsigned char)columns->axis[0]) == 'q';
    if (gr_header_value(text, table->begin, "outputtype", output, sizeof output))
        return strcmp(output, "sq") == 0 || strcmp(output, "fq") == 0;
    return ends_with(text->name, ".sq") || ends_with(text->name, ".fq");
}

/* ---- what the values are ------------------------------------------------------------------------------------------
 */

/* S(Q) tends to 1; F(Q) = Q [S(Q) - 1] swings around 0, however far. Both as far as the data go. */
static deepstruc_status to_f(const gr_text *text, deepstruc_pdf *pdf, bool *was_s, deepstruc_diag *diag)
{
    size_t n = pdf->n_points, first = n - n / 3;
    double mean = 0, swing = 0;
    for (size_t i = first; i < n; i++)
        mean += pdf->g[i] / (double)(n - first);
    for (size_t i = 0; i < n; i++)
        swing = fmax(swing, fabs(pdf->g[i]));
    *was_s = fabs(mean - 1) < FAR_TOLERANCE;
    if (!*was_s && !(fabs(mean) < FAR_TOLERANCE * swing && fabs(mean) < 0.5))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, 0,
                            "the values tend neither to 1, as S(Q) does, nor to 0, as F(Q) does (mean %.3g over the "
                            "last third); are these intensities? Export G(r), S(Q) or F(Q)",
                            mean);
    for (size_t i = 0; i < n && *was_s; i++) {
        pdf->g[i] = pdf->r[i] * (pdf->g[i] - 1);
        if (pdf->dg)
            pdf->dg[i] *= pdf->r[i];
    }
    return DEEPSTRUC_OK;
}

/* ---- transform ----------------------------------------------------------------------------------------------------
 */

/* Half the distance between a point's neighbours: the trapezoidal rule on any grid. */
static double width_of(const double *q, size_t i, size_t first, size_t last)
{
    double before = i > first ? q[i - 1] : q[i], behind = i < last ? q[i + 1] : q[i];
    return 0.5 * (behind - before);
}

static void transform(const deepstruc_pdf *f, size_t first, size_t last, deepstruc_pdf *out)
{
    for (size_t k = 0; k < out->n_points; k++) {
        double r = RSTEP * (double)(k + 1), sum = 0, variance = 0;
        for (size_t i = first; i <= last; i++) {
            double term = 2 / M_PI * width_of(f->r, i, first, last) * sin(f->r[i] * r);
            sum += term * f->g[i];
            if (out->dg)
                variance += term * term * f->dg[i] * f->dg[i];
        }
        out->r[k] = r;
        out->g[k] = sum;
        if (out->dg)
            out->dg[k] = sqrt(variance);
    }
}

/* Errors that count: positive where they are used. */
static bool errors_are_real(const deepstruc_pdf *f, size_t first, size_t last)
{
    for (size_t i = first; i <= last && f->dg; i++)
        if (!(f->dg[i] > 0 && isfinite(f->dg[i])))
            return false;
    return f->dg != NULL;
}

static deepstruc_status replace(deepstruc_pdf *pdf, size_t first, size_t last, double rmax, deepstruc_diag *diag)
{
    size_t n = (size_t)(rmax / RSTEP);
    deepstruc_pdf curve = {.n_points = n};
    curve.r = memory_zeroed(n, sizeof *curve.r);
    curve.g = memory_zeroed(n, sizeof *curve.g);
    curve.dg = errors_are_real(pdf, first, last) ? memory_zeroed(n, sizeof *curve.dg) : NULL;
    if (!curve.r || !curve.g) {
        free(curve.r);
        free(curve.g);
        free(curve.dg);
        return diag_no_memory(diag);
    }
    transform(pdf, first, last, &curve);
    free(pdf->r);
    free(pdf->g);
    free(pdf->dg);
    pdf->n_points = n;
    pdf->r = curve.r;
    pdf->g = curve.g;
    pdf->dg = curve.dg;
    return DEEPSTRUC_OK;
}

deepstruc_status gr_reciprocal_transform(const gr_text *text, const gr_table *table, deepstruc_pdf *pdf,
                                         deepstruc_diag *diag)
{
    size_t n = pdf->n_points, first = 0, last = n - 1;
    bool was_s;
    double unit = pdf->r[last] > NANOMETRES ? 0.1 : 1;
    for (size_t i = 0; i < n; i++)
        pdf->r[i] *= unit;
    deepstruc_status status = to_f(text, pdf, &was_s, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    while (first < last && pdf->r[first] < pdf->qmin) /* NaN: from the first point on */
        first++;
    while (last > first && pdf->r[last] > pdf->qmax)
        last--;
    double length = pdf->r[last] - pdf->r[first], step = length / (double)(last - first);
    if (last - first + 1 < MIN_POINTS || !(length >= SHORTEST))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, 0,
                            "%zu points of Q over %.3g 1/A; a transform wants %d points over %g", last - first + 1,
                            length, MIN_POINTS, SHORTEST);
    double rmax = gr_header_number(text, table->begin, "rmax", 5, 100);
    rmax = fmin(isnan(rmax) ? RMAX : rmax, 0.5 * M_PI / step); /* half of what the step in Q can hold */
    pdf->qmin = pdf->r[first];
    pdf->qmax = pdf->r[last];
    status = replace(pdf, first, last, rmax, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = notes_add(&pdf->notes, "G: sine transform of the file's %s between %.4g and %.4g 1/A%s",
                       was_s ? "S(Q)" : "F(Q)", pdf->qmin, pdf->qmax, unit < 1 ? " (its Q is in 1/nm)" : "");
    return status == DEEPSTRUC_OK ? status : diag_no_memory(diag);
}
