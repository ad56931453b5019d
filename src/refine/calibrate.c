#include <deepstruc/calibrate.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "pdf/crystal.h"
#include "pdf/peaks.h"
#include "refine/least_squares.h"

#define FIELD(name, kind, field, low, high, optional, metavar, help)                                                   \
    {                                                                                                                  \
        name, kind, offsetof(deepstruc_calibrate_settings, field), low, high, optional, metavar, help                  \
    }
const deepstruc_field deepstruc_calibrate_settings_fields[] = {
    FIELD("standard", DEEPSTRUC_FIELD_TEXT, standard, 0, 0, true, "NAME",
          "Ni, CeO2, Si, LaB6, Au, ...; else from the header"),
    FIELD("fit-rmin", DEEPSTRUC_FIELD_DOUBLE, fit_rmin, 0.1, 1000, false, "R", "start of the fit range, Å"),
    FIELD("fit-rmax", DEEPSTRUC_FIELD_DOUBLE, fit_rmax, 5, 150, true, "R",
          "end of the fit range, Å; else 60 or the end of the data"),
    FIELD("qmax", DEEPSTRUC_FIELD_DOUBLE, qmax, 3, 100, true, "Q",
          "Qmax of the data, 1/Å; else from the data and the header"),
    FIELD("refine", DEEPSTRUC_FIELD_TEXT, refine, 0, 0, false, "LIST",
          "of a, biso, delta1, delta2, qdamp, qbroad: what is free"),
    {0}};
#undef FIELD

deepstruc_calibrate_settings deepstruc_calibrate_settings_default(void)
{
    return (deepstruc_calibrate_settings){
        .fit_rmin = 1.5, .fit_rmax = NAN, .qmax = NAN, .refine = "a,biso,delta2,qdamp,qbroad"};
}

/* Å: the lattice is summed this much beyond the fit range and fades out over the last part of it, so that no edge is
 * seen from within the range. */
static const double BEYOND = 8, FADE = 4, DEFAULT_RMAX = 60, LEAST_SPAN = 10;
static const double SCALE_ROOM = 5; /* of the scale that fits the start best */
static const double A_ROOM = 0.02;  /* of the tabulated lattice constant: temperature, wavelength, impurities */

/* X(constant, name, unit, start, low, high) */
#define PARAMETERS(X)                                                                                                  \
    X(SCALE, "scale", "", 1, 0, 1e3)                                                                                   \
    X(A, "a", "Å", 0, 0, 0)                                                                                            \
    X(BISO, "biso", "Å²", 0.5, 0.02, 5)                                                                                \
    X(BISO_2, "biso-2", "Å²", 0.7, 0.02, 8)                                                                            \
    X(DELTA1, "delta1", "Å", 0, 0, 1.5)                                                                                \
    X(DELTA2, "delta2", "Å²", 0, 0, 5)                                                                                 \
    X(QDAMP, "qdamp", "1/Å", 0.03, 0, 0.15)                                                                            \
    X(QBROAD, "qbroad", "1/Å", 0.01, 0, 0.1)
typedef enum {
#define X(constant, ...) P_##constant,
    PARAMETERS(X)
#undef X
        P_N
} parameter;
static const struct {
    const char *name, *unit;
    double start, low, high;
} table[P_N] = {
#define X(constant, ...) {__VA_ARGS__},
    PARAMETERS(X)
#undef X
};

typedef struct {
    const crystal_standard *standard;
    crystal_shells shells;
    peaks_band *band;
    peaks_work work;
    size_t n, n_band;  /* points of the fit, of the band */
    double value[P_N]; /* of those that are not free */
    size_t n_free;
    parameter free[P_N];
    double *nodes, *curve[P_N + 1];
} bulk_model;

/* ---- the curve of a crystal ------------------------------------------------------------------------------------- */

/* Peaks of R(r) and, per column, their derivatives by the free parameters. */
static void add_shells(bulk_model *m, const double *v)
{
    double biso_of[3] = {v[P_BISO], (v[P_BISO] + v[P_BISO_2]) / 2, v[P_BISO_2]};
    double last = peaks_reach(m->band) + 3; /* tails of what lies beyond reach in */
    for (size_t s = 0; s < m->shells.n; s++) {
        const crystal_shell *shell = &m->shells.shell[s];
        double r = v[P_A] * shell->distance, u = biso_of[shell->pair] * SETTINGS_MSD_PER_BISO;
        if (r > last)
            break;
        double c = 1 - v[P_DELTA1] / r - v[P_DELTA2] / (r * r) + v[P_QBROAD] * v[P_QBROAD] * r * r;
        double dc = v[P_DELTA1] / (r * r) + 2 * v[P_DELTA2] / (r * r * r) + 2 * v[P_QBROAD] * v[P_QBROAD] * r;
        c = fmax(c, 0.05); /* the bounds of the deltas keep it there */
        double first = shell->pair == 0 ? 1 : shell->pair == 1 ? 0.5 : 0;
        peaks_peak slope[P_N];
        for (size_t k = 0; k < m->n_free; k++) {
            const peaks_peak by[P_N] = {[P_A] = {0, shell->distance, u * dc * shell->distance},
                                        [P_BISO] = {0, 0, first * SETTINGS_MSD_PER_BISO * c},
                                        [P_BISO_2] = {0, 0, (1 - first) * SETTINGS_MSD_PER_BISO * c},
                                        [P_DELTA1] = {0, 0, -u / r},
                                        [P_DELTA2] = {0, 0, -u / (r * r)},
                                        [P_QBROAD] = {0, 0, 2 * u * v[P_QBROAD] * r * r}};
            slope[k] = by[m->free[k]];
        }
        peaks_add(m->band, m->nodes, m->n_free + 1, &(peaks_peak){shell->weight, r, u * c}, slope);
    }
}

/* R(r) becomes R(r)/r - 4 pi r rho0 on the nodes; it fades out at the end. */
static void finish_nodes(bulk_model *m, const double *v)
{
    double end = peaks_reach(m->band), a = v[P_A], density = m->shells.density / (a * a * a);
    size_t n_columns = m->n_free + 1;
    for (size_t j = 0; j < peaks_n_nodes(m->band); j++) {
        double *node = m->nodes + j * n_columns, r = peaks_node(m->band, j), slope = 4 * M_PI * r * density;
        double kept = r <= 0 || r >= end ? 0 : r > end - FADE ? pow(sin(M_PI / 2 * (end - r) / FADE), 2) : 1;
        for (size_t c = 0; c < n_columns; c++)
            node[c] = kept > 0 ? kept * node[c] / r : 0;
        node[0] -= kept * slope;
        for (size_t k = 0; k < m->n_free; k++)
            if (m->free[k] == P_A)
                node[k + 1] += kept * 3 * slope / a;
    }
}

static void evaluate(void *user, const double *x, double *g, double *const *columns)
{
    bulk_model *m = user;
    double v[P_N];
    memcpy(v, m->value, sizeof v);
    for (size_t k = 0; k < m->n_free; k++)
        v[m->free[k]] = x[k];
    if (m->standard->n_species == 1)
        v[P_BISO_2] = v[P_BISO];
    memset(m->nodes, 0, peaks_n_nodes(m->band) * (m->n_free + 1) * sizeof *m->nodes);
    add_shells(m, v);
    finish_nodes(m, v);
    peaks_curves(m->band, &m->work, m->nodes, m->n_free + 1, m->curve);
    for (size_t i = 0; i < m->n; i++) {
        double r = peaks_r(m->band, i), envelope = exp(-(v[P_QDAMP] * r) * (v[P_QDAMP] * r) / 2);
        double curve = envelope * m->curve[0][i];
        g[i] = v[P_SCALE] * curve;
        for (size_t k = 0; k < m->n_free && columns; k++)
            columns[k][i] = m->free[k] == P_SCALE   ? curve
                            : m->free[k] == P_QDAMP ? -v[P_QDAMP] * r * r * g[i]
                                                    : v[P_SCALE] * envelope * m->curve[k + 1][i];
    }
}

/* ---- what is asked ---------------------------------------------------------------------------------------------- */

void deepstruc_calibrate_standards(char *out, size_t size)
{
    out[0] = '\0';
    for (size_t i = 0; crystal_nth(i); i++)
        text_append(out, size, "%s%s", i ? ", " : "", crystal_nth(i)->name);
}

/* The composition as the standards are written: "Ce1 O2" is CeO2. */
static const crystal_standard *by_composition(const deepstruc_pdf *pdf)
{
    for (size_t i = 0; crystal_nth(i); i++) {
        const crystal_standard *s = crystal_nth(i);
        char formula[32] = "";
        if ((size_t)s->n_species != pdf->n_elements)
            continue;
        for (int k = 0; k < s->n_species; k++) {
            double ratio = pdf->elements[k].amount / pdf->elements[0].amount;
            text_append(formula, sizeof formula, "%s", pdf->elements[k].symbol);
            if (ratio != 1)
                text_append(formula, sizeof formula, "%g", ratio);
        }
        if (strcmp(formula, s->name) == 0)
            return s;
    }
    return NULL;
}

static deepstruc_status choose_standard(const crystal_standard **out, const deepstruc_pdf *pdf, const char *name,
                                        deepstruc_diag *diag)
{
    *out = name ? crystal_find(name) : by_composition(pdf);
    if (*out)
        return DEEPSTRUC_OK;
    char names[200];
    deepstruc_calibrate_standards(names, sizeof names);
    if (name)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "no standard '%s'; there are %s", name, names);
    return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, pdf->file, 0,
                        "the composition '%s' is not that of a standard; name one with --standard: %s",
                        pdf->composition, names);
}

static deepstruc_status choose_free(bulk_model *m, const char *list, deepstruc_diag *diag)
{
    bool free[P_N] = {[P_SCALE] = true};
    for (int p = 0; p < P_N; p++)
        m->value[p] = table[p].start;
    m->value[P_A] = m->standard->a;
    m->value[P_QBROAD] = 0;
    m->value[P_QDAMP] = 0;
    while (*list) {
        size_t length = strcspn(list, ",");
        int found = -1;
        for (int p = 0; p < P_N; p++)
            if (strlen(table[p].name) == length && strncmp(table[p].name, list, length) == 0)
                found = p;
        if (found < 0)
            return diag_fail(
                diag, DEEPSTRUC_BAD_ARGUMENT,
                "refine: no parameter '%.*s' of a standard; there are a, biso, delta1, delta2, qdamp, qbroad",
                (int)(length < 40 ? length : 40), list);
        free[found] = true;
        list += length + (list[length] == ',');
    }
    free[P_BISO_2] = free[P_BISO] && m->standard->n_species == 2;
    for (int p = 0; p < P_N; p++)
        if (free[p])
            m->free[m->n_free++] = (parameter)p;
    return DEEPSTRUC_OK;
}

static deepstruc_status make_model(bulk_model *m, const deepstruc_target *target, char radiation, deepstruc_diag *diag)
{
    deepstruc_pdf_settings band = deepstruc_pdf_settings_default();
    band.qmin = 0;
    band.qmax = target->qmax;
    band.rstep = target->rstep;
    band.rmin = target->rmin;
    band.rmax = target->rmin + ((double)target->n - 0.5) * target->rstep + BEYOND;
    deepstruc_status status = peaks_band_create(&m->band, &band, PEAKS_BROAD, 1, diag);
    if (status)
        return status;
    m->n = target->n;
    m->n_band = peaks_n_points(m->band);
    status = crystal_shells_make(&m->shells, m->standard, radiation,
                                 (peaks_reach(m->band) + 3) / ((1 - A_ROOM) * m->standard->a), diag);
    m->nodes = memory_aligned(peaks_n_nodes(m->band) * (P_N + 1), sizeof *m->nodes);
    m->curve[0] = memory_aligned(m->n_band * (P_N + 1), sizeof *m->curve[0]);
    if (!status && (!m->nodes || !m->curve[0]))
        status = diag_no_memory(diag);
    for (size_t c = 1; c <= P_N; c++)
        m->curve[c] = m->curve[0] + c * m->n_band;
    return status ? status : peaks_work_create(&m->work, m->band, diag);
}

static void clear_model(bulk_model *m)
{
    crystal_shells_clear(&m->shells);
    peaks_band_destroy(m->band);
    peaks_work_destroy(&m->work);
    free(m->nodes);
    free(m->curve[0]);
}

/* ---- the fit ---------------------------------------------------------------------------------------------------- */

static void set_start(lsq_problem *p, const bulk_model *m)
{
    double nearest = m->standard->a * m->shells.shell[0].distance;
    for (size_t k = 0; k < m->n_free; k++) {
        parameter id = m->free[k];
        p->low[k] = table[id].low;
        p->high[k] = table[id].high;
        p->x[k] = table[id].start;
        if (id == P_A) {
            p->x[k] = m->standard->a;
            p->low[k] = (1 - A_ROOM) * m->standard->a;
            p->high[k] = (1 + A_ROOM) * m->standard->a;
        } else if (id == P_DELTA1) {
            p->high[k] = 0.4 * nearest; /* with delta2 at its bound, 0.1 of the width is left */
            p->x[k] = 0.1 * nearest;
        } else if (id == P_DELTA2) {
            p->high[k] = 0.5 * nearest * nearest;
            p->x[k] = 0.2 * nearest * nearest;
        }
    }
    /* the scale (the first) starts at its best, and has a range of its own order */
    double data = 0, curve = 0;
    p->x[0] = 1;
    p->evaluate(p->user, p->x, p->g, NULL);
    for (size_t i = 0; i < p->n; i++) {
        double w = p->root_weight[i] * p->root_weight[i];
        data += w * p->y[i] * p->g[i];
        curve += w * p->g[i] * p->g[i];
    }
    p->x[0] = fmax(data / curve, 1e-6);
    p->high[0] = SCALE_ROOM * p->x[0];
}

static deepstruc_status take_result(deepstruc_calibration *c, const bulk_model *m, const lsq_problem *p,
                                    const deepstruc_target *target, deepstruc_diag *diag)
{
    c->n = m->n;
    c->g = memory_zeroed(2 * m->n, sizeof *c->g);
    if (!c->g)
        return diag_no_memory(diag);
    c->gcalc = c->g + m->n;
    memcpy(c->g, target->g, m->n * sizeof *c->g);
    memcpy(c->gcalc, p->g, m->n * sizeof *c->gcalc);
    c->rmin = target->rmin;
    c->rstep = target->rstep;
    c->qmax = target->qmax;
    c->rw = p->rw;
    for (size_t k = 0; k < m->n_free; k++) {
        c->term[k] =
            (deepstruc_term){table[m->free[k]].name, table[m->free[k]].unit, p->x[k], p->esd[k], true, p->at_bound[k]};
        c->textbook[k] = p->textbook[k];
    }
    c->n_terms = m->n_free;
    text_copy(c->standard, sizeof c->standard, m->standard->name);
    text_copy(c->lattice, sizeof c->lattice, m->standard->lattice);
    for (size_t i = 0; i < target->assumed.n; i++) /* what a bulk fit has no use for is not told */
        if (strncmp(target->assumed.text[i], "qmin", 4) != 0 && strncmp(target->assumed.text[i], "qdamp", 5) != 0 &&
            notes_add(&c->assumed, "%s", target->assumed.text[i]))
            return diag_no_memory(diag);
    return DEEPSTRUC_OK;
}

static deepstruc_status fit(deepstruc_calibration *c, bulk_model *m, const deepstruc_target *target,
                            deepstruc_diag *diag)
{
    double *root_weight = memory_zeroed(target->n, sizeof *root_weight);
    lsq_problem p = {.n = target->n,
                     .n_parameters = m->n_free,
                     .y = target->g,
                     .root_weight = root_weight,
                     .rstep = target->rstep,
                     .evaluate = evaluate,
                     .user = m};
    deepstruc_status status = root_weight ? lsq_begin(&p, diag) : diag_no_memory(diag);
    if (!status) {
        for (size_t i = 0; i < target->n; i++)
            root_weight[i] = sqrt(target->weight[i]);
        set_start(&p, m);
        c->converged = lsq_run(&p);
        status = take_result(c, m, &p, target, diag);
    }
    if (!status && !isfinite(c->rw))
        status = diag_fail(diag, DEEPSTRUC_NUMERIC, "the fit of the standard left the finite numbers");
    lsq_end(&p);
    free(root_weight);
    return status;
}

static deepstruc_status make_target(deepstruc_target **out, const deepstruc_pdf *pdf,
                                    const deepstruc_calibrate_settings *settings, deepstruc_diag *diag)
{
    double last = pdf->r[pdf->n_points - 1];
    deepstruc_refine_settings refine = deepstruc_refine_settings_default();
    refine.fit_rmin = settings->fit_rmin;
    refine.fit_rmax = isnan(settings->fit_rmax) ? fmin(DEFAULT_RMAX, last) : settings->fit_rmax;
    refine.qmax = settings->qmax;
    refine.qmin = 0.5; /* a bulk crystal scatters nothing below its first peak: where the data begin changes nothing */
    if (!(refine.fit_rmax - refine.fit_rmin >= LEAST_SPAN))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, pdf->file, 0,
                            "%g to %g Å is too short to tell damping from broadening; give %g Å or more",
                            refine.fit_rmin, refine.fit_rmax, LEAST_SPAN);
    return deepstruc_target_create(out, pdf, &refine, diag);
}

deepstruc_status deepstruc_calibrate(deepstruc_calibration **out, const deepstruc_pdf *pdf,
                                     const deepstruc_calibrate_settings *settings, deepstruc_diag *diag)
{
    bulk_model m = {0};
    deepstruc_target *target = NULL;
    deepstruc_calibration *c = memory_zeroed(1, sizeof *c);
    if (!c)
        return diag_no_memory(diag);
    c->radiation = pdf->radiation == 'n' ? 'n' : 'x';
    deepstruc_status status = deepstruc_fields_check(deepstruc_calibrate_settings_fields, settings, diag);
    if (!status)
        status = choose_standard(&m.standard, pdf, settings->standard, diag);
    if (!status)
        status = choose_free(&m, settings->refine, diag);
    if (!status)
        status = make_target(&target, pdf, settings, diag);
    if (!status)
        status = make_model(&m, target, c->radiation, diag);
    if (!status)
        status = fit(c, &m, target, diag);
    clear_model(&m);
    deepstruc_target_destroy(target);
    if (status)
        deepstruc_calibration_destroy(c);
    else
        *out = c;
    return status;
}

void deepstruc_calibration_destroy(deepstruc_calibration *calibration)
{
    if (!calibration)
        return;
    free(calibration->g);
    notes_clear(&calibration->assumed);
    free(calibration);
}

double deepstruc_calibration_value(const deepstruc_calibration *calibration, const char *name, double *esd)
{
    for (size_t i = 0; i < calibration->n_terms; i++)
        if (strcmp(calibration->term[i].name, name) == 0) {
            if (esd)
                *esd = calibration->term[i].esd;
            return calibration->term[i].value;
        }
    return NAN;
}
