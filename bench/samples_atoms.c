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
    {"MgO", 4.21, 4.21, 4.21, ROCKSALT("Mg", "O")},
    {"PbS", 5.94, 5.94, 5.94, ROCKSALT("Pb", "S")},
    {"CsCl", 4.12, 4.12, 4.12, PAIR("Cs", "Cl")},
    {"CeO2", 5.411, 5.411, 5.411, FLUORITE("Ce", "O")},
    {"ZrO2", 5.09, 5.09, 5.09, FLUORITE("Zr", "O")},
    {"IrO2", 4.498, 4.498, 3.154, RUTILE("Ir", "O", .308)},
    {"TiO2", 4.594, 4.594, 2.959, RUTILE("Ti", "O", .305)},
    {"Fe3O4", 8.396, 8.396, 8.396, SPINEL("Fe", "Fe", "O", .2549)},
    {"ZnS", 5.41, 5.41, 5.41, ZINCBLENDE("Zn", "S")},
    {"CdSe", 6.05, 6.05, 6.05, ZINCBLENDE("Cd", "Se")},
    {"ZnO", 3.25, 5.629, 5.207, WURTZITE("Zn", "O", .382)},
    {"SrTiO3", 3.905, 3.905, 3.905, PEROVSKITE("Sr", "Ti", "O")},
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
    {"Si", 5.431, 5.431, 5.431, ZINCBLENDE("Si", "Si")},
    {"NiTi", 3.015, 3.015, 3.015, PAIR("Ni", "Ti")},
    {"Cu3Au", 3.75, 3.75, 3.75, {{"Au", 0, 0, 0}, {"Cu", .5, .5, 0}, {"Cu", .5, 0, .5}, {"Cu", 0, .5, .5}}},
    {"PtNi", 3.82, 3.82, 3.58, {{"Pt", 0, 0, 0}, {"Pt", .5, .5, 0}, {"Ni", .5, 0, .5}, {"Ni", 0, .5, .5}}},
    {"AuCu", 3.96, 3.96, 3.67, {{"Au", 0, 0, 0}, {"Au", .5, .5, 0}, {"Cu", .5, 0, .5}, {"Cu", 0, .5, .5}}},
};
enum { N_CRYSTALS = sizeof crystals / sizeof *crystals };

const char *const sample_crystals[] = {"NaCl", "MgO",   "PbS",  "CsCl",  "CeO2", "ZrO2",   "IrO2",
                                       "TiO2", "Fe3O4", "ZnS",  "CdSe",  "ZnO",  "SrTiO3", "CsPbBr3",
                                       "Cu2O", "Si",    "NiTi", "Cu3Au", "PtNi", "AuCu",   NULL};

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

/* ---- molecules ----------------------------------------------------------------------------------------------------
 */

const char *const sample_molecules[] = {"C60", "C10H8", "Zr6O32", "Ce6O32", "Bi6O32", "W12O40", "Mo12O40", NULL};

/* The truncated icosahedron: even permutations of these points, all signs, edge 2; C-C 1.43 Å. */
static void fullerene(sample_atoms *out)
{
    const double phi = 1.61803398874989485,
                 point[3][3] = {{0, 1, 3 * phi}, {1, 2 + phi, 2 * phi}, {phi, 2, 2 * phi + 1}};
    for (int p = 0; p < 3; p++)
        for (int turn = 0; turn < 3; turn++)
            for (int sign = 0; sign < 8; sign++) {
                double x = point[p][turn], y = point[p][(turn + 1) % 3], z = point[p][(turn + 2) % 3];
                if ((x == 0 && sign & 1) || (y == 0 && sign & 2) || (z == 0 && sign & 4))
                    continue;
                sample_add(out, "C", sign & 1 ? -.715 * x : .715 * x, sign & 2 ? -.715 * y : .715 * y,
                           sign & 4 ? -.715 * z : .715 * z);
            }
}

/* Two rings of benzene side by side: naphthalene's ten carbon atoms. */
static void two_rings(sample_atoms *out)
{
    for (int ring = 0; ring < 2; ring++)
        for (int k = 0; k < 6; k++) {
            double angle = M_PI / 3 * k + M_PI / 6;
            if (ring == 1 && (k == 2 || k == 3)) /* shared */
                continue;
            sample_add(out, "C", 1.40 * cos(angle) + ring * 1.40 * sqrt(3), 1.40 * sin(angle), 0);
        }
}

/* M6O8 cores of MOFs and oxo clusters: an octahedron, oxygen over its faces and at its corners. */
static void octahedral_core(sample_atoms *out, const char *metal, double edge)
{
    double a = edge / sqrt(2), b = 0.489 * a;
    for (int k = 0; k < 3; k++)
        for (int sign = -1; sign <= 1; sign += 2) {
            double at[3] = {0, 0, 0}, corner[3];
            at[k] = sign * a;
            sample_add(out, metal, at[0], at[1], at[2]);
            for (int side = 0; side < 4; side++) {
                memcpy(corner, at, sizeof at);
                corner[k] += sign * 1.3;
                corner[(k + 1 + side / 2) % 3] += side % 2 ? 1.8 : -1.8;
                sample_add(out, "O", corner[0], corner[1], corner[2]);
            }
        }
    for (int sign = 0; sign < 8; sign++)
        sample_add(out, "O", sign & 1 ? -b : b, sign & 2 ? -b : b, sign & 4 ? -b : b);
}

/* Keggin's ion, idealised: twelve metals on a cuboctahedron, bridging oxygen over its edges, one outside of each. */
static void keggin(sample_atoms *out, const char *metal)
{
    const double edge = 3.55, radius = edge, bridge = 1.93, terminal = 1.70;
    double at[12][3];
    int n = 0;
    for (int k = 0; k < 3; k++)
        for (int sign = 0; sign < 4; sign++, n++) {
            at[n][k] = 0;
            at[n][(k + 1) % 3] = (sign & 1 ? -1 : 1) * radius / sqrt(2);
            at[n][(k + 2) % 3] = (sign & 2 ? -1 : 1) * radius / sqrt(2);
        }
    for (int i = 0; i < 12; i++) {
        double out_by = 1 + terminal / radius;
        sample_add(out, metal, at[i][0], at[i][1], at[i][2]);
        sample_add(out, "O", out_by * at[i][0], out_by * at[i][1], out_by * at[i][2]);
        for (int j = 0; j < i; j++) {
            double middle[3], d = 0, length = 0;
            for (int k = 0; k < 3; k++) {
                middle[k] = 0.5 * (at[i][k] + at[j][k]);
                d += pow(at[i][k] - at[j][k], 2);
                length += middle[k] * middle[k];
            }
            if (d > 1.1 * edge * edge)
                continue;
            double factor = 1 + sqrt(bridge * bridge - 0.25 * d) / sqrt(length);
            sample_add(out, "O", factor * middle[0], factor * middle[1], factor * middle[2]);
        }
    }
}

void sample_molecule(sample_atoms *out, const char *name)
{
    *out = (sample_atoms){0};
    if (strcmp(name, "C60") == 0)
        fullerene(out);
    else if (strcmp(name, "C10H8") == 0)
        two_rings(out);
    else if (strcmp(name, "Zr6O32") == 0)
        octahedral_core(out, "Zr", 3.50);
    else if (strcmp(name, "Ce6O32") == 0)
        octahedral_core(out, "Ce", 3.75);
    else if (strcmp(name, "Bi6O32") == 0)
        octahedral_core(out, "Bi", 3.68);
    else
        keggin(out, strncmp(name, "W", 1) == 0 ? "W" : "Mo");
}
