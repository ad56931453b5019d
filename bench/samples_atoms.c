/* The structures: crystals from their textbook cells, molecules from their geometry. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"

void sample_clear(sample_atoms *atoms)
{
    free(atoms->xyz);
    free(atoms->species);
    *atoms = (sample_atoms){0};
}

void sample_add(sample_atoms *atoms, const char *element, double x, double y, double z)
{
    int species = 0;
    while (species < atoms->n_species && strcmp(atoms->element[species], element) != 0)
        species++;
    if (species == atoms->n_species)
        snprintf(atoms->element[atoms->n_species++], sizeof atoms->element[0], "%s", element);
    if (atoms->n == atoms->capacity) {
        atoms->capacity = 2 * atoms->capacity + 64;
        atoms->xyz = realloc(atoms->xyz, 3 * atoms->capacity * sizeof *atoms->xyz);
        atoms->species = realloc(atoms->species, atoms->capacity);
        if (!atoms->xyz || !atoms->species)
            exit(1);
    }
    memcpy(atoms->xyz + 3 * atoms->n, (double[]){x, y, z}, 3 * sizeof x);
    atoms->species[atoms->n++] = (unsigned char)species;
}

/* ---- crystals -----------------------------------------------------------------------------------------------------
 */

/* Sites: "F" before an element puts it on all four points of a face-centred lattice about the site. Lattice constants
 * and free coordinates: R. W. G. Wyckoff, Crystal Structures, and the American Mineralogist database. */
typedef struct {
    const char *name;
    double a, b, c;
    struct {
        const char *element;
        double x, y, z;
    } site[20];
} crystal_cell;

#define THIRD 0.333333333333
#define ROCKSALT(M, X)                                                                                                 \
    {                                                                                                                  \
        {"F" M, 0, 0, 0},                                                                                              \
        {                                                                                                              \
            "F" X, .5, 0, 0                                                                                            \
        }                                                                                                              \
    }
#define ZINCBLENDE(M, X)                                                                                               \
    {                                                                                                                  \
        {"F" M, 0, 0, 0},                                                                                              \
        {                                                                                                              \
            "F" X, .25, .25, .25                                                                                       \
        }                                                                                                              \
    }
#define FLUORITE(M, X)                                                                                                 \
    {                                                                                                                  \
        {"F" M, 0, 0, 0}, {"F" X, .25, .25, .25},                                                                      \
        {                                                                                                              \
            "F" X, .75, .25, .25                                                                                       \
        }                                                                                                              \
    }
#define PAIR(M, X)                                                                                                     \
    {                                                                                                                  \
        {M, 0, 0, 0},                                                                                                  \
        {                                                                                                              \
            X, .5, .5, .5                                                                                              \
        }                                                                                                              \
    }
#define PEROVSKITE(A, B, X)                                                                                            \
    {                                                                                                                  \
        {A, 0, 0, 0}, {B, .5, .5, .5}, {X, .5, .5, 0}, {X, .5, 0, .5},                                                 \
        {                                                                                                              \
            X, 0, .5, .5                                                                                               \
        }                                                                                                              \
    }
#define RUTILE(M, X, u)                                                                                                \
    {                                                                                                                  \
        {M, 0, 0, 0}, {M, .5, .5, .5}, {X, u, u, 0}, {X, 1 - u, 1 - u, 0}, {X, .5 + u, .5 - u, .5},                    \
        {                                                                                                              \
            X, .5 - u, .5 + u, .5                                                                                      \
        }                                                                                                              \
    }
#define WURTZITE(M, X, u)                                                                                              \
    {                                                                                                                  \
        {M, 0, 0, 0}, {M, .5, .5, 0}, {M, .5, .5 * THIRD, .5}, {M, 0, 2 * THIRD, .5}, {X, 0, 0, u}, {X, .5, .5, u},    \
            {X, .5, .5 * THIRD, .5 + u},                                                                               \
        {                                                                                                              \
            X, 0, 2 * THIRD, .5 + u                                                                                    \
        }                                                                                                              \
    }
#define SPINEL(A, B, X, u)                                                                                             \
    {                                                                                                                  \
        {"F" A, .125, .125, .125}, {"F" A, .875, .375, .375}, {"F" B, .5, .5, .5}, {"F" B, .25, .75, 0},               \
            {"F" B, .75, 0, .25}, {"F" B, 0, .25, .75}, {"F" X, u, u, u}, {"F" X, .75 - u, .25 - u, .5 + u},           \
            {"F" X, .25 - u, .5 + u, .75 - u}, {"F" X, .5 + u, .75 - u, .25 - u}, {"F" X, .75 + u, .25 + u, .5 - u},   \
            {"F" X, -u, -u, -u}, {"F" X, .25 + u, .5 - u, .75 + u},                                                    \
        {                                                                                                              \
            "F" X, .5 - u, .75 + u, .25 + u                                                                            \
        }                                                                                                              \
    }

static const crystal_cell crystals[] = {
    {"NaCl", 5.64, 5.64, 5.64, ROCKSALT("Na", "Cl")},
    {"KBr", 6.60, 6.60, 6.60, ROCKSALT("K", "Br")},
    {"AgCl", 5.549, 5.549, 5.549, ROCKSALT("Ag", "Cl")},
    {"MgO", 4.21, 4.21, 4.21, ROCKSALT("Mg", "O")},
    {"NiO", 4.177, 4.177, 4.177, ROCKSALT("Ni", "O")},
    {"TiN", 4.24, 4.24, 4.24, ROCKSALT("Ti", "N")},
    {"PbTe", 6.46, 6.46, 6.46, ROCKSALT("Pb", "Te")},
    {"PbS", 5.94, 5.94, 5.94, ROCKSALT("Pb", "S")},
    {"CsCl", 4.12, 4.12, 4.12, PAIR("Cs", "Cl")},
    {"CeO2", 5.411, 5.411, 5.411, FLUORITE("Ce", "O")},
    {"ZrO2", 5.09, 5.09, 5.09, FLUORITE("Zr", "O")},
    {"UO2", 5.468, 5.468, 5.468, FLUORITE("U", "O")},
    {"Cu2Se", 5.76, 5.76, 5.76, FLUORITE("Se", "Cu")},
    {"IrO2", 4.498, 4.498, 3.154, RUTILE("Ir", "O", .308)},
    {"TiO2", 4.594, 4.594, 2.959, RUTILE("Ti", "O", .305)},
    {"Fe3O4", 8.396, 8.396, 8.396, SPINEL("Fe", "Fe", "O", .2549)},
    {"ZnS", 5.41, 5.41, 5.41, ZINCBLENDE("Zn", "S")},
    {"CdSe", 6.05, 6.05, 6.05, ZINCBLENDE("Cd", "Se")},
    {"GaAs", 5.653, 5.653, 5.653, ZINCBLENDE("Ga", "As")},
    {"CuI", 6.05, 6.05, 6.05, ZINCBLENDE("Cu", "I")},
    {"ZnO", 3.25, 5.629, 5.207, WURTZITE("Zn", "O", .382)},
    {"SrTiO3", 3.905, 3.905, 3.905, PEROVSKITE("Sr", "Ti", "O")},
    {"BaTiO3", 4.00, 4.00, 4.00, PEROVSKITE("Ba", "Ti", "O")},
    {"CsPbBr3", 5.87, 5.87, 5.87, PEROVSKITE("Cs", "Pb", "Br")},
    {"Cu2O",
     4.27,
     4.27,
     4.27,
     {{"O", 0, 0, 0},
      {"O", .5, .5, .5},
      {"Cu", .25, .25, .25},
      {"Cu", .75, .75, .25},
      {"Cu", .75, .25, .75},
      {"Cu", .25, .75, .75}}},
    {"WO3", 3.77, 3.77, 3.77, {{"W", 0, 0, 0}, {"O", .5, 0, 0}, {"O", 0, .5, 0}, {"O", 0, 0, .5}}},
    {"PdO", 3.043, 3.043, 5.337, {{"Pd", 0, .5, 0}, {"Pd", .5, 0, .5}, {"O", 0, 0, .25}, {"O", 0, 0, .75}}},
    {"Si", 5.431, 5.431, 5.431, ZINCBLENDE("Si", "Si")},
    {"NiTi", 3.015, 3.015, 3.015, PAIR("Ni", "Ti")},
    {"NiAl", 2.887, 2.887, 2.887, PAIR("Ni", "Al")},
    {"Cu3Au", 3.75, 3.75, 3.75, {{"Au", 0, 0, 0}, {"Cu", .5, .5, 0}, {"Cu", .5, 0, .5}, {"Cu", 0, .5, .5}}},
    {"Ni3Al", 3.57, 3.57, 3.57, {{"Al", 0, 0, 0}, {"Ni", .5, .5, 0}, {"Ni", .5, 0, .5}, {"Ni", 0, .5, .5}}},
    {"FePt", 3.85, 3.85, 3.71, {{"Fe", 0, 0, 0}, {"Fe", .5, .5, 0}, {"Pt", .5, 0, .5}, {"Pt", 0, .5, .5}}},
    {"PtNi", 3.82, 3.82, 3.58, {{"Pt", 0, 0, 0}, {"Pt", .5, .5, 0}, {"Ni", .5, 0, .5}, {"Ni", 0, .5, .5}}},
    {"AuCu", 3.96, 3.96, 3.67, {{"Au", 0, 0, 0}, {"Au", .5, .5, 0}, {"Cu", .5, 0, .5}, {"Cu", 0, .5, .5}}},
};
enum { N_CRYSTALS = sizeof crystals / sizeof *crystals };

const char *sample_crystal_name(size_t i)
{
    return i < N_CRYSTALS ? crystals[i].name : NULL;
}

static void add_site(sample_atoms *out, const char *element, double x, double y, double z)
{
    static const double face[4][3] = {{0, 0, 0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}};
    bool all = element[0] == 'F' && element[1] != '\0' && element[1] != 'e';
    for (int k = 0; k < (all ? 4 : 1); k++)
        sample_add(out, element + all, (x + face[k][0]) * out->cell[0], (y + face[k][1]) * out->cell[1],
                   (z + face[k][2]) * out->cell[2]);
}

void sample_crystal(sample_atoms *out, const char *name)
{
    *out = (sample_atoms){0};
    for (size_t i = 0; i < N_CRYSTALS; i++) {
        const crystal_cell *c = &crystals[i];
        if (strcmp(c->name, name) != 0)
            continue;
        memcpy(out->cell, (double[]){c->a, c->b, c->c}, sizeof out->cell);
        for (size_t s = 0; s < 20 && c->site[s].element; s++)
            add_site(out, c->site[s].element, c->site[s].x, c->site[s].y, c->site[s].z);
    }
}

void sample_metal(sample_atoms *out, const char *lattice, const char *element, double bond)
{
    double edge = strcmp(lattice, "fcc") == 0 ? bond * sqrt(2) : bond * 2 / sqrt(3);
    *out = (sample_atoms){.cell = {edge, edge, edge}};
    char all[5];
    snprintf(all, sizeof all, "F%s", element);
    if (strcmp(lattice, "fcc") == 0) {
        static const double face[4][3] = {{0, 0, 0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}};
        for (int k = 0; k < 4; k++)
            sample_add(out, element, face[k][0] * edge, face[k][1] * edge, face[k][2] * edge);
    } else if (strcmp(lattice, "bcc") == 0) {
        sample_add(out, element, 0, 0, 0);
        sample_add(out, element, .5 * edge, .5 * edge, .5 * edge);
    } else {
        memcpy(out->cell, (double[]){bond, sqrt(3) * bond, 1.60 * bond}, sizeof out->cell);
        static const double site[4][3] = {{0, 0, 0}, {.5, .5, 0}, {.5, .5 * THIRD, .5}, {0, 2 * THIRD, .5}};
        for (int k = 0; k < 4; k++)
            sample_add(out, element, site[k][0] * out->cell[0], site[k][1] * out->cell[1], site[k][2] * out->cell[2]);
    }
}

void sample_sphere(sample_atoms *out, const sample_atoms *crystal, double diameter, random_stream *stream)
{
    *out = (sample_atoms){0};
    double centre[3];
    int reach[3];
    for (int k = 0; k < 3; k++) {
        centre[k] = random_uniform(stream, 0, crystal->cell[k]);
        reach[k] = (int)ceil(0.5 * diameter / crystal->cell[k]) + 1;
    }
    for (int u = -reach[0]; u <= reach[0]; u++)
        for (int v = -reach[1]; v <= reach[1]; v++)
            for (int w = -reach[2]; w <= reach[2]; w++)
                for (size_t i = 0; i < crystal->n; i++) {
                    double x = crystal->xyz[3 * i] + u * crystal->cell[0] - centre[0],
                           y = crystal->xyz[3 * i + 1] + v * crystal->cell[1] - centre[1],
                           z = crystal->xyz[3 * i + 2] + w * crystal->cell[2] - centre[2];
                    if (x * x + y * y + z * z < 0.25 * diameter * diameter)
                        sample_add(out, crystal->element[crystal->species[i]], x, y, z);
                }
}

/* ---- clusters -----------------------------------------------------------------------------------------------------
 */

void sample_cluster(sample_atoms *out, const deepstruc_cluster *cluster, double disorder, random_stream *stream)
{
    *out = (sample_atoms){0};
    for (size_t i = 0; i < cluster->n_atoms; i++) {
        double at[3];
        for (int k = 0; k < 3; k++)
            at[k] = cluster->xyz[3 * i + k] + disorder * random_normal(stream);
        sample_add(out, cluster->element, at[0], at[1], at[2]);
    }
}

void sample_add_sulphur(sample_atoms *atoms, double bond, double share, random_stream *stream)
{
    static const double metal_sulphur = 2.33;
    size_t n = atoms->n;
    double middle[3] = {0, 0, 0};
    for (size_t i = 0; i < 3 * n; i++)
        middle[i % 3] += atoms->xyz[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        int neighbours = 0;
        double out[3], length = 0;
        for (size_t j = 0; j < n; j++) {
            double d = 0;
            for (int k = 0; k < 3; k++)
                d += pow(atoms->xyz[3 * i + k] - atoms->xyz[3 * j + k], 2);
            neighbours += j != i && d < 1.44 * bond * bond;
        }
        for (int k = 0; k < 3; k++) {
            out[k] = atoms->xyz[3 * i + k] - middle[k];
            length += out[k] * out[k];
        }
        if (neighbours >= 9 || random_uniform(stream, 0, 1) > share || length == 0)
            continue;
        double factor = metal_sulphur / sqrt(length);
        sample_add(atoms, "S", atoms->xyz[3 * i] + factor * out[0], atoms->xyz[3 * i + 1] + factor * out[1],
                   atoms->xyz[3 * i + 2] + factor * out[2]);
    }
}
