#include "dataset/frame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "dataset/frame_parent.h"

static const double TOLERANCE = 0.02; /* of matching, bond lengths: sites are at least 0.57 apart */

const char *frame_family_name(frame_family family)
{
    static const char *const text[] = {
#define X(name, text) text,
        FRAME_FAMILY_LIST(X)
#undef X
    };
    return (unsigned)family < FRAME_N_FAMILIES ? text[family] : "unknown";
}

frame_family frame_family_of(deepstruc_type type)
{
    switch (type) {
    case DEEPSTRUC_TYPE_SC:
        return FRAME_SC;
    case DEEPSTRUC_TYPE_BCC:
        return FRAME_BCC;
    case DEEPSTRUC_TYPE_FCC:
    case DEEPSTRUC_TYPE_OCTAHEDRON:
        return FRAME_FCC;
    case DEEPSTRUC_TYPE_HCP:
        return FRAME_HCP;
    case DEEPSTRUC_TYPE_STACKING:
    case DEEPSTRUC_TYPE_TWIN:
        return FRAME_STACKING;
    case DEEPSTRUC_TYPE_DECAHEDRON:
        return FRAME_DECAHEDRON;
    case DEEPSTRUC_TYPE_ICOSAHEDRON:
        return FRAME_ICOSAHEDRON;
    default:
        return FRAME_N_FAMILIES;
    }
}

/* ---- finding sites -------------------------------------------------------------------------------------------- */

/* The offset keeps the lattices' own coordinates (halves, thirds, roots) away from the edges of the cells. */
static size_t bucket_of(const frame *f, double x, double y, double z)
{
    const double cells = 8, offset = 0.31731;
    uint64_t h = (uint64_t)(int64_t)floor(x * cells + offset) * 0x9e3779b97f4a7c15u;
    h = (h ^ (uint64_t)(int64_t)floor(y * cells + offset)) * 0xbf58476d1ce4e5b9u;
    h = (h ^ (uint64_t)(int64_t)floor(z * cells + offset)) * 0x94d049bb133111ebu;
    return (size_t)(h >> 40) & (f->n_buckets - 1);
}

static bool hash_sites(frame *f)
{
    for (f->n_buckets = 1; f->n_buckets < 4 * f->n_sites;)
        f->n_buckets *= 2;
    f->bucket = memory_zeroed(f->n_buckets, sizeof *f->bucket);
    if (!f->bucket)
        return false;
    for (size_t i = 0; i < f->n_sites; i++) {
        size_t b = bucket_of(f, f->site[i][0], f->site[i][1], f->site[i][2]);
        while (f->bucket[b])
            b = (b + 1) & (f->n_buckets - 1);
        f->bucket[b] = (uint32_t)i + 1;
    }
    return true;
}

static double distance_squared(const double a[3], const double b[3])
{
    double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
    return x * x + y * y + z * z;
}

size_t frame_find(const frame *f, const double p[3])
{
    /* A position near the edge of a cell may have its site in the next one: both ends of the tolerance are asked. */
    for (int corner = 0; corner < 8; corner++) {
        double x = p[0] + (corner & 1 ? TOLERANCE : -TOLERANCE), y = p[1] + (corner & 2 ? TOLERANCE : -TOLERANCE),
               z = p[2] + (corner & 4 ? TOLERANCE : -TOLERANCE);
        size_t b = bucket_of(f, x, y, z);
        for (; f->bucket[b]; b = (b + 1) & (f->n_buckets - 1))
            if (distance_squared(f->site[f->bucket[b] - 1], p) < TOLERANCE * TOLERANCE)
                return f->bucket[b] - 1;
    }
    return FRAME_NOWHERE;
}

/* ---- tables ----------------------------------------------------------------------------------------------------- */

static void find_neighbours(frame *f)
{
    for (size_t i = 0; i < f->n_sites; i++) {
        uint16_t *list = f->neighbour + i * FRAME_NEIGHBOURS;
        size_t n = 0;
        for (size_t j = 0; j < f->n_sites && n < FRAME_NEIGHBOURS; j++) {
            double d2 = distance_squared(f->site[i], f->site[j]);
            if (d2 > 0.95 * 0.95 && d2 < 1.1 * 1.1)
                list[n++] = (uint16_t)j;
        }
        while (n < FRAME_NEIGHBOURS)
            list[n++] = FRAME_NOWHERE;
    }
}

/* Operations of the crystal's point group that keep the parent about this origin: they take every site near the origin
 * to a site. */
static bool find_images(frame *f, const frame_operations *all)
{
    const double near = 2.3;
    f->image = memory_zeroed(all->n * f->n_sites, sizeof *f->image);
    if (!f->image)
        return false;
    for (size_t i_op = 0; i_op < all->n; i_op++) {
        uint16_t *image = f->image + f->n_ops * f->n_sites;
        bool keeps = true;
        for (size_t i = 0; i < f->n_sites && keeps; i++) {
            double turned[3], r2 = distance_squared(f->site[i], (double[3]){0});
            frame_turn(all->matrix[i_op], f->site[i], turned);
            image[i] = (uint16_t)frame_find(f, turned);
            keeps = image[i] != FRAME_NOWHERE || r2 > near * near;
        }
        f->n_ops += keeps;
    }
    return true;
}

/* Any function without symmetry will do; the quadratic part orders the axes by extent, the odd ones choose the ends. */
static double preference_at(const double r[3])
{
    double x = r[0], y = r[1], z = r[2], length = sqrt(x * x + y * y + z * z) + 1e-9;
    double quadratic = 1.00 * z * z + 0.47 * x * x + 0.11 * x * y + 0.07 * y * z + 0.05 * x * z;
    double cubic = 0.31 * z * z * z + 0.23 * x * x * x + 0.19 * y * y * y + 0.13 * x * x * y + 0.09 * x * y * z;
    double quartic = 0.17 * x * x * x * x + 0.12 * y * y * y * z + 0.06 * x * x * y * z;
    return quadratic + 0.29 * (z + 0.61 * x + 0.37 * y) + cubic / length + quartic / (length * length);
}

static uint64_t digest_of(const frame_set *set)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (int k = 0; k < FRAME_COUNT; k++)
        for (size_t i = 0; i < set->frame[k].n_sites; i++)
            for (int c = 0; c < 3; c++)
                h = (h ^ (uint64_t)(int64_t)lround(set->frame[k].site[i][c] * 1000)) * 0x100000001b3u;
    return h;
}

void frame_set_destroy(frame_set *set)
{
    if (!set)
        return;
    for (int k = 0; k < FRAME_COUNT; k++) {
        frame *f = &set->frame[k];
        free(f->site);
        free(f->neighbour);
        free(f->layer);
        free(f->letter);
        free(f->image);
        free(f->preference);
        free(f->centre);
        free(f->bucket);
    }
    free(set);
}

deepstruc_status frame_set_create(frame_set **out, deepstruc_diag *diag)
{
    frame_set *set = memory_zeroed(1, sizeof *set);
    bool good = set != NULL;
    for (int k = 0; good && k < FRAME_COUNT; k++) {
        frame *f = &set->frame[k];
        frame_operations *ops = memory_zeroed(1, sizeof *ops);
        good = ops && frame_parent_sites(f, k, false) && hash_sites(f);
        if (good) {
            f->neighbour = memory_zeroed(f->n_sites * FRAME_NEIGHBOURS, sizeof *f->neighbour);
            f->preference = memory_zeroed(f->n_sites, sizeof *f->preference);
            frame_parent_operations(f->family, ops);
            good = f->neighbour && f->preference && find_images(f, ops);
        }
        free(ops);
        if (!good)
            break;
        find_neighbours(f);
        for (size_t i = 0; i < f->n_sites; i++)
            f->preference[i] = preference_at(f->site[i]);
        f->offset = set->n_sites;
        set->n_sites += f->n_sites;
    }
    if (!good) {
        frame_set_destroy(set);
        return diag_no_memory(diag);
    }
    set->digest = digest_of(set);
    *out = set;
    return DEEPSTRUC_OK;
}

/* ---- shapes -------------------------------------------------------------------------------------------------------
 */

static int by_number(const void *a, const void *b)
{
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

void frame_canonical(const frame_set *set, frame_shape *shape)
{
    const frame *f = &set->frame[shape->frame];
    double best = -INFINITY;
    size_t best_op = f->n_ops;
    for (size_t i_op = 0; i_op < f->n_ops; i_op++) {
        const uint16_t *image = f->image + i_op * f->n_sites;
        double sum = 0;
        size_t i = 0;
        for (; i < shape->n_atoms && image[shape->site[i]] != FRAME_NOWHERE; i++)
            sum += f->preference[image[shape->site[i]]];
        if (i == shape->n_atoms && sum > best + 1e-6) {
            best = sum;
            best_op = i_op;
        }
    }
    if (best_op < f->n_ops)
        for (size_t i = 0; i < shape->n_atoms; i++)
            shape->site[i] = f->image[best_op * f->n_sites + shape->site[i]];
    qsort(shape->site, shape->n_atoms, sizeof *shape->site, by_number);
}

bool frame_is_centred(const frame_set *set, const frame_shape *shape)
{
    const frame *f = &set->frame[shape->frame];
    double mean[3] = {0};
    for (size_t i = 0; i < shape->n_atoms; i++)
        for (int c = 0; c < 3; c++)
            mean[c] += f->site[shape->site[i]][c] / (double)shape->n_atoms;
    double own = distance_squared(mean, (double[3]){0});
    for (size_t i = 0; i < f->n_centres; i++)
        if (distance_squared(mean, f->centre[i]) < own - 1e-6)
            return false;
    return true;
}

/* Puts a cluster, turned by `matrix`, on a frame with its atom `anchor` on site `at`; false unless every atom hits. */
static bool place(const frame *f, const double *xyz, size_t n, double unit, const double matrix[9], size_t anchor,
                  size_t at, frame_shape *out)
{
    for (size_t i = 0; i < n; i++) {
        double from[3], to[3];
        for (int c = 0; c < 3; c++)
            from[c] = (xyz[3 * i + c] - xyz[3 * anchor + c]) * unit;
        frame_turn(matrix, from, to);
        for (int c = 0; c < 3; c++)
            to[c] += f->site[at][c];
        size_t site = frame_find(f, to);
        if (site == FRAME_NOWHERE)
            return false;
        out->site[i] = (uint16_t)site;
    }
    out->n_atoms = n;
    return true;
}

bool frame_fit(const frame_set *set, frame_family family, const double *xyz, size_t n, double unit, frame_shape *out)
{
    if (n == 0 || n > FRAME_MAX_SITES || family >= FRAME_N_FAMILIES)
        return false;
    double mean[3] = {0};
    for (size_t i = 0; i < 3 * n; i++)
        mean[i % 3] += xyz[i] / (double)n;
    size_t anchor = 0;
    for (size_t i = 1; i < n; i++)
        if (distance_squared(xyz + 3 * i, mean) < distance_squared(xyz + 3 * anchor, mean) - 1e-9)
            anchor = i;
    frame_operations *ops = memory_zeroed(1, sizeof *ops);
    frame_shape *trial = memory_zeroed(1, sizeof *trial);
    double best = INFINITY;
    if (ops && trial) {
        frame_parent_operations(family, ops);
        for (int k = 0; k < FRAME_COUNT; k++) {
            const frame *f = &set->frame[k];
            if (f->family != family)
                continue;
            for (size_t i_op = 0; i_op < ops->n; i_op++) {
                double from[3], to[3];
                for (int c = 0; c < 3; c++)
                    from[c] = (xyz[3 * anchor + c] - mean[c]) * unit;
                frame_turn(ops->matrix[i_op], from, to);
                for (size_t at = 0; at < f->n_sites && distance_squared(f->site[at], (double[3]){0}) < 4; at++) {
                    /* The centroid's place when the anchor sits on this site. */
                    double off = distance_squared(f->site[at], to);
                    if (off < best - 1e-6 && off < 1 && place(f, xyz, n, unit, ops->matrix[i_op], anchor, at, trial)) {
                        best = off;
                        trial->frame = k;
                        *out = *trial;
                    }
                }
            }
        }
    }
    free(ops);
    free(trial);
    if (!isfinite(best))
        return false;
    frame_canonical(set, out);
    return true;
}
