/* One batch through the published network at its full size, against the numbers PyTorch gave
 * (tools/golden_deepstruc_2023.py). Included by a test of the float build and by one of the double build: they differ
 * in the tolerance alone. */
#ifndef TESTS_MODEL_GOLDEN_H
#define TESTS_MODEL_GOLDEN_H

#include "support.h"

#include <jansson.h>

#include "model/deepstruc_2023.h"

enum { GOLDEN_BATCH = 4, GOLDEN_ROWS = 200, GOLDEN_POINTS = 2800, GOLDEN_SAMPLES = 12 };
static const size_t GOLDEN_SIZES[GOLDEN_BATCH] = {13, 5, 40, 1};

/* Number i of stream s, in [-1, 1); the generator script has the same line in NumPy. */
static double golden_uniform(uint64_t stream, uint64_t i)
{
    uint64_t x = i * 0x9E3779B97F4A7C15u + (stream + 1) * 0xD1B54A32D192ED03u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    x ^= x >> 31;
    return (double)(x >> 40) * 0x1p-23 - 1;
}

static void golden_fill(real *x, uint64_t stream, size_t n, double scale, double shift)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (real)(golden_uniform(stream, i) * scale + shift);
}

static void golden_graphs(nn_graphs *graphs)
{
    for (size_t g = 0; g < GOLDEN_BATCH; g++) { /* atom i sees i +- 1 and i +- 3 */
        uint32_t from[80], to[80];
        size_t n_edges = 0;
        for (uint32_t i = 0; i < GOLDEN_SIZES[g]; i++)
            for (uint32_t step = 1; step <= 3; step += 2)
                if (i + step < GOLDEN_SIZES[g])
                    from[n_edges] = i, to[n_edges++] = i + step;
        dataset_graph *graph;
        assert_int_equal(dataset_graph_from_edges(&graph, GOLDEN_SIZES[g], from, to, n_edges, NULL), DEEPSTRUC_OK);
        assert_int_equal(nn_graphs_append(graphs, graph, NULL), DEEPSTRUC_OK);
        dataset_graph_destroy(graph);
    }
}

static void golden_targets(real *target, real *weight)
{
    golden_fill(target, 4, GOLDEN_BATCH * GOLDEN_ROWS * 3, 1, 0);
    for (size_t i = 0; i < GOLDEN_BATCH * GOLDEN_ROWS * 3; i++) {
        bool atom = i % (GOLDEN_ROWS * 3) < 3 * GOLDEN_SIZES[i / (GOLDEN_ROWS * 3)];
        weight[i] = (real)(atom ? 1 : DEEPSTRUC_2023_DUMMY_WEIGHT);
        target[i] = atom ? target[i] : (real)DEEPSTRUC_2023_DUMMY;
    }
}

static double golden_number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static void golden_check_gradient(const nn_params *params, size_t t, const json_t *wanted, double tolerance)
{
    const real *gradient = nn_gradient(params, (int)t);
    size_t n = params->tensor[t].n;
    double squares = 0, sum = 0, norm = golden_number(wanted, "norm");
    double scale = tolerance * (norm + 0.01); /* some gradients vanish: a target's score shifts a whole row alike */
    for (size_t i = 0; i < n; i++) {
        squares += (double)gradient[i] * (double)gradient[i];
        sum += (double)gradient[i];
    }
    if (!(fabs(sqrt(squares) - norm) <= scale) ||
        !(fabs(sum - golden_number(wanted, "sum")) <= scale * sqrt((double)n)))
        fail_msg("gradient of %s: norm %.9g and sum %.9g, PyTorch %.9g and %.9g", params->tensor[t].name, sqrt(squares),
                 sum, norm, golden_number(wanted, "sum"));
    for (size_t i = 0; i < GOLDEN_SAMPLES; i++) {
        size_t place = i * (n - 1) / (GOLDEN_SAMPLES - 1);
        double element = json_number_value(json_array_get(json_object_get(wanted, "some"), i));
        if (!(fabs((double)gradient[place] - element) <= scale))
            fail_msg("gradient of %s[%zu]: %.9g, PyTorch %.9g", params->tensor[t].name, place, (double)gradient[place],
                     element);
    }
}

static void golden_check(deepstruc_2023 *model, const deepstruc_2023_batch *batch, const json_t *golden,
                         const json_t *wanted, double tolerance)
{
    for (size_t t = 0; t < model->params.n_tensors; t++) {
        const nn_tensor *tensor = &model->params.tensor[t];
        double fan_in = tensor->n_columns ? (double)tensor->n_columns : 16;
        golden_fill(nn_value(&model->params, (int)t), 100 + t, tensor->n, sqrt(6 / fan_in), 0);
    }
    deepstruc_2023_loss loss = deepstruc_2023_step(model, batch, golden_number(golden, "beta"));
    real mean[GOLDEN_BATCH * 2], log_var[GOLDEN_BATCH * 2];
    deepstruc_2023_prior(model, mean, log_var, batch->pdf, GOLDEN_BATCH);
    for (size_t i = 0; i < GOLDEN_BATCH * 2; i++) {
        assert_close((double)mean[i], json_number_value(json_array_get(json_object_get(wanted, "p_mean"), i)),
                     tolerance);
        assert_close((double)log_var[i], json_number_value(json_array_get(json_object_get(wanted, "p_log_var"), i)),
                     tolerance);
    }
    assert_close(loss.reconstruction, golden_number(wanted, "reconstruction"), tolerance);
    assert_close(loss.prior_reconstruction, golden_number(wanted, "prior_reconstruction"), tolerance);
    assert_close(loss.kl, golden_number(wanted, "kl"), 10 * tolerance);
    assert_close(loss.total, golden_number(wanted, "total"), 3 * tolerance);
    assert_int_equal(json_object_size(json_object_get(wanted, "gradients")), model->params.n_tensors);
    for (size_t t = 0; t < model->params.n_tensors; t++)
        golden_check_gradient(&model->params, t,
                              json_object_get(json_object_get(wanted, "gradients"), model->params.tensor[t].name),
                              tolerance);
}

static void golden_compare(deepstruc_2023_settings settings, const char *which, double tolerance)
{
    json_t *golden = json_load_file(DEEPSTRUC_SOURCE_DIR "/tests/golden/deepstruc-2023.json", 0, NULL);
    assert_non_null(golden);
    nn_graphs graphs = {0};
    golden_graphs(&graphs);
    real *pdf = malloc(GOLDEN_BATCH * GOLDEN_POINTS * sizeof *pdf), *nodes = malloc(graphs.n_nodes * 3 * sizeof *nodes);
    real *target = malloc(GOLDEN_BATCH * GOLDEN_ROWS * 3 * sizeof *target), noise[2 * GOLDEN_BATCH * 2];
    real *weight = malloc(GOLDEN_BATCH * GOLDEN_ROWS * 3 * sizeof *weight);
    golden_fill(pdf, 1, GOLDEN_BATCH * GOLDEN_POINTS, 1, 0);
    golden_fill(nodes, 2, graphs.n_nodes * 3, 0.5, 0.5);
    golden_fill(noise, 3, 2 * GOLDEN_BATCH * 2, 1, 0);
    golden_targets(target, weight);
    deepstruc_2023_batch batch = {GOLDEN_BATCH, pdf, &graphs, nodes, target, weight, noise};
    deepstruc_2023 *model;
    assert_int_equal(
        deepstruc_2023_create(&model, &settings, 0, GOLDEN_BATCH, graphs.n_nodes, graphs.n_edges, true, NULL),
        DEEPSTRUC_OK);
    golden_check(model, &batch, golden, json_object_get(golden, which), tolerance);
    deepstruc_2023_destroy(model);
    nn_graphs_free(&graphs);
    free(pdf), free(nodes), free(target), free(weight);
    json_decref(golden);
}

#endif
