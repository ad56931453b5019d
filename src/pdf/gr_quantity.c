#include "pdf/gr_quantity.h"

#include <math.h>
#include <string.h>

#include "base/diag.h"

/* g(r) of a solid or liquid is 0 below the shortest distance and swings around 1 far away; G(r) swings around 0. */
static const double hole_end = 1.3;       /* Å: no two atoms but hydrogen are closer */
static const double hole_limit = 0.35;    /* |g| there, ripples of the sine transform included */
static const double far_tolerance = 0.25; /* of the mean of the farther half */
/* Atoms per Å^3 where nobody says: close-packed at 2.88 Å, as gold. It only changes G's scale, which fits leave free.
 */
static const double assumed_density = 0.059;

typedef struct {
    double far_mean;           /* over the farther half of the range */
    double hole_min, hole_max; /* below hole_end */
    size_t n_hole;
    double min;
} shape;

static shape measure(const deepstruc_pdf *pdf)
{
    size_t n = pdf->n_points, n_far = 0;
    double middle = 0.5 * (pdf->r[0] + pdf->r[n - 1]);
    shape s = {.min = INFINITY, .hole_min = INFINITY, .hole_max = -INFINITY};
    for (size_t i = 0; i < n; i++) {
        double r = pdf->r[i], g = pdf->g[i];
        s.min = fmin(s.min, g);
        if (r > middle)
            s.far_mean += g, n_far++;
        if (r > 0 && r < hole_end)
            s.hole_min = fmin(s.hole_min, g), s.hole_max = fmax(s.hole_max, g), s.n_hole++;
    }
    s.far_mean /= n_far > 0 ? (double)n_far : 1;
    return s;
}

/* PDFgetX3 says in the header which of its four outputs a file is; a label over the first column would win. */
static bool header_says_intensity(const gr_text *text, const gr_table *table, const gr_columns *columns)
{
    char output[8];
    return !columns->labelled && gr_header_value(text, table->begin, "outputtype", output, sizeof output) &&
           strcmp(output, "iq") == 0;
}

static bool tends_to_one(const shape *s)
{
    return fabs(s->far_mean - 1) < far_tolerance;
}

static deepstruc_status convert(const gr_text *text, const gr_table *table, deepstruc_pdf *pdf, deepstruc_diag *diag)
{
    static const char *const keys[] = {"rho0", "rho_0", "number density", "number_density", "numberdensity"};
    double density = NAN;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && isnan(density); i++)
        density = gr_header_number(text, table->begin, keys[i], 0, 1);
    bool known = !isnan(density);
    if (!known)
        density = assumed_density;
    for (size_t i = 0; i < pdf->n_points; i++) {
        double factor = 4 * M_PI * pdf->r[i] * density; /* G = 4 pi r rho0 (g - 1) */
        pdf->g[i] = factor * (pdf->g[i] - 1);
        if (pdf->dg)
            pdf->dg[i] *= factor;
    }
    deepstruc_status status =
        known ? notes_add(&pdf->notes, "G: made from g(r) (its values tend to 1) with the header's number density %g",
                          density)
              : notes_add(
                    &pdf->notes,
                    "G: made from g(r) (its values tend to 1) with an assumed number density of %g/A^3, so that its "
                    "scale is arbitrary",
                    density);
    return status == DEEPSTRUC_OK ? status : diag_no_memory(diag);
}

deepstruc_status gr_quantity_check(const gr_text *text, const gr_table *table, const gr_columns *columns,
                                   deepstruc_pdf *pdf, deepstruc_diag *diag)
{
    shape s = measure(pdf);
    if (columns->is_q)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, text->name, (long)table->begin,
                            "the first column is '%s', not r; export G(r) from the program that made this file",
                            columns->axis);
    if (header_says_intensity(text, table, columns))
        return diag_fail_at(
            diag, DEEPSTRUC_BAD_INPUT, text->name, 0,
            "the header's outputtype is iq, intensities; export G(r) from the program that made this file");
    bool hole = s.n_hole >= 3 && s.hole_min > -hole_limit && s.hole_max < hole_limit;
    if (tends_to_one(&s) && hole)
        return convert(text, table, pdf, diag);
    if (s.min > 0)
        return diag_fail_at(
            diag, DEEPSTRUC_BAD_INPUT, text->name, 0,
            "every value is positive, but G(r) swings around zero; are these intensities? Export G(r) (S(Q) is read "
            "from files named .sq or with a column labelled Q)");
    return DEEPSTRUC_OK;
}
