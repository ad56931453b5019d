/* Rows of `deepstruc bench`: what the default model answers. */
#include <omp.h>
#include <stdlib.h>

#include <deepstruc/latent.h>

#include "cli/bench.h"
#include "cli/cli.h"

enum { N_SAMPLES = 1000 };

typedef struct {
    deepstruc_latent_model *model;
    deepstruc_pdf *pdf;
} sample_work;

static deepstruc_status open_default(deepstruc_latent_model **out, deepstruc_diag *diag)
{
    char path[4096];
    if (cli_find_model(NULL, path, sizeof path))
        return deepstruc_latent_open(out, path, diag);
    *diag = (deepstruc_diag){.status = DEEPSTRUC_UNAVAILABLE,
                             .message = "the default model was not found; it belongs into models/"};
    return diag->status;
}

static deepstruc_status decode_1000(bench_result *out, long threads, deepstruc_diag *diag)
{
    double each[BENCH_REPEATS];
    deepstruc_latent_model *model = NULL;
    deepstruc_status status = open_default(&model, diag);
    int before = omp_get_max_threads();
    if (threads)
        omp_set_num_threads((int)threads);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_latent_decode_pace(model, N_SAMPLES, each, BENCH_REPEATS, diag);
    omp_set_num_threads(before);
    if (status == DEEPSTRUC_OK)
        bench_take(out, each);
    deepstruc_latent_close(model);
    return status;
}

static void draw_samples(void *data)
{
    const sample_work *work = data;
    const deepstruc_latent_draw draw = {.n_samples = N_SAMPLES, .sigma = 3, .max_atoms = 1500};
    const deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    deepstruc_latent_samples *samples;
    deepstruc_diag diag;
    if (deepstruc_latent_sample_at(&samples, work->model, work->pdf, &settings, &draw, &diag) == DEEPSTRUC_OK)
        deepstruc_latent_samples_destroy(samples);
}

static deepstruc_status samples_1000(bench_result *out, long threads, deepstruc_diag *diag)
{
    (void)threads;
    const deepstruc_recipe recipe = deepstruc_recipe_decahedron(2, 3, 1);
    const deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    sample_work work = {0};
    deepstruc_cluster *cluster = NULL;
    deepstruc_status status = open_default(&work.model, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_cluster_build(&cluster, &recipe, 2.88, "Au", diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_pdf_simulate(&work.pdf, cluster, &settings, DEEPSTRUC_MODE_EXACT, diag);
    int before = omp_get_max_threads();
    omp_set_num_threads(1);
    if (status == DEEPSTRUC_OK)
        bench_time(out, draw_samples, &work);
    omp_set_num_threads(before);
    deepstruc_pdf_destroy(work.pdf);
    deepstruc_cluster_destroy(cluster);
    deepstruc_latent_close(work.model);
    return status;
}

const bench_row bench_model_rows[] = {
    {"decode_1000", "1,000 latent vectors decoded to occupied sites, all threads", decode_1000},
    {"samples_1000", "1,000 samples for one PDF: bond lengths tried, prior, decoder, distinct clusters, one thread",
     samples_1000},
    {0}};
