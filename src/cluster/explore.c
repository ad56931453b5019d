/* How it works. Families of faces take few distinct values on the sites, so a cluster is told by one rank per family:
 * the largest values that its faces let in. For each pair of ranks of the first families the sites inside are walked by
 * rising value of the last one; each step of that value is one cluster, and the moments of its distances come from
 * adding the new sites to the old sums. A cluster is taken only at the smallest ranks that give it, so that each
 * appears once per scheme. */
#include "cluster/explore.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"

/* Longest clusters: farthest site over the radius of the ball of equal volume; 1.47 for an octahedron, 2.01 for a
 * tetrahedron, 1.33 for a cylinder three times as wide as high. */
static const double longest = 1.7, longest_tetrahedral = 2.1, longest_stack = 1.3;
/* Values that differ by less are one: more than what a limit is raised by. */
static const double same_value = 2 * SITE_TOLERANCE;
enum { MAX_RANKS = 200 };

typedef struct {
    double x[3], radius, value; /* of the last family */
    double first[2];            /* values, then ranks, of the families before it */
} site;

typedef struct {
    double value;
    uint32_t site;
} ordered;

struct explore_table {
    size_t n, capacity;
    site *sites;
    ordered *unsorted, *order; /* sites by rising value of the last family */
    uint32_t *inside;          /* sites of one walk */
    int n_ranks[2];
    double limit[2][MAX_RANKS];           /* the largest value of each rank */
    uint32_t count[MAX_RANKS][MAX_RANKS]; /* sites with ranks up to (i, j) */
};

deepstruc_status explorer_create(explorer *e, collector *into, deepstruc_diag *diag)
{
    *e = (explorer){.into = into, .table = memory_zeroed(1, sizeof *e->table)};
    return e->table ? DEEPSTRUC_OK : diag_no_memory(diag);
}

static void free_table(struct explore_table *t)
{
    free(t->sites);
    free(t->order);
    free(t->unsorted);
    free(t->inside);
}

void explorer_destroy(explorer *e)
{
    if (e->table)
        free_table(e->table);
    free(e->table);
    free(e->sites.xyz);
    *e = (explorer){0};
}

/* ---- sites ---------------------------------------------------------------------------------------------------- */

/* Radius of a ball that holds this many sites. */
static double ball_radius(const explorer *e, double n_sites)
{
    return cbrt(3 / (4 * M_PI) * n_sites * e->volume);
}

/* How far the farthest site of a cluster may be from the centre. */
static double allowed_reach(const explorer *e, double n_sites)
{
    double ratio = e->base.by == SCHEME_TETRAHEDRAL    ? longest_tetrahedral
                   : e->base.from.kind == PARENT_STACK ? longest_stack
                                                       : longest;
    return ratio * ball_radius(e, n_sites) + 0.5;
}

static bool reserve(struct explore_table *t, size_t n)
{
    if (n <= t->capacity)
        return true;
    free_table(t);
    t->capacity = n + n / 4;
    t->sites = memory_zeroed(t->capacity, sizeof *t->sites);
    t->order = memory_zeroed(t->capacity, sizeof *t->order);
    t->unsorted = memory_zeroed(t->capacity, sizeof *t->unsorted);
    t->inside = memory_zeroed(t->capacity + 1, sizeof *t->inside);
    if (t->sites && t->order && t->unsorted && t->inside)
        return true;
    t->capacity = 0;
    return false;
}

bool explorer_place(explorer *e, const carving *at, deepstruc_type type)
{
    static const double volumes[N_PARENTS] = {[PARENT_SC] = 1, [PARENT_BCC] = 0.5};
    e->base = *at;
    e->base.by =
        at->from.kind == PARENT_FCC ? SCHEME_TETRAHEDRAL : SCHEME_CUBIC; /* the longest that will be asked for */
    e->type = type;
    e->volume = volumes[at->from.kind] > 0 ? volumes[at->from.kind] : sqrt(0.5);
    e->sites.n = 0;
    /* A bond farther than that, so that what would reach farther is seen to do so. */
    return parent_sites(&at->from, allowed_reach(e, (double)e->into->n_max) + 1, &e->sites) &&
           reserve(e->table, e->sites.n);
}

/* ---- values and ranks ----------------------------------------------------------------------------------------- */

/* Sorts t->n ordered values: dealt out to as many equal cells as there are values, then neighbours are exchanged where
 * a cell holds several. Linear, since values spread evenly or coincide. Equal values keep their order. */
static void sort_values(struct explore_table *t)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < t->n; i++) {
        double value = t->unsorted[i].value;
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    double scale = high > low ? (double)(t->n - 1) / (high - low) : 0;
    uint32_t *start = t->inside; /* free at this time; one longer than there are sites */
    memset(start, 0, (t->n + 1) * sizeof *start);
    for (size_t i = 0; i < t->n; i++)
        start[(size_t)((t->unsorted[i].value - low) * scale) + 1]++;
    for (size_t i = 1; i <= t->n; i++)
        start[i] += start[i - 1];
    for (size_t i = 0; i < t->n; i++)
        t->order[start[(size_t)((t->unsorted[i].value - low) * scale)]++] = t->unsorted[i];
    for (size_t i = 1; i < t->n; i++) {
        ordered one = t->order[i];
        size_t k = i;
        for (; k > 0 && t->order[k - 1].value > one.value; k--)
            t->order[k] = t->order[k - 1];
        t->order[k] = one;
    }
}

/* Turns the values of family f (0 or 1) into ranks; drops sites beyond the last rank there is room for. */
static void rank_sites(struct explore_table *t, int f)
{
    for (size_t i = 0; i < t->n; i++)
        t->unsorted[i] = (ordered){t->sites[i].first[f], (uint32_t)i};
    sort_values(t);
    int rank = -1;
    for (size_t i = 0; i < t->n; i++) {
        double value = t->order[i].value;
        rank += i == 0 || value - t->order[i - 1].value > same_value;
        t->sites[t->order[i].site].first[f] = rank;
        if (rank < MAX_RANKS)
            t->limit[f][rank] = value;
    }
    t->n_ranks[f] = rank + 1 < MAX_RANKS ? rank + 1 : MAX_RANKS;
    size_t kept = 0;
    for (size_t i = 0; i < t->n; i++)
        if (t->sites[i].first[f] < MAX_RANKS)
            t->sites[kept++] = t->sites[i];
    t->n = kept;
}

static void count_ranks(struct explore_table *t)
{
    for (int i = 0; i < t->n_ranks[0]; i++)
        memset(t->count[i], 0, (size_t)t->n_ranks[1] * sizeof t->count[i][0]);
    for (size_t i = 0; i < t->n; i++)
        t->count[(int)t->sites[i].first[0]][(int)t->sites[i].first[1]]++;
    for (int i = 0; i < t->n_ranks[0]; i++)
        for (int j = 0; j < t->n_ranks[1]; j++)
            t->count[i][j] +=
                (i ? t->count[i - 1][j] : 0) + (j ? t->count[i][j - 1] : 0) - (i && j ? t->count[i - 1][j - 1] : 0);
}

/* The sites' values under the scheme of e->base, sorted and ranked. */
static void fill_table(explorer *e)
{
    struct explore_table *t = e->table;
    const scheme *s = &schemes[e->base.by];
    int last = s->n_families - 1;
    /* A single round surface: nothing beyond the largest ball is wanted. */
    double bound = last == 0 && s->families[0] >= ROUND && s->families[0] <= ROUND_AXIS
                       ? ball_radius(e, (double)e->into->n_max) / cbrt(e->base.stretch) + 1
                       : INFINITY;
    if (e->base.from.kind == PARENT_STACK)
        bound = INFINITY; /* layers end, so the surface may be cut and reach farther */
    t->n = 0;
    for (size_t i = 0; i < e->sites.n; i++) {
        const double *x = e->sites.xyz + 3 * i;
        double seen[3];
        carving_frame(&e->base, x, seen);
        site *one = &t->sites[t->n];
        one->value = family_value(s->families[last], seen, e->base.stretch);
        if (!(one->value <= bound))
            continue;
        memcpy(one->x, x, sizeof one->x);
        one->radius = sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
        for (int f = 0; f < 2; f++)
            one->first[f] = f < last ? family_value(s->families[f], seen, e->base.stretch) : 0;
        t->n++;
    }
    for (int f = 0; f < 2; f++)
        if (f < last)
            rank_sites(t, f);
        else
            t->n_ranks[f] = 1;
    for (size_t i = 0; i < t->n; i++)
        t->unsorted[i] = (ordered){t->sites[i].value, (uint32_t)i};
    sort_values(t);
    count_ranks(t);
}

/* ---- walks ---------------------------------------------------------------------------------------------------- */

/* The sites inside ranks i and j, as far as they can matter; `first` is how many it takes until both ranks are met. */
static size_t collect_inside(const explorer *e, int i, int j, size_t *first)
{
    const struct explore_table *t = e->table;
    size_t n = 0, met_i = 0, met_j = 0;
    for (size_t k = 0; k < t->n && n <= e->into->n_max; k++) {
        const site *one = &t->sites[t->order[k].site];
        if (one->first[0] > i || one->first[1] > j)
            continue;
        t->inside[n++] = t->order[k].site;
        if (!met_i && one->first[0] == i)
            met_i = n;
        if (!met_j && one->first[1] == j)
            met_j = n;
    }
    *first = !met_i || !met_j ? SIZE_MAX : met_i > met_j ? met_i : met_j;
    return n;
}

static bool is_octahedron(const explorer *e, bool last_is_open)
{
    const double *c = e->base.from.centre;
    bool middle = c[0] == c[1] && c[1] == c[2] && (c[0] == 0 || fabs(c[0] - sqrt(0.5)) < 1e-9);
    return e->type == DEEPSTRUC_TYPE_FCC && e->base.by == SCHEME_CUBIC && last_is_open && middle;
}

/* Whether a ball off the axis of five-fold symmetry still has the axis and what surrounds it inside; else it is a twin
 * or a piece of fcc. */
static bool keeps_its_axis(const explorer *e, double limit)
{
    const double *c = e->base.from.centre;
    double off = hypot(c[0], c[1]);
    if (e->base.from.kind == PARENT_ICOSAHEDRON)
        return off + fabs(c[2]) == 0 || hypot(off, c[2]) + 1 <= limit;
    return e->base.from.kind != PARENT_DECAHEDRON || off == 0 || off + sqrt(0.75) <= limit;
}

/* One cluster: the first n sites of the walk. */
static bool take(explorer *e, int i, int j, size_t n, double reach, const moments *sums, bool last_is_open)
{
    const struct explore_table *t = e->table;
    const scheme *s = &schemes[e->base.by];
    double last_limit = t->sites[t->inside[n - 1]].value;
    if (reach > allowed_reach(e, (double)n) || !keeps_its_axis(e, last_limit))
        return true;
    carving c = e->base;
    int ranks[2] = {i, j};
    for (int f = 0; f < 2 && f < s->n_families - 1; f++)
        c.limit[f] = t->limit[f][ranks[f]];
    c.limit[s->n_families - 1] = last_is_open && s->n_families > 1 ? NO_LIMIT : last_limit;
    c.reach = reach;
    double fingerprint[N_FINGERPRINT];
    moments_fingerprint(sums, fingerprint);
    deepstruc_recipe recipe = carving_recipe(&c, is_octahedron(e, last_is_open) ? DEEPSTRUC_TYPE_OCTAHEDRON : e->type);
    return collector_add(e->into, &recipe, n, fingerprint);
}

static bool walk(explorer *e, int i, int j)
{
    const struct explore_table *t = e->table;
    size_t first, n = collect_inside(e, i, j, &first);
    if (first < e->into->n_min)
        first = e->into->n_min;
    moments sums = {0};
    double reach = 0;
    for (size_t k = 0; k < n && first <= n; k++) {
        const site *one = &t->sites[t->inside[k]];
        moments_add(&sums, one->x);
        reach = one->radius > reach ? one->radius : reach;
        bool open = k + 1 == n, step = open || t->sites[t->inside[k + 1]].value - one->value > same_value;
        if (!step || k + 1 < first || k + 1 > e->into->n_max)
            continue;
        if (!take(e, i, j, k + 1, reach, &sums, open))
            return false;
    }
    return true;
}

bool explorer_run(explorer *e, scheme_id by, double stretch)
{
    e->base.by = by;
    e->base.stretch = stretch;
    fill_table(e);
    const struct explore_table *t = e->table;
    for (int i = 0; i < t->n_ranks[0]; i++)
        for (int j = 0; j < t->n_ranks[1]; j++) {
            bool new = (!i || t->count[i][j] > t->count[i - 1][j]) && (!j || t->count[i][j] > t->count[i][j - 1]);
            if (new && t->count[i][j] >= e->into->n_min && !walk(e, i, j))
                return false;
        }
    return true;
}
