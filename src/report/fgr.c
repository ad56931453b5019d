/* fit-NNN.fgr: a fit in the file that PDFgui writes for its own fits (its "Save fitted PDF"): r, Gcalc, dr, dG and
 * Gobs - Gcalc. PDFgui writes the hour and the user too; we leave them out so that the same fit is the same file. */
#include <math.h>
#include <string.h>

#include "report/parts.h"

/* The file's standard deviation at r, between its two neighbouring points; 0 where the file has none. */
static double measured_dg(const deepstruc_pdf *pdf, double r)
{
    if (!pdf->dg || pdf->n_points < 2 || !(r >= pdf->r[0] && r <= pdf->r[pdf->n_points - 1]))
        return 0;
    size_t low = 0, high = pdf->n_points - 1;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (pdf->r[middle] <= r)
            low = middle;
        else
            high = middle;
    }
    double share = (r - pdf->r[low]) / (pdf->r[high] - pdf->r[low]);
    return (1 - share) * pdf->dg[low] + share * pdf->dg[high];
}

static double term_or(const deepstruc_fit *fit, const char *name, double otherwise)
{
    for (size_t i = 0; i < fit->n_terms; i++)
        if (strcmp(fit->term[i].name, name) == 0)
            return fit->term[i].value;
    return otherwise;
}

void report_fgr(const deepstruc_solution *solution, const deepstruc_pdf *pdf, size_t i_fit, FILE *out)
{
    const deepstruc_target *target = solution->target;
    const deepstruc_candidate *candidate = &solution->candidate[i_fit];
    const double *gcalc = solution->gcalc + i_fit * target->n;
    fprintf(out, "History written: deepstruc %s\n##### PDFgui fit\n", deepstruc_version());
    fprintf(out, pdf->radiation == 'n' ? "stype=N  neutron scattering\n" : "stype=X  x-ray scattering\n");
    fprintf(out, "qmax=%.2f\nqdamp=%g\nqbroad=%g\ndscale=%g\nfitrmin=%g\nfitrmax=%g\n", target->qmax,
            term_or(&candidate->fit, "qdamp", target->qdamp), term_or(&candidate->fit, "qbroad", 0),
            candidate->fit.scale, target->rmin, target->rmin + target->rstep * (double)(target->n - 1));
    fprintf(out, "# metadata\nqmin=%g\nstructure=%s\nn_atoms=%zu\nrw=%.6f\n", target->qmin, candidate->cluster->name,
            candidate->cluster->n_atoms, candidate->fit.rw);
    fprintf(out, "##### start data\n#L r(A) G(r) d_r d_Gr Gdiff\n");
    for (size_t i = 0; i < target->n; i++) {
        double r = target->rmin + target->rstep * (double)i;
        fprintf(out, "%.6g %.8g 0.0 %.6g %.8g\n", r, gcalc[i], measured_dg(pdf, r), target->g[i] - gcalc[i]);
    }
}
