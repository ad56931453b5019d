/* Are groups, families and sizes honest? Made-up measurements of published shapes, with disorder, ligands, ripples and
 * a qdamp that nobody knows, are solved. How often is the true shape in group 1, and how large is that; how often has
 * its family the largest probability; how often do the intervals hold its size, and how wide are they?
 *
 *   bench_groups [N [FIRST]]     60 measurements */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"
#include <deepstruc/solve.h>

typedef struct {
    size_t n, in_group, family, atoms_held, diameter_held, found;
    double *group_size, width;
} tally;

/* Mean squared distance from the centre in bond lengths: with the number of atoms, it names a shape. */
static double spread_of(const deepstruc_cluster *cluster)
{
    double mean[3] = {0, 0, 0}, sum = 0, bond = deepstruc_cluster_mean_bond(cluster);
    for (size_t i = 0; i < 3 * cluster->n_atoms; i++)
        mean[i % 3] += cluster->xyz[i] / (double)cluster->n_atoms;
    for (size_t i = 0; i < 3 * cluster->n_atoms; i++)
        sum += (cluster->xyz[i] - mean[i % 3]) * (cluster->xyz[i] - mean[i % 3]);
    return sum / (double)cluster->n_atoms / (bond * bond);
}

static bool holds(const deepstruc_interval *interval, double value)
{
    return value >= interval->low - 1e-6 && value <= interval->high + 1e-6;
}

static void count(tally *t, const deepstruc_solution *s, const deepstruc_cluster *truth)
{
    const deepstruc_candidate *found = NULL;
    size_t group_size = 0;
    double spread = spread_of(truth);
    for (size_t i = 0; i < s->n_candidates; i++) {
        const deepstruc_candidate *c = &s->candidate[i];
        group_size += c->group == 1;
        if (!found && c->cluster->n_atoms == truth->n_atoms && fabs(spread_of(c->cluster) / spread - 1) < 1e-5)
            found = c;
    }
    const deepstruc_candidate real = {.cluster = (deepstruc_cluster *)truth,
                                      .fit = {.bond_length = deepstruc_cluster_mean_bond(truth)}};
    const char *family = deepstruc_type_family(truth->type);
    double diameter = deepstruc_candidate_diameter(&real);
    bool in_group = found && found->group == 1,
         first = strcmp(deepstruc_type_name(s->evidence.family[0].type), family) == 0,
         atoms = holds(&s->evidence.n_atoms, (double)truth->n_atoms), size = holds(&s->evidence.diameter, diameter);
    t->group_size[t->n++] = (double)group_size;
    t->found += found != NULL;
    t->in_group += in_group;
    t->family += first;
    t->atoms_held += atoms;
    t->diameter_held += size;
    t->width += 0.5 * (s->evidence.diameter.high - s->evidence.diameter.low) / diameter;
    printf("%-18s %4zu atoms, Rw %.3f: %s of %zu; family %s (%.2f), diameter %.1f in %.1f to %.1f\n", truth->name,
           truth->n_atoms, s->candidate[0].fit.rw, in_group ? "in group 1" : "NOT in group 1", group_size,
           deepstruc_type_name(s->evidence.family[0].type), s->evidence.family[0].probability, diameter,
           s->evidence.diameter.low, s->evidence.diameter.high);
    fflush(stdout);
}

static deepstruc_cluster *draw_shape(const deepstruc_catalogue *paper, const char *element, random_stream *stream)
{
    const deepstruc_catalogue_entry *entry;
    deepstruc_type type;
    do { /* types first, so that none is rare */
        type = (deepstruc_type)random_below(stream, DEEPSTRUC_TYPE_STACKING);
        entry = &paper->entry[random_below(stream, paper->n)];
    } while (entry->recipe.type != type || entry->n_atoms < 13);
    double bond = deepstruc_element_bulk_bond(element) * random_uniform(stream, 0.975, 1.005);
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    if (deepstruc_cluster_build(&cluster, &entry->recipe, type == DEEPSTRUC_TYPE_BCC ? bond * 2 / sqrt(3) : bond,
                                element, &diag) != DEEPSTRUC_OK)
        sample_stop(&diag);
    return cluster;
}

static void try_one(tally *t, const deepstruc_catalogue *paper, uint64_t number)
{
    static const char *const elements[] = {"Au", "Pt", "Pd", "Ag", "Cu", "Ni"};
    random_stream stream;
    random_seed(&stream, 77, number);
    const char *element = elements[random_below(&stream, 6)];
    deepstruc_cluster *truth = draw_shape(paper, element, &stream);
    sample_atoms atoms;
    sample_cluster(&atoms, truth, random_uniform(&stream, 0, 0.08), &stream);
    bool thiol = strcmp(element, "Au") == 0 || strcmp(element, "Ag") == 0;
    if (thiol && random_below(&stream, 2))
        sample_add_sulphur(&atoms, deepstruc_cluster_mean_bond(truth), 0.5, &stream);
    sample_instrument at =
        sample_draw_instrument(random_below(&stream, 3) ? SAMPLE_SYNCHROTRON : SAMPLE_LABORATORY, &stream);
    at.rstep = 0.02, at.rmax = fmin(at.rmax, 30);
    deepstruc_pdf *pdf = sample_measured(&atoms, element, &at, &stream);
    deepstruc_solve_settings settings = deepstruc_solve_settings_default();
    deepstruc_solution *solution;
    deepstruc_diag diag;
    settings.methods = "library";
    if (deepstruc_solve(&solution, pdf, &settings, NULL, &diag) != DEEPSTRUC_OK)
        sample_stop(&diag);
    count(t, solution, truth);
    deepstruc_solution_destroy(solution);
    deepstruc_pdf_destroy(pdf);
    sample_clear(&atoms);
    deepstruc_cluster_destroy(truth);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? (size_t)atol(argv[1]) : 60, first = argc > 2 ? (size_t)atol(argv[2]) : 0;
    tally t = {.group_size = calloc(n + 1, sizeof *t.group_size)};
    deepstruc_catalogue *paper;
    deepstruc_diag diag;
    if (!t.group_size || deepstruc_catalogue_paper(&paper, &diag) != DEEPSTRUC_OK)
        exit(1);
    double mean = 0;
    for (size_t i = 0; i < n; i++)
        try_one(&t, paper, first + i);
    qsort(t.group_size, t.n, sizeof *t.group_size, by_value);
    for (size_t i = 0; i < t.n; i++)
        mean += t.group_size[i] / (double)t.n;
    printf(
        "\n%zu measurements; truth among the candidates %zu, in group 1 %zu; group 1 has %.0f (median), %.0f (mean); "
        "right family first %zu; 68 %% interval holds the atoms %zu, the diameter %zu, half width %.1f %%\n",
        t.n, t.found, t.in_group, t.group_size[t.n / 2], mean, t.family, t.atoms_held, t.diameter_held,
        100 * t.width / (double)t.n);
    deepstruc_catalogue_destroy(paper);
    free(t.group_size);
    return 0;
}
