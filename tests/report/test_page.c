/* The page and what it is drawn from: nothing from outside in it, nothing of a file's name that acts, curves that are
 * those of the fit. */
#include <jansson.h>

#include "made_up.h"
#include "report/curves.h"
#include "report/page.h"
#include "report/text.h"

/* A cluster's own simulated G as the data, and a fit of that cluster to it. */
typedef struct {
    deepstruc_cluster *cluster;
    deepstruc_pdf *pdf;
    deepstruc_target *target;
    deepstruc_candidate candidate;
    double *gcalc;
    deepstruc_solution solution;
} true_fit;

static void true_fit_create(true_fit *all)
{
    deepstruc_diag diag = {0};
    memset(all, 0, sizeof *all);
    deepstruc_recipe recipe = deepstruc_recipe_decahedron(3, 2, 0);
    assert_ok(deepstruc_cluster_build(&all->cluster, &recipe, 2.88, "Au", &diag), diag);
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    settings.qmin = 1, settings.qmax = 24, settings.qdamp = 0.03, settings.biso = 0.6;
    assert_ok(deepstruc_pdf_simulate(&all->pdf, all->cluster, &settings, DEEPSTRUC_MODE_EXACT, &diag), diag);
    all->solution.settings = deepstruc_solve_settings_default();
    deepstruc_refine_settings *refine = &all->solution.settings.refine;
    refine->qmin = 1, refine->qmax = 24, refine->qdamp = 0.03;
    assert_ok(deepstruc_target_create(&all->target, all->pdf, refine, &diag), diag);
    deepstruc_refiner *refiner;
    assert_ok(deepstruc_refiner_create(&refiner, all->target, &diag), diag);
    for (size_t i = 0; i < 3 * all->cluster->n_atoms; i++)
        all->cluster->xyz[i] *= 1.004; /* so that the fit has an expansion to find */
    all->gcalc = calloc(all->target->n, sizeof *all->gcalc);
    all->candidate = (deepstruc_candidate){.cluster = all->cluster, .method = "library", .group = 1};
    assert_ok(deepstruc_refine(refiner, all->cluster, 1, &all->candidate.fit, all->gcalc, &diag), diag);
    for (size_t i = 0; i < 3 * all->cluster->n_atoms; i++)
        all->cluster->xyz[i] *= all->candidate.fit.expansion;
    deepstruc_refiner_destroy(refiner);
    all->solution.target = all->target, all->solution.gcalc = all->gcalc, all->solution.n_fits = 1;
    all->solution.candidate = &all->candidate, all->solution.n_candidates = 1;
    strcpy(all->solution.element, "Au");
}

static void true_fit_destroy(true_fit *all)
{
    deepstruc_cluster_destroy(all->cluster);
    deepstruc_pdf_destroy(all->pdf);
    deepstruc_target_destroy(all->target);
    free(all->gcalc);
}

static void test_fine_curves_pass_through_the_fit(void **state)
{
    (void)state;
    true_fit all;
    report_curves curves;
    deepstruc_diag diag = {0};
    true_fit_create(&all);
    assert_ok(report_curves_create(&curves, all.target, all.pdf, &diag), diag);
    double *calc = calloc(curves.n, sizeof *calc);
    assert_ok(report_curves_evaluate(&curves, &all.candidate, calc, &diag), diag);
    assert_close(curves.rmin, all.target->rmin, 1e-9);
    for (size_t i = 0; i < all.target->n; i++) {
        size_t fine = (size_t)lround(i * all.target->rstep / curves.rstep);
        assert_true(fine < curves.n);
        /* Peaks are about 5, and each of the two engines promises 1e-6 of them. */
        assert_close(calc[fine], all.gcalc[i], 2e-5);
        /* Two band-limited resamplings of the same points, on different grids. */
        assert_close(curves.data[fine], all.target->g[i], 1e-3);
    }
    free(calc);
    report_curves_destroy(&curves);
    true_fit_destroy(&all);
}

static char *page_of(const deepstruc_solution *solution, const deepstruc_pdf *pdf)
{
    report_curves curves;
    report_bytes page;
    report_pictures pictures = {0};
    deepstruc_diag diag = {0};
    assert_ok(report_curves_create(&curves, solution->target, pdf, &diag), diag);
    json_t *result = report_result(solution, pdf, NAN);
    assert_non_null(result);
    assert_ok(report_page(solution, &curves, result, &pictures, &page, &diag), diag);
    json_decref(result);
    report_curves_destroy(&curves);
    return page.data;
}

static int count(const char *text, const char *part)
{
    int n = 0;
    for (; (text = strstr(text, part)); text += strlen(part))
        n++;
    return n;
}

static void test_page_is_whole_and_asks_for_nothing_outside(void **state)
{
    (void)state;
    made_up all;
    made_up_create(&all);
    char *page = page_of(&all.solution, &all.pdf);
    assert_int_equal(count(page, "{{"), 0);
    assert_int_equal(count(page, "http"), 1); /* the http-equiv of the security policy */
    assert_int_equal(count(page, "@import"), 0);
    assert_non_null(strstr(page, "default-src 'none'"));
    assert_non_null(strstr(page, "qdamp=0.03: not in the header"));
    assert_non_null(strstr(page, "candidates/001-decahedron-"));
    assert_int_equal(count(page, "<tr data-rank="), 11); /* the top ten and the verdict's */
    free(page);
    made_up_destroy(&all);
}

/* A file's name, a shape, a verdict: none of them may end the script or start one. */
static void test_hostile_text_stays_text(void **state)
{
    (void)state;
    made_up all;
    made_up_create(&all);
    char *plain = page_of(&all.solution, &all.pdf);
    strcpy(all.pdf.file, "x/<!--<script>alert(1)</script><img src=y onerror=z>\xe5.gr");
    strcpy(all.cluster[0].shape, "</script><b onclick=q>");
    strcpy(all.solution.verdict.why, "\"><script>alert(2)</script>");
    char *page = page_of(&all.solution, &all.pdf);
    static const char *const tags[] = {"<script", "</script", "<!--", "<img", "<b ", "onerror=z>"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        assert_int_equal(count(page, tags[i]), count(plain, tags[i]));
    free(plain);
    free(page);
    made_up_destroy(&all);
}

static void test_data_of_the_page_can_be_read(void **state)
{
    (void)state;
    true_fit all;
    true_fit_create(&all);
    char *page = page_of(&all.solution, all.pdf);
    char *data = strstr(page, "id=\"data\">");
    assert_non_null(data);
    data += strlen("id=\"data\">");
    *strstr(data, "</script>") = '\0';
    json_error_t error;
    json_t *read = json_loads(data, 0, &error);
    if (!read)
        fail_msg("%s", error.text);
    json_t *pick = json_array_get(json_object_get(read, "picks"), 0);
    assert_int_equal(json_array_size(json_object_get(read, "types")), DEEPSTRUC_N_TYPES);
    assert_int_equal(json_array_size(json_object_get(pick, "xyz")), 3 * all.cluster->n_atoms);
    assert_int_equal(json_array_size(json_object_get(pick, "calc")),
                     json_array_size(json_object_get(json_object_get(read, "fine"), "data")));
    json_decref(read);
    free(page);
    true_fit_destroy(&all);
}

static void test_picks_are_the_first_and_the_best_of_each_type(void **state)
{
    (void)state;
    made_up all;
    made_up_create(&all);
    size_t picks[REPORT_PICKS];
    all.solution.settings.top = MADE_UP_CANDIDATES;
    for (int i = 0; i < MADE_UP_CANDIDATES; i++)
        all.cluster[i].type = DEEPSTRUC_TYPE_FCC, all.candidate[i].group = i < 13 ? 1 : 2;
    all.cluster[15].type = DEEPSTRUC_TYPE_BCC;
    assert_int_equal(report_page_picks(&all.solution, picks), REPORT_FIRST_PICKS + 2);
    assert_int_equal(picks[REPORT_FIRST_PICKS], 13);     /* the best of group 2 */
    assert_int_equal(picks[REPORT_FIRST_PICKS + 1], 15); /* the only bcc */
    made_up_destroy(&all);
}

/* Above the limit a map keeps the best of each type and number of atoms, in the order of rank. */
static void test_a_large_map_is_thinned(void **state)
{
    (void)state;
    enum { N = REPORT_MAP_ALL + 1 };
    static deepstruc_candidate candidate[N];
    static size_t shown[N];
    deepstruc_cluster cluster[3] = {{.type = DEEPSTRUC_TYPE_HCP, .n_atoms = 20},
                                    {.type = DEEPSTRUC_TYPE_FCC, .n_atoms = 20},
                                    {.type = DEEPSTRUC_TYPE_FCC, .n_atoms = 10}};
    for (int i = 0; i < N; i++)
        candidate[i].cluster = &cluster[i < 2 ? 0 : i < 5 ? 2 : 1];
    deepstruc_solution solution = {.n_candidates = N, .candidate = candidate};
    assert_int_equal(report_map_points(&solution, shown), 3);
    assert_int_equal(shown[0], 0);
    assert_int_equal(shown[1], 2);
    assert_int_equal(shown[2], 5);
    solution.n_candidates = REPORT_MAP_ALL;
    assert_int_equal(report_map_points(&solution, shown), REPORT_MAP_ALL);
}

static void test_values_show_their_standard_deviations(void **state)
{
    (void)state;
    static const struct {
        double value, esd;
        const char *text;
    } cases[] = {{2.85612, 0.0042, "2.856(4)"}, {2.85612, 0.0014, "2.8561(14)"}, {0.64, 0.0196, "0.64(2)"},
                 {0.71, NAN, "0.710"},          {0.64, 0.018, "0.640(18)"},      {85.2, 3.4, "85(3)"},
                 {-1.25, 0.5, "-1.2(5)"},       {1.5, 1e-9, "1.50000(1)"},       {NAN, 1, "–"},
                 {0.64, 0.00951, "0.640(10)"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[REPORT_VALUE_TEXT];
        report_value_text(text, cases[i].value, cases[i].esd, 3);
        assert_string_equal(text, cases[i].text);
    }
}

/* fcc: four atoms in a³ with a = sqrt(2) b; 13 atoms at b = 2.88 Å: (6 * 13 * 2.88³ / sqrt 2 / pi)^(1/3) = 7.485 Å. */
static void test_diameter_of_the_equal_volume_sphere(void **state)
{
    (void)state;
    deepstruc_cluster cluster = {.n_atoms = 13, .type = DEEPSTRUC_TYPE_FCC};
    deepstruc_candidate candidate = {.cluster = &cluster, .fit = {.bond_length = 2.88}};
    assert_close(deepstruc_candidate_diameter(&candidate), 7.485, 1e-3);
}

static void test_command_names_what_was_asked_for(void **state)
{
    (void)state;
    made_up all;
    made_up_create(&all);
    all.solution.settings.seed = 7;
    all.solution.settings.catalogue = "paper";
    all.solution.settings.refine.fit_rmax = 15;
    all.solution.settings.threads = 2;
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    report_command(&all.solution, "my data/it's.gr", stream);
    fclose(stream);
    assert_true(strncmp(text, "deepstruc solve 'my data/it'\\''s.gr' --", 39) == 0);
    assert_non_null(strstr(text, " --seed 7"));
    assert_non_null(strstr(text, " --catalogue paper"));
    assert_non_null(strstr(text, " --fit-rmax 15"));
    assert_null(strstr(text, "threads"));
    assert_null(strstr(text, "--qmin"));
    free(text);
    made_up_destroy(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fine_curves_pass_through_the_fit),
        cmocka_unit_test(test_page_is_whole_and_asks_for_nothing_outside),
        cmocka_unit_test(test_hostile_text_stays_text),
        cmocka_unit_test(test_data_of_the_page_can_be_read),
        cmocka_unit_test(test_picks_are_the_first_and_the_best_of_each_type),
        cmocka_unit_test(test_a_large_map_is_thinned),
        cmocka_unit_test(test_values_show_their_standard_deviations),
        cmocka_unit_test(test_diameter_of_the_equal_volume_sphere),
        cmocka_unit_test(test_command_names_what_was_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
