#include "verdict_cases.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const truth_names[N_TRUTHS] = {
    "metal cluster",    "metal particle, 40–80 Å", "bulk metal",          "bulk metal, data to < 25 Å",
    "no metal cluster", "metal without order",     "mixture of clusters", "clusters beside a compound"};

/* ---- instruments --------------------------------------------------------------------------------------------------
 */

/* Six of ten from a synchrotron, three from a laboratory, one from a neutron source; one in three with data as people
 * export them: cut at either end, on coarse grids. */
static sample_instrument instrument(random_stream *stream)
{
    static const double begin[] = {0.5, 1, 1.5, 2}, end[] = {6, 8, 10, 15};
    size_t kind = random_below(stream, 10);
    sample_instrument at = sample_draw_instrument(kind < 6   ? SAMPLE_SYNCHROTRON
                                                  : kind < 9 ? SAMPLE_LABORATORY
                                                             : SAMPLE_NEUTRON,
                                                  stream);
    if (random_below(stream, 3) == 0) {
        at.rmin = begin[random_below(stream, 4)];
        at.rstep = random_below(stream, 2) ? M_PI / at.qmax : at.rstep;
        at.rstep = fmin(at.rstep, 0.12);
        if (random_below(stream, 3) == 0)
            at.rmax = end[random_below(stream, 4)];
    }
    return at;
}

/* Warm samples: longer bonds and larger displacements. The factor on bonds. */
static double warm(sample_instrument *at, random_stream *stream)
{
    double kelvin = random_below(stream, 2) ? 300 : random_uniform(stream, 80, 1000);
    at->biso *= kelvin / 300;
    return 1 + 1.5e-5 * (kelvin - 300);
}

/* ---- metals -------------------------------------------------------------------------------------------------------
 */

static const struct {
    char element[3];
    const char *lattice;
} metals[] = {{"Au", "fcc"}, {"Pt", "fcc"}, {"Pd", "fcc"}, {"Ag", "fcc"}, {"Cu", "fcc"}, {"Ni", "fcc"}, {"Ir", "fcc"},
              {"Rh", "fcc"}, {"Ru", "hcp"}, {"Co", "hcp"}, {"Fe", "bcc"}, {"W", "bcc"},  {"Ti", "hcp"}};
enum { N_METALS = sizeof metals / sizeof *metals, N_CLUSTER_METALS = N_METALS - 1 };

static bool type_suits(deepstruc_type type, const char *lattice)
{
    if (strcmp(lattice, "bcc") == 0)
        return type == DEEPSTRUC_TYPE_BCC;
    if (strcmp(lattice, "hcp") == 0)
        return type == DEEPSTRUC_TYPE_HCP || type == DEEPSTRUC_TYPE_STACKING;
    return type != DEEPSTRUC_TYPE_BCC && type != DEEPSTRUC_TYPE_SC && type != DEEPSTRUC_TYPE_HCP;
}

/* A shape of the rich catalogue that the metal could have, types first so that none is rare. */
static deepstruc_cluster *draw_cluster(const deepstruc_catalogue *rich, size_t metal, size_t n_min, size_t n_max,
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

static void name_metal(verdict_case *c, const char *element)
{
    snprintf(c->metal, sizeof c->metal, "%.3s", element);
    if (!c->composition[0])
        snprintf(c->composition, sizeof c->composition, "%.3s", element);
}

static void draw_single(verdict_case *c, size_t i, const deepstruc_catalogue *rich, random_stream *stream)
{
    size_t metal = i % N_CLUSTER_METALS, largest = (size_t)(60 * pow(25, random_uniform(stream, 0, 1)));
    const char *element = metals[metal].element;
    deepstruc_cluster *cluster = draw_cluster(rich, metal, largest / 3, largest, stream);
    sample_cluster(&c->atoms[0], cluster, random_uniform(stream, 0, 0.08), stream);
    bool thiol = strcmp(element, "Au") == 0 || strcmp(element, "Ag") == 0;
    if (thiol && random_below(stream, 2)) {
        sample_add_sulphur(&c->atoms[0], deepstruc_cluster_mean_bond(cluster), 0.5, stream);
        size_t n_sulphur = c->atoms[0].n - cluster->n_atoms;
        snprintf(c->composition, sizeof c->composition, "%s%zu S%zu C%zu", element, cluster->n_atoms,
                 n_sulphur ? n_sulphur : 1, 8 * n_sulphur);
    }
    name_metal(c, element);
    snprintf(c->label, sizeof c->label, "%s %s, %zu atoms of %zu", element, deepstruc_type_name(cluster->type),
             cluster->n_atoms, c->atoms[0].n);
    deepstruc_cluster_destroy(cluster);
}

/* A sphere of a lattice whose atoms are each of one or the other metal. */
static void draw_random_alloy(verdict_case *c, const char *a, const char *b, double diameter, random_stream *stream)
{
    sample_atoms crystal, ball;
    sample_metal(&crystal, "fcc", a, 0.5 * (deepstruc_element_bulk_bond(a) + deepstruc_element_bulk_bond(b)));
    sample_sphere(&ball, &crystal, diameter, stream);
    for (size_t i = 0; i < ball.n; i++)
        sample_add(&c->atoms[0], random_below(stream, 2) ? a : b, ball.xyz[3 * i], ball.xyz[3 * i + 1],
                   ball.xyz[3 * i + 2]);
    snprintf(c->composition, sizeof c->composition, "%s %s", a, b);
    snprintf(c->label, sizeof c->label, "%s%s at random, %zu atoms", a, b, ball.n);
    sample_clear(&crystal);
    sample_clear(&ball);
}

static void draw_like_alloy(verdict_case *c, size_t i, const deepstruc_catalogue *rich, random_stream *stream)
{
    static const char *const pairs[][2] = {{"Pd", "Pt"}, {"Au", "Ag"}, {"Pt", "Ir"}};
    (void)rich;
    draw_random_alloy(c, pairs[i % 3][0], pairs[i % 3][1], random_uniform(stream, 14, 30), stream);
    name_metal(c, pairs[i % 3][0]);
}

static void draw_unlike_alloy(verdict_case *c, size_t i, const deepstruc_catalogue *rich, random_stream *stream)
{
    static const char *const pairs[][2] = {{"Pt", "Ni"}, {"Au", "Cu"}, {"Fe", "Pt"}};
    (void)rich;
    draw_random_alloy(c, pairs[i % 3][0], pairs[i % 3][1], random_uniform(stream, 16, 32), stream);
    c->header_needed = true;
}

static void draw_large(verdict_case *c, size_t i, const deepstruc_catalogue *rich, random_stream *stream)
{
    sample_atoms crystal;
    size_t metal = (i * 5 + random_below(stream, 5)) % N_METALS;
    double diameter = random_uniform(stream, 40, 80), factor = warm(&c->at, stream);
    (void)rich;
    sample_metal(&crystal, metals[metal].lattice, metals[metal].element,
                 factor * deepstruc_element_bulk_bond(metals[metal].element));
    sample_sphere(&c->atoms[0], &crystal, diameter, stream);
    sample_clear(&crystal);
    name_metal(c, metals[metal].element);
    snprintf(c->label, sizeof c->label, "%s sphere of %.0f Å, %zu atoms", c->metal, diameter, c->atoms[0].n);
}

static void draw_bulk(verdict_case *c, size_t i, const deepstruc_catalogue *rich, random_stream *stream)
{
    double factor = warm(&c->at, stream);
    (void)rich;
    sample_metal(&c->atoms[0], metals[i].lattice, metals[i].element,
                 factor * deepstruc_element_bulk_bond(metals[i].element));
    if (c->at.rmax < 25)
        c->truth = TRUTH_BULK_SHORT;
    name_metal(c, metals[i].element);
    snprintf(c->label, sizeof c->label, "bulk %s", c->metal);
}

static void draw_glass(verdict_case *c, size_t i, const deepstruc_catalogue *rich, random_stream *stream)
{
    static const char *const elements[] = {"Pd", "Fe"};
    (void)rich;
    double diameter = random_uniform(stream, 18, 30);
    sample_glass(&c->atoms[0], elements[i], deepstruc_element_bulk_bond(elements[i]), diameter, stream);
    name_metal(c, elements[i]);
    snprintf(c->label, sizeof c->label, "%s, random packing of %zu atoms", c->metal, c->atoms[0].n);
}

/* ---- what is no metal cluster -------------------------------------------------------------------------------------
 */

/* The first metal of a formula, if any. */
static void careless_metal(verdict_case *c)
{
    for (const char *at = c->composition; *at; at++) {
        char symbol[4] = {at[0], at[1] >= 'a' && at[1] <= 'z' ? at[1] : '\0', '\0', '\0'};
        if (*at >= 'A' && *at <= 'Z' && deepstruc_element_is_metal(symbol)) {
            snprintf(c->metal, sizeof c->metal, "%s", symbol);
            return;
        }
    }
}

static void draw_crystal(verdict_case *c, size_t i, const deepstruc_catalogue *rich, random_stream *stream)
{
    const char *name = sample_crystal_name(i);
    (void)rich;
    snprintf(c->composition, sizeof c->composition, "%s", name);
    snprintf(c->label, sizeof c->label, "%s", name);
    careless_metal(c);
    sample_crystal(&c->atoms[0], name);
    if (random_below(stream, 2)) {
        sample_atoms crystal = c->atoms[0];
        double diameter = random_uniform(stream, 18, 40);
        sample_sphere(&c->atoms[0], &crystal, diameter, stream);
        sample_clear(&crystal);
        snprintf(c->label, sizeof c->label, "%s, particle of %.0f Å", name, diameter);
    }
}

static void draw_molecule(verdict_case *c, size_t i, const deepstruc_catalogue *rich, random_stream *stream)
{
    (void)rich;
    (void)stream;
    snprintf(c->composition, sizeof c->composition, "%s", sample_molecules[i]);
    snprintf(c->label, sizeof c->label, "%s, molecule", sample_molecules[i]);
    careless_metal(c);
    sample_molecule(&c->atoms[0], sample_molecules[i]);
}

/* ---- two phases, half of the atoms each ---------------------------------------------------------------------------
 */

static void draw_mixture(verdict_case *c, size_t i, const deepstruc_catalogue *rich, random_stream *stream)
{
    bool sizes = i % 2 == 0;
    size_t metal = sizes ? 1 + random_below(stream, 4) : 0;
    deepstruc_cluster *a = draw_cluster(rich, metal, 30, 90, stream), *b = NULL;
    do {
        deepstruc_cluster_destroy(b);
        b = draw_cluster(rich, metal, sizes ? 600 : 60, sizes ? 1200 : 150, stream);
    } while (!sizes && b->type == a->type);
    sample_cluster(&c->atoms[0], a, 0.03, stream);
    sample_cluster(&c->atoms[1], b, 0.03, stream);
    c->share[0] = c->share[1] = 0.5;
    name_metal(c, metals[metal].element);
    snprintf(c->label, sizeof c->label, "%s %s %zu and %s %zu", c->metal, deepstruc_type_name(a->type), a->n_atoms,
             deepstruc_type_name(b->type), b->n_atoms);
    deepstruc_cluster_destroy(a);
    deepstruc_cluster_destroy(b);
}

static void draw_supported(verdict_case *c, size_t i, const deepstruc_catalogue *rich, random_stream *stream)
{
    static const struct {
        const char *metal, *compound, *composition;
        bool crystal;
    } kinds[] = {{"Pt", "CeO2", "Pt Ce O2", false}, {"Pd", "TiO2", "Pd Ti O2", false}, {"Ni", "Si", "Ni Si", true}};
    sample_atoms crystal;
    sample_metal(&crystal, "fcc", kinds[i].metal, deepstruc_element_bulk_bond(kinds[i].metal));
    double diameter = random_uniform(stream, 15, 30);
    (void)rich;
    sample_sphere(&c->atoms[0], &crystal, diameter, stream);
    sample_clear(&crystal);
    sample_crystal(&c->atoms[1], kinds[i].compound);
    if (!kinds[i].crystal) {
        crystal = c->atoms[1];
        sample_sphere(&c->atoms[1], &crystal, random_uniform(stream, 20, 40), stream);
        sample_clear(&crystal);
    }
    c->share[0] = c->share[1] = 0.5;
    snprintf(c->composition, sizeof c->composition, "%s", kinds[i].composition);
    name_metal(c, kinds[i].metal);
    snprintf(c->label, sizeof c->label, "%s particles of %.0f Å beside %s", c->metal, diameter, kinds[i].compound);
}

/* ---- the cases of a round -----------------------------------------------------------------------------------------
 */

static size_t count_crystals(void)
{
    size_t n = 0;
    while (sample_crystal_name(n))
        n++;
    return n;
}

static size_t count_molecules(void)
{
    size_t n = 0;
    while (sample_molecules[n])
        n++;
    return n;
}

typedef void draw_case(verdict_case *, size_t, const deepstruc_catalogue *, random_stream *);

/* The kind of case i, and its number within the kind; the number of all cases behind the last. */
static size_t kind_of(size_t i, truth_kind *truth, draw_case **draw, size_t *within)
{
    const struct {
        truth_kind truth;
        draw_case *draw;
        size_t n;
    } kinds[] = {{TRUTH_CLUSTER, draw_single, 36},
                 {TRUTH_CLUSTER, draw_like_alloy, 3},
                 {TRUTH_LARGE, draw_large, 4},
                 {TRUTH_BULK, draw_bulk, N_METALS},
                 {TRUTH_NO_CLUSTER, draw_crystal, count_crystals()},
                 {TRUTH_NO_CLUSTER, draw_molecule, count_molecules()},
                 {TRUTH_NO_CLUSTER, draw_unlike_alloy, 3},
                 {TRUTH_GLASS, draw_glass, 2},
                 {TRUTH_MIXTURE, draw_mixture, 8},
                 {TRUTH_SUPPORTED, draw_supported, 3}};
    size_t all = 0;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (i >= all && i < all + kinds[k].n) {
            *truth = kinds[k].truth;
            *draw = kinds[k].draw;
            *within = i - all;
        }
        all += kinds[k].n;
    }
    return all;
}

size_t case_count(void)
{
    truth_kind truth;
    draw_case *draw;
    size_t within;
    return kind_of(SIZE_MAX, &truth, &draw, &within);
}

void case_draw(verdict_case *out, size_t i, uint64_t round, const deepstruc_catalogue *rich, random_stream *stream)
{
    enum { SEED = 61 };
    draw_case *draw = NULL;
    size_t within = 0;
    *out = (verdict_case){.share = {1, 0}};
    random_seed(stream, SEED, round * 1000 + i);
    kind_of(i, &out->truth, &draw, &within);
    out->at = instrument(stream);
    draw(out, within, rich, stream);
}

void case_clear(verdict_case *c)
{
    sample_clear(&c->atoms[0]);
    sample_clear(&c->atoms[1]);
}
