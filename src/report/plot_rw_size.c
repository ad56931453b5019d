/* rw-size.svg: every candidate's Rw against its number of atoms, the map that cluster mining is read from. */
#define _GNU_SOURCE
#include <stdlib.h>

#include "report/marks.h"
#include "report/parts.h"
#include "report/plots.h"

static int by_type_size_rank(const void *a, const void *b, void *context)
{
    const deepstruc_candidate *candidate = context;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    const deepstruc_cluster *left = candidate[i].cluster, *right = candidate[j].cluster;
    if (left->type != right->type)
        return left->type < right->type ? -1 : 1;
    if (left->n_atoms != right->n_atoms)
        return left->n_atoms < right->n_atoms ? -1 : 1;
    return i < j ? -1 : 1;
}

static int by_index(const void *a, const void *b)
{
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    return i < j ? -1 : i > j;
}

size_t report_map_points(const deepstruc_solution *solution, size_t *shown)
{
    const deepstruc_candidate *candidate = solution->candidate;
    for (size_t i = 0; i < solution->n_candidates; i++)
        shown[i] = i;
    if (solution->n_candidates <= REPORT_MAP_ALL)
        return solution->n_candidates;
    qsort_r(shown, solution->n_candidates, sizeof *shown, by_type_size_rank, solution->candidate);
    size_t n = 0;
    for (size_t i = 0; i < solution->n_candidates; i++) {
        const deepstruc_cluster *last = n > 0 ? candidate[shown[n - 1]].cluster : NULL;
        const deepstruc_cluster *next = candidate[shown[i]].cluster;
        if (!last || last->type != next->type || last->n_atoms != next->n_atoms)
            shown[n++] = shown[i];
    }
    qsort(shown, n, sizeof *shown, by_index);
    return n;
}

static plot_axes axes_of(const plot_rw_size_subject *map)
{
    plot_axes axes = plot_axes_for_points(PLOT_MAP_WIDTH, PLOT_MAP_HEIGHT, PLOT_KEY_WIDTH);
    for (size_t i = 0; i < map->n; i++) {
        const deepstruc_candidate *candidate = &map->solution->candidate[map->shown[i]];
        plot_axes_show(&axes, (double)candidate->cluster->n_atoms, candidate->fit.rw);
    }
    plot_axes_air(&axes, 0.05, 1, 0.005);
    return axes;
}

void plot_draw_type_key(cairo_t *cr, const plot_axes *axes, const bool occurs[DEEPSTRUC_N_TYPES])
{
    double y = axes->top + 10, x = axes->left + axes->width + 16;
    for (int type = 0; type < DEEPSTRUC_N_TYPES; type++) {
        if (!occurs[type])
            continue;
        report_mark_draw(cr, x, y, 4.5, (deepstruc_type)type);
        plot_use(cr, plot_ink);
        plot_text(cr, x + 10, y, (plot_anchor){0, 0.5}, 9.5, deepstruc_type_name((deepstruc_type)type));
        y += 16;
    }
}

void plot_draw_rw_size(cairo_t *cr, const void *subject)
{
    const plot_rw_size_subject *map = subject;
    plot_axes axes = axes_of(map);
    bool occurs[DEEPSTRUC_N_TYPES] = {false};
    double radius = map->n > 1000 ? 2 : map->n > 200 ? 2.8 : 3.6;
    plot_clip(cr, &axes);
    for (size_t i = map->n; i-- > 0;) { /* the best on top */
        const deepstruc_candidate *candidate = &map->solution->candidate[map->shown[i]];
        occurs[candidate->cluster->type] = true;
        report_mark_draw(cr, plot_x(&axes, (double)candidate->cluster->n_atoms), plot_y(&axes, candidate->fit.rw),
                         radius, candidate->cluster->type);
    }
    cairo_restore(cr);
    plot_draw_axes(cr, &axes, "Number of atoms", "<i>R</i><sub>w</sub>");
    plot_draw_type_key(cr, &axes, occurs);
}
