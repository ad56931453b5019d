/* result.json: the whole answer for programs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "report/parts.h"

/* Text of any encoding: what is not UTF-8 (a path from an old machine) is read as Latin-1, which never fails. */
static json_t *json_text(const char *text)
{
    json_t *value = json_string(text);
    if (value)
        return value;
    char *utf8 = malloc(2 * strlen(text) + 1), *end = utf8;
    if (!utf8)
        return NULL;
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c >= 0x80)
            *end++ = (char)(0xc0 | *c >> 6);
        *end++ = (char)(*c < 0x80 ? *c : 0x80 | (*c & 0x3f));
    }
    *end = '\0';
    value = json_string(utf8);
    free(utf8);
    return value;
}

static json_t *text_or_null(const char *text)
{
    return text && *text ? json_text(text) : json_null();
}

static json_t *known_element(const char *element)
{
    return strcmp(element, "X") == 0 ? json_null() : text_or_null(element);
}

/* What the file says and what was made of it: the notes of reading, then those of preparing the fit. */
static json_t *input_json(const deepstruc_solution *solution, const deepstruc_pdf *pdf)
{
    const deepstruc_target *target = solution->target;
    size_t n = pdf->n_points;
    double rmin = n > 0 ? pdf->r[0] : NAN, rmax = n > 0 ? pdf->r[n - 1] : NAN;
    json_t *assumed = json_notes(&pdf->notes), *more = json_notes(&target->assumed);
    if (assumed && more)
        json_array_extend(assumed, more);
    json_decref(more);
    json_t *header = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "temperature", json_number(pdf->temperature_k),
                               "dialect", text_or_null(pdf->dialect), "composition", text_or_null(pdf->composition),
                               "qmin", json_number(pdf->qmin), "qmax", json_number(pdf->qmax), "qdamp",
                               json_number(pdf->qdamp), "qbroad", json_number(pdf->qbroad));
    return json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "file", json_text(pdf->file), "points",
                     (json_int_t)n, "rmin", json_number(rmin), "rmax", json_number(rmax), "rstep",
                     json_number(n > 1 ? (rmax - rmin) / (double)(n - 1) : NAN), "qmin", json_number(target->qmin),
                     "qmax", json_number(target->qmax), "qdamp", json_number(target->qdamp), "element",
                     known_element(solution->element), "header", header, "assumed", assumed);
}

/* Every field as it was given, then over it what took effect where a field was left open. */
static json_t *settings_json(const deepstruc_solution *solution)
{
    const deepstruc_target *target = solution->target;
    json_t *settings = json_fields(deepstruc_solve_settings_fields, &solution->settings);
    json_t *fit = json_fields(deepstruc_refine_settings_fields, &solution->settings.refine);
    json_t *effective = json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "seed", (json_int_t)solution->settings.seed, "model",
        text_or_null(solution->settings.model), "model-hash", text_or_null(solution->model_hash), "element",
        known_element(solution->element), "qmin", json_number(target->qmin), "qmax", json_number(target->qmax), "qdamp",
        json_number(target->qdamp), "fit-rmin", json_number(target->rmin), "fit-rmax",
        json_number(target->rmin + target->rstep * (double)(target->n - 1)), "fit-rstep", json_number(target->rstep));
    if (settings && fit && effective && json_object_update_missing(settings, fit) == 0 &&
        json_object_update(settings, effective) == 0) {
        json_decref(fit);
        json_decref(effective);
        return settings;
    }
    json_decref(settings);
    json_decref(fit);
    json_decref(effective);
    return NULL;
}

static json_t *flags_json(const char *flags)
{
    json_t *array = json_array();
    while (array && *flags) {
        size_t length = strcspn(flags, ",");
        if (length > 0 && json_array_append_new(array, json_stringn(flags, length)) != 0) {
            json_decref(array);
            return NULL;
        }
        flags += length + (flags[length] == ',');
    }
    return array;
}

static json_t *verdict_json(const deepstruc_verdict *verdict)
{
    return json_pack("{s:s, s:o, s:s, s:I, s:I, s:o}", "kind", deepstruc_verdict_name(verdict->kind), "flags",
                     flags_json(verdict->flags), "type", deepstruc_type_name(verdict->type), "n_atoms",
                     (json_int_t)verdict->n_atoms, "rank", (json_int_t)verdict->i_best + 1, "why",
                     json_text(verdict->why));
}

/* The terms beyond scale, expansion and Biso; an empty object in the 3-parameter fit. */
static json_t *terms_json(const deepstruc_fit *fit)
{
    json_t *terms = json_object();
    for (size_t i = 0; terms && i < fit->n_terms; i++) {
        const deepstruc_term *t = &fit->term[i];
        json_t *one = json_pack("{s:o, s:o, s:s, s:b, s:b}", "value", json_number(t->value), "esd", json_number(t->esd),
                                "unit", t->unit, "refined", t->free, "at_bound", t->at_bound);
        if (json_object_set_new(terms, t->name, one) != 0) {
            json_decref(terms);
            return NULL;
        }
    }
    return terms;
}

static json_t *interval_json(const deepstruc_interval *interval)
{
    return json_pack("{s:o, s:o, s:o}", "mean", json_number(interval->mean), "low", json_number(interval->low), "high",
                     json_number(interval->high));
}

static json_t *size_json(const deepstruc_evidence *evidence)
{
    return json_pack("{s:o, s:o}", "n_atoms", interval_json(&evidence->n_atoms), "diameter",
                     interval_json(&evidence->diameter));
}

/* Ranks, or null where no two fit together. */
static json_t *mixture_json(const deepstruc_mixture *mixture)
{
    if (!isfinite(mixture->rw))
        return json_null();
    return json_pack("{s:o, s:o, s:[I, I], s:o}", "rw", json_number(mixture->rw), "gain", json_number(mixture->gain),
                     "ranks", (json_int_t)mixture->first + 1, (json_int_t)mixture->second + 1, "share_of_second",
                     json_number(mixture->share));
}

static json_t *families_json(const deepstruc_solution *solution)
{
    json_t *array = json_array();
    for (size_t k = 0; array && k < solution->evidence.n_families; k++) {
        const deepstruc_family *family = &solution->evidence.family[k];
        json_t *value = json_pack("{s:s, s:o, s:I, s:I, s:o}", "family", deepstruc_type_name(family->type),
                                  "probability", json_number(family->probability), "n_shapes",
                                  (json_int_t)family->n_shapes, "best_rank", (json_int_t)family->i_best + 1, "best_rw",
                                  json_number(solution->candidate[family->i_best].fit.rw));
        if (json_array_append_new(array, value) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

/* Structures of no readable type, beside the families; null where there are none. */
static json_t *unnamed_json(const deepstruc_solution *solution)
{
    const deepstruc_unnamed *unnamed = &solution->evidence.unnamed;
    if (unnamed->n_shapes == 0)
        return json_null();
    return json_pack("{s:I, s:o, s:I, s:o}", "n_shapes", (json_int_t)unnamed->n_shapes, "odds",
                     json_number(unnamed->odds), "best_rank", (json_int_t)unnamed->i_best + 1, "best_rw",
                     json_number(solution->candidate[unnamed->i_best].fit.rw));
}

static json_t *kind_json(const deepstruc_solution *solution, const deepstruc_kind *kind)
{
    return json_pack("{s:s, s:I, s:I, s:[I, I], s:o, s:o, s:o, s:o, s:o}", "family", deepstruc_type_name(kind->family),
                     "best_rank", (json_int_t)kind->i_best + 1, "n_candidates", (json_int_t)kind->n, "n_atoms",
                     (json_int_t)kind->n_atoms_low, (json_int_t)kind->n_atoms_high, "best_rw",
                     json_number(solution->candidate[kind->i_best].fit.rw), "share", json_number(kind->share),
                     "difference", json_number(kind->difference), "differs_at_r", json_number(kind->r), "told_at_rw",
                     json_number(kind->told_rw));
}

/* The first groups, each as its kinds of structure. */
static json_t *groups_json(const deepstruc_solution *solution)
{
    json_t *array = json_array(), *kinds = NULL;
    for (size_t k = 0; array && k < solution->n_kinds; k++) {
        const deepstruc_kind *kind = &solution->kind[k];
        if (k == 0 || kind->group != solution->kind[k - 1].group) {
            size_t n = 0;
            for (size_t i = 0; i < solution->n_candidates; i++)
                n += solution->candidate[i].group == kind->group;
            kinds = json_array();
            json_array_append_new(array, json_pack("{s:i, s:I, s:o}", "group", kind->group, "n_candidates",
                                                   (json_int_t)n, "kinds", kinds));
        }
        if (json_array_append_new(kinds, kind_json(solution, kind)) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *candidate_json(const deepstruc_solution *solution, size_t i_candidate)
{
    const deepstruc_candidate *candidate = &solution->candidate[i_candidate];
    const deepstruc_cluster *cluster = candidate->cluster;
    const deepstruc_fit *fit = &candidate->fit;
    char path[REPORT_XYZ_PATH];
    report_xyz_path(solution, i_candidate, path);
    json_t *esd = json_pack("{s:o, s:o, s:o, s:o}", "scale", json_number(fit->esd_scale), "expansion",
                            json_number(fit->esd_expansion), "bond_length", json_number(report_esd_bond_length(fit)),
                            "biso", json_number(fit->esd_biso));
    return json_pack(
        "{s:I, s:s, s:s, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:b, s:b, s:s}", "rank",
        (json_int_t)i_candidate + 1, "method", candidate->method, "type", deepstruc_type_name(cluster->type), "shape",
        json_text(cluster->shape), "name", json_text(cluster->name), "n_atoms", (json_int_t)cluster->n_atoms, "rw",
        json_number(fit->rw), "rw_weighted", json_number(fit->rw_weighted), "scale", json_number(fit->scale),
        "expansion", json_number(fit->expansion), "bond_length", json_number(fit->bond_length), "biso",
        json_number(fit->biso), "esd", esd, "terms", terms_json(fit), "group", candidate->group, "weight",
        json_number(candidate->weight), "converged", fit->converged, "at_bound", fit->at_bound, "xyz", path);
}

/* The first ones, or those behind them that the result speaks of. */
static json_t *candidates_json(const deepstruc_solution *solution, bool first)
{
    json_t *array = json_array();
    size_t top = report_n_top(solution), begin = first ? 0 : top, end = first ? top : solution->n_candidates;
    for (size_t i = begin; array && i < end; i++)
        if (report_is_shown(solution, i) && json_array_append_new(array, candidate_json(solution, i)) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

static json_t *latent_json(const deepstruc_latent_map *latent)
{
    if (!latent)
        return json_null();
    return json_pack("{s:[o, o], s:[o, o]}", "mean", json_number(latent->mean[0]), json_number(latent->mean[1]),
                     "sigma", json_number(latent->sigma[0]), json_number(latent->sigma[1]));
}

json_t *report_result(const deepstruc_solution *solution, const deepstruc_pdf *pdf, double seconds_report)
{
    json_t *timing = json_pack("{s:o, s:o, s:o, s:o}", "read", json_number(solution->seconds_read), "propose",
                               json_number(solution->seconds_propose), "refine", json_number(solution->seconds_refine),
                               "report", json_number(seconds_report));
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "version",
                     deepstruc_version(), "input", input_json(solution, pdf), "settings", settings_json(solution),
                     "latent", latent_json(solution->latent), "verdict", verdict_json(&solution->verdict), "families",
                     families_json(solution), "unnamed", unnamed_json(solution), "groups", groups_json(solution),
                     "size", size_json(&solution->evidence), "faults", json_number(solution->evidence.faults),
                     "mixture", mixture_json(&solution->evidence.mixture), "n_candidates",
                     (json_int_t)solution->n_candidates, "candidates", candidates_json(solution, true), "also",
                     candidates_json(solution, false), "timing_s", timing);
}
