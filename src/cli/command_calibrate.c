/* deepstruc calibrate: qdamp and qbroad of an instrument from the PDF of a bulk standard. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <deepstruc/calibrate.h>
#include <deepstruc/report.h>

#include "cli/cli.h"

static void print_calibration(const deepstruc_calibration *c)
{
    printf("%s (%s, %s), r %g to %g Å in steps of %.5g Å, qmax %g 1/Å: Rw %.4f%s\n", c->standard, c->lattice,
           c->radiation == 'n' ? "neutrons" : "X-rays", c->rmin, c->rmin + (double)(c->n - 1) * c->rstep, c->rstep,
           c->qmax, c->rw, c->converged ? "" : ", not converged");
    for (size_t i = 0; i < c->n_terms; i++) {
        const deepstruc_term *t = &c->term[i];
        printf("  %-8s %10.5f", t->name, t->value);
        if (isfinite(t->esd))
            printf(" ± %.5f", t->esd);
        else
            printf("   %s", t->at_bound ? "at a bound" : "not determined");
        printf("%s%s\n", *t->unit ? "  " : "", t->unit);
    }
    for (size_t i = 0; i < c->assumed.n; i++)
        printf("assumed: %s\n", c->assumed.text[i]);
}

/* "instrument.json" gives "instrument.svg", where the fit is drawn. */
static void plot_path(char *out, size_t size, const char *output)
{
    const char *dot = strrchr(output, '.'), *slash = strrchr(output, '/');
    int stem = dot && (!slash || dot > slash) ? (int)(dot - output) : (int)strlen(output);
    snprintf(out, size, "%.*s.svg", stem, output);
}

static int run(cli_call *call)
{
    deepstruc_calibrate_settings settings = deepstruc_calibrate_settings_default();
    const cli_group groups[] = {{"Fit", deepstruc_calibrate_settings_fields, &settings}, {0}};
    int code = cli_parse(call, groups, 1, 1);
    if (code != CLI_CONTINUE)
        return code;
    const char *output = call->common.output ? call->common.output : "instrument.json";
    char plot[4096];
    plot_path(plot, sizeof plot, output);
    deepstruc_pdf *pdf = NULL;
    deepstruc_calibration *calibration = NULL;
    deepstruc_diag diag = {0};
    deepstruc_status status = cli_refuse_existing(output, call->common.force, &diag);
    if (!status)
        status = cli_refuse_existing(plot, call->common.force, &diag);
    if (!status)
        status = deepstruc_pdf_read(&pdf, call->operands[0], &diag);
    if (!status)
        status = deepstruc_calibrate(&calibration, pdf, &settings, &diag);
    if (status && !diag.file[0])
        snprintf(diag.file, sizeof diag.file, "%s", call->operands[0]);
    if (!status)
        status = deepstruc_instrument_write(calibration, output, call->common.force, &diag);
    if (!status)
        status = deepstruc_report_calibration(calibration, plot, call->common.force, &diag);
    if (!status && !call->common.quiet) {
        print_calibration(calibration);
        printf("Results: %s, for --instrument of solve, refine and simulate; the fit is drawn in %s\n", output, plot);
    }
    deepstruc_calibration_destroy(calibration);
    deepstruc_pdf_destroy(pdf);
    return status ? cli_fail(&diag) : CLI_OK;
}

const cli_command cli_command_calibrate = {
    .name = "calibrate",
    .operands = "FILE.gr [-o instrument.json]",
    .summary = "qdamp and qbroad of an instrument, from the PDF of a bulk standard",
    .details = "Fits lattice constant, Biso, delta2, qdamp and qbroad to Ni, CeO2, Si, LaB6, Au or another standard, "
               "chosen by "
               "the\n"
               "composition in the header or by --standard, and writes them with standard deviations to a file that "
               "later runs\n"
               "take with --instrument.",
    .run = run,
};
