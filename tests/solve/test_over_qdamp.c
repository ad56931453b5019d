/* Sizes are averaged over what is not known of qdamp. */
#include "support.h"

#include "solve/evidence.h"
#include "solve/over_qdamp.h"

enum { N = 9, POINTS = 186 };

/* Candidates whose curves are one wave damped by their sizes, g = sin(3r) exp(-r/D): fits to data with D = 12 Å. */
typedef struct {
    deepstruc_target target;
    deepstruc_cluster cluster[N];
    deepstruc_candidate candidate[N];
    double g[POINTS], weight[POINTS], curves[N * POINTS];
} made_up;

static void make(made_up *m)
{
    memset(m, 0, sizeof *m);
    m->target =
        (deepstruc_target){.n = POINTS, .rmin = 1.5, .rstep = 0.1, .g = m->g, .weight = m->weight, .qdamp = 0.03};
    for (int i = 0; i < POINTS; i++) {
        double r = 1.5 + 0.1 * i;
        m->weight[i] = 1;
        m->g[i] = sin(3 * r) * exp(-r / 12) + 0.05 * sin(7 * r);
        for (int c = 0; c < N; c++)
            m->curves[c * POINTS + i] = sin(3 * r) * exp(-r / (8 + c));
    }
    for (int c = 0; c < N; c++) {
        m->cluster[c] = (deepstruc_cluster){.type = DEEPSTRUC_TYPE_FCC, .n_atoms = (size_t)pow(8 + c, 3) / 8};
        m->candidate[c] = (deepstruc_candidate){.cluster = &m->cluster[c], .fit = {.bond_length = 2.8}};
    }
}

static deepstruc_interval diameter(made_up *m, double qdamp_esd)
{
    int group[N];
    double weight[N];
    deepstruc_evidence e;
    deepstruc_diag diag;
    m->target.qdamp_esd = qdamp_esd;
    assert_ok(deepstruc_refine_groups(&m->target, m->curves, N, group, weight, &diag), diag);
    for (int c = 0; c < N; c++)
        m->candidate[c].weight = weight[c];
    assert_ok(evidence_gather(&e, m->candidate, N, &diag), diag);
    assert_ok(over_qdamp(&e, &m->target, m->curves, m->candidate, N, &diag), diag);
    return e.diameter;
}

static void test_unknown_qdamp_widens_the_size(void **state)
{
    (void)state;
    made_up m;
    make(&m);
    deepstruc_interval known = diameter(&m, 0), usual = diameter(&m, 0.01), wide = diameter(&m, 0.02);
    double width[3] = {known.high - known.low, usual.high - usual.low, wide.high - wide.low};
    assert_true(width[0] > 0 && width[1] > 1.02 * width[0] && width[2] > 1.02 * width[1]);
    assert_true(fabs(usual.mean - known.mean) < width[0]);
    /* a fit that varied qdamp itself knows */
    m.candidate[0].fit.n_terms = 1;
    m.candidate[0].fit.term[0] = (deepstruc_term){.name = "qdamp", .free = true};
    deepstruc_interval refined = diameter(&m, 0.02);
    assert_close(refined.low, known.low, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_unknown_qdamp_widens_the_size)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
