/* Sampling at places of the latent map, with an untrained model: what holds whatever the weights are. */
#include <deepstruc/latent.h>

#include "../propose/untrained.h"

static char path[256];
static deepstruc_latent_model *model;
static deepstruc_pdf *pdf;

static int make_all(void **state)
{
    (void)state;
    deepstruc_diag diag;
    snprintf(path, sizeof path, "test_latent_sample_%d.safetensors", (int)getpid());
    untrained_save(path);
    assert_ok(deepstruc_latent_open(&model, path, &diag), diag);
    pdf = untrained_pdf();
    return 0;
}

static int drop_all(void **state)
{
    (void)state;
    deepstruc_latent_close(model);
    deepstruc_pdf_destroy(pdf);
    unlink(path);
    return 0;
}

static const double places[2][2] = {{-1.5, 0.25}, {2, 3}};

static deepstruc_latent_draw draw_of(size_t n)
{
    return (deepstruc_latent_draw){
        .n_samples = n, .sigma = 3, .focus = DEEPSTRUC_TYPE_UNKNOWN, .max_atoms = 1500, .seed = 7};
}

static deepstruc_status sample(deepstruc_latent_samples **out, const deepstruc_latent_draw *draw, deepstruc_diag *diag)
{
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    return deepstruc_latent_sample_at(out, model, pdf, &settings, draw, diag);
}

static void samples_lie_where_they_were_asked_for(void **state)
{
    (void)state;
    deepstruc_latent_samples *samples;
    deepstruc_diag diag;
    deepstruc_latent_draw draw = draw_of(20);
    draw.place = &places[0][0];
    draw.n_places = 2;
    assert_ok(sample(&samples, &draw, &diag), diag);
    assert_in_range(samples->n_samples, 1, 20);
    assert_in_range(samples->n_structures, 1, samples->n_samples);
    size_t at_second = 0;
    for (size_t i = 0; i < samples->n_samples; i++) {
        const double *place = samples->sample[i].place;
        bool first = place[0] == places[0][0] && place[1] == places[0][1],
             second = place[0] == places[1][0] && place[1] == places[1][1]; /* exact in single precision */
        assert_true(first || second);
        assert_true(samples->sample[i].i_structure < samples->n_structures);
        at_second += second;
    }
    assert_in_range(at_second, 1, 10);
    deepstruc_latent_samples_destroy(samples);
}

static size_t distinct_places(double sigma)
{
    deepstruc_latent_samples *samples;
    deepstruc_diag diag;
    deepstruc_latent_draw draw = draw_of(20);
    draw.sigma = sigma;
    assert_ok(sample(&samples, &draw, &diag), diag);
    size_t n = 0;
    for (size_t i = 0; i < samples->n_samples; i++) {
        bool known = false;
        for (size_t j = 0; j < i; j++)
            known = known || samples->sample[i].place[0] == samples->sample[j].place[0];
        n += !known;
    }
    deepstruc_latent_samples_destroy(samples);
    return n;
}

static void without_places_they_spread_with_sigma(void **state)
{
    (void)state;
    /* Without spread each sample lies at the place of its hypothesis of the bond length, of which there are at most 8.
     */
    assert_in_range(distinct_places(0), 1, 8);
    assert_in_range(distinct_places(5), 12, 20);
}

static void the_same_seed_gives_the_same(void **state)
{
    (void)state;
    deepstruc_latent_samples *a, *b;
    deepstruc_diag diag;
    deepstruc_latent_draw draw = draw_of(12);
    assert_ok(sample(&a, &draw, &diag), diag);
    assert_ok(sample(&b, &draw, &diag), diag);
    assert_int_equal(a->n_samples, b->n_samples);
    assert_int_equal(a->n_structures, b->n_structures);
    for (size_t i = 0; i < a->n_structures; i++)
        assert_string_equal(a->structure[i]->name, b->structure[i]->name);
    deepstruc_latent_samples_destroy(a);
    deepstruc_latent_samples_destroy(b);
}

static void bad_questions_are_refused(void **state)
{
    (void)state;
    deepstruc_latent_samples *samples = NULL;
    deepstruc_diag diag;
    const double nowhere[2] = {NAN, 0};
    deepstruc_latent_draw draw = draw_of(0);
    assert_int_equal(sample(&samples, &draw, &diag), DEEPSTRUC_BAD_ARGUMENT);
    draw = draw_of(10);
    draw.sigma = NAN;
    assert_int_equal(sample(&samples, &draw, &diag), DEEPSTRUC_BAD_ARGUMENT);
    draw = draw_of(10);
    draw.place = nowhere;
    draw.n_places = 1;
    assert_int_equal(sample(&samples, &draw, &diag), DEEPSTRUC_BAD_ARGUMENT);
    assert_null(samples);
    assert_int_equal(deepstruc_latent_open(&model, "no-such-file", &diag), DEEPSTRUC_CANNOT_READ);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_lie_where_they_were_asked_for),
        cmocka_unit_test(without_places_they_spread_with_sigma),
        cmocka_unit_test(the_same_seed_gives_the_same),
        cmocka_unit_test(bad_questions_are_refused),
    };
    return cmocka_run_group_tests(tests, make_all, drop_all);
}
