/* Many structures at once: the same answers as one by one, the same bytes for any number of threads. */
#include <pthread.h>

#include "refine_support.h"

typedef struct {
    deepstruc_catalogue *catalogue;
    deepstruc_cluster **clusters;
    deepstruc_refine_job *jobs;
    size_t n;
    deepstruc_pdf *pdf;
    bench bench;
} library;

/* Every fourth shape of the published catalogue against a simulated one of them with noise. */
static library library_create(void)
{
    library l = {0};
    deepstruc_diag diag;
    assert_ok(deepstruc_catalogue_paper(&l.catalogue, &diag), diag);
    l.n = 0;
    for (size_t i = 0; i < l.catalogue->n; i += 4)
        l.catalogue->entry[l.n++] = l.catalogue->entry[i];
    l.clusters = calloc(l.n, sizeof *l.clusters);
    l.jobs = calloc(l.n, sizeof *l.jobs);
    assert_true(l.clusters && l.jobs);
    for (size_t i = 0; i < l.n; i++) {
        assert_ok(deepstruc_cluster_build(&l.clusters[i], &l.catalogue->entry[i].recipe, 1, "X", &diag), diag);
        double bond = deepstruc_cluster_mean_bond(l.clusters[i]);
        l.jobs[i] = (deepstruc_refine_job){.cluster = l.clusters[i], .unit_low = 2.5 / bond, .unit_high = 3.0 / bond};
    }
    simulation s = plain;
    s.unit = 2.77;
    l.pdf = simulated_pdf(l.clusters[l.n / 2], s, 1, 5, 0);
    l.bench = bench_create(l.pdf, plain);
    return l;
}

static void library_destroy(library l)
{
    for (size_t i = 0; i < l.n; i++)
        deepstruc_cluster_destroy(l.clusters[i]);
    free(l.clusters);
    free(l.jobs);
    bench_destroy(l.bench);
    deepstruc_pdf_destroy(l.pdf);
    deepstruc_catalogue_destroy(l.catalogue);
}

static void test_same_bytes_for_any_threads(void **state)
{
    (void)state;
    library l = library_create();
    deepstruc_diag diag;
    double *curves = calloc(2 * l.n * l.bench.target->n, sizeof *curves);
    deepstruc_refine_job *again = calloc(l.n, sizeof *again);
    assert_true(curves && again);
    memcpy(again, l.jobs, l.n * sizeof *again);
    for (size_t i = 0; i < l.n; i++) {
        l.jobs[i].curve = curves + i * l.bench.target->n;
        again[i].curve = curves + (l.n + i) * l.bench.target->n;
    }
    assert_ok(deepstruc_refine_many(l.bench.target, l.jobs, l.n, 1, "fit", NULL, &diag), diag);
    assert_ok(deepstruc_refine_many(l.bench.target, again, l.n, 3, "fit", NULL, &diag), diag);
    for (size_t i = 0; i < l.n; i++) {
        assert_memory_equal(&l.jobs[i].fit.scale, &again[i].fit.scale, 3 * sizeof(double));
        assert_true(l.jobs[i].fit.rw == again[i].fit.rw && l.jobs[i].unit == again[i].unit);
    }
    assert_memory_equal(curves, curves + l.n * l.bench.target->n, l.n * l.bench.target->n * sizeof *curves);
    deepstruc_fit alone;
    double unit;
    const deepstruc_refine_job *job = &l.jobs[3];
    assert_ok(
        deepstruc_refine_wide(l.bench.refiner, job->cluster, job->unit_low, job->unit_high, &unit, &alone, NULL, &diag),
        diag);
    assert_true(alone.rw == job->fit.rw && unit == job->unit);
    free(again);
    free(curves);
    library_destroy(l);
}

/* Screened scores are upper bounds of the fitted ones, sorted, and find the simulated shape. */
static void test_screen(void **state)
{
    (void)state;
    library l = library_create();
    deepstruc_diag diag;
    size_t n_found;
    deepstruc_screen_hit *hits = calloc(l.n, sizeof *hits), few[3];
    assert_non_null(hits);
    assert_ok(deepstruc_refine_many(l.bench.target, l.jobs, l.n, 2, "fit", NULL, &diag), diag);
    assert_ok(deepstruc_refine_screen(l.bench.target, l.catalogue->entry, l.n, 2.5, 3.0, hits, l.n, &n_found, 2,
                                      "screen", NULL, &diag),
              diag);
    assert_int_equal(n_found, l.n);
    for (size_t i = 0; i < l.n; i++) {
        assert_true(i == 0 || hits[i - 1].rw <= hits[i].rw);
        assert_true(hits[i].rw >= l.jobs[hits[i].i_entry].fit.rw - 1e-9);
    }
    assert_int_equal(hits[0].i_entry, l.n / 2);
    assert_close(hits[0].unit, 2.77, 0.03);
    assert_ok(deepstruc_refine_screen(l.bench.target, l.catalogue->entry, l.n, 2.5, 3.0, few, 3, &n_found, 3, "screen",
                                      NULL, &diag),
              diag);
    assert_int_equal(n_found, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(few[i].i_entry == hits[i].i_entry && few[i].rw == hits[i].rw && few[i].unit == hits[i].unit);
    free(hits);
    library_destroy(l);
}

typedef struct {
    pthread_t caller;
    int n_reports, n_asked, cancel_at;
    double last;
} listener;

static void hear(void *user, const char *stage, double fraction)
{
    listener *l = user;
    assert_true(pthread_equal(l->caller, pthread_self()));
    assert_string_equal(stage, "fit");
    assert_true(fraction >= l->last && fraction <= 1);
    l->last = fraction;
    l->n_reports++;
}

static bool ask(void *user)
{
    listener *l = user;
    return ++l->n_asked == l->cancel_at;
}

static void test_progress_and_what_cannot_be_fitted(void **state)
{
    (void)state;
    library l = library_create();
    deepstruc_diag diag;
    deepstruc_cluster *atom = lattice_ball(true, 0.1, 0);
    l.jobs[2].cluster = atom;
    listener ears = {.caller = pthread_self()};
    deepstruc_progress progress = {.report = hear, .cancelled = ask, .user = &ears};
    assert_ok(deepstruc_refine_many(l.bench.target, l.jobs, l.n, 2, "fit", &progress, &diag), diag);
    assert_true(ears.n_reports >= 1 && ears.last == 1);
    for (size_t i = 0; i < l.n; i++)
        assert_int_equal(isnan(l.jobs[i].fit.rw), i == 2);
    ears = (listener){.caller = pthread_self(), .cancel_at = 1};
    assert_int_equal(deepstruc_refine_many(l.bench.target, l.jobs, l.n, 2, "fit", &progress, &diag),
                     DEEPSTRUC_CANCELLED);
    deepstruc_cluster_destroy(atom);
    library_destroy(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes_for_any_threads),
        cmocka_unit_test(test_screen),
        cmocka_unit_test(test_progress_and_what_cannot_be_fitted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
