#include "study/experiment.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <deepstruc/report.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "study/measures.h"
#include "study/score.h"

const experiment experiments[EXPERIMENTS] = {
    {"Au144pMBA.gr", NULL, "Au144(p-MBA)60", "decahedral core", DEEPSTRUC_TYPE_DECAHEDRON, 0.210, NAN},
    {"Au144PET_100K.gr", "Au144PET_100K-00000.gr", "Au144(PET)60", "icosahedral core", DEEPSTRUC_TYPE_ICOSAHEDRON,
     0.368, NAN},
    {"JQ_S3.gr", NULL, "Pt 1.8 nm", "fcc", DEEPSTRUC_TYPE_FCC, 0.228, NAN},
    {"JQ_S2.gr", NULL, "Pt 2.2 nm", "fcc", DEEPSTRUC_TYPE_FCC, 0.178, 30},
    {"JQ_S1.gr", NULL, "Pt 3.4 nm", "fcc", DEEPSTRUC_TYPE_FCC, 0.170, 25},
};

const char *const experiment_variant_name[EXPERIMENT_VARIANTS] = {"whole", "to 12 A", "Nyquist grid", "no header"};

const char *const experiment_methods[] = {"library", "generate", "tree", "plain-cvae", "solve", NULL};

/* ---- files --------------------------------------------------------------------------------------------------------
 */

static deepstruc_status thin_to_nyquist(deepstruc_pdf **pdf, deepstruc_diag *diag)
{
    double qmin, qmax, first = (*pdf)->r[0], last = (*pdf)->r[(*pdf)->n_points - 1];
    deepstruc_notes notes = {0};
    deepstruc_status status = deepstruc_pdf_choose_q(*pdf, NAN, NAN, &qmin, &qmax, &notes, diag);
    for (size_t i = 0; i < notes.n; i++)
        free(notes.text[i]);
    free(notes.text);
    if (status != DEEPSTRUC_OK)
        return status;
    double step = M_PI / qmax;
    size_t n = (size_t)((last - first) / step) + 1;
    double *g = memory_zeroed(n, sizeof *g);
    if (!g)
        return diag_no_memory(diag);
    status = deepstruc_pdf_resample(*pdf, first, step, n, qmax, g, diag);
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        (*pdf)->r[i] = first + step * (double)i;
        (*pdf)->g[i] = g[i];
    }
    if (status == DEEPSTRUC_OK) {
        (*pdf)->n_points = n;
        free((*pdf)->dg); /* of other points */
        (*pdf)->dg = NULL;
    }
    free(g);
    return status;
}

deepstruc_status experiment_read(deepstruc_pdf **out, const experiment *e, const char *folder,
                                 experiment_variant variant, deepstruc_diag *diag)
{
    static const double CUT = 12; /* Å */
    char path[4200];
    deepstruc_pdf *pdf;
    snprintf(path, sizeof path, "%s/%s", folder, e->file);
    if (e->other_name && access(path, R_OK) != 0)
        snprintf(path, sizeof path, "%s/%s", folder, e->other_name);
    if (access(path, R_OK) != 0)
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_READ, path, 0, "is not there");
    deepstruc_status status = deepstruc_pdf_read(&pdf, path, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (variant == EXPERIMENT_CUT)
        while (pdf->n_points > 0 && pdf->r[pdf->n_points - 1] > CUT)
            pdf->n_points--;
    if (variant == EXPERIMENT_THINNED)
        status = thin_to_nyquist(&pdf, diag);
    if (variant == EXPERIMENT_BARE) {
        pdf->qmin = pdf->qmax = pdf->qdamp = pdf->qbroad = NAN;
        pdf->composition[0] = pdf->element[0] = '\0';
        pdf->n_elements = 0;
    }
    if (status == DEEPSTRUC_OK)
        *out = pdf;
    else
        deepstruc_pdf_destroy(pdf);
    return status;
}

/* ---- answers ------------------------------------------------------------------------------------------------------
 */

bool experiment_settings(deepstruc_solve_settings *out, const char *method, const deepstruc_evaluate_settings *settings)
{
    *out = deepstruc_solve_settings_default();
    out->model = settings->model;
    out->tree = settings->tree;
    out->plain = settings->plain;
    out->seed = settings->seed;
    out->sigma = settings->sigma;
    out->methods = strcmp(method, "solve") == 0 ? NULL : method;
    if (strcmp(method, "library") == 0)
        out->catalogue = "paper";
    return !(strcmp(method, "generate") == 0 && !settings->model) &&
           !(strcmp(method, "tree") == 0 && !settings->tree) &&
           !(strcmp(method, "plain-cvae") == 0 && !settings->plain);
}

deepstruc_status experiment_solve(experiment_result *out, const experiment *e, experiment_variant variant,
                                  const char *method, const deepstruc_pdf *pdf,
                                  const deepstruc_solve_settings *settings, const char *report, deepstruc_diag *diag)
{
    deepstruc_solution *solution;
    deepstruc_solve_settings own = *settings;
    double started = clock_seconds();
    if (isfinite(e->fit_rmax) && pdf->r[pdf->n_points - 1] >= e->fit_rmax)
        own.refine.fit_rmax = e->fit_rmax;
    deepstruc_status status = deepstruc_solve(&solution, pdf, &own, NULL, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    const deepstruc_candidate *first = &solution->candidate[0];
    experiment_result r = {.of = e,
                           .variant = variant,
                           .method = method,
                           .sigma = own.sigma,
                           .type = first->cluster->type,
                           .n_atoms = first->cluster->n_atoms,
                           .rw = first->fit.rw,
                           .biso = first->fit.biso,
                           .esd_biso = first->fit.esd_biso,
                           .there_rw = NAN,
                           .seconds = clock_seconds() - started};
    for (size_t i = 0; i < solution->n_candidates && !r.there; i++) {
        const deepstruc_candidate *c = &solution->candidate[i];
        if (strcmp(deepstruc_type_family(c->cluster->type), deepstruc_type_family(e->type)) != 0)
            continue;
        r.there = true;
        r.there_rw = c->fit.rw;
        r.there_atoms = c->cluster->n_atoms;
        r.in_top_group = c->group == 1;
    }
    if (report)
        status = deepstruc_report_write(solution, pdf, report, true, diag);
    deepstruc_solution_destroy(solution);
    if (status == DEEPSTRUC_OK)
        *out = r;
    return status;
}

/* ---- the protocol --------------------------------------------------------------------------------------------------
 */

/* Over all files and variants that are there: the sums behind one method's row. */
typedef struct {
    size_t n, right, in_group;
    double rw[EXPERIMENTS * EXPERIMENT_VARIANTS], seconds[EXPERIMENTS * EXPERIMENT_VARIANTS];
} method_sums;

static deepstruc_status solve_all(method_sums *sums, const char *method, const deepstruc_evaluate_settings *settings,
                                  const deepstruc_progress *progress, size_t i_method, deepstruc_diag *diag)
{
    deepstruc_solve_settings solve;
    deepstruc_status status = DEEPSTRUC_OK;
    if (!experiment_settings(&solve, method, settings))
        return DEEPSTRUC_OK;
    size_t most = settings->limit > 0 ? (size_t)settings->limit : SIZE_MAX;
    for (size_t k = 0; k < EXPERIMENTS * EXPERIMENT_VARIANTS && sums->n < most && status == DEEPSTRUC_OK; k++) {
        const experiment *e = &experiments[k / EXPERIMENT_VARIANTS];
        experiment_variant variant = (experiment_variant)(k % EXPERIMENT_VARIANTS);
        deepstruc_pdf *pdf;
        experiment_result r;
        if (experiment_read(&pdf, e, settings->data, variant, NULL) != DEEPSTRUC_OK)
            continue;
        status = experiment_solve(&r, e, variant, method, pdf, &solve, NULL, diag);
        deepstruc_pdf_destroy(pdf);
        if (status == DEEPSTRUC_BAD_INPUT) { /* too little for this method: a case it has no answer to */
            status = DEEPSTRUC_OK;
            continue;
        }
        if (status != DEEPSTRUC_OK)
            break;
        sums->right += strcmp(deepstruc_type_family(r.type), deepstruc_type_family(e->type)) == 0;
        sums->in_group += r.in_top_group;
        sums->rw[sums->n] = r.rw;
        sums->seconds[sums->n++] = r.seconds;
        if (progress && progress->report)
            progress->report(progress->user, "experiments",
                             ((double)i_method + (double)(k + 1) / (EXPERIMENTS * EXPERIMENT_VARIANTS)) / 5);
        if (progress && progress->cancelled && progress->cancelled(progress->user))
            return diag_fail(diag, DEEPSTRUC_CANCELLED, "cancelled");
    }
    return status;
}

deepstruc_status experiment_evaluate(deepstruc_evaluation *out, const deepstruc_evaluate_settings *settings,
                                     const deepstruc_progress *progress, deepstruc_diag *diag)
{
    deepstruc_evaluation e = {.seed = settings->seed};
    text_copy(e.protocol, sizeof e.protocol, "experiment");
    for (size_t m = 0; experiment_methods[m]; m++) {
        method_sums sums = {0};
        deepstruc_status status = DEEPSTRUC_OK;
        deepstruc_evaluation_row *row = &e.row[e.n_rows++];
        study_summarise(experiment_methods[m], NULL, 0, NULL, row);
        if (settings->data)
            status = solve_all(&sums, experiment_methods[m], settings, progress, m, diag);
        if (status != DEEPSTRUC_OK)
            return status;
        if (sums.n == 0) {
            snprintf(row->missing, sizeof row->missing, "%s",
                     settings->data ? "none of the published files is in that folder, or the method has no model"
                                    : "name the folder of the published measurements with --data");
            continue;
        }
        measure_spread rw = measure_spread_of(sums.rw, sums.n), seconds = measure_spread_of(sums.seconds, sums.n);
        row->rw = (deepstruc_spread){rw.mean, rw.std, rw.median};
        row->seconds_per_pdf = seconds.median;
        row->family_top1 = (double)sums.right / (double)sums.n;
        row->literature_in_group = (double)sums.in_group / (double)sums.n;
        e.n = sums.n > e.n ? sums.n : e.n;
    }
    *out = e;
    return DEEPSTRUC_OK;
}
