/* From logits to structures, and weight files, of the model of stackings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "model/layers_net.h"
#include "model/sites_decode.h"
#include "nn/safetensors.h"

typedef struct {
    double score;
    int sequence;
} ranked;

static int by_score(const void *va, const void *vb)
{
    const ranked *a = va, *b = vb;
    return a->score != b->score ? (a->score > b->score ? -1 : 1) : a->sequence - b->sequence;
}

size_t layers_read(const layers_model *m, const layers_buffers *b, size_t i, size_t n, layers_answer *out)
{
    ranked all[LAYERS_SEQUENCES];
    sites_read read = sites_read_row(b->facts + i * SITES_FACTS);
    const sites_count count = {read.log_atoms, read.log_atoms_sd};
    double score[LAYERS_SEQUENCES], sum = 0;
    layers_score(m, b, i, score);
    for (int s = 0; s < LAYERS_SEQUENCES; s++)
        all[s] = (ranked){score[s], s};
    qsort(all, LAYERS_SEQUENCES, sizeof *all, by_score);
    for (int s = 0; s < LAYERS_SEQUENCES; s++)
        sum += exp(all[s].score - all[0].score);
    n = n < LAYERS_SEQUENCES ? n : LAYERS_SEQUENCES;
    for (size_t k = 0; k < n; k++) {
        const layers_sequence *s = &m->set->sequence[all[k].sequence];
        int letter[SITES_LAYERS];
        for (int l = 0; l < SITES_LAYERS; l++) {
            int layer = l - SITES_LAYERS / 2;
            letter[l] = layer >= 0 && layer < s->n_layers ? s->letters[layer] - 'A' : -1;
        }
        out[k].structure.sequence = all[k].sequence;
        out[k].log_probability = all[k].score - all[0].score - log(sum);
        sites_read_shape(&m->set->table, b->sites + i * m->set->table.n_sites, letter, 0, &count,
                         &out[k].structure.shape);
    }
    return n;
}

/* ---- bodies ----------------------------------------------------------------------------------------------------- */

enum { MOST_BODIES = 16 };

typedef struct {
    const real *logit;
    sites_count count;
    size_t n, most;
    double score[MOST_BODIES]; /* falling */
    layers_structure *best;
} body_list;

static double count_score(const sites_count *count, size_t n_atoms)
{
    double off = (log((double)n_atoms) - count->mean) / count->sd;
    return -off * off / 2;
}

/* Bodies of one sequence have the same columns: the log-likelihood of their sites is the sum of the occupied ones'
 * logits, and a constant. */
static double sum_logits(const real *logit, const frame_shape *shape)
{
    double sum = 0;
    for (size_t k = 0; k < shape->n_atoms; k++)
        sum += (double)logit[shape->site[k]];
    return sum;
}

static void keep_body(void *user, const layers_structure *body)
{
    body_list *l = user;
    double score = count_score(&l->count, body->shape.n_atoms) + sum_logits(l->logit, &body->shape);
    size_t at = l->n;
    while (at > 0 && l->score[at - 1] < score)
        at--;
    bool same = at > 0 && l->score[at - 1] - score < 1e-9 && l->best[at - 1].shape.n_atoms == body->shape.n_atoms;
    if (same || at == l->most)
        return;
    l->n += l->n < l->most;
    for (size_t k = l->n - 1; k > at; k--) {
        l->score[k] = l->score[k - 1];
        l->best[k] = l->best[k - 1];
    }
    l->score[at] = score;
    l->best[at] = *body;
}

size_t layers_read_bodies(const layers_model *m, const layers_buffers *b, size_t i, int sequence, size_t n,
                          layers_structure *out)
{
    sites_read read = sites_read_row(b->facts + i * SITES_FACTS);
    body_list list = {.logit = b->sites + i * m->set->table.n_sites,
                      .count = {read.log_atoms, read.log_atoms_sd},
                      .most = n < MOST_BODIES ? n : MOST_BODIES,
                      .best = out};
    layers_visit_bodies(m->set, sequence, keep_body, &list);
    return list.n;
}

/* ---- the single answer ------------------------------------------------------------------------------------------ */

/* The sites' log-likelihood is taken for a seventh: they err together. Chosen on fresh samples of training sequences;
 * see docs/model-stacking.md, also for why other sites than those of bodies are not considered. */
static const double SITES_WEIGHT = 0.15;

typedef struct {
    const real *logit;
    sites_count count;
    double of_sequence, score; /* log-likelihood of the sequence and its empty columns; the best's in all */
    layers_structure *best;
} likeliest;

static void consider(void *user, const layers_structure *body)
{
    likeliest *l = user;
    double score = l->of_sequence + SITES_WEIGHT * sum_logits(l->logit, &body->shape) +
                   count_score(&l->count, body->shape.n_atoms);
    if (score > l->score) {
        l->score = score;
        *l->best = *body;
    }
}

/* The log-likelihood that the columns of a sequence are empty. */
static double empty_columns(const layers_set *set, const layers_sequence *s, const real *logit)
{
    double sum = 0;
    for (size_t i = 0; i < set->table.n_sites; i++)
        if (set->table.layer[i] < s->n_layers && s->letters[(int)set->table.layer[i]] - 'A' == set->table.letter[i])
            sum -= (double)((logit[i] > 0 ? logit[i] : 0) + log1p(exp(-fabs(logit[i]))));
    return sum;
}

void layers_read_likeliest(const layers_model *m, const layers_buffers *b, size_t i, layers_answer *out)
{
    enum { SEQUENCES = 24 };
    const double hopeless = -40;
    layers_answer answer[SEQUENCES];
    sites_read read = sites_read_row(b->facts + i * SITES_FACTS);
    likeliest l = {.logit = b->sites + i * m->set->table.n_sites,
                   .count = {read.log_atoms, read.log_atoms_sd},
                   .score = -INFINITY,
                   .best = &out->structure};
    size_t n = layers_read(m, b, i, SEQUENCES, answer);
    *out = answer[0];
    for (size_t k = 0; k < n && answer[k].log_probability > answer[0].log_probability + hopeless; k++) {
        int sequence = answer[k].structure.sequence;
        double before = l.score;
        l.of_sequence =
            answer[k].log_probability + SITES_WEIGHT * empty_columns(m->set, &m->set->sequence[sequence], l.logit);
        layers_visit_bodies(m->set, sequence, consider, &l);
        if (l.score > before)
            out->log_probability = answer[k].log_probability;
    }
}

#ifndef NN_DOUBLE

static const char FORMAT[] = "deepstruc-layers-2";

deepstruc_status layers_save(const layers_model *m, const float *block, const char *facts, const char *path, bool force,
                             deepstruc_diag *diag)
{
    char sizes[96], digest[32];
    snprintf(sizes, sizeof sizes, "%ld %ld %ld", m->sizes.n_trunk, m->sizes.n_decoder, m->sizes.n_last);
    snprintf(digest, sizeof digest, "%016llx", (unsigned long long)m->set->digest);
    safetensors_writer *writer = safetensors_writer_create();
    if (!writer)
        return diag_no_memory(diag);
    safetensors_add_metadata(writer, "format", FORMAT);
    safetensors_add_metadata(writer, "sizes", sizes);
    safetensors_add_metadata(writer, "sites", digest);
    if (facts)
        safetensors_add_metadata(writer, "facts", facts);
    safetensors_add_params(writer, &m->params, "", block);
    deepstruc_status status = safetensors_write(writer, path, force, diag);
    safetensors_writer_destroy(writer);
    return status;
}

/* A network of these widths has more numbers than its square layers: asked before memory is taken for what a file only
 * claims. */
static bool holds(const safetensors *file, const layers_sizes *sizes)
{
    double trunk = (double)sizes->n_trunk, decoder = (double)sizes->n_decoder, last = (double)sizes->n_last;
    return 3 * trunk * trunk + trunk * decoder + decoder * last < (double)safetensors_n_values(file);
}

deepstruc_status layers_load(layers_model **out, const layers_set *set, const char *path, deepstruc_diag *diag)
{
    safetensors *file;
    deepstruc_status status = safetensors_read(&file, path, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    char digest[32];
    snprintf(digest, sizeof digest, "%016llx", (unsigned long long)set->digest);
    const char *format = safetensors_metadata(file, "format"), *sizes_read = safetensors_metadata(file, "sizes"),
               *made_for = safetensors_metadata(file, "sites");
    layers_sizes sizes;
    layers_model *m = NULL;
    if (!format || strcmp(format, FORMAT) != 0 || !sizes_read ||
        sscanf(sizes_read, "%ld %ld %ld", &sizes.n_trunk, &sizes.n_decoder, &sizes.n_last) != 3)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                              "not a model of stackings (metadata format %s is wanted); name one made by train --arch "
                              "stacking",
                              FORMAT);
    else if (!made_for || strcmp(made_for, digest) != 0)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                              "made for another table of sites than this version's; use the model of this version");
    else if (!holds(file, &sizes))
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                              "has fewer numbers than layers of its sizes, %s; it is damaged", sizes_read);
    else
        status = layers_model_create(&m, set, &sizes, false, diag);
    if (status == DEEPSTRUC_OK)
        status = safetensors_load_params(file, &m->params, "", m->params.value, diag);
    if (status == DEEPSTRUC_OK)
        status = nn_params_check(&m->params, path, diag);
    safetensors_destroy(file);
    if (status != DEEPSTRUC_OK) {
        layers_model_destroy(m);
        return status;
    }
    *out = m;
    return DEEPSTRUC_OK;
}

#endif
