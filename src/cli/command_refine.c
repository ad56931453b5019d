/* deepstruc refine: structures that the user brings, fitted to one PDF. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <deepstruc/report.h>
#include <deepstruc/solve.h>

#include "cli/cli.h"

typedef struct {
    const char *element, *second_phase;
} refine_options;

static const deepstruc_field option_fields[] = {{"element", DEEPSTRUC_FIELD_TEXT, offsetof(refine_options, element), 0,
                                                 0, true, "SYMBOL", "the sample's metal; else from the header"},
                                                {"second-phase", DEEPSTRUC_FIELD_TEXT,
                                                 offsetof(refine_options, second_phase), 0, 0, true, "FILE",
                                                 "a second structure; its fraction of the atoms is the term phase2"},
                                                {0}};

/* "0.7122 ± 0.0196", or the value alone and why it has no standard deviation. */
static void print_parameter(const char *name, const char *unit, double value, double esd)
{
    printf("  %-16s %10.5f", name, value);
    if (isfinite(esd))
        printf(" ± %.5f", esd);
    else
        printf("   at a bound");
    printf("%s%s\n", *unit ? "  " : "", unit);
}

static void print_term(const deepstruc_term *term)
{
    if (isfinite(term->esd))
        print_parameter(term->name, term->unit, term->value, term->esd);
    else
        printf("  %-16s %10.5f%s%s%s\n", term->name, term->value, *term->unit ? "  " : "", term->unit,
               !term->free                        ? "   fixed"
               : term->at_bound                   ? "   at a bound"
               : strcmp(term->name, "broad") == 0 ? "   of the curve's rms"
                                                  : "   not determined");
}

static void print_candidate(const deepstruc_candidate *c, int rank)
{
    const deepstruc_fit *fit = &c->fit;
    printf("%d. %s: %zu atoms, %s, group %d%s\n", rank, c->cluster->name, c->cluster->n_atoms,
           deepstruc_type_name(c->cluster->type), c->group, fit->converged ? "" : ", not converged");
    printf("  %-16s %10.5f", "Rw", fit->rw);
    if (isfinite(fit->rw_weighted))
        printf("   (%.5f weighted by 1/dG²)", fit->rw_weighted);
    putchar('\n');
    print_parameter("scale", "", fit->scale, fit->esd_scale);
    print_parameter("expansion", "", fit->expansion, fit->esd_expansion);
    print_parameter("bond length", "Å", fit->bond_length, fit->bond_length * fit->esd_expansion / fit->expansion);
    print_parameter("Biso", "Å²", fit->biso, fit->esd_biso);
    for (size_t i = 0; i < fit->n_terms; i++)
        print_term(&fit->term[i]);
}

static void print_solution(const deepstruc_solution *s, const deepstruc_pdf *pdf)
{
    const deepstruc_target *t = s->target;
    printf("r %g to %g Å in steps of %.5g Å, Q %g to %g 1/Å, qdamp %g 1/Å\n", t->rmin,
           t->rmin + (double)(t->n - 1) * t->rstep, t->rstep, t->qmin, t->qmax, t->qdamp);
    for (size_t i = 0; i < pdf->notes.n; i++)
        printf("assumed: %s\n", pdf->notes.text[i]);
    for (size_t i = 0; i < t->assumed.n; i++)
        printf("assumed: %s\n", t->assumed.text[i]);
    for (size_t i = 0; i < s->n_candidates; i++)
        print_candidate(&s->candidate[i], (int)i + 1);
}

/* What the fit would refuse is said with the file's name. */
static deepstruc_status check_structure(const deepstruc_cluster *structure, const char *path, deepstruc_diag *diag)
{
    if (structure->n_atoms >= 2)
        return DEEPSTRUC_OK;
    *diag = (deepstruc_diag){.status = DEEPSTRUC_BAD_INPUT,
                             .message = "has one atom and hence no distances to fit; give a structure of 2 or more"};
    snprintf(diag->file, sizeof diag->file, "%s", path);
    return diag->status;
}

/* Reads every structure; the caller destroys those that were read. */
static deepstruc_status read_structures(deepstruc_cluster **out, char **paths, int n, deepstruc_diag *diag)
{
    deepstruc_status status = DEEPSTRUC_OK;
    for (int i = 0; i < n && !status; i++) {
        status = deepstruc_cluster_read(&out[i], paths[i], diag);
        if (!status)
            status = check_structure(out[i], paths[i], diag);
        if (!status && out[i]->name[0] == '\0')
            snprintf(out[i]->name, sizeof out[i]->name, "%s",
                     strrchr(paths[i], '/') ? strrchr(paths[i], '/') + 1 : paths[i]);
    }
    return status;
}

static deepstruc_status refine(const cli_call *call, const deepstruc_solve_settings *settings,
                               deepstruc_cluster **structures, deepstruc_diag *diag)
{
    deepstruc_pdf *pdf = NULL;
    deepstruc_solution *solution = NULL;
    const char *file = call->operands[0];
    int n = call->n_operands - 1;
    deepstruc_status status = deepstruc_pdf_read(&pdf, file, diag);
    if (!status)
        status = read_structures(structures, call->operands + 1, n, diag);
    if (!status)
        status = deepstruc_solve_given(&solution, pdf, (const deepstruc_cluster *const *)structures, (size_t)n,
                                       settings, diag);
    if (!status && call->common.output)
        status = deepstruc_report_write(solution, pdf, call->common.output, call->common.force, diag);
    if (!status && !call->common.quiet) {
        print_solution(solution, pdf);
        if (call->common.output)
            printf("Results: %s/ (report.html, result.json, candidates/*.xyz, fit-*.fgr, fit.svg)\n",
                   call->common.output);
    }
    if (status && !diag->file[0])
        snprintf(diag->file, sizeof diag->file, "%s", file);
    deepstruc_solution_destroy(solution);
    deepstruc_pdf_destroy(pdf);
    return status;
}

static int run(cli_call *call)
{
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    refine_options options = {0};
    cli_files files = {0};
    const cli_group groups[] = {{"Data and fit (over the header)", deepstruc_refine_settings_fields, &settings.refine},
                                {"Sample", option_fields, &options},
                                {"Settings files", cli_files_fields, &files},
                                {0}};
    int code = cli_parse(call, groups, 2, 1 + DEEPSTRUC_MAX_GROUPED);
    if (code != CLI_CONTINUE)
        return code;
    if (files.print_settings)
        return cli_print_settings(call, groups);
    settings.element = options.element;
    settings.seed = call->common.seed;
    settings.threads = call->common.threads;
    deepstruc_diag diag = {0};
    deepstruc_cluster **structures = calloc((size_t)call->n_operands, sizeof *structures);
    if (!structures) {
        diag = (deepstruc_diag){.status = DEEPSTRUC_NO_MEMORY, .message = "out of memory"};
        return cli_fail(&diag);
    }
    deepstruc_cluster *second = NULL;
    deepstruc_status status =
        options.second_phase ? deepstruc_cluster_read(&second, options.second_phase, &diag) : DEEPSTRUC_OK;
    settings.refine.phase2 = second;
    if (!status)
        status = refine(call, &settings, structures, &diag);
    for (int i = 0; i < call->n_operands; i++)
        deepstruc_cluster_destroy(structures[i]);
    free(structures);
    deepstruc_cluster_destroy(second);
    return status ? cli_fail(&diag) : CLI_OK;
}

const cli_command cli_command_refine = {
    .name = "refine",
    .operands = "FILE.gr STRUCTURE... [-o DIR]",
    .summary = "Scale, expansion and Biso of given structures, with standard deviations",
    .details =
        "Structures are .xyz, .cif or PDFfit's .stru. Coordinates are taken as they are and may grow or shrink by the\n"
        "expansion range. Several structures are ranked by Rw and grouped: the data do not tell those of one group\n"
        "apart. --refine, --fix, --bound and --tie ask for more terms. With -o, a folder with report.html, "
        "result.json,\n"
        "the refined structures (.xyz), the fitted curves (.fgr, as PDFgui writes them) and a plot.",
    .run = run,
};
