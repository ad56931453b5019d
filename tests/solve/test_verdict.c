#include "support.h"

#include "solve/verdict.h"

/* ---- composition ------------------------------------------------------------------------------------------------- */

static deepstruc_pdf *with_composition(const char *composition)
{
    char text[512];
    snprintf(text, sizeof text,
             "[DEFAULT]\ncomposition = %s\n#### start data\n"
             "0 0\n1 1\n2 3\n3 -1\n4 2\n5 1\n6 2\n7 0\n8 1\n9 -1\n10 0\n",
             composition);
    deepstruc_pdf *pdf = NULL;
    deepstruc_diag diag;
    assert_ok(deepstruc_pdf_parse(&pdf, text, strlen(text), "made-up.gr", &diag), diag);
    return pdf;
}

static void compositions_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        composition_kind kind;
    } cases[] = {
        {"Au", COMPOSITION_ONE_METAL},
        {"Au144 S60 C420 H300 O120", COMPOSITION_LIGATED_METAL},
        {"Au144 S60 C480", COMPOSITION_LIGATED_METAL},
        {"Pt1 C2 H6", COMPOSITION_LIGATED_METAL},
        {"Cd Se", COMPOSITION_COMPOUND},
        {"Ce O2", COMPOSITION_COMPOUND},
        {"Ni Ti", COMPOSITION_ALLOY},
        {"Pd Pt", COMPOSITION_LIKE_METALS},
        {"Sr Ti O3", COMPOSITION_COMPOUND},
        {"Na2.25Zr0.75Y0.25Cl6", COMPOSITION_COMPOUND},
        {"Zn C8 H4", COMPOSITION_LIGATED_METAL},
        {"C60", COMPOSITION_NO_METAL},
        {"Na Cl", COMPOSITION_COMPOUND},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        deepstruc_pdf *pdf = with_composition(cases[i].text);
        if (composition_classify(pdf) != cases[i].kind)
            fail_msg("%s is classified as %d", cases[i].text, composition_classify(pdf));
        deepstruc_pdf_destroy(pdf);
    }
    deepstruc_pdf *pdf = with_composition("Cd Se");
    assert_close(composition_anion_weight(pdf), 34.0 / 48, 1e-12);
    deepstruc_pdf_destroy(pdf);
}

/* ---- rules ---------------------------------------------------------------------------------------------------------
 */

typedef struct {
    deepstruc_cluster cluster;
    deepstruc_candidate candidate;
    deepstruc_solution solution;
    verdict_evidence evidence;
} made_up;

/* A platinum cluster of 100 atoms that fits with Rw 0.2, and nothing that speaks against it. */
static void make(made_up *m)
{
    memset(m, 0, sizeof *m);
    m->cluster = (deepstruc_cluster){.n_atoms = 100, .type = DEEPSTRUC_TYPE_FCC};
    m->candidate = (deepstruc_candidate){&m->cluster, {.rw = 0.2, .bond_length = 2.76}, "library", 1, 1, NULL};
    m->solution.candidate = &m->candidate;
    m->solution.n_candidates = 1;
    strcpy(m->solution.element, "Pt");
    m->evidence =
        (verdict_evidence){.composition = COMPOSITION_ONE_METAL,
                           .bulk_bond = 2.77,
                           .metal = {.kind = LATTICE_FCC, .bond = 2.77, .diameter = 18, .rw = 0.25, .rw_bulk = 0.7},
                           .compound = {.kind = LATTICE_ROCKSALT, .bond = 2.5, .rw = 0.8, .rw_bulk = 0.9},
                           .data_rmax = 50,
                           .max_atoms = 400};
}

static deepstruc_verdict decide(const made_up *m)
{
    deepstruc_verdict v;
    verdict_decide(&v, &m->evidence, &m->solution);
    assert_true(v.why[0] != '\0');
    return v;
}

static void a_metal_cluster_is_one(void **state)
{
    (void)state;
    made_up m;
    make(&m);
    deepstruc_verdict v = decide(&m);
    assert_int_equal(v.kind, DEEPSTRUC_VERDICT_CLUSTER);
    assert_int_equal(v.type, DEEPSTRUC_TYPE_FCC);
    assert_int_equal(v.n_atoms, 100);
    assert_string_equal(v.flags, "");
}

static void bulk_needs_long_data(void **state)
{
    (void)state;
    made_up m;
    make(&m);
    m.evidence.metal.rw = 0.07, m.evidence.metal.rw_bulk = 0.075;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_BULK);
    m.evidence.metal.bond = 2.68; /* 3 % short of platinum: PtNi */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    m.evidence.metal.bond = 2.77;
    m.evidence.data_rmax = 20; /* a cluster fits nearly as well */
    m.candidate.fit.rw = 0.08;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_CLUSTER);
    m.candidate.fit.rw = 0.6; /* no cluster that was tried is large enough */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_BULK);
    m.evidence.metal.rw_bulk = 0.5; /* and the envelope is needed */
    m.evidence.metal.diameter = 30;
    deepstruc_verdict v = decide(&m);
    assert_int_equal(v.kind, DEEPSTRUC_VERDICT_CLUSTER);
    assert_string_equal(v.flags, "too-large");
    m.evidence.metal.diameter = 7; /* ferrocene's pairs, not what is too large for the catalogue */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    m.evidence.metal.diameter = 30;
    m.evidence.metal.bond = 2.1;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
}

static void compounds_are_refused(void **state)
{
    (void)state;
    made_up m;
    make(&m);
    m.evidence.composition = COMPOSITION_COMPOUND;
    m.evidence.compound.rw = 0.15; /* better than the cluster by more than 15 % */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    m.evidence.compound.rw = 0.8; /* nothing but the header speaks against a metal */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_AMBIGUOUS);
    make(&m);
    m.evidence.compound.rw = 0.15; /* a pure metal's header: a lattice alone does not refuse it */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_CLUSTER);
}

static void what_contradicts_is_ambiguous(void **state)
{
    (void)state;
    made_up m;
    make(&m);
    m.candidate.fit.bond_length = 2.45; /* 12 % short of platinum's */
    deepstruc_verdict v = decide(&m);
    assert_int_equal(v.kind, DEEPSTRUC_VERDICT_AMBIGUOUS);
    assert_string_equal(v.flags, "header-contradicted");
    make(&m);
    m.candidate.fit.rw = 0.45, m.evidence.metal.rw = 0.5; /* no lattice either */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_AMBIGUOUS);
    m.candidate.fit.rw = 0.6;
    v = decide(&m);
    assert_int_equal(v.kind, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    assert_string_equal(v.flags, "outside-training,header-contradicted");
    make(&m);
    m.evidence.composition = COMPOSITION_ALLOY;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    m.evidence.composition = COMPOSITION_LIKE_METALS;
    v = decide(&m);
    assert_int_equal(v.kind, DEEPSTRUC_VERDICT_CLUSTER);
    assert_string_equal(v.flags, "alloy");
}

/* Structures that no metal has: salts whose ions scatter alike look like them. */
static void foreign_structures_are_not_trusted(void **state)
{
    (void)state;
    made_up m;
    make(&m);
    m.cluster.type = DEEPSTRUC_TYPE_SC;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER); /* Rw 0.2 */
    m.candidate.fit.rw = 0.05; /* a simulation of the published shapes, which hold sc */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_CLUSTER);
    m.candidate.fit.rw = 0.13; /* a particle of sodium chloride without a header */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_CLUSTER);
    m.evidence.composition = COMPOSITION_UNKNOWN;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    m.evidence.composition = COMPOSITION_COMPOUND; /* lead telluride's header */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    make(&m);
    m.cluster.type = DEEPSTRUC_TYPE_BCC;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_CLUSTER); /* nobody said that the element is close packed */
    m.evidence.close_packed = true;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_AMBIGUOUS);
    m.evidence.compound.rw = 0.15; /* a compound's lattice is better */
    m.candidate.fit.rw = 0.25;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    assert_true(composition_may_be_bcc("Fe") && !composition_may_be_bcc("Pt"));
}

/* Without a header, the cations of salts and oxides look like close-packed metals of bonds that few metals have. */
static void long_bonds_without_a_name_are_a_compounds(void **state)
{
    (void)state;
    made_up m;
    make(&m);
    m.evidence.composition = COMPOSITION_UNKNOWN;
    m.evidence.bulk_bond = NAN;
    strcpy(m.solution.element, "X");
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_CLUSTER);
    m.candidate.fit.bond_length = 3.87; /* uranium dioxide */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    m.candidate.fit.bond_length = 3.5; /* lead, well fitted */
    m.candidate.fit.rw = 0.1;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_CLUSTER);
    m.candidate.fit.rw = 0.37;
    m.evidence.metal.bond = m.candidate.fit.bond_length = 3.57; /* caesium chloride */
    m.evidence.metal.rw = m.evidence.metal.rw_bulk = 0.29;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    m.evidence.metal.rw = m.evidence.metal.rw_bulk = 0.1;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_BULK);
}

static void nameless_bonds_and_lattices_are_looked_at_twice(void **state)
{
    (void)state;
    made_up m;
    make(&m);
    m.evidence.composition = COMPOSITION_UNKNOWN;
    m.evidence.bulk_bond = NAN;
    m.candidate.fit.rw = 0.1;
    m.candidate.fit.bond_length = 2.32; /* Pt-Cl in PtCl6 */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    m.candidate.fit.bond_length = 2.65;
    m.candidate.fit.rw = 0.37;
    m.evidence.metal.rw = m.evidence.metal.rw_bulk = 0.23; /* Cu3Au */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_AMBIGUOUS);
    m.evidence.metal.rw = m.evidence.metal.rw_bulk = 0.19; /* a noisy metal */
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_BULK);
    m.evidence.composition = COMPOSITION_ONE_METAL;
    m.evidence.metal.rw = m.evidence.metal.rw_bulk = 0.23;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_BULK);
}

/* A few atoms fitted badly are clusters, or the first shells of something without order. */
static void order_that_ends_at_once_is_ambiguous(void **state)
{
    (void)state;
    made_up m;
    make(&m);
    m.cluster.n_atoms = 13;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_AMBIGUOUS);
    m.candidate.fit.rw = 0.08;
    assert_int_equal(decide(&m).kind, DEEPSTRUC_VERDICT_CLUSTER);
}

/* ---- residuals ----------------------------------------------------------------------------------------------------
 */

/* Two Gaussian peaks, of which the fit knows one: the other is found where it is, and as high. */
static void an_unexplained_peak_is_named(void **state)
{
    (void)state;
    enum { N = 186 };
    double g[N], calc[N], weight[N];
    deepstruc_target target = {.n = N, .rmin = 1.5, .rstep = 0.1, .g = g, .weight = weight};
    for (int i = 0; i < N; i++) {
        double r = 1.5 + 0.1 * i;
        calc[i] = 4 * exp(-50 * (r - 2.85) * (r - 2.85));
        g[i] = calc[i] + 2 * exp(-50 * (r - 2.33) * (r - 2.33)) + 0.02 * sin(20 * r);
    }
    residual_peak strongest, shortest;
    residual_peaks(&strongest, &shortest, &target, calc, 2.85);
    assert_close(strongest.r, 2.33, 0.02); /* a parabola through three points of a Gaussian */
    assert_close(strongest.height, 0.5, 0.05);
    assert_true(shortest.r == strongest.r);
    char text[200] = "";
    residual_describe(text, sizeof text, &strongest, 2.85);
    assert_non_null(strstr(text, "2.3"));
    assert_non_null(strstr(text, "metal-sulfur"));
    residual_peaks(&strongest, &shortest, &target, g, 2.85); /* nothing is left over */
    assert_true(strongest.r == 0 && shortest.r == 0);
}

/* ---- lattices -------------------------------------------------------------------------------------------------------
 */

/* A sphere of fcc atoms: its envelope's diameter comes back, and fcc is the best lattice. */
static void a_sphere_is_measured(void **state)
{
    (void)state;
    enum { REACH = 6 };
    static double xyz[3 * 4 * (2 * REACH + 1) * (2 * REACH + 1) * (2 * REACH + 1)];
    const double bond = 2.77, edge = bond * sqrt(2), diameter = 22;
    deepstruc_cluster cluster = {.xyz = xyz, .bond_length = bond, .type = DEEPSTRUC_TYPE_FCC, .element = "Pt"};
    for (int i = -2 * REACH; i <= 2 * REACH; i++)
        for (int j = -2 * REACH; j <= 2 * REACH; j++)
            for (int k = -2 * REACH; k <= 2 * REACH; k++) {
                double x = 0.5 * i * edge, y = 0.5 * j * edge, z = 0.5 * k * edge;
                if ((i + j + k) % 2 == 0 && x * x + y * y + z * z < 0.25 * diameter * diameter)
                    memcpy(xyz + 3 * cluster.n_atoms++, (double[]){x, y, z}, 3 * sizeof *xyz);
            }
    double volume = (double)cluster.n_atoms * edge * edge * edge / 4;
    double equal_volume = cbrt(6 * volume / M_PI);

    deepstruc_pdf_settings sim = deepstruc_pdf_settings_default();
    sim.qdamp = 0.03, sim.biso = 0.6, sim.rmax = 30;
    deepstruc_pdf *pdf = NULL;
    deepstruc_target *target = NULL;
    deepstruc_diag diag;
    assert_ok(deepstruc_pdf_simulate(&pdf, &cluster, &sim, DEEPSTRUC_MODE_EXACT, &diag), diag);
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    settings.fit_rmax = 29, settings.qmin = sim.qmin, settings.qmax = sim.qmax, settings.qdamp = sim.qdamp;
    assert_ok(deepstruc_target_create(&target, pdf, &settings, &diag), diag);

    lattice_range metal = {2.6, 2.9, 1}, compound = {1.8, 3.0, 0.5};
    lattice_fit fit[LATTICE_N];
    assert_ok(lattice_search_all(fit, &metal, &compound, target, &diag), diag);
    for (int kind = 0; kind < LATTICE_N; kind++)
        if (kind != LATTICE_FCC)
            assert_true(fit[kind].rw > 1.5 * fit[LATTICE_FCC].rw);
    assert_close(fit[LATTICE_FCC].bond, bond, 0.004 * bond);
    assert_close(fit[LATTICE_FCC].diameter, equal_volume, 0.05 * equal_volume); /* a faceted sphere is no sphere */
    assert_true(fit[LATTICE_FCC].rw < 0.1);
    assert_true(fit[LATTICE_FCC].rw_bulk > 3 * fit[LATTICE_FCC].rw);
    deepstruc_target_destroy(target);
    deepstruc_pdf_destroy(pdf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compositions_are_told_apart),
        cmocka_unit_test(a_metal_cluster_is_one),
        cmocka_unit_test(bulk_needs_long_data),
        cmocka_unit_test(compounds_are_refused),
        cmocka_unit_test(what_contradicts_is_ambiguous),
        cmocka_unit_test(a_sphere_is_measured),
        cmocka_unit_test(an_unexplained_peak_is_named),
        cmocka_unit_test(foreign_structures_are_not_trusted),
        cmocka_unit_test(long_bonds_without_a_name_are_a_compounds),
        cmocka_unit_test(nameless_bonds_and_lattices_are_looked_at_twice),
        cmocka_unit_test(order_that_ends_at_once_is_ambiguous),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
