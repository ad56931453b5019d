/* Graph attention and pooling: backward against central differences in double, forward against the formula written
 * plainly, and invariance to the order of the atoms. */
#include "nn/attention.h"
#include "nn/gradient.h"

enum { WIDE = 7, NARROW = 3, MAX_NODES = 16, MAX_EDGES = 100, MAX = MAX_NODES * WIDE };

typedef struct {
    nn_params params;
    nn_workspace workspace;
    nn_graphs graphs;
    nn_attention layer;
    nn_attention_buffers buffers;
    real x[MAX], y[MAX], dx[MAX], dy[MAX], logit[MAX_NODES], dlogit[MAX_NODES], alpha[MAX_NODES];
} fixture;

/* A triangle with a tail of two, a lone atom, and a pair. */
static void append_graphs(nn_graphs *batch)
{
    const uint32_t from[] = {0, 1, 2, 2, 3}, to[] = {1, 2, 0, 3, 4};
    const struct {
        size_t n_nodes, n_edges;
    } sizes[] = {{5, 5}, {1, 0}, {2, 1}};
    for (int i = 0; i < 3; i++) {
        dataset_graph *graph;
        assert_int_equal(dataset_graph_from_edges(&graph, sizes[i].n_nodes, from, to, sizes[i].n_edges, NULL),
                         DEEPSTRUC_OK);
        assert_int_equal(nn_graphs_append(batch, graph, NULL), DEEPSTRUC_OK);
        dataset_graph_destroy(graph);
    }
}

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    fill_normal(f->x, MAX, 1);
    fill_normal(f->dy, MAX, 2);
    fill_normal(f->logit, MAX_NODES, 3);
    append_graphs(&f->graphs);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    nn_params_free(&f->params);
    nn_workspace_free(&f->workspace);
    nn_graphs_free(&f->graphs);
    free(f);
    return 0;
}

static void make_layer(fixture *f, size_t n_in, size_t n_out)
{
    f->layer = nn_attention_declare(&f->params, "gat", n_in, n_out, NN_HE);
    assert_int_equal(nn_params_allocate(&f->params, true, NULL), DEEPSTRUC_OK);
    fill_normal(f->params.value, f->params.n_values, 8);
    nn_attention_carve(&f->workspace, &f->layer, f->graphs.n_nodes, f->graphs.n_edges, true);
    assert_int_equal(nn_workspace_allocate(&f->workspace, NULL), DEEPSTRUC_OK);
    f->buffers = nn_attention_carve(&f->workspace, &f->layer, f->graphs.n_nodes, f->graphs.n_edges, true);
}

static double attention_loss(void *user)
{
    fixture *f = user;
    nn_attention_forward(&f->params, &f->layer, &f->buffers, f->y, f->x, &f->graphs);
    return dot(f->y, f->dy, f->graphs.n_nodes * f->layer.n_out);
}

/* y_i = sum_j alpha_ij W x_j + b, with every alpha from its definition. */
static void check_forward(const fixture *f)
{
    const real *w = nn_value(&f->params, f->layer.weight), *bias = nn_value(&f->params, f->layer.bias);
    const real *as = nn_value(&f->params, f->layer.source), *at = nn_value(&f->params, f->layer.target);
    size_t n_in = f->layer.n_in, n_out = f->layer.n_out;
    double h[MAX_NODES][WIDE] = {0};
    for (size_t i = 0; i < f->graphs.n_nodes; i++)
        for (size_t c = 0; c < n_out; c++)
            h[i][c] = dot(w + c * n_in, f->x + i * n_in, n_in);
    for (size_t i = 0; i < f->graphs.n_nodes; i++) {
        double sum = 0, wanted[WIDE] = {0};
        for (uint32_t e = f->graphs.begin[i]; e < f->graphs.begin[i + 1]; e++) {
            double raw = 0;
            for (size_t c = 0; c < n_out; c++)
                raw += as[c] * h[f->graphs.source[e]][c] + at[c] * h[i][c];
            double weight = exp(raw > 0 ? raw : 0.2 * raw);
            sum += weight;
            for (size_t c = 0; c < n_out; c++)
                wanted[c] += weight * h[f->graphs.source[e]][c];
        }
        for (size_t c = 0; c < n_out; c++)
            assert_close(f->y[i * n_out + c], wanted[c] / sum + bias[c], 1e-12);
    }
}

static void check_layer(fixture *f)
{
    attention_loss(f);
    check_forward(f);
    nn_attention_backward(&f->params, &f->layer, &f->buffers, f->dx, f->dy, f->x, &f->graphs);
    check_gradient(attention_loss, f, f->x, f->dx, f->graphs.n_nodes * f->layer.n_in, "x");
    check_parameter_gradients(attention_loss, f, &f->params);
}

static void widening_attention(void **state)
{
    make_layer(*state, NARROW, WIDE);
    check_layer(*state);
}

static void narrowing_attention(void **state)
{
    make_layer(*state, WIDE, NARROW);
    check_layer(*state);
}

static double pool_loss(void *user)
{
    fixture *f = user;
    nn_pool_forward(f->y, f->alpha, f->x, f->logit, &f->graphs, NARROW);
    return dot(f->y, f->dy, f->graphs.n_graphs * NARROW);
}

static void pooling(void **state)
{
    fixture *f = *state;
    pool_loss(f);
    nn_pool_backward(f->dx, f->dlogit, f->dy, f->y, f->alpha, f->x, &f->graphs, NARROW);
    check_gradient(pool_loss, f, f->x, f->dx, f->graphs.n_nodes * NARROW, "x");
    check_gradient(pool_loss, f, f->logit, f->dlogit, f->graphs.n_nodes, "logit");
    for (size_t c = 0; c < NARROW; c++)
        assert_close(f->y[NARROW + c], f->x[5 * NARROW + c], 1e-12); /* a graph of one atom pools to that atom */
}

int main(void)
{
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, setup, teardown)
    const struct CMUnitTest tests[] = {TEST(widening_attention), TEST(narrowing_attention), TEST(pooling)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
