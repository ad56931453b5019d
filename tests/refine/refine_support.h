/* Structures and simulated data for the tests of refine: made by the simplest code there is. */
#ifndef TESTS_REFINE_SUPPORT_H
#define TESTS_REFINE_SUPPORT_H

#include "base/random.h"
#include "support.h"
#include <deepstruc/refine.h>

/* Sites of a cubic lattice within `radius` of (offset, offset, offset); fcc, else bcc. Coordinates in nearest-neighbour
 * distances. */
static inline deepstruc_cluster *lattice_ball(bool fcc, double radius, double offset)
{
    double a = fcc ? sqrt(2) : 2 / sqrt(3);
    static const double bases[2][4][3] = {{{0, 0, 0}, {.5, .5, .5}},
                                          {{0, 0, 0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}}};
    size_t capacity = 4000, n = 0;
    double *xyz = malloc(capacity * 3 * sizeof *xyz);
    assert_non_null(xyz);
    int reach = (int)(radius / a) + 2;
    for (int i = -reach; i <= reach; i++)
        for (int j = -reach; j <= reach; j++)
            for (int k = -reach; k <= reach; k++)
                for (int b = 0; b < (fcc ? 4 : 2); b++) {
                    const double *basis = bases[fcc][b];
                    double x = a * (i + basis[0]) - offset, y = a * (j + basis[1]) - offset,
                           z = a * (k + basis[2]) - offset;
                    if (x * x + y * y + z * z > radius * radius || n == capacity)
                        continue;
                    double *at = xyz + 3 * n++;
                    at[0] = x;
                    at[1] = y;
                    at[2] = z;
                }
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    assert_ok(deepstruc_cluster_create(&cluster, n, &diag), diag);
    memcpy(cluster->xyz, xyz, n * 3 * sizeof *xyz);
    free(xyz);
    return cluster;
}

/* The 13-atom icosahedron, centre to vertex 1 (edges 1.0515). */
static inline deepstruc_cluster *icosahedron13(void)
{
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    assert_ok(deepstruc_cluster_create(&cluster, 13, &diag), diag);
    double golden = (1 + sqrt(5)) / 2, length = sqrt(1 + golden * golden);
    size_t n = 1;
    for (int axis = 0; axis < 3; axis++)
        for (int sign = 0; sign < 4; sign++, n++) {
            double *at = cluster->xyz + 3 * n;
            at[axis] = 0;
            at[(axis + 1) % 3] = (sign & 1 ? 1 : -1) / length;
            at[(axis + 2) % 3] = (sign & 2 ? golden : -golden) / length;
        }
    return cluster;
}

typedef struct {
    double qmin, qmax, qdamp, scale, unit, biso;
} simulation;

static const simulation plain = {.qmin = 0.8, .qmax = 25, .qdamp = 0.03, .scale = 0.5, .unit = 2.77, .biso = 0.6};

/* Gaussian noise in F(Q) up to qmax, its standard deviation proportional to Q^power, as a curve of n points in r of
 * unit rms over low to high. */
static inline void noise_curve(double *out, double rmin, double rstep, size_t n, double qmax, int power,
                               random_stream *stream)
{
    double dq = M_PI / 50, sum = 0; /* a period of 100 Å: nothing repeats within the data */
    size_t n_sum = 0;
    memset(out, 0, n * sizeof *out);
    for (int k = 1; k * dq <= qmax; k++) {
        double f = random_normal(stream) * pow(k * dq, power);
        for (size_t i = 0; i < n; i++)
            out[i] += f * sin(k * dq * (rmin + (double)i * rstep));
    }
    for (size_t i = 0; i < n; i++) {
        double r = rmin + (double)i * rstep;
        if (r < 1.5 || r > 20)
            continue;
        sum += out[i] * out[i];
        n_sum++;
    }
    for (size_t i = 0; i < n; i++)
        out[i] /= sqrt(sum / (double)n_sum);
}

/* G of `cluster` on a 0.01 Å grid to 22 Å by the engine; noise in F(Q) proportional to Q^power, `percent` of the rms of
 * G over 1.5 to 20 Å (none when 0), from stream `number`. */
static inline deepstruc_pdf *simulated_pdf(const deepstruc_cluster *cluster, simulation s, int power, double percent,
                                           uint64_t number)
{
    deepstruc_diag diag;
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    settings.qmin = s.qmin;
    settings.qmax = s.qmax;
    settings.qdamp = s.qdamp;
    settings.rmax = 22;
    deepstruc_engine *engine;
    assert_ok(deepstruc_engine_create(&engine, &settings, &diag), diag);
    deepstruc_scatter *scatter;
    assert_ok(deepstruc_scatter_create(&scatter, engine, &diag), diag);
    assert_ok(deepstruc_scatter_load(scatter, cluster->xyz, cluster->n_atoms, s.unit, &diag), diag);
    enum { N = 2200, FIRST = 150, LAST = 2000 };
    double *r = calloc(N, sizeof *r), *g = calloc(N, sizeof *g), *noise = calloc(N, sizeof *noise), rms = 0;
    assert_true(r && g && noise);
    assert_int_equal(deepstruc_engine_n_points(engine), N);
    deepstruc_scatter_evaluate(scatter, 1, s.biso, g, NULL, NULL);
    for (size_t i = FIRST; i <= LAST; i++)
        rms += g[i] * g[i] / (LAST - FIRST + 1);
    random_stream stream;
    random_seed(&stream, 1, number);
    noise_curve(noise, 0, 0.01, N, s.qmax, power, &stream);
    for (size_t i = 0; i < N; i++) {
        r[i] = 0.01 * (double)i;
        g[i] = s.scale * (g[i] + noise[i] * percent / 100 * sqrt(rms));
    }
    deepstruc_pdf *pdf;
    assert_ok(deepstruc_pdf_create(&pdf, r, g, NULL, N, &diag), diag);
    free(r);
    free(g);
    free(noise);
    deepstruc_scatter_destroy(scatter);
    deepstruc_engine_destroy(engine);
    return pdf;
}

/* Target and refiner of a PDF with the simulation's own instrument values. */
typedef struct {
    deepstruc_target *target;
    deepstruc_refiner *refiner;
} bench;

static inline bench bench_create(const deepstruc_pdf *pdf, simulation s)
{
    bench b;
    deepstruc_diag diag;
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    settings.qmin = s.qmin;
    settings.qmax = s.qmax;
    settings.qdamp = s.qdamp;
    assert_ok(deepstruc_target_create(&b.target, pdf, &settings, &diag), diag);
    assert_ok(deepstruc_refiner_create(&b.refiner, b.target, &diag), diag);
    return b;
}

static inline void bench_destroy(bench b)
{
    deepstruc_refiner_destroy(b.refiner);
    deepstruc_target_destroy(b.target);
}

#endif
