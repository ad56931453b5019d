#include "solve/plan.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/text.h"

/* Bond lengths a metal cluster may have: around the bulk metal's where the element is known (clusters contract, and the
 * published simulations use single-bond lengths, 7 % below), else everything from Be to the early lanthanides. */
static bond_range bonds_of(const char *element)
{
    static const double CONTRACTED = 0.90, STRETCHED = 1.06;
    double bulk = deepstruc_element_bulk_bond(element);
    return isfinite(bulk) ? (bond_range){CONTRACTED * bulk, STRETCHED * bulk} : (bond_range){1.95, 3.9};
}

static deepstruc_status read_catalogue(library_extent *out, const char *name, deepstruc_diag *diag)
{
    static const char *const names[] = {"paper", "auto", "full"};
    for (int i = 0; i < 3; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (library_extent)i;
            return DEEPSTRUC_OK;
        }
    return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "no catalogue '%s'; there are auto, paper, full", name);
}

static const char METHODS[] = "generate, library, tree, plain-cvae, climb";

static deepstruc_status read_methods(solve_plan *plan, const deepstruc_solve_settings *settings, deepstruc_diag *diag)
{
    const char *list = settings->methods;
    if (!list) {
        plan->library = plan->climb = true;
        plan->generate = settings->model != NULL;
        plan->tree = settings->tree != NULL; /* without XGBoost it is left out with a note */
        plan->plain = settings->plain != NULL;
        return DEEPSTRUC_OK;
    }
    while (*list) {
        char name[32];
        size_t length = strcspn(list, ",");
        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), list);
        if (strcmp(name, "library") == 0)
            plan->library = true;
        else if (strcmp(name, "generate") == 0)
            plan->generate = true;
        else if (strcmp(name, "tree") == 0)
            plan->tree = true;
        else if (strcmp(name, "plain-cvae") == 0)
            plan->plain = true;
        else if (strcmp(name, "climb") == 0)
            plan->climb = true;
        else
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "no method '%s'; there are %s", name, METHODS);
        list += length + (list[length] == ',');
    }
    if (plan->generate && !settings->model)
        return diag_fail(diag, DEEPSTRUC_UNAVAILABLE,
                         "the method generate needs a model and none was found; name one with -m");
    if (plan->tree && !settings->tree)
        return diag_fail(diag, DEEPSTRUC_UNAVAILABLE,
                         "the method tree needs its trees and none were found; name them with --tree");
    if (plan->plain && !settings->plain)
        return diag_fail(diag, DEEPSTRUC_UNAVAILABLE,
                         "the method plain-cvae needs its weights and none were found; name them with --plain-cvae "
                         "(deepstruc train --arch plain-cvae makes them)");
    if (!plan->library && !plan->generate && !plan->tree && !plan->plain)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         plan->climb ? "the method climb starts from what others find; name one of %s besides"
                                     : "the list of methods is empty; there are %s",
                         METHODS);
    return DEEPSTRUC_OK;
}

static deepstruc_status read_focus(deepstruc_type *out, const char *name, deepstruc_diag *diag)
{
    *out = name ? deepstruc_type_from_name(name) : DEEPSTRUC_TYPE_UNKNOWN;
    if (name && *out == DEEPSTRUC_TYPE_UNKNOWN)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "no type '%s' to focus on; there are sc, bcc, fcc, hcp, icosahedron, decahedron, octahedron, "
                         "stacking, twin",
                         name);
    return DEEPSTRUC_OK;
}

deepstruc_status plan_make(solve_plan *out, const deepstruc_solve_settings *settings, const char *element,
                           deepstruc_diag *diag)
{
    solve_plan plan = {.bond = bonds_of(element)};
    library_extent extent = LIBRARY_AUTO;
    deepstruc_status status = deepstruc_fields_check(deepstruc_solve_settings_fields, settings, diag);
    if (status == DEEPSTRUC_OK)
        status = read_methods(&plan, settings, diag);
    if (status == DEEPSTRUC_OK)
        status = read_catalogue(&extent, settings->catalogue, diag);
    if (status == DEEPSTRUC_OK)
        status = read_focus(&plan.focus, settings->focus, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = deepstruc_catalogue_paper(&plan.paper, diag);
    if (status == DEEPSTRUC_OK && settings->left_out)
        status = library_published(&plan.rest, settings->left_out, diag);
    if (status != DEEPSTRUC_OK) {
        plan_clear(&plan);
        return status;
    }
    plan.threads = settings->threads > 0 ? (int)settings->threads : omp_get_max_threads();
    plan.shapes = (library_settings){.extent = extent,
                                     .published = plan.rest ? plan.rest : plan.paper,
                                     .max_atoms = (size_t)settings->max_atoms,
                                     .bond = plan.bond,
                                     .threads = plan.threads,
                                     .cache = settings->cache,
                                     .left_out = settings->left_out};
    *out = plan;
    return DEEPSTRUC_OK;
}

void plan_clear(solve_plan *plan)
{
    deepstruc_catalogue_destroy(plan->paper);
    deepstruc_catalogue_destroy(plan->rest);
    *plan = (solve_plan){0};
}
