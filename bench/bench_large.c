/* Are large particles told right? Made-up measurements of particles of some 1,300 atoms (3.4 nm), fcc, decahedral,
 * icosahedral and faulted, with 3 % noise and a damping that no header tells, are solved with the program's
 * settings: how often has the right family the largest probability, and how near is the diameter of the sphere with the
 * atoms' volume?
 *
 *   bench_large [N [FIRST [MODELS]]]
 *
 * 44 measurements, a quarter of each family; MODELS: the folder that holds default.safetensors and tree.ubj, "-" for
 * the library alone. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"
#include <deepstruc/solve.h>

enum { FEWEST = 1150, MOST = 1450, N_KINDS = 4 };
static const char *const kinds[N_KINDS] = {"fcc", "decahedron", "icosahedron", "faulted"};

typedef struct {
    size_t n, family, size;
    double bias, square; /* of the diameter over the true one, less 1 */
} tally;

/* Close-packed layers with one twin plane, or with any fault, are both faulted. */
static size_t kind_of(deepstruc_type type)
{
    const char *family =
        type == DEEPSTRUC_TYPE_TWIN || type == DEEPSTRUC_TYPE_STACKING ? "faulted" : deepstruc_type_family(type);
    size_t kind = 0;
    while (kind < N_KINDS && strcmp(family, kinds[kind]) != 0)
        kind++;
    return kind;
}

static deepstruc_recipe draw_recipe(size_t kind, const deepstruc_catalogue *rich, random_stream *stream)
{
    const deepstruc_catalogue_entry *entry;
    do
        entry = &rich->entry[random_below(stream, rich->n)];
    while (kind_of(entry->recipe.type) != kind);
    return entry->recipe;
}

static void count(tally *t, size_t kind, const deepstruc_solution *s, const deepstruc_cluster *truth, double qdamp)
{
    const deepstruc_candidate real = {.cluster = (deepstruc_cluster *)truth,
                                      .fit = {.bond_length = deepstruc_cluster_mean_bond(truth)}};
    const char *got = deepstruc_type_name(s->evidence.family[0].type);
    double diameter = deepstruc_candidate_diameter(&real), off = s->evidence.diameter.mean / diameter - 1;
    bool family = kind_of(s->evidence.family[0].type) == kind;
    t->n++;
    t->family += family;
    t->size += fabs(off) <= 0.05;
    t->bias += off;
    t->square += off * off;
    printf("%-11s %-34s %4zu atoms, qdamp %.3f: Rw %.3f, %s%s (%.2f), %s; diameter %.1f: %.1f in %.1f to %.1f%s\n",
           kinds[kind], truth->name, truth->n_atoms, qdamp, s->candidate[0].fit.rw, family ? "" : "WRONG ", got,
           s->evidence.family[0].probability, s->candidate[0].cluster->name, diameter, s->evidence.diameter.mean,
           s->evidence.diameter.low, s->evidence.diameter.high, fabs(off) <= 0.05 ? "" : " OFF");
    fflush(stdout);
}

static void try_one(tally *t, const deepstruc_catalogue *rich, const deepstruc_solve_settings *settings, size_t number)
{
    static const char *const elements[] = {"Au", "Pt", "Pd", "Ag"};
    random_stream stream;
    random_seed(&stream, 1300, number);
    size_t kind = number % N_KINDS;
    const char *element = elements[random_below(&stream, 4)];
    deepstruc_recipe recipe = draw_recipe(kind, rich, &stream);
    double bond = deepstruc_element_bulk_bond(element) * random_uniform(&stream, 0.985, 1.005);
    deepstruc_cluster *truth;
    deepstruc_diag diag;
    if (deepstruc_cluster_build(&truth, &recipe, bond, element, &diag) != DEEPSTRUC_OK)
        sample_stop(&diag);
    sample_atoms atoms;
    sample_cluster(&atoms, truth, 0, &stream);
    sample_instrument at = sample_draw_instrument(SAMPLE_SYNCHROTRON, &stream);
    at.qdamp = random_uniform(&stream, 0, 0.06);
    at.delta2 = 0, at.noise = 0.03, at.ripple = 0, at.rstep = 0.02, at.rmax = 50;
    deepstruc_pdf *pdf = sample_measured(&atoms, element, &at, &stream);
    deepstruc_solution *solution;
    if (deepstruc_solve(&solution, pdf, settings, NULL, &diag) != DEEPSTRUC_OK)
        sample_stop(&diag);
    count(&t[kind], kind, solution, truth, at.qdamp);
    deepstruc_solution_destroy(solution);
    deepstruc_pdf_destroy(pdf);
    sample_clear(&atoms);
    deepstruc_cluster_destroy(truth);
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? (size_t)atol(argv[1]) : 44, first = argc > 2 ? (size_t)atol(argv[2]) : 0;
    const char *models = argc > 3 ? argv[3] : "models";
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    tally t[N_KINDS] = {{0}};
    char model[4096], tree[4096];
    snprintf(model, sizeof model, "%s/default.safetensors", models);
    snprintf(tree, sizeof tree, "%s/tree.ubj", models);
    if (strcmp(models, "-") != 0) {
        settings.model = model;
        settings.tree = tree;
    }
    deepstruc_catalogue *rich;
    deepstruc_diag diag;
    if (deepstruc_catalogue_rich(&rich, FEWEST, MOST, &diag) != DEEPSTRUC_OK)
        sample_stop(&diag);
    for (size_t i = first; i < first + n; i++)
        try_one(t, rich, &settings, i);
    printf("\n| truth | measurements | family right | diameter within 5 %% | its error, mean and rms |\n"
           "|---|---|---|---|---|\n");
    for (size_t k = 0; k < N_KINDS; k++)
        if (t[k].n)
            printf("| %s | %zu | %zu | %zu | %+.1f %%, %.1f %% |\n", kinds[k], t[k].n, t[k].family, t[k].size,
                   100 * t[k].bias / (double)t[k].n, 100 * sqrt(t[k].square / (double)t[k].n));
    deepstruc_catalogue_destroy(rich);
    return 0;
}
