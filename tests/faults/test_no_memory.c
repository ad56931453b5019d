/* Memory that runs out while something is made, read or solved. */
#include "no_memory.h"

#include <deepstruc/latent.h>
#include <deepstruc/report.h>
#include <deepstruc/settings.h>
#include <deepstruc/solve.h>

#include "base/hash.h"
#include "dataset/set.h"
#include "nn/safetensors.h"

/* ---- what the functions are given -----------------------------------------------------------------------------------
 */

static deepstruc_cluster *cluster;
static deepstruc_pdf *pdf;
static deepstruc_engine *engine;
static deepstruc_target *target;
static deepstruc_fit last_fit;
static char gr[8000], set_path[64], model_path[64];
static const char xyz[] = "3\ncomment\nAu 0 0 0\nAu 2.9 0 0\nAu 0 2.9 0\n";
static const char cif[] = "data_a\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n"
                          "_cell_angle_beta 90\n_cell_angle_gamma 90\nloop_\n_atom_site_label\n_atom_site_fract_x\n"
                          "_atom_site_fract_y\n_atom_site_fract_z\nAu1 0 0 0\nAu2 0.5 0.5 0\n";
static const char settings_text[] = "{\"fit-rmax\": 12, \"element\": \"Pt\"}";

static deepstruc_pdf_settings short_range(void)
{
    deepstruc_pdf_settings s = deepstruc_pdf_settings_default();
    s.rmax = 8;
    s.rstep = 0.05;
    return s;
}

/* ---- the calls: *out becomes what was made ---------------------------------------------------------------------- */

static deepstruc_status build(void **out, deepstruc_diag *diag)
{
    deepstruc_recipe recipe = deepstruc_recipe_icosahedron(3);
    return deepstruc_cluster_build((deepstruc_cluster **)out, &recipe, 2.8, "Au", diag);
}

static deepstruc_status read_xyz(void **out, deepstruc_diag *diag)
{
    return deepstruc_cluster_parse_xyz((deepstruc_cluster **)out, xyz, strlen(xyz), "xyz", diag);
}

static deepstruc_status read_cif(void **out, deepstruc_diag *diag)
{
    return deepstruc_cluster_parse_cif((deepstruc_cluster **)out, cif, strlen(cif), "cif", diag);
}

static deepstruc_status catalogue_paper(void **out, deepstruc_diag *diag)
{
    return deepstruc_catalogue_paper((deepstruc_catalogue **)out, diag);
}

static deepstruc_status catalogue_rich(void **out, deepstruc_diag *diag)
{
    return deepstruc_catalogue_rich((deepstruc_catalogue **)out, 5, 14, diag);
}

static deepstruc_status structures(void **out, deepstruc_diag *diag)
{
    return deepstruc_structures_of_protocol((deepstruc_structures **)out, "stacking", diag);
}

static deepstruc_status read_gr(void **out, deepstruc_diag *diag)
{
    return deepstruc_pdf_parse((deepstruc_pdf **)out, gr, strlen(gr), "gr", diag);
}

static deepstruc_status simulate(void **out, deepstruc_diag *diag)
{
    deepstruc_pdf_settings s = short_range();
    return deepstruc_pdf_simulate((deepstruc_pdf **)out, cluster, &s, DEEPSTRUC_MODE_EXACT, diag);
}

static deepstruc_status simulate_diffpy(void **out, deepstruc_diag *diag)
{
    deepstruc_pdf_settings s = short_range();
    return deepstruc_pdf_simulate((deepstruc_pdf **)out, cluster, &s, DEEPSTRUC_MODE_DIFFPY, diag);
}

static deepstruc_status create_engine(void **out, deepstruc_diag *diag)
{
    deepstruc_pdf_settings s = short_range();
    return deepstruc_engine_create((deepstruc_engine **)out, &s, diag);
}

/* With a structure: loading allocates, too. */
static deepstruc_status create_scatter(void **out, deepstruc_diag *diag)
{
    deepstruc_scatter *scatter = NULL;
    deepstruc_status status = deepstruc_scatter_create(&scatter, engine, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_scatter_load(scatter, cluster->xyz, cluster->n_atoms, 1, diag);
    if (status == DEEPSTRUC_OK)
        *out = scatter;
    else
        deepstruc_scatter_destroy(scatter);
    return status;
}

static deepstruc_status create_target(void **out, deepstruc_diag *diag)
{
    deepstruc_refine_settings s = deepstruc_refine_settings_default();
    s.refine = "qdamp,delta2";
    return deepstruc_target_create((deepstruc_target **)out, pdf, &s, diag);
}

static deepstruc_status create_refiner(void **out, deepstruc_diag *diag)
{
    deepstruc_refiner *refiner = NULL;
    deepstruc_status status = deepstruc_refiner_create(&refiner, target, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_refine(refiner, cluster, 1, &last_fit, NULL, diag);
    if (status == DEEPSTRUC_OK)
        *out = refiner;
    else
        deepstruc_refiner_destroy(refiner);
    return status;
}

static deepstruc_status own_set(void **out, deepstruc_diag *diag)
{
    deepstruc_pdf_settings s = short_range();
    const deepstruc_cluster *const both[] = {cluster, cluster};
    return deepstruc_dataset_of_clusters((deepstruc_dataset **)out, both, 2, &s, diag);
}

static deepstruc_status read_set(void **out, deepstruc_diag *diag)
{
    return deepstruc_dataset_read((deepstruc_dataset **)out, set_path, diag);
}

static deepstruc_status read_weights(void **out, deepstruc_diag *diag)
{
    return safetensors_read((safetensors **)out, model_path, diag);
}

static deepstruc_status read_settings(void **out, deepstruc_diag *diag)
{
    static deepstruc_solve_settings settings;
    settings = deepstruc_solve_settings_default();
    const deepstruc_settings_part parts[] = {
        {deepstruc_solve_settings_fields, &settings}, {deepstruc_refine_settings_fields, &settings.refine}, {0}};
    return deepstruc_settings_parse((deepstruc_settings_file **)out, parts, settings_text, strlen(settings_text), "s",
                                    diag);
}

static deepstruc_status open_model(void **out, deepstruc_diag *diag)
{
    return deepstruc_latent_open((deepstruc_latent_model **)out, DEEPSTRUC_SOURCE_DIR "/models/default.safetensors",
                                 diag);
}

static deepstruc_solve_settings small_search(void)
{
    deepstruc_solve_settings s = deepstruc_solve_settings_default();
    s.methods = "library";
    s.catalogue = "full";
    s.max_atoms = 13;
    s.refine.qmin = 0.7;
    s.refine.qmax = 25;
    s.threads = 1;
    return s;
}

static deepstruc_status solve(void **out, deepstruc_diag *diag)
{
    deepstruc_solve_settings s = small_search();
    return deepstruc_solve((deepstruc_solution **)out, pdf, &s, NULL, diag);
}

static deepstruc_status solve_given(void **out, deepstruc_diag *diag)
{
    deepstruc_solve_settings s = small_search();
    const deepstruc_cluster *const both[] = {cluster, cluster};
    return deepstruc_solve_given((deepstruc_solution **)out, pdf, both, 2, &s, diag);
}

/* ---- what they made ------------------------------------------------------------------------------------------------
 */

DESTROY(cluster, deepstruc_cluster_destroy)
DESTROY(catalogue, deepstruc_catalogue_destroy)
DESTROY(structures, deepstruc_structures_destroy)
DESTROY(pdf, deepstruc_pdf_destroy)
DESTROY(engine, deepstruc_engine_destroy)
DESTROY(scatter, deepstruc_scatter_destroy)
DESTROY(target, deepstruc_target_destroy)
DESTROY(refiner, deepstruc_refiner_destroy)
DESTROY(set, deepstruc_dataset_destroy)
DESTROY(weights, safetensors_destroy)
DESTROY(settings, deepstruc_settings_destroy)
DESTROY(model, deepstruc_latent_close)
DESTROY(solution, deepstruc_solution_destroy)

static uint64_t fit_fingerprint(const void *made)
{
    (void)made;
    return hash_bytes(&last_fit.bond_length, sizeof last_fit.bond_length);
}

static uint64_t set_fingerprint(const void *made)
{
    return dataset_sum(made);
}

static uint64_t solution_fingerprint(const void *made)
{
    const deepstruc_solution *s = made;
    uint64_t hash = hash_bytes(s->verdict.why, strlen(s->verdict.why));
    hash = hash_more(hash, &s->evidence.n_atoms, sizeof s->evidence.n_atoms);
    for (size_t i = 0; i < s->n_candidates; i++) {
        const deepstruc_candidate *c = &s->candidate[i];
        const double numbers[] = {c->fit.rw, c->fit.bond_length, c->fit.biso, c->fit.esd_biso, c->weight, c->group};
        hash = hash_more(hash, numbers, sizeof numbers);
        hash = hash_more(hash, c->cluster->xyz, 3 * c->cluster->n_atoms * sizeof *c->cluster->xyz);
        hash = hash_more(hash, c->cluster->name, strlen(c->cluster->name));
    }
    for (size_t i = 0; i < s->target->assumed.n; i++)
        hash = hash_more(hash, s->target->assumed.text[i], strlen(s->target->assumed.text[i]));
    return hash;
}

static const call calls[] = {
    {"build", build, destroy_cluster, 1, NULL},
    {"read xyz", read_xyz, destroy_cluster, 1, NULL},
    {"read cif", read_cif, destroy_cluster, 1, NULL},
    {"paper's catalogue", catalogue_paper, destroy_catalogue, 40, NULL},
    {"rich catalogue", catalogue_rich, destroy_catalogue, 40, NULL},
    {"protocol", structures, destroy_structures, 80, NULL},
    {"read gr", read_gr, destroy_pdf, 1, NULL},
    {"simulate", simulate, destroy_pdf, 1, NULL},
    {"simulate as diffpy", simulate_diffpy, destroy_pdf, 1, NULL},
    {"engine", create_engine, destroy_engine, 1, NULL},
    {"scatter", create_scatter, destroy_scatter, 1, NULL},
    {"target", create_target, destroy_target, 2, NULL},
    {"refiner", create_refiner, destroy_refiner, 1, fit_fingerprint},
    {"own data set", own_set, destroy_set, 3, set_fingerprint},
    {"read data set", read_set, destroy_set, 1, NULL},
    {"read weights", read_weights, destroy_weights, 1, NULL},
    {"read settings", read_settings, destroy_settings, 1, NULL},
    {"open model", open_model, destroy_model, 40, NULL},
    {"solve given", solve_given, destroy_solution, 7, solution_fingerprint},
    {"solve", solve, destroy_solution, 197, solution_fingerprint},
};

static void every_allocation(void **state)
{
    (void)state;
    try_calls(calls, sizeof calls / sizeof *calls);
}

/* ---- before and after ------------------------------------------------------------------------------------------- */

static int prepare(void **state)
{
    (void)state;
    deepstruc_recipe recipe = deepstruc_recipe_icosahedron(2);
    deepstruc_pdf_settings s = short_range();
    deepstruc_refine_settings r = deepstruc_refine_settings_default();
    deepstruc_dataset *set;
    static const float weight[6];
    r.qmin = 0.7;
    r.qmax = 25;
    snprintf(set_path, sizeof set_path, "/tmp/deepstruc-memory-%d.h5", (int)getpid());
    snprintf(model_path, sizeof model_path, "/tmp/deepstruc-memory-%d", (int)getpid());
    safetensors_writer *writer = safetensors_writer_create();
    safetensors_add(writer, "w", (size_t[]){2, 3}, 2, weight);
    bool good =
        deepstruc_cluster_build(&cluster, &recipe, 2.8, "Pt", NULL) == DEEPSTRUC_OK &&
        deepstruc_pdf_simulate(&pdf, cluster, &s, DEEPSTRUC_MODE_EXACT, NULL) == DEEPSTRUC_OK &&
        deepstruc_engine_create(&engine, &s, NULL) == DEEPSTRUC_OK &&
        deepstruc_target_create(&target, pdf, &r, NULL) == DEEPSTRUC_OK &&
        deepstruc_dataset_of_clusters(&set, (const deepstruc_cluster *const[]){cluster}, 1, &s, NULL) == DEEPSTRUC_OK &&
        deepstruc_dataset_write(set, set_path, true, NULL) == DEEPSTRUC_OK &&
        safetensors_write(writer, model_path, true, NULL) == DEEPSTRUC_OK;
    safetensors_writer_destroy(writer);
    deepstruc_dataset_destroy(set);
    int used = snprintf(gr, sizeof gr, "[DEFAULT]\nqmax = 25\ncomposition = Pt55\n#### start data\n");
    for (size_t i = 20; i < pdf->n_points; i++)
        used += snprintf(gr + used, sizeof gr - (size_t)used, "%.2f %.4f\n", pdf->r[i], pdf->g[i]);
    return good ? 0 : -1;
}

static int clean(void **state)
{
    (void)state;
    unlink(set_path);
    unlink(model_path);
    deepstruc_target_destroy(target);
    deepstruc_engine_destroy(engine);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
    return 0;
}

int main(int argc, char **argv)
{
    only = argc > 1 ? argv[1] : NULL;
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation)};
    return cmocka_run_group_tests(tests, prepare, clean);
}
