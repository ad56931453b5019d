/* Timing the Debye engine and the refinement. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include <deepstruc/refine.h>

#include "cli/bench.h"

static double random_number(uint64_t *seed) /* in [-1/2, 1/2) */
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 11) / 9007199254740992.0 - 0.5;
}

/* An icosahedron of gold whose atoms are all a little off their places, so that no two distances are equal. */
static deepstruc_status disordered(deepstruc_cluster **out, int n_shells, deepstruc_diag *diag)
{
    const deepstruc_recipe recipe = deepstruc_recipe_icosahedron(n_shells);
    deepstruc_status status = deepstruc_cluster_build(out, &recipe, 2.88, "Au", diag);
    uint64_t seed = 1;
    for (size_t i = 0; status == DEEPSTRUC_OK && i < 3 * (*out)->n_atoms; i++)
        (*out)->xyz[i] += 0.1 * random_number(&seed);
    return status;
}

/* ---- G(r) ------------------------------------------------------------------------------------------------------- */

typedef struct {
    deepstruc_pdf_settings settings;
    deepstruc_cluster *cluster;
    deepstruc_engine *engine;
    deepstruc_scatter *scatter;
    double *g;
    double biso;
} pdf_work;

static void step(void *data)
{
    pdf_work *work = data;
    work->biso = work->biso < 1 ? work->biso + 0.001 : 0.3;
    deepstruc_scatter_evaluate(work->scatter, 1, work->biso, work->g, NULL, NULL);
}

static void new_structure(void *data)
{
    pdf_work *work = data;
    deepstruc_diag diag;
    if (deepstruc_scatter_load(work->scatter, work->cluster->xyz, work->cluster->n_atoms, 1, &diag) == DEEPSTRUC_OK)
        step(data);
}

/* The Debye sum as it is written: every pair at every Q, then the sine sum at every r. What libdiffpy does too. */
static void plain(void *data)
{
    pdf_work *work = data;
    const deepstruc_pdf_settings *s = &work->settings;
    const double *xyz = work->cluster->xyz, qstep = 0.0983;
    size_t n = work->cluster->n_atoms, n_q = (size_t)(s->qmax / qstep) + 1, n_r = deepstruc_pdf_grid(s, NULL);
    double f[512] = {0}, damping[512];
    for (size_t k = 0; k < n_q; k++)
        damping[k] = exp(-s->biso * (double)(k * k) * qstep * qstep / (8 * M_PI * M_PI));
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double x = xyz[3 * i] - xyz[3 * j], y = xyz[3 * i + 1] - xyz[3 * j + 1],
                   z = xyz[3 * i + 2] - xyz[3 * j + 2];
            double d = sqrt(x * x + y * y + z * z);
            for (size_t k = 0; k < n_q; k++)
                f[k] += damping[k] * sin((double)k * qstep * d) / d;
        }
    for (size_t i = 0; i < n_r; i++) {
        double sum = 0;
        for (size_t k = 8; k < n_q; k++)
            sum += f[k] * sin((double)k * qstep * (double)i * s->rstep);
        work->g[i] = 4 / M_PI * qstep / (double)n * sum;
    }
}

static deepstruc_status time_pdf(bench_result *out, int n_shells, void (*what)(void *data), deepstruc_diag *diag)
{
    pdf_work work = {.settings = deepstruc_pdf_settings_default(), .biso = 0.3};
    deepstruc_status status = disordered(&work.cluster, n_shells, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_engine_create(&work.engine, &work.settings, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_scatter_create(&work.scatter, work.engine, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_scatter_load(work.scatter, work.cluster->xyz, work.cluster->n_atoms, 1, diag);
    if (status == DEEPSTRUC_OK) {
        work.g = calloc(deepstruc_pdf_grid(&work.settings, NULL), sizeof *work.g);
        if (work.g) {
            bench_time(out, what, &work);
            out->reference_s = bench_once(plain, &work);
        } else {
            *diag = (deepstruc_diag){.status = status = DEEPSTRUC_NO_MEMORY, .message = "out of memory"};
        }
    }
    free(work.g);
    deepstruc_scatter_destroy(work.scatter);
    deepstruc_engine_destroy(work.engine);
    deepstruc_cluster_destroy(work.cluster);
    return status;
}

static deepstruc_status new_147(bench_result *out, long threads, deepstruc_diag *diag)
{
    (void)threads;
    return time_pdf(out, 4, new_structure, diag);
}

static deepstruc_status new_923(bench_result *out, long threads, deepstruc_diag *diag)
{
    (void)threads;
    return time_pdf(out, 7, new_structure, diag);
}

static deepstruc_status step_147(bench_result *out, long threads, deepstruc_diag *diag)
{
    (void)threads;
    return time_pdf(out, 4, step, diag);
}

static deepstruc_status step_923(bench_result *out, long threads, deepstruc_diag *diag)
{
    (void)threads;
    return time_pdf(out, 7, step, diag);
}

/* ---- refinement ------------------------------------------------------------------------------------------------- */

typedef struct {
    deepstruc_target *target;
    deepstruc_refiner **refiner; /* one for each thread */
    int n_refiners;
    deepstruc_cluster **cluster;
    long n_clusters;
} fit_work;

static void fit_all(void *data)
{
    fit_work *work = data;
#pragma omp parallel for num_threads(work->n_refiners) schedule(dynamic, 1)
    for (long i = 0; i < work->n_clusters; i++) {
        deepstruc_fit fit;
        deepstruc_diag diag;
        deepstruc_refine(work->refiner[omp_get_thread_num()], work->cluster[i], 1, &fit, NULL, &diag);
    }
}

/* A measured-like target: a disordered decahedron of 192 atoms on a grid of 0.01 Å to 20 Å, with its header. */
static deepstruc_status make_target(deepstruc_target **out, deepstruc_diag *diag)
{
    const deepstruc_recipe recipe = deepstruc_recipe_decahedron(2, 3, 1);
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    deepstruc_refine_settings refine = deepstruc_refine_settings_default();
    deepstruc_cluster *cluster = NULL;
    deepstruc_pdf *pdf = NULL;
    uint64_t seed = 2;
    settings.rmax = 21;
    settings.qdamp = refine.qdamp = 0.03;
    refine.qmin = settings.qmin;
    refine.qmax = settings.qmax;
    deepstruc_status status = deepstruc_cluster_build(&cluster, &recipe, 2.88, "Au", diag);
    for (size_t i = 0; status == DEEPSTRUC_OK && i < 3 * cluster->n_atoms; i++)
        cluster->xyz[i] += 0.2 * random_number(&seed);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_pdf_simulate(&pdf, cluster, &settings, DEEPSTRUC_MODE_EXACT, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_target_create(out, pdf, &refine, diag);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
    return status;
}

/* n recipes, `stride` bytes apart, their atoms moved by up to half of `disorder` Å along each axis. */
static deepstruc_status time_fits(bench_result *out, const deepstruc_recipe *recipe, size_t stride, long n,
                                  double disorder, int threads, deepstruc_diag *diag)
{
    uint64_t seed = 3;
    fit_work work = {.n_refiners = threads, .n_clusters = n};
    work.refiner = calloc((size_t)threads, sizeof(deepstruc_refiner *));
    work.cluster = calloc((size_t)n, sizeof(deepstruc_cluster *));
    deepstruc_status status = work.refiner && work.cluster ? DEEPSTRUC_OK : DEEPSTRUC_NO_MEMORY;
    if (status == DEEPSTRUC_OK)
        status = make_target(&work.target, diag);
    for (int t = 0; status == DEEPSTRUC_OK && t < threads; t++)
        status = deepstruc_refiner_create(&work.refiner[t], work.target, diag);
    for (long i = 0; status == DEEPSTRUC_OK && i < n; i++)
        status = deepstruc_cluster_build(
            &work.cluster[i], (const deepstruc_recipe *)(const void *)((const char *)recipe + (size_t)i * stride), 2.88,
            "Au", diag);
    for (long i = 0; status == DEEPSTRUC_OK && disorder > 0 && i < n; i++)
        for (size_t k = 0; k < 3 * work.cluster[i]->n_atoms; k++)
            work.cluster[i]->xyz[k] += disorder * random_number(&seed);
    if (status == DEEPSTRUC_OK)
        bench_time(out, fit_all, &work);
    out->reference_s = NAN;
    for (long i = 0; work.cluster && i < n; i++)
        deepstruc_cluster_destroy(work.cluster[i]);
    for (int t = 0; work.refiner && t < threads; t++)
        deepstruc_refiner_destroy(work.refiner[t]);
    deepstruc_target_destroy(work.target);
    free(work.cluster);
    free(work.refiner);
    return status;
}

static deepstruc_status refine_200(bench_result *out, long threads, deepstruc_diag *diag)
{
    (void)threads;
    const deepstruc_recipe recipe =
        deepstruc_recipe_fcc(4, 6, 8); /* 201 atoms or so: another family than the target's */
    return time_fits(out, &recipe, 0, 1, 0, 1, diag);
}

static deepstruc_status library_197(bench_result *out, long threads, deepstruc_diag *diag)
{
    deepstruc_catalogue *catalogue = NULL;
    deepstruc_status status = deepstruc_catalogue_paper(&catalogue, diag);
    if (status == DEEPSTRUC_OK)
        status = time_fits(out, &catalogue->entry->recipe, sizeof *catalogue->entry, (long)catalogue->n, 0,
                           threads ? (int)threads : omp_get_max_threads(), diag);
    deepstruc_catalogue_destroy(catalogue);
    return status;
}

/* As samples of a model come: no two distances are equal, no symmetry helps. */
static deepstruc_status refine_1000(bench_result *out, long threads, deepstruc_diag *diag)
{
    enum { N_FITS = 1000 };
    deepstruc_catalogue *catalogue = NULL;
    deepstruc_status status = deepstruc_catalogue_rich(&catalogue, 85, 110, diag);
    if (status == DEEPSTRUC_OK)
        status = time_fits(out, &catalogue->entry->recipe, sizeof *catalogue->entry,
                           catalogue->n < N_FITS ? (long)catalogue->n : N_FITS, 0.1,
                           threads ? (int)threads : omp_get_max_threads(), diag);
    deepstruc_catalogue_destroy(catalogue);
    return status;
}

const bench_row bench_pdf_rows[] = {
    {"pdf_new_147", "G(r) of a new structure of 147 atoms, all disordered, 0 to 30 A in 0.01 A", new_147},
    {"pdf_new_923", "the same of 923 atoms", new_923},
    {"pdf_step_147", "G(r) again with another Biso, 147 atoms", step_147},
    {"pdf_step_923", "the same of 923 atoms", step_923},
    {"refine_200", "scale, expansion and Biso of 200 atoms fitted to 20 A, one thread", refine_200},
    {"library_197", "the 197 published shapes fitted, all threads", library_197},
    {"refine_1000", "1,000 structures of about 100 atoms, all disordered, fitted, all threads", refine_1000},
    {0}};
