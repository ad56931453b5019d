/* The paper's tree classifier as published: a class for each structure, that is shape and bond length, where `train
 * --arch tree` has one for each shape. 3,743 classes are too many for XGBoost on one machine, so subsets of growing
 * size are trained and tested on fresh PDFs of the same structures. What does it score, what does it cost, and what
 * would all cost by the law that the subsets follow?
 *
 *   bench_tree_literal [PICK [PER_CLASS [ROUNDS [N ...]]]]     spread 20 20 50 100 200 400
 *
 * PICK: "spread" over shapes and bond lengths evenly, or "whole": all 19 bond lengths of evenly spread shapes, whose
 * neighbours in length are there to be taken for them. N: how many structures, rising, since the memory reported is the
 * peak so far.
 *
 * Inputs, distributions and settings are those of the authors' code (github.com/AndySAnker/MetalFinder): G(r) from 0 to
 * 30 Å in steps of 0.1 Å over its maximum, qmin, qmax, qdamp; depth 3, learning rate 0.15, the rest XGBoost's defaults,
 * but for histograms instead of exact splits. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "processor.h"
#include "propose/tree_xgboost.h"
#include "samples.h"
#include <deepstruc/dataset.h>

enum { N_POINTS = 300, N_COLUMNS = N_POINTS + 3, N_LENGTHS = 19, N_TESTS = 5, N_TOP = 3, MOST_SIZES = 16 };
static const size_t top[N_TOP] = {1, 3, 5};
static const double PUBLISHED_PER_CLASS = 100;
static const double BYTES = 12; /* that XGBoost keeps for each row and class: two derivatives and a margin */

typedef struct {
    bool whole;
    size_t per_class;
    int rounds;
    const deepstruc_structures *all;
} setup;

/* PDFs of the picked structures, pass by pass. */
typedef struct {
    size_t n;
    float *x, *class_of_row; /* n x N_COLUMNS; n */
} rows;

typedef struct {
    double simulating, growing; /* s of processor time */
    double peak;                /* MiB */
    double structure[N_TOP], shape[N_TOP];
} outcome;

static void must(deepstruc_status status, const deepstruc_diag *diag)
{
    if (status != DEEPSTRUC_OK)
        sample_stop(diag);
}

/* Structure of class i of n; the list of all runs shape by shape. */
static size_t structure_of(const setup *s, size_t i, size_t n)
{
    size_t n_shapes = s->all->n / N_LENGTHS, wanted = (n + N_LENGTHS - 1) / N_LENGTHS;
    return s->whole ? i / N_LENGTHS * n_shapes / wanted * N_LENGTHS + i % N_LENGTHS : i * s->all->n / n;
}

static void draw_row(float *x, const deepstruc_structure *structure, random_stream *random)
{
    deepstruc_pdf_settings s = deepstruc_pdf_settings_default();
    deepstruc_cluster *cluster;
    deepstruc_pdf *pdf;
    deepstruc_diag diag;
    s.qmin = random_uniform(random, 0, 2);
    s.qmax = random_uniform(random, 12, 25);
    s.qdamp = random_uniform(random, 0.01, 0.04);
    s.biso = random_uniform(random, 0.1, 1);
    s.delta2 = 2;
    s.rstep = 0.1;
    must(deepstruc_cluster_build(&cluster, &structure->recipe, structure->bond_length, structure->element, &diag),
         &diag);
    must(deepstruc_pdf_simulate(&pdf, cluster, &s, DEEPSTRUC_MODE_EXACT, &diag), &diag);
    double highest = 0;
    for (size_t i = 0; i < N_POINTS; i++)
        highest = fmax(highest, pdf->g[i]);
    for (size_t i = 0; i < N_POINTS; i++)
        x[i] = (float)(pdf->g[i] / highest);
    x[N_POINTS] = (float)s.qmin;
    x[N_POINTS + 1] = (float)s.qmax;
    x[N_POINTS + 2] = (float)s.qdamp;
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
}

/* Passes first to first + n_passes - 1 of the n picked structures: other passes, other PDFs. */
static rows draw_rows(const setup *s, size_t n, size_t first, size_t n_passes)
{
    rows r = {.n = n * n_passes};
    r.x = malloc(r.n * N_COLUMNS * sizeof *r.x);
    r.class_of_row = malloc(r.n * sizeof *r.class_of_row);
    if (!r.x || !r.class_of_row)
        exit(1);
    for (size_t i = 0; i < r.n; i++) {
        random_stream random;
        size_t structure = structure_of(s, i % n, n);
        random_seed(&random, first + i / n, structure);
        draw_row(r.x + i * N_COLUMNS, &s->all->structure[structure], &random);
        r.class_of_row[i] = (float)(i % n);
    }
    return r;
}

static void free_rows(rows *r)
{
    free(r->x);
    free(r->class_of_row);
}

static booster *grow(const rows *r, size_t n, int rounds)
{
    booster *b;
    deepstruc_diag diag;
    char classes[16];
    snprintf(classes, sizeof classes, "%zu", n);
    const char *const settings[][2] = {
        {"objective", "multi:softprob"}, {"num_class", classes}, {"max_depth", "3"},
        {"learning_rate", "0.15"},       {"nthread", "1"},       {"tree_method", "hist"}};
    must(booster_create(&b, r->x, r->n, N_COLUMNS, r->class_of_row, &diag), &diag);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        must(booster_set(b, settings[i][0], settings[i][1], &diag), &diag);
    for (int round = 0; round < rounds; round++)
        must(booster_grow(b, round, &diag), &diag);
    return b;
}

/* How many of n are at least as large as the one that is right, itself included. */
static size_t rank_of(const double *probability, size_t n, size_t right)
{
    size_t rank = 0;
    for (size_t i = 0; i < n; i++)
        rank += probability[i] >= probability[right];
    return rank;
}

/* The probability of a shape is that of its structures together. */
static void test(outcome *out, booster *b, const setup *s, size_t n, const rows *r)
{
    size_t n_shapes = s->all->n / N_LENGTHS;
    double *structure = calloc(n + n_shapes, sizeof *structure), *shape = structure + n;
    if (!structure)
        exit(1);
    for (size_t i = 0; i < r->n; i++) {
        const float *probability;
        size_t n_classes, right = i % n;
        deepstruc_diag diag;
        must(booster_predict(b, r->x + i * N_COLUMNS, N_COLUMNS, &probability, &n_classes, &diag), &diag);
        memset(shape, 0, n_shapes * sizeof *shape);
        for (size_t c = 0; c < n; c++) {
            structure[c] = (double)probability[c];
            shape[structure_of(s, c, n) / N_LENGTHS] += (double)probability[c];
        }
        size_t of_structure = rank_of(structure, n, right),
               of_shape = rank_of(shape, n_shapes, structure_of(s, right, n) / N_LENGTHS);
        for (int k = 0; k < N_TOP; k++) {
            out->structure[k] += (double)(of_structure <= top[k]) / (double)r->n;
            out->shape[k] += (double)(of_shape <= top[k]) / (double)r->n;
        }
    }
    free(structure);
}

static outcome measure(const setup *s, size_t n)
{
    outcome out = {0};
    double start = processor_seconds();
    rows training = draw_rows(s, n, 0, s->per_class), fresh = draw_rows(s, n, s->per_class, N_TESTS);
    out.simulating = processor_seconds() - start;
    start = processor_seconds();
    booster *b = grow(&training, n, s->rounds);
    out.growing = processor_seconds() - start;
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    out.peak = (double)used.ru_maxrss / 1024;
    test(&out, b, s, n, &fresh);
    booster_destroy(b);
    free_rows(&training);
    free_rows(&fresh);
    return out;
}

/* The straight line through n points. */
static void fit_line(const double *x, const double *y, size_t n, double *offset, double *slope)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0, m = (double)n;
    for (size_t i = 0; i < n; i++)
        sx += x[i], sy += y[i], sxx += x[i] * x[i], sxy += x[i] * y[i];
    *slope = (m * sxy - sx * sy) / (m * sxx - sx * sx);
    *offset = (sy - *slope * sx) / m;
}

/* A power of the number of classes is what is usually told, but it hides what is known and grows with the size: each
 * round grows a tree for each class, and a tree costs a constant (the search for splits among the bins) and a share for
 * each row. All structures are extrapolated by that. */
static void extrapolate(const setup *s, const size_t *n, const double *cost, size_t n_sizes)
{
    double log_n[MOST_SIZES], log_cost[MOST_SIZES], n_rows[MOST_SIZES], tree[MOST_SIZES], offset, exponent, search, row;
    for (size_t i = 0; i < n_sizes; i++) {
        log_n[i] = log((double)n[i]);
        log_cost[i] = log(cost[i]);
        n_rows[i] = (double)(n[i] * s->per_class);
        tree[i] = cost[i] / s->rounds / (double)n[i];
    }
    fit_line(log_n, log_cost, n_sizes, &offset, &exponent);
    fit_line(n_rows, tree, n_sizes, &search, &row);
    size_t last = n_sizes - 1;
    printf("\ncost ~ classes^%.2f, between the last two ^%.2f; a tree costs %.2f ms and %.2f us a row\n", exponent,
           (log_cost[last] - log_cost[last - 1]) / (log_n[last] - log_n[last - 1]), 1e3 * search, 1e6 * row);
    double all = (double)s->all->n, all_rows = all * PUBLISHED_PER_CLASS;
    printf(
        "all %.0f structures, %.0f PDFs each: %.0f min of processor time a round; %.1f GB of gradients and margins\n",
        all, PUBLISHED_PER_CLASS, all * (search + row * all_rows) / 60, 1e-9 * BYTES * all * all_rows);
}

int main(int argc, char **argv)
{
    setup s = {.whole = argc > 1 && strcmp(argv[1], "whole") == 0,
               .per_class = argc > 2 ? (size_t)atol(argv[2]) : 20,
               .rounds = argc > 3 ? atoi(argv[3]) : 20};
    size_t n[MOST_SIZES] = {50, 100, 200, 400}, n_sizes = argc > 4 ? 0 : 4;
    double cost[MOST_SIZES];
    for (int i = 4; i < argc && n_sizes < MOST_SIZES; i++)
        n[n_sizes++] = (size_t)atol(argv[i]);
    deepstruc_structures *all;
    deepstruc_diag diag;
    must(deepstruc_structures_of_protocol(&all, "paper", &diag), &diag);
    s.all = all;
    printf("%zu PDFs of each, %d rounds, tested on %d fresh ones; processor time of one thread\n", s.per_class,
           s.rounds, N_TESTS);
    printf("structures | simulated s | grown s | peak MiB | structure top-1/3/5 %% | shape top-1/3/5 %%\n");
    for (size_t i = 0; i < n_sizes; i++) {
        outcome o = measure(&s, n[i]);
        cost[i] = o.growing;
        printf("%10zu | %11.1f | %7.1f | %8.0f | %5.1f %5.1f %5.1f      | %5.1f %5.1f %5.1f\n", n[i], o.simulating,
               o.growing, o.peak, 100 * o.structure[0], 100 * o.structure[1], 100 * o.structure[2], 100 * o.shape[0],
               100 * o.shape[1], 100 * o.shape[2]);
        fflush(stdout);
    }
    if (n_sizes > 1)
        extrapolate(&s, n, cost, n_sizes);
    deepstruc_structures_destroy(all);
    return 0;
}
