#include "propose/generate.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/sites_decode.h"
#include "nn/safetensors.h"
#include "propose/generate_steer.h"
#include "propose/generate_views.h"

enum { ROWS = 256, FEWEST_ATOMS = 5 };
/* Of the logit above which a sampled row takes its sites. Where the data decide, logits lie far beyond it; where they
 * do not, as with several sizes in one sample, nested shapes result. */
static const double LEVEL_SPREAD = 2;

struct generator {
    frame_set *frames;
    sites_model *model;
    char facts[160], hash[32];
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
    char *bytes = NULL;
    size_t n = 0;
    status = file_read(&bytes, &n, model_path, SAFETENSORS_MAX_BYTES, diag);
    if (status != DEEPSTRUC_OK) {
        generator_destroy(g);
        return status;
    }
    snprintf(g->hash, sizeof g->hash, "fnv1a64:%016" PRIx64, hash_bytes(bytes, n));
    free(bytes);
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

const char *generator_hash(const generator *g)
{
    return g->hash;
}

size_t generator_map(const generator *g, const float **points)
{
    *points = g->model->map;
    return g->model->n_map;
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
    uint32_t slot[16384]; /* open addressing; at most half full */
} distinct_set;

static uint64_t shape_hash(const frame_shape *shape)
{
    uint64_t h = 0xcbf29ce484222325u ^ (uint64_t)shape->frame;
    for (size_t i = 0; i < shape->n_atoms; i++)
        h = (h ^ shape->site[i]) * 0x100000001b3u;
    return h ^ (h >> 29);
}

/* Which of the set it is: a new one, or the same as before. FULL when there are enough different ones. */
static const size_t FULL = SIZE_MAX;
static bool add_shape(distinct_set *set, const sites_decoded *decoded, size_t view, size_t *which)
{
    const size_t mask = sizeof set->slot / sizeof *set->slot - 1;
    uint64_t hash = shape_hash(&decoded->shape);
    size_t at = hash & mask;
    for (; set->slot[at]; at = (at + 1) & mask)
        if (set->item[set->slot[at] - 1].hash == hash) {
            *which = set->slot[at] - 1;
            set->item[*which].n_samples++;
            return true;
        }
    *which = FULL;
    if (set->n >= (mask + 1) / 2)
        return true;
    if (!MEMORY_GROW(&set->item, &set->capacity, set->n + 1))
        return false;
    set->item[set->n] = (distinct){hash, view, 1, decoded->frame_probability, decoded->shape};
    *which = set->n;
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
 * mean. Half of the others are widened along the map's axes, half along all. Where places on the map are asked for, the
 * map's axes are theirs; with a focus the samples spread along the way to its target. */
static void draw_latents(const sites_model *model, sites_buffers *b, const real *mean, const real *log_var,
                         const size_t *view_of_row, size_t first, size_t n, size_t n_views, const generate_settings *s,
                         const double (*target)[2], random_stream *random)
{
    size_t latent = (size_t)model->sizes.n_latent;
    for (size_t i = 0; i < n; i++) {
        double way = target && first + i >= n_views ? random_uniform(random, 0, 1) : 0;
        for (size_t c = 0; c < latent; c++) {
            size_t from = view_of_row[first + i] * latent + c;
            double wide = c < 2 || (first + i) % 2 ? s->sigma : 1, noise = wide * random_normal(random);
            if (first + i < n_views)
                noise = 0;
            b->z[i * latent + c] = mean[from] + (real)(noise * exp((double)log_var[from] / 2));
            if (target && c < 2)
                b->z[i * latent + c] += (real)(way * (target[view_of_row[first + i]][c] - (double)mean[from]));
            if (s->n_places > 0 && c < 2)
                b->z[i * latent + c] = (real)s->place[2 * ((first + i) % s->n_places) + c];
        }
    }
}

/* Samples go to the views by their odds; each view gets its mean first. */
static void share_out(const generate_view *view, size_t n_views, size_t n, size_t *view_of_row, random_stream *random)
{
    double weight[GENERATE_VIEWS], sum = 0;
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

static deepstruc_status sample(const generator *g, sites_buffers *b, const generate_settings *s, const hypothesis *h,
                               generation *out, distinct_set *set, deepstruc_diag *diag)
{
    size_t latent = (size_t)g->model->sizes.n_latent, n = out->n_samples;
    real mean[GENERATE_VIEWS * 256], log_var[GENERATE_VIEWS * 256];
    memcpy(mean, b->mean, out->n_views * latent * sizeof *mean);
    memcpy(log_var, b->log_var, out->n_views * latent * sizeof *log_var);
    sites_count count[GENERATE_VIEWS];
    for (size_t v = 0; v < out->n_views; v++)
        count[v] = (sites_count){h[v].read.log_atoms, h[v].read.log_atoms_sd};
    double target[GENERATE_VIEWS][2];
    bool leads = true;
    for (size_t v = 0; v < out->n_views; v++)
        leads = steer_target(g->model, s, &out->view[v], target[v]) && leads;
    int family[ROWS];
    size_t *view_of_row = memory_zeroed(n, sizeof *view_of_row);
    sites_decoded *decoded = memory_zeroed(ROWS, sizeof *decoded);
    out->kept = memory_zeroed(n, sizeof *out->kept);
    deepstruc_status status = view_of_row && decoded && out->kept ? DEEPSTRUC_OK : diag_no_memory(diag);
    random_stream random;
    random_seed(&random, s->seed, 0x67656e);
    if (status == DEEPSTRUC_OK)
        share_out(out->view, out->n_views, n, view_of_row, &random);
    for (size_t first = 0, rows; first < n && status == DEEPSTRUC_OK; first += rows) {
        /* The means come alone, decoded without chance. */
        rows = first == 0 ? (n < out->n_views ? n : out->n_views) : n - first < ROWS ? n - first : ROWS;
        sites_choice choice = {.random = first == 0 ? NULL : &random, .level_spread = LEVEL_SPREAD};
        choice.count = first == 0 ? count : NULL;
        choice.family = family;
        for (size_t i = 0; i < rows; i++)
            family[i] =
                first == 0 && s->focus == DEEPSTRUC_TYPE_UNKNOWN ? FRAME_N_FAMILIES : steer_family(s, first + i);
        draw_latents(g->model, b, mean, log_var, view_of_row, first, rows, out->n_views, s, leads ? target : NULL,
                     &random);
        sites_decode_shapes(g->model, b, rows, &choice, decoded);
        for (size_t i = 0; i < rows && status == DEEPSTRUC_OK; i++) {
            bool valid = is_valid(g->frames, &decoded[i].shape);
            out->n_valid += valid;
            size_t which = FULL;
            if (valid && wanted(g, s, &decoded[i].shape) &&
                !add_shape(set, &decoded[i], view_of_row[first + i], &which))
                status = diag_no_memory(diag);
            const real *z = b->z + i * latent;
            if (which != FULL)
                out->kept[out->n_kept++] = (generated_sample){{(double)z[0], (double)z[1]}, which};
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
    free(done->kept);
    free(done);
}

deepstruc_status propose_generate(generation **out, const generator *g, const deepstruc_pdf *pdf,
                                  const generate_settings *settings, deepstruc_diag *diag)
{
    generation *result = memory_zeroed(1, sizeof *result);
    hypothesis *h = memory_zeroed(GENERATE_LADDER, sizeof *h);
    distinct_set *set = memory_zeroed(1, sizeof *set);
    sites_buffers *b = NULL;
    fine_pdf fine = {0};
    deepstruc_status status =
        result && h && set ? sites_buffers_create(&b, g->model, ROWS, false, diag) : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK)
        status = generate_fine(&fine, pdf, settings->qmax, diag);
    if (status == DEEPSTRUC_OK) {
        result->n_samples = settings->n_samples;
        const hypothesis_reader reader = generate_reader(g->model, b);
        result->n_views = generate_hypotheses(&reader, &fine, settings, h);
        generate_views_of(g->model, b, h, result->n_views, result->view);
        status = result->n_views == 0
                     ? diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, pdf->file, 0,
                                    "too little is measured for the model: it wants G(r) over at least "
                                    "two bond lengths from below the first peak")
                     : sample(g, b, settings, h, result, set, diag);
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

deepstruc_status generator_pace(const generator *g, size_t n_samples, double *seconds, size_t n, deepstruc_diag *diag)
{
    sites_buffers *b = NULL;
    sites_decoded *decoded = memory_zeroed(ROWS, sizeof *decoded);
    deepstruc_status status = decoded ? sites_buffers_create(&b, g->model, ROWS, false, diag) : diag_no_memory(diag);
    random_stream random;
    random_seed(&random, 0, 0x70616365);
    const sites_choice choice = {.random = &random, .level_spread = LEVEL_SPREAD};
    for (size_t repeat = 0; repeat < n && status == DEEPSTRUC_OK; repeat++) {
        double began = clock_seconds();
        for (size_t first = 0, rows; first < n_samples; first += rows) {
            rows = n_samples - first < ROWS ? n_samples - first : ROWS;
            for (size_t i = 0; i < rows * (size_t)g->model->sizes.n_latent; i++)
                b->z[i] = (real)random_normal(&random);
            sites_decode_shapes(g->model, b, rows, &choice, decoded);
        }
        seconds[repeat] = clock_seconds() - began;
    }
    free(decoded);
    sites_buffers_destroy(b);
    return status;
}
