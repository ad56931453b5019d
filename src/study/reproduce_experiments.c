/* Part experiments: every method on every published measurement that is there, samples of three widths, and the
 * measurements' places on the map. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <deepstruc/latent.h>

#include "base/diag.h"
#include "base/json.h"
#include "base/text.h"
#include "study/experiment.h"
#include "study/reproduce.h"

static json_t *result_json(const experiment_result *r)
{
    json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:f}", "sample", r->of->sample, "answer", r->of->answer, "variant",
                          experiment_variant_name[r->variant], "method", r->method, "sigma", r->sigma);
    json_object_set_new(o, "type", json_string(deepstruc_type_name(r->type)));
    json_object_set_new(o, "atoms", json_integer((json_int_t)r->n_atoms));
    json_object_set_new(o, "rw", json_number(r->rw));
    json_object_set_new(o, "biso", json_number(r->biso));
    json_object_set_new(o, "esd_biso", json_number(r->esd_biso));
    json_object_set_new(o, "published_rw", json_number(r->of->published_rw));
    if (r->there) {
        json_object_set_new(o, "literature_rw", json_number(r->there_rw));
        json_object_set_new(o, "literature_atoms", json_integer((json_int_t)r->there_atoms));
    }
    json_object_set_new(o, "literature_in_top_group", json_boolean(r->there && r->in_top_group));
    return o;
}

/* DIR/experiments/STEM: fit.svg there is the figure's fit. */
static const char *report_folder(char out[4200], const experiment *e, const reproduction *r)
{
    char stem[80];
    text_stem(e->file, stem, sizeof stem);
    snprintf(out, 4200, "%s/experiments", r->dir);
    mkdir(out, 0777); /* where that fails, writing the report says so */
    snprintf(out, 4200, "%s/experiments/%s", r->dir, stem);
    return out;
}

static deepstruc_status one_file(json_t *results, const experiment *e, experiment_variant variant,
                                 const reproduction *r, deepstruc_diag *diag)
{
    static const double WIDTHS[] = {3, 5, 7};
    deepstruc_pdf *pdf;
    if (experiment_read(&pdf, e, r->settings->data, variant, NULL) != DEEPSTRUC_OK)
        return DEEPSTRUC_OK; /* missing: its rows are not there */
    char folder[4200];
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t m = 0; experiment_methods[m] && status == DEEPSTRUC_OK; m++) {
        const char *method = experiment_methods[m];
        bool generate = strcmp(method, "generate") == 0, first_only = r->settings->quick && m > 1;
        deepstruc_solve_settings solve;
        if (!experiment_settings(&solve, method, &r->evaluate) || first_only)
            continue;
        bool last = strcmp(method, r->settings->quick ? "generate" : "solve") == 0 && variant == EXPERIMENT_WHOLE;
        const char *report = last ? report_folder(folder, e, r) : NULL;
        solve.samples = r->settings->quick ? 100 : solve.samples;
        size_t n_widths = generate && variant == EXPERIMENT_WHOLE && !r->settings->quick ? 3 : 1;
        for (size_t w = 0; w < n_widths && status == DEEPSTRUC_OK; w++) {
            experiment_result result;
            solve.sigma = WIDTHS[w];
            status = experiment_solve(&result, e, variant, method, pdf, &solve, report, diag);
            if (status == DEEPSTRUC_OK)
                json_array_append_new(results, result_json(&result));
            if (status == DEEPSTRUC_BAD_INPUT) /* too little for this method: it has no row for this variant */
                status = DEEPSTRUC_OK;
        }
        if (status == DEEPSTRUC_OK && generate && variant == EXPERIMENT_WHOLE) { /* drawn to that type's region */
            experiment_result result;
            solve.sigma = WIDTHS[0];
            solve.focus = deepstruc_type_name(e->type);
            if (experiment_solve(&result, e, variant, "generate, focused", pdf, &solve, NULL, NULL) == DEEPSTRUC_OK)
                json_array_append_new(results, result_json(&result));
        }
    }
    deepstruc_pdf_destroy(pdf);
    return status;
}

static deepstruc_status places(json_t *out, const reproduction *r, deepstruc_diag *diag)
{
    deepstruc_pdf *pdf[EXPERIMENTS] = {0};
    const char *name[EXPERIMENTS];
    deepstruc_latent_reading reading[EXPERIMENTS];
    deepstruc_latent_map map = {0};
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    size_t n = 0;
    for (size_t i = 0; i < EXPERIMENTS; i++)
        if (experiment_read(&pdf[n], &experiments[i], r->settings->data, EXPERIMENT_WHOLE, NULL) == DEEPSTRUC_OK)
            name[n++] = experiments[i].sample;
    deepstruc_status status = DEEPSTRUC_OK;
    if (n > 0 && r->settings->model)
        status = deepstruc_latent_locate(&map, reading, (const deepstruc_pdf *const *)pdf, n, r->settings->model,
                                         &settings, diag);
    for (size_t i = 0; i < n && r->settings->model && status == DEEPSTRUC_OK; i++)
        json_array_append_new(out, json_pack("{s:s,s:[f,f],s:[f,f],s:f}", "sample", name[i], "mean",
                                             reading[i].place.mean[0], reading[i].place.mean[1], "sigma",
                                             reading[i].place.sigma[0], reading[i].place.sigma[1], "atoms",
                                             reading[i].n_atoms));
    deepstruc_latent_map_clear(&map);
    for (size_t i = 0; i < n; i++)
        deepstruc_pdf_destroy(pdf[i]);
    return status;
}

deepstruc_status reproduce_experiments(json_t **out, const reproduction *r, deepstruc_diag *diag)
{
    if (!r->settings->data) {
        *out = json_pack("{s:s}", "missing", "the folder of the published measurements (--data)");
        return DEEPSTRUC_OK;
    }
    json_t *results = json_array(), *located = json_array();
    deepstruc_status status = DEEPSTRUC_OK;
    const int n_variants = r->settings->quick ? 1 : EXPERIMENT_VARIANTS;
    for (int k = 0; k < EXPERIMENTS * n_variants && status == DEEPSTRUC_OK; k++) {
        status = one_file(results, &experiments[k / n_variants], (experiment_variant)(k % n_variants), r, diag);
        if (r->progress && r->progress->report)
            r->progress->report(r->progress->user, "measurements", (double)(k + 1) / (EXPERIMENTS * n_variants));
        if (r->progress && r->progress->cancelled && r->progress->cancelled(r->progress->user))
            status = diag_fail(diag, DEEPSTRUC_CANCELLED, "stopped; the same command goes on");
    }
    if (status == DEEPSTRUC_OK)
        status = places(located, r, diag);
    if (status == DEEPSTRUC_OK && json_array_size(results) == 0)
        *out = json_pack("{s:s}", "missing", "none of the published files is in the folder");
    else if (status == DEEPSTRUC_OK)
        *out = json_pack("{s:O,s:O}", "results", results, "places", located);
    json_decref(results);
    json_decref(located);
    return status;
}
