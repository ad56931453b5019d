/* Memory that runs out in fits, in models and in what is done with their answers. */
#include "no_memory.h"

#include <sys/stat.h>

#include <deepstruc/calibrate.h>
#include <deepstruc/latent.h>
#include <deepstruc/project.h>
#include <deepstruc/report.h>
#include <deepstruc/solve.h>

#include "base/hash.h"
#include "model/deepstruc_2023_file.h"
#include "model/layers_net.h"
#include "propose/coordinates.h"
#include "propose/stackings.h"
#include "propose/tree.h"

#include "../propose/untrained.h"

/* ---- what the functions are given -----------------------------------------------------------------------------------
 */

enum { JOBS = 3, SAMPLES = 24 };

static char work[] = "/tmp/deepstruc-memory-XXXXXX", sites_path[64], layers_path[64], plain_path[64], cache_path[64],
            out_path[64];
static deepstruc_cluster *cluster;
static deepstruc_pdf *pdf, *wide,
    *standard; /* of a cluster: short, and as far as the models want it; of a bulk metal */
static deepstruc_target *target, *more_terms;
static deepstruc_catalogue *shapes;
static deepstruc_latent_model *sites;
static stacking_reader *layers;
static coordinates_model *plain;
static deepstruc_solution *solution;
static const char stru[] =
    "title small\nformat pdffit\ncell 1, 1, 1, 90, 90, 90\nncell 1, 1, 1, 2\natoms\n"
    "AU 0 0 0 1\n0 0 0 0\n0 0 0\n0 0 0\n0 0 0\n0 0 0\nAU 2.8 0 0 1\n0 0 0 0\n0 0 0\n0 0 0\n0 0 0\n"
    "0 0 0\n";
static const char instrument_text[] = "{\"qdamp\": 0.04, \"qbroad\": 0.01}";

static deepstruc_refine_settings given_q(void)
{
    deepstruc_refine_settings s = deepstruc_refine_settings_default();
    s.qmin = 0.7;
    s.qmax = 25;
    return s;
}

/* What is made in place of a pointer, copied to where a fingerprint finds it. */
static union {
    deepstruc_q_edges edges;
    double q[2];
    deepstruc_instrument instrument;
    deepstruc_fit fit;
    deepstruc_scan_point scan[4];
    deepstruc_refine_job job[JOBS];
    deepstruc_screen_hit hit[4];
    double weight[JOBS];
} result;

static uint64_t made_fingerprint(const void *out)
{
    (void)out;
    return hash_bytes(&result, sizeof result);
}

static void nothing(void *out)
{
    (void)out;
}

/* Fits hold their names by pointers to static text and padding: their numbers are what counts. */
static uint64_t fit_fingerprint(const void *out)
{
    (void)out;
    const double number[] = {result.fit.rw, result.fit.bond_length, result.fit.biso, result.fit.scale,
                             result.fit.n_terms ? result.fit.term[result.fit.n_terms - 1].value : 0};
    return hash_bytes(number, sizeof number);
}

/* ---- the calls ------------------------------------------------------------------------------------------------------
 */

static deepstruc_status read_stru(void **out, deepstruc_diag *diag)
{
    return deepstruc_cluster_parse_stru((deepstruc_cluster **)out, stru, strlen(stru), "stru", diag);
}

static deepstruc_status create_pdf(void **out, deepstruc_diag *diag)
{
    return deepstruc_pdf_create((deepstruc_pdf **)out, pdf->r, pdf->g, NULL, pdf->n_points, diag);
}

static deepstruc_status open_catalogue(void **out, deepstruc_diag *diag)
{
    deepstruc_catalogue *first = NULL;
    unlink(cache_path);
    deepstruc_status status = deepstruc_catalogue_open(&first, cache_path, 5, 8, NULL, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_catalogue_open((deepstruc_catalogue **)out, cache_path, 5, 8, NULL, diag);
    deepstruc_catalogue_destroy(first);
    return status;
}

static deepstruc_status find_edges(void **out, deepstruc_diag *diag)
{
    deepstruc_status status = deepstruc_pdf_find_q_edges(wide, &result.edges, diag);
    if (status == DEEPSTRUC_OK)
        *out = &result;
    return status;
}

static deepstruc_status choose_q(void **out, deepstruc_diag *diag)
{
    deepstruc_notes notes = {0};
    deepstruc_status status = deepstruc_pdf_choose_q(wide, NAN, NAN, &result.q[0], &result.q[1], &notes, diag);
    if (status == DEEPSTRUC_OK)
        *out = &result;
    for (size_t i = 0; i < notes.n; i++)
        free(notes.text[i]);
    free(notes.text);
    return status;
}

static deepstruc_status read_instrument(void **out, deepstruc_diag *diag)
{
    deepstruc_status status =
        deepstruc_instrument_parse(&result.instrument, instrument_text, strlen(instrument_text), "instrument", diag);
    if (status == DEEPSTRUC_OK)
        *out = &result;
    return status;
}

/* One fit by a refiner of its own. */
static deepstruc_status refine_by(void **out, const deepstruc_target *to,
                                  deepstruc_status (*fit)(deepstruc_refiner *refiner, deepstruc_diag *diag),
                                  deepstruc_diag *diag)
{
    deepstruc_refiner *refiner = NULL;
    deepstruc_status status = deepstruc_refiner_create(&refiner, to, diag);
    if (status == DEEPSTRUC_OK)
        status = fit(refiner, diag);
    deepstruc_refiner_destroy(refiner);
    if (status == DEEPSTRUC_OK)
        *out = &result;
    return status;
}

static deepstruc_status fit_terms(deepstruc_refiner *refiner, deepstruc_diag *diag)
{
    deepstruc_status status = deepstruc_refine(refiner, cluster, 1, &result.fit, NULL, diag);
    return status == DEEPSTRUC_OK ? deepstruc_refine_terms(refiner, cluster, 1, &result.fit, NULL, NULL, diag) : status;
}

static deepstruc_status refine_terms(void **out, deepstruc_diag *diag)
{
    return refine_by(out, more_terms, fit_terms, diag);
}

static deepstruc_status fit_wide(deepstruc_refiner *refiner, deepstruc_diag *diag)
{
    double unit;
    return deepstruc_refine_wide(refiner, cluster, 0.9, 1.1, &unit, &result.fit, NULL, diag);
}

static deepstruc_status refine_wide(void **out, deepstruc_diag *diag)
{
    return refine_by(out, target, fit_wide, diag);
}

static deepstruc_status scan_sizes(deepstruc_refiner *refiner, deepstruc_diag *diag)
{
    size_t n;
    return deepstruc_refine_scan(refiner, cluster, 0.8, 1.2, result.scan, 1, &n, diag);
}

static deepstruc_status scan(void **out, deepstruc_diag *diag)
{
    return refine_by(out, target, scan_sizes, diag);
}

static deepstruc_status refine_many(void **out, deepstruc_diag *diag)
{
    for (size_t i = 0; i < JOBS; i++)
        result.job[i] =
            (deepstruc_refine_job){.cluster = cluster, .unit_low = 0.9 + 0.02 * (double)i, .unit_high = 1.1};
    deepstruc_status status = deepstruc_refine_many(target, result.job, JOBS, 1, "fits", NULL, diag);
    if (status == DEEPSTRUC_OK)
        *out = &result;
    return status;
}

static uint64_t many_fingerprint(const void *out)
{
    (void)out;
    uint64_t hash = HASH_OF_NOTHING;
    for (size_t i = 0; i < JOBS; i++)
        hash = hash_more(hash, &result.job[i].fit.rw, sizeof result.job[i].fit.rw);
    return hash;
}

static deepstruc_status screen(void **out, deepstruc_diag *diag)
{
    size_t n;
    deepstruc_status status =
        deepstruc_refine_screen(target, shapes->entry, 20, 2.6, 3, result.hit, 3, &n, 1, "screen", NULL, diag);
    if (status == DEEPSTRUC_OK)
        *out = &result;
    return status;
}

static deepstruc_status group(void **out, deepstruc_diag *diag)
{
    int number[JOBS];
    double *curve = malloc(JOBS * target->n * sizeof *curve);
    deepstruc_status status = DEEPSTRUC_NO_MEMORY;
    if (!curve) { /* the test's own */
        *diag = (deepstruc_diag){.status = status};
        return status;
    }
    for (size_t i = 0; i < JOBS * target->n; i++)
        curve[i] = target->g[i % target->n] * (1 + 0.01 * (double)(i / target->n));
    status = deepstruc_refine_groups(target, curve, JOBS, number, result.weight, diag);
    free(curve);
    if (status == DEEPSTRUC_OK)
        *out = &result;
    return status;
}

static deepstruc_status calibrate(void **out, deepstruc_diag *diag)
{
    deepstruc_calibrate_settings s = deepstruc_calibrate_settings_default();
    s.standard = "Ni";
    s.fit_rmax = 11.5;
    s.qmax = 25;
    return deepstruc_calibrate((deepstruc_calibration **)out, standard, &s, diag);
}

static deepstruc_status open_sites(void **out, deepstruc_diag *diag)
{
    return deepstruc_latent_open((deepstruc_latent_model **)out, sites_path, diag);
}

static deepstruc_status sample_map(void **out, deepstruc_diag *diag)
{
    deepstruc_refine_settings s = given_q();
    const deepstruc_latent_draw draw = {
        .n_samples = SAMPLES, .sigma = 2, .max_atoms = 1500, .focus = DEEPSTRUC_TYPE_UNKNOWN};
    return deepstruc_latent_sample_at((deepstruc_latent_samples **)out, sites, wide, &s, &draw, diag);
}

static deepstruc_status locate(void **out, deepstruc_diag *diag)
{
    static deepstruc_latent_map map;
    deepstruc_latent_reading reading;
    deepstruc_refine_settings s = given_q();
    const deepstruc_pdf *const one[] = {wide};
    deepstruc_status status = deepstruc_latent_locate(&map, &reading, one, 1, sites_path, &s, diag);
    if (status == DEEPSTRUC_OK)
        *out = &map;
    return status;
}

static deepstruc_status open_layers(void **out, deepstruc_diag *diag)
{
    return stacking_reader_create((stacking_reader **)out, layers_path, diag);
}

static deepstruc_status read_stackings(void **out, deepstruc_diag *diag)
{
    const stacking_instrument instrument = {0.7, 25, 0};
    return propose_stackings((stacking_answers **)out, layers, wide, &instrument, 2, 1, diag);
}

static deepstruc_status open_plain(void **out, deepstruc_diag *diag)
{
    return coordinates_load((coordinates_model **)out, plain_path, diag);
}

static deepstruc_status sample_plain(void **out, deepstruc_diag *diag)
{
    static deepstruc_cluster *sample[SAMPLES];
    deepstruc_status status = coordinates_sample(plain, wide, 25, 1, 1, sample, SAMPLES, diag);
    if (status == DEEPSTRUC_OK)
        *out = sample;
    return status;
}

static deepstruc_status open_trees(void **out, deepstruc_diag *diag)
{
    return tree_load((tree_model **)out, DEEPSTRUC_SOURCE_DIR "/models/tree.ubj", shapes, diag);
}

static deepstruc_status generate(void **out, deepstruc_diag *diag)
{
    deepstruc_solve_settings s = deepstruc_solve_settings_default();
    s.methods = "generate";
    s.model = sites_path;
    s.samples = SAMPLES;
    s.refine = given_q();
    s.element = "Pt";
    s.threads = 1;
    return deepstruc_solve((deepstruc_solution **)out, wide, &s, NULL, diag);
}

static uint64_t solution_fingerprint(const void *out)
{
    const deepstruc_solution *s = out;
    uint64_t hash = hash_bytes(s->verdict.why, strlen(s->verdict.why));
    for (size_t i = 0; i < s->n_candidates; i++) {
        const double number[] = {s->candidate[i].fit.rw, s->candidate[i].fit.biso, s->candidate[i].weight};
        hash = hash_more(hash, number, sizeof number);
    }
    return hash;
}

static void remove_folder(void *out)
{
    (void)out;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", out_path);
    assert_int_equal(system(command), 0);
}

/* A folder that is made is made whole; one that is not leaves nothing. */
static deepstruc_status folder_made(void **out, deepstruc_status status)
{
    assert_int_equal(access(out_path, F_OK) == 0, status == DEEPSTRUC_OK);
    if (status == DEEPSTRUC_OK)
        *out = out_path;
    return status;
}

static deepstruc_status unpack(void **out, deepstruc_diag *diag)
{
    deepstruc_notes notes = {0};
    deepstruc_status status =
        deepstruc_project_unpack(DEEPSTRUC_SOURCE_DIR "/fuzz/corpus/archive/deflated", out_path, &notes, diag);
    for (size_t i = 0; i < notes.n; i++)
        free(notes.text[i]);
    free(notes.text);
    return folder_made(out, status);
}

static deepstruc_status report(void **out, deepstruc_diag *diag)
{
    return folder_made(out, deepstruc_report_write(solution, wide, out_path, false, diag));
}

static deepstruc_status report_data(void **out, deepstruc_diag *diag)
{
    return deepstruc_report_data((char **)out, solution, wide, diag);
}

/* ---- all of them ----------------------------------------------------------------------------------------------------
 */

static uint64_t text_fingerprint(const void *out)
{
    return hash_bytes(out, strlen(out));
}

static uint64_t catalogue_fingerprint(const void *out)
{
    const deepstruc_catalogue *catalogue = out;
    uint64_t hash = HASH_OF_NOTHING;
    for (size_t i = 0; i < catalogue->n; i++)
        hash = hash_more(hash, &catalogue->entry[i].n_atoms, sizeof catalogue->entry[i].n_atoms);
    return hash;
}

static void destroy_samples(void *out)
{
    deepstruc_cluster **sample = out;
    for (size_t i = 0; i < SAMPLES; i++)
        deepstruc_cluster_destroy(sample[i]);
}

DESTROY(cluster, deepstruc_cluster_destroy)
DESTROY(pdf, deepstruc_pdf_destroy)
DESTROY(catalogue, deepstruc_catalogue_destroy)
DESTROY(calibration, deepstruc_calibration_destroy)
DESTROY(model, deepstruc_latent_close)
DESTROY(latent_samples, deepstruc_latent_samples_destroy)
DESTROY(map, deepstruc_latent_map_clear)
DESTROY(layers, stacking_reader_destroy)
DESTROY(answers, stacking_answers_destroy)
DESTROY(plain, coordinates_destroy)
DESTROY(trees, tree_destroy)
DESTROY(solution, deepstruc_solution_destroy)

static const call calls[] = {
    {"read stru", read_stru, destroy_cluster, 1, NULL},
    {"create pdf", create_pdf, destroy_pdf, 1, NULL},
    {"cached catalogue", open_catalogue, destroy_catalogue, 347, catalogue_fingerprint},
    {"find edges of Q", find_edges, nothing, 1, NULL},
    {"choose Q", choose_q, nothing, 1, NULL},
    {"read instrument", read_instrument, nothing, 1, NULL},
    {"refine terms", refine_terms, nothing, 1, fit_fingerprint},
    {"refine wide", refine_wide, nothing, 1, fit_fingerprint},
    {"scan", scan, nothing, 1, made_fingerprint},
    {"refine many", refine_many, nothing, 1, many_fingerprint},
    {"screen", screen, nothing, 3, made_fingerprint},
    {"group", group, nothing, 1, NULL},
    {"calibrate", calibrate, destroy_calibration, 1, NULL},
    {"open model of sites", open_sites, destroy_model, 97, NULL},
    {"sample map", sample_map, destroy_latent_samples, 97, NULL},
    {"locate", locate, destroy_map, 97, NULL},
    {"open model of stackings", open_layers, destroy_layers, 5, NULL},
    {"read stackings", read_stackings, destroy_answers, 997, NULL},
    {"open plain network", open_plain, destroy_plain, 5, NULL},
    {"sample plain network", sample_plain, destroy_samples, 3, NULL},
    {"generate", generate, destroy_solution, 1997, solution_fingerprint},
    {"unpack project", unpack, remove_folder, 1, NULL},
    {"report", report, remove_folder, 13, NULL},
    {"report's data", report_data, free, 13, text_fingerprint},
    {"open trees", open_trees, destroy_trees, 1, NULL}, /* the last: not where XGBoost is not */
};

static void every_allocation(void **state)
{
    (void)state;
    deepstruc_diag diag;
    tree_model *trees = NULL;
    size_t n = sizeof calls / sizeof *calls;
    deepstruc_status status = tree_load(&trees, DEEPSTRUC_SOURCE_DIR "/models/tree.ubj", shapes, &diag);
    tree_destroy(trees);
    try_calls(calls, status == DEEPSTRUC_UNAVAILABLE ? n - 1 : n);
}

/* ---- before and after
 * ------------------------------------------------------------------------------------------------- */

static void save_layers(void)
{
    deepstruc_diag diag;
    layers_set *set;
    layers_model *model;
    const layers_sizes sizes = {.n_trunk = 8, .n_decoder = 8, .n_last = 8};
    assert_ok(layers_set_create(&set, &diag), diag);
    assert_ok(layers_model_create(&model, set, &sizes, false, &diag), diag);
    nn_params_initialise(&model->params, 1);
    assert_ok(layers_save(model, model->params.value, NULL, layers_path, true, &diag), diag);
    layers_model_destroy(model);
    layers_set_destroy(set);
}

static void save_plain(void)
{
    deepstruc_diag diag;
    deepstruc_2023 *net;
    deepstruc_2023_settings settings = deepstruc_2023_plain();
    const deepstruc_2023_scale scale = {2, 0.1, {8, 8, 8}};
    settings.n_points = 60;
    settings.n_atoms = 24;
    settings.divisor = 64;
    assert_ok(deepstruc_2023_create(&net, &settings, 7, 1, 0, 0, false, &diag), diag);
    assert_ok(deepstruc_2023_save(net, &scale, "made by a test", plain_path, true, &diag), diag);
    deepstruc_2023_destroy(net);
}

static deepstruc_pdf *simulated(const deepstruc_cluster *of, double rmax)
{
    deepstruc_diag diag;
    deepstruc_pdf *out;
    deepstruc_pdf_settings s = deepstruc_pdf_settings_default();
    s.rmax = rmax;
    s.rstep = 0.05;
    assert_ok(deepstruc_pdf_simulate(&out, of, &s, DEEPSTRUC_MODE_EXACT, &diag), diag);
    return out;
}

static void name(char out[64], const char *file)
{
    snprintf(out, 64, "%s/%s", work, file);
}

static int prepare(void **state)
{
    (void)state;
    deepstruc_diag diag;
    deepstruc_cluster *metal;
    deepstruc_recipe icosahedron = deepstruc_recipe_icosahedron(2), cube = deepstruc_recipe_fcc(4, 4, 4);
    deepstruc_refine_settings s = given_q();
    assert_non_null(mkdtemp(work));
    name(sites_path, "sites"), name(layers_path, "layers"), name(plain_path, "plain"), name(cache_path, "cache");
    name(out_path, "out");
    untrained_save(sites_path);
    save_layers();
    save_plain();
    assert_ok(deepstruc_cluster_build(&cluster, &icosahedron, 2.8, "Pt", &diag), diag);
    assert_ok(deepstruc_cluster_build(&metal, &cube, 2.49, "Ni", &diag), diag);
    pdf = simulated(cluster, 8);
    wide = simulated(cluster, 20);
    standard = simulated(metal, 12);
    deepstruc_cluster_destroy(metal);
    assert_ok(deepstruc_target_create(&target, pdf, &s, &diag), diag);
    s.refine = "qdamp,delta2";
    assert_ok(deepstruc_target_create(&more_terms, pdf, &s, &diag), diag);
    assert_ok(deepstruc_catalogue_paper(&shapes, &diag), diag);
    assert_ok(deepstruc_latent_open(&sites, sites_path, &diag), diag);
    assert_ok(stacking_reader_create(&layers, layers_path, &diag), diag);
    assert_ok(coordinates_load(&plain, plain_path, &diag), diag);
    void *made_solution;
    assert_ok(generate(&made_solution, &diag), diag);
    solution = made_solution;
    return 0;
}

static int clean(void **state)
{
    (void)state;
    char command[64];
    deepstruc_solution_destroy(solution);
    coordinates_destroy(plain);
    stacking_reader_destroy(layers);
    deepstruc_latent_close(sites);
    deepstruc_catalogue_destroy(shapes);
    deepstruc_target_destroy(more_terms);
    deepstruc_target_destroy(target);
    deepstruc_pdf_destroy(standard);
    deepstruc_pdf_destroy(wide);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
    snprintf(command, sizeof command, "rm -rf %s", work);
    return system(command);
}

int main(int argc, char **argv)
{
    only = argc > 1 ? argv[1] : NULL;
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation)};
    return cmocka_run_group_tests(tests, prepare, clean);
}
