/* What the page's script draws from. */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/json.h"
#include "base/memory.h"
#include "report/marks.h"
#include "report/page.h"
#include "report/plots.h"

size_t report_page_picks(const deepstruc_solution *solution, size_t picks[REPORT_PICKS])
{
    bool seen[DEEPSTRUC_N_TYPES] = {false};
    size_t i_verdict = solution->verdict.i_best, n = 0, n_atoms = solution->candidate[i_verdict].cluster->n_atoms;
    int last_group = 0;
    for (size_t i = 0; i < solution->n_candidates && n < REPORT_PICKS; i++) {
        const deepstruc_candidate *candidate = &solution->candidate[i];
        size_t atoms = i == i_verdict ? 0 : candidate->cluster->n_atoms; /* the verdict's have their room already */
        bool fresh = !seen[candidate->cluster->type] || candidate->group > last_group;
        bool room = n + (i < i_verdict) < REPORT_PICKS && n_atoms + atoms <= REPORT_PICK_ATOMS;
        if (i != i_verdict && (!report_is_shown(solution, i) || (i >= REPORT_FIRST_PICKS && !fresh) || !room))
            continue;
        seen[candidate->cluster->type] = true;
        last_group = candidate->group > last_group ? candidate->group : last_group;
        n_atoms += atoms;
        picks[n++] = i;
    }
    return n;
}

/* Rounded, since what a screen shows needs no more and the page is to stay small. */
static json_t *numbers(const double *value, size_t n, double unit)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < n; i++)
        if (json_array_append_new(array, json_number(round(value[i] / unit) * unit)) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

/* Names that a caller's files brought may be of any encoding. */
static json_t *text_or_null(const char *text)
{
    json_t *value = json_string(text);
    return value ? value : json_null();
}

static json_t *types_json(void)
{
    json_t *array = json_array();
    for (int type = 0; array && type < DEEPSTRUC_N_TYPES; type++) {
        char path[REPORT_MARK_PATH], colour[8];
        report_mark_path((deepstruc_type)type, path);
        report_colour_text(report_mark_of((deepstruc_type)type).colour, colour);
        json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "name", deepstruc_type_name((deepstruc_type)type),
                                               "colour", colour, "path", path));
    }
    return array;
}

static json_t *grid_json(double rmin, double rstep, const double *g, size_t n)
{
    return json_pack("{s:f, s:f, s:o}", "rmin", rmin, "rstep", rstep, "data", numbers(g, n, 1e-4));
}

static json_t *pick_json(const deepstruc_solution *solution, size_t i_candidate, report_curves *curves, double *calc,
                         deepstruc_status *status, deepstruc_diag *diag)
{
    const deepstruc_candidate *candidate = &solution->candidate[i_candidate];
    const deepstruc_cluster *cluster = candidate->cluster;
    *status = report_curves_evaluate(curves, candidate, calc, diag);
    if (*status != DEEPSTRUC_OK)
        return NULL;
    json_t *pick =
        json_pack("{s:I, s:i, s:s, s:o, s:o, s:I, s:o, s:o, s:o, s:o}", "rank", (json_int_t)i_candidate + 1, "group",
                  candidate->group, "type", deepstruc_type_name(cluster->type), "shape", text_or_null(cluster->shape),
                  "name", text_or_null(cluster->name), "n_atoms", (json_int_t)cluster->n_atoms, "rw",
                  json_number(candidate->fit.rw), "bond_length", json_number(candidate->fit.bond_length), "calc",
                  numbers(calc, curves->n, 1e-4), "xyz", numbers(cluster->xyz, 3 * cluster->n_atoms, 1e-3));
    if (!pick)
        *status = diag_no_memory(diag);
    return pick;
}

static deepstruc_status picks_json(json_t **out, const deepstruc_solution *solution, report_curves *curves,
                                   deepstruc_diag *diag)
{
    size_t picks[REPORT_PICKS], n = report_page_picks(solution, picks);
    double *calc = memory_zeroed(curves->n, sizeof *calc);
    json_t *array = json_array();
    deepstruc_status status = calc && array ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++) {
        json_t *pick = pick_json(solution, picks[i], curves, calc, &status, diag);
        if (pick && json_array_append_new(array, pick) != 0)
            status = diag_no_memory(diag);
    }
    free(calc);
    if (status == DEEPSTRUC_OK)
        *out = array;
    else
        json_decref(array);
    return status;
}

static json_t *map_json(const deepstruc_solution *solution)
{
    size_t *shown = memory_zeroed(solution->n_candidates, sizeof *shown);
    json_t *n_atoms = json_array(), *rw = json_array(), *type = json_array(), *rank = json_array(),
           *shape = json_array();
    size_t n = shown ? report_map_points(solution, shown) : 0;
    for (size_t i = 0; i < n; i++) {
        const deepstruc_candidate *candidate = &solution->candidate[shown[i]];
        json_array_append_new(n_atoms, json_integer((json_int_t)candidate->cluster->n_atoms));
        json_array_append_new(rw, json_number(round(candidate->fit.rw * 1e5) / 1e5));
        json_array_append_new(type, json_integer(candidate->cluster->type));
        json_array_append_new(rank, json_integer((json_int_t)shown[i] + 1));
        json_array_append_new(shape, json_string(candidate->cluster->shape));
    }
    free(shown);
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "n", n_atoms, "rw", rw, "type", type, "rank", rank, "shape", shape);
}

static json_t *latent_json(const deepstruc_latent_map *latent)
{
    if (!latent || latent->n_points == 0)
        return json_null();
    json_t *x = json_array(), *y = json_array(), *type = json_array(), *n_atoms = json_array();
    for (size_t i = 0; i < latent->n_points; i++) {
        json_array_append_new(x, json_number(round(latent->x[i] * 1e4) / 1e4));
        json_array_append_new(y, json_number(round(latent->y[i] * 1e4) / 1e4));
        json_array_append_new(type, json_integer(latent->type[i]));
        json_array_append_new(n_atoms, json_integer(latent->n_atoms[i]));
    }
    return json_pack("{s:[f, f], s:[f, f], s:o, s:o, s:o, s:o}", "mean", latent->mean[0], latent->mean[1], "sigma",
                     latent->sigma[0], latent->sigma[1], "x", x, "y", y, "type", type, "n", n_atoms);
}

deepstruc_status report_page_data(json_t **out, const deepstruc_solution *solution, report_curves *curves,
                                  deepstruc_diag *diag)
{
    const deepstruc_target *target = solution->target;
    json_t *picks;
    deepstruc_status status = picks_json(&picks, solution, curves, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    json_t *data = json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "element", solution->element, "verdict_rank",
                             (json_int_t)solution->verdict.i_best + 1, "types", types_json(), "fit",
                             grid_json(target->rmin, target->rstep, target->g, target->n), "fine",
                             grid_json(curves->rmin, curves->rstep, curves->data, curves->n), "picks", picks, "map",
                             map_json(solution), "latent", latent_json(solution->latent));
    if (!data)
        return diag_no_memory(diag);
    *out = data;
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_report_data(char **out, const deepstruc_solution *solution, const deepstruc_pdf *pdf,
                                       deepstruc_diag *diag)
{
    report_curves curves;
    json_t *data = NULL;
    deepstruc_status status = report_curves_create(&curves, solution->target, pdf, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = report_page_data(&data, solution, &curves, diag);
    report_curves_destroy(&curves);
    if (status != DEEPSTRUC_OK)
        return status;
    char *text = json_dumps(data, JSON_COMPACT | JSON_REAL_PRECISION(7));
    json_decref(data);
    if (!text)
        return diag_no_memory(diag);
    *out = text;
    return DEEPSTRUC_OK;
}
