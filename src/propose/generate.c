#include "propose/generate.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "model/sites_decode.h"
#include "nn/safetensors.h"
#include "propose/generate_draw.h"
#include "propose/generate_steer.h"
#include "propose/generate_views.h"
#include "propose/shape_cluster.h"

enum { FEWEST_ATOMS = 5 };

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

const frame_set *generator_frames(const generator *g)
{
    return g->frames;
}

size_t generator_map(const generator *g, const float **points)
{
    *points = g->model->map;
    return g->model->n_map;
}

/* ---- samples ---------------------------------------------------------------------------------------------------- */

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

/* Samples go to the views by their odds; each view gets its mean first. */
static void share_out(const generate_view *view, size_t n_views, size_t n, size_t *view_of_sample, uint64_t seed)
{
    random_stream random;
    random_seed(&random, seed, 0x7669657773);
    double weight[GENERATE_VIEWS], sum = 0;
    for (size_t v = 0; v < n_views; v++)
        sum += weight[v] = exp(fmax(-3, (view[v].log_odds - view[0].log_odds) / 2));
    for (size_t i = 0; i < n; i++) {
        double left = random_uniform(&random, 0, sum);
        size_t v = 0;
        while (i >= n_views && v + 1 < n_views && left >= weight[v])
            left -= weight[v++];
        view_of_sample[i] = i < n_views ? i : v;
    }
}

static bool wanted(const generator *g, const generate_settings *s, const frame_shape *shape)
{
    frame_family family = frame_family_of(s->focus);
    return shape->n_atoms <= s->max_atoms && (s->focus == DEEPSTRUC_TYPE_UNKNOWN || family == FRAME_N_FAMILIES ||
                                              g->frames->frame[shape->frame].family == family);
}

typedef struct {
    const generator *g;
    const generate_settings *settings;
    const size_t *view_of_sample;
    generation *out;
    distinct_set *set;
} collector;

static bool take_sample(void *user, size_t i, const double place[2], const sites_decoded *decoded)
{
    const collector *c = user;
    size_t which = FULL;
    if (!is_valid(c->g->frames, &decoded->shape))
        return true;
    c->out->n_valid++;
    if (wanted(c->g, c->settings, &decoded->shape) && !add_shape(c->set, decoded, c->view_of_sample[i], &which))
        return false;
    if (which != FULL)
        c->out->kept[c->out->n_kept++] = (generated_sample){{place[0], place[1]}, which};
    return true;
}

/* Of the views that `b` was conditioned on. */
static deepstruc_status sample(const generator *g, const sites_buffers *b, const generate_settings *s,
                               const hypothesis *h, generation *out, distinct_set *set, deepstruc_diag *diag)
{
    sites_count count[GENERATE_VIEWS];
    double target[GENERATE_VIEWS][2];
    bool leads = true;
    for (size_t v = 0; v < out->n_views; v++) {
        count[v] = (sites_count){h[v].read.log_atoms, h[v].read.log_atoms_sd};
        leads = steer_target(g->model, s, &out->view[v], target[v]) && leads;
    }
    size_t *view_of_sample = memory_zeroed(s->n_samples, sizeof *view_of_sample);
    out->kept = memory_zeroed(s->n_samples, sizeof *out->kept);
    deepstruc_status status = view_of_sample && out->kept ? DEEPSTRUC_OK : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK) {
        share_out(out->view, out->n_views, s->n_samples, view_of_sample, s->seed);
        const draw_plan plan = {.model = g->model,
                                .settings = s,
                                .n_views = out->n_views,
                                .mean = b->mean,
                                .log_var = b->log_var,
                                .count = count,
                                .target = leads ? target : NULL,
                                .view_of_sample = view_of_sample};
        collector to = {g, s, view_of_sample, out, set};
        status = draw_samples(&plan, take_sample, &to, diag);
    }
    free(view_of_sample);
    return status;
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
        good = shape_cluster_found(&to->cluster, g->frames, &d->shape, out->view[d->view].bond_length, "generated",
                                   NULL) == DEEPSTRUC_OK &&
               good;
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
        result && h && set ? sites_buffers_create(&b, g->model, GENERATE_LADDER, false, diag) : diag_no_memory(diag);
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

static bool let_go(void *user, size_t i, const double place[2], const sites_decoded *decoded)
{
    (void)user, (void)i, (void)place, (void)decoded;
    return true;
}

deepstruc_status generator_pace(const generator *g, size_t n_samples, double *seconds, size_t n, deepstruc_diag *diag)
{
    real standard[256] = {0}; /* as many dimensions as a model may have */
    generate_settings settings = generate_settings_default();
    settings.sigma = 1;
    settings.n_samples = n_samples;
    size_t *view_of_sample = memory_zeroed(n_samples, sizeof *view_of_sample);
    deepstruc_status status = view_of_sample ? DEEPSTRUC_OK : diag_no_memory(diag);
    const draw_plan plan = {.model = g->model,
                            .settings = &settings,
                            .n_views = 1,
                            .mean = standard,
                            .log_var = standard,
                            .count = &(sites_count){log(100), 0.1},
                            .view_of_sample = view_of_sample};
    for (size_t repeat = 0; repeat < n && status == DEEPSTRUC_OK; repeat++) {
        double began = clock_seconds();
        status = draw_samples(&plan, let_go, NULL, diag);
        seconds[repeat] = clock_seconds() - began;
    }
    free(view_of_sample);
    return status;
}
