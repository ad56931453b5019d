/* What the refinement is worth: prints docs/validation-physics.md. Wants the reference data of ../shared.
 *
 *   bench_physics > docs/validation-physics.md */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include <deepstruc/calibrate.h>

static const char *shared = "../shared";

static void stop(const deepstruc_diag *diag)
{
    char text[1024];
    deepstruc_diag_text(diag, text, sizeof text);
    fprintf(stderr, "bench_physics: %s\n", text);
    exit(1);
}

static deepstruc_pdf *read_pdf(const char *format, ...)
{
    char path[512], name[256];
    va_list args;
    va_start(args, format);
    vsnprintf(name, sizeof name, format, args);
    va_end(args);
    snprintf(path, sizeof path, "%s/%s", shared, name);
    deepstruc_pdf *pdf;
    deepstruc_diag diag;
    if (deepstruc_pdf_read(&pdf, path, &diag))
        stop(&diag);
    return pdf;
}

static deepstruc_cluster *build(deepstruc_recipe recipe, double bond)
{
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    if (deepstruc_cluster_build(&cluster, &recipe, bond, "X", &diag))
        stop(&diag);
    return cluster;
}

/* The 3-parameter fit, then whatever the settings ask for. */
static deepstruc_fit fit_of(const deepstruc_pdf *pdf, const deepstruc_cluster *cluster,
                            const deepstruc_refine_settings *settings, deepstruc_fit *standard)
{
    deepstruc_target *target;
    deepstruc_refiner *refiner;
    deepstruc_fit fit;
    deepstruc_diag diag;
    if (deepstruc_target_create(&target, pdf, settings, &diag) || deepstruc_refiner_create(&refiner, target, &diag) ||
        deepstruc_refine(refiner, cluster, 1, &fit, NULL, &diag))
        stop(&diag);
    if (standard)
        *standard = fit;
    if (target->terms && deepstruc_refine_terms(refiner, cluster, 1, &fit, NULL, NULL, &diag))
        stop(&diag);
    deepstruc_refiner_destroy(refiner);
    deepstruc_target_destroy(target);
    return fit;
}

static const deepstruc_term *term_of(const deepstruc_fit *fit, const char *name)
{
    for (size_t i = 0; i < fit->n_terms; i++)
        if (strcmp(fit->term[i].name, name) == 0)
            return &fit->term[i];
    return NULL;
}

/* ---- bulk nickel ------------------------------------------------------------------------------------------------- */

static void nickel(void)
{
    static const struct {
        const char *name, *published;
    } rows[] = {
        {"a", "3.5248(8) Å"}, {"biso", "0.466 Å² (Uiso 0.0059)"}, {"qdamp", "0.045 1/Å"}, {"qbroad", "0.017 1/Å"}};
    deepstruc_pdf *pdf = read_pdf("data/experimental/Ni.gr");
    deepstruc_calibrate_settings settings = deepstruc_calibrate_settings_default();
    deepstruc_calibration *c;
    deepstruc_diag diag;
    settings.fit_rmax = 50;
    if (deepstruc_calibrate(&c, pdf, &settings, &diag))
        stop(&diag);
    double misfit = 0;
    for (size_t i = 0; i < c->n; i++)
        misfit += pow(c->g[i] - c->gcalc[i], 2);
    double s = sqrt(misfit / (double)(c->n - c->n_terms)), nyquist = sqrt(M_PI / c->qmax / c->rstep);
    printf("## Bulk nickel, beside published refinements\n\n"
           "`calibrate Ni.gr --fit-rmax 50`: X-rays, Qmax %g 1/Å, 1.5 to 50 Å; Rw %.3f (published 0.02 to 0.04). The "
           "published fits\n"
           "are diffpy-cmi's and PDFgui's, whose definitions (R9) are. Three standard deviations: ours (R5), the "
           "textbook's,\n"
           "and the one for points of the Nyquist grid that all have an error of 1 (the file has none), which "
           "reproduces the\n"
           "published one of a.\n\n"
           "| | deepstruc | (R5) | textbook | with errors of 1 | published |\n|---|---|---|---|---|---|\n",
           c->qmax, c->rw);
    for (size_t i = 0; i < c->n_terms; i++) {
        const char *published = "";
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
            if (strcmp(rows[k].name, c->term[i].name) == 0)
                published = rows[k].published;
        printf("| %s%s%s | %.5f | %.5f | %.5f | %.5f | %s |\n", c->term[i].name, *c->term[i].unit ? ", " : "",
               c->term[i].unit, c->term[i].value, c->term[i].esd, c->textbook[i], c->textbook[i] / s * nyquist,
               published);
    }
    deepstruc_calibration_destroy(c);
    deepstruc_pdf_destroy(pdf);
}

/* What the choice of the range does, which no standard deviation knows of. */
static void nickel_ranges(void)
{
    deepstruc_pdf *pdf = read_pdf("data/experimental/Ni.gr");
    printf("\nThe same with other ends of the range: what the model leaves out moves qdamp and qbroad by more than "
           "(R5) says.\n\n"
           "| to (Å) | Rw | a (Å) | qdamp (1/Å) | qbroad (1/Å) |\n|---|---|---|---|---|\n");
    for (int rmax = 20; rmax <= 60; rmax += 10) {
        deepstruc_calibrate_settings settings = deepstruc_calibrate_settings_default();
        deepstruc_calibration *c;
        deepstruc_diag diag;
        double esd[3], value[3];
        settings.fit_rmax = rmax;
        if (deepstruc_calibrate(&c, pdf, &settings, &diag))
            stop(&diag);
        static const char *const names[] = {"a", "qdamp", "qbroad"};
        for (int k = 0; k < 3; k++)
            value[k] = deepstruc_calibration_value(c, names[k], &esd[k]);
        printf("| %d | %.4f | %.5f ± %.5f | %.4f ± %.4f | %.4f ± %.4f |\n", rmax, c->rw, value[0], esd[0], value[1],
               esd[1], value[2], esd[2]);
        deepstruc_calibration_destroy(c);
    }
    deepstruc_pdf_destroy(pdf);
}

/* ---- libdiffpy's curves ------------------------------------------------------------------------------------------ */

typedef struct {
    const char *name, *refine;
    double qmin, qmax, qdamp, qbroad, delta1, delta2, biso;
} parameter_set;

typedef struct {
    const char *name;
    double truth, sum, square, largest;
} recovered;

static void add(recovered *r, double value)
{
    r->sum += value - r->truth;
    r->square += (value - r->truth) * (value - r->truth);
    r->largest = fmax(r->largest, fabs(value - r->truth));
}

static void refine_set(const parameter_set *set)
{
    enum { LEAST_ATOMS = 13, N_VALUES = 5 };
    recovered value[N_VALUES] = {{.name = "biso", .truth = set->biso},
                                 {.name = "qdamp", .truth = set->qdamp},
                                 {.name = "qbroad", .truth = set->qbroad},
                                 {.name = "delta1", .truth = set->delta1},
                                 {.name = "delta2", .truth = set->delta2}};
    char path[512], line[1024];
    snprintf(path, sizeof path, "%s/oracle/manifest.csv", shared);
    FILE *manifest = fopen(path, "r");
    int n = 0;
    double expansion = 0, rw = 0, rw_standard = 0;
    if (!manifest) {
        fprintf(stderr, "bench_physics: %s: cannot be read\n", path);
        exit(1);
    }
    while (fgets(line, sizeof line, manifest)) {
        char gr[160], fq[160], xyz[160], element[8], name[8];
        int n_atoms;
        if (sscanf(line, "%159[^,],%159[^,],%159[^,],%d,%7[^,],%7[^,]", gr, fq, xyz, &n_atoms, element, name) != 6 ||
            strcmp(name, set->name) != 0 || n_atoms < LEAST_ATOMS) /* rows of the coarse grid have no fq */
            continue;
        deepstruc_pdf *pdf = read_pdf("oracle/%s", gr);
        deepstruc_cluster *cluster;
        deepstruc_diag diag;
        snprintf(path, sizeof path, "%s/oracle/%s", shared, xyz);
        if (deepstruc_cluster_read_xyz(&cluster, path, &diag))
            stop(&diag);
        deepstruc_refine_settings settings = deepstruc_refine_settings_default();
        settings.qmin = set->qmin;
        settings.qmax = set->qmax;
        settings.fit_rmax = 28;
        settings.refine = set->refine;
        deepstruc_fit standard, fit = fit_of(pdf, cluster, &settings, &standard);
        add(&value[0], fit.biso);
        for (int k = 1; k < N_VALUES; k++)
            if (term_of(&fit, value[k].name))
                add(&value[k], term_of(&fit, value[k].name)->value);
        expansion = fmax(expansion, fabs(fit.expansion - 1));
        rw += fit.rw;
        rw_standard += standard.rw;
        n++;
        deepstruc_cluster_destroy(cluster);
        deepstruc_pdf_destroy(pdf);
    }
    fclose(manifest);
    printf("| %s, Q %g–%g | %d | %.3f → %.4f | %.5f |", set->name, set->qmin, set->qmax, n, rw_standard / n, rw / n,
           expansion);
    for (int k = 0; k < N_VALUES; k++)
        if (k == 0 || value[k].truth > 0)
            printf(" %s %g: %+.4f ± %.4f;", value[k].name, value[k].truth, value[k].sum / n, sqrt(value[k].square / n));
    printf(" |\n");
}

static void oracle(void)
{
    static const parameter_set sets[] = {{"P1", "qdamp,delta2", 0.7, 25, 0.04, 0, 0, 2, 0.3},
                                         {"P3", "qdamp,qbroad,delta1", 2, 28, 0.02, 0.01, 1, 0, 0.1},
                                         {"P2", "qdamp,qbroad,delta2", 0, 12, 0.06, 0.03, 0, 5, 1.5}};
    printf("\n## The same structure, data and settings as diffpy-cmi\n\n"
           "PDFs that libdiffpy's DebyePDFCalculator made of clusters of 13 to 2,927 atoms, with known parameters; "
           "each cluster is refined\n"
           "against its own PDF (1.5 to 28 Å, Q range given, scale, expansion, Biso and the parameters of the last "
           "column free). Rw of\n"
           "the 3-parameter fit → with the terms; the largest error of the expansion; then for each parameter its true "
           "value, and mean\n"
           "and rms of what came back minus that. (`simulate --compat diffpy` gives these curves themselves to 2.4e-9 "
           "of their largest\n"
           "value; here our exact transform is fitted to their grid of F(Q) and straight lines.)\n\n"
           "| set | clusters | Rw | expansion | parameter, truth: mean error ± rms |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        refine_set(&sets[i]);
}

/* ---- what each term brings ----------------------------------------------------------------------------------------
 */

static void sample(const char *file, const char *what, const deepstruc_cluster *cluster, double rmax)
{
    static const char *const terms[] = {
        NULL,     "qdamp", "qbroad", "delta1", "delta2",       "axial",         "shell1",
        "shell2", "size",  "ligand", "broad",  "qdamp,delta2", "delta2,shell1", "delta2,ligand,broad"};
    deepstruc_pdf *pdf = read_pdf("data/experimental/%s", file);
    printf("\n**%s**, %s of %zu atoms, 1.5 to %g Å\n\n| terms | Rw | scale | bond length (Å) | Biso (Å²) | values "
           "|\n|---|---|---|---|---|---|\n",
           file, what, cluster->n_atoms, rmax);
    for (size_t t = 0; t < sizeof terms / sizeof *terms; t++) {
        if (terms[t] && strcmp(terms[t], "axial") == 0 && cluster->type != DEEPSTRUC_TYPE_DECAHEDRON)
            continue;
        deepstruc_refine_settings settings = deepstruc_refine_settings_default();
        settings.fit_rmax = rmax;
        settings.refine = terms[t];
        deepstruc_fit fit = fit_of(pdf, cluster, &settings, NULL);
        printf("| %s | %.4f | %.3f | %.4f%s | %.3f |", terms[t] ? terms[t] : "none: the 3-parameter fit", fit.rw,
               fit.scale, fit.bond_length, isfinite(fit.esd_expansion) ? "" : " (at a bound)", fit.biso);
        for (size_t i = 0; i < fit.n_terms; i++) {
            const deepstruc_term *term = &fit.term[i];
            printf("%s %s %.4g", i ? "," : "", term->name, term->value);
            if (isfinite(term->esd))
                printf(" ± %.2g", term->esd);
            else if (term->at_bound)
                printf(" (at a bound)");
            else if (strcmp(term->name, "broad") != 0)
                printf(" (not determined)");
        }
        printf(" |\n");
    }
    deepstruc_pdf_destroy(pdf);
}

static void measured(void)
{
    printf("\n## What each term brings on measured PDFs\n\n"
           "One structure per sample, that of the published shapes which fits it best; Q range and qdamp as `refine` "
           "chooses them (qdamp\n"
           "0.03: none of the headers has it). A term that lowers Rw is not thereby true: delta2, qdamp and a soft "
           "surface all stand in\n"
           "for disorder that grows outwards. `broad` is given as its rms over that of the curve.\n");
    deepstruc_cluster *decahedron = build(deepstruc_recipe_decahedron(4, 2, 0), 2.86),
                      *small = build(deepstruc_recipe_octahedron(6, 0), 2.775),
                      *large = build(deepstruc_recipe_octahedron(7, 0), 2.775);
    sample("Au144pMBA.gr", "decahedron", decahedron, 20);
    sample("JQ_S3.gr", "octahedron", small, 20);
    sample("JQ_S2.gr", "octahedron", large, 30);
    deepstruc_cluster_destroy(decahedron);
    deepstruc_cluster_destroy(small);
    deepstruc_cluster_destroy(large);
}

/* ---- pulls --------------------------------------------------------------------------------------------------------
 */

/* Noise in F(Q) up to qmax whose standard deviation is proportional to Q^power, of unit rms. */
static void fill_noise(double *out, const deepstruc_target *t, int power, random_stream *stream)
{
    double dq = M_PI / 50, sum = 0;
    memset(out, 0, t->n * sizeof *out);
    for (int k = 1; k * dq <= t->qmax; k++) {
        double f = random_normal(stream) * pow(k * dq, power);
        for (size_t i = 0; i < t->n; i++)
            out[i] += f * sin(k * dq * (t->rmin + (double)i * t->rstep));
    }
    for (size_t i = 0; i < t->n; i++)
        sum += out[i] * out[i] / (double)t->n;
    for (size_t i = 0; i < t->n; i++)
        out[i] /= sqrt(sum);
}

typedef struct {
    double sum, square;
    int n;
} pull;

static void add_pull(pull *p, double value, double truth, double esd)
{
    if (!(esd > 0))
        return;
    double z = (value - truth) / esd;
    p->sum += z;
    p->square += z * z;
    p->n++;
}

/* Data made of a fitted curve with all terms of `refine` in it, so that the truth is in the model. */
static void pulls_of(const char *refine, const deepstruc_cluster *cluster, const deepstruc_pdf *pdf, int n_pdfs)
{
    deepstruc_refine_settings settings = deepstruc_refine_settings_default();
    settings.qmin = 1;
    settings.qmax = 25;
    settings.refine = refine;
    deepstruc_target *target;
    deepstruc_refiner *refiner;
    deepstruc_fit truth, fit;
    deepstruc_diag diag;
    if (deepstruc_target_create(&target, pdf, &settings, &diag) || deepstruc_refiner_create(&refiner, target, &diag))
        stop(&diag);
    double *g = calloc(2 * target->n, sizeof *g), *noise = g + target->n, rms = 0;
    if (!g || deepstruc_refine(refiner, cluster, 1, &truth, NULL, &diag) ||
        deepstruc_refine_terms(refiner, cluster, 1, &truth, NULL, g, &diag))
        stop(&diag);
    for (size_t i = 0; i < target->n; i++)
        rms += g[i] * g[i] / (double)target->n;
    for (int power = 0; power <= 2; power++) {
        pull standard[3] = {{0}}, more[DEEPSTRUC_MAX_TERMS] = {{0}};
        for (int i_pdf = 0; i_pdf < n_pdfs; i_pdf++) {
            random_stream stream;
            random_seed(&stream, (uint64_t)power, (uint64_t)i_pdf);
            fill_noise(noise, target, power, &stream);
            for (size_t i = 0; i < target->n; i++)
                target->g[i] = g[i] + 0.05 * sqrt(rms) * noise[i];
            deepstruc_refiner *fresh;
            if (deepstruc_refiner_create(&fresh, target, &diag) ||
                deepstruc_refine(fresh, cluster, 1, &fit, NULL, &diag) ||
                deepstruc_refine_terms(fresh, cluster, 1, &fit, NULL, NULL, &diag))
                stop(&diag);
            deepstruc_refiner_destroy(fresh);
            add_pull(&standard[0], fit.scale, truth.scale, fit.esd_scale);
            add_pull(&standard[1], fit.expansion, truth.expansion, fit.esd_expansion);
            add_pull(&standard[2], fit.biso, truth.biso, fit.esd_biso);
            for (size_t k = 0; k < fit.n_terms; k++)
                add_pull(&more[k], fit.term[k].value, truth.term[k].value, fit.term[k].esd);
        }
        printf("| %s | %s |", refine, power == 0 ? "white" : power == 1 ? "∝ Q" : "∝ Q²");
        for (int k = 0; k < 3; k++)
            printf(" %.2f |", sqrt(standard[k].square / standard[k].n - pow(standard[k].sum / standard[k].n, 2)));
        for (size_t k = 0; k < truth.n_terms; k++)
            if (more[k].n > 1)
                printf("%s %s %.2f", k ? "," : "", truth.term[k].name,
                       sqrt(more[k].square / more[k].n - pow(more[k].sum / more[k].n, 2)));
        printf(" |\n");
    }
    free(g);
    deepstruc_refiner_destroy(refiner);
    deepstruc_target_destroy(target);
}

static void pulls(void)
{
    enum { N_PDFS = 100 };
    deepstruc_cluster *cluster = build(deepstruc_recipe_decahedron(4, 2, 0), 2.8);
    deepstruc_pdf_settings simulated = deepstruc_pdf_settings_default();
    simulated.qmin = 1;
    simulated.qdamp = 0.05;
    simulated.delta2 = 2.5;
    simulated.biso = 0.7;
    simulated.rmax = 100;
    deepstruc_pdf *pdf;
    deepstruc_diag diag;
    if (deepstruc_pdf_simulate(&pdf, cluster, &simulated, DEEPSTRUC_MODE_EXACT, &diag))
        stop(&diag);
    printf("\n## Standard deviations of the terms\n\n"
           "Standard deviation of the pulls, (fitted − true)/esd, of %d PDFs a row: a decahedron of 85 atoms with "
           "delta2 2.5 Å² and qdamp\n"
           "0.05 1/Å, 5 %% noise in F(Q). 1 is right; each is itself known to 7 %%.\n\n"
           "| terms | noise in F(Q) | scale | expansion | Biso | terms |\n|---|---|---|---|---|---|\n",
           N_PDFS);
    pulls_of("qdamp,delta2", cluster, pdf, N_PDFS);
    pulls_of("delta2,axial", cluster, pdf, N_PDFS);
    pulls_of("delta2,shell1", cluster, pdf, N_PDFS);
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
}

int main(int argc, char **argv)
{
    shared = argc > 1 ? argv[1] : shared;
    printf("# Validation: refinement and calibration\n\n"
           "Printed by `cmake --build --preset release --target bench_physics && build/release/bench/bench_physics >\n"
           "docs/validation-physics.md` (`../shared` beside the checkout holds the data). Symbols and equations: "
           "theory-refine.md.\n\n");
    nickel();
    nickel_ranges();
    oracle();
    measured();
    pulls();
    return 0;
}
