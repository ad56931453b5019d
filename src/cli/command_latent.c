/* deepstruc latent: the map of the default model, and where PDFs lie on it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <deepstruc/latent.h>

#include "cli/cli.h"

typedef struct {
    const char *model;
} options;

static const deepstruc_field option_fields[] = {{"model", DEEPSTRUC_FIELD_TEXT, offsetof(options, model), 0, 0, true,
                                                 "MODEL", "name or file of the generative model (default)"},
                                                {0}};

static void print_readings(const deepstruc_latent_reading *reading, int n)
{
    if (n > 0)
        printf("%-32s %18s %18s  %-12s %22s %16s\n", "file", "axis 1", "axis 2", "type", "atoms (68 %)", "bond, A");
    for (int i = 0; i < n; i++) {
        const deepstruc_latent_reading *r = &reading[i];
        printf("%-32s %8.3f +- %6.3f %8.3f +- %6.3f  %-12s %8.0f (%4.0f - %5.0f) %7.3f +- %.3f\n", r->place.name,
               r->place.mean[0], r->place.sigma[0], r->place.mean[1], r->place.sigma[1], deepstruc_type_name(r->type),
               r->n_atoms, r->n_atoms_low, r->n_atoms_high, r->bond_length, r->bond_length_sd);
    }
}

static deepstruc_status draw(const cli_call *call, const char *model, deepstruc_pdf **pdf,
                             deepstruc_latent_reading *reading, deepstruc_latent_place *place,
                             const deepstruc_refine_settings *settings, deepstruc_diag *diag)
{
    deepstruc_latent_map map = {0};
    size_t n = (size_t)call->n_operands;
    const char *output = call->common.output ? call->common.output : "latent.svg";
    deepstruc_status status =
        deepstruc_latent_locate(&map, reading, (const deepstruc_pdf *const *)pdf, n, model, settings, diag);
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        const char *slash = strrchr(pdf[i]->file, '/');
        reading[i].place.name = slash ? slash + 1 : pdf[i]->file;
        place[i] = reading[i].place;
    }
    if (status == DEEPSTRUC_OK)
        status = deepstruc_report_latent(&map, place, n, output, call->common.force, diag);
    if (status == DEEPSTRUC_OK && !call->common.quiet) {
        print_readings(reading, (int)n);
        printf("%s: %zu structures, %zu PDFs\n", output, map.n_points, n);
    }
    deepstruc_latent_map_clear(&map);
    return status;
}

static int run(cli_call *call)
{
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    options o = {0};
    const cli_group groups[] = {
        {"Map", option_fields, &o}, {"Instrument", deepstruc_refine_settings_fields, &settings}, {0}};
    int code = cli_parse(call, groups, 0, 1000);
    if (code != CLI_CONTINUE)
        return code;
    char model[4096];
    deepstruc_diag diag = {0};
    if (!cli_find_model(o.model, model, sizeof model)) {
        snprintf(diag.message, sizeof diag.message, "no model '%s'; install the models or name a file with --model",
                 o.model ? o.model : "default");
        return cli_fail(&diag);
    }
    size_t n = (size_t)call->n_operands;
    deepstruc_pdf **pdf = calloc(n + 1, sizeof *pdf);
    deepstruc_latent_reading *reading = calloc(n + 1, sizeof *reading);
    deepstruc_latent_place *place = calloc(n + 1, sizeof *place);
    deepstruc_status status = pdf && reading && place ? DEEPSTRUC_OK : DEEPSTRUC_NO_MEMORY;
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++)
        status = deepstruc_pdf_read(&pdf[i], call->operands[i], &diag);
    if (status == DEEPSTRUC_OK)
        status = draw(call, model, pdf, reading, place, &settings, &diag);
    for (size_t i = 0; pdf && i < n; i++)
        deepstruc_pdf_destroy(pdf[i]);
    free(pdf);
    free(reading);
    free(place);
    return status == DEEPSTRUC_OK ? CLI_OK : cli_fail(&diag);
}

const cli_command cli_command_latent = {
    .name = "latent",
    .operands = "[FILE.gr...] [-o MAP.svg]",
    .summary = "The latent map of the generative model, with the given PDFs on it",
    .details = "Colour is the type, size the number of atoms; each PDF has rings of 1, 2 and 3 standard deviations.\n"
               "MAP may end in .svg, .png or .pdf (default latent.svg).",
    .run = run,
};
