#include "cluster/neighbours.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

enum { LEAF = 8 }; /* atoms in a range that is searched one by one */

/* ---- building ------------------------------------------------------------------------------------------------- */

static int widest_axis(const neighbours *tree, size_t low, size_t high)
{
    double min[3] = {INFINITY, INFINITY, INFINITY}, max[3] = {-INFINITY, -INFINITY, -INFINITY};
    for (size_t i = low; i < high; i++)
        for (int k = 0; k < 3; k++) {
            double x = tree->xyz[3 * (size_t)tree->order[i] + (size_t)k];
            min[k] = fmin(min[k], x);
            max[k] = fmax(max[k], x);
        }
    int axis = 0;
    for (int k = 1; k < 3; k++)
        if (max[k] - min[k] > max[axis] - min[axis])
            axis = k;
    return axis;
}

/* Hoare's selection: afterwards no atom before `middle` lies above it along `axis` and none behind it below. */
static void split(neighbours *tree, size_t from, size_t to, size_t middle, int axis)
{
    uint32_t *order = tree->order;
    const double *x = tree->xyz + axis;
    ptrdiff_t low = (ptrdiff_t)from, high = (ptrdiff_t)to - 1, wanted = (ptrdiff_t)middle;
    while (low < high) {
        double pivot = x[3 * (size_t)order[low + (high - low) / 2]];
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (x[3 * (size_t)order[i]] < pivot)
                i++;
            while (x[3 * (size_t)order[j]] > pivot)
                j--;
            if (i <= j) {
                uint32_t swap = order[i];
                order[i++] = order[j];
                order[j--] = swap;
            }
        }
        if (wanted <= j)
            high = j;
        else if (wanted >= i)
            low = i;
        else
            return;
    }
}

static void build(neighbours *tree, size_t low, size_t high)
{
    while (high - low > LEAF) {
        size_t middle = low + (high - low) / 2;
        int axis = widest_axis(tree, low, high);
        split(tree, low, high, middle, axis);
        tree->axis[middle] = (uint8_t)axis;
        build(tree, low, middle);
        low = middle + 1;
    }
}

bool neighbours_create(neighbours *tree, const double *xyz, size_t n)
{
    *tree = (neighbours){.n = n, .xyz = xyz};
    tree->order = memory_zeroed(n, sizeof *tree->order);
    tree->axis = memory_zeroed(n, sizeof *tree->axis);
    if (!tree->order || !tree->axis) {
        neighbours_destroy(tree);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        tree->order[i] = (uint32_t)i;
    build(tree, 0, n);
    return true;
}

void neighbours_destroy(neighbours *tree)
{
    free(tree->order);
    free(tree->axis);
    *tree = (neighbours){0};
}

/* ---- searching ------------------------------------------------------------------------------------------------ */

typedef struct {
    const neighbours *tree;
    size_t self;
    double limit; /* squared distance of interest: shrinks in a search for the nearest */
    bool nearest;
    size_t which;
    uint32_t *out;
    size_t n_found, capacity;
} search;

static void visit(search *s, uint32_t atom)
{
    if (atom == s->self)
        return;
    const double *a = s->tree->xyz + 3 * s->self, *b = s->tree->xyz + 3 * (size_t)atom;
    double dx = a[0] - b[0], dy = a[1] - b[1], dz = a[2] - b[2];
    double square = dx * dx + dy * dy + dz * dz;
    if (!(square <= s->limit))
        return;
    if (s->nearest) {
        s->limit = square;
        s->which = atom;
    } else if (s->n_found < s->capacity) {
        s->out[s->n_found] = atom;
    }
    s->n_found++;
}

static void descend(search *s, size_t low, size_t high)
{
    while (high - low > LEAF) {
        size_t middle = low + (high - low) / 2, axis = s->tree->axis[middle];
        uint32_t atom = s->tree->order[middle];
        double offset = s->tree->xyz[3 * s->self + axis] - s->tree->xyz[3 * (size_t)atom + axis];
        bool below = offset < 0;
        descend(s, below ? low : middle + 1, below ? middle : high);
        visit(s, atom);
        if (offset * offset > s->limit)
            return;
        if (below)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < high; i++)
        visit(s, s->tree->order[i]);
}

double neighbours_nearest(const neighbours *tree, size_t i, size_t *which)
{
    search s = {.tree = tree, .self = i, .limit = INFINITY, .nearest = true, .which = i};
    descend(&s, 0, tree->n);
    if (which)
        *which = s.which;
    return sqrt(s.limit);
}

size_t neighbours_within(const neighbours *tree, size_t i, double radius, uint32_t *out, size_t capacity)
{
    search s = {.tree = tree, .self = i, .limit = radius * radius, .capacity = capacity};
    s.out = out;
    descend(&s, 0, tree->n);
    return s.n_found;
}
