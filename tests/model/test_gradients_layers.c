/* The loss of the model of stackings against central differences in double: every tensor, a few elements of each. */
#include "support.h"

#include "base/random.h"
#include "model/layers_net.h"

enum { ROWS = 4, PROBES = 2 };

typedef struct {
    layers_set *set;
    layers_model *model;
    layers_buffers *buffers;
    layers_structure structure[ROWS];
    const layers_structure *structures[ROWS];
    bool right[ROWS], near[ROWS], allowed[LAYERS_SEQUENCES];
    float fact[3][ROWS], number[ROWS * LAYERS_NUMBERS];
    layers_targets targets;
} fixture;

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    const layers_sizes sizes = {.n_trunk = 8, .n_decoder = 8, .n_last = 8};
    deepstruc_diag diag;
    random_stream random;
    random_seed(&random, 3, 0);
    assert_ok(layers_set_create(&f->set, &diag), diag);
    assert_ok(layers_model_create(&f->model, f->set, &sizes, true, &diag), diag);
    nn_params_initialise(&f->model->params, 5);
    for (size_t i = 0; i < f->model->params.n_values; i++) /* nothing may start silent */
        f->model->params.value[i] += (real)(0.05 * random_normal(&random));
    assert_ok(layers_buffers_create(&f->buffers, f->model, ROWS, true, &diag), diag);
    for (size_t i = 0; i < LAYERS_SEQUENCES; i++)
        f->allowed[i] = i % 5 != 0;
    for (size_t i = 0; i < ROWS; i++) {
        layers_solid solid;
        layers_draw(f->set, f->allowed, &random, &f->structure[i], &solid);
        for (size_t k = 0; k < LAYERS_NUMBERS; k++)
            f->number[i * LAYERS_NUMBERS + k] = (float)random_normal(&random);
        f->structures[i] = &f->structure[i];
        f->right[i] = i != 1;
        f->near[i] = i == 0 || i == 3;
        for (int k = 0; k < 3; k++)
            f->fact[k][i] = (float)(sites_units[k].centre + sites_units[k].scale * random_normal(&random));
    }
    for (size_t i = 0; i < ROWS * STREAM_INPUTS; i++)
        f->buffers->x[i] = (real)random_normal(&random);
    f->targets =
        (layers_targets){ROWS, f->structures, f->right, f->near, {f->fact[0], f->fact[1], f->fact[2]}, f->number};
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    layers_buffers_destroy(f->buffers);
    layers_model_destroy(f->model);
    layers_set_destroy(f->set);
    free(f);
    return 0;
}

static double total(fixture *f)
{
    layers_loss loss;
    deepstruc_diag diag;
    assert_ok(layers_train_batch(f->model, f->buffers, &f->targets, &loss, &diag), diag);
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
    for (size_t i = 0; i < params->n_tensors; i++)
        for (int probe = 0; probe < PROBES; probe++) {
            const nn_tensor *tensor = &params->tensor[i];
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
    free(gradient);
}

/* Numbers and logits that say the truth are read as the truth: the sequence first, its sites, and no others. */
static void the_truth_is_decoded(void **state)
{
    fixture *f = *state;
    const frame *table = &f->set->table;
    layers_buffers *b = f->buffers;
    for (size_t i = 0; i < ROWS; i++) {
        const layers_structure *truth = &f->structure[i];
        layers_answer answer[3];
        for (size_t k = 0; k < table->n_sites; k++)
            b->sites[i * table->n_sites + k] = -4;
        for (size_t k = 0; k < truth->shape.n_atoms; k++)
            b->sites[i * table->n_sites + truth->shape.site[k]] = 4;
        memset(b->sequence + i * LAYERS_OUTPUTS, 0, LAYERS_OUTPUTS * sizeof *b->sequence); /* covariance: unity */
        for (size_t k = 0; k < LAYERS_NUMBERS; k++)
            b->sequence[i * LAYERS_OUTPUTS + k] = (real)f->set->sequence[truth->sequence].number[k];
        memset(b->facts + i * SITES_FACTS, 0, SITES_FACTS * sizeof *b->facts);
        b->facts[i * SITES_FACTS + FACT_ATOMS] =
            (real)((log((double)truth->shape.n_atoms) - sites_units[1].centre) / sites_units[1].scale);
        assert_int_equal(layers_read(f->model, b, i, 3, answer), 3);
        assert_int_equal(answer[0].structure.sequence, truth->sequence);
        double score[LAYERS_SEQUENCES], sum = 0;
        layers_score(f->model, b, i, score);
        assert_close(score[truth->sequence], 0, 1e-12);
        for (size_t s = 0; s < LAYERS_SEQUENCES; s++)
            sum += exp(score[s]);
        assert_close(answer[0].log_probability, -log(sum), 1e-9);
        assert_int_equal(answer[0].structure.shape.n_atoms, truth->shape.n_atoms);
        assert_memory_equal(answer[0].structure.shape.site, truth->shape.site,
                            truth->shape.n_atoms * sizeof *truth->shape.site);
        assert_true(answer[1].log_probability < answer[0].log_probability);
    }
}

/* By hand: errors of the first two numbers that go together, (1 0; -1 1) of them independent. Off by (1, 1) costs half
 * a nat, off by (1, -1) costs 1/2 + 4/2. */
static void numbers_are_scored_by_their_covariance(void **state)
{
    fixture *f = *state;
    layers_buffers *b = f->buffers;
    double score[LAYERS_SEQUENCES];
    int s = layers_find(f->set, "ABABC");
    for (int sign = -1; sign <= 1; sign += 2) {
        memset(b->sequence, 0, LAYERS_OUTPUTS * sizeof *b->sequence);
        for (size_t k = 0; k < LAYERS_NUMBERS; k++)
            b->sequence[k] = (real)f->set->sequence[s].number[k];
        b->sequence[0] -= 1;
        b->sequence[1] -= sign;
        b->sequence[LAYERS_NUMBERS + 1] = -1; /* R's second row: behind its first, of one element */
        layers_score(f->model, b, 0, score);
        assert_close(score[s], sign > 0 ? -0.5 : -2.5, 1e-12);
    }
}

/* A PDF that fades away is seen as it is and as if it did not. */
static void what_fades_is_seen(void **state)
{
    fixture *f = *state;
    layers_buffers *b = f->buffers;
    for (int i = 0; i < STREAM_POINTS; i++)
        b->x[i] = (real)(exp(-0.02 * i) * (i % 2 ? 1 : -1));
    layers_forward(f->model, b, 1);
    for (int i = 20; i + 20 < STREAM_POINTS; i++) {
        assert_close((double)b->seen[i], (double)b->x[i], 0);
        /* The rms within 12 points of a value that falls by 2 % per point is 1.03 times it; 0.003 of 0.01 is added. */
        assert_in_range(lround(100 * fabs((double)b->seen[STREAM_INPUTS + i])), 75, 98);
    }
}

/* Sites that say a block, with some of them doubtful: the block is the likeliest body. */
static void the_likeliest_body_is_found(void **state)
{
    fixture *f = *state;
    const frame *table = &f->set->table;
    layers_buffers *b = f->buffers;
    layers_structure truth, found[4];
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    deepstruc_recipe recipe = deepstruc_recipe_layers("ABCBA", 4, 5);
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, 1, "X", &diag), diag);
    assert_true(layers_fit(f->set, cluster->xyz, cluster->n_atoms, 1, &truth));
    deepstruc_cluster_destroy(cluster);
    for (size_t k = 0; k < table->n_sites; k++)
        b->sites[k] = k % 7 == 0 ? (real)0.3 : -2;
    for (size_t k = 0; k < truth.shape.n_atoms; k++)
        b->sites[truth.shape.site[k]] = k % 5 == 0 ? (real)-0.3 : 2;
    memset(b->facts, 0, SITES_FACTS * sizeof *b->facts); /* 67 atoms, with a wide spread */
    assert_int_equal(layers_read_bodies(f->model, b, 0, truth.sequence, 4, found), 4);
    assert_int_equal(found[0].shape.n_atoms, truth.shape.n_atoms);
    assert_memory_equal(found[0].shape.site, truth.shape.site, truth.shape.n_atoms * sizeof *truth.shape.site);
    assert_int_equal(layers_read_bodies(f->model, b, 0, truth.sequence, 0, found), 0);
}

/* Numbers halfway between those of two sequences, whose pairs of layers k apart are alike as often; sites of a body in
 * one of them. */
static layers_structure say(fixture *f, const deepstruc_recipe *recipe, double sure)
{
    const frame *table = &f->set->table;
    layers_buffers *b = f->buffers;
    layers_structure truth;
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    const layers_sequence *s[2] = {&f->set->sequence[layers_find(f->set, "ABABAC")],
                                   &f->set->sequence[layers_find(f->set, "ABABCB")]};
    assert_ok(deepstruc_cluster_build(&cluster, recipe, 1, "X", &diag), diag);
    assert_true(layers_fit(f->set, cluster->xyz, cluster->n_atoms, 1, &truth));
    deepstruc_cluster_destroy(cluster);
    memset(b->sequence, 0, LAYERS_OUTPUTS * sizeof *b->sequence);
    for (size_t k = 0; k < LAYERS_NUMBERS; k++) {
        b->sequence[k] = (real)(s[0]->number[k] + s[1]->number[k]) / 2;
        b->sequence[LAYERS_NUMBERS + k * (k + 3) / 2] = 3; /* on R's diagonal: sure to 0.08, so that no third one is */
    }
    for (size_t k = 0; k < table->n_sites; k++)
        b->sites[k] = (real)-sure;
    for (size_t k = 0; k < truth.shape.n_atoms; k++)
        b->sites[truth.shape.site[k]] = (real)sure;
    memset(b->facts, 0, SITES_FACTS * sizeof *b->facts);
    b->facts[FACT_ATOMS] = (real)((log((double)truth.shape.n_atoms) - sites_units[1].centre) / sites_units[1].scale);
    return truth;
}

static void the_likeliest_structure_weighs_all(void **state)
{
    fixture *f = *state;
    layers_answer answer;
    const char *letters[2] = {"ABABAC", "ABABCB"};
    for (int i = 0; i < 2; i++) { /* equally likely by their numbers; the sites tell */
        deepstruc_recipe recipe = deepstruc_recipe_layers(letters[i], 3, 3);
        layers_structure truth = say(f, &recipe, 2);
        layers_read_likeliest(f->model, f->buffers, 0, &answer);
        assert_int_equal(answer.structure.sequence, truth.sequence);
        assert_int_equal(answer.structure.shape.n_atoms, truth.shape.n_atoms);
        assert_memory_equal(answer.structure.shape.site, truth.shape.site,
                            truth.shape.n_atoms * sizeof *truth.shape.site);
    }
    /* A body that is half in doubt is a body still, whatever its doubtful sites say by themselves. */
    deepstruc_recipe recipe = deepstruc_recipe_layers("ABABAC", 4, 4);
    layers_structure truth = say(f, &recipe, 2);
    for (size_t k = 0; k < truth.shape.n_atoms; k += 3)
        f->buffers->sites[truth.shape.site[k]] = -1;
    layers_read_likeliest(f->model, f->buffers, 0, &answer);
    assert_int_equal(answer.structure.shape.n_atoms, truth.shape.n_atoms);
    assert_memory_equal(answer.structure.shape.site, truth.shape.site, truth.shape.n_atoms * sizeof *truth.shape.site);
}

static void too_large_a_batch_is_refused(void **state)
{
    fixture *f = *state;
    layers_targets targets = f->targets;
    layers_loss loss;
    deepstruc_diag diag;
    targets.n_rows = ROWS + 1;
    assert_int_equal(layers_train_batch(f->model, f->buffers, &targets, &loss, &diag), DEEPSTRUC_BAD_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_gradient, setup, teardown),
        cmocka_unit_test_setup_teardown(the_truth_is_decoded, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_are_scored_by_their_covariance, setup, teardown),
        cmocka_unit_test_setup_teardown(what_fades_is_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(the_likeliest_body_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(the_likeliest_structure_weighs_all, setup, teardown),
        cmocka_unit_test_setup_teardown(too_large_a_batch_is_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
