/* Terms beyond scale, expansion and Biso: derivatives, what was simulated comes back, and what settings refuse. */
#include "refine/model.h"
#include "refine_support.h"

/* ---- settings ---------------------------------------------------------------------------------------------------- */

static deepstruc_refine_settings settings_of(const char *refine, const char *fix)
{
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    settings.qmin = plain.qmin;
    settings.qmax = plain.qmax;
    settings.qdamp = plain.qdamp;
    settings.refine = refine;
    settings.fix = fix;
    return settings;
}

static void test_settings(void **state)
{
    (void)state;
    static const struct {
        const char *refine, *fix, *bound, *tie, *says;
    } bad[] = {
        {"delta3", NULL, NULL, NULL, "no term 'delta3'"},
        {NULL, "delta2=x", NULL, NULL, "not 'x'"},
        {NULL, "delta2", NULL, NULL, "not ''"},
        {NULL, "qdamp=7", NULL, NULL, "0 to 0.15"},
        {NULL, NULL, "biso=1", NULL, "LOW:HIGH"},
        {NULL, NULL, "biso=2:1", NULL, "lower one"},
        {NULL, NULL, NULL, "shell1-biso=z*biso", "FACTOR"},
        {NULL, NULL, NULL, "shell1-biso=2*width", "no term 'width'"},
        {NULL, NULL, NULL, "biso=scale", "cannot follow"},
        {NULL, NULL, NULL, "biso=shell1-biso", "itself tied"},
        {"phase2", NULL, NULL, NULL, "no second structure"},
        {"size-spread", NULL, NULL, NULL, "wants a size"},
    };
    deepstruc_cluster *cluster = lattice_ball(true, 1.1, 0);
    deepstruc_pdf *pdf = simulated_pdf(cluster, plain, 0, 0, 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        deepstruc_refine_settings settings = settings_of(bad[i].refine, bad[i].fix);
        deepstruc_target *target = NULL;
        deepstruc_diag diag = {0};
        settings.bound = bad[i].bound;
        settings.tie = bad[i].tie;
        assert_int_equal(deepstruc_target_create(&target, pdf, &settings, &diag), DEEPSTRUC_BAD_ARGUMENT);
        assert_null(target);
        if (!strstr(diag.message, bad[i].says))
            fail_msg("%s does not say %s", diag.message, bad[i].says);
    }
    /* words that change nothing leave the 3-parameter fit */
    deepstruc_refine_settings settings = settings_of("scale, biso", NULL);
    deepstruc_target *target = NULL;
    deepstruc_diag diag = {0};
    settings.tie = "shell1-biso=biso";
    assert_ok(deepstruc_target_create(&target, pdf, &settings, &diag), diag);
    assert_null(target->terms);
    deepstruc_target_destroy(target);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
}

/* ---- derivatives ------------------------------------------------------------------------------------------------- */

static deepstruc_cluster *built(deepstruc_recipe recipe, double bond)
{
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, bond, "Au", &diag), diag);
    return cluster;
}

/* Values at which every term acts. */
static double value_for(term_id id)
{
    static const double at[TERM_N] = {0.8,   1.01, 0.7, 0.04, 0.02, 0.2, 1.5, 0.015, 0.01, 1.1,
                                      -0.01, 0.9,  0.3, 0.99, 9,    0.2, 0.4, 2.4,   0.5};
    return at[id];
}

static void test_derivatives(void **state)
{
    (void)state;
    deepstruc_cluster *hcp = built(deepstruc_recipe_hcp(4, 4, 3), 2.8),
                      *second = built(deepstruc_recipe_icosahedron(3), 2.8);
    deepstruc_pdf *pdf = simulated_pdf(second, plain, 0, 0, 0);
    deepstruc_refine_settings settings =
        settings_of("qdamp,qbroad,delta1,delta2,axial,shell1,shell2,phase2,size,ligand,broad", NULL);
    settings.phase2 = second;
    deepstruc_target *target = NULL;
    deepstruc_diag diag = {0};
    assert_ok(deepstruc_target_create(&target, pdf, &settings, &diag), diag);
    structure_model *model = NULL;
    assert_ok(model_create(&model, target->terms, target->band, hcp, 1, 2.8, &diag), diag);
    assert_int_equal(model->n_free, TERM_N);
    size_t n = target->n, n_x = model->n_free + model->n_waves;
    assert_true(model->n_waves > 0);
    double x[MODEL_MOST], *memory = calloc((n_x + 3) * n, sizeof *memory), *column[MODEL_MOST], *side[2];
    assert_non_null(memory);
    for (size_t k = 0; k < n_x; k++) {
        x[k] = k < model->n_free ? value_for(model->free[k]) : 0.1 * (double)k;
        column[k] = memory + (3 + k) * n;
    }
    side[0] = memory + n;
    side[1] = memory + 2 * n;
    model_evaluate(model, x, memory, column);
    for (size_t k = 0; k < n_x; k++) {
        double h = 1e-4 * fmax(0.05, fabs(x[k])), at = x[k], top = 0, error = 0;
        for (int sign = 0; sign < 2; sign++) {
            x[k] = sign ? at + h : at - h;
            model_evaluate(model, x, side[sign], NULL);
        }
        x[k] = at;
        for (size_t i = 0; i < n; i++)
            top = fmax(top, fabs(column[k][i]));
        for (size_t i = 0; i < n; i++)
            error = fmax(error, fabs((side[1][i] - side[0][i]) / (2 * h) - column[k][i]));
        /* Distances change cells as they move, which a difference feels and the derivative does not: 1e-5 of peaks
         * whose derivative by a relative length is some 50 times as high. */
        if (!(top > 0 && error < 2e-3 * top))
            fail_msg("%s: %g of %g", k < model->n_free ? term_name(model->free[k]) : "wave", error, top);
    }
    free(memory);
    model_destroy(model);
    deepstruc_target_destroy(target);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(hcp);
    deepstruc_cluster_destroy(second);
}

/* ---- fits -------------------------------------------------------------------------------------------------------- */

/* The PDF of the model itself at given values of the terms of `refine`, a few per mille of white noise in r added. */
typedef struct {
    const char *refine, *fix;
    term_id id[4];
    double value[4];
    int n;
} known_terms;

static void fit_of(const deepstruc_cluster *cluster, const deepstruc_cluster *second, const known_terms *truth,
                   deepstruc_fit *fit, double *rw_standard)
{
    deepstruc_pdf *pdf = simulated_pdf(cluster, plain, 0, 0, 0);
    deepstruc_refine_settings settings = settings_of(truth->refine, truth->fix);
    settings.phase2 = second;
    deepstruc_target *target = NULL;
    deepstruc_diag diag = {0};
    assert_ok(deepstruc_target_create(&target, pdf, &settings, &diag), diag);
    structure_model *model = NULL;
    assert_ok(model_create(&model, target->terms, target->band, cluster, 2.8, 2.8, &diag), diag);
    double x[MODEL_MOST] = {0.5, 1.004, 0.6};
    for (size_t k = 3; k < model->n_free; k++)
        for (int i = 0; i < truth->n; i++)
            if (model->free[k] == truth->id[i])
                x[k] = truth->value[i];
    model_evaluate(model, x, target->g, NULL);
    random_stream stream;
    random_seed(&stream, 5, 5);
    for (size_t i = 0; i < target->n; i++)
        target->g[i] += 0.002 * random_normal(&stream);
    model_destroy(model);
    deepstruc_refiner *refiner = NULL;
    assert_ok(deepstruc_refiner_create(&refiner, target, &diag), diag);
    assert_ok(deepstruc_refine(refiner, cluster, 2.8, fit, NULL, &diag), diag);
    *rw_standard = fit->rw;
    assert_ok(deepstruc_refine_terms(refiner, cluster, 2.8, fit, NULL, NULL, &diag), diag);
    deepstruc_refiner_destroy(refiner);
    deepstruc_target_destroy(target);
    deepstruc_pdf_destroy(pdf);
}

static void test_terms_come_back(void **state)
{
    (void)state;
    static const known_terms cases[] = {
        {"qdamp,delta2", NULL, {TERM_QDAMP, TERM_DELTA2}, {0.05, 2.5}, 2},
        {"delta1", "qbroad=0.02", {TERM_DELTA1}, {0.6}, 1},
        {"qbroad", NULL, {TERM_QBROAD}, {0.03}, 1},
        {"axial", NULL, {TERM_AXIAL}, {-0.02}, 1},
        {"shell1", NULL, {TERM_SHELL1_RADIUS, TERM_SHELL1_BISO}, {0.012, 1.0}, 2},
        {"shell2", NULL, {TERM_SHELL2_RADIUS, TERM_SHELL2_BISO}, {-0.01, 0.4}, 2},
        {"size", NULL, {TERM_SIZE, TERM_SIZE_SPREAD}, {13, 0.15}, 2},
        {"ligand", NULL, {TERM_LIGAND, TERM_LIGAND_R, TERM_LIGAND_BISO}, {0.4, 2.3, 0.5}, 3},
        {"phase2", NULL, {TERM_PHASE2, TERM_PHASE2_EXPANSION}, {0.3, 1.01}, 2},
    };
    deepstruc_cluster *cluster = built(deepstruc_recipe_hcp(5, 5, 4), 1),
                      *second = built(deepstruc_recipe_icosahedron(4), 2.8);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const known_terms *truth = &cases[c];
        deepstruc_fit fit;
        double rw_standard;
        fit_of(cluster, strcmp(truth->refine, "phase2") == 0 ? second : NULL, truth, &fit, &rw_standard);
        assert_true(fit.converged && fit.rw < rw_standard);
        for (int i = 0; i < truth->n; i++) {
            const deepstruc_term *found = NULL;
            for (size_t k = 0; k < fit.n_terms; k++)
                if (strcmp(fit.term[k].name, term_name(truth->id[i])) == 0)
                    found = &fit.term[k];
            assert_non_null(found);
            /* five standard deviations, of which a quarter is not known better than that */
            if (!(found->esd > 0 && fabs(found->value - truth->value[i]) < 6 * found->esd))
                fail_msg("%s: %s = %g ± %g, not %g (Rw %g)", truth->refine, found->name, found->value, found->esd,
                         truth->value[i], fit.rw);
        }
    }
    deepstruc_cluster_destroy(cluster);
    deepstruc_cluster_destroy(second);
}

/* Neutral values give the engine's curve: the two ways agree. */
static void test_equals_the_engine(void **state)
{
    (void)state;
    deepstruc_cluster *cluster = built(deepstruc_recipe_decahedron(4, 2, 0), 1);
    deepstruc_pdf *pdf = simulated_pdf(cluster, plain, 0, 0, 0);
    deepstruc_refine_settings settings = settings_of(NULL, "delta2=0");
    deepstruc_target *target = NULL;
    deepstruc_refiner *refiner = NULL;
    deepstruc_fit standard, fit;
    deepstruc_diag diag = {0};
    assert_ok(deepstruc_target_create(&target, pdf, &settings, &diag), diag);
    assert_ok(deepstruc_refiner_create(&refiner, target, &diag), diag);
    /* terms are fitted with F(Q) three times as fine; with the engine's own grid they are the same sum */
    deepstruc_pdf_settings same = *peaks_settings(target->band);
    peaks_band_destroy(target->band);
    assert_ok(peaks_band_create(&target->band, &same, PEAKS_ANY_WIDTH, 1, &diag), diag);
    double *g = calloc(2 * target->n, sizeof *g), top = 0;
    assert_ok(deepstruc_refine(refiner, cluster, plain.unit, &standard, g, &diag), diag);
    fit = standard;
    assert_ok(deepstruc_refine_terms(refiner, cluster, plain.unit, &fit, NULL, g + target->n, &diag), diag);
    for (size_t i = 0; i < target->n; i++)
        top = fmax(top, fabs(g[i]));
    for (size_t i = 0; i < target->n; i++)
        assert_close(g[i], g[target->n + i], 2e-5 * top); /* cells of a tenth of a radian, and two searches' ends */
    assert_close(fit.biso, standard.biso, 1e-4);
    assert_close(fit.esd_biso, standard.esd_biso, 1e-3 * standard.esd_biso);
    assert_close(fit.bond_length, standard.bond_length, 1e-5);
    free(g);
    deepstruc_refiner_destroy(refiner);
    deepstruc_target_destroy(target);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
}

/* A PDF of libdiffpy's with known parameters: they come back. Its grid of F(Q) and its straight lines between points
 * are not ours (docs/validation-physics.md has the other clusters). */
static void test_agrees_with_diffpy(void **state)
{
    (void)state;
    need_shared();
    deepstruc_cluster *cluster = NULL;
    deepstruc_pdf *pdf = NULL;
    deepstruc_target *target = NULL;
    deepstruc_refiner *refiner = NULL;
    deepstruc_fit fit;
    deepstruc_diag diag = {0};
    assert_ok(deepstruc_cluster_read_xyz(&cluster, SHARED_DIR "/oracle/xyz/Dec_5-1-0_Re_105.xyz", &diag), diag);
    assert_ok(deepstruc_pdf_read(&pdf, SHARED_DIR "/oracle/gr/Dec_5-1-0_Re_105_P1_0.01.gr", &diag), diag);
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    settings.qmin = 0.7;
    settings.qmax = 25;
    settings.fit_rmax = 28;
    settings.refine = "qdamp,delta2";
    assert_ok(deepstruc_target_create(&target, pdf, &settings, &diag), diag);
    assert_ok(deepstruc_refiner_create(&refiner, target, &diag), diag);
    assert_ok(deepstruc_refine(refiner, cluster, 1, &fit, NULL, &diag), diag);
    assert_ok(deepstruc_refine_terms(refiner, cluster, 1, &fit, NULL, NULL, &diag), diag);
    assert_true(fit.rw < 0.02);
    assert_close(fit.expansion, 1, 1e-4);
    assert_close(fit.biso, 0.3, 0.01);
    assert_string_equal(fit.term[0].name, "qdamp");
    assert_close(fit.term[0].value, 0.04, 0.01);
    assert_string_equal(fit.term[1].name, "delta2");
    assert_close(fit.term[1].value, 2, 0.1);
    deepstruc_refiner_destroy(refiner);
    deepstruc_target_destroy(target);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
}

static void test_axis(void **state)
{
    (void)state;
    static const struct {
        int kind;
        bool has;
    } cases[] = {{0, true}, {1, true}, {2, true}, {3, false}, {4, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        deepstruc_recipe recipe = cases[i].kind == 0   ? deepstruc_recipe_hcp(4, 4, 3)
                                  : cases[i].kind == 1 ? deepstruc_recipe_decahedron(4, 3, 1)
                                  : cases[i].kind == 2 ? deepstruc_recipe_layers("ABCBA", 5, 5)
                                  : cases[i].kind == 3 ? deepstruc_recipe_icosahedron(4)
                                                       : deepstruc_recipe_octahedron(5, 1);
        deepstruc_cluster *cluster = built(recipe, 2.8);
        anatomy a;
        deepstruc_diag diag;
        assert_ok(anatomy_make(&a, cluster, &diag), diag);
        assert_int_equal(a.has_axis, cases[i].has);
        if (a.has_axis) /* the builders put it along z */
            assert_close(fabs(a.axis[2]), 1, 1e-6);
        anatomy_clear(&a);
        deepstruc_cluster_destroy(cluster);
    }
    /* 55 atoms: the centre, 12 that touch the surface, 42 on it */
    deepstruc_cluster *cluster = built(deepstruc_recipe_icosahedron(3), 2.8);
    size_t n[ANATOMY_SHELLS] = {0};
    anatomy a;
    deepstruc_diag diag;
    assert_ok(anatomy_make(&a, cluster, &diag), diag);
    for (size_t i = 0; i < 55; i++)
        n[a.shell[i]]++;
    assert_int_equal(n[ANATOMY_OUTER], 42);
    assert_int_equal(n[ANATOMY_SECOND], 12);
    assert_int_equal(n[ANATOMY_INSIDE], 1);
    assert_close(a.diameter, cbrt(6 / M_PI * 55 / sqrt(2)) * deepstruc_cluster_mean_bond(cluster), 1e-9);
    anatomy_clear(&a);
    deepstruc_cluster_destroy(cluster);
}

/* The share of the squares of g that the waves can take: what is left after Gram-Schmidt. */
static double broad_share(const structure_model *model, const double *g, size_t n)
{
    double *wave = calloc(model->n_waves * n, sizeof *wave), taken = 0, all = 0;
    assert_non_null(wave);
    for (size_t k = 0; k < model->n_waves; k++) {
        double *at = wave + k * n, length = 0, along = 0;
        for (size_t i = 0; i < n; i++)
            at[i] = model_wave(model, k, peaks_r(model->band, i), plain.qdamp);
        for (size_t other = 0; other < k; other++) {
            double dot = 0;
            for (size_t i = 0; i < n; i++)
                dot += at[i] * wave[other * n + i];
            for (size_t i = 0; i < n; i++)
                at[i] -= dot * wave[other * n + i];
        }
        for (size_t i = 0; i < n; i++)
            length += at[i] * at[i];
        for (size_t i = 0; i < n; i++) {
            at[i] /= sqrt(length);
            along += at[i] * g[i];
        }
        taken += along * along;
    }
    for (size_t i = 0; i < n; i++)
        all += g[i] * g[i];
    free(wave);
    return taken / all;
}

/* The broad term cannot eat the metal: its waves explain at most this much of the squares of a metal's curve. */
static void test_broad_leaves_the_metal(void **state)
{
    (void)state;
    const deepstruc_recipe recipes[] = {deepstruc_recipe_fcc(3, 3, 3),   deepstruc_recipe_decahedron(4, 2, 0),
                                        deepstruc_recipe_icosahedron(4), deepstruc_recipe_hcp(5, 5, 4),
                                        deepstruc_recipe_bcc(4, 3, 4),   deepstruc_recipe_octahedron(7, 2)};
    for (size_t c = 0; c < sizeof recipes / sizeof *recipes; c++) {
        deepstruc_cluster *cluster = built(recipes[c], 2.8);
        deepstruc_pdf *pdf = simulated_pdf(
            cluster, (simulation){.qmin = 0.8, .qmax = 25, .qdamp = 0.03, .scale = 1, .unit = 1, .biso = 0.6}, 0, 0, 0);
        deepstruc_refine_settings settings = settings_of("broad", NULL);
        deepstruc_target *target = NULL;
        deepstruc_refiner *refiner = NULL;
        deepstruc_fit fit;
        deepstruc_diag diag = {0};
        assert_ok(deepstruc_target_create(&target, pdf, &settings, &diag), diag);
        assert_ok(deepstruc_refiner_create(&refiner, target, &diag), diag);
        assert_ok(deepstruc_refine(refiner, cluster, 1, &fit, NULL, &diag), diag);
        double before = fit.scale;
        assert_ok(deepstruc_refine_terms(refiner, cluster, 1, &fit, NULL, NULL, &diag), diag);
        assert_close(fit.scale, before, 0.02 * before); /* the metal keeps its height */
        structure_model *model = NULL;
        assert_ok(model_create(&model, target->terms, target->band, cluster, 1, 2.8, &diag), diag);
        double share = broad_share(model, target->g, target->n);
        print_message("%s: %zu waves could take %.2f %% of the squares\n", cluster->name, model->n_waves, 100 * share);
        assert_true(share < 0.04);
        model_destroy(model);
        deepstruc_refiner_destroy(refiner);
        deepstruc_target_destroy(target);
        deepstruc_pdf_destroy(pdf);
        deepstruc_cluster_destroy(cluster);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settings),
        cmocka_unit_test(test_derivatives),
        cmocka_unit_test(test_terms_come_back),
        cmocka_unit_test(test_equals_the_engine),
        cmocka_unit_test(test_agrees_with_diffpy),
        cmocka_unit_test(test_axis),
        cmocka_unit_test(test_broad_leaves_the_metal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
