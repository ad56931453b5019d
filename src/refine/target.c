/* What a fit sees, made from a PDF and settings. */
#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "pdf/peaks.h"
#include "pdf/settings.h"
#include "refine/refiner.h"
#include "refine/target.h"
#include "refine/terms.h"

static const double default_rmax = 20, default_qdamp = 0.03, default_qdamp_esd = 0.015, largest_step = 0.1;
/* Å: to there data make F(Q) finer. Further out costs time, and the ripple has died down. */
static const double finest_rmax = 36;
/* Below this qmin, 1/Å, F is steep where it is cut, and the ripple far stronger: F(Q) is taken as fine as to here, Å.
 * With more terms it is as fine anyway. */
static const double small_angles = 0.5, small_angle_reach = 72;
/* With terms that the ripple of the cut at qmin can be mistaken for (qdamp, delta2), F(Q) is taken finer than the
 * engine takes it: simulated data of 85 atoms then fit with Rw 0.002 instead of 0.02. */
enum { finer_q = 3 };
enum { MIN_POINTS = 20 }; /* fewer points than this cannot carry a fit of three parameters */

static deepstruc_status check_settings(const deepstruc_refine_settings *settings, deepstruc_diag *diag)
{
    deepstruc_status status = deepstruc_fields_check(deepstruc_refine_settings_fields, settings, diag);
    if (status)
        return status;
    if (!(settings->biso_min < settings->biso_max))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "biso-min = %g must be less than biso-max = %g",
                         settings->biso_min, settings->biso_max);
    if (settings->fit_rmax <= settings->fit_rmin)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "fit-rmin = %g must be less than fit-rmax = %g",
                         settings->fit_rmin, settings->fit_rmax);
    if (settings->qmax <= settings->qmin)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "qmin = %g must be less than qmax = %g", settings->qmin,
                         settings->qmax);
    return DEEPSTRUC_OK;
}

static deepstruc_status choose_qdamp(deepstruc_target *target, const deepstruc_pdf *pdf, double given)
{
    if (!isnan(given)) {
        target->qdamp = given;
        return DEEPSTRUC_OK;
    }
    if (pdf->qdamp >= 0 && pdf->qdamp <= 0.5) {
        target->qdamp = pdf->qdamp;
        return DEEPSTRUC_OK;
    }
    target->qdamp = default_qdamp;
    target->qdamp_esd = default_qdamp_esd;
    return notes_add(&target->assumed, "qdamp=%g: not in the header", default_qdamp);
}

/* The range that is asked for, cut to the data; says so where the data cut it at the start. */
static deepstruc_status choose_range(deepstruc_target *target, const deepstruc_pdf *pdf,
                                     const deepstruc_refine_settings *settings, double *low, double *high,
                                     deepstruc_diag *diag)
{
    double first = pdf->r[0], last = pdf->r[pdf->n_points - 1];
    *low = settings->fit_rmin;
    *high = isnan(settings->fit_rmax) ? fmin(default_rmax, last) : settings->fit_rmax;
    if (*low < first) {
        if (notes_add(&target->assumed, "fit-rmin=%g: the data start there", first))
            return diag_no_memory(diag);
        *low = first;
    }
    if (*high > last) {
        if (notes_add(&target->assumed, "fit-rmax=%g: the data end there", last))
            return diag_no_memory(diag);
        *high = last;
    }
    return DEEPSTRUC_OK;
}

/* dG at r by linear interpolation between the points of the file. */
static double interpolate_dg(const deepstruc_pdf *pdf, double r, size_t *hint)
{
    size_t i = *hint;
    while (i + 2 < pdf->n_points && pdf->r[i + 1] < r)
        i++;
    *hint = i;
    double t = (r - pdf->r[i]) / (pdf->r[i + 1] - pdf->r[i]);
    t = fmin(fmax(t, 0), 1);
    return pdf->dg[i] + t * (pdf->dg[i + 1] - pdf->dg[i]);
}

static void fill_weights(deepstruc_target *target, const deepstruc_pdf *pdf)
{
    for (size_t i = 0; i < target->n; i++)
        target->weight[i] = 1;
    if (!pdf->dg || pdf->n_points < 2)
        return;
    size_t hint = 0;
    for (size_t i = 0; i < target->n; i++) {
        double dg = interpolate_dg(pdf, target->rmin + (double)i * target->rstep, &hint), weight = 1 / (dg * dg);
        if (!(dg > 0 &&
              isfinite(weight))) { /* the reader lets only real ones through; a hand-made PDF may hold others */
            for (size_t j = 0; j < i; j++)
                target->weight[j] = 1;
            return;
        }
        target->weight[i] = weight;
    }
    target->weighted = true;
}

deepstruc_pdf_settings target_engine_settings(const deepstruc_target *target)
{
    deepstruc_pdf_settings engine = deepstruc_pdf_settings_default();
    engine.qmin = target->qmin;
    engine.qmax = target->qmax;
    engine.qdamp = target->qdamp;
    engine.rmin = target->rmin;
    engine.rstep = target->rstep;
    engine.rmax = target->rmin + ((double)target->n - 0.5) * target->rstep; /* rmax itself is not on the grid */
    engine.reach = target->reach;
    return engine;
}

/* What simulates, and how far it reaches. */
static deepstruc_status make_engine(deepstruc_target *target, deepstruc_diag *diag)
{
    deepstruc_pdf_settings settings = target_engine_settings(target);
    settings_grid grid;
    deepstruc_engine *engine = NULL;
    deepstruc_band *band = NULL;
    deepstruc_status status = settings_make_grid(&grid, &settings, diag);
    if (!status)
        status = deepstruc_engine_create(&engine, &settings, diag);
    if (!status && target->terms)
        status = peaks_band_create(&band, &settings, PEAKS_ANY_WIDTH, finer_q, diag);
    if (status) {
        deepstruc_engine_destroy(engine);
        return status;
    }
    deepstruc_engine_destroy(target->engine);
    peaks_band_destroy(target->band);
    target->engine = engine;
    target->band = band;
    target->reach = grid.r_high;
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_target_set_reach(deepstruc_target *target, double reach, deepstruc_diag *diag)
{
    double before = target->reach;
    target->reach = reach;
    deepstruc_status status = make_engine(target, diag);
    if (status)
        target->reach = before;
    return status;
}

/* As far as a simulation of all the data would reach: F(Q) is then as fine as there. On a coarser grid the ripple of
 * the cut at qmin repeats within the fit range. */
static deepstruc_status reach_of_data(deepstruc_target *target, const deepstruc_pdf *pdf, deepstruc_diag *diag)
{
    deepstruc_pdf_settings whole = target_engine_settings(target);
    settings_grid grid;
    whole.rmax = fmax(whole.rmax, fmin(pdf->r[pdf->n_points - 1], finest_rmax));
    whole.reach = target->qmin < small_angles && !target->terms ? small_angle_reach : 0;
    deepstruc_status status = settings_make_grid(&grid, &whole, diag);
    if (!status)
        target->reach = grid.r_high;
    return status;
}

/* Grid, engine and data of the chosen ranges. */
static deepstruc_status fill(deepstruc_target *target, const deepstruc_pdf *pdf,
                             const deepstruc_refine_settings *settings, double low, double high, deepstruc_diag *diag)
{
    double step = target->rstep = fmin(largest_step, M_PI / target->qmax);
    /* Multiples of rstep from low to high, both included; the engine leaves its rmax out. The tolerance is far below a
     * grid step and far above rounding. */
    double tolerance = 1e-6 * step;
    long i_first = (long)ceil((low - tolerance) / step), i_last = (long)floor((high + tolerance) / step);
    long n_points = i_last < i_first ? 0 : i_last - i_first + 1;
    if (n_points < MIN_POINTS)
        return diag_fail_at(
            diag, DEEPSTRUC_BAD_INPUT, pdf->file, 0,
            "the data, %g to %g Å, have %ld points in the fit range and the fit wants %d: set --fit-rmin "
            "and --fit-rmax, or measure further",
            pdf->r[0], pdf->r[pdf->n_points - 1], n_points, MIN_POINTS);
    target->n = (size_t)n_points;
    target->rmin = (double)i_first * step;

    target->g = memory_aligned(target->n, sizeof *target->g);
    target->weight = memory_aligned(target->n, sizeof *target->weight);
    if (!target->g || !target->weight)
        return diag_no_memory(diag);
    deepstruc_status status =
        deepstruc_pdf_resample(pdf, target->rmin, target->rstep, target->n, target->qmax, target->g, diag);
    if (status)
        return status;
    double sum = 0;
    for (size_t i = 0; i < target->n; i++)
        sum += target->g[i] * target->g[i];
    if (!(sum > 0 && isfinite(sum)))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, pdf->file, 0,
                            "G is zero or not a number all over the fit range, "
                            "%g to %g Å; nothing can be fitted there",
                            low, high);
    fill_weights(target, pdf);
    status = terms_parse(&target->terms, settings, target, diag);
    if (!status)
        status = reach_of_data(target, pdf, diag);
    return status ? status : make_engine(target, diag);
}

deepstruc_status deepstruc_target_create(deepstruc_target **out, const deepstruc_pdf *pdf,
                                         const deepstruc_refine_settings *settings, deepstruc_diag *diag)
{
    deepstruc_status status = check_settings(settings, diag);
    if (status)
        return status;
    deepstruc_target *target = memory_zeroed(1, sizeof *target);
    if (!target)
        return diag_no_memory(diag);
    target->expansion_range = settings->expansion_range;
    target->biso_min = settings->biso_min;
    target->biso_max = settings->biso_max;
    double low, high;
    status = choose_qdamp(target, pdf, settings->qdamp) ? diag_no_memory(diag) : DEEPSTRUC_OK;
    if (!isnan(settings->qdamp_esd))
        target->qdamp_esd = settings->qdamp_esd;
    if (!status)
        status = deepstruc_pdf_choose_q(pdf, settings->qmin, settings->qmax, &target->qmin, &target->qmax,
                                        &target->assumed, diag);
    if (!status)
        status = choose_range(target, pdf, settings, &low, &high, diag);
    if (!status)
        status = fill(target, pdf, settings, low, high, diag);
    if (status) {
        deepstruc_target_destroy(target);
        return status;
    }
    *out = target;
    return DEEPSTRUC_OK;
}

void deepstruc_target_destroy(deepstruc_target *target)
{
    if (!target)
        return;
    deepstruc_engine_destroy(target->engine);
    peaks_band_destroy(target->band);
    free(target->terms);
    notes_clear(&target->assumed);
    free(target->g);
    free(target->weight);
    free(target);
}
