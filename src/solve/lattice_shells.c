#include "solve/lattice_shells.h"

#include <math.h>
#include <stdlib.h>

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

bool lattice_is_hexagonal(lattice_kind kind)
{
    return cells[kind].hexagonal;
}

/* ---- shells ------------------------------------------------------------------------------------------------------ */

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

deepstruc_status lattice_shells_make(lattice_shells *out, lattice_kind kind, double stretch, double anion_weight,
                                     double reach)
{
    const lattice_cell *cell = &cells[kind];
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
    lattice_shell *shells = memory_zeroed(n, sizeof *shells);
    n = 0;
    for (size_t square = 1; shells && square < n_weights; square++)
        if (weight[square] > 0)
            shells[n++] = (lattice_shell){sqrt((double)square / SQUARES), weight[square]};
    free(weight);
    if (!shells)
        return DEEPSTRUC_NO_MEMORY;
    *out = (lattice_shells){n, shells, cell->n_sites / (cell->edge[0] * cell->edge[1] * cell->edge[2] * stretch)};
    return DEEPSTRUC_OK;
}
