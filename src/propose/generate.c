#include "propose/generate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "dataset/stream.h"
#include "model/sites_decode.h"

enum { ROWS = 256, MAX_LADDER = 64, MAX_VIEWS = 8, FEWEST_ATOMS = 5 };
static const double RUNG = 1.03;      /* ratio of neighbouring hypotheses; the model corrects up to 4 % */
static const double SAME_BOND = 0.01; /* hypotheses that agree this closely after correction are one */
static const double LEVEL_SPREAD = 1.0;

struct generator {
    frame_set *frames;
    sites_model *model;
    char facts[160];
};

generate_settings generate_settings_default(void)
{
    return (generate_settings){.n_samples = 1000,
                               .sigma = 3,
                               .qmin = 0.7,
                               .qmax = 25,
                               .qdamp = 0.03,
                               .bond_min = 1.9,
                               .bond_max = 3.7,
                               .max_atoms = 1500,
                               .focus = DEEPSTRUC_TYPE_UNKNOWN};
}

deepstruc_status generator_create(generator **out, const char *model_path, deepstruc_diag *diag)
{
    generator *g = memory_zeroed(1, sizeof *g);
    if (!g)
        return diag_no_memory(diag);
    deepstruc_status status = frame_set_create(&g->frames, diag);
    if (status == DEEPSTRUC_OK)
        status = sites_load(&g->model, g->frames, model_path, diag);
    if (status != DEEPSTRUC_OK) {
        generator_destroy(g);
        return status;
    }
    snprintf(g->facts, sizeof g->facts, "%ld latent dimensions, %zu sites in %d frames", g->model->sizes.n_latent,
             g->frames->n_sites, FRAME_COUNT);
    *out = g;
    return DEEPSTRUC_OK;
}

void generator_destroy(generator *g)
{
    if (!g)
        return;
    sites_model_destroy(g->model);
    frame_set_destroy(g->frames);
    free(g);
}

const char *generator_facts(const generator *g)
{
    return g->facts;
}

/* ---- hypotheses of the bond length
 * ----------------------------------------------------------------------------------- */

typedef struct {
    double unit; /* Å: what the model is told */
    sites_read read;
    float x[STREAM_INPUTS];
} hypothesis;

/* G(r), band-limited once on a grid so fine that a cubic through four points is exact to some 0.1 % at any other r. */
typedef struct {
    double rmin, rmax, step;
    size_t n;
    double *g;
} fine_pdf;

static deepstruc_status make_fine(fine_pdf *fine, const deepstruc_pdf *pdf, double qmax, deepstruc_diag *diag)
{
    const double furthest = 42; /* Å: beyond the model's grid at the longest bond length */
    fine->rmin = pdf->r[0];
    fine->rmax = fmin(pdf->r[pdf->n_points - 1], furthest);
    fine->step = fmin(0.02, 0.4 / qmax);
    fine->n = (size_t)((fine->rmax - fine->rmin) / fine->step) + 1;
    if (!(fine->rmax > fine->rmin) || fine->n < 4)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, pdf->file, 0, "the data end at %g Å; the model wants more",
                            fine->rmax);
    fine->rmax = fine->rmin + fine->step * (double)(fine->n - 1);
    fine->g = memory_zeroed(fine->n, sizeof *fine->g);
    if (!fine->g)
        return diag_no_memory(diag);
    return deepstruc_pdf_resample(pdf, fine->rmin, fine->step, fine->n, qmax, fine->g, diag);
}

static double fine_at(const fine_pdf *fine, double r)
{
    double at = (r - fine->rmin) / fine->step;
    long i = (long)at, last = (long)fine->n - 3;
    i = i < 1 ? 1 : i > last ? last : i;
    const double *y = fine->g + i;
    double t = at - (double)i;
    return -t * (t - 1) * (t - 2) / 6 * y[-1] + (t + 1) * (t - 1) * (t - 2) / 2 * y[0] -
           (t + 1) * t * (t - 2) / 2 * y[1] + (t + 1) * t * (t - 1) / 6 * y[2];
}

/* The model's input at one bond length; false where the PDF has nothing to show there. */
static bool look(const fine_pdf *fine, const generate_settings *s, double unit, float *x)
{
    double g[STREAM_POINTS] = {0};
    stream_instrument instrument = {s->qmin, s->qmax, s->qdamp, fine->rmin, fine->rmax};
    size_t first, end;
    stream_measured(&instrument, unit, &first, &end);
    if (end < first + 40) /* less than two bond lengths */
        return false;
    for (size_t i = first; i < end; i++)
        g[i] = fine_at(fine, unit * (STREAM_FIRST + STREAM_STEP * (double)i));
    return stream_input(g, &instrument, unit, x);
}

static void read_hypotheses(const sites_model *model, sites_buffers *b, hypothesis *h, size_t n)
{
    for (size_t i = 0; i < n; i++)
        memcpy(b->x + i * STREAM_INPUTS, h[i].x, sizeof h[i].x);
    sites_condition(model, b, n);
    for (size_t i = 0; i < n; i++)
        h[i].read = sites_read_facts(b, i);
}

static int by_odds(const void *a, const void *b)
{
    double x = ((const hypothesis *)a)->read.scale_logit, y = ((const hypothesis *)b)->read.scale_logit;
    return x > y ? -1 : x < y;
}

/* Corrects each hypothesis by what the model reads, and drops those that fall together with a better one. */
static size_t correct(const fine_pdf *fine, const generate_settings *s, hypothesis *h, size_t n)
{
    size_t kept = 0;
    qsort(h, n, sizeof *h, by_odds);
    for (size_t i = 0; i < n && kept < MAX_VIEWS; i++) {
        double step = fmax(-STREAM_SCALE_ERROR, fmin(STREAM_SCALE_ERROR, h[i].read.log_ratio));
        double unit = h[i].unit * exp(step);
        bool known = false;
        for (size_t j = 0; j < kept; j++)
            known = known || fabs(log(h[j].unit / unit)) < SAME_BOND;
        if (known)
            continue;
        h[kept] = h[i];
        h[kept].unit = unit;
        kept += look(fine, s, unit, h[kept].x);
    }
    return kept;
}

/* Up to MAX_VIEWS hypotheses, the best first. */
static size_t find_hypotheses(const generator *g, sites_buffers *b, const fine_pdf *fine, const generate_settings *s,
                              hypothesis *h)
{
    size_t n = 0;
    for (double unit = s->bond_min; unit <= s->bond_max * RUNG && n < MAX_LADDER; unit *= RUNG) {
        h[n].unit = unit;
        n += look(fine, s, unit, h[n].x);
    }
    for (int pass = 0; pass < 2 && n > 0; pass++) {
        read_hypotheses(g->model, b, h, n);
        n = correct(fine, s, h, n);
    }
    read_hypotheses(g->model, b, h, n);
    qsort(h, n, sizeof *h, by_odds);
    /* Those that are hopeless beside the best are not worth samples. */
    size_t good = 0;
    while (good < n && h[good].read.scale_logit > h[0].read.scale_logit - 6)
        good++;
    read_hypotheses(g->model, b, h, good);
    return good;
}

static generate_view view_of(const sites_model *model, const sites_buffers *b, const hypothesis *h, size_t i)
{
    generate_view v = {.log_odds = h->read.scale_logit};
    size_t latent = (size_t)model->sizes.n_latent;
    v.bond_length = h->unit * exp(h->read.log_ratio);
    v.bond_length_sd = v.bond_length * h->read.log_ratio_sd;
    v.n_atoms = exp(h->read.log_atoms);
    v.n_atoms_low = exp(h->read.log_atoms - h->read.log_atoms_sd);
    v.n_atoms_high = exp(h->read.log_atoms + h->read.log_atoms_sd);
    double width = exp(h->read.log_width) * v.bond_length; /* sqrt(2 Uiso) */
    v.biso = 4 * M_PI * M_PI * width * width;
    for (size_t c = 0; c < 2; c++) {
        v.map_mean[c] = (double)b->mean[i * latent + c];
        v.map_sigma[c] = exp((double)b->log_var[i * latent + c] / 2);
    }
    return v;
}

/* ---- samples
 * ------------------------------------------------------------------------------------------------------------- */

/* Distinct shapes, by a hash of frame and sites. */
typedef struct {
    uint64_t hash;
    size_t view, n_samples;
    double frame_probability;
    frame_shape shape;
} distinct;

typedef struct {
    distinct *item;
    size_t n, capacity;
    uint32_t slot[4096]; /* open addressing; at most half full */
} distinct_set;

static uint64_t shape_hash(const frame_shape *shape)
{
    uint64_t h = 0xcbf29ce484222325u ^ (uint64_t)shape->frame;
    for (size_t i = 0; i < shape->n_atoms; i++)
        h = (h ^ shape->site[i]) * 0x100000001b3u;
    return h ^ (h >> 29);
}

static bool add_shape(distinct_set *set, const sites_decoded *decoded, size_t view)
{
    const size_t mask = sizeof set->slot / sizeof *set->slot - 1;
    uint64_t hash = shape_hash(&decoded->shape);
    size_t at = hash & mask;
    for (; set->slot[at]; at = (at + 1) & mask)
        if (set->item[set->slot[at] - 1].hash == hash) {
            set->item[set->slot[at] - 1].n_samples++;
            return true;
        }
    if (set->n >= (mask + 1) / 2)
        return true; /* enough different ones */
    if (!MEMORY_GROW(&set->item, &set->capacity, set->n + 1))
        return false;
    set->item[set->n] = (distinct){hash, view, 1, decoded->frame_probability, decoded->shape};
    set->slot[at] = (uint32_t)++set->n;
    return true;
}

static bool is_valid(const frame_set *frames, const frame_shape *shape)
{
    const frame *f = &frames->frame[shape->frame];
    if (shape->n_atoms < FEWEST_ATOMS)
        return false;
    if (f->family != FRAME_STACKING) /* elsewhere no two sites are that close */
        return true;
    for (size_t i = 0; i < shape->n_atoms; i++)
        for (size_t j = 0; j < i; j++) {
            const double *a = f->site[shape->site[i]], *b = f->site[shape->site[j]];
            double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
            if (x * x + y * y + z * z < 0.64)
                return false;
        }
    return true;
}

/* z of n samples from the priors of the views: row i belongs to view_of_row[i]. The first sample of each view is its
 * mean. */
static void draw_latents(const sites_model *model, sites_buffers *b, const real *mean, const real *log_var,
                         const size_t *view_of_row, size_t first, size_t n, size_t n_views, double sigma,
                         random_stream *random)
{
    size_t latent = (size_t)model->sizes.n_latent;
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < latent; c++) {
            size_t from = view_of_row[first + i] * latent + c;
            double wide = c < 2 ? sigma : 1, noise = wide * random_normal(random);
            if (first + i < n_views)
                noise = 0;
            b->z[i * latent + c] = mean[from] + (real)(noise * exp((double)log_var[from] / 2));
        }
}

/* Samples go to the views by their odds; each view gets its mean first. */
static void share_out(const generate_view *view, size_t n_views, size_t n, size_t *view_of_row, random_stream *random)
{
    double weight[MAX_VIEWS], sum = 0;
    for (size_t v = 0; v < n_views; v++)
        sum += weight[v] = exp(fmax(-3, (view[v].log_odds - view[0].log_odds) / 2));
    for (size_t i = 0; i < n; i++) {
        double left = random_uniform(random, 0, sum);
        size_t v = 0;
        while (i >= n_views && v + 1 < n_views && left >= weight[v])
            left -= weight[v++];
        view_of_row[i] = i < n_views ? i : v;
    }
}

static bool wanted(const generator *g, const generate_settings *s, const frame_shape *shape)
{
    frame_family family = frame_family_of(s->focus);
    return shape->n_atoms <= s->max_atoms && (s->focus == DEEPSTRUC_TYPE_UNKNOWN || family == FRAME_N_FAMILIES ||
                                              g->frames->frame[shape->frame].family == family);
}

static deepstruc_status sample(const generator *g, sites_buffers *b, const generate_settings *s, generation *out,
                               distinct_set *set, deepstruc_diag *diag)
{
    size_t latent = (size_t)g->model->sizes.n_latent, n = out->n_samples;
    real mean[MAX_VIEWS * 256], log_var[MAX_VIEWS * 256];
    memcpy(mean, b->mean, out->n_views * latent * sizeof *mean);
    memcpy(log_var, b->log_var, out->n_views * latent * sizeof *log_var);
    size_t *view_of_row = memory_zeroed(n, sizeof *view_of_row);
    sites_decoded *decoded = memory_zeroed(ROWS, sizeof *decoded);
    deepstruc_status status = view_of_row && decoded ? DEEPSTRUC_OK : diag_no_memory(diag);
    random_stream random;
    random_seed(&random, s->seed, 0x67656e);
    if (status == DEEPSTRUC_OK)
        share_out(out->view, out->n_views, n, view_of_row, &random);
    for (size_t first = 0, rows; first < n && status == DEEPSTRUC_OK; first += rows) {
        /* The means come alone, decoded without chance. */
        rows = first == 0 ? (n < out->n_views ? n : out->n_views) : n - first < ROWS ? n - first : ROWS;
        sites_choice choice = {.random = first == 0 ? NULL : &random, .level_spread = LEVEL_SPREAD};
        draw_latents(g->model, b, mean, log_var, view_of_row, first, rows, out->n_views, s->sigma, &random);
        sites_decode_shapes(g->model, b, rows, &choice, decoded);
        for (size_t i = 0; i < rows && status == DEEPSTRUC_OK; i++) {
            bool valid = is_valid(g->frames, &decoded[i].shape);
            out->n_valid += valid;
            if (valid && wanted(g, s, &decoded[i].shape) && !add_shape(set, &decoded[i], view_of_row[first + i]))
                status = diag_no_memory(diag);
        }
    }
    free(view_of_row);
    free(decoded);
    return status;
}

static deepstruc_status make_cluster(const generator *g, const distinct *d, double bond, deepstruc_cluster **out,
                                     deepstruc_diag *diag)
{
    const frame *f = &g->frames->frame[d->shape.frame];
    deepstruc_cluster *cluster;
    deepstruc_status status = deepstruc_cluster_create(&cluster, d->shape.n_atoms, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < d->shape.n_atoms; i++)
        for (size_t c = 0; c < 3; c++)
            cluster->xyz[3 * i + c] = f->site[d->shape.site[i]][c] * bond;
    cluster->bond_length = bond;
    text_copy(cluster->element, sizeof cluster->element, "X");
    snprintf(cluster->name, sizeof cluster->name, "generated %s, %zu atoms, %08x", f->name, d->shape.n_atoms,
             (unsigned)d->hash);
    cluster->type = deepstruc_cluster_classify(cluster);
    *out = cluster;
    return DEEPSTRUC_OK;
}

static deepstruc_status collect(const generator *g, const distinct_set *set, generation *out, deepstruc_diag *diag)
{
    out->structure = memory_zeroed(set->n + 1, sizeof *out->structure);
    if (!out->structure)
        return diag_no_memory(diag);
    out->n = set->n;
    bool good = true;
#pragma omp parallel for schedule(dynamic, 16) reduction(&& : good)
    for (size_t i = 0; i < set->n; i++) {
        const distinct *d = &set->item[i];
        generated *to = &out->structure[i];
        *to = (generated){NULL, d->n_samples, d->frame_probability, d->view};
        good = make_cluster(g, d, out->view[d->view].bond_length, &to->cluster, NULL) == DEEPSTRUC_OK && good;
    }
    return good ? DEEPSTRUC_OK : diag_no_memory(diag);
}

void generation_destroy(generation *done)
{
    if (!done)
        return;
    for (size_t i = 0; i < done->n; i++)
        deepstruc_cluster_destroy(done->structure[i].cluster);
    free(done->structure);
    free(done);
}

deepstruc_status propose_generate(generation **out, const generator *g, const deepstruc_pdf *pdf,
                                  const generate_settings *settings, deepstruc_diag *diag)
{
    generation *result = memory_zeroed(1, sizeof *result);
    hypothesis *h = memory_zeroed(MAX_LADDER, sizeof *h);
    distinct_set *set = memory_zeroed(1, sizeof *set);
    sites_buffers *b = NULL;
    fine_pdf fine = {0};
    deepstruc_status status =
        result && h && set ? sites_buffers_create(&b, g->model, ROWS, false, diag) : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK)
        status = make_fine(&fine, pdf, settings->qmax, diag);
    if (status == DEEPSTRUC_OK) {
        result->n_samples = settings->n_samples;
        result->n_views = find_hypotheses(g, b, &fine, settings, h);
        for (size_t v = 0; v < result->n_views; v++)
            result->view[v] = view_of(g->model, b, &h[v], v);
        status = result->n_views == 0
                     ? diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, pdf->file, 0,
                                    "too little is measured for the model: it wants G(r) over at least "
                                    "two bond lengths from below the first peak")
                     : sample(g, b, settings, result, set, diag);
    }
    if (status == DEEPSTRUC_OK)
        status = collect(g, set, result, diag);
    if (set)
        free(set->item);
    free(set);
    free(fine.g);
    free(h);
    sites_buffers_destroy(b);
    if (status != DEEPSTRUC_OK) {
        generation_destroy(result);
        return status;
    }
    *out = result;
    return DEEPSTRUC_OK;
}
