/* The published constructions beyond the published ranges: octahedra with corners cut, decahedra, icosahedra with and
 * without corners, blocks of hcp cells. */
#include <math.h>

#include "cluster/builders.h"
#include "cluster/catalogue.h"
#include "cluster/parents.h"

/* Sizes rise until even the smallest cluster of a size has too many atoms. */
static bool add_octahedra(collector *c)
{
    for (int length = 2; length <= 100; length++) {
        bool any = false;
        for (int cutoff = 0; 2 * cutoff + 1 <= length; cutoff++) {
            deepstruc_recipe one = deepstruc_recipe_octahedron(length, cutoff);
            any = any || recipe_place(&one, NULL) <= c->n_max;
            if (!collector_try(c, &one))
                return false;
        }
        if (!any)
            break;
    }
    return true;
}

static bool add_decahedra(collector *c)
{
    for (int r = 0; r <= 10; r++)
        for (int p = 1; p <= 40; p++)
            for (int q = 1; q <= 40; q++) {
                deepstruc_recipe one = deepstruc_recipe_decahedron(p, q, r);
                size_t n = recipe_place(&one, NULL);
                if (n > c->n_max) {
                    if (q == 1)
                        p = 40; /* larger p have more still */
                    break;
                }
                if (!collector_try(c, &one))
                    return false;
            }
    return true;
}

/* One set of missing corners of each kind: 82 of the 4096, by the distances among what is left. */
static bool add_corner_sets(collector *c, int shells)
{
    shape_set kinds = {0};
    bool good = true;
    for (unsigned missing = 1; good && missing < 4096; missing++) {
        moments sums = {0};
        double fingerprint[N_FINGERPRINT], x[3];
        for (int k = 0; k < 12; k++) {
            icosahedron_corner(k, x);
            if (missing >> k & 1)
                moments_add(&sums, x);
        }
        moments_fingerprint(&sums, fingerprint);
        shape_answer answer = shape_set_add(&kinds, (size_t)sums.scalar[0], fingerprint);
        deepstruc_recipe one = deepstruc_recipe_icosahedron(shells);
        one.param[1] = missing;
        good = answer != SHAPE_NO_MEMORY && (answer == SHAPE_KNOWN || collector_try(c, &one));
    }
    shape_set_clear(&kinds);
    return good;
}

/* Hollow ones and those under an anti-Mackay layer. */
static bool add_covered(collector *c, int shells)
{
    for (int cover = 0; cover <= 2; cover++)
        for (int hollow = 0; hollow <= 1; hollow++) {
            deepstruc_recipe one = deepstruc_recipe_icosahedron(shells);
            one.param[2] = cover;
            one.param[3] = hollow;
            if (!collector_try(c, &one))
                return false;
        }
    return true;
}

static bool add_icosahedra(collector *c)
{
    for (int shells = 2; shells <= 45; shells++) {
        deepstruc_recipe whole = deepstruc_recipe_icosahedron(shells);
        size_t n = recipe_place(&whole, NULL);
        if (n > c->n_max + 12)
            break;
        if (!add_covered(c, shells) || (n >= c->n_min && !add_corner_sets(c, shells)))
            return false;
    }
    return true;
}

/* No edge of a block is more than three times as long as another. */
static bool add_blocks(collector *c)
{
    const double height = 1.633, slimmest = 3;
    for (int a = 1; 2 * (size_t)a * (size_t)a <= slimmest * (double)c->n_max; a++)
        for (int b = a; b <= slimmest * a && 2 * (size_t)a * (size_t)b <= c->n_max; b++)
            for (int k = 1; 2 * (size_t)a * (size_t)b * (size_t)k <= c->n_max; k++) {
                deepstruc_recipe one = deepstruc_recipe_hcp(a, b, k);
                double low = fmin(a, k * height), high = fmax(b, k * height);
                if (high <= slimmest * low && !collector_try(c, &one))
                    return false;
            }
    return true;
}

bool collector_add_ideal(collector *c)
{
    return add_octahedra(c) && add_icosahedra(c) && add_decahedra(c) && add_blocks(c);
}
