/* The whole network: the gradient of the whole loss by every parameter against central differences, in double, with
 * hidden layers 16 times narrower. */
#include "nn/gradient.h"

#include "model/deepstruc_2023.h"

enum { N_POINTS = 12, N_ATOMS = 5, BATCH = 3, DIVISOR = 16 };

typedef struct {
    deepstruc_2023 *model;
    deepstruc_2023_batch batch;
    nn_graphs graphs;
    real pdf[BATCH * N_POINTS], nodes[3 * N_ATOMS * BATCH], target[BATCH * N_ATOMS * 3], weight[BATCH * N_ATOMS * 3];
    real noise[2 * BATCH * 2];
} fixture;

static double total(void *user)
{
    fixture *f = user;
    return deepstruc_2023_step(f->model, &f->batch, 0.3).total;
}

static void make(fixture *f, deepstruc_2023_settings settings)
{
    const uint32_t from[] = {0, 1, 2, 3}, to[] = {1, 2, 0, 4};
    const size_t n_nodes[BATCH] = {3, 5, 1}, n_edges[BATCH] = {3, 4, 0};
    for (int g = 0; g < BATCH; g++) {
        dataset_graph *graph;
        assert_int_equal(dataset_graph_from_edges(&graph, n_nodes[g], from, to, n_edges[g], NULL), DEEPSTRUC_OK);
        assert_int_equal(nn_graphs_append(&f->graphs, graph, NULL), DEEPSTRUC_OK);
        dataset_graph_destroy(graph);
    }
    fill_normal(f->pdf, BATCH * N_POINTS, 1);
    fill_normal(f->nodes, 3 * N_ATOMS * BATCH, 2);
    fill_normal(f->target, BATCH * N_ATOMS * 3, 3);
    fill_normal(f->noise, 2 * BATCH * 2, 4);
    for (int i = 0; i < BATCH * N_ATOMS * 3; i++)
        f->weight[i] = i % 4 ? 1 : (real)0.1;
    f->batch = (deepstruc_2023_batch){BATCH, f->pdf, &f->graphs, f->nodes, f->target, f->weight, f->noise};
    settings.n_latent = 2;
    settings.n_points = N_POINTS;
    settings.n_atoms = N_ATOMS;
    settings.divisor = DIVISOR;
    assert_int_equal(
        deepstruc_2023_create(&f->model, &settings, 5, BATCH, f->graphs.n_nodes, f->graphs.n_edges, true, NULL),
        DEEPSTRUC_OK);
}

static void check(fixture *f)
{
    total(f);
    nn_params *params = &f->model->params;
    real *gradient = malloc(params->n_values * sizeof *gradient);
    memcpy(gradient, params->gradient, params->n_values * sizeof *gradient);
    for (size_t t = 0; t < params->n_tensors; t++) { /* a few of each tensor: each costs two passes of the network */
        const nn_tensor *tensor = &params->tensor[t];
        for (size_t i = 0; i < tensor->n; i += tensor->n / 2 + 1)
            check_gradient(total, f, params->value + tensor->offset + i, gradient + tensor->offset + i, 1,
                           tensor->name);
    }
    free(gradient);
    nn_graphs_free(&f->graphs);
    deepstruc_2023_destroy(f->model);
    free(f);
}

static void repaired(void **state)
{
    (void)state;
    fixture *f = calloc(1, sizeof *f);
    make(f, deepstruc_2023_repaired());
    check(f);
}

static void published(void **state)
{
    (void)state;
    fixture *f = calloc(1, sizeof *f);
    make(f, deepstruc_2023_published());
    check(f);
}

static void plain(void **state)
{
    (void)state;
    fixture *f = calloc(1, sizeof *f);
    make(f, deepstruc_2023_plain());
    check(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(repaired), cmocka_unit_test(published),
                                       cmocka_unit_test(plain)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
