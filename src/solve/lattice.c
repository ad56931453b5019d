#include "solve/lattice.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "solve/lattice_shells.h"

/* ---- the curve of a lattice -------------------------------------------------------------------------------------- */

static const double KERNEL_STEP =
    0.01; /* Å; K is read off its table linearly: error below (qmax step)^2 / 8 = 1 % of K */
static const double KERNEL_REACH = 6.0; /* Å: beyond, the damped termination ripples of a peak are under 1 % of it */

typedef struct {
    const deepstruc_target *target;
    size_t n_kernel;
    double *kernel; /* K(i * KERNEL_STEP), i < n_kernel */
} lattice_workspace;

/* Fills the kernel table for one Biso, by the trapezoidal rule in Q from 0. */
static void kernel_fill(lattice_workspace *w, double biso)
{
    enum { N_Q = 150 }; /* Q step below 0.2 1/Å: the rule's period, 2 pi / step, lies beyond 30 Å */
    double dq = w->target->qmax / N_Q, sigma2 = biso / (4 * M_PI * M_PI);
    for (size_t i = 0; i < w->n_kernel; i++)
        w->kernel[i] = 0;
    for (int k = 0; k <= N_Q; k++) {
        double q = k * dq, amplitude = exp(-0.5 * sigma2 * q * q) * dq / M_PI;
        if (k == 0 || k == N_Q)
            amplitude *= 0.5;
        double c = cos(q * KERNEL_STEP), now = 1, before = c; /* Chebyshev recurrence for cos(q i step) */
        for (size_t i = 0; i < w->n_kernel; i++) {
            w->kernel[i] += amplitude * now;
            double next = 2 * c * now - before;
            before = now;
            now = next;
        }
    }
}

static double envelope(double x)
{
    return x < 1 ? 1 - 1.5 * x + 0.5 * x * x * x : 0;
}

/* G at r: the shells within the kernel's reach, and the mean density's slope. *first is the first shell in reach, kept
 * from one r to the next. */
static double lattice_g(const lattice_workspace *w, const lattice_shells *shells, double bond, double diameter,
                        double r, size_t *first)
{
    double sum = 0;
    while (*first < shells->n && bond * shells->shell[*first].distance <= r - KERNEL_REACH)
        ++*first;
    for (size_t s = *first; s < shells->n; s++) {
        double d = bond * shells->shell[s].distance, t = fabs(r - d) / KERNEL_STEP, kept = envelope(d / diameter);
        size_t i = (size_t)t;
        if (d >= r + KERNEL_REACH || kept <= 0)
            break;
        double k = w->kernel[i] + (t - (double)i) * (w->kernel[i + 1] - w->kernel[i]);
        sum += shells->shell[s].weight * kept / d * k;
    }
    return sum - 4 * M_PI * r * shells->density / (bond * bond * bond) * envelope(r / diameter);
}

/* Rw of the lattice with its best scale, over every stride-th point up to r = rmax. */
static double lattice_rw(const lattice_workspace *w, const lattice_shells *shells, const lattice_fit *at, double rmax,
                         size_t stride)
{
    const deepstruc_target *t = w->target;
    double oc = 0, cc = 0, oo = 0;
    size_t first = 0;
    for (size_t i = 0; i < t->n && t->rmin + (double)i * t->rstep <= rmax; i += stride) {
        double r = t->rmin + (double)i * t->rstep;
        double g = lattice_g(w, shells, at->bond, at->diameter, r, &first) * exp(-0.5 * at->qdamp * at->qdamp * r * r);
        oc += t->g[i] * g;
        cc += g * g;
        oo += t->g[i] * t->g[i];
    }
    if (!(cc > 0 && oo > 0) || oc <= 0)
        return 1;
    double rest = 1 - oc * oc / (cc * oo);
    return rest > 0 ? sqrt(rest) : 0;
}

/* ---- the search -------------------------------------------------------------------------------------------------- */

static const double SCAN_RMAX = 15.0;   /* Å: enough to tell lattices and bond lengths apart */
static const double SCAN_RATIO = 1.006; /* step of the bond length: a third of a peak's width at 10 Å */
static const double SCAN_BISO = 0.8;    /* Å² */

typedef struct {
    lattice_workspace *w;
    const lattice_shells *shells;
    double rmax;
} lattice_data;

typedef enum { BOND, BISO, DIAMETER, QDAMP } lattice_parameter;

static double *parameter_of(lattice_fit *fit, lattice_parameter parameter)
{
    switch (parameter) {
    case BOND:
        return &fit->bond;
    case BISO:
        return &fit->biso;
    case DIAMETER:
        return &fit->diameter;
    default:
        return &fit->qdamp;
    }
}

static double value_at(const lattice_data *data, lattice_fit fit, lattice_parameter parameter, double x)
{
    *parameter_of(&fit, parameter) = x;
    if (parameter == BISO)
        kernel_fill(data->w, x);
    return lattice_rw(data->w, data->shells, &fit, data->rmax, 1);
}

/* Golden-section search over one parameter, the others as they are; leaves the fit at the minimum. */
static void minimise(const lattice_data *data, lattice_fit *fit, lattice_parameter parameter, double low, double high,
                     int steps)
{
    static const double GOLDEN = 0.61803398874989485;
    double a = low, b = high, x1 = b - GOLDEN * (b - a), x2 = a + GOLDEN * (b - a);
    double f1 = value_at(data, *fit, parameter, x1), f2 = value_at(data, *fit, parameter, x2);
    for (int i = 0; i < steps; i++) {
        if (f1 < f2) {
            b = x2, x2 = x1, f2 = f1;
            x1 = b - GOLDEN * (b - a);
            f1 = value_at(data, *fit, parameter, x1);
        } else {
            a = x1, x1 = x2, f1 = f2;
            x2 = a + GOLDEN * (b - a);
            f2 = value_at(data, *fit, parameter, x2);
        }
    }
    *parameter_of(fit, parameter) = f1 < f2 ? x1 : x2;
    if (parameter == BISO)
        kernel_fill(data->w, fit->biso);
}

static void scan(lattice_workspace *w, const lattice_shells *shells, const lattice_range *range, lattice_fit *fit)
{
    static const double diameters[] = {8, 12, 18, 27, 45, INFINITY};
    lattice_fit at = *fit;
    fit->rw = 2;
    for (at.bond = range->bond_low; at.bond <= range->bond_high; at.bond *= SCAN_RATIO)
        for (size_t i = 0; i < sizeof diameters / sizeof *diameters; i++) {
            at.diameter = diameters[i];
            at.rw = lattice_rw(w, shells, &at, SCAN_RMAX, 2);
            if (at.rw < fit->rw)
                *fit = at;
        }
}

enum { ROUNDS = 2, STEPS = 7 };

/* With an envelope, at the target's qdamp. */
static void polish_particle(const lattice_data *data, lattice_fit *fit)
{
    double widest = 4 * data->rmax; /* such an envelope hardly differs from none */
    for (int round = 0; round < ROUNDS; round++) {
        minimise(data, fit, BOND, fit->bond * 0.992, fit->bond * 1.008, STEPS);
        minimise(data, fit, BISO, 0.1, 3, STEPS);
        if (round == 0)
            minimise(data, fit, DIAMETER, 5, widest, STEPS + 4);
        else
            minimise(data, fit, DIAMETER, 0.7 * fit->diameter, fmin(widest, 1.4 * fit->diameter), STEPS);
    }
    fit->rw = lattice_rw(data->w, data->shells, fit, data->rmax, 1);
}

/* Without an envelope, qdamp free: what bulk would give on an instrument nobody has calibrated. */
static double bulk_rw(const lattice_data *data, lattice_fit fit)
{
    static const double QDAMP_MAX = 0.06; /* 1/Å: worse resolution is not used for PDFs */
    fit.diameter = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        minimise(data, &fit, QDAMP, 0, QDAMP_MAX, STEPS);
        minimise(data, &fit, BISO, 0.1, 3, STEPS);
        minimise(data, &fit, BOND, fit.bond * 0.996, fit.bond * 1.004, STEPS);
    }
    return lattice_rw(data->w, data->shells, &fit, data->rmax, 1);
}

/* One lattice at work: its own kernel table, so that lattices run in parallel. */
typedef struct {
    lattice_workspace w;
    lattice_shells shells;
    double rmax;
} lattice_job;

static void job_free(lattice_job *job)
{
    free(job->shells.shell);
    free(job->w.kernel);
}

static deepstruc_status job_start(lattice_job *job, const deepstruc_target *target, lattice_kind kind,
                                  double anion_weight, double rmax, double shortest_bond)
{
    *job = (lattice_job){.w = {.target = target}, .rmax = rmax};
    job->w.n_kernel = (size_t)(KERNEL_REACH / KERNEL_STEP) + 2;
    job->w.kernel = memory_zeroed(job->w.n_kernel, sizeof *job->w.kernel);
    if (!job->w.kernel)
        return DEEPSTRUC_NO_MEMORY;
    return lattice_shells_make(&job->shells, kind, 1, anion_weight, (rmax + KERNEL_REACH) / shortest_bond);
}

/* The c/a of a hexagonal lattice: real ones are up to 4 % from the ideal, which long data do not forgive. */
static deepstruc_status polish_axes(lattice_job *job, lattice_fit *fit, double anion_weight)
{
    static const double SHORTEST = 0.96, LONGEST = 1.02, STEP = 0.01;
    lattice_shells best = job->shells;
    for (double stretch = SHORTEST; stretch < LONGEST + 0.5 * STEP; stretch += STEP) {
        lattice_fit at = *fit;
        at.stretch = stretch;
        deepstruc_status status = lattice_shells_make(&job->shells, fit->kind, stretch, anion_weight,
                                                      (job->rmax + KERNEL_REACH) / (0.98 * fit->bond));
        if (status != DEEPSTRUC_OK) {
            job->shells = best;
            return status;
        }
        lattice_data data = {&job->w, &job->shells, job->rmax};
        minimise(&data, &at, BOND, fit->bond * 0.985, fit->bond * 1.015, STEPS);
        at.rw = lattice_rw(&job->w, &job->shells, &at, job->rmax, 1);
        lattice_shells *worse = at.rw < fit->rw ? &best : &job->shells;
        free(worse->shell);
        if (at.rw < fit->rw) {
            best = job->shells;
            *fit = at;
        }
    }
    job->shells = best;
    return DEEPSTRUC_OK;
}

static deepstruc_status scan_one(lattice_fit *fit, lattice_kind kind, const lattice_range *range,
                                 const deepstruc_target *target, double rmax)
{
    lattice_job job;
    deepstruc_status status =
        job_start(&job, target, kind, range->anion_weight, fmin(rmax, SCAN_RMAX), range->bond_low);
    *fit = (lattice_fit){.kind = kind, .biso = SCAN_BISO, .qdamp = target->qdamp, .stretch = 1};
    if (status == DEEPSTRUC_OK) {
        kernel_fill(&job.w, fit->biso);
        scan(&job.w, &job.shells, range, fit);
        fit->rw_bulk = fit->rw;
    }
    job_free(&job);
    return status;
}

static deepstruc_status polish_one(lattice_fit *fit, double anion_weight, const deepstruc_target *target, double rmax)
{
    lattice_job job;
    deepstruc_status status = job_start(&job, target, fit->kind, anion_weight, rmax, fit->bond * 0.98);
    if (status == DEEPSTRUC_OK) {
        kernel_fill(&job.w, fit->biso);
        lattice_data data = {&job.w, &job.shells, rmax};
        polish_particle(&data, fit);
        if (lattice_is_hexagonal(fit->kind))
            status = polish_axes(&job, fit, anion_weight);
        fit->rw_bulk = status == DEEPSTRUC_OK ? bulk_rw(&data, *fit) : fit->rw;
    }
    job_free(&job);
    return status;
}

deepstruc_status lattice_search_all(lattice_fit out[LATTICE_N], const lattice_range *metal,
                                    const lattice_range *compound, const deepstruc_target *target, deepstruc_diag *diag)
{
    static const double WORTH_POLISHING = 1.2; /* times the best scan of its sort */
    double rmax = target->rmin + (double)(target->n - 1) * target->rstep, best[2] = {INFINITY, INFINITY};
    lattice_fit fits[LATTICE_N];
    int failed = 0;
#pragma omp parallel for schedule(dynamic, 1) reduction(+ : failed)
    for (int kind = 0; kind < LATTICE_N; kind++)
        failed += scan_one(&fits[kind], kind, lattice_is_metal(kind) ? metal : compound, target, rmax) != DEEPSTRUC_OK;
    if (failed)
        return diag_no_memory(diag);
    for (int kind = 0; kind < LATTICE_N; kind++)
        best[lattice_is_metal(kind)] = fmin(best[lattice_is_metal(kind)], fits[kind].rw);
#pragma omp parallel for schedule(dynamic, 1) reduction(+ : failed)
    for (int kind = 0; kind < LATTICE_N; kind++)
        if (fits[kind].rw <= WORTH_POLISHING * best[lattice_is_metal(kind)])
            failed += polish_one(&fits[kind], lattice_is_metal(kind) ? 1 : compound->anion_weight, target, rmax) !=
                      DEEPSTRUC_OK;
    if (failed)
        return diag_no_memory(diag);
    for (int kind = 0; kind < LATTICE_N; kind++)
        out[kind] = fits[kind];
    return DEEPSTRUC_OK;
}
