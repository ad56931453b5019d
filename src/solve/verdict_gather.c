/* Gathering what the verdict looks at. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solve/verdict.h"

static const double ANY_BOND_LOW = 2.0, ANY_BOND_HIGH = 3.8, COMPOUND_BOND_LOW = 1.7, COMPOUND_BOND_HIGH = 3.4; /* Å */

static deepstruc_status best_lattices(verdict_evidence *e, const deepstruc_target *target, double anion_weight,
                                      deepstruc_diag *diag)
{
    bool known = isfinite(e->bulk_bond);
    lattice_range metal = {known ? VERDICT_BOND_SHORTER * e->bulk_bond : ANY_BOND_LOW,
                           known ? VERDICT_BOND_LONGER * e->bulk_bond : ANY_BOND_HIGH, 1};
    lattice_range compound = {COMPOUND_BOND_LOW, COMPOUND_BOND_HIGH, anion_weight};
    lattice_fit fits[LATTICE_N];
    deepstruc_status status = lattice_search_all(fits, &metal, &compound, target, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    e->metal.rw = e->compound.rw = INFINITY;
    for (int kind = 0; kind < LATTICE_N; kind++) {
        lattice_fit *best = lattice_is_metal(kind) ? &e->metal : &e->compound;
        if (fits[kind].rw < best->rw)
            *best = fits[kind];
    }
    return DEEPSTRUC_OK;
}

/* Do the data end at another qmax than the header says, or begin at a larger qmin? A smaller one is what slow waves
 * look like that corrections leave behind, and what was tuned by fit afterwards contradicts nothing. */
static bool q_is_contradicted(const deepstruc_notes *notes)
{
    static const char seen[] = "from the data; the header says ";
    for (size_t i = 0; i < notes->n; i++) {
        const char *note = notes->text[i], *told = strstr(note, seen);
        if (told && strncmp(note, "qmax=", 5) == 0)
            return true;
        if (told && strncmp(note, "qmin=", 5) == 0 && atof(note + 5) > atof(told + sizeof seen - 1))
            return true;
    }
    return false;
}

/* The PDF's place is farther from every training structure than the map's own scale explains: by three standard
 * deviations, and by a quarter of the training structures' spread. */
static bool is_off_map(const deepstruc_latent_map *map)
{
    static const double DEVIATIONS = 3, SPREAD = 0.25;
    if (!map || map->n_points == 0)
        return false;
    double reach[2], n = (double)map->n_points;
    for (int axis = 0; axis < 2; axis++) {
        const float *at = axis == 0 ? map->x : map->y;
        double sum = 0, square = 0;
        for (size_t i = 0; i < map->n_points; i++) {
            sum += at[i];
            square += (double)at[i] * at[i];
        }
        reach[axis] = fmax(DEVIATIONS * map->sigma[axis], SPREAD * sqrt(fmax(square / n - sum * sum / n / n, 0)));
    }
    for (size_t i = 0; i < map->n_points; i++) {
        double x = (map->x[i] - map->mean[0]) / reach[0], y = (map->y[i] - map->mean[1]) / reach[1];
        if (x * x + y * y < 1)
            return false;
    }
    return true;
}

deepstruc_status verdict_gather(verdict_evidence *out, const deepstruc_pdf *pdf, const deepstruc_solution *solution,
                                const deepstruc_target *whole, deepstruc_diag *diag)
{
    verdict_evidence e = {.composition = composition_classify(pdf),
                          .close_packed =
                              strcmp(solution->element, "X") != 0 && !composition_may_be_bcc(solution->element),
                          .bulk_bond = deepstruc_element_bulk_bond(solution->element),
                          .data_rmax = pdf->r[pdf->n_points - 1]};
    const deepstruc_target *target = solution->target;
    residual_peaks(&e.peak, &e.short_peak, target, solution->gcalc, solution->candidate[0].fit.bond_length);
    e.q_contradicted = q_is_contradicted(&target->assumed);
    e.off_map = is_off_map(solution->latent);
    for (size_t i = 0; i < solution->n_candidates; i++)
        if (solution->candidate[i].cluster->n_atoms > e.max_atoms)
            e.max_atoms = solution->candidate[i].cluster->n_atoms;
    deepstruc_status status = best_lattices(&e, whole, composition_anion_weight(pdf), diag);
    if (status == DEEPSTRUC_OK)
        *out = e;
    return status;
}
