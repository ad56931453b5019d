#include "refine/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"

/* The first peak of F(Q) of close-packed metals and of bcc lies at 7.70 / bond (1/Å), of hcp at 7.26 / bond, of sc at
 * 6.28 / bond. The broad term ends below all of them. */
static const double BROAD_END = 5.2;
/* Width corrections stay positive at the shortest pair by this share: 1 - delta1/r - delta2/r² > 0.1. */
static const double MOST_SHARPENING = 0.9;
static const double LEAST_SIZE = 0.3, MOST_SIZE = 1.5; /* of the structure's own */

/* ---- what is varied --------------------------------------------------------------------------------------------- */

/* The term that decides about `id`: itself, or what it is tied to. */
static term_id source_of(const refine_terms *terms, term_id id)
{
    return terms->term[id].state == TERM_TIED ? terms->term[id].to : id;
}

static bool varies(const refine_terms *terms, term_id id)
{
    return terms->term[source_of(terms, id)].state == TERM_FREE;
}

static bool by_envelope(term_id id)
{
    return id == TERM_SCALE || id == TERM_QDAMP;
}

/* Whether displacements or sizes change the distances' counts from one evaluation to the next. */
static bool recounts(const refine_terms *terms)
{
    return varies(terms, TERM_AXIAL) || varies(terms, TERM_SHELL1_RADIUS) || varies(terms, TERM_SHELL2_RADIUS) ||
           varies(terms, TERM_SIZE) || (terms->term[TERM_SIZE].state != TERM_OFF && varies(terms, TERM_SIZE_SPREAD));
}

static bool has_shells(const refine_terms *terms)
{
    static const term_id of_shells[] = {TERM_SHELL1_RADIUS, TERM_SHELL1_BISO, TERM_SHELL2_RADIUS, TERM_SHELL2_BISO};
    for (size_t i = 0; i < 4; i++) {
        const term *t = &terms->term[of_shells[i]];
        if (t->state == TERM_FREE || t->state == TERM_FIXED || (t->state == TERM_TIED && t->factor != 1))
            return true;
    }
    return false;
}

static void set_bounds(structure_model *m, const deepstruc_cluster *cluster, double unit)
{
    const term *t = m->terms->term;
    for (int i = 0; i < TERM_N; i++) {
        m->low[i] = t[i].low;
        m->high[i] = t[i].high;
    }
    bool both = t[TERM_DELTA1].state != TERM_OFF && t[TERM_DELTA2].state != TERM_OFF;
    double shortest = m->first->shortest, share = both ? MOST_SHARPENING / 2 : MOST_SHARPENING;
    m->high[TERM_DELTA1] = fmin(m->high[TERM_DELTA1], share * shortest);
    m->high[TERM_DELTA2] = fmin(m->high[TERM_DELTA2], share * shortest * shortest);
    double diameter = anatomy_diameter(cluster->type, cluster->n_atoms, unit * deepstruc_cluster_mean_bond(cluster));
    m->low[TERM_SIZE] = fmax(m->low[TERM_SIZE], LEAST_SIZE * diameter);
    m->high[TERM_SIZE] = fmin(m->high[TERM_SIZE], MOST_SIZE * diameter);
}

static void list_free(structure_model *m)
{
    bool wanted[TERM_N] = {false};
    for (int i = 0; i < TERM_N; i++) {
        if (m->terms->term[i].state == TERM_FREE)
            m->free[m->n_free++] = (term_id)i;
        wanted[i] = varies(m->terms, (term_id)i) && !by_envelope((term_id)i);
        if (i == TERM_SIZE_SPREAD)
            wanted[i] = wanted[i] && m->terms->term[TERM_SIZE].state != TERM_OFF;
    }
    m->n_columns = 1;
    for (int i = 0; i < TERM_N; i++)
        if (wanted[i])
            m->column[m->n_columns++ - 1] = (term_id)i;
}

/* Waves of half the resolution that the range has, between qmin and where the metal begins. */
static deepstruc_status choose_waves(structure_model *m, double bond, double qmin, deepstruc_diag *diag)
{
    double first = peaks_r(m->band, 0), last = peaks_r(m->band, peaks_n_points(m->band) - 1), end = BROAD_END / bond;
    double n = round((end - qmin) * (last - first) / M_PI);
    if (!(n >= 1))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "broad: qmin %.3g leaves no room below the metal's first peak, which begins at %.3g 1/Å", qmin,
                         end);
    m->n_waves = (size_t)fmin(n, MODEL_WAVES);
    for (size_t k = 0; k < m->n_waves; k++)
        m->wave_q[k] = qmin + ((double)k + 0.5) * (end - qmin) / (double)m->n_waves;
    return DEEPSTRUC_OK;
}

static deepstruc_status allocate(structure_model *m, deepstruc_diag *diag)
{
    size_t n = peaks_n_points(m->band);
    m->nodes = memory_aligned(peaks_n_nodes(m->band) * m->n_columns, sizeof *m->nodes);
    m->curve[0] = memory_aligned(n * m->n_columns, sizeof *m->curve[0]);
    if (!m->nodes || !m->curve[0])
        return diag_no_memory(diag);
    for (size_t c = 1; c < m->n_columns; c++)
        m->curve[c] = m->curve[0] + c * n;
    return peaks_work_create(&m->work, m->band, diag);
}

deepstruc_status model_create(structure_model **out, const refine_terms *terms, const peaks_band *band,
                              const deepstruc_cluster *cluster, double unit, double bond, deepstruc_diag *diag)
{
    structure_model *m = memory_zeroed(1, sizeof *m);
    if (!m)
        return diag_no_memory(diag);
    m->terms = terms;
    m->band = band;
    double reach = peaks_reach(band), qmax = peaks_settings(band)->qmax;
    deepstruc_status status = distances_create(&m->first, cluster, unit, reach, qmax, has_shells(terms), diag);
    if (!status && terms->phase2)
        status = distances_create(&m->second, terms->phase2, 1, reach, qmax, false, diag);
    if (!status && terms->term[TERM_AXIAL].state != TERM_OFF && !m->first->parts.has_axis)
        status = diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                           "axial: the structure has no unique axis; hcp, stackings, twins and decahedra do");
    if (!status) {
        distances_count(m->first, &(distances_shape){.size = NAN});
        if (m->second)
            distances_count(m->second, &(distances_shape){.size = NAN});
        set_bounds(m, cluster, unit);
        list_free(m);
        status = terms->broad ? choose_waves(m, bond, peaks_settings(band)->qmin, diag) : DEEPSTRUC_OK;
    }
    if (!status)
        status = allocate(m, diag);
    if (status) {
        model_destroy(m);
        return status;
    }
    *out = m;
    return DEEPSTRUC_OK;
}

void model_destroy(structure_model *m)
{
    if (!m)
        return;
    distances_destroy(m->first);
    distances_destroy(m->second);
    peaks_work_destroy(&m->work);
    free(m->nodes);
    free(m->curve[0]);
    free(m);
}

void model_values(const structure_model *m, const double *x, double value[TERM_N])
{
    for (int i = 0; i < TERM_N; i++)
        value[i] = m->terms->term[i].value;
    for (size_t k = 0; k < m->n_free; k++)
        value[m->free[k]] = x[k];
    for (int i = 0; i < TERM_N; i++)
        if (m->terms->term[i].state == TERM_TIED)
            value[i] = m->terms->term[i].factor * value[m->terms->term[i].to];
}

/* ---- peaks ------------------------------------------------------------------------------------------------------ */

typedef struct {
    const double *value; /* of all terms */
    const distances *from;
    bool second;             /* the second phase: no shells, no sizes, its own expansion */
    double share, expansion; /* of the atoms; of this phase */
    double biso[2];          /* of the class's two shells */
    term_id biso_term[2];
} phase_view;

/* Width of a pair at r and its derivative by r; 0 where the correction is not positive. */
static double correction(const double *value, double r, double *slope)
{
    double d1 = value[TERM_DELTA1], d2 = value[TERM_DELTA2], qb = value[TERM_QBROAD];
    double c = 1 - d1 / r - d2 / (r * r) + qb * qb * r * r;
    *slope = c > 0 ? d1 / (r * r) + 2 * d2 / (r * r * r) + 2 * qb * qb * r : 0;
    return fmax(0, c);
}

/* The derivative of a cell's peak by term `id`; u = Biso / (4 pi²) is the variance before correction, c the correction,
 * dc its slope. */
static peaks_peak slope_by(term_id id, const phase_view *view, const distances_cell *cell, const peaks_peak *peak,
                           double u, double c, double dc)
{
    const double *value = view->value, r = peak->r;
    double n = view->from->n_effective, stretch = 0;
    bool has_width = c > 0;
    switch (id) {
    case TERM_EXPANSION:
    case TERM_PHASE2_EXPANSION:
        stretch = (id == TERM_PHASE2_EXPANSION) == view->second ? r / view->expansion : 0;
        break;
    case TERM_AXIAL:
    case TERM_SHELL1_RADIUS:
    case TERM_SHELL2_RADIUS: {
        int mode = id == TERM_AXIAL ? 0 : id == TERM_SHELL1_RADIUS ? ANATOMY_OUTER : ANATOMY_SECOND;
        stretch = view->second ? 0 : view->expansion * cell->slope[mode] / cell->weight;
        break;
    }
    case TERM_BISO:
    case TERM_SHELL1_BISO:
    case TERM_SHELL2_BISO: {
        double share = ((view->biso_term[0] == id) + (view->biso_term[1] == id)) / 2.0;
        return (peaks_peak){0, 0, share * SETTINGS_MSD_PER_BISO * c};
    }
    case TERM_QBROAD:
        return (peaks_peak){0, 0, has_width ? u * 2 * value[TERM_QBROAD] * r * r : 0};
    case TERM_DELTA1:
        return (peaks_peak){0, 0, has_width ? -u / r : 0};
    case TERM_DELTA2:
        return (peaks_peak){0, 0, has_width ? -u / (r * r) : 0};
    case TERM_PHASE2:
        return (peaks_peak){(view->second ? 1 : -1) * peak->weight / view->share, 0, 0};
    case TERM_SIZE:
    case TERM_SIZE_SPREAD: {
        int which = id == TERM_SIZE_SPREAD;
        if (view->second)
            return (peaks_peak){0};
        double relative = cell->slope[DISTANCES_MODES + which] / cell->weight - view->from->d_effective[which] / n;
        return (peaks_peak){peak->weight * relative, 0, 0};
    }
    default:
        return (peaks_peak){0};
    }
    return (peaks_peak){-peak->weight * stretch / r, stretch, u * dc * stretch};
}

static void add_class(structure_model *m, const phase_view *view, const distances_cell *cells)
{
    const distances *d = view->from;
    peaks_peak slope[TERM_N];
    double u = (view->biso[0] + view->biso[1]) / 2 * SETTINGS_MSD_PER_BISO, half = d->cell / 2, x = view->expansion;
    for (size_t i = 0; i < d->n_cells; i++) {
        const distances_cell *cell = &cells[i];
        if (!(cell->weight > 0))
            continue;
        double t = cell->t / cell->weight, dc, inside = fmax(0, cell->tt / cell->weight - t * t) * half * half * x * x;
        double r = x * (((double)i + 0.5) * d->cell + t * half), c = correction(view->value, r, &dc);
        peaks_peak peak = {view->share * 2 * cell->weight / (d->n_effective * x), r, u * c};
        for (size_t k = 0; k + 1 < m->n_columns; k++)
            slope[k] = slope_by(m->column[k], view, cell, &peak, u, c, dc);
        peak.variance += inside;
        peaks_add(m->band, m->nodes, m->n_columns, &peak, slope);
    }
}

static void add_phase(structure_model *m, const distances *d, const double *value, bool second)
{
    static const term_id biso_of[ANATOMY_SHELLS] = {TERM_BISO, TERM_SHELL1_BISO, TERM_SHELL2_BISO};
    double share = second ? value[TERM_PHASE2] : 1 - value[TERM_PHASE2];
    phase_view view = {.value = value,
                       .from = d,
                       .second = second,
                       .share = fmax(share, 1e-12), /* what divides by it stays finite */
                       .expansion = value[second ? TERM_PHASE2_EXPANSION : TERM_EXPANSION]};
    for (int high = 0, class = 0; high < ANATOMY_SHELLS; high++)
        for (int low = 0; low <= high; low++, class ++) {
            if ((size_t) class >= d->n_classes)
                return;
            view.biso_term[0] = biso_of[low];
            view.biso_term[1] = biso_of[high];
            view.biso[0] = value[biso_of[low]];
            view.biso[1] = value[biso_of[high]];
            add_class(m, &view, d->cells + (size_t) class * d->n_cells);
        }
}

/* One sharp distance to the ligands' anchors: `ligand` neighbours that scatter like the metal, of each atom. */
static void add_ligand(structure_model *m, const double *value)
{
    double amount = value[TERM_LIGAND], r = value[TERM_LIGAND_R];
    if (m->terms->term[TERM_LIGAND].state == TERM_OFF)
        return;
    peaks_peak peak = {amount / r, r, value[TERM_LIGAND_BISO] * SETTINGS_MSD_PER_BISO}, slope[TERM_N];
    for (size_t k = 0; k + 1 < m->n_columns; k++)
        slope[k] = m->column[k] == TERM_LIGAND        ? (peaks_peak){1 / r, 0, 0}
                   : m->column[k] == TERM_LIGAND_R    ? (peaks_peak){-amount / (r * r), 1, 0}
                   : m->column[k] == TERM_LIGAND_BISO ? (peaks_peak){0, 0, SETTINGS_MSD_PER_BISO}
                                                      : (peaks_peak){0};
    peaks_add(m->band, m->nodes, m->n_columns, &peak, slope);
}

/* ---- curve ------------------------------------------------------------------------------------------------------ */

double model_wave(const structure_model *m, size_t k, double r, double qdamp)
{
    return sin(m->wave_q[k] * r) * exp(-(qdamp * r) * (qdamp * r) / 2);
}

static void fill_curves(structure_model *m, const double *value)
{
    distances_shape shape = {.mode = {value[TERM_AXIAL], value[TERM_SHELL1_RADIUS], value[TERM_SHELL2_RADIUS]},
                             .size = value[TERM_SIZE],
                             .spread = value[TERM_SIZE_SPREAD]};
    if (!m->counted || recounts(m->terms))
        distances_count(m->first, &shape);
    m->counted = true;
    memset(m->nodes, 0, peaks_n_nodes(m->band) * m->n_columns * sizeof *m->nodes);
    add_phase(m, m->first, value, false);
    if (m->second)
        add_phase(m, m->second, value, true);
    add_ligand(m, value);
    peaks_curves(m->band, &m->work, m->nodes, m->n_columns, m->curve);
}

/* The derivative by one free term: its own column and those of what is tied to it. */
static void fill_column(const structure_model *m, term_id id, double scale, double *out)
{
    size_t n = peaks_n_points(m->band);
    memset(out, 0, n * sizeof *out);
    for (size_t c = 1; c < m->n_columns; c++) {
        const term *t = &m->terms->term[m->column[c - 1]];
        double factor = m->column[c - 1] == id ? scale : t->state == TERM_TIED && t->to == id ? scale * t->factor : 0;
        for (size_t i = 0; i < n && factor != 0; i++)
            out[i] += factor * m->curve[c][i];
    }
}

void model_evaluate(structure_model *m, const double *x, double *g, double *const *columns)
{
    size_t n = peaks_n_points(m->band);
    double value[TERM_N], scale;
    model_values(m, x, value);
    fill_curves(m, value);
    scale = value[TERM_SCALE];
    double from = peaks_settings(m->band)->qdamp, qdamp = value[TERM_QDAMP];
    for (size_t k = 0; k < m->n_free && columns; k++)
        fill_column(m, m->free[k], scale, columns[k]);
    for (size_t i = 0; i < n; i++) {
        double r = peaks_r(m->band, i), envelope = exp((from * from - qdamp * qdamp) * r * r / 2), waves = 0;
        double metal = m->curve[0][i] * envelope;
        for (size_t k = 0; k < m->n_waves; k++) {
            double wave = model_wave(m, k, r, qdamp);
            waves += x[m->n_free + k] * wave;
            if (columns)
                columns[m->n_free + k][i] = wave;
        }
        g[i] = scale * metal + waves;
        for (size_t k = 0; k < m->n_free && columns; k++)
            columns[k][i] = m->free[k] == TERM_SCALE   ? metal
                            : m->free[k] == TERM_QDAMP ? -qdamp * r * r * g[i]
                                                       : columns[k][i] * envelope;
    }
}
