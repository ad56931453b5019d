/* Parts about structures, PDFs and the latent map. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <deepstruc/latent.h>
#include <deepstruc/solve.h>

#include "base/diag.h"
#include "base/json.h"
#include "base/memory.h"
#include "cluster/sequence.h"
#include "propose/coordinates.h"
#include "study/evaluate.h"
#include "study/map_claims.h"
#include "study/reproduce.h"
#include "study/stacking.h"

static json_t *missing(const char *why)
{
    return json_pack("{s:s}", "missing", why);
}

/* ---- the published set --------------------------------------------------------------------------------------------
 */

deepstruc_status reproduce_types(json_t **out, const reproduction *r, deepstruc_diag *diag)
{
    size_t count[DEEPSTRUC_N_TYPES] = {0};
    deepstruc_structures *all;
    (void)r;
    deepstruc_status status = deepstruc_structures_of_protocol(&all, "paper", diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < all->n; i++)
        count[all->structure[i].recipe.type]++;
    json_t *types = json_object();
    for (int t = 0; t < DEEPSTRUC_N_TYPES; t++)
        if (count[t] > 0)
            json_object_set_new(types, deepstruc_type_name((deepstruc_type)t), json_integer((json_int_t)count[t]));
    *out = json_pack("{s:I,s:o}", "structures", (json_int_t)all->n, "types", types);
    deepstruc_structures_destroy(all);
    return DEEPSTRUC_OK;
}

/* ---- PDFs -----------------------------------------------------------------------------------------------------------
 */

/* One of each published type, of about 100 atoms, at the same bond length. */
static deepstruc_recipe example(int k, const char **name)
{
    const struct {
        const char *name;
        deepstruc_recipe recipe;
    } all[] = {{"sc", deepstruc_recipe_sc(4, 4, 6)},
               {"bcc", deepstruc_recipe_bcc(4, 4, 6)},
               {"fcc", deepstruc_recipe_fcc(3, 5, 5)},
               {"hcp", deepstruc_recipe_hcp(4, 4, 3)},
               {"icosahedron", deepstruc_recipe_icosahedron(4)},
               {"decahedron", deepstruc_recipe_decahedron(3, 2, 0)},
               {"octahedron", deepstruc_recipe_octahedron(6, 0)}};
    if (k >= (int)(sizeof all / sizeof *all))
        return (deepstruc_recipe){.type = DEEPSTRUC_TYPE_UNKNOWN};
    *name = all[k].name;
    return all[k].recipe;
}

static json_t *numbers(const double *x, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_number(x[i]));
    return list;
}

static deepstruc_status simulate_example(deepstruc_pdf **pdf, size_t *n_atoms, const deepstruc_recipe *recipe,
                                         deepstruc_diag *diag)
{
    deepstruc_cluster *cluster;
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    settings.rstep = 0.05;
    deepstruc_status status = deepstruc_cluster_build(&cluster, recipe, 2.7, "Pt", diag);
    if (status != DEEPSTRUC_OK)
        return status;
    *n_atoms = cluster->n_atoms;
    status = deepstruc_pdf_simulate(pdf, cluster, &settings, DEEPSTRUC_MODE_EXACT, diag);
    deepstruc_cluster_destroy(cluster);
    return status;
}

deepstruc_status reproduce_pdfs(json_t **out, const reproduction *r, deepstruc_diag *diag)
{
    const char *name;
    json_t *curves = json_array();
    deepstruc_status status = DEEPSTRUC_OK;
    (void)r;
    for (int k = 0; status == DEEPSTRUC_OK; k++) {
        deepstruc_recipe recipe = example(k, &name);
        deepstruc_pdf *pdf;
        size_t n_atoms;
        if (recipe.type == DEEPSTRUC_TYPE_UNKNOWN)
            break;
        status = simulate_example(&pdf, &n_atoms, &recipe, diag);
        if (status != DEEPSTRUC_OK)
            break;
        json_array_append_new(curves, json_pack("{s:s,s:I,s:o,s:o}", "type", name, "atoms", (json_int_t)n_atoms, "r",
                                                numbers(pdf->r, pdf->n_points), "g", numbers(pdf->g, pdf->n_points)));
        deepstruc_pdf_destroy(pdf);
    }
    if (status == DEEPSTRUC_OK)
        *out = json_pack("{s:O}", "curves", curves);
    json_decref(curves);
    return status;
}

/* A decahedron's PDF, what the model decodes from it, and the difference. */
deepstruc_status reproduce_fit(json_t **out, const reproduction *r, deepstruc_diag *diag)
{
    deepstruc_recipe recipe = deepstruc_recipe_decahedron(3, 2, 0);
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    deepstruc_pdf *pdf = NULL;
    deepstruc_solution *solution = NULL;
    size_t n_atoms;
    if (!r->settings->model) {
        *out = missing("the default model");
        return DEEPSTRUC_OK;
    }
    settings.methods = "generate";
    settings.model = r->settings->model;
    settings.samples = 100;
    settings.refine.qmin = 0.7;
    settings.refine.qmax = 25;
    settings.refine.qdamp = 0;
    deepstruc_status status = simulate_example(&pdf, &n_atoms, &recipe, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_solve(&solution, pdf, &settings, NULL, diag);
    if (status == DEEPSTRUC_OK) {
        const deepstruc_target *target = solution->target;
        const deepstruc_candidate *best = &solution->candidate[0];
        *out =
            json_pack("{s:s,s:I,s:f,s:f,s:f,s:o,s:o}", "type", deepstruc_type_name(best->cluster->type), "atoms",
                      (json_int_t)best->cluster->n_atoms, "rw", best->fit.rw, "rmin", target->rmin, "rstep",
                      target->rstep, "data", numbers(target->g, target->n), "fit", numbers(solution->gcalc, target->n));
        json_object_set_new(*out, "true_atoms", json_integer((json_int_t)n_atoms));
    }
    deepstruc_solution_destroy(solution);
    deepstruc_pdf_destroy(pdf);
    return status;
}

/* ---- the latent map ---------------------------------------------------------------------------------------------- */

static void add_point(json_t *points, double x, double y, deepstruc_type type, size_t n_atoms, double value)
{
    json_t *one = json_array();
    json_array_append_new(one, json_number(x));
    json_array_append_new(one, json_number(y));
    json_array_append_new(one, json_string(deepstruc_type_name(type)));
    json_array_append_new(one, json_integer((json_int_t)n_atoms));
    json_array_append_new(one, json_number(value));
    json_array_append_new(points, one);
}

/* The published network's own map: the prior's means of the published structures, a bond length each. */
static deepstruc_status network_points(json_t *points, const char *path, size_t most, deepstruc_diag *diag)
{
    coordinates_model *model;
    deepstruc_structures *all = NULL;
    deepstruc_status status = coordinates_load(&model, path, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (coordinates_n_latent(model) != 2)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "its latent space has not 2 dimensions");
    if (status == DEEPSTRUC_OK)
        status = deepstruc_structures_of_protocol(&all, "paper", diag);
    size_t n = status == DEEPSTRUC_OK ? all->n : 0, step = n > most ? n / most : 1;
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i += step) {
        const deepstruc_structure *s = &all->structure[i];
        deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
        deepstruc_cluster *cluster;
        deepstruc_pdf *pdf = NULL;
        double mean[2], sigma[2];
        settings.rstep = 0.05; /* the network's grid is made from it */
        status = deepstruc_cluster_build(&cluster, &s->recipe, s->bond_length, s->element, diag);
        if (status != DEEPSTRUC_OK)
            break;
        status = deepstruc_pdf_simulate(&pdf, cluster, &settings, DEEPSTRUC_MODE_EXACT, diag);
        if (status == DEEPSTRUC_OK)
            status = coordinates_prior(model, pdf, settings.qmax, mean, sigma, diag);
        if (status == DEEPSTRUC_OK)
            add_point(points, mean[0], mean[1], s->recipe.type, s->n_atoms, NAN);
        deepstruc_pdf_destroy(pdf);
        deepstruc_cluster_destroy(cluster);
    }
    deepstruc_structures_destroy(all);
    coordinates_destroy(model);
    return status;
}

deepstruc_status reproduce_map(json_t **out, const reproduction *r, deepstruc_diag *diag)
{
    enum { MOST = 800, FEW = 40 };
    deepstruc_latent_map map = {0};
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    deepstruc_status status = DEEPSTRUC_OK;
    json_t *ours = json_array(), *network = json_array();
    if (r->settings->model) {
        status = deepstruc_latent_locate(&map, NULL, NULL, 0, r->settings->model, &settings, diag);
        for (size_t i = 0; status == DEEPSTRUC_OK && i < map.n_points; i++)
            add_point(ours, map.x[i], map.y[i], (deepstruc_type)map.type[i], (size_t)map.n_atoms[i], NAN);
        deepstruc_latent_map_clear(&map);
    }
    if (status == DEEPSTRUC_OK && r->settings->network)
        status = network_points(network, r->settings->network, r->settings->quick ? FEW : MOST, diag);
    if (status == DEEPSTRUC_OK)
        *out = json_pack("{s:O,s:O,s:o}", "default-model", ours, "deepstruc-2023", network, "evaluation",
                         map_claims_types(ours, "default-model"));
    json_decref(ours);
    json_decref(network);
    return status;
}

/* Where the stackings lie on the default model's map, with how hexagonal they are. */
static deepstruc_status locate_stackings(json_t *points, const reproduction *r, const study_list *list,
                                         deepstruc_diag *diag)
{
    size_t n = list->all->n, most = r->settings->quick ? 12 : 300, step = n > most ? n / most : 1, n_pdfs = 0;
    deepstruc_pdf **pdf = memory_zeroed(n, sizeof *pdf);
    size_t *which = memory_zeroed(n, sizeof *which);
    deepstruc_latent_reading *reading = memory_zeroed(n, sizeof *reading);
    deepstruc_status status = pdf && which && reading ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i += step) {
        const deepstruc_structure *s = &list->all->structure[i];
        deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
        deepstruc_cluster *cluster;
        settings.rstep = 0.05;
        status = deepstruc_cluster_build(&cluster, &s->recipe, s->bond_length, s->element, diag);
        if (status != DEEPSTRUC_OK)
            break;
        status = deepstruc_pdf_simulate(&pdf[n_pdfs], cluster, &settings, DEEPSTRUC_MODE_EXACT, diag);
        which[n_pdfs] = i;
        n_pdfs += status == DEEPSTRUC_OK;
        deepstruc_cluster_destroy(cluster);
    }
    if (status == DEEPSTRUC_OK) {
        deepstruc_refine_settings clean = deepstruc_refine_settings_default();
        deepstruc_latent_map map = {0};
        clean.qmin = 0.7;
        clean.qmax = 25;
        clean.qdamp = 0;
        status = deepstruc_latent_locate(&map, reading, (const deepstruc_pdf *const *)pdf, n_pdfs, r->settings->model,
                                         &clean, diag);
        deepstruc_latent_map_clear(&map);
    }
    for (size_t i = 0; i < n_pdfs && status == DEEPSTRUC_OK; i++) {
        const deepstruc_structure *s = &list->all->structure[which[i]];
        double hexagonal = sequence_hexagonality(s->recipe.sequence);
        deepstruc_type type = hexagonal <= 0   ? DEEPSTRUC_TYPE_FCC
                              : hexagonal >= 1 ? DEEPSTRUC_TYPE_HCP
                                               : DEEPSTRUC_TYPE_STACKING;
        add_point(points, reading[i].place.mean[0], reading[i].place.mean[1], type, s->n_atoms, hexagonal);
    }
    for (size_t i = 0; i < n_pdfs; i++)
        deepstruc_pdf_destroy(pdf[i]);
    free(reading);
    free(which);
    free(pdf);
    return status;
}

deepstruc_status reproduce_stacking_map(json_t **out, const reproduction *r, deepstruc_diag *diag)
{
    study_list list = {0};
    if (!r->settings->model) {
        *out = missing("the default model");
        return DEEPSTRUC_OK;
    }
    json_t *points = json_array();
    deepstruc_status status = study_stacking_random_list(&list, diag);
    if (status == DEEPSTRUC_OK)
        status = locate_stackings(points, r, &list, diag);
    if (status == DEEPSTRUC_OK)
        *out = json_pack("{s:O,s:o}", "points", points, "evaluation", map_claims_stackings(points, "default-model"));
    json_decref(points);
    study_list_free(&list);
    return status;
}

/* ---- lattice change
 * --------------------------------------------------------------------------------------------------
 */

/* What a model answers when the whole structure is a little larger or smaller than what it was trained on. */
static void hear_error(void *user, const char *method, const test_case *t, const study_answer *answer,
                       const test_score *score)
{
    json_t *methods = user;
    (void)t, (void)answer;
    json_t *row = json_object_get(methods, method);
    if (!row) {
        row = json_array();
        json_object_set_new(methods, method, row);
    }
    json_array_append_new(row, json_number(score->strict));
}

deepstruc_status reproduce_lattice(json_t **out, const reproduction *r, deepstruc_diag *diag)
{
    static const double CHANGE[] = {-0.05, -0.03, -0.01, 0, 0.01, 0.03, 0.05};
    json_t *steps = json_array();
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t k = 0; k < sizeof CHANGE / sizeof *CHANGE && status == DEEPSTRUC_OK; k++) {
        deepstruc_evaluate_settings settings = r->evaluate;
        deepstruc_evaluation *e = calloc(1, sizeof *e);
        json_t *methods = json_object();
        const study_listener listener = {methods, hear_error};
        settings.protocol = "paper";
        settings.methods = "default-model,plain-cvae,deepstruc-2023";
        settings.stretch = 1 + CHANGE[k];
        settings.limit = r->settings->quick                                  ? 2
                         : r->settings->limit > 0 && r->settings->limit < 40 ? r->settings->limit
                                                                             : 40;
        status = e ? study_evaluate(e, &settings, &listener, r->progress, diag) : diag_no_memory(diag);
        json_array_append_new(steps, json_pack("{s:f,s:o}", "change", CHANGE[k], "strict", methods));
        free(e);
    }
    if (status == DEEPSTRUC_OK)
        *out = json_pack("{s:O}", "steps", steps);
    json_decref(steps);
    return status;
}
