#include "train/samples_2023.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/random.h"

/* Streams of what is simulated, apart from the latent noise's. */
static const uint64_t FRESH = 0x6672657368ull << 20;

static const double *atoms_of(const deepstruc_dataset *dataset, size_t i)
{
    return dataset->xyz + 3 * dataset->item[i].first_atom;
}

/* ---- making --------------------------------------------------------------------------------------------------- */

static deepstruc_status check(samples_2023 *s, deepstruc_diag *diag)
{
    const deepstruc_dataset *set = s->dataset;
    const deepstruc_2023_settings *net = &s->settings;
    double first = (net->rmin - set->rmin) / set->rstep, stride = net->rstep / set->rstep;
    s->first_point = (size_t)(first + 0.5);
    s->stride = (size_t)(stride + 0.5);
    if (!(fabs(stride - (double)s->stride) < 1e-6) || s->stride < 1 || !(first > -0.5) ||
        s->first_point + (net->n_points - 1) * s->stride >= set->n_points)
        return diag_fail(diag, DEEPSTRUC_BAD_INPUT,
                         "the data set's PDFs (%zu points from %g Å, step %g Å) do not cover this network's %zu points "
                         "from %g Å, step %g Å",
                         set->n_points, set->rmin, set->rstep, net->n_points, net->rmin, net->rstep);
    for (size_t i = 0; i < set->n; i++)
        if (set->item[i].n_atoms > s->settings.n_atoms)
            return diag_fail(diag, DEEPSTRUC_BAD_INPUT, "structure '%s' has %zu atoms, this network has rows for %zu",
                             set->item[i].name, set->item[i].n_atoms, s->settings.n_atoms);
    if (deepstruc_dataset_count(set, DEEPSTRUC_TRAINING) == 0)
        return diag_fail(diag, DEEPSTRUC_BAD_INPUT, "the data set has no structure to train on");
    return DEEPSTRUC_OK;
}

static void measure(samples_2023 *s)
{
    const deepstruc_dataset *set = s->dataset;
    for (size_t i = 0; i < set->n; i++) {
        const dataset_item *item = &set->item[i];
        const double *xyz = atoms_of(set, i), largest = s->fresh ? FRESH_BOND_MAX / item->bond_length : 1;
        for (size_t d = 0; d < 3; d++) {
            double low = DBL_MAX, high = -DBL_MAX;
            for (size_t a = 0; a < item->n_atoms; a++) {
                low = fmin(low, xyz[3 * a + d]);
                high = fmax(high, xyz[3 * a + d]);
            }
            s->shift[3 * i + d] = (float)low;
            if (item->split == DEEPSTRUC_TRAINING)
                s->scale.extent[d] = fmax(s->scale.extent[d], (high - low) * largest);
        }
        s->max_nodes = item->n_atoms > s->max_nodes ? item->n_atoms : s->max_nodes;
        s->max_edges = item->graph->n_edges > s->max_edges ? item->graph->n_edges : s->max_edges;
        if (item->split == DEEPSTRUC_TRAINING)
            s->training[s->n_training++] = (uint32_t)i;
        else if (item->split == DEEPSTRUC_VALIDATION)
            s->validation[s->n_validation++] = (uint32_t)i;
    }
    for (size_t d = 0; d < 3; d++)
        s->scale.extent[d] = s->scale.extent[d] > 0 ? s->scale.extent[d] : 1; /* a set of flat structures */
}

deepstruc_status samples_2023_create(samples_2023 **out, const deepstruc_dataset *dataset,
                                     const deepstruc_2023_settings *settings, size_t max_batch, bool fresh,
                                     uint64_t seed, deepstruc_diag *diag)
{
    samples_2023 *s = memory_zeroed(1, sizeof *s);
    if (!s)
        return diag_no_memory(diag);
    s->dataset = dataset;
    s->settings = *settings;
    s->max_batch = max_batch;
    s->scale = (deepstruc_2023_scale){.rmin = settings->rmin, .rstep = settings->rstep};
    deepstruc_status status = check(s, diag);
    if (status != DEEPSTRUC_OK) {
        samples_2023_destroy(s);
        return status;
    }
    size_t n = dataset->n, n_values = 3 * settings->n_atoms;
    s->training = memory_zeroed(n, sizeof *s->training);
    s->validation = memory_zeroed(n, sizeof *s->validation);
    s->shift = memory_zeroed(n, 3 * sizeof *s->shift);
    s->pdf = memory_aligned(max_batch, settings->n_points * sizeof *s->pdf);
    s->nodes = memory_aligned(max_batch, n_values * sizeof *s->nodes);
    s->target = memory_aligned(max_batch, n_values * sizeof *s->target);
    s->weight = memory_aligned(max_batch, n_values * sizeof *s->weight);
    s->noise = memory_aligned(max_batch, 2 * settings->n_latent * sizeof *s->noise);
    if (!s->training || !s->validation || !s->shift || !s->pdf || !s->nodes || !s->target || !s->weight || !s->noise) {
        samples_2023_destroy(s);
        return diag_no_memory(diag);
    }
    if (fresh && !(s->structure = memory_zeroed(max_batch, sizeof *s->structure)))
        status = diag_no_memory(diag);
    else if (fresh)
        status =
            fresh_2023_create(&s->fresh, settings->rmin, settings->rstep, settings->n_points, max_batch, seed, diag);
    if (status != DEEPSTRUC_OK) {
        samples_2023_destroy(s);
        return status;
    }
    measure(s);
    *out = s;
    return DEEPSTRUC_OK;
}

void samples_2023_destroy(samples_2023 *s)
{
    if (!s)
        return;
    free(s->training), free(s->validation), free(s->shift);
    free(s->pdf), free(s->nodes), free(s->target), free(s->weight), free(s->noise);
    fresh_2023_destroy(s->fresh);
    free(s->structure);
    nn_graphs_free(&s->graphs);
    free(s);
}

/* ---- batches -------------------------------------------------------------------------------------------------- */

/* Rows of structure i, its coordinates multiplied by `unit`. */
static void fill_rows(samples_2023 *s, size_t k, uint32_t i, double unit, float *nodes, double dummy_weight)
{
    size_t n_rows = s->settings.n_atoms, n_atoms = s->dataset->item[i].n_atoms;
    const double *xyz = atoms_of(s->dataset, i);
    float *target = s->target + k * 3 * n_rows, *weight = s->weight + k * 3 * n_rows;
    for (size_t j = 0; j < 3 * n_rows; j++) {
        bool atom = j < 3 * n_atoms;
        double place =
            atom ? (xyz[j] - (double)s->shift[3 * i + j % 3]) * unit / s->scale.extent[j % 3] : DEEPSTRUC_2023_DUMMY;
        target[j] = (float)place;
        weight[j] = (float)(atom ? 1 : dummy_weight);
    }
    memcpy(nodes, target, 3 * n_atoms * sizeof *nodes);
}

/* Every stride-th point, divided by their maximum; pdf may be `from` when stride is 1. */
static void divide_by_maximum(float *pdf, const float *from, size_t n, size_t stride)
{
    float top = 0;
    for (size_t k = 0; k < n; k++)
        top = from[k * stride] > top ? from[k * stride] : top;
    float factor = top > 0 ? 1 / top : 1;
    for (size_t k = 0; k < n; k++)
        pdf[k] = from[k * stride] * factor;
}

static deepstruc_status simulate(samples_2023 *s, const uint32_t *items, size_t n, uint64_t seed, uint64_t number,
                                 deepstruc_diag *diag)
{
    for (size_t k = 0; k < n; k++) {
        const dataset_item *item = &s->dataset->item[items[k]];
        s->structure[k] = (fresh_structure){atoms_of(s->dataset, items[k]), item->n_atoms, item->bond_length, 1};
    }
    return fresh_2023_draw(s->fresh, s->structure, s->pdf, n, FRESH + seed, number, diag);
}

deepstruc_status samples_2023_batch(samples_2023 *s, const uint32_t *items, size_t n, bool fresh, double dummy_weight,
                                    uint64_t seed, uint64_t number, deepstruc_2023_batch *out, deepstruc_diag *diag)
{
    const deepstruc_dataset *set = s->dataset;
    size_t n_points = s->settings.n_points, n_latent = s->settings.n_latent;
    fresh = fresh && s->fresh;
    deepstruc_status status = fresh ? simulate(s, items, n, seed, number, diag) : DEEPSTRUC_OK;
    nn_graphs_clear(&s->graphs);
    for (size_t k = 0; k < n && status == DEEPSTRUC_OK; k++) {
        uint32_t i = items[k];
        float *pdf = s->pdf + k * n_points;
        fill_rows(s, k, i, fresh ? s->structure[k].unit : 1, s->nodes + 3 * s->graphs.n_nodes, dummy_weight);
        divide_by_maximum(pdf, fresh ? pdf : set->pdf + i * set->n_points + s->first_point, n_points,
                          fresh ? 1 : s->stride);
        random_stream stream;
        random_seed(&stream, seed, number + k);
        for (size_t half = 0; half < 2; half++) /* the posterior's, the prior's */
            for (size_t j = 0; j < n_latent; j++)
                s->noise[(half * n + k) * n_latent + j] = (float)random_normal(&stream);
        status = nn_graphs_append(&s->graphs, set->item[i].graph, diag);
    }
    *out = (deepstruc_2023_batch){n, s->pdf, &s->graphs, s->nodes, s->target, s->weight, s->noise};
    return status;
}

/* ---- the measure ---------------------------------------------------------------------------------------------- */

double samples_2023_error(const samples_2023 *s, uint32_t item, const float *rows, bool *exact_count)
{
    size_t n_atoms = s->dataset->item[item].n_atoms, n_found = 0;
    const double *xyz = atoms_of(s->dataset, item);
    for (size_t a = 0; a < s->settings.n_atoms; a++)
        n_found +=
            ((double)rows[3 * a] + (double)rows[3 * a + 1] + (double)rows[3 * a + 2]) / 3 >= DEEPSTRUC_2023_ATOM_FROM;
    *exact_count = n_found == n_atoms;
    double sum = 0;
    for (size_t d = 0; d < 3; d++) {
        double centre = 0;
        for (size_t a = 0; a < n_atoms; a++)
            centre += (double)rows[3 * a + d] * s->scale.extent[d] - xyz[3 * a + d];
        centre /= (double)n_atoms;
        for (size_t a = 0; a < n_atoms; a++)
            sum += fabs((double)rows[3 * a + d] * s->scale.extent[d] - xyz[3 * a + d] - centre);
    }
    return sum / (double)(3 * n_atoms);
}
