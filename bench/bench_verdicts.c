/* How often is the verdict right? Made-up measurements of metal clusters, bulk metals, compounds, alloys and molecules,
 * over synchrotron, laboratory and neutron instruments with noise, under three headers (right composition, only the
 * metal, nothing), are solved: a table of verdicts against truths, and every case that went wrong.
 *
 *   bench_verdicts [ROUNDS [CATALOGUE [FIRST [list]]]]     1 round, catalogue auto, first round 0; "list" prints every
 *                                                          case */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"
#include <deepstruc/solve.h>

typedef enum { CLUSTER, BULK, NO_CLUSTER, MIXTURE, N_TRUTHS } truth_kind;
static const char *const truth_names[] = {"metal cluster", "bulk metal", "no metal cluster", "mixture"};

typedef enum { FULL_HEADER, METAL_ONLY, NO_HEADER, N_HEADERS } header_kind;
static const char *const header_names[] = {"right composition", "metal only", "no header"};

enum { N_KINDS = 4 };

typedef struct {
    size_t verdicts[N_HEADERS][N_TRUTHS][N_KINDS], mixture_flags[N_TRUTHS];
    const char *catalogue;
    bool list;
    random_stream stream;
} verdict_study;

/* What is known of a sample: the composition that a careful header holds, and the metal that a careless one does. */
typedef struct {
    truth_kind truth;
    const char *composition, *metal;
    char label[256];
} sample;

static void header_text(char *out, size_t size, const sample *s, const sample_instrument *at, header_kind header)
{
    out[0] = '\0';
    if (header != NO_HEADER)
        snprintf(out, size, "[DEFAULT]\nmode = %s\ncomposition = %s\nqmin = %.2f\nqmax = %.2f\n#### start data\n",
                 at->neutron ? "neutron" : "xray", header == FULL_HEADER ? s->composition : s->metal, at->qmin,
                 at->qmax);
}

static void try_header(verdict_study *study, const sample *s, const double *g, size_t n_points,
                       const sample_instrument *at, header_kind header)
{
    char text[512];
    deepstruc_diag diag;
    deepstruc_solution *solution;
    header_text(text, sizeof text, s, at, header);
    deepstruc_pdf *pdf = sample_pdf(g, n_points, at, text);
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    settings.methods = "library";
    settings.catalogue = study->catalogue;
    if (deepstruc_solve(&solution, pdf, &settings, NULL, &diag) != DEEPSTRUC_OK)
        sample_stop(&diag);
    const deepstruc_verdict *v = &solution->verdict;
    study->verdicts[header][s->truth][v->kind]++;
    study->mixture_flags[s->truth] += strstr(v->flags, "mixture") != NULL;
    static const deepstruc_verdict_kind right[] = {DEEPSTRUC_VERDICT_CLUSTER, DEEPSTRUC_VERDICT_BULK,
                                                   DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER, DEEPSTRUC_VERDICT_CLUSTER};
    if (study->list || v->kind != right[s->truth])
        printf("%s\t%s\t%s\tqmin %.2f qmax %.1f qdamp %.3f rmax %g noise %.2f%s\t%s\t%.3f\t%.3f\t%s\t%s\n",
               truth_names[s->truth], s->label, header_names[header], at->qmin, at->qmax, at->qdamp, at->rmax,
               at->noise, at->neutron ? " neutron" : "", deepstruc_verdict_name(v->kind), solution->candidate[0].fit.rw,
               solution->candidate[0].fit.bond_length, v->flags, v->why);
    fflush(stdout);
    deepstruc_solution_destroy(solution);
    deepstruc_pdf_destroy(pdf);
}

/* One sample on one instrument, under the header whose turn it is: most headers are right. */
static void try_sample(verdict_study *study, const sample *s, const sample_part *part, size_t n_parts,
                       const sample_instrument *at)
{
    static const header_kind turns[] = {FULL_HEADER, METAL_ONLY, FULL_HEADER, NO_HEADER};
    size_t n_points = sample_points(at);
    double *g = malloc(n_points * sizeof *g);
    if (!g)
        exit(1);
    sample_measure(g, n_points, part, n_parts, at, &study->stream);
    header_kind header = turns[random_below(&study->stream, 4)];
    if (!s->metal)
        header = header == METAL_ONLY ? FULL_HEADER : header;
    try_header(study, s, g, n_points, at, header);
    free(g);
}

static sample_instrument instrument(verdict_study *study)
{
    size_t kind = random_below(&study->stream, 10);
    return sample_draw_instrument(kind < 6   ? SAMPLE_SYNCHROTRON
                                  : kind < 9 ? SAMPLE_LABORATORY
                                             : SAMPLE_NEUTRON,
                                  &study->stream);
}

/* ---- samples ------------------------------------------------------------------------------------------------------
 */

/* A metal and its usual lattice. */
static const struct {
    char element[3];
    const char *lattice;
} metals[] = {{"Au", "fcc"}, {"Pt", "fcc"}, {"Pd", "fcc"}, {"Ag", "fcc"}, {"Cu", "fcc"}, {"Ni", "fcc"},
              {"Ir", "fcc"}, {"Rh", "fcc"}, {"Ru", "hcp"}, {"Co", "hcp"}, {"Fe", "bcc"}, {"W", "bcc"}};
enum { N_METALS = sizeof metals / sizeof *metals };

static bool type_suits(deepstruc_type type, const char *lattice)
{
    if (strcmp(lattice, "bcc") == 0)
        return type == DEEPSTRUC_TYPE_BCC;
    if (strcmp(lattice, "hcp") == 0)
        return type == DEEPSTRUC_TYPE_HCP || type == DEEPSTRUC_TYPE_STACKING;
    return type != DEEPSTRUC_TYPE_BCC && type != DEEPSTRUC_TYPE_SC && type != DEEPSTRUC_TYPE_HCP;
}

/* A shape of the rich catalogue that the metal could have, types first so that none is rare. */
static deepstruc_cluster *draw_cluster(const deepstruc_catalogue *rich, int metal, size_t n_min, size_t n_max,
                                       random_stream *stream)
{
    deepstruc_diag diag;
    for (;;) {
        deepstruc_type type = (deepstruc_type)random_below(stream, DEEPSTRUC_TYPE_UNKNOWN);
        const deepstruc_catalogue_entry *entry = &rich->entry[random_below(stream, rich->n)];
        if (entry->recipe.type != type || !type_suits(type, metals[metal].lattice) || entry->n_atoms < n_min ||
            entry->n_atoms > n_max)
            continue;
        double bond = deepstruc_element_bulk_bond(metals[metal].element) * random_uniform(stream, 0.975, 1.005);
        deepstruc_cluster *cluster;
        if (type == DEEPSTRUC_TYPE_BCC)
            bond *= 2 / sqrt(3);
        if (deepstruc_cluster_build(&cluster, &entry->recipe, bond, metals[metal].element, &diag) != DEEPSTRUC_OK)
            sample_stop(&diag);
        return cluster;
    }
}

static void try_cluster(verdict_study *study, const deepstruc_catalogue *rich, int metal)
{
    size_t largest = (size_t)(60 * pow(25, random_uniform(&study->stream, 0, 1)));
    deepstruc_cluster *cluster = draw_cluster(rich, metal, largest / 3, largest, &study->stream);
    sample_instrument at = instrument(study);
    sample_atoms atoms;
    char composition[256];
    sample_cluster(&atoms, cluster, random_uniform(&study->stream, 0, 0.08), &study->stream);
    snprintf(composition, sizeof composition, "%s", metals[metal].element);
    bool thiol = strcmp(metals[metal].element, "Au") == 0 || strcmp(metals[metal].element, "Ag") == 0;
    if (thiol && random_below(&study->stream, 2)) {
        sample_add_sulphur(&atoms, deepstruc_cluster_mean_bond(cluster), 0.5, &study->stream);
        size_t n_sulphur = atoms.n - cluster->n_atoms;
        snprintf(composition, sizeof composition, "%s%zu S%zu C%zu", metals[metal].element, cluster->n_atoms,
                 n_sulphur ? n_sulphur : 1, 8 * n_sulphur);
    }
    sample s = {CLUSTER, composition, metals[metal].element, ""};
    snprintf(s.label, sizeof s.label, "%s %s, %zu atoms of %zu", metals[metal].element,
             deepstruc_type_name(cluster->type), cluster->n_atoms, atoms.n);
    try_sample(study, &s, &(sample_part){&atoms, 1}, 1, &at);
    sample_clear(&atoms);
    deepstruc_cluster_destroy(cluster);
}

/* Like metals in one lattice: a cluster still. */
static void try_like_alloy(verdict_study *study, const char *a, const char *b)
{
    sample_atoms crystal, ball, mixed = {0};
    double bond = 0.5 * (deepstruc_element_bulk_bond(a) + deepstruc_element_bulk_bond(b));
    sample_metal(&crystal, "fcc", a, bond);
    sample_sphere(&ball, &crystal, random_uniform(&study->stream, 14, 30), &study->stream);
    for (size_t i = 0; i < ball.n; i++)
        sample_add(&mixed, random_below(&study->stream, 2) ? a : b, ball.xyz[3 * i], ball.xyz[3 * i + 1],
                   ball.xyz[3 * i + 2]);
    char composition[256];
    snprintf(composition, sizeof composition, "%s %s", a, b);
    sample s = {CLUSTER, composition, a, ""};
    snprintf(s.label, sizeof s.label, "%s%s random alloy, %zu atoms", a, b, ball.n);
    sample_instrument at = instrument(study);
    try_sample(study, &s, &(sample_part){&mixed, 1}, 1, &at);
    sample_clear(&crystal);
    sample_clear(&ball);
    sample_clear(&mixed);
}

static void try_bulk(verdict_study *study, int metal)
{
    sample_atoms crystal;
    sample_instrument at = instrument(study);
    sample_metal(&crystal, metals[metal].lattice, metals[metal].element,
                 deepstruc_element_bulk_bond(metals[metal].element));
    sample s = {BULK, metals[metal].element, metals[metal].element, ""};
    snprintf(s.label, sizeof s.label, "bulk %s", metals[metal].element);
    try_sample(study, &s, &(sample_part){&crystal, 1}, 1, &at);
    sample_clear(&crystal);
}

static const char *metal_of(const char *name, char out[4])
{
    size_t n = 1 + (name[1] >= 'a' && name[1] <= 'z');
    memcpy(out, name, n);
    out[n] = '\0';
    return deepstruc_element_is_metal(out) ? out : NULL;
}

static void try_compound(verdict_study *study, const char *name, bool molecule)
{
    sample_atoms atoms, ball;
    char metal[4];
    sample s = {NO_CLUSTER, name, metal_of(name, metal), ""};
    sample_instrument at = instrument(study);
    (molecule ? sample_molecule : sample_crystal)(&atoms, name);
    bool nano = !molecule && random_below(&study->stream, 2);
    double diameter = random_uniform(&study->stream, 18, 40);
    if (nano) {
        sample_sphere(&ball, &atoms, diameter, &study->stream);
        snprintf(s.label, sizeof s.label, "%s, particle of %.0f Å", name, diameter);
    } else {
        snprintf(s.label, sizeof s.label, "%s", name);
    }
    try_sample(study, &s, &(sample_part){nano ? &ball : &atoms, 1}, 1, &at);
    sample_clear(&atoms);
    if (nano)
        sample_clear(&ball);
}

/* Unlike metals at random on one fcc lattice. */
static void try_unlike_alloy(verdict_study *study, const char *a, const char *b)
{
    sample_atoms crystal, ball, mixed = {0};
    sample_metal(&crystal, "fcc", a, 0.5 * (deepstruc_element_bulk_bond(a) + deepstruc_element_bulk_bond(b)));
    sample_sphere(&ball, &crystal, random_uniform(&study->stream, 16, 32), &study->stream);
    for (size_t i = 0; i < ball.n; i++)
        sample_add(&mixed, random_below(&study->stream, 2) ? a : b, ball.xyz[3 * i], ball.xyz[3 * i + 1],
                   ball.xyz[3 * i + 2]);
    char composition[256];
    snprintf(composition, sizeof composition, "%s %s", a, b);
    sample s = {NO_CLUSTER, composition, NULL, ""};
    snprintf(s.label, sizeof s.label, "%s%s random alloy", a, b);
    sample_instrument at = instrument(study);
    size_t n_points = sample_points(&at);
    double *g = malloc(n_points * sizeof *g);
    if (!g)
        exit(1);
    sample_measure(g, n_points, &(sample_part){&mixed, 1}, 1, &at, &study->stream);
    try_header(study, &s, g, n_points, &at, FULL_HEADER); /* nothing but the header can say so */
    free(g);
    sample_clear(&crystal);
    sample_clear(&ball);
    sample_clear(&mixed);
}

/* Two sizes, two types, or a particle and an oxide, half of the atoms each. */
static void try_mixture(verdict_study *study, const deepstruc_catalogue *rich, int kind)
{
    static const char *const names[] = {"two sizes", "two types", "particle and oxide"};
    sample_atoms first, second, oxide;
    int metal = kind == 1 ? 0 : 1 + (int)random_below(&study->stream, 4);
    deepstruc_cluster *a = draw_cluster(rich, metal, 30, 90, &study->stream), *b = NULL;
    sample_cluster(&first, a, 0.03, &study->stream);
    if (kind == 2) {
        sample_crystal(&oxide, "CeO2");
        sample_sphere(&second, &oxide, random_uniform(&study->stream, 20, 40), &study->stream);
        sample_clear(&oxide);
    } else {
        do {
            deepstruc_cluster_destroy(b);
            b = draw_cluster(rich, metal, kind == 0 ? 600 : 60, kind == 0 ? 1200 : 150, &study->stream);
        } while (kind == 1 && b->type == a->type);
        sample_cluster(&second, b, 0.03, &study->stream);
    }
    sample s = {MIXTURE, metals[metal].element, metals[metal].element, ""};
    snprintf(s.label, sizeof s.label, "%s: %s %zu and %zu atoms", names[kind], metals[metal].element, first.n,
             second.n);
    sample_instrument at = instrument(study);
    try_sample(study, &s, (sample_part[]){{&first, 0.5}, {&second, 0.5}}, 2, &at);
    sample_clear(&first);
    sample_clear(&second);
    deepstruc_cluster_destroy(a);
    deepstruc_cluster_destroy(b);
}

/* ---- the table ----------------------------------------------------------------------------------------------------
 */

static void print_table(const verdict_study *study)
{
    printf("\n| truth | header | cluster | bulk | not-a-metal-cluster | ambiguous |\n|---|---|---|---|---|---|\n");
    for (int truth = 0; truth < N_TRUTHS; truth++)
        for (int header = 0; header < N_HEADERS; header++) {
            const size_t *n = study->verdicts[header][truth];
            if (n[0] + n[1] + n[2] + n[3] > 0)
                printf("| %s | %s | %zu | %zu | %zu | %zu |\n", truth_names[truth], header_names[header], n[0], n[1],
                       n[2], n[3]);
        }
    printf("\nflag mixture:");
    for (int truth = 0; truth < N_TRUTHS; truth++)
        printf(" %s %zu;", truth_names[truth], study->mixture_flags[truth]);
    printf("\n");
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? atol(argv[1]) : 1, first = argc > 3 ? atol(argv[3]) : 0;
    verdict_study study = {.catalogue = argc > 2 ? argv[2] : "auto", .list = argc > 4};
    deepstruc_catalogue *rich;
    deepstruc_diag diag;
    if (deepstruc_catalogue_rich(&rich, 20, 1500, &diag) != DEEPSTRUC_OK)
        sample_stop(&diag);
    for (long round = first; round < first + rounds; round++) {
        random_seed(&study.stream, 6, (uint64_t)round);
        for (int metal = 0; metal < N_METALS; metal++) {
            for (int i = 0; i < 3; i++)
                try_cluster(&study, rich, metal);
            try_bulk(&study, metal);
        }
        try_like_alloy(&study, "Pd", "Pt");
        try_like_alloy(&study, "Au", "Ag");
        for (int i = 0; sample_crystals[i]; i++)
            try_compound(&study, sample_crystals[i], false);
        for (int i = 0; sample_molecules[i]; i++)
            try_compound(&study, sample_molecules[i], true);
        try_unlike_alloy(&study, "Pt", "Ni");
        try_unlike_alloy(&study, "Au", "Cu");
        for (int i = 0; i < 6; i++)
            try_mixture(&study, rich, i % 3);
    }
    print_table(&study);
    deepstruc_catalogue_destroy(rich);
    return 0;
}
