/* A sum over pairs of atoms is quadratic in what is occupied. So the curve after two changes is the sum of what each
 * does alone, but for the pairs between the two: the misfits of all pairs of changes follow from scalar products, and
 * only the best of them are simulated. */
#include "propose/climb_step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { SIMULATED_PAIRS = 16 };
static const double room = 0.02; /* relative: what a bond length may move between two steps */

struct climb_scratch {
    size_t n_points;
    climb_directions directions;
    climb_changes changes;
    bool occupied[FRAME_MAX_SITES];
    double xyz[3 * FRAME_MAX_SITES]; /* of what is occupied, in bond lengths */
    /* Of each change alone: the misfit; its curve times its atoms, less the same of what is there, weighted; that one's
     * product with the data, with what is there, with itself. */
    double chi[CLIMB_CHANGES], with_data[CLIMB_CHANGES], with_base[CLIMB_CHANGES], square[CLIMB_CHANGES];
    double *base, *data, *difference; /* n_points, n_points, CLIMB_CHANGES x n_points */
};

void climb_place_destroy(climb_place *at)
{
    if (at && at->scratch) {
        free(at->scratch->base);
        free(at->scratch->data);
        free(at->scratch->difference);
    }
    if (at)
        free(at->scratch);
    free(at);
}

deepstruc_status climb_place_create(climb_place **out, const frame_set *frames, size_t n_points, size_t max_atoms)
{
    climb_place *at = memory_zeroed(1, sizeof *at);
    climb_scratch *s = memory_zeroed(1, sizeof *s);
    if (at)
        *at = (climb_place){.frames = frames, .max_atoms = max_atoms, .scratch = s};
    if (s) {
        s->n_points = n_points;
        s->base = memory_zeroed(n_points, sizeof *s->base);
        s->data = memory_zeroed(n_points, sizeof *s->data);
        s->difference = memory_zeroed(CLIMB_CHANGES, n_points * sizeof *s->difference);
    }
    if (!at || !s || !s->base || !s->data || !s->difference) {
        if (!at && s)
            free(s);
        climb_place_destroy(at);
        return DEEPSTRUC_NO_MEMORY;
    }
    *out = at;
    return DEEPSTRUC_OK;
}

static const frame *frame_of(const climb_place *at)
{
    return &at->frames->frame[at->shape.frame];
}

/* Loads what is occupied; its atoms into *n. */
static deepstruc_status load(const climb_place *at, deepstruc_refiner *refiner, size_t *n)
{
    const frame *f = frame_of(at);
    climb_scratch *s = at->scratch;
    *n = 0;
    for (size_t i = 0; i < f->n_sites; i++)
        if (s->occupied[i])
            memcpy(s->xyz + 3 * (*n)++, f->site[i], sizeof f->site[i]);
    return refiner_load(refiner, &(deepstruc_cluster){.n_atoms = *n, .xyz = s->xyz}, at->bond, NULL);
}

deepstruc_status climb_settle(climb_place *at, deepstruc_refiner *refiner)
{
    const deepstruc_target *target = refiner->target;
    const refiner_box box = {{1 - room, target->biso_min}, {1 + room, target->biso_max}};
    climb_scratch *s = at->scratch;
    refiner_point best;
    size_t n;
    memset(s->occupied, 0, sizeof s->occupied);
    for (size_t i = 0; i < at->shape.n_atoms; i++)
        s->occupied[at->shape.site[i]] = true;
    deepstruc_status status = load(at, refiner, &n);
    if (status != DEEPSTRUC_OK)
        return status;
    refiner_polish(refiner, &box, (refiner_point){1, at->biso}, REFINER_FOLLOW_EVALUATIONS, &best, &at->chi);
    at->bond *= best.expansion;
    at->biso = best.biso;
    return DEEPSTRUC_OK;
}

/* Misfit of what is occupied; INFINITY for what is no structure. The curve (may be NULL) times its atoms is a plain sum
 * over pairs. */
static double simulate(const climb_place *at, deepstruc_refiner *refiner, double *curve)
{
    size_t n;
    double chi;
    if (load(at, refiner, &n) != DEEPSTRUC_OK || n > at->max_atoms)
        return INFINITY;
    deepstruc_scatter_evaluate(refiner->scatter, 1, at->biso, refiner->g, NULL, NULL);
    double scale = refiner_best_scale(refiner, &chi);
    for (size_t k = 0; curve && k < at->scratch->n_points; k++)
        curve[k] = refiner->root_weight[k] * (double)n * refiner->g[k];
    return scale > 0 ? chi : INFINITY;
}

static double product(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += a[k] * b[k];
    return sum;
}

/* Every change alone, simulated. */
static void try_changes(climb_place *at, deepstruc_refiner *refiner)
{
    climb_scratch *s = at->scratch;
    size_t n = s->n_points;
    for (size_t k = 0; k < n; k++)
        s->data[k] = refiner->root_weight[k] * refiner->target->g[k];
    simulate(at, refiner, s->base);
    for (size_t i = 0; i < s->changes.n; i++) {
        double *d = s->difference + i * n;
        climb_apply(&s->changes, i, s->occupied);
        s->chi[i] = simulate(at, refiner, d);
        climb_apply(&s->changes, i, s->occupied);
        for (size_t k = 0; k < n && isfinite(s->chi[i]); k++)
            d[k] -= s->base[k];
        s->with_data[i] = product(s->data, d, n);
        s->with_base[i] = product(s->base, d, n);
        s->square[i] = product(d, d, n);
    }
}

typedef struct {
    double chi;
    size_t i, j; /* equal: one change */
} choice;

static void keep_best(choice best[SIMULATED_PAIRS], choice c)
{
    size_t k = SIMULATED_PAIRS - 1;
    if (!(c.chi < best[k].chi))
        return;
    for (; k > 0 && c.chi < best[k - 1].chi; k--)
        best[k] = best[k - 1];
    best[k] = c;
}

/* The pairs of changes that promise most, better than `chi`; the places left over have i == j. */
static void promising_pairs(const climb_scratch *s, double chi, choice best[SIMULATED_PAIRS])
{
    size_t n = s->n_points;
    double data = product(s->data, s->data, n), base = product(s->base, s->base, n),
           both = product(s->data, s->base, n);
    for (size_t k = 0; k < SIMULATED_PAIRS; k++)
        best[k] = (choice){chi, 0, 0};
    for (size_t i = 0; i < s->changes.n; i++)
        for (size_t j = 0; j < i && isfinite(s->chi[i]); j++) {
            if (!isfinite(s->chi[j]))
                continue;
            double along = both + s->with_data[i] + s->with_data[j],
                   square = base + s->square[i] + s->square[j] +
                            2 * (s->with_base[i] + s->with_base[j] +
                                 product(s->difference + i * n, s->difference + j * n, n));
            keep_best(best, (choice){1 - along * along / (square * data), i, j});
        }
}

/* The best of single changes and of the most promising pairs, all simulated. */
static choice best_choice(climb_place *at, deepstruc_refiner *refiner)
{
    climb_scratch *s = at->scratch;
    choice best = {at->chi, 0, 0}, pair[SIMULATED_PAIRS];
    for (size_t i = 0; i < s->changes.n; i++)
        if (s->chi[i] < best.chi)
            best = (choice){s->chi[i], i, i};
    promising_pairs(s, best.chi, pair);
    for (size_t k = 0; k < SIMULATED_PAIRS && pair[k].i != pair[k].j; k++) {
        climb_apply(&s->changes, pair[k].i, s->occupied);
        climb_apply(&s->changes, pair[k].j, s->occupied);
        double chi = simulate(at, refiner, NULL);
        climb_apply(&s->changes, pair[k].j, s->occupied);
        climb_apply(&s->changes, pair[k].i, s->occupied);
        if (chi < best.chi)
            best = (choice){chi, pair[k].i, pair[k].j};
    }
    return best;
}

deepstruc_status climb_step(climb_place *at, deepstruc_refiner *refiner, climb_taken *taken)
{
    const frame *f = frame_of(at);
    climb_scratch *s = at->scratch;
    if (s->directions.n == 0)
        climb_find_directions(&s->directions, f);
    climb_list_changes(&s->changes, f, s->occupied, &s->directions);
    try_changes(at, refiner);
    choice best = best_choice(at, refiner);
    *taken = (climb_taken){!(best.chi < at->chi) ? 0 : best.i == best.j ? 1 : 2, s->changes.n};
    if (taken->n_changes == 0)
        return DEEPSTRUC_OK;
    climb_apply(&s->changes, best.i, s->occupied);
    if (best.j != best.i)
        climb_apply(&s->changes, best.j, s->occupied);
    at->shape.n_atoms = 0;
    for (size_t i = 0; i < f->n_sites; i++)
        if (s->occupied[i])
            at->shape.site[at->shape.n_atoms++] = (uint16_t)i;
    return DEEPSTRUC_OK;
}
