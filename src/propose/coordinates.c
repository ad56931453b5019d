#include "propose/coordinates.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "cluster/classify.h"
#include "model/deepstruc_2023_file.h"

enum { ROWS = 64, MAX_LATENT = 64 };

struct coordinates_model {
    deepstruc_2023 *net;
    deepstruc_2023_scale scale;
    float *input; /* n_points */
};

deepstruc_status coordinates_load(coordinates_model **out, const char *path, deepstruc_diag *diag)
{
    coordinates_model *model = memory_zeroed(1, sizeof *model);
    if (!model)
        return diag_no_memory(diag);
    deepstruc_status status = deepstruc_2023_load(&model->net, &model->scale, path, ROWS, diag);
    if (status == DEEPSTRUC_OK && !(model->input = memory_zeroed(model->net->settings.n_points, sizeof(float))))
        status = diag_no_memory(diag);
    if (status == DEEPSTRUC_OK)
        *out = model;
    else
        coordinates_destroy(model);
    return status;
}

void coordinates_destroy(coordinates_model *model)
{
    if (!model)
        return;
    deepstruc_2023_destroy(model->net);
    free(model->input);
    free(model);
}

const char *coordinates_name(const coordinates_model *model)
{
    return model->net->settings.plain ? DEEPSTRUC_2023_PLAIN : DEEPSTRUC_2023_NAME;
}

size_t coordinates_n_latent(const coordinates_model *model)
{
    return model->net->settings.n_latent;
}

/* The PDF on the network's grid, divided by its maximum. */
static deepstruc_status read_input(coordinates_model *model, const deepstruc_pdf *pdf, double qmax,
                                   deepstruc_diag *diag)
{
    size_t n = model->net->settings.n_points;
    double rmin = model->scale.rmin, rstep = model->scale.rstep, top = 0;
    double low = ceil((pdf->r[0] - rmin) / rstep - 1e-6),
           high = floor((pdf->r[pdf->n_points - 1] - rmin) / rstep + 1e-6);
    size_t first = low > 0 ? (size_t)fmin(low, (double)n) : 0, end = high >= 0 ? (size_t)fmin(high + 1, (double)n) : 0;
    if (end < first + n / 2)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, pdf->file, 0,
                            "this network reads G(r) from %g to %g A and the data hold less than half of it", rmin,
                            rmin + rstep * (double)(n - 1));
    double *g = memory_zeroed(end - first, sizeof *g);
    if (!g)
        return diag_no_memory(diag);
    double start = fmax(rmin + rstep * (double)first, pdf->r[0]);
    deepstruc_status status = deepstruc_pdf_resample(pdf, start, rstep, end - first, qmax, g, diag);
    memset(model->input, 0, n * sizeof *model->input);
    for (size_t i = 0; i < end - first; i++)
        top = fmax(top, g[i]);
    for (size_t i = first; i < end && top > 0; i++)
        model->input[i] = (float)(g[i - first] / top);
    free(g);
    return status;
}

deepstruc_status coordinates_prior(coordinates_model *model, const deepstruc_pdf *pdf, double qmax, double *mean,
                                   double *sigma, deepstruc_diag *diag)
{
    float m[MAX_LATENT], log_var[MAX_LATENT];
    deepstruc_status status = read_input(model, pdf, qmax, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    deepstruc_2023_prior(model->net, m, log_var, model->input, 1);
    for (size_t k = 0; k < model->net->settings.n_latent; k++) {
        mean[k] = (double)m[k];
        sigma[k] = exp((double)log_var[k] / 2);
    }
    return DEEPSTRUC_OK;
}

/* The fit's cost does not mind atoms on one another, but nothing metallic is that dense. */
static bool has_room(const double *xyz, size_t n)
{
    static const double CLOSEST = 1.0; /* Å */
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            double x = xyz[3 * i] - xyz[3 * j], y = xyz[3 * i + 1] - xyz[3 * j + 1],
                   z = xyz[3 * i + 2] - xyz[3 * j + 2];
            if (x * x + y * y + z * z < CLOSEST * CLOSEST)
                return false;
        }
    return n >= 2;
}

static deepstruc_status cluster_of_rows(const coordinates_model *model, const float *rows, bool any,
                                        deepstruc_cluster **out, deepstruc_diag *diag)
{
    const deepstruc_2023_settings *s = &model->net->settings;
    deepstruc_cluster *cluster;
    deepstruc_status status = deepstruc_cluster_create(&cluster, s->n_atoms, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    const double furthest = 1e4; /* Å; beyond it the network is damaged, and so it is with what is not finite */
    bool near = true;
    cluster->n_atoms = 0;
    for (size_t a = 0; a < s->n_atoms; a++) {
        const float *row = rows + 3 * a;
        if (((double)row[0] + (double)row[1] + (double)row[2]) / 3 < DEEPSTRUC_2023_ATOM_FROM)
            continue;
        for (size_t d = 0; d < 3; d++) {
            double x = (double)row[d] * model->scale.extent[d];
            near = near && fabs(x) <= furthest;
            cluster->xyz[3 * cluster->n_atoms + d] = x;
        }
        cluster->n_atoms++;
    }
    text_copy(cluster->element, sizeof cluster->element, "X");
    if (cluster->n_atoms < 2 || !near || (!any && !has_room(cluster->xyz, cluster->n_atoms))) {
        deepstruc_cluster_destroy(cluster);
        return DEEPSTRUC_OK;
    }
    cluster->bond_length = deepstruc_cluster_mean_bond(cluster);
    status = classify_cluster(&cluster->type, cluster, diag);
    if (status == DEEPSTRUC_OK)
        *out = cluster;
    else
        deepstruc_cluster_destroy(cluster);
    return status;
}

deepstruc_status coordinates_sample(coordinates_model *model, const deepstruc_pdf *pdf, double qmax, double sigma,
                                    uint64_t seed, deepstruc_cluster **cluster, size_t n, deepstruc_diag *diag)
{
    size_t n_latent = model->net->settings.n_latent, n_values = 3 * model->net->settings.n_atoms;
    double mean[MAX_LATENT], width[MAX_LATENT];
    float z[ROWS * MAX_LATENT];
    random_stream random;
    random_seed(&random, seed, 0x6376616575ull);
    deepstruc_status status = coordinates_prior(model, pdf, qmax, mean, width, diag);
    for (size_t i = 0; i < n; i++)
        cluster[i] = NULL;
    for (size_t first = 0; first < n && status == DEEPSTRUC_OK; first += ROWS) {
        size_t rows = n - first < ROWS ? n - first : ROWS;
        for (size_t i = 0; i < rows * n_latent; i++) {
            double noise = random_normal(&random);
            z[i] = (float)(mean[i % n_latent] + (first + i < n_latent ? 0 : sigma * noise * width[i % n_latent]));
        }
        const float *decoded = deepstruc_2023_decode(model->net, z, rows);
        for (size_t i = 0; i < rows && status == DEEPSTRUC_OK; i++) {
            status = cluster_of_rows(model, decoded + i * n_values, first + i == 0, &cluster[first + i], diag);
            if (cluster[first + i])
                snprintf(cluster[first + i]->name, sizeof cluster[first + i]->name, "%s sample %zu, %zu atoms",
                         coordinates_name(model), first + i, cluster[first + i]->n_atoms);
        }
    }
    for (size_t i = 0; i < n && status != DEEPSTRUC_OK; i++) {
        deepstruc_cluster_destroy(cluster[i]);
        cluster[i] = NULL;
    }
    return status;
}
