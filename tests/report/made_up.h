/* A solution made by hand: a few small fcc balls, a sum of Gaussians as data, and fits that miss it a little. */
#ifndef TESTS_REPORT_MADE_UP_H
#define TESTS_REPORT_MADE_UP_H

#include <deepstruc/report.h>

#include "support.h"

#define MADE_UP_N 186      /* fit grid 1.5 ... 20 Å by 0.1 */
#define MADE_UP_POINTS 201 /* the file's grid 0 ... 20 Å by 0.1 */
#define MADE_UP_FITS 2
#define MADE_UP_CANDIDATES 16
#define MADE_UP_SPOKEN_OF 13 /* the candidate that the verdict is about, below the top ten */

typedef struct {
    deepstruc_solution solution;
    deepstruc_pdf pdf;
    deepstruc_target target;
    deepstruc_candidate candidate[MADE_UP_CANDIDATES];
    deepstruc_cluster cluster[MADE_UP_CANDIDATES];
    double r[MADE_UP_POINTS], g[MADE_UP_POINTS], fit_g[MADE_UP_N], weight[MADE_UP_N], gcalc[MADE_UP_FITS * MADE_UP_N];
    char *note[2];
} made_up;

static inline double made_up_g(double r, double width)
{
    double sum = 0;
    for (int shell = 1; shell <= 30; shell++) {
        double at = 2.88 * sqrt((double)shell), x = (r - at) / width;
        sum += 12.0 / shell * exp(-0.5 * x * x) * exp(-r / 9);
    }
    return sum - 0.4 * sin(0.9 * r) * exp(-r / 8);
}

/* The fcc sites within `radius` (in bond lengths) of an atom. */
static inline void made_up_ball(deepstruc_cluster *cluster, double radius, double bond)
{
    cluster->xyz = calloc(3 * 8000, sizeof *cluster->xyz);
    assert_non_null(cluster->xyz);
    for (int i = -9; i <= 9; i++)
        for (int j = -9; j <= 9; j++)
            for (int k = -9; k <= 9; k++) {
                double x = i / sqrt(2), y = j / sqrt(2), z = k / sqrt(2);
                if ((i + j + k) % 2 != 0 || x * x + y * y + z * z > radius * radius + 1e-9)
                    continue;
                double *at = cluster->xyz + 3 * cluster->n_atoms++;
                at[0] = bond * x, at[1] = bond * y, at[2] = bond * z;
            }
    cluster->bond_length = bond;
}

static inline void made_up_candidate(made_up *all, int i)
{
    static const deepstruc_type type[] = {DEEPSTRUC_TYPE_DECAHEDRON,  DEEPSTRUC_TYPE_HCP,      DEEPSTRUC_TYPE_FCC,
                                          DEEPSTRUC_TYPE_OCTAHEDRON,  DEEPSTRUC_TYPE_STACKING, DEEPSTRUC_TYPE_TWIN,
                                          DEEPSTRUC_TYPE_ICOSAHEDRON, DEEPSTRUC_TYPE_BCC,      DEEPSTRUC_TYPE_SC,
                                          DEEPSTRUC_TYPE_UNKNOWN};
    deepstruc_cluster *cluster = &all->cluster[i];
    made_up_ball(cluster, 1.5 + 0.15 * i, 2.856);
    cluster->type = type[i % 10];
    strcpy(cluster->element, "Au");
    strcpy(cluster->shape, i == 0 ? "Marks decahedron" : i == 1 ? "" : "sphere");
    snprintf(cluster->name, sizeof cluster->name, "%s %d,%d,0", deepstruc_type_name(cluster->type), i + 1, i);
    all->candidate[i] = (deepstruc_candidate){
        .cluster = cluster,
        .method = "library",
        .group = 1 + i / 3,
        .fit = {.rw = 0.21 + 0.017 * i,
                .rw_weighted = NAN,
                .scale = 0.5,
                .expansion = 1.002,
                .biso = 0.64 + 0.05 * i,
                .esd_scale = 0.01,
                .esd_expansion = 0.0005,
                .esd_biso = 0.03,
                .bond_length = 2.856,
                .converged = true},
    };
}

static inline void made_up_create(made_up *all)
{
    memset(all, 0, sizeof *all);
    for (int i = 0; i < MADE_UP_POINTS; i++)
        all->r[i] = 0.1 * i, all->g[i] = made_up_g(all->r[i], 0.16);
    for (int i = 0; i < MADE_UP_N; i++) {
        double r = 1.5 + 0.1 * i;
        all->fit_g[i] = made_up_g(r, 0.16), all->weight[i] = 1;
        all->gcalc[i] = made_up_g(r, 0.17), all->gcalc[MADE_UP_N + i] = made_up_g(r, 0.2);
    }
    all->note[0] = (char *)"qdamp=0.03: not in the header";
    all->note[1] = (char *)"r from <columns> & not from the header";
    all->pdf = (deepstruc_pdf){.n_points = MADE_UP_POINTS,
                               .r = all->r,
                               .g = all->g,
                               .qmin = 1.33,
                               .qmax = 28,
                               .qdamp = NAN,
                               .qbroad = NAN,
                               .temperature_k = NAN,
                               .wavelength = NAN,
                               .composition = "Au144 S60",
                               .element = "Au",
                               .dialect = "PDFgetX3",
                               .file = "data/Au <144>.gr",
                               .notes = {1, &all->note[1]}};
    all->target = (deepstruc_target){.n = MADE_UP_N,
                                     .rmin = 1.5,
                                     .rstep = 0.1,
                                     .g = all->fit_g,
                                     .weight = all->weight,
                                     .qmin = 1.33,
                                     .qmax = 28,
                                     .qdamp = 0.03,
                                     .assumed = {1, &all->note[0]}};
    for (int i = 0; i < MADE_UP_CANDIDATES; i++)
        made_up_candidate(all, i);
    all->candidate[2].fit.esd_biso = NAN; /* at a bound: no standard deviation */
    all->candidate[2].fit.at_bound = true;
    all->solution = (deepstruc_solution){.settings = deepstruc_solve_settings_default(),
                                         .element = "Au",
                                         .target = &all->target,
                                         .gcalc = all->gcalc,
                                         .n_fits = MADE_UP_FITS,
                                         .n_candidates = MADE_UP_CANDIDATES,
                                         .candidate = all->candidate,
                                         .seconds_read = 0.01,
                                         .seconds_propose = 0.2,
                                         .seconds_refine = 0.5};
    all->solution.settings.top = 10;
    all->solution.verdict = (deepstruc_verdict){.kind = DEEPSTRUC_VERDICT_AMBIGUOUS,
                                                .flags = "mixture,too-large",
                                                .type = DEEPSTRUC_TYPE_DECAHEDRON,
                                                .n_atoms = all->cluster[MADE_UP_SPOKEN_OF].n_atoms,
                                                .i_best = MADE_UP_SPOKEN_OF,
                                                .why = "Decahedra and hcp blocks fit equally well (Rw 0.21 and 0.23)."};
}

static inline void made_up_destroy(made_up *all)
{
    for (int i = 0; i < MADE_UP_CANDIDATES; i++)
        free(all->cluster[i].xyz);
}

#endif
