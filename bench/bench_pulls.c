/* Are the standard deviations true? N noisy PDFs per noise model and structure are fitted with the structure they were
 * made from; a pull is (fitted - true) / standard deviation, and the pulls' standard deviation should be 1.
 *
 *   bench_pulls [N [PERCENT]]     500 PDFs, noise of 5 % of the rms of G over 1.5 to 20 Å */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include <deepstruc/refine.h>

static const double qmin = 0.8, qmax = 25, qdamp = 0.03, biso = 0.6, scale = 0.5, bond = 2.8;

static void stop(const deepstruc_diag *diag)
{
    char text[1024];
    deepstruc_diag_text(diag, text, sizeof text);
    fprintf(stderr, "bench_pulls: %s\n", text);
    exit(1);
}

/* Sites of fcc within `radius` nearest-neighbour distances of (offset, offset, offset). */
static deepstruc_cluster *ball(double radius, double offset)
{
    static const double basis[4][3] = {{0, 0, 0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}};
    double xyz[3 * 2000];
    size_t n = 0;
    for (int cell = 0; cell < 9 * 9 * 9; cell++)
        for (int b = 0; b < 4; b++) {
            double x = sqrt(2) * (cell % 9 - 4 + basis[b][0]) - offset,
                   y = sqrt(2) * (cell / 9 % 9 - 4 + basis[b][1]) - offset,
                   z = sqrt(2) * (cell / 81 - 4 + basis[b][2]) - offset;
            if (x * x + y * y + z * z > radius * radius || n == 2000)
                continue;
            memcpy(xyz + 3 * n++, (double[3]){x, y, z}, 3 * sizeof *xyz);
        }
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    if (deepstruc_cluster_create(&cluster, n, &diag))
        stop(&diag);
    memcpy(cluster->xyz, xyz, 3 * n * sizeof *xyz);
    return cluster;
}

/* The target of the clean curve of `cluster`, which the caller adds noise to. */
static deepstruc_target *clean_target(const deepstruc_cluster *cluster)
{
    deepstruc_diag diag;
    double r[220], g[220];
    for (size_t i = 0; i < 220; i++) {
        r[i] = 0.1 * (double)i;
        g[i] = 1;
    }
    deepstruc_pdf *pdf;
    deepstruc_target *target;
    deepstruc_scatter *scatter;
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    settings.qmin = qmin;
    settings.qmax = qmax;
    settings.qdamp = qdamp;
    if (deepstruc_pdf_create(&pdf, r, g, NULL, 220, &diag) || deepstruc_target_create(&target, pdf, &settings, &diag) ||
        deepstruc_scatter_create(&scatter, target->engine, &diag) ||
        deepstruc_scatter_load(scatter, cluster->xyz, cluster->n_atoms, bond, &diag))
        stop(&diag);
    deepstruc_scatter_evaluate(scatter, 1, biso, target->g, NULL, NULL);
    for (size_t i = 0; i < target->n; i++)
        target->g[i] *= scale;
    deepstruc_scatter_destroy(scatter);
    deepstruc_pdf_destroy(pdf);
    return target;
}

/* Gaussian noise of F(Q) with standard deviation proportional to Q^power up to Qmax, as a curve of unit rms. */
static void noise(const deepstruc_target *target, int power, random_stream *stream, double *out)
{
    double dq = M_PI / 50, sum = 0;
    memset(out, 0, target->n * sizeof *out);
    for (int k = 1; k * dq <= qmax; k++) {
        double f = random_normal(stream) * pow(k * dq, power);
        for (size_t i = 0; i < target->n; i++)
            out[i] += f * sin(k * dq * (target->rmin + (double)i * target->rstep));
    }
    for (size_t i = 0; i < target->n; i++)
        sum += out[i] * out[i];
    for (size_t i = 0; i < target->n; i++)
        out[i] /= sqrt(sum / (double)target->n);
}

static void study(const deepstruc_cluster *cluster, int power, size_t n_pdfs, double percent)
{
    deepstruc_diag diag;
    deepstruc_target *target = clean_target(cluster);
    double *clean = malloc(target->n * sizeof *clean), *error = malloc(target->n * sizeof *error), rms = 0;
    double sum[3] = {0}, sum2[3] = {0}, relative[3] = {0};
    if (!clean || !error)
        exit(1);
    memcpy(clean, target->g, target->n * sizeof *clean);
    for (size_t i = 0; i < target->n; i++)
        rms += clean[i] * clean[i] / (double)target->n;
    size_t n_bound = 0;
    for (size_t i_pdf = 0; i_pdf < n_pdfs; i_pdf++) {
        random_stream stream;
        random_seed(&stream, (uint64_t)power, i_pdf);
        noise(target, power, &stream, error);
        for (size_t i = 0; i < target->n; i++)
            target->g[i] = clean[i] + percent / 100 * sqrt(rms) * error[i];
        deepstruc_refiner *refiner;
        deepstruc_fit fit;
        if (deepstruc_refiner_create(&refiner, target, &diag) ||
            deepstruc_refine(refiner, cluster, bond, &fit, NULL, &diag))
            stop(&diag);
        deepstruc_refiner_destroy(refiner);
        double pull[3] = {(fit.scale - scale) / fit.esd_scale, (fit.expansion - 1) / fit.esd_expansion,
                          (fit.biso - biso) / fit.esd_biso};
        double size[3] = {fit.esd_scale / scale, fit.esd_expansion, fit.esd_biso};
        n_bound += fit.at_bound;
        for (int k = 0; k < 3 && !fit.at_bound; k++) {
            sum[k] += pull[k];
            sum2[k] += pull[k] * pull[k];
            relative[k] += size[k];
        }
    }
    double n = (double)(n_pdfs - n_bound);
    printf("%5zu  Q^%d  ", cluster->n_atoms, power);
    for (int k = 0; k < 3; k++)
        printf("  %5.2f %5.3f", sum[k] / n, sqrt(sum2[k] / n - sum[k] * sum[k] / n / n));
    printf("   %.2g %.2g %.2g  %zu\n", relative[0] / n, relative[1] / n, relative[2] / n, n_bound);
    free(clean);
    free(error);
    deepstruc_target_destroy(target);
}

int main(int argc, char **argv)
{
    size_t n_pdfs = argc > 1 ? (size_t)atol(argv[1]) : 500;
    double percent = argc > 2 ? atof(argv[2]) : 5;
    printf("%zu PDFs a row, noise %g %%; mean and standard deviation of the pulls\n", n_pdfs, percent);
    printf("atoms noise        scale         expansion     Biso        mean esd (scale relative, expansion, Biso), at "
           "bound\n");
    const double radius[] = {1.01, 1.8, 2.5}, offset[] = {0, 0.2, 0.35};
    for (int i = 0; i < 3; i++) {
        deepstruc_cluster *cluster = ball(radius[i], offset[i]);
        for (int power = 0; power <= 2; power++)
            study(cluster, power, n_pdfs, percent);
        deepstruc_cluster_destroy(cluster);
    }
    return 0;
}
