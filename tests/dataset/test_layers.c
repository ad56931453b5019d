/* Close-packed layers: their sequences, the table of sites, orientations, random bodies, and samples. */
#include "support.h"

#include <deepstruc/dataset.h>

#include "dataset/layers_stream.h"
#include "dataset/stacking.h"
#include "study/measures.h"

static layers_set *set;

static int setup(void **state)
{
    (void)state;
    deepstruc_diag diag;
    assert_ok(layers_set_create(&set, &diag), diag);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    layers_set_destroy(set);
    return 0;
}

static void sequences_are_told_apart_by_their_numbers(void **state)
{
    (void)state;
    assert_int_equal(set->n_sequences, LAYERS_SEQUENCES);
    for (int i = 0; i < LAYERS_SEQUENCES; i++) {
        assert_int_equal(layers_find(set, set->sequence[i].letters), i);
        for (int j = 0; j < i; j++)
            assert_memory_not_equal(set->sequence[i].number, set->sequence[j].number, sizeof set->sequence[i].number);
    }
    /* ABAC and its reverse CABA, spelled anew ABCB; any shift of letters. */
    assert_int_equal(layers_find(set, "ABCB"), layers_find(set, "ABAC"));
    assert_int_equal(layers_find(set, "CACB"), layers_find(set, "ABAC"));
    assert_int_equal(layers_find(set, "ABBA"), -1);
    assert_int_equal(layers_find(set, "AB"), -1);
    /* By hand, of ABABC: 5 layers; A-A and B-B alike two apart, none further. Two apart, one of the two pairs that
     * begin at an end is alike, both of the next (one pair, from either end), and one of the two that begin in the
     * middle. */
    const float wanted[LAYERS_NUMBERS] = {5, 2, 0, 0, 0, 0, 0, 0, 0, 1, 2, 1};
    const layers_sequence *s = &set->sequence[layers_find(set, "ABABC")];
    for (int k = 0; k < LAYERS_NUMBERS; k++)
        assert_close((double)s->number[k], (double)wanted[k], 0);
}

/* What decoding could at best give: the protocol's structures themselves. */
static void every_structure_of_the_protocol_stands_on_the_table(void **state)
{
    (void)state;
    deepstruc_structures *all;
    deepstruc_diag diag;
    size_t other = 0;
    assert_ok(deepstruc_structures_of_protocol(&all, "stacking", &diag), diag);
    for (size_t i = 0; i < all->n; i++) {
        const deepstruc_structure *s = &all->structure[i];
        deepstruc_cluster *cluster;
        layers_structure found;
        assert_ok(deepstruc_cluster_build(&cluster, &s->recipe, s->bond_length, s->element, &diag), diag);
        if (!layers_fit(set, cluster->xyz, cluster->n_atoms, 1 / s->bond_length, &found))
            fail_msg("%s does not stand on the table", s->name);
        other += strcmp(set->sequence[found.sequence].letters, s->recipe.sequence) != 0;
        if (i % 40 == 0) { /* the comparison takes its time */
            double xyz[3 * LAYERS_MOST_ATOMS];
            measure_errors errors;
            for (size_t k = 0; k < 3 * found.shape.n_atoms; k++)
                xyz[k] = set->table.site[found.shape.site[k / 3]][k % 3] * s->bond_length;
            assert_ok(measure_compare(cluster->xyz, cluster->n_atoms, xyz, found.shape.n_atoms, s->bond_length, &errors,
                                      &diag),
                      diag);
            assert_true(errors.strict < 1e-6);
        }
        deepstruc_cluster_destroy(cluster);
    }
    assert_int_equal(other, 2); /* two spheres do not reach the last layer of their recipe */
    deepstruc_structures_destroy(all);
}

/* Turned by sixths of a circle, mirrored, upside down, moved: the same structure. */
static void orientations_do_not_matter(void **state)
{
    (void)state;
    bool allowed[LAYERS_SEQUENCES];
    memset(allowed, 1, sizeof allowed);
    random_stream random;
    random_seed(&random, 1, 0);
    for (int repeat = 0; repeat < 300; repeat++) {
        layers_structure drawn, again;
        layers_solid solid;
        layers_atom atom[LAYERS_MOST_ATOMS];
        layers_draw(set, allowed, &random, &drawn, &solid);
        int top = set->sequence[drawn.sequence].n_layers - 1, moved = 3 * ((int)random_below(&random, 7) - 3);
        int sixths = (int)random_below(&random, 6), letter = (int)random_below(&random, 3);
        bool mirrored = random_below(&random, 2), upside_down = random_below(&random, 2);
        for (size_t i = 0; i < drawn.shape.n_atoms; i++) {
            const double *r = set->table.site[drawn.shape.site[i]];
            int v = (int)lround(3 * r[1] / sqrt(0.75)), u = (int)lround(3 * r[0] - v / 2.0);
            layers_atom a = {set->table.layer[drawn.shape.site[i]], mirrored ? v : u, mirrored ? u : v};
            for (int k = 0; k < sixths; k++)
                a = (layers_atom){a.layer, -a.v, a.u + a.v};
            atom[i] = (layers_atom){upside_down ? top - a.layer : a.layer, a.u + moved + letter, a.v + letter};
        }
        assert_true(layers_place(set, atom, drawn.shape.n_atoms, &again));
        assert_int_equal(again.sequence, drawn.sequence);
        assert_memory_equal(again.shape.site, drawn.shape.site, drawn.shape.n_atoms * sizeof *drawn.shape.site);
    }
}

/* Where a block's atoms stand in a layer of some letter is the same in every sequence: what the decoder relies on. */
static void a_shape_has_one_place_in_all_sequences(void **state)
{
    (void)state;
    enum { LAYERS = 5, SIDE = 4 };
    uint64_t sum[LAYERS][3] = {{0}};
    for (int i = 0; i < LAYERS_SEQUENCES; i++) {
        deepstruc_cluster *cluster;
        deepstruc_diag diag;
        layers_structure found;
        uint64_t own[LAYERS] = {0};
        if (set->sequence[i].n_layers != LAYERS)
            continue;
        deepstruc_recipe recipe = deepstruc_recipe_layers(set->sequence[i].letters, SIDE, SIDE + 1);
        assert_ok(deepstruc_cluster_build(&cluster, &recipe, 1, "X", &diag), diag);
        assert_true(layers_fit(set, cluster->xyz, cluster->n_atoms, 1, &found));
        for (size_t k = 0; k < found.shape.n_atoms; k++)
            own[(int)set->table.layer[found.shape.site[k]]] += (uint64_t)found.shape.site[k] * found.shape.site[k];
        for (int l = 0; l < LAYERS; l++) {
            uint64_t *seen = &sum[l][set->sequence[i].letters[l] - 'A'];
            assert_true(*seen == 0 || *seen == own[l]);
            *seen = own[l];
        }
        deepstruc_cluster_destroy(cluster);
    }
}

typedef struct {
    const layers_structure *wanted;
    bool found;
} search;

static void compare(void *user, const layers_structure *body)
{
    search *s = user;
    assert_int_equal(body->sequence, s->wanted->sequence);
    s->found = s->found ||
               (body->shape.n_atoms == s->wanted->shape.n_atoms &&
                memcmp(body->shape.site, s->wanted->shape.site, body->shape.n_atoms * sizeof *body->shape.site) == 0);
}

static void the_protocols_structures_are_among_the_bodies(void **state)
{
    (void)state;
    deepstruc_structures *all;
    deepstruc_diag diag;
    assert_ok(deepstruc_structures_of_protocol(&all, "stacking", &diag), diag);
    for (size_t i = 0; i < all->n; i += 21) {
        const deepstruc_structure *s = &all->structure[i];
        deepstruc_cluster *cluster;
        layers_structure placed;
        assert_ok(deepstruc_cluster_build(&cluster, &s->recipe, s->bond_length, s->element, &diag), diag);
        assert_true(layers_fit(set, cluster->xyz, cluster->n_atoms, 1 / s->bond_length, &placed));
        search look = {&placed, false};
        layers_visit_bodies(set, placed.sequence, compare, &look);
        if (!look.found)
            fail_msg("%s is no body of its sequence", s->name);
        deepstruc_cluster_destroy(cluster);
    }
    deepstruc_structures_destroy(all);
}

static void bad_atoms_are_refused(void **state)
{
    (void)state;
    layers_structure out;
    layers_atom mixed[] = {{0, 0, 0}, {1, 1, 1}, {2, 0, 0}, {2, 2, 2}}; /* two letters in a layer */
    layers_atom gap[] = {{0, 0, 0}, {1, 1, 1}, {3, 0, 0}};
    layers_atom off[] = {{0, 0, 0}, {1, 1, 0}, {2, 0, 0}};
    layers_atom far[] = {{0, 0, 0}, {0, 90, 0}, {1, 1, 1}, {2, 0, 0}};
    assert_false(layers_place(set, mixed, 4, &out));
    assert_false(layers_place(set, gap, 3, &out));
    assert_false(layers_place(set, off, 3, &out));
    assert_false(layers_place(set, far, 4, &out));
    assert_false(layers_place(set, far, 0, &out));
    double nan_xyz[6] = {0, 0, NAN, 0, 0, 0};
    assert_false(layers_fit(set, nan_xyz, 2, 1, &out));
}

static void held_out_sequences_are_never_drawn(void **state)
{
    (void)state;
    bool held[STACKING_SEQUENCES], allowed[LAYERS_SEQUENCES], seen[LAYERS_SEQUENCES] = {false};
    size_t n_held = 0, n_seen = 0;
    stacking_held_out(held);
    for (size_t i = 0; i < LAYERS_SEQUENCES; i++) {
        allowed[i] = i >= STACKING_SEQUENCES || !held[i];
        n_held += !allowed[i];
    }
    assert_int_equal(n_held, 16);
    bool spared[STACKING_SEQUENCES];
    size_t n_spared = 0;
    stacking_spared(spared);
    for (size_t i = 0; i < STACKING_SEQUENCES; i++) {
        assert_false(spared[i] && held[i]);
        n_spared += spared[i];
    }
    assert_int_equal(n_spared, 12); /* a fifth of 61 */
    /* The first 77 are the protocol's, in its order. */
    char letters[SEQUENCE_TEXT];
    int at = 0;
    for (int n_layers = 3; n_layers <= 8; n_layers++)
        for (int k = 0; sequence_spell(n_layers, k, letters); k++)
            assert_string_equal(set->sequence[at++].letters, letters);
    assert_int_equal(at, STACKING_SEQUENCES);
    random_stream random;
    random_seed(&random, 2, 0);
    for (int i = 0; i < 4000; i++) {
        layers_structure drawn;
        layers_solid solid;
        layers_draw(set, allowed, &random, &drawn, &solid);
        assert_true(allowed[drawn.sequence]);
        assert_in_range(drawn.shape.n_atoms, LAYERS_FEWEST_ATOMS, LAYERS_MOST_ATOMS);
        n_seen += !seen[drawn.sequence];
        seen[drawn.sequence] = true;
    }
    assert_true(n_seen > 200); /* of 269: none is out of reach for long */
}

/* The pairs of a body as it is, beside those of the structure on its sites. */
static void pairs_are_those_of_the_structure(void **state)
{
    (void)state;
    bool allowed[LAYERS_SEQUENCES];
    memset(allowed, 1, sizeof allowed);
    random_stream random;
    random_seed(&random, 4, 0);
    for (int repeat = 0; repeat < 60; repeat++) {
        layers_structure drawn;
        layers_solid solid;
        layers_pairs pairs;
        float wanted[LAYERS_SQUARES] = {0};
        layers_draw(set, allowed, &random, &drawn, &solid);
        layers_pair(set, allowed, drawn.sequence, &solid, false, &random, &pairs);
        for (size_t i = 0; i < drawn.shape.n_atoms; i++)
            for (size_t j = 0; j < i; j++) {
                const double *a = set->table.site[drawn.shape.site[i]], *b = set->table.site[drawn.shape.site[j]];
                double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2], square = 3 * (x * x + y * y + z * z);
                assert_close(square, round(square), 1e-9);
                wanted[lround(square)]++;
            }
        assert_memory_equal(pairs.count, wanted, sizeof wanted);
        assert_memory_equal(pairs.number, set->sequence[drawn.sequence].number, sizeof pairs.number);
    }
}

/* Layers alike at will: straight above each other, two layers apart (3 d^2 = 8), stand as many pairs as the numbers
 * say; nothing has the sums of a held-out sequence, and much that is drawn is no sequence at all. */
static void pairs_of_layers_are_mixed(void **state)
{
    (void)state;
    bool held[STACKING_SEQUENCES], allowed[LAYERS_SEQUENCES];
    int n_blocks = 0, n_none = 0, n_drawn = 0;
    stacking_held_out(held);
    for (size_t i = 0; i < LAYERS_SEQUENCES; i++)
        allowed[i] = i >= STACKING_SEQUENCES || !held[i];
    random_stream random;
    random_seed(&random, 5, 0);
    for (int repeat = 0; repeat < 3000; repeat++) {
        layers_structure drawn;
        layers_solid solid;
        layers_pairs pairs;
        bool is_sequence = false, is_block = true;
        layers_draw(set, allowed, &random, &drawn, &solid);
        layers_pair(set, allowed, drawn.sequence, &solid, true, &random, &pairs);
        for (size_t i = 0; i < LAYERS_SEQUENCES; i++) {
            bool same = memcmp(pairs.number, set->sequence[i].number, LAYERS_SUMS * sizeof *pairs.number) == 0;
            assert_true(allowed[i] || !same);
            is_sequence = is_sequence || same;
        }
        n_drawn++;
        n_none += !is_sequence;
        /* A block has the same atoms in every layer, moved by letters. */
        const layers_cut *cut = solid.of_letter;
        size_t in_layer = cut->first[1], n_layers = (size_t)set->sequence[drawn.sequence].n_layers;
        for (int letter = 1; letter < 3; letter++)
            for (size_t i = 0; i < cut->first[LAYERS_MOST] && is_block; i++)
                is_block = cut[letter].first[LAYERS_MOST] == cut->first[LAYERS_MOST] &&
                           cut[letter].atom[i].u == cut->atom[i].u + letter &&
                           cut[letter].atom[i].v == cut->atom[i].v + letter;
        if (!is_block)
            continue;
        n_blocks++;
        assert_int_equal(in_layer * n_layers, drawn.shape.n_atoms);
        assert_close((double)pairs.count[8], (double)in_layer * (double)pairs.number[1], 0);
    }
    assert_true(n_blocks > 300);
    assert_true(2 * n_none > n_drawn);
}

/* The stream's PDF beside the engine's, as a network sees them. */
static void samples_agree_with_the_engine(void **state)
{
    (void)state;
    bool allowed[LAYERS_SEQUENCES];
    memset(allowed, 1, sizeof allowed);
    layers_stream *stream;
    layers_structure structure;
    deepstruc_cluster *cluster;
    deepstruc_pdf *pdf;
    deepstruc_diag diag;
    const double bond = 2.72;
    assert_ok(layers_stream_create(&stream, set, allowed, 0.5, &diag), diag);
    deepstruc_recipe recipe = deepstruc_recipe_layers("ABCBA", 4, 5);
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, bond, "Pt", &diag), diag);
    assert_true(layers_fit(set, cluster->xyz, cluster->n_atoms, 1 / bond, &structure));
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    settings.rstep = 0.001;
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &settings, DEEPSTRUC_MODE_EXACT, &diag), diag);
    float x[STREAM_INPUTS], y[STREAM_INPUTS];
    double g[STREAM_POINTS];
    assert_ok(layers_stream_show(stream, &structure, bond, bond, x, &diag), diag);
    for (size_t i = 0; i < STREAM_POINTS; i++) {
        size_t k = (size_t)lround((bond * (STREAM_FIRST + STREAM_STEP * (double)i) - pdf->r[0]) / settings.rstep);
        g[i] = k < pdf->n_points ? pdf->g[k] : 0;
    }
    const stream_instrument instrument = {0.7, 25, 0, 0, 30};
    assert_true(stream_input(g, &instrument, bond, y));
    double worst = 0, largest = 0;
    for (size_t i = 0; i < STREAM_POINTS; i++) {
        worst = fmax(worst, fabs((double)x[i] - (double)y[i]));
        largest = fmax(largest, fabs((double)y[i]));
    }
    /* Distances stand in bins of 1/8 of 0.0125 bond lengths and widths on a ladder of 3 %: some percent of the sharpest
     * peak, as in test_stream.c. */
    assert_true(worst < 0.04 * largest);
    assert_int_equal(layers_stream_show(stream, &structure, NAN, bond, x, &diag), DEEPSTRUC_BAD_ARGUMENT);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
    layers_stream_destroy(stream);
}

/* A sample is the PDF of its structure at its bond length, seen with its hypothesis, unless its layers are mixed. */
static void samples_are_of_their_structures(void **state)
{
    (void)state;
    enum { ROWS = 16 };
    bool allowed[LAYERS_SEQUENCES];
    memset(allowed, 1, sizeof allowed);
    deepstruc_diag diag;
    for (int mixed = 0; mixed < 2; mixed++) {
        layers_stream *stream;
        float x[ROWS * STREAM_INPUTS], y[STREAM_INPUTS];
        layers_sample sample[ROWS];
        int n_alike = 0;
        assert_ok(layers_stream_create(&stream, set, allowed, mixed, &diag), diag);
        assert_ok(layers_stream_draw(stream, 3, 0, ROWS, x, sample, &diag), diag);
        for (int i = 0; i < ROWS; i++) {
            const double biso = 0.3, u2 = 2 * biso / (8 * M_PI * M_PI);
            double bond = sqrt(u2) / exp((double)sample[i].log_width), worst = 0, largest = 0, off = 0;
            layers_structure structure = *sample[i].structure;
            assert_ok(layers_stream_show(stream, &structure, bond, bond / exp((double)sample[i].log_ratio), y, &diag),
                      diag);
            for (int k = 0; k < STREAM_POINTS; k++) {
                worst = fmax(worst, fabs((double)x[i * STREAM_INPUTS + k] - (double)y[k]));
                largest = fmax(largest, fabs((double)y[k]));
            }
            for (int k = 0; k < LAYERS_NUMBERS; k++)
                off = fmax(off, fabs((double)(sample[i].number[k] - set->sequence[structure.sequence].number[k])));
            /* Single precision, in the one distances, in the other what stands for a bin of them: a part in 1e5 of a
             * distance, which is 1e-3 of a peak's width. Numbers are blurred by 0.1. */
            bool alike = worst < 0.01 * largest && off < 0.5;
            n_alike += alike;
        }
        assert_true(mixed ? n_alike < ROWS / 2 : n_alike == ROWS);
        layers_stream_destroy(stream);
    }
}

static void samples_do_not_depend_on_what_was_drawn_before(void **state)
{
    (void)state;
    enum { ROWS = 8 };
    bool allowed[LAYERS_SEQUENCES];
    memset(allowed, 1, sizeof allowed);
    layers_stream *stream;
    deepstruc_diag diag;
    float x[ROWS * STREAM_INPUTS], y[ROWS * STREAM_INPUTS];
    layers_sample sample[ROWS];
    assert_ok(layers_stream_create(&stream, set, allowed, 0.5, &diag), diag);
    assert_ok(layers_stream_draw(stream, 7, 3, ROWS, x, sample, &diag), diag);
    for (int i = 0; i < ROWS; i++) {
        assert_true(!sample[i].is_near || sample[i].scale_is_right);
        assert_close(exp((double)sample[i].log_atoms), (double)sample[i].structure->shape.n_atoms, 1e-3);
    }
    assert_ok(layers_stream_draw(stream, 7, 4, ROWS, y, sample, &diag), diag);
    assert_memory_not_equal(x, y, sizeof x);
    assert_ok(layers_stream_draw(stream, 7, 3, ROWS, y, sample, &diag), diag);
    assert_memory_equal(x, y, sizeof x);
    assert_int_equal(layers_stream_draw(stream, 7, 3, 7, y, sample, &diag), DEEPSTRUC_BAD_ARGUMENT);
    layers_stream_destroy(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_are_told_apart_by_their_numbers),
        cmocka_unit_test(every_structure_of_the_protocol_stands_on_the_table),
        cmocka_unit_test(orientations_do_not_matter),
        cmocka_unit_test(a_shape_has_one_place_in_all_sequences),
        cmocka_unit_test(the_protocols_structures_are_among_the_bodies),
        cmocka_unit_test(bad_atoms_are_refused),
        cmocka_unit_test(held_out_sequences_are_never_drawn),
        cmocka_unit_test(pairs_are_those_of_the_structure),
        cmocka_unit_test(pairs_of_layers_are_mixed),
        cmocka_unit_test(samples_agree_with_the_engine),
        cmocka_unit_test(samples_are_of_their_structures),
        cmocka_unit_test(samples_do_not_depend_on_what_was_drawn_before),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
