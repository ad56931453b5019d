#include "propose/climb.h"

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "propose/climb_step.h"
#include "propose/shape_cluster.h"
#include "refine/crew.h"
#include "refine/groups.h"

/* Starts are taken in rounds; a round in which nobody got anywhere, or one got to the top, is the last. */
enum { ROUND = 4, MOST_STARTS = 12, STARTS_OF_KIND = 2, MOST_STEPS = 60 };
static const double kind_ratio = 1.05; /* atoms: starts of one type and about one size climb the same hill */
static const double perfect_chi = GROUPS_PERFECT_RW * GROUPS_PERFECT_RW;
/* A climb that has not earned this share of its price is given up. */
static const double least_share = 0.2;
/* Of the misfit: a step that gains less is the last. */
static const double least_gain = 1e-3;

typedef struct {
    size_t i_entry;
    deepstruc_cluster *found; /* NULL: nothing told apart from the start */
    bool hopeful;             /* it got somewhere */
    bool at_top;              /* it fits perfectly */
} climber;

typedef struct {
    const climb_settings *settings;
    const candidate_pool *pool;
    double best_chi; /* of the pool */
    climber *climber;
} party;

/* Shortest distance of a structure, in its own units: the bond length of its frame, also in an icosahedron, whose bonds
 * along the shells are longer. */
static double shortest(const deepstruc_cluster *cluster)
{
    double least = INFINITY;
    for (size_t i = 0; i < cluster->n_atoms; i++)
        for (size_t j = 0; j < i; j++) {
            const double *a = cluster->xyz + 3 * i, *b = cluster->xyz + 3 * j;
            double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
            least = fmin(least, x * x + y * y + z * z);
        }
    return sqrt(least);
}

static bool is_perfect(double chi)
{
    return chi < perfect_chi;
}

/* Sites that one of two shapes has and the other has not; both lists rise. */
static size_t n_different(const frame_shape *a, const frame_shape *b)
{
    size_t i = 0, j = 0, n_both = 0;
    while (i < a->n_atoms && j < b->n_atoms) {
        n_both += a->site[i] == b->site[j];
        size_t site = a->site[i] < b->site[j] ? a->site[i] : b->site[j];
        i += a->site[i] == site;
        j += b->site[j] == site;
    }
    return a->n_atoms + b->n_atoms - 2 * n_both;
}

/* The logarithm of the number of ways to choose as many changes, whose order does not matter, from what there was to
 * choose from. What was done and undone again does not count. */
static double price_of(size_t n_changes, size_t n_choices)
{
    return (double)n_changes * log((double)n_choices) - lgamma((double)n_changes + 1);
}

/* In the logarithm of the weight. */
static double gain_of(double chi_before, double chi)
{
    return GROUPS_SHARPEST * log((chi_before + perfect_chi) / (chi + perfect_chi));
}

/* Goes up from `start`, as long as what it gains is worth it. What it comes to is told where it pays its price by what
 * it gains over the best of the pool: a poor start gains much by any way up. */
static deepstruc_status climb(climb_place *at, const frame_shape *start, double best_chi, deepstruc_refiner *refiner,
                              climber *c, bool *told)
{
    deepstruc_status status = climb_settle(at, refiner);
    double chi_start = at->chi, price = 0;
    size_t n_changes = 0, n_choices = 1;
    for (int step = 0; step < MOST_STEPS && status == DEEPSTRUC_OK; step++) {
        double before = at->chi;
        climb_taken taken;
        status = climb_step(at, refiner, &taken);
        if (status != DEEPSTRUC_OK || taken.n_changes == 0)
            break;
        status = climb_settle(at, refiner);
        n_changes += taken.n_changes;
        n_choices = taken.n_choices > n_choices ? taken.n_choices : n_choices;
        size_t net = n_different(start, &at->shape);
        price = price_of(net < n_changes ? net : n_changes, n_choices);
        c->hopeful = gain_of(chi_start, at->chi) >= least_share * price;
        if (!c->hopeful || !(at->chi < (1 - least_gain) * before))
            break;
    }
    c->at_top = is_perfect(at->chi);
    *told = n_changes > 0 && (gain_of(fmin(chi_start, best_chi), at->chi) > price || c->at_top);
    return status;
}

static deepstruc_status climb_from(void *user, size_t i, deepstruc_refiner *refiner)
{
    const party *p = user;
    climber *c = &p->climber[i];
    const pool_entry *start = &p->pool->entry[c->i_entry];
    const frame_set *frames = p->settings->frames;
    climb_place *at = NULL;
    deepstruc_status status = climb_place_create(&at, frames, refiner->target->n, p->settings->max_atoms);
    if (status != DEEPSTRUC_OK)
        return status;
    double bond = shortest(start->cluster);
    if (frame_fit(frames, frame_family_of(start->cluster->type), start->cluster->xyz, start->cluster->n_atoms, 1 / bond,
                  &at->shape)) {
        const frame_shape from = at->shape;
        bool told = false;
        at->bond = bond * start->unit * start->fit.expansion;
        at->biso = start->fit.biso;
        status = climb(at, &from, p->best_chi, refiner, c, &told);
        if (status == DEEPSTRUC_OK && told)
            status = shape_cluster_found(&c->found, frames, &at->shape, at->bond, "climbed", NULL);
    }
    climb_place_destroy(at);
    return status;
}

/* The best of the pool, but few of one type and about one size; their number. */
static size_t choose_starts(const candidate_pool *pool, climber starts[MOST_STARTS])
{
    size_t n = 0;
    for (size_t i = 0; i < pool->n && n < MOST_STARTS; i++) {
        const deepstruc_cluster *cluster = pool->entry[i].cluster;
        size_t alike = 0;
        for (size_t j = 0; j < n; j++) {
            const deepstruc_cluster *other = pool->entry[starts[j].i_entry].cluster;
            alike += other->type == cluster->type &&
                     fabs(log((double)other->n_atoms / (double)cluster->n_atoms)) < log(kind_ratio);
        }
        if (alike < STARTS_OF_KIND)
            starts[n++] = (climber){.i_entry = i};
    }
    return n;
}

deepstruc_status propose_climb(candidate_pool *pool, const climb_settings *settings, const deepstruc_progress *progress,
                               deepstruc_diag *diag)
{
    climber starts[MOST_STARTS] = {0};
    size_t n = choose_starts(pool, starts);
    const deepstruc_fit *best = n > 0 ? &pool->entry[starts[0].i_entry].fit : NULL;
    double best_chi = !best ? 0 : settings->target->weighted ? pow(best->rw_weighted, 2) : pow(best->rw, 2);
    deepstruc_status status = DEEPSTRUC_OK;
    bool go_on = true;
    for (size_t first = 0; first < n && go_on && status == DEEPSTRUC_OK; first += ROUND) {
        size_t n_round = n - first < ROUND ? n - first : ROUND;
        party p = {settings, pool, best_chi, starts + first};
        const crew_task task = {.work = climb_from, .user = &p};
        status = crew_run(settings->target, n_round, settings->threads, &task, "atoms", (double)first / (double)n,
                          (double)(first + n_round) / (double)n, progress, diag);
        bool hopeful = false, at_top = false;
        for (size_t i = first; i < first + n_round; i++) {
            hopeful |= starts[i].hopeful;
            at_top |= starts[i].at_top;
        }
        go_on = hopeful && !at_top;
    }
    for (size_t i = 0; i < n; i++)
        if (starts[i].found && status == DEEPSTRUC_OK)
            status = pool_add(pool, starts[i].found, "climb", diag);
        else
            deepstruc_cluster_destroy(starts[i].found);
    return status;
}
