#include <deepstruc/sites.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/comm.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "dataset/held_out.h"
#include "dataset/stream.h"
#include "dataset/stream_known.h"
#include "dataset/stream_large.h"
#include "model/sites_decode.h"
#include "train/averaged.h"
#include "train/sites_calibrate.h"
#include "train/sites_map.h"
#include "train/sites_score.h"

deepstruc_sites_training deepstruc_sites_training_default(void)
{
    return (deepstruc_sites_training){.steps = 60000,
                                      .batch = 128,
                                      .learning_rate = 1e-3,
                                      .cooldown = 0.25,
                                      .weight_decay = 0.01,
                                      .kl = 0.02,
                                      .known_share = 0.2,
                                      .published_share = 0.25,
                                      .noise_max = 0.1,
                                      .variant_share = 0.25,
                                      .large_share = 0.1,
                                      .max_atoms = 400,
                                      .latent = 16,
                                      .trunk = 512,
                                      .decoder = 512,
                                      .last = 256};
}

#define FIELD(label, field, type, low, high, unit, text)                                                               \
    {                                                                                                                  \
        .name = label, .kind = DEEPSTRUC_FIELD_##type, .offset = offsetof(deepstruc_sites_training, field),            \
        .min = low, .max = high, .metavar = unit, .help = text                                                         \
    }

const deepstruc_field deepstruc_sites_training_fields[] = {
    FIELD("steps", steps, LONG, 1, 1e9, "N", "training steps (60000)"),
    FIELD("batch", batch, LONG, 8, STREAM_ROWS, "N", "simulated samples per step, a multiple of 4 (128)"),
    FIELD("time-limit", time_limit_s, DOUBLE, 0, 1e7, "SECONDS", "stop after this time with a checkpoint (0: never)"),
    FIELD("learning-rate", learning_rate, DOUBLE, 1e-8, 1, "RATE", "Adam's step size until the cooldown (0.001)"),
    FIELD("cooldown", cooldown, DOUBLE, 0, 1, "SHARE",
          "last share of the steps, over which the step size falls (0.25)"),
    FIELD("weight-decay", weight_decay, DOUBLE, 0, 1, "X", "decoupled weight decay (0.01)"),
    FIELD("kl", kl, DOUBLE, 0, 100, "BETA", "weight of the Kullback-Leibler term (0.02)"),
    FIELD("known-share", known_share, DOUBLE, 0, 1, "SHARE", "samples that are published shapes (0.2)"),
    FIELD("published-share", published_share, DOUBLE, 0, 1, "SHARE",
          "samples with the published labels' instrument (0.25)"),
    FIELD("noise", noise_max, DOUBLE, 0, 1, "SHARE", "largest noise, rms over that of G (0.1)"),
    FIELD("variant-share", variant_share, DOUBLE, 0, 0.5, "SHARE",
          "random shapes that are published ones with a part missing (0.25)"),
    FIELD("large-share", large_share, DOUBLE, 0, 0.5, "SHARE",
          "random shapes of 300 to 1300 atoms, of which size and type are learned (0.1)"),
    FIELD("max-atoms", max_atoms, LONG, 20, 400, "N", "atoms of the largest of the other random shapes (400)"),
    FIELD("all-shapes", all_shapes, FLAG, 0, 0, NULL,
          "train on all published shapes; else the test shapes of models/splits/shapes.tsv are never seen"),
    FIELD("latent", latent, LONG, 2, 256, "N", "dimensions of the latent space (16)"),
    FIELD("trunk", trunk, LONG, 8, 4096, "N", "width of the network that reads the PDF (512)"),
    FIELD("decoder", decoder, LONG, 8, 4096, "N", "width of the decoder (512)"),
    FIELD("last", last, LONG, 8, 4096, "N", "width of the decoder's last layer (256)"),
    FIELD("no-graph", no_graph, FLAG, 0, 0, NULL,
          "an ablation: in training the encoder is told the frame alone, not the atoms' graph"),
    FIELD("calibrate", calibrate, FLAG, 0, 0, NULL,
          "train nothing: measure anew how sure the existing output may be of its counts"),
    FIELD("resume", resume, FLAG, 0, 0, NULL, "go on from the checkpoint beside the output"),
    {.name = "start",
     .kind = DEEPSTRUC_FIELD_TEXT,
     .offset = offsetof(deepstruc_sites_training, start),
     .optional = true,
     .metavar = "MODEL",
     .help = "begin with the weights of this file (its widths are taken; the encoder, which it has not, is new)"},
    {.name = NULL},
};

/* ---- a training ------------------------------------------------------------------------------------------------- */

typedef struct {
    const deepstruc_sites_training *settings;
    averaged_training loop;
    stream_part part;           /* each rank takes its part of a batch and of the parameters */
    float *weight;              /* by rank: its share of the batch */
    size_t n_rows, n_posterior; /* of a batch: this rank's; in the order of the whole batch, the posterior's first */
    frame_set *frames;
    frame_shape *known;
    size_t n_known;
    held_out never;
    stream *samples;
    stream *scored; /* all published shapes, for the log */
    sites_model *model;
    sites_buffers *buffers;
    stream_sample sample[STREAM_ROWS];
    const frame_shape *shape[STREAM_ROWS];
    bool right[STREAM_ROWS];
    float fact[3][STREAM_ROWS];
} training;

static size_t posterior_rows(const deepstruc_sites_training *s)
{
    return (size_t)s->batch / 4;
}

/* The noise of the whole batch is drawn, in its order, and this rank's rows of it are kept. */
static void draw_noise(training *t, long step)
{
    random_stream random;
    random_seed(&random, (uint64_t)t->settings->seed ^ 0x5eed5eed5eed5eedu, (uint64_t)step);
    size_t latent = (size_t)t->model->sizes.n_latent, n_kept = 0;
    for (size_t row = 0; row < posterior_rows(t->settings); row++) {
        for (size_t i = 0; i < latent; i++)
            t->buffers->noise[n_kept * latent + i] = (real)random_normal(&random);
        n_kept += n_kept < t->n_posterior && row == stream_part_row(t->part, n_kept);
    }
}

/* Gradients and loss of this rank's rows. */
static deepstruc_status differentiate_rows(training *t, long step, double kl, sites_loss *loss, deepstruc_diag *diag)
{
    deepstruc_status status = stream_draw_part(t->samples, (uint64_t)t->settings->seed, (uint64_t)step,
                                               (size_t)t->settings->batch, t->part, t->buffers->x, t->sample, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < t->n_rows; i++) {
        const stream_sample *s = &t->sample[i];
        t->shape[i] = &s->body->shape;
        t->right[i] = s->scale_is_right;
        t->fact[0][i] = s->log_ratio;
        t->fact[1][i] = s->log_atoms;
        t->fact[2][i] = s->log_width;
    }
    draw_noise(t, step);
    sites_targets targets = {t->n_rows, t->n_posterior, t->shape, t->right, {t->fact[0], t->fact[1], t->fact[2]}};
    sites_weights weights = sites_weights_default();
    weights.kl = kl;
    return sites_train_batch(t->model, t->buffers, &targets, &weights, loss, diag);
}

/* Loss and gradient are means over a rank's rows and become those over the batch. The posterior's distance is a mean
 * over its rows, of which a rank may have another share than of all rows. */
static deepstruc_status differentiate(void *user, long step, double *loss, deepstruc_diag *diag)
{
    training *t = user;
    double share = (double)t->n_rows / (double)t->settings->batch,
           posterior_share = (double)t->n_posterior / (double)posterior_rows(t->settings);
    sites_loss of_rows;
    deepstruc_status status = differentiate_rows(t, step, t->settings->kl * (posterior_share / share), &of_rows, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    of_rows.kl *= posterior_share / share;
    for (size_t i = 0; i < sizeof of_rows / sizeof *loss; i++)
        loss[i] = ((const double *)&of_rows)[i] * share;
    return DEEPSTRUC_OK;
}

/* ---- scores and files ------------------------------------------------------------------------------------------ */

static deepstruc_status write_scores(void *user, char out[AVERAGED_SCORES], deepstruc_diag *diag)
{
    training *t = user;
    published_score score[2] = {{0}};
    deepstruc_status status = sites_score(t->model, t->buffers, t->scored, &t->never, score, diag);
    for (int unseen = 0; unseen < 2 && score[unseen].n > 0; unseen++)
        text_append(out, AVERAGED_SCORES, ",%.4f,%.4f", score[unseen].sites / score[unseen].n,
                    score[unseen].counts / score[unseen].n);
    return status;
}

/* What is shipped: the averaged weights, with the map they make. */
static deepstruc_status ship(void *user, const char *facts, bool force, bool ending, deepstruc_diag *diag)
{
    training *t = user;
    deepstruc_status status = sites_map_fill(t->model, t->known, t->n_known, diag);
    if (status == DEEPSTRUC_OK && ending)
        status = sites_calibrate(t->model, t->buffers, t->samples, diag);
    return status == DEEPSTRUC_OK ? sites_save(t->model, t->model->params.value, facts, t->loop.path, force, diag)
                                  : status;
}

_Static_assert(sizeof(sites_loss) <= AVERAGED_LOSSES * sizeof(double), "its columns fit");
static const averaged_kind kind = {
    .format = "deepstruc-sites-checkpoint-1",
    .log_every = 100,
    .columns = "total,sites,frames,facts,scale,kl,map,prior_log_var,exact_sites,exact_count,unseen_sites,unseen_count",
    .n_losses = sizeof(sites_loss) / sizeof(double),
    .differentiate = differentiate,
    .score = write_scores,
    .ship = ship};

/* ---- beginning and end ------------------------------------------------------------------------------------------ */

/* Begins with all weights that a file has. The encoder is new and silent: the posterior starts as the prior. */
static void take_weights(training *t, const sites_model *start)
{
    const nn_params *from = &start->params, *to = t->loop.params;
    for (size_t i = 0; i < from->n_tensors; i++) { /* equal sizes: one list of tensors */
        const nn_tensor *tensor = &from->tensor[i];
        if (!sites_is_shipped(tensor))
            continue;
        size_t at = to->tensor[i].offset, size = tensor->n * sizeof *from->value;
        memcpy(to->value + at, from->value + tensor->offset, size);
        memcpy(t->loop.average + at, from->value + tensor->offset, size);
    }
}

static deepstruc_status take_part(training *t, deepstruc_ranks *ranks, deepstruc_diag *diag)
{
    size_t rows = (size_t)t->settings->batch, count = deepstruc_ranks_count(ranks),
           most = (posterior_rows(t->settings) + STREAM_GROUP - 1) / STREAM_GROUP;
    if (count > most)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT,
                         "a batch of %zu samples feeds at most %zu ranks, not %zu; give 16 samples for each", rows,
                         most, count);
    t->part = (stream_part){deepstruc_ranks_index(ranks), count};
    t->n_rows = stream_part_rows(t->part, rows);
    while (t->n_posterior < t->n_rows && stream_part_row(t->part, t->n_posterior) < posterior_rows(t->settings))
        t->n_posterior++;
    t->weight = memory_zeroed(count, sizeof *t->weight);
    if (!t->weight)
        return diag_no_memory(diag);
    for (size_t r = 0; r < count; r++)
        t->weight[r] = (float)stream_part_rows((stream_part){r, count}, rows) / (float)rows;
    return DEEPSTRUC_OK;
}

/* Frames, what is drawn from them, and what the log scores. */
static deepstruc_status prepare_samples(training *t, deepstruc_diag *diag)
{
    const deepstruc_sites_training *s = t->settings;
    stream_settings stream_of = stream_settings_default();
    stream_of.known_share = s->known_share;
    stream_of.published_share = s->published_share;
    stream_of.noise_max = s->noise_max;
    stream_of.variant_share = s->variant_share;
    stream_of.large_share = s->large_share;
    stream_of.never = &t->never;
    stream_of.n_max = (size_t)s->max_atoms;
    deepstruc_status status = frame_set_create(&t->frames, diag);
    if (status == DEEPSTRUC_OK)
        status = stream_known_shapes(&t->known, &t->n_known, t->frames, diag);
    if (status == DEEPSTRUC_OK && !s->all_shapes)
        status = held_out_published(&t->never, t->frames, diag);
    if (status == DEEPSTRUC_OK)
        status = stream_create(&t->samples, t->frames, t->known, t->n_known, &stream_of, diag);
    stream_of.never = NULL;
    stream_of.large_share = 0; /* nothing is drawn from it */
    if (status == DEEPSTRUC_OK)
        status = stream_create(&t->scored, t->frames, t->known, t->n_known, &stream_of, diag);
    return status;
}

/* A network of the settings' widths, or of those of the file that it begins with. */
static deepstruc_status prepare_model(training *t, const sites_model *start, deepstruc_diag *diag)
{
    const deepstruc_sites_training *s = t->settings;
    sites_sizes sizes = {.n_latent = s->latent,
                         .n_trunk = s->trunk,
                         .n_decoder = s->decoder,
                         .n_last = s->last,
                         .no_graph = s->no_graph};
    deepstruc_status status = sites_model_create(&t->model, t->frames, start ? &start->sizes : &sizes, true, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    t->model->largest = s->large_share > 0 ? LARGE_MAX_ATOMS : s->max_atoms;
    for (size_t i = 0; i < t->n_known; i++)
        if ((long)t->known[i].n_atoms > t->model->largest)
            t->model->largest = (long)t->known[i].n_atoms;
    return sites_buffers_create(&t->buffers, t->model, STREAM_ROWS, true, diag);
}

static deepstruc_status begin(training *t, const char *path, bool force, deepstruc_ranks *ranks,
                              const sites_model *start, deepstruc_diag *diag)
{
    const deepstruc_sites_training *s = t->settings;
    t->loop = (averaged_training){.kind = &kind,
                                  .user = t,
                                  .path = path,
                                  .force = force,
                                  .resume = s->resume,
                                  .steps = s->steps,
                                  .batch = s->batch,
                                  .seed = s->seed,
                                  .time_limit_s = s->time_limit_s,
                                  .learning_rate = s->learning_rate,
                                  .cooldown = s->cooldown,
                                  .weight_decay = s->weight_decay,
                                  .ranks = ranks,
                                  .weight = t->weight,
                                  .params = &t->model->params};
    deepstruc_status status = averaged_begin(&t->loop, diag);
    if (status == DEEPSTRUC_OK && start && !s->resume)
        take_weights(t, start);
    return status;
}

static deepstruc_status prepare(training *t, const char *path, bool force, deepstruc_ranks *ranks, deepstruc_diag *diag)
{
    sites_model *start = NULL;
    deepstruc_status status = take_part(t, ranks, diag);
    if (status == DEEPSTRUC_OK)
        status = prepare_samples(t, diag);
    if (status == DEEPSTRUC_OK && t->settings->start)
        status = sites_load(&start, t->frames, t->settings->start, diag);
    if (status == DEEPSTRUC_OK)
        status = prepare_model(t, start, diag);
    if (status == DEEPSTRUC_OK)
        status = begin(t, path, force, ranks, start, diag);
    sites_model_destroy(start);
    return status;
}

static void training_free(training *t)
{
    stream_destroy(t->samples);
    stream_destroy(t->scored);
    sites_buffers_destroy(t->buffers);
    sites_model_destroy(t->model);
    frame_set_destroy(t->frames);
    held_out_free(&t->never);
    free(t->known);
    averaged_end(&t->loop);
    free(t->weight);
    free(t);
}

/* The file as it is, with a new calibration. */
static deepstruc_status recalibrate(const training *t, deepstruc_diag *diag)
{
    sites_model *model = NULL;
    sites_buffers *buffers = NULL;
    deepstruc_status status = sites_load(&model, t->frames, t->loop.path, diag);
    if (status == DEEPSTRUC_OK)
        status = sites_buffers_create(&buffers, model, STREAM_ROWS, false, diag);
    if (status == DEEPSTRUC_OK)
        status = sites_calibrate(model, buffers, t->samples, diag);
    if (status == DEEPSTRUC_OK)
        status = sites_save(model, model->params.value, model->trained, t->loop.path, true, diag);
    sites_buffers_destroy(buffers);
    sites_model_destroy(model);
    return status;
}

deepstruc_status deepstruc_sites_train(const char *path, const deepstruc_sites_training *settings, bool force,
                                       const deepstruc_progress *progress, deepstruc_diag *diag)
{
    deepstruc_status status = deepstruc_fields_check(deepstruc_sites_training_fields, settings, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    training *t = memory_zeroed(1, sizeof *t);
    if (!t)
        return diag_no_memory(diag);
    t->settings = settings;
    status = comm_meet(comm_of(progress), prepare(t, path, force, comm_of(progress), diag), NULL, diag);
    if (status == DEEPSTRUC_OK)
        status = settings->calibrate ? recalibrate(t, diag) : averaged_run(&t->loop, progress, diag);
    training_free(t);
    return status;
}

deepstruc_status deepstruc_sites_pace(const deepstruc_sites_training *settings, double *epoch_s, size_t n,
                                      deepstruc_diag *diag)
{
    enum { EPOCH = 2246, STEPS = 2 };
    training *t = memory_zeroed(1, sizeof *t);
    if (!t)
        return diag_no_memory(diag);
    t->settings = settings;
    deepstruc_status status = prepare(t, NULL, false, NULL, diag);
    if (status == DEEPSTRUC_OK)
        status = averaged_step(&t->loop, diag); /* warms the caches */
    for (size_t repeat = 0; repeat < n && status == DEEPSTRUC_OK; repeat++) {
        double began = clock_seconds();
        for (int step = 0; step < STEPS && status == DEEPSTRUC_OK; step++)
            status = averaged_step(&t->loop, diag);
        epoch_s[repeat] = (clock_seconds() - began) * EPOCH / (double)(STEPS * settings->batch);
    }
    training_free(t);
    return status;
}
