#include "pdf/crystal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"

enum { MAX_SITES = 12 };
static const double MOST_REACH = 60; /* a: some 20 million neighbours */

/* A cubic cell; sites in units of a. Sites of one species are equivalent by symmetry. */
typedef struct {
    const char *name;
    int n_sites;
    struct {
        double at[3];
        int species;
    } site[MAX_SITES];
} cubic_lattice;

#define FACES(x, y, z, s)                                                                                              \
    {{x, y, z}, s}, {{x, y + .5, z + .5}, s}, {{x + .5, y, z + .5}, s},                                                \
    {                                                                                                                  \
        {x + .5, y + .5, z}, s                                                                                         \
    }
/* LaB6: boron octahedra around the cell's middle, x = 0.1993 (NIST SRM 660c). */
#define B6 0.1993

static const cubic_lattice lattices[] = {
    {"fcc", 4, {FACES(0, 0, 0, 0)}},
    {"bcc", 2, {{{0, 0, 0}, 0}, {{.5, .5, .5}, 0}}},
    {"diamond", 8, {FACES(0, 0, 0, 0), FACES(.25, .25, .25, 0)}},
    {"fluorite", 12, {FACES(0, 0, 0, 0), FACES(.25, .25, .25, 1), FACES(.75, .25, .25, 1)}},
    {"rock salt", 8, {FACES(0, 0, 0, 0), FACES(.5, 0, 0, 1)}},
    {"hexaboride",
     7,
     {{{0, 0, 0}, 0},
      {{B6, .5, .5}, 1},
      {{1 - B6, .5, .5}, 1},
      {{.5, B6, .5}, 1},
      {{.5, 1 - B6, .5}, 1},
      {{.5, .5, B6}, 1},
      {{.5, .5, 1 - B6}, 1}}},
};

/* Lattice constants at room temperature: NIST certificates (Si 640, CeO2 674, LaB6 660), else Wyckoff's Crystal
 * Structures. */
static const crystal_standard standards[] = {
    {"Ni", "fcc", 3.524, 1, {"Ni"}},
    {"CeO2", "fluorite", 5.4115, 2, {"Ce", "O"}},
    {"Si", "diamond", 5.4312, 1, {"Si"}},
    {"LaB6", "hexaboride", 4.1568, 2, {"La", "B"}},
    {"Au", "fcc", 4.0786, 1, {"Au"}},
    {"Ag", "fcc", 4.0862, 1, {"Ag"}},
    {"Pt", "fcc", 3.9237, 1, {"Pt"}},
    {"Pd", "fcc", 3.8902, 1, {"Pd"}},
    {"Cu", "fcc", 3.6150, 1, {"Cu"}},
    {"Al", "fcc", 4.0495, 1, {"Al"}},
    {"W", "bcc", 3.1652, 1, {"W"}},
    {"Fe", "bcc", 2.8665, 1, {"Fe"}},
    {"C", "diamond", 3.5668, 1, {"C"}},
    {"NaCl", "rock salt", 5.6402, 2, {"Na", "Cl"}},
    {"MgO", "rock salt", 4.2112, 2, {"Mg", "O"}},
};

/* Atomic numbers, and coherent bound scattering lengths in fm (Sears, Neutron News 3, 26, 1992; boron as 11B, which
 * neutron standards are made of). */
static const struct {
    const char *symbol;
    double x_ray, neutron;
} scattering[] = {{"Ni", 28, 10.3},  {"Ce", 58, 4.84},  {"O", 8, 5.803},   {"Si", 14, 4.1491}, {"La", 57, 8.24},
                  {"B", 5, 6.65},    {"Au", 79, 7.63},  {"Ag", 47, 5.922}, {"Pt", 78, 9.60},   {"Pd", 46, 5.91},
                  {"Cu", 29, 7.718}, {"Al", 13, 3.449}, {"W", 74, 4.86},   {"Fe", 26, 9.45},   {"C", 6, 6.646},
                  {"Na", 11, 3.63},  {"Cl", 17, 9.577}, {"Mg", 12, 5.375}};

const crystal_standard *crystal_nth(size_t i)
{
    return i < sizeof standards / sizeof *standards ? &standards[i] : NULL;
}

const crystal_standard *crystal_find(const char *name)
{
    for (size_t i = 0; i < sizeof standards / sizeof *standards; i++)
        if (strcmp(standards[i].name, name) == 0)
            return &standards[i];
    return NULL;
}

static double power_of(const char *symbol, char radiation)
{
    for (size_t i = 0; i < sizeof scattering / sizeof *scattering; i++)
        if (strcmp(scattering[i].symbol, symbol) == 0)
            return radiation == 'n' ? scattering[i].neutron : scattering[i].x_ray;
    return 1;
}

static const cubic_lattice *lattice_of(const crystal_standard *standard)
{
    size_t i = 0;
    while (strcmp(lattices[i].name, standard->lattice) != 0)
        i++;
    return &lattices[i];
}

static int by_distance(const void *a, const void *b)
{
    const crystal_shell *x = a, *y = b;
    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return x->pair - y->pair;
}

/* The neighbours of one site, each with the given share of all atoms' weight; NULL for `out` only counts. */
static size_t neighbours_of(crystal_shell *out, const cubic_lattice *lattice, int centre, double reach,
                            const double power[2], double share)
{
    int cells = (int)ceil(reach) + 1;
    size_t n = 0;
    for (int i = -cells; i <= cells; i++)
        for (int j = -cells; j <= cells; j++)
            for (int k = -cells; k <= cells; k++)
                for (int s = 0; s < lattice->n_sites; s++) {
                    const double *from = lattice->site[centre].at, *to = lattice->site[s].at;
                    double x = i + to[0] - from[0], y = j + to[1] - from[1], z = k + to[2] - from[2];
                    double square = x * x + y * y + z * z;
                    if (!(square > 1e-9 && square <= reach * reach))
                        continue;
                    int a = lattice->site[centre].species, b = lattice->site[s].species;
                    if (out)
                        out[n] = (crystal_shell){sqrt(square), share * power[a] * power[b], a + b};
                    n++;
                }
    return n;
}

/* Neighbours at one distance become one shell. */
static size_t join(crystal_shell *shell, size_t n)
{
    static const double SAME = 1e-9;
    size_t n_joined = 0;
    qsort(shell, n, sizeof *shell, by_distance);
    for (size_t i = 0; i < n; i++) {
        crystal_shell *last = NULL;
        for (size_t back = 1; back <= 3 && back <= n_joined; back++) /* pairs of three sorts may interleave */
            if (shell[n_joined - back].pair == shell[i].pair &&
                shell[i].distance - shell[n_joined - back].distance < SAME)
                last = &shell[n_joined - back];
        if (last)
            last->weight += shell[i].weight;
        else
            shell[n_joined++] = shell[i];
    }
    return n_joined;
}

deepstruc_status crystal_shells_make(crystal_shells *out, const crystal_standard *standard, char radiation,
                                     double reach, deepstruc_diag *diag)
{
    if (!(reach > 0 && reach <= MOST_REACH))
        return diag_fail(diag, DEEPSTRUC_TOO_LARGE, "shells to %g lattice constants; wants at most %g", reach,
                         MOST_REACH);
    const cubic_lattice *lattice = lattice_of(standard);
    double power[2] = {1, 1}, mean = 0;
    int count[2] = {0}, first[2] = {0};
    for (int s = 0; s < standard->n_species; s++)
        power[s] = power_of(standard->species[s], radiation);
    for (int s = lattice->n_sites - 1; s >= 0; s--) {
        count[lattice->site[s].species]++;
        first[lattice->site[s].species] = s;
        mean += power[lattice->site[s].species] / lattice->n_sites;
    }
    size_t n = 0, filled = 0;
    for (int s = 0; s < standard->n_species; s++)
        n += neighbours_of(NULL, lattice, first[s], reach, power, 1);
    crystal_shell *shell = memory_zeroed(n, sizeof *shell);
    if (!shell)
        return diag_no_memory(diag);
    for (int s = 0; s < standard->n_species; s++)
        filled += neighbours_of(shell + filled, lattice, first[s], reach, power,
                                (double)count[s] / lattice->n_sites / (mean * mean));
    *out = (crystal_shells){join(shell, filled), shell, lattice->n_sites};
    return DEEPSTRUC_OK;
}

void crystal_shells_clear(crystal_shells *shells)
{
    free(shells->shell);
    *shells = (crystal_shells){0};
}
