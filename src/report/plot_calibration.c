/* The fit of a bulk standard, drawn like that of a candidate. */
#include <stdio.h>

#include "report/plots.h"

deepstruc_status deepstruc_report_calibration(const deepstruc_calibration *c, const char *path, bool force,
                                              deepstruc_diag *diag)
{
    char label[96];
    snprintf(label, sizeof label, "%s, <i>Q</i><sub>damp</sub> = %.4f, <i>Q</i><sub>broad</sub> = %.4f", c->standard,
             deepstruc_calibration_value(c, "qdamp", NULL), deepstruc_calibration_value(c, "qbroad", NULL));
    deepstruc_target target = {.n = c->n, .rmin = c->rmin, .rstep = c->rstep, .g = c->g};
    deepstruc_candidate candidate = {.fit = {.rw = c->rw}};
    plot_fit_subject fit = {&target, &candidate, c->n, c->rmin, c->rstep, c->g, c->gcalc, label};
    return plot_write(path, force, PLOT_FIT_WIDTH, PLOT_FIT_HEIGHT, plot_draw_fit, &fit, diag);
}
