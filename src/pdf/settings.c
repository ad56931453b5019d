#include <float.h>
#include <math.h>

#include "base/diag.h"
#include "pdf/settings.h"

deepstruc_pdf_settings deepstruc_pdf_settings_default(void)
{
    return (deepstruc_pdf_settings){
        .qmin = 0.7, .qmax = 25, .biso = 0.3, .rmin = 0, .rmax = 30, .rstep = 0.01, .scale = 1};
}

#define ROW(field, low, high, unit, help)                                                                              \
    {                                                                                                                  \
#field, DEEPSTRUC_FIELD_DOUBLE, offsetof(deepstruc_pdf_settings, field), low, high, false, unit, help          \
    }
const deepstruc_field deepstruc_pdf_settings_fields[] = {
    ROW(qmin, 0, 50, "1/A", "F(Q) is zero below it"),
    ROW(qmax, 0.5, 100, "1/A", "F(Q) is zero above it"),
    ROW(qdamp, 0, 1, "1/A", "instrument: G is damped by exp(-(qdamp r)^2/2)"),
    ROW(qbroad, 0, 1, "1/A", "instrument: peaks broaden by 1 + (qbroad r)^2"),
    ROW(delta1, 0, 10, "A", "correlated motion: peaks narrow by 1 - delta1/r"),
    ROW(delta2, 0, 100, "A^2", "correlated motion: peaks narrow by 1 - delta2/r^2"),
    ROW(biso, 0, 20, "A^2", "isotropic displacement, 8 pi^2 Uiso"),
    ROW(rmin, 0, 1000, "A", "first r"),
    ROW(rmax, 0.01, 1000, "A", "r ends below it"),
    ROW(rstep, 0.0001, 5, "A", "step of the r-grid"),
    ROW(scale, 0, 1e9, "S", "multiplies G"),
    {0}};
#undef ROW

deepstruc_status settings_check(const deepstruc_pdf_settings *settings, deepstruc_diag *diag)
{
    deepstruc_status status = deepstruc_fields_check(deepstruc_pdf_settings_fields, settings, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (!(settings->qmin < settings->qmax))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "qmin %g is not below qmax %g: raise qmax or lower qmin",
                         settings->qmin, settings->qmax);
    if (!(settings->reach >= 0 && settings->reach <= 1000))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "reach = %g is not within 0 to 1000", settings->reach);
    if (!(settings->rmin < settings->rmax))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "rmin %g is not below rmax %g: raise rmax or lower rmin",
                         settings->rmin, settings->rmax);
    return DEEPSTRUC_OK;
}

/* libdiffpy counts steps with these two; a quotient that is whole up to rounding belongs to the grid's lower end. */
static double steps_up(double value, double step)
{
    return ceil(value / step);
}

static double steps_low(double value, double step)
{
    double up = steps_up(value, step);
    return fabs(value - (up - 1) * step) <= SETTINGS_SAME_PLACE ? up - 1 : up;
}

size_t deepstruc_pdf_grid(const deepstruc_pdf_settings *settings, long *first)
{
    if (settings_check(settings, NULL) != DEEPSTRUC_OK)
        return 0;
    double low = steps_low(settings->rmin, settings->rstep), end = steps_up(settings->rmax, settings->rstep);
    if (first)
        *first = (long)low;
    return end > low ? (size_t)(end - low) : 0;
}

double settings_correction(const deepstruc_pdf_settings *settings, double r)
{
    if (r < DBL_EPSILON)
        return 0;
    double broad = settings->qbroad * r;
    return 1 - settings->delta1 / r - settings->delta2 / (r * r) + broad * broad;
}

/* How far beyond the r-grid pairs still reach into it: termination ripples and the tail of the widest peak, at most 10
 * Å. */
static double extension(const deepstruc_pdf_settings *settings)
{
    const double longest = 10, six_ripples = 12 * M_PI, tail_height = 3.33e-6;
    double at_low = settings_correction(settings, settings->rmin),
           at_high = settings_correction(settings, settings->rmax);
    double widest =
        2 * sqrt(2 * M_LN2) * sqrt(settings->biso * SETTINGS_MSD_PER_BISO) * sqrt(fmax(1, fmax(at_low, at_high)));
    double tail = widest * sqrt(-log(tail_height) / (4 * M_LN2));
    return fmin(longest, six_ripples / settings->qmax + tail);
}

deepstruc_status settings_make_grid(settings_grid *out, const deepstruc_pdf_settings *settings, deepstruc_diag *diag)
{
    settings_grid grid = {.rstep = settings->rstep};
    grid.n_points = deepstruc_pdf_grid(settings, &grid.first);
    double beyond = extension(settings);
    double low = fmax(0, steps_low(settings->rmin - beyond, settings->rstep));
    double high = fmax(steps_up(settings->rmax + beyond, settings->rstep), steps_low(settings->reach, settings->rstep));
    if (!(high <= DEEPSTRUC_MAX_POINTS) || grid.n_points == 0)
        return diag_fail(diag, grid.n_points ? DEEPSTRUC_TOO_LARGE : DEEPSTRUC_BAD_ARGUMENT,
                         "rmin %g to rmax %g in steps of %g gives %.0f points: wants 1 to %d", settings->rmin,
                         settings->rmax, settings->rstep, grid.n_points ? high : 0.0, DEEPSTRUC_MAX_POINTS);
    grid.n_low = (long)low;
    grid.n_high = (long)high;
    grid.r_low = low * settings->rstep;
    grid.r_high = high * settings->rstep;
    grid.qstep = settings->qmax * grid.r_high / M_PI > 4 ? M_PI / grid.r_high : settings->qmax / 4;
    settings_refine_q(&grid, settings, 1);
    *out = grid;
    return DEEPSTRUC_OK;
}

void settings_refine_q(settings_grid *grid, const deepstruc_pdf_settings *settings, int finer)
{
    grid->qstep /= finer;
    double n_q = steps_up(settings->qmax, grid->qstep), k_min = fmax(0, steps_low(settings->qmin, grid->qstep));
    grid->n_q = (size_t)n_q;
    grid->k_min = (size_t)fmin(k_min, n_q);
}

double settings_cell(const deepstruc_pdf_settings *settings, const settings_grid *grid, size_t k)
{
    double low = (double)k - 0.5, high = (double)k + 0.5;
    if (k == grid->k_min && settings->qmin > 0)
        low = settings->qmin / grid->qstep;
    if (k + 1 == grid->n_q)
        high = settings->qmax / grid->qstep;
    return high - low;
}
