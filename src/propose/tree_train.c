/* Training of the tree baseline. Each shape is simulated `per_shape` times, each time with another instrument, bond
 * length, damping, Biso, noise and end of the data; the instruments (Q range) are shared by the shapes of one pass,
 * since each needs its sine tables. */
#include <deepstruc/tree.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "propose/tree_features.h"
#include "propose/tree_sum.h"
#include "propose/tree_xgboost.h"

deepstruc_tree_training deepstruc_tree_training_default(void)
{
    return (deepstruc_tree_training){
        .per_shape = 100, .rounds = 40, .depth = 3, .learning_rate = 0.15, .columns = 0.3, .noise_max = 0.05};
}

#define AT(field) offsetof(deepstruc_tree_training, field)
const deepstruc_field deepstruc_tree_training_fields[] = {
    {"per-shape", DEEPSTRUC_FIELD_LONG, AT(per_shape), 2, 10000, false, "N", "PDFs simulated for each shape (100)"},
    {"rounds", DEEPSTRUC_FIELD_LONG, AT(rounds), 1, 10000, false, "N", "trees per shape (40)"},
    {"depth", DEEPSTRUC_FIELD_LONG, AT(depth), 1, 12, false, "N", "of each tree (3)"},
    {"learning-rate", DEEPSTRUC_FIELD_DOUBLE, AT(learning_rate), 1e-3, 1, false, "X", "share of each step (0.15)"},
    {"columns", DEEPSTRUC_FIELD_DOUBLE, AT(columns), 0.01, 1, false, "X",
     "share of the inputs that one tree may look at (0.3)"},
    {"noise-max", DEEPSTRUC_FIELD_DOUBLE, AT(noise_max), 0, 1, false, "X",
     "rms of the noise over that of G, at most, of every second PDF (0.05)"},
    {0}};
#undef AT

/* Å, 1/Å, Å². qmin stays out of the small-angle region, which no measured PDF holds. */
static const double RMAX = 30, RSTEP = 0.02, SHORTEST_DATA = 12, BOND[2] = {2.15, 3.5}, QMIN[2] = {0.5, 2},
                    QMAX[2] = {12, 28}, QDAMP[2] = {0, 0.05}, BISO[2] = {0.1, 1.2};

/* One pass: an instrument, its engine and the sines that noise in F(Q) is made of. */
typedef struct {
    double qmin, qmax;
    deepstruc_engine *engine;
    size_t n_points, n_q, first_q;
    float *sine; /* n_q x n_points */
} pass;

static void pass_free(pass *p)
{
    deepstruc_engine_destroy(p->engine);
    free(p->sine);
}

static deepstruc_status pass_make(pass *p, uint64_t seed, uint64_t number, deepstruc_diag *diag)
{
    random_stream random;
    random_seed(&random, seed, number << 32);
    deepstruc_pdf_settings s = deepstruc_pdf_settings_default();
    *p = (pass){0};
    p->qmin = s.qmin = random_uniform(&random, QMIN[0], QMIN[1]);
    p->qmax = s.qmax = random_uniform(&random, QMAX[0], QMAX[1]);
    s.rmax = RMAX;
    s.rstep = RSTEP;
    deepstruc_status status = deepstruc_engine_create(&p->engine, &s, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    double dq = M_PI / RMAX;
    p->n_points = deepstruc_engine_n_points(p->engine);
    p->first_q = (size_t)ceil(p->qmin / dq);
    p->n_q = (size_t)(p->qmax / dq) - p->first_q;
    p->sine = memory_aligned(p->n_q * p->n_points, sizeof *p->sine);
    if (!p->sine)
        return diag_no_memory(diag);
#pragma omp parallel for
    for (size_t k = 0; k < p->n_q; k++)
        for (size_t i = 0; i < p->n_points; i++)
            p->sine[k * p->n_points + i] = (float)sin((double)(p->first_q + k) * dq * RSTEP * (double)i);
    return DEEPSTRUC_OK;
}

/* Noise that is white in F(Q), scaled to a share of the rms of g. */
static void add_noise(const pass *p, double *g, float *noise, double share, random_stream *random)
{
    double signal = 0, power = 0;
    for (size_t i = 0; i < p->n_points; i++)
        noise[i] = 0;
    for (size_t k = 0; k < p->n_q; k++) {
        float f = (float)random_normal(random);
        for (size_t i = 0; i < p->n_points; i++)
            noise[i] += f * p->sine[k * p->n_points + i];
    }
    for (size_t i = 0; i < p->n_points; i++) {
        signal += g[i] * g[i];
        power += (double)noise[i] * (double)noise[i];
    }
    double factor = power > 0 ? share * sqrt(signal / power) : 0;
    for (size_t i = 0; i < p->n_points; i++)
        g[i] += factor * (double)noise[i];
}

/* A thread's own. */
typedef struct {
    deepstruc_scatter *scatter;
    double *g;
    float *noise;
} bench;

static deepstruc_status draw_row(const pass *p, bench *own, const deepstruc_recipe *recipe, double noise_max,
                                 random_stream *random, float *x, deepstruc_diag *diag)
{
    deepstruc_cluster *cluster;
    double bond = random_uniform(random, BOND[0], BOND[1]), qdamp = random_uniform(random, QDAMP[0], QDAMP[1]);
    double biso = exp(random_uniform(random, log(BISO[0]), log(BISO[1])));
    double noise = fmax(0, random_uniform(random, -noise_max, noise_max));
    double rmax = fmin(RMAX, random_uniform(random, SHORTEST_DATA, SHORTEST_DATA + 4 * (RMAX - SHORTEST_DATA)));
    deepstruc_status status = deepstruc_cluster_build(&cluster, recipe, bond, "X", diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = deepstruc_scatter_load(own->scatter, cluster->xyz, cluster->n_atoms, 1, diag);
    deepstruc_cluster_destroy(cluster);
    if (status != DEEPSTRUC_OK)
        return status;
    deepstruc_scatter_evaluate(own->scatter, 1, biso, own->g, NULL, NULL);
    for (size_t i = 0; i < p->n_points; i++) {
        double r = RSTEP * (double)i;
        own->g[i] *= exp(-qdamp * qdamp * r * r / 2);
    }
    if (noise > 0)
        add_noise(p, own->g, own->noise, noise, random);
    fine_pdf fine = {.step = RSTEP, .n = (size_t)(rmax / RSTEP), .g = own->g};
    fine.rmax = RSTEP * (double)(fine.n - 1);
    if (!tree_features(x, NULL, &fine, p->qmin, p->qmax, qdamp))
        return diag_fail(diag, DEEPSTRUC_NUMERIC, "a simulated PDF has no peak");
    return DEEPSTRUC_OK;
}

/* Rows of one pass: one of each shape. */
static deepstruc_status draw_pass(const pass *p, const deepstruc_catalogue *shapes, double noise_max, uint64_t seed,
                                  uint64_t number, float *x, deepstruc_diag *diag)
{
    deepstruc_status failed = DEEPSTRUC_OK;
#pragma omp parallel
    {
        deepstruc_diag own_diag;
        bench own = {.g = memory_aligned(p->n_points, sizeof *own.g),
                     .noise = memory_aligned(p->n_points, sizeof *own.noise)};
        deepstruc_status status = own.g && own.noise ? deepstruc_scatter_create(&own.scatter, p->engine, &own_diag)
                                                     : diag_no_memory(&own_diag);
#pragma omp for schedule(dynamic, 4)
        for (size_t i = 0; i < shapes->n; i++) {
            random_stream random;
            random_seed(&random, seed, (number << 32) + 1 + i);
            if (status == DEEPSTRUC_OK)
                status =
                    draw_row(p, &own, &shapes->entry[i].recipe, noise_max, &random, x + i * TREE_FEATURES, &own_diag);
        }
#pragma omp critical
        if (status != DEEPSTRUC_OK) {
            failed = status;
            if (diag)
                *diag = own_diag;
        }
        deepstruc_scatter_destroy(own.scatter);
        free(own.g);
        free(own.noise);
    }
    return failed;
}

static deepstruc_status step(const deepstruc_progress *progress, const char *stage, long done, long all,
                             deepstruc_diag *diag)
{
    if (progress && progress->report)
        progress->report(progress->user, stage, (double)done / (double)all);
    if (progress && progress->cancelled && progress->cancelled(progress->user))
        return diag_fail(diag, DEEPSTRUC_CANCELLED, "stopped; nothing was written");
    return DEEPSTRUC_OK;
}

static deepstruc_status draw_all(float *x, float *class_of_row, const deepstruc_catalogue *shapes,
                                 const deepstruc_tree_training *settings, const deepstruc_progress *progress,
                                 deepstruc_diag *diag)
{
    uint64_t seed = (uint64_t)settings->seed;
    deepstruc_status status = DEEPSTRUC_OK;
    for (long k = 0; k < settings->per_shape && status == DEEPSTRUC_OK; k++) {
        size_t first = (size_t)k * shapes->n;
        pass p;
        status = pass_make(&p, seed, (uint64_t)k, diag);
        if (status == DEEPSTRUC_OK)
            status = draw_pass(&p, shapes, settings->noise_max, seed, (uint64_t)k, x + first * TREE_FEATURES, diag);
        for (size_t i = 0; i < shapes->n; i++)
            class_of_row[first + i] = (float)i;
        pass_free(&p);
        if (status == DEEPSTRUC_OK)
            status = step(progress, "simulating", k + 1, settings->per_shape, diag);
    }
    return status;
}

/* XGBoost's default asks a leaf for a second derivative of 1 in sum. With 197 classes a row's is 0.01 at the start, so
 * that a leaf could not hold less than all PDFs of a shape. */
static const double MIN_LEAF = 0.02;

static deepstruc_status configure(booster *b, const deepstruc_tree_training *s, size_t n_classes, deepstruc_diag *diag)
{
    const struct {
        const char *name, *format;
        double value;
    } number[] = {{"num_class", "%.0f", (double)n_classes},
                  {"max_depth", "%.0f", (double)s->depth},
                  {"eta", "%g", s->learning_rate},
                  {"colsample_bytree", "%g", s->columns},
                  {"min_child_weight", "%g", MIN_LEAF},
                  {"seed", "%.0f", (double)s->seed},
                  {"max_bin", "%.0f", 64},
                  {"nthread", "%.0f", 1}};
    deepstruc_status status = booster_set(b, "objective", "multi:softprob", diag);
    if (status == DEEPSTRUC_OK)
        status = booster_set(b, "tree_method", "hist", diag);
    for (size_t i = 0; i < sizeof number / sizeof *number && status == DEEPSTRUC_OK; i++) {
        char text[32];
        snprintf(text, sizeof text, number[i].format, number[i].value);
        status = booster_set(b, number[i].name, text, diag);
    }
    return status;
}

/* What the file says about itself: its inputs, and the command that makes it again. */
static deepstruc_status describe(booster *b, const deepstruc_tree_training *s, deepstruc_diag *diag)
{
    char command[256];
    snprintf(command, sizeof command,
             "deepstruc train --arch tree --per-shape %ld --rounds %ld --depth %ld --learning-rate %g --columns %g "
             "--noise-max %g --seed %ld",
             s->per_shape, s->rounds, s->depth, s->learning_rate, s->columns, s->noise_max, s->seed);
    deepstruc_status status = booster_note(b, "deepstruc_inputs", TREE_FEATURES_VERSION, diag);
    if (status == DEEPSTRUC_OK)
        status = booster_note(b, "deepstruc_command", command, diag);
    if (status == DEEPSTRUC_OK)
        status = booster_note(b, TREE_SUM_NOTE, TREE_SUM_EMPTY, diag);
    return status;
}

static deepstruc_status write_summed(const char *path, const void *bytes, size_t size, bool force, deepstruc_diag *diag)
{
    char *copy = memory_zeroed(size, 1);
    if (!copy)
        return diag_no_memory(diag);
    memcpy(copy, bytes, size);
    deepstruc_status status = tree_sum_write(copy, size)
                                  ? file_write(path, copy, size, force, diag)
                                  : diag_fail(diag, DEEPSTRUC_NUMERIC, "XGBoost left a note out of the trees' file");
    free(copy);
    return status;
}

static deepstruc_status grow_and_write(const char *path, bool force, const float *x, const float *class_of_row,
                                       size_t n_shapes, const deepstruc_tree_training *settings,
                                       const deepstruc_progress *progress, deepstruc_diag *diag)
{
    booster *b = NULL;
    const void *bytes;
    size_t size;
    deepstruc_status status =
        booster_create(&b, x, n_shapes * (size_t)settings->per_shape, TREE_FEATURES, class_of_row, diag);
    if (status == DEEPSTRUC_OK)
        status = configure(b, settings, n_shapes, diag);
    for (long round = 0; round < settings->rounds && status == DEEPSTRUC_OK; round++) {
        status = booster_grow(b, (int)round, diag);
        if (status == DEEPSTRUC_OK)
            status = step(progress, "growing trees", round + 1, settings->rounds, diag);
    }
    if (status == DEEPSTRUC_OK)
        status = describe(b, settings, diag);
    if (status == DEEPSTRUC_OK)
        status = booster_bytes(b, &bytes, &size, diag);
    if (status == DEEPSTRUC_OK)
        status = write_summed(path, bytes, size, force, diag);
    booster_destroy(b);
    return status;
}

deepstruc_status deepstruc_tree_train(const char *path, const deepstruc_tree_training *settings, bool force,
                                      const deepstruc_progress *progress, deepstruc_diag *diag)
{
    deepstruc_catalogue *shapes = NULL;
    float *x = NULL, *class_of_row = NULL;
    deepstruc_status status = deepstruc_fields_check(deepstruc_tree_training_fields, settings, diag);
    if (status == DEEPSTRUC_OK && !force && access(path, F_OK) == 0)
        status = diag_fail_at(diag, DEEPSTRUC_EXISTS, path, 0, "exists already; choose another name or add --force");
    if (status == DEEPSTRUC_OK)
        status = booster_library(diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_catalogue_paper(&shapes, diag);
    if (status == DEEPSTRUC_OK) {
        size_t n = shapes->n * (size_t)settings->per_shape;
        x = memory_zeroed(n, TREE_FEATURES * sizeof *x);
        class_of_row = memory_zeroed(n, sizeof *class_of_row);
        status = x && class_of_row ? draw_all(x, class_of_row, shapes, settings, progress, diag) : diag_no_memory(diag);
    }
    if (status == DEEPSTRUC_OK)
        status = grow_and_write(path, force, x, class_of_row, shapes->n, settings, progress, diag);
    free(x);
    free(class_of_row);
    deepstruc_catalogue_destroy(shapes);
    return status;
}

bool deepstruc_tree_available(void)
{
    return booster_library(NULL) == DEEPSTRUC_OK;
}
