/* The default model's whole loss against central differences in double: every tensor, a few elements of each. */
#include "support.h"

#include "base/random.h"
#include "dataset/stream_shape.h"
#include "model/sites.h"

enum { ROWS = 4, POSTERIOR = 2, LATENT = 3, PROBES = 1 };

typedef struct {
    frame_set *frames;
    sites_model *model;
    sites_buffers *buffers;
    frame_shape shape[ROWS];
    const frame_shape *shapes[ROWS];
    bool right[ROWS];
    float fact[3][ROWS];
    sites_targets targets;
} fixture;

static void fill_batch(fixture *f)
{
    random_stream random;
    random_seed(&random, 3, 0);
    for (size_t i = 0; i < ROWS; i++) {
        /* Of the two whose scale is right one has a hexagonality to tell, and one has none. */
        static const frame_family of_row[ROWS] = {FRAME_STACKING, FRAME_BCC, FRAME_SC, FRAME_HCP};
        frame_family family = of_row[i];
        while (!stream_shape_draw(f->frames, family, &random, 8, 30, &f->shape[i], NULL)) {
        }
        f->shapes[i] = &f->shape[i];
        f->right[i] = i != 1 && i != 3; /* one wrong scale in each half */
        for (int k = 0; k < 3; k++)
            f->fact[k][i] = (float)(sites_units[k].centre + sites_units[k].scale * random_normal(&random));
    }
    for (size_t i = 0; i < ROWS * STREAM_INPUTS; i++)
        f->buffers->x[i] = (real)random_normal(&random);
    for (size_t i = 0; i < ROWS * LATENT; i++)
        f->buffers->noise[i] = (real)random_normal(&random);
    f->targets = (sites_targets){ROWS, POSTERIOR, f->shapes, f->right, {f->fact[0], f->fact[1], f->fact[2]}};
    /* Nothing may start silent, or its neighbours' gradients would be zero and unchecked. */
    for (size_t i = 0; i < f->model->params.n_values; i++)
        f->model->params.value[i] += (real)(0.05 * random_normal(&random));
}

static int setup_with(void **state, bool no_graph)
{
    fixture *f = calloc(1, sizeof *f);
    sites_sizes sizes = {.n_latent = LATENT, .n_trunk = 8, .n_decoder = 16, .n_last = 8, .no_graph = no_graph};
    deepstruc_diag diag;
    assert_ok(frame_set_create(&f->frames, &diag), diag);
    assert_ok(sites_model_create(&f->model, f->frames, &sizes, true, &diag), diag);
    nn_params_initialise(&f->model->params, 5);
    assert_ok(sites_buffers_create(&f->buffers, f->model, ROWS, true, &diag), diag);
    fill_batch(f);
    *state = f;
    return 0;
}

static int setup(void **state)
{
    return setup_with(state, false);
}

static int setup_no_graph(void **state)
{
    return setup_with(state, true);
}

static int teardown(void **state)
{
    fixture *f = *state;
    sites_buffers_destroy(f->buffers);
    sites_model_destroy(f->model);
    frame_set_destroy(f->frames);
    free(f);
    return 0;
}

static double total(fixture *f)
{
    sites_weights weights = {.kl = 0.3, .facts = 0.7, .sites = 0.1, .map = 0.2, .spread = 0.05};
    sites_loss loss;
    deepstruc_diag diag;
    assert_ok(sites_train_batch(f->model, f->buffers, &f->targets, &weights, &loss, &diag), diag);
    return loss.total;
}

static void every_gradient(void **state)
{
    fixture *f = *state;
    nn_params *params = &f->model->params;
    nn_params_zero_gradients(params);
    total(f);
    real *gradient = malloc(params->n_values * sizeof *gradient);
    memcpy(gradient, params->gradient, params->n_values * sizeof *gradient);
    random_stream random;
    random_seed(&random, 11, 0);
    for (size_t i = 0; i < params->n_tensors; i++) {
        const nn_tensor *tensor = &params->tensor[i];
        for (int probe = 0; probe < PROBES; probe++) {
            size_t at = tensor->offset + random_below(&random, tensor->n);
            real kept = params->value[at];
            const double step = 1e-5;
            params->value[at] = kept + (real)step;
            double above = total(f);
            params->value[at] = kept - (real)step;
            double below = total(f);
            params->value[at] = kept;
            double wanted = (above - below) / (2 * step);
            /* Rounding of a loss of some hundred nats over the step: 1e-14 * 100 / 1e-5 = 1e-7. */
            if (!(fabs((double)gradient[at] - wanted) <= 1e-6 * (1 + fabs(wanted))))
                fail_msg("%s: %.10g, central differences say %.10g", tensor->name, (double)gradient[at], wanted);
        }
    }
    free(gradient);
}

/* The graph is heard where there is one, and only there. */
static void the_graph_is_heard(fixture *f, bool wanted)
{
    sites_weights only_distance = {.kl = 1};
    sites_loss less, all;
    deepstruc_diag diag;
    f->shape[0].n_atoms--;
    assert_ok(sites_train_batch(f->model, f->buffers, &f->targets, &only_distance, &less, &diag), diag);
    f->shape[0].n_atoms++;
    assert_ok(sites_train_batch(f->model, f->buffers, &f->targets, &only_distance, &all, &diag), diag);
    assert_true((less.kl != all.kl) == wanted);
}

static void with_a_graph_the_posterior_sees_an_atom_missing(void **state)
{
    the_graph_is_heard(*state, true);
}

static void without_one_it_does_not(void **state)
{
    the_graph_is_heard(*state, false);
}

static void one_batch_is_learned(void **state)
{
    fixture *f = *state;
    nn_params *params = &f->model->params;
    double before = total(f);
    for (int step = 0; step < 20; step++) {
        nn_params_zero_gradients(params);
        total(f);
        for (size_t i = 0; i < params->n_values; i++)
            params->value[i] -= (real)0.01 * params->gradient[i];
    }
    assert_true(total(f) < 0.9 * before);
}

static void too_large_a_batch_is_refused(void **state)
{
    fixture *f = *state;
    sites_targets targets = f->targets;
    sites_weights weights = sites_weights_default();
    sites_loss loss;
    deepstruc_diag diag;
    targets.n_rows = ROWS + 1;
    assert_int_equal(sites_train_batch(f->model, f->buffers, &targets, &weights, &loss, &diag), DEEPSTRUC_BAD_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_gradient, setup, teardown),
        cmocka_unit_test_setup_teardown(every_gradient, setup_no_graph, teardown),
        cmocka_unit_test_setup_teardown(with_a_graph_the_posterior_sees_an_atom_missing, setup, teardown),
        cmocka_unit_test_setup_teardown(without_one_it_does_not, setup_no_graph, teardown),
        cmocka_unit_test_setup_teardown(one_batch_is_learned, setup, teardown),
        cmocka_unit_test_setup_teardown(too_large_a_batch_is_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
