/* What screening loses: N simulated PDFs of random shapes of the published catalogue, with random instruments and noise
 * and a qdamp that the fit does not know, are fitted with all 197 shapes in full and screened. How often is the best
 * full fit not among the first K of the screen?
 *
 *   bench_screen [N]     200 PDFs */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "processor.h"
#include <deepstruc/refine.h>

enum { N_WANTED = 600, N_POINTS = 1100 }; /* 0 to 22 Å in steps of 0.02 Å */

typedef struct {
    double qmin, qmax, qdamp, biso, bond, noise;
    int power;
    size_t i_entry;
} sample;

static void stop(const deepstruc_diag *diag)
{
    char text[1024];
    deepstruc_diag_text(diag, text, sizeof text);
    fprintf(stderr, "bench_screen: %s\n", text);
    exit(1);
}

static sample draw(random_stream *stream, size_t n_entries)
{
    return (sample){.qmin = random_uniform(stream, 0.6, 1.5),
                    .qmax = random_uniform(stream, 14, 28),
                    .qdamp = random_uniform(stream, 0.01, 0.06),
                    .biso = random_uniform(stream, 0.2, 1.2),
                    .bond = random_uniform(stream, 2.5, 3),
                    .noise = random_uniform(stream, 0.01, 0.3),
                    .power = (int)random_below(stream, 3),
                    .i_entry = (size_t)random_below(stream, n_entries)};
}

/* G of the sample, with noise in F(Q) ~ Q^power whose rms is `noise` times that of G. */
static deepstruc_pdf *simulate(const sample *s, const deepstruc_cluster *cluster, random_stream *stream)
{
    deepstruc_diag diag;
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    settings.qmin = s->qmin;
    settings.qmax = s->qmax;
    settings.qdamp = s->qdamp;
    settings.rmax = 22;
    settings.rstep = 0.02;
    deepstruc_engine *engine;
    deepstruc_scatter *scatter;
    deepstruc_pdf *pdf;
    double r[N_POINTS], g[N_POINTS], noise[N_POINTS] = {0}, sum_g = 0, sum_noise = 0, dq = M_PI / 50;
    if (deepstruc_engine_create(&engine, &settings, &diag) || deepstruc_scatter_create(&scatter, engine, &diag) ||
        deepstruc_scatter_load(scatter, cluster->xyz, cluster->n_atoms, s->bond, &diag))
        stop(&diag);
    deepstruc_scatter_evaluate(scatter, 1, s->biso, g, NULL, NULL);
    for (int k = 1; k * dq < s->qmax; k++) {
        double f = random_normal(stream) * pow(k * dq, s->power);
        for (size_t i = 0; i < N_POINTS; i++)
            noise[i] += f * sin(k * dq * 0.02 * (double)i);
    }
    for (size_t i = 75; i < 1000; i++) {
        sum_g += g[i] * g[i];
        sum_noise += noise[i] * noise[i];
    }
    for (size_t i = 0; i < N_POINTS; i++) {
        r[i] = 0.02 * (double)i;
        g[i] += noise[i] * s->noise * sqrt(sum_g / sum_noise);
    }
    if (deepstruc_pdf_create(&pdf, r, g, NULL, N_POINTS, &diag))
        stop(&diag);
    deepstruc_scatter_destroy(scatter);
    deepstruc_engine_destroy(engine);
    return pdf;
}

/* Wilson's 95 % interval of a fraction. */
static void interval(size_t count, size_t n, double *low, double *high)
{
    double z = 1.96, p = (double)count / (double)n, m = (double)n, centre = p + z * z / (2 * m),
           half = z * sqrt(p * (1 - p) / m + z * z / (4 * m * m));
    *low = fmax(0, (centre - half) / (1 + z * z / m));
    *high = (centre + half) / (1 + z * z / m);
}

int main(int argc, char **argv)
{
    size_t n_pdfs = argc > 1 ? (size_t)atol(argv[1]) : 60, n_min = argc > 3 ? (size_t)atol(argv[2]) : 100,
           n_max = argc > 3 ? (size_t)atol(argv[3]) : 130;
    deepstruc_diag diag;
    deepstruc_catalogue *catalogue;
    if (deepstruc_catalogue_rich(&catalogue, n_min, n_max, &diag))
        stop(&diag);
    size_t n = catalogue->n;
    deepstruc_refine_job *jobs = calloc(n, sizeof *jobs);
    deepstruc_screen_hit *hits = calloc(N_WANTED, sizeof *hits);
    deepstruc_cluster **clusters = calloc(n, sizeof *clusters);
    if (!jobs || !hits || !clusters)
        return 1;
    for (size_t i = 0; i < n; i++) {
        if (deepstruc_cluster_build(&clusters[i], &catalogue->entry[i].recipe, 1, "X", &diag))
            stop(&diag);
        double bond = deepstruc_cluster_mean_bond(clusters[i]);
        jobs[i] = (deepstruc_refine_job){.cluster = clusters[i], .unit_low = 2.3 / bond, .unit_high = 3.2 / bond};
    }
    static const size_t kept[] = {1, 10, 100, N_WANTED};
    enum { N_KEPT = sizeof kept / sizeof *kept };
    size_t lost[N_KEPT] = {0}, n_right = 0;
    double full_s = 0, screen_s = 0;
    for (size_t i_pdf = 0; i_pdf < n_pdfs; i_pdf++) {
        random_stream stream;
        random_seed(&stream, 4, i_pdf);
        sample s = draw(&stream, n);
        deepstruc_pdf *pdf = simulate(&s, clusters[s.i_entry], &stream);
        deepstruc_refine_settings settings = deepstruc_refine_settings_default();
        settings.qmin = s.qmin;
        settings.qmax = s.qmax;
        settings.qdamp = 0.03;
        deepstruc_target *target;
        size_t n_found, i_best = 0, rank = 0;
        double start = processor_seconds();
        if (deepstruc_target_create(&target, pdf, &settings, &diag) ||
            deepstruc_refine_many(target, jobs, n, 1, "fit", NULL, &diag))
            stop(&diag);
        full_s += processor_seconds() - start;
        start = processor_seconds();
        if (deepstruc_refine_screen(target, catalogue->entry, n, 2.3, 3.2, hits, N_WANTED, &n_found, 1, "screen", NULL,
                                    &diag))
            stop(&diag);
        screen_s += processor_seconds() - start;
        for (size_t i = 1; i < n; i++)
            if (jobs[i].fit.rw < jobs[i_best].fit.rw)
                i_best = i;
        while (rank < n_found && hits[rank].i_entry != i_best)
            rank++;
        n_right += i_best == s.i_entry;
        for (size_t k = 0; k < N_KEPT; k++)
            lost[k] += rank >= kept[k];
        deepstruc_target_destroy(target);
        deepstruc_pdf_destroy(pdf);
    }
    printf("%zu PDFs, %zu shapes: full fits %.1f ms, screen %.1f ms per PDF (one thread); best fit is the true shape "
           "in %zu\n",
           n_pdfs, n, 1e3 * full_s / (double)n_pdfs, 1e3 * screen_s / (double)n_pdfs, n_right);
    for (size_t k = 0; k < N_KEPT; k++) {
        double low, high;
        interval(lost[k], n_pdfs, &low, &high);
        printf("best fit not among the first %3zu of the screen: %zu (%.2f %%, 95 %% interval %.2f to %.2f %%)\n",
               kept[k], lost[k], 100 * (double)lost[k] / (double)n_pdfs, 100 * low, 100 * high);
    }
    for (size_t i = 0; i < n; i++)
        deepstruc_cluster_destroy(clusters[i]);
    free(clusters);
    free(jobs);
    free(hits);
    deepstruc_catalogue_destroy(catalogue);
    return 0;
}
