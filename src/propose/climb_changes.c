#include "propose/climb_changes.h"

#include <math.h>
#include <string.h>

/* An atom with so many neighbours is not at the surface. No frame has more symmetries than operations. */
enum { MOST_NEIGHBOURS = 12, MOST_OPERATIONS = 128 };
/* Bond lengths: planes are at least 0.2 apart. */
static const double same_plane = 0.05;
static const double too_close = 0.8;

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* ---- directions ------------------------------------------------------------------------------------------------- */

static void add_direction(climb_directions *to, const double v[3])
{
    static const double SAME = 0.999; /* cosine: 2.6 degrees */
    double length = sqrt(dot(v, v));
    if (to->n == CLIMB_DIRECTIONS || !(length > 0.1))
        return;
    for (size_t i = 0; i < to->n; i++)
        if (dot(to->direction[i], v) > SAME * length)
            return;
    for (int c = 0; c < 3; c++)
        to->direction[to->n][c] = v[c] / length;
    to->n++;
}

/* The bonds of the sites nearest to the origin: of four, since a frame need not have a site there, and those of one
 * need not be all that there are. */
static size_t bonds_near_origin(const frame *f, double (*bond)[3])
{
    enum { ORIGINS = 4 };
    size_t n = 0;
    for (size_t from = 0; from < ORIGINS && from < f->n_sites; from++) {
        const uint16_t *to = f->neighbour + from * FRAME_NEIGHBOURS;
        for (size_t i = 0; i < FRAME_NEIGHBOURS && to[i] != FRAME_NOWHERE; i++, n++)
            for (int c = 0; c < 3; c++)
                bond[n][c] = f->site[to[i]][c] - f->site[from][c];
    }
    return n;
}

void climb_find_directions(climb_directions *out, const frame *f)
{
    double bond[4 * FRAME_NEIGHBOURS][3];
    size_t n = bonds_near_origin(f, bond);
    out->n = 0;
    for (size_t i = 0; i < n; i++) {
        add_direction(out, bond[i]);
        add_direction(out, (double[3]){-bond[i][0], -bond[i][1], -bond[i][2]});
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double *a = bond[i], *b = bond[j];
            const double normal[3] = {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
            add_direction(out, normal);
        }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            const double *a = bond[i], *b = bond[j];
            add_direction(out, (double[3]){a[0] + b[0], a[1] + b[1], a[2] + b[2]});
        }
}

/* ---- sites ------------------------------------------------------------------------------------------------------ */

/* Stackings have three columns per layer, too close to each other to be occupied side by side. */
static bool has_room(const frame *f, const bool *occupied, size_t site)
{
    for (size_t i = 0; f->family == FRAME_STACKING && i < f->n_sites; i++) {
        const double *a = f->site[i], *b = f->site[site];
        const double apart[3] = {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
        if (occupied[i] && dot(apart, apart) < too_close * too_close)
            return false;
    }
    return true;
}

/* Neighbours that an atom must find to hold on to the surface: those it has on the faces that such clusters show. */
static size_t fewest_neighbours(frame_family family)
{
    return family == FRAME_SC ? 1 : family == FRAME_BCC ? 2 : 3;
}

static bool may_change(const frame *f, const bool *occupied, size_t site)
{
    const uint16_t *next = f->neighbour + site * FRAME_NEIGHBOURS;
    size_t n_sites = 0, n = 0;
    for (; n_sites < FRAME_NEIGHBOURS && next[n_sites] != FRAME_NOWHERE; n_sites++)
        n += occupied[next[n_sites]];
    return occupied[site] ? n < n_sites && n < MOST_NEIGHBOURS
                          : n >= fewest_neighbours(f->family) && has_room(f, occupied, site);
}

static void add_change(climb_changes *to, const uint16_t *site, size_t n)
{
    size_t first = to->first[to->n];
    if (n == 0 || to->n == CLIMB_CHANGES || n > CLIMB_CHANGE_SITES - first)
        return;
    memcpy(to->site + first, site, n * sizeof *site);
    to->first[++to->n] = first + n;
}

/* ---- planes ----------------------------------------------------------------------------------------------------- */

/* The outermost plane of atoms in a direction, and the one that would grow on it. */
static void add_planes(climb_changes *to, const frame *f, const bool *occupied, const bool *open,
                       const double direction[3])
{
    uint16_t outer[FRAME_MAX_SITES], next[FRAME_MAX_SITES];
    size_t n_outer = 0, n_next = 0, n_atoms = 0;
    double top = -INFINITY, above = INFINITY;
    for (size_t i = 0; i < f->n_sites; i++)
        if (occupied[i]) {
            top = fmax(top, dot(direction, f->site[i]));
            n_atoms++;
        }
    for (size_t i = 0; i < f->n_sites; i++)
        if (open[i] && !occupied[i] && dot(direction, f->site[i]) > top + same_plane)
            above = fmin(above, dot(direction, f->site[i]));
    for (size_t i = 0; i < f->n_sites; i++) {
        double here = dot(direction, f->site[i]);
        if (occupied[i] && here > top - same_plane)
            outer[n_outer++] = (uint16_t)i;
        if (open[i] && !occupied[i] && fabs(here - above) < same_plane)
            next[n_next++] = (uint16_t)i;
    }
    if (n_outer > 1 && 2 * n_outer < n_atoms)
        add_change(to, outer, n_outer);
    if (n_next > 1)
        add_change(to, next, n_next);
}

/* ---- orbits ----------------------------------------------------------------------------------------------------- */

/* The symmetries of the frame that leave the shape as it is. */
static size_t own_symmetries(const frame *f, const bool *occupied, const uint16_t *image[MOST_OPERATIONS])
{
    size_t n = 0;
    for (size_t i_op = 0; i_op < f->n_ops && n < MOST_OPERATIONS; i_op++) {
        const uint16_t *to = f->image + i_op * f->n_sites;
        size_t i = 0;
        while (i < f->n_sites && (!occupied[i] || (to[i] != FRAME_NOWHERE && occupied[to[i]])))
            i++;
        if (i == f->n_sites)
            image[n++] = to;
    }
    return n;
}

/* The sites that they carry `site` to. None where one leaves the table, or where an earlier site's orbit it is. */
static size_t orbit_of(size_t site, const uint16_t *const *image, size_t n_images, uint16_t orbit[MOST_OPERATIONS])
{
    size_t n = 0;
    for (size_t i = 0; i < n_images; i++) {
        uint16_t to = image[i][site];
        bool seen = false;
        if (to == FRAME_NOWHERE || to < site)
            return 0;
        for (size_t k = 0; k < n && !seen; k++)
            seen = orbit[k] == to;
        if (!seen)
            orbit[n++] = to;
    }
    return n;
}

void climb_list_changes(climb_changes *out, const frame *f, const bool *occupied, const climb_directions *directions)
{
    const uint16_t *image[MOST_OPERATIONS];
    uint16_t orbit[MOST_OPERATIONS];
    bool open[FRAME_MAX_SITES];
    size_t n_images = own_symmetries(f, occupied, image);
    out->n = out->first[0] = 0;
    for (size_t i = 0; i < f->n_sites; i++)
        open[i] = may_change(f, occupied, i);
    for (size_t i = 0; i < directions->n; i++)
        add_planes(out, f, occupied, open, directions->direction[i]);
    for (size_t i = 0; i < f->n_sites; i++) {
        size_t n = open[i] ? orbit_of(i, image, n_images, orbit) : 0;
        if (n > 1)
            add_change(out, orbit, n);
    }
    for (size_t i = 0; i < f->n_sites; i++)
        if (open[i])
            add_change(out, &(uint16_t){(uint16_t)i}, 1);
}

void climb_apply(const climb_changes *changes, size_t i, bool *occupied)
{
    for (size_t k = changes->first[i]; k < changes->first[i + 1]; k++)
        occupied[changes->site[k]] = !occupied[changes->site[k]];
}
