#include "cluster/crystal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "cluster/elements.h"
#include "cluster/readers.h"

/* Å: images of one atom that are nearer than this are the same atom on a special position. Coordinates of four digits
 * in a cell of 50 Å miss it by 0.01 Å; no two atoms come so near. */
static const double same_atom = 0.3;
static const double max_coordinate = 1e5; /* cells, or Å; larger numbers are damage */

void crystal_init(crystal *c)
{
    *c = (crystal){.cell = {0, 0, 0, 90, 90, 90}};
}

void crystal_clear(crystal *c)
{
    free(c->place);
}

deepstruc_status crystal_add(crystal *c, const words *w, int species, const double place[3], double occupancy,
                             deepstruc_diag *diag)
{
    if (occupancy == 0)
        return DEEPSTRUC_OK;
    if (!(fabs(occupancy - 1) < 1e-3))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line,
                            "atom %zu is there with an occupancy of %g only; whole atoms are treated: keep one of the "
                            "alternatives, with occupancy 1",
                            c->n + 1, occupancy);
    for (int k = 0; k < 3; k++)
        if (!(fabs(place[k]) <= max_coordinate))
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, w->name, w->line, "atom %zu: coordinate %c is %g", c->n + 1,
                                "xyz"[k], place[k]);
    if (c->n >= DEEPSTRUC_MAX_ATOMS)
        return diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, w->name, w->line, "more than %d atoms", DEEPSTRUC_MAX_ATOMS);
    if (c->n > 0 && species != c->species)
        return reader_several_elements(w->name, w->line, c->species, species, diag);
    if (!MEMORY_GROW(&c->place, &c->capacity, 3 * (c->n + 1)))
        return diag_no_memory(diag);
    memcpy(c->place + 3 * c->n++, place, 3 * sizeof *place);
    c->species = species;
    return DEEPSTRUC_OK;
}

/* Rows of m: the cell's vectors in Å, a along x and b in the plane of x and y. */
static deepstruc_status cell_vectors(const double cell[6], double m[3][3], const char *name, deepstruc_diag *diag)
{
    double cosine[3], sine_gamma = sin(cell[5] * M_PI / 180);
    for (int k = 0; k < 3; k++)
        cosine[k] = cell[3 + k] == 90 ? 0 : cos(cell[3 + k] * M_PI / 180);
    double y = (cosine[0] - cosine[1] * cosine[2]) / sine_gamma, z2 = 1 - cosine[1] * cosine[1] - y * y;
    bool lengths = cell[0] > 0 && cell[1] > 0 && cell[2] > 0 && cell[0] < 1e5 && cell[1] < 1e5 && cell[2] < 1e5;
    if (!(lengths && sine_gamma > 0 && z2 > 1e-6))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, 0,
                            "its cell %g %g %g, %g %g %g is none; lengths are Å, angles degrees", cell[0], cell[1],
                            cell[2], cell[3], cell[4], cell[5]);
    double rows[3][3] = {{cell[0], 0, 0},
                         {cell[1] * cosine[2], cell[1] * sine_gamma, 0},
                         {cell[2] * cosine[1], cell[2] * y, cell[2] * sqrt(z2)}};
    memcpy(m, rows, sizeof rows);
    return DEEPSTRUC_OK;
}

/* Every atom's images in place of the atom. */
static deepstruc_status apply_operations(crystal *c, double m[3][3], const char *name, deepstruc_diag *diag)
{
    crystal whole = {0};
    double image[SYMMETRY_MAX][3];
    for (size_t i = 0; i < c->n; i++) {
        size_t n = symmetry_orbit(c->operation, c->n_operations, c->place + 3 * i, m, same_atom, image);
        bool fits = whole.n + n <= DEEPSTRUC_MAX_ATOMS;
        if (!fits || !MEMORY_GROW(&whole.place, &whole.capacity, 3 * (whole.n + n))) {
            crystal_clear(&whole);
            return fits ? diag_no_memory(diag)
                        : diag_fail_at(diag, DEEPSTRUC_TOO_LARGE, name, 0, "has more than %d atoms in its cell",
                                       DEEPSTRUC_MAX_ATOMS);
        }
        memcpy(whole.place + 3 * whole.n, image, n * sizeof *image);
        whole.n += n;
    }
    symmetry_gather(whole.place, whole.n);
    free(c->place);
    c->place = whole.place;
    c->capacity = whole.capacity;
    c->n = whole.n;
    return DEEPSTRUC_OK;
}

deepstruc_status crystal_to_cluster(deepstruc_cluster **out, crystal *c, const char *name, deepstruc_diag *diag)
{
    double m[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    deepstruc_cluster *cluster;
    if (c->n == 0)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, name, 0, "holds no atoms");
    deepstruc_status status = c->cartesian ? DEEPSTRUC_OK : cell_vectors(c->cell, m, name, diag);
    if (status == DEEPSTRUC_OK && c->n_operations > 1)
        status = apply_operations(c, m, name, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_cluster_create(&cluster, c->n, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < c->n; i++)
        for (int k = 0; k < 3; k++)
            cluster->xyz[3 * i + (size_t)k] =
                c->place[3 * i] * m[0][k] + c->place[3 * i + 1] * m[1][k] + c->place[3 * i + 2] * m[2][k];
    element_symbol(c->species, cluster->element);
    text_copy(cluster->name, sizeof cluster->name, c->title);
    status = reader_measure_bonds(cluster, name, 0, diag);
    if (status == DEEPSTRUC_OK)
        *out = cluster;
    else
        deepstruc_cluster_destroy(cluster);
    return status;
}
