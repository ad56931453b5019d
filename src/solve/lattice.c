#include "solve/lattice.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"

/* ---- the lattices ---------------------------------------------------------------------------------------------- */

enum { MAX_BASIS = 12 };

/* An orthogonal cell: edges in nearest-neighbour distances, sites in fractions of the edges. species 0 is the cation
 * (the metal). Sites of one species are equivalent, so shells are counted around the first site of each. */
typedef struct {
    const char *name;
    bool metal, hexagonal; /* a hexagonal cell's c/a is free, its third edge the ideal one */
    double edge[3];
    int n_sites, n_species;
    struct {
        double at[3];
        int species;
    } site[MAX_BASIS];
} lattice_cell;

#define SQRT2 1.41421356237309505
#define SQRT3 1.73205080756887729
#define SQRT83 1.63299316185545207 /* ideal c/a */
#define FACES(x, y, z, s)                                                                                              \
    {{x, y, z}, s}, {{x, y + .5, z + .5}, s}, {{x + .5, y, z + .5}, s},                                                \
    {                                                                                                                  \
        {x + .5, y + .5, z}, s                                                                                         \
    }

static const lattice_cell cells[LATTICE_N] = {
    [LATTICE_FCC] = {"fcc", true, false, {SQRT2, SQRT2, SQRT2}, 4, 1, {FACES(0, 0, 0, 0)}},
    [LATTICE_BCC] = {"bcc", true, false, {2 / SQRT3, 2 / SQRT3, 2 / SQRT3}, 2, 1, {{{0, 0, 0}, 0}, {{.5, .5, .5}, 0}}},
    [LATTICE_HCP] = {"hcp",
                     true,
                     true,
                     {1, SQRT3, SQRT83},
                     4,
                     1,
                     {{{0, 0, 0}, 0}, {{.5, .5, 0}, 0}, {{.5, 1.0 / 6, .5}, 0}, {{0, 2.0 / 3, .5}, 0}}},
    [LATTICE_DIAMOND] = {"diamond",
                         false,
                         false,
                         {4 / SQRT3, 4 / SQRT3, 4 / SQRT3},
                         8,
                         1,
                         {FACES(0, 0, 0, 0), FACES(.25, .25, .25, 0)}},
    [LATTICE_ZINCBLENDE] = {"zinc blende",
                            false,
                            false,
                            {4 / SQRT3, 4 / SQRT3, 4 / SQRT3},
                            8,
                            2,
                            {FACES(0, 0, 0, 0), FACES(.25, .25, .25, 1)}},
    [LATTICE_WURTZITE] = {"wurtzite",
                          false,
                          true,
                          {SQRT83, SQRT83 *SQRT3, 8.0 / 3},
                          8,
                          2,
                          {{{0, 0, 0}, 0},
                           {{.5, .5, 0}, 0},
                           {{.5, 1.0 / 6, .5}, 0},
                           {{0, 2.0 / 3, .5}, 0},
                           {{0, 0, .375}, 1},
                           {{.5, .5, .375}, 1},
                           {{.5, 1.0 / 6, .875}, 1},
                           {{0, 2.0 / 3, .875}, 1}}},
    [LATTICE_ROCKSALT] = {"rock salt", false, false, {2, 2, 2}, 8, 2, {FACES(0, 0, 0, 0), FACES(.5, 0, 0, 1)}},
    [LATTICE_CSCL] = {"caesium chloride",
                      false,
                      false,
                      {2 / SQRT3, 2 / SQRT3, 2 / SQRT3},
                      2,
                      2,
                      {{{0, 0, 0}, 0}, {{.5, .5, .5}, 1}}},
    [LATTICE_FLUORITE] = {"fluorite",
                          false,
                          false,
                          {4 / SQRT3, 4 / SQRT3, 4 / SQRT3},
                          12,
                          2,
                          {FACES(0, 0, 0, 0), FACES(.25, .25, .25, 1), FACES(.75, .25, .25, 1)}},
};

const char *lattice_name(lattice_kind kind)
{
    return cells[kind].name;
}

bool lattice_is_metal(lattice_kind kind)
{
    return cells[kind].metal;
}

/* ---- shells ------------------------------------------------------------------------------------------------------ */

typedef struct {
    double distance; /* nearest-neighbour distances */
    double weight;   /* number of neighbours times their share of the scattering power */
} shell;

typedef struct {
    size_t n;
    shell *shell;
    double density; /* sites per cubic nearest-neighbour distance */
} shell_list;

/* Squared distances of all these lattices with ideal axes are multiples of a ninth of the squared nearest-neighbour
 * distance (bcc and diamond of a third, wurtzite of a ninth); with other axes they are kept apart to 0.1 % of it. */
static const double SQUARES = 900;

/* Adds the neighbours of one site to weight[SQUARES * distance²]. */
static void count_neighbours(double *weight, size_t n_weights, const lattice_cell *cell, double stretch, int centre,
                             double share, const double *power, double reach)
{
    const double *origin = cell->site[centre].at, edge[3] = {cell->edge[0], cell->edge[1], stretch * cell->edge[2]};
    int n[3];
    for (int k = 0; k < 3; k++)
        n[k] = (int)ceil(reach / edge[k]) + 1;
    for (int i = -n[0]; i <= n[0]; i++)
        for (int j = -n[1]; j <= n[1]; j++)
            for (int l = -n[2]; l <= n[2]; l++)
                for (int s = 0; s < cell->n_sites; s++) {
                    double dx = (i + cell->site[s].at[0] - origin[0]) * edge[0];
                    double dy = (j + cell->site[s].at[1] - origin[1]) * edge[1];
                    double dz = (l + cell->site[s].at[2] - origin[2]) * edge[2];
                    size_t square = (size_t)lround(SQUARES * (dx * dx + dy * dy + dz * dz));
                    if (square > 0 && square < n_weights)
                        weight[square] += share * power[cell->site[s].species];
                }
}

/* All distances up to `reach`. Weights are normalised to the mean scattering power squared. */
static deepstruc_status shells_make(shell_list *out, const lattice_cell *cell, double stretch, double anion_weight,
                                    double reach)
{
    double power[2] = {1, anion_weight}, sum = 0;
    int count[2] = {0, 0}, first[2] = {-1, -1};
    for (int s = 0; s < cell->n_sites; s++) {
        int species = cell->site[s].species;
        sum += power[species];
        count[species]++;
        if (first[species] < 0)
            first[species] = s;
    }
    double mean = sum / cell->n_sites;
    size_t n_weights = (size_t)(SQUARES * reach * reach) + 1;
    double *weight = memory_zeroed(n_weights, sizeof *weight);
    if (!weight)
        return DEEPSTRUC_NO_MEMORY;
    for (int species = 0; species < cell->n_species; species++) {
        double share = (double)count[species] / cell->n_sites * power[species] / (mean * mean);
        count_neighbours(weight, n_weights, cell, stretch, first[species], share, power, reach);
    }
    size_t n = 0;
    for (size_t square = 1; square < n_weights; square++)
        n += weight[square] > 0;
    shell *shells = memory_zeroed(n, sizeof *shells);
    n = 0;
    for (size_t square = 1; shells && square < n_weights; square++)
        if (weight[square] > 0)
            shells[n++] = (shell){sqrt((double)square / SQUARES), weight[square]};
    free(weight);
    if (!shells)
        return DEEPSTRUC_NO_MEMORY;
    *out = (shell_list){n, shells, cell->n_sites / (cell->edge[0] * cell->edge[1] * cell->edge[2] * stretch)};
    return DEEPSTRUC_OK;
}

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
static double lattice_g(const lattice_workspace *w, const shell_list *shells, double bond, double diameter, double r,
                        size_t *first)
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
static double lattice_rw(const lattice_workspace *w, const shell_list *shells, const lattice_fit *at, double rmax,
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
    const shell_list *shells;
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

static void scan(lattice_workspace *w, const shell_list *shells, const lattice_range *range, lattice_fit *fit)
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
    shell_list shells;
    double rmax;
} lattice_job;

static void job_free(lattice_job *job)
{
    free(job->shells.shell);
    free(job->w.kernel);
}

static deepstruc_status job_start(lattice_job *job, const deepstruc_target *target, const lattice_cell *cell,
                                  double anion_weight, double rmax, double shortest_bond)
{
    *job = (lattice_job){.w = {.target = target}, .rmax = rmax};
    job->w.n_kernel = (size_t)(KERNEL_REACH / KERNEL_STEP) + 2;
    job->w.kernel = memory_zeroed(job->w.n_kernel, sizeof *job->w.kernel);
    if (!job->w.kernel)
        return DEEPSTRUC_NO_MEMORY;
    return shells_make(&job->shells, cell, 1, anion_weight, (rmax + KERNEL_REACH) / shortest_bond);
}

/* The c/a of a hexagonal lattice: real ones are up to 4 % from the ideal, which long data do not forgive. */
static deepstruc_status polish_axes(lattice_job *job, lattice_fit *fit, double anion_weight)
{
    static const double SHORTEST = 0.96, LONGEST = 1.02, STEP = 0.01;
    const lattice_cell *cell = &cells[fit->kind];
    shell_list best = job->shells;
    for (double stretch = SHORTEST; stretch < LONGEST + 0.5 * STEP; stretch += STEP) {
        lattice_fit at = *fit;
        at.stretch = stretch;
        deepstruc_status status =
            shells_make(&job->shells, cell, stretch, anion_weight, (job->rmax + KERNEL_REACH) / (0.98 * fit->bond));
        if (status != DEEPSTRUC_OK) {
            job->shells = best;
            return status;
        }
        lattice_data data = {&job->w, &job->shells, job->rmax};
        minimise(&data, &at, BOND, fit->bond * 0.985, fit->bond * 1.015, STEPS);
        at.rw = lattice_rw(&job->w, &job->shells, &at, job->rmax, 1);
        shell_list *worse = at.rw < fit->rw ? &best : &job->shells;
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
        job_start(&job, target, &cells[kind], range->anion_weight, fmin(rmax, SCAN_RMAX), range->bond_low);
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
    deepstruc_status status = job_start(&job, target, &cells[fit->kind], anion_weight, rmax, fit->bond * 0.98);
    if (status == DEEPSTRUC_OK) {
        kernel_fill(&job.w, fit->biso);
        lattice_data data = {&job.w, &job.shells, rmax};
        polish_particle(&data, fit);
        if (cells[fit->kind].hexagonal)
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
        failed += scan_one(&fits[kind], kind, cells[kind].metal ? metal : compound, target, rmax) != DEEPSTRUC_OK;
    if (failed)
        return diag_no_memory(diag);
    for (int kind = 0; kind < LATTICE_N; kind++)
        best[cells[kind].metal] = fmin(best[cells[kind].metal], fits[kind].rw);
#pragma omp parallel for schedule(dynamic, 1) reduction(+ : failed)
    for (int kind = 0; kind < LATTICE_N; kind++)
        if (fits[kind].rw <= WORTH_POLISHING * best[cells[kind].metal])
            failed +=
                polish_one(&fits[kind], cells[kind].metal ? 1 : compound->anion_weight, target, rmax) != DEEPSTRUC_OK;
    if (failed)
        return diag_no_memory(diag);
    for (int kind = 0; kind < LATTICE_N; kind++)
        out[kind] = fits[kind];
    return DEEPSTRUC_OK;
}
