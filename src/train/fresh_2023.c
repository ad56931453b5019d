#include "train/fresh_2023.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "base/blas.h"
#include "base/diag.h"
#include "base/memory.h"

enum { N_INSTRUMENTS = 16 };
static const uint64_t INSTRUMENTS = 0x696e7374ull << 20;
static const double QMIN[2] = {0.5, 2.5}, QMAX[2] = {10, 30}, QDAMP[2] = {0, 0.06}, BISO[2] = {0.1, 1.5},
                    NOISE_MAX = 0.1;

struct fresh_2023 {
    size_t n_points, max_batch;
    double qmin[N_INSTRUMENTS], qmax[N_INSTRUMENTS], dq;
    deepstruc_engine *engine[N_INSTRUMENTS];
    size_t n_q;              /* noise is made of sines of Q = dq, 2 dq, ..., n_q dq */
    float *sines;            /* n_q x n_points */
    float *spectrum, *noise; /* max_batch x n_q, max_batch x n_points */
    double *share;           /* max_batch: rms of the noise over that of G */
};

static deepstruc_status make_instruments(fresh_2023 *f, double rmin, double rstep, uint64_t seed, deepstruc_diag *diag)
{
    for (uint64_t k = 0; k < N_INSTRUMENTS; k++) {
        random_stream stream;
        random_seed(&stream, INSTRUMENTS + seed, k);
        deepstruc_pdf_settings s = deepstruc_pdf_settings_default();
        s.qmin = f->qmin[k] = random_uniform(&stream, QMIN[0], QMIN[1]);
        s.qmax = f->qmax[k] = random_uniform(&stream, QMAX[0], QMAX[1]);
        s.qdamp = random_uniform(&stream, QDAMP[0], QDAMP[1]);
        s.rmin = rmin;
        s.rstep = rstep;
        s.rmax = rmin + ((double)f->n_points - 0.5) * rstep;
        deepstruc_status status = deepstruc_engine_create(&f->engine[k], &s, diag);
        if (status != DEEPSTRUC_OK)
            return status;
        if (deepstruc_engine_n_points(f->engine[k]) != f->n_points)
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                             "the network's grid of %zu points from %g Å is not the engine's", f->n_points, rmin);
    }
    return DEEPSTRUC_OK;
}

deepstruc_status fresh_2023_create(fresh_2023 **out, double rmin, double rstep, size_t n_points, size_t max_batch,
                                   uint64_t seed, deepstruc_diag *diag)
{
    fresh_2023 *f = memory_zeroed(1, sizeof *f);
    if (!f)
        return diag_no_memory(diag);
    f->n_points = n_points;
    f->max_batch = max_batch;
    f->dq = M_PI / (rmin + (double)n_points * rstep);
    f->n_q = (size_t)(QMAX[1] / f->dq);
    f->sines = memory_aligned(f->n_q * n_points, sizeof *f->sines);
    f->spectrum = memory_aligned(max_batch * f->n_q, sizeof *f->spectrum);
    f->noise = memory_aligned(max_batch * n_points, sizeof *f->noise);
    f->share = memory_aligned(max_batch, sizeof *f->share);
    deepstruc_status status = f->sines && f->spectrum && f->noise && f->share ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t k = 0; status == DEEPSTRUC_OK && k < f->n_q; k++)
        for (size_t i = 0; i < n_points; i++)
            f->sines[k * n_points + i] = (float)sin((double)(k + 1) * f->dq * (rmin + (double)i * rstep));
    if (status == DEEPSTRUC_OK)
        status = make_instruments(f, rmin, rstep, seed, diag);
    if (status != DEEPSTRUC_OK) {
        fresh_2023_destroy(f);
        return status;
    }
    *out = f;
    return DEEPSTRUC_OK;
}

void fresh_2023_destroy(fresh_2023 *f)
{
    if (!f)
        return;
    for (int k = 0; k < N_INSTRUMENTS; k++)
        deepstruc_engine_destroy(f->engine[k]);
    free(f->sines), free(f->spectrum), free(f->noise), free(f->share);
    free(f);
}

/* Draws one structure's values, simulates it, and draws its noise in F(Q), white within the instrument's Q range. */
static deepstruc_status draw_one(fresh_2023 *f, fresh_structure *one, float *pdf, size_t k, double *g, uint64_t seed,
                                 uint64_t number, deepstruc_diag *diag)
{
    random_stream stream;
    random_seed(&stream, seed, number);
    size_t instrument = random_below(&stream, N_INSTRUMENTS);
    one->unit = random_uniform(&stream, FRESH_BOND_MIN, FRESH_BOND_MAX) / one->bond_length;
    double biso = exp(random_uniform(&stream, log(BISO[0]), log(BISO[1])));
    f->share[k] = random_uniform(&stream, 0, NOISE_MAX);
    for (size_t q = 0; q < f->n_q; q++) {
        double at = (double)(q + 1) * f->dq;
        bool inside = at >= f->qmin[instrument] && at <= f->qmax[instrument];
        f->spectrum[k * f->n_q + q] = inside ? (float)random_normal(&stream) : 0;
    }
    deepstruc_scatter *scatter;
    deepstruc_status status = deepstruc_scatter_create(&scatter, f->engine[instrument], diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = deepstruc_scatter_load(scatter, one->xyz, one->n_atoms, one->unit, diag);
    if (status == DEEPSTRUC_OK) {
        deepstruc_scatter_evaluate(scatter, 1, biso, g, NULL, NULL);
        for (size_t i = 0; i < f->n_points; i++)
            pdf[k * f->n_points + i] = (float)g[i];
    }
    deepstruc_scatter_destroy(scatter);
    return status;
}

/* pdf += noise, scaled to its share of the rms. */
static void add_noise(const fresh_2023 *f, float *pdf, const float *noise, double share)
{
    double signal = 0, power = 0;
    for (size_t i = 0; i < f->n_points; i++) {
        signal += (double)pdf[i] * (double)pdf[i];
        power += (double)noise[i] * (double)noise[i];
    }
    float factor = power > 0 ? (float)(share * sqrt(signal / power)) : 0;
    for (size_t i = 0; i < f->n_points; i++)
        pdf[i] += factor * noise[i];
}

deepstruc_status fresh_2023_draw(fresh_2023 *f, fresh_structure *structure, float *pdf, size_t n, uint64_t seed,
                                 uint64_t number, deepstruc_diag *diag)
{
    deepstruc_status failed = DEEPSTRUC_OK;
#pragma omp parallel
    {
        deepstruc_diag own;
        double *g = memory_aligned(f->n_points, sizeof *g);
        deepstruc_status status = g ? DEEPSTRUC_OK : diag_no_memory(&own);
#pragma omp for schedule(dynamic)
        for (size_t k = 0; k < n; k++)
            if (status == DEEPSTRUC_OK)
                status = draw_one(f, &structure[k], pdf, k, g, seed, number + k, &own);
#pragma omp critical
        if (status != DEEPSTRUC_OK) {
            failed = status;
            if (diag)
                *diag = own;
        }
        free(g);
    }
    if (failed != DEEPSTRUC_OK)
        return failed;
    blas_sgemm(false, false, n, f->n_points, f->n_q, f->spectrum, f->n_q, f->sines, f->n_points, 0, f->noise,
               f->n_points);
    for (size_t k = 0; k < n; k++)
        add_noise(f, pdf + k * f->n_points, f->noise + k * f->n_points, f->share[k]);
    return DEEPSTRUC_OK;
}
