#include <deepstruc/dataset.h>
#include <deepstruc/layers.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/memory.h"
#include "dataset/layers_stream.h"
#include "dataset/stacking.h"
#include "model/layers_net.h"
#include "nn/adam.h"
#include "train/averaged.h"

enum { LOG_EVERY = 1000 };
static const double CHECKPOINT_EVERY_S = 120;
static const char CHECKPOINT[] = "deepstruc-layers-checkpoint-1";

deepstruc_layers_training deepstruc_layers_training_default(void)
{
    return (deepstruc_layers_training){.steps = 40000,
                                       .batch = 128,
                                       .learning_rate = 1e-3,
                                       .cooldown = 0.4,
                                       .weight_decay = 0.01,
                                       .trunk = 576,
                                       .decoder = 512,
                                       .last = 256};
}

#define FIELD(label, field, type, low, high, unit, text)                                                               \
    {                                                                                                                  \
        .name = label, .kind = DEEPSTRUC_FIELD_##type, .offset = offsetof(deepstruc_layers_training, field),           \
        .min = low, .max = high, .metavar = unit, .help = text                                                         \
    }

const deepstruc_field deepstruc_layers_training_fields[] = {
    FIELD("steps", steps, LONG, 1, 1e9, "N", "training steps (40000)"),
    FIELD("batch", batch, LONG, 2, LAYERS_ROWS, "N", "simulated samples per step, an even number (128)"),
    FIELD("time-limit", time_limit_s, DOUBLE, 0, 1e7, "SECONDS", "stop after this time with a checkpoint (0: never)"),
    FIELD("learning-rate", learning_rate, DOUBLE, 1e-8, 1, "RATE", "Adam's step size until the cooldown (0.001)"),
    FIELD("cooldown", cooldown, DOUBLE, 0, 1, "SHARE", "last share of the steps, over which the step size falls (0.4)"),
    FIELD("weight-decay", weight_decay, DOUBLE, 0, 1, "X", "decoupled weight decay (0.01)"),
    FIELD("all-sequences", all_sequences, FLAG, 0, 0, NULL,
          "train on all sequences; else those that the protocol stacking holds out are never seen"),
    FIELD("trunk", trunk, LONG, 8, 4096, "N", "width of the network that reads the PDF (576)"),
    FIELD("decoder", decoder, LONG, 8, 4096, "N", "width of the decoder (512)"),
    FIELD("last", last, LONG, 8, 4096, "N", "width of the decoder's last layer (256)"),
    FIELD("resume", resume, FLAG, 0, 0, NULL, "go on from the checkpoint beside the output"),
    {.name = NULL},
};

typedef struct {
    const deepstruc_layers_training *settings;
    const char *path;
    char checkpoint[4096], log_path[4096];
    bool force;
    layers_set *set;
    bool allowed[LAYERS_SEQUENCES];
    layers_stream *samples;
    layers_model *model;
    layers_buffers *buffers;
    real *average;
    size_t n_scored; /* the protocol's structures, for the log */
    layers_structure *scored;
    double *scored_bond;
    layers_sample sample[LAYERS_ROWS];
    const layers_structure *structure[LAYERS_ROWS];
    bool right[LAYERS_ROWS], near[LAYERS_ROWS];
    float fact[3][LAYERS_ROWS];
    long step;
    bool ending;             /* this call writes its last files */
    double seconds, started; /* spent by earlier calls; begin of this one */
    layers_loss loss;        /* sums since the last line of the log */
    long n_summed;
} training;

static deepstruc_status one_step(training *t, deepstruc_diag *diag)
{
    size_t rows = (size_t)t->settings->batch;
    deepstruc_status status = layers_stream_draw(t->samples, (uint64_t)t->settings->seed, (uint64_t)t->step, rows,
                                                 t->buffers->x, t->sample, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < rows; i++) {
        const layers_sample *s = &t->sample[i];
        t->structure[i] = s->structure;
        t->right[i] = s->scale_is_right;
        t->near[i] = s->is_near;
        t->fact[0][i] = s->log_ratio;
        t->fact[1][i] = s->log_atoms;
        t->fact[2][i] = s->log_width;
    }
    const layers_targets targets = {rows, t->structure, t->right, t->near, {t->fact[0], t->fact[1], t->fact[2]}};
    layers_loss loss;
    nn_params_zero_gradients(&t->model->params);
    status = layers_train_batch(t->model, t->buffers, &targets, &loss, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    nn_adam adam = nn_adam_default();
    adam.weight_decay = t->settings->weight_decay;
    adam.clip = 2;
    double rate = averaged_rate(t->settings->learning_rate, t->settings->cooldown, t->step, t->settings->steps);
    if (!isfinite(nn_adam_step(&adam, &t->model->params, rate, t->step + 1)))
        return diag_fail(diag, DEEPSTRUC_NUMERIC, "the gradient is no longer finite");
    averaged_update(&t->model->params, t->average, t->step, 0, t->model->params.n_values);
    t->loss.total += loss.total;
    t->loss.sites += loss.sites;
    t->loss.sequence += loss.sequence;
    t->loss.facts += loss.facts;
    t->loss.scale += loss.scale;
    t->n_summed++;
    t->step++;
    return DEEPSTRUC_OK;
}

/* ---- scores, log and files -------------------------------------------------------------------------------------- */

/* The protocol's structures, each on its sites. */
static deepstruc_status place_scored(training *t, deepstruc_diag *diag)
{
    deepstruc_structures *all = NULL;
    deepstruc_status status = deepstruc_structures_of_protocol(&all, "stacking", diag);
    if (status == DEEPSTRUC_OK) {
        t->scored = memory_zeroed(all->n, sizeof *t->scored);
        t->scored_bond = memory_zeroed(all->n, sizeof *t->scored_bond);
        status = t->scored && t->scored_bond ? DEEPSTRUC_OK : diag_no_memory(diag);
    }
    for (size_t i = 0; status == DEEPSTRUC_OK && i < all->n; i++) {
        const deepstruc_structure *s = &all->structure[i];
        deepstruc_cluster *cluster;
        status = deepstruc_cluster_build(&cluster, &s->recipe, s->bond_length, s->element, diag);
        if (status != DEEPSTRUC_OK)
            break;
        t->scored_bond[t->n_scored] = s->bond_length;
        t->n_scored += layers_fit(t->set, cluster->xyz, cluster->n_atoms, 1 / s->bond_length, &t->scored[t->n_scored]);
        deepstruc_cluster_destroy(cluster);
    }
    deepstruc_structures_destroy(all);
    return status;
}

/* Shares of the protocol's structures whose sequence, and whose every site, is found from the clean PDF. */
typedef struct {
    double n, sequences, sites;
} protocol_score;

static void add_score(protocol_score *score, const layers_structure *truth, const layers_structure *found)
{
    score->n++;
    score->sequences += truth->sequence == found->sequence;
    score->sites += truth->sequence == found->sequence && truth->shape.n_atoms == found->shape.n_atoms &&
                    memcmp(truth->shape.site, found->shape.site, truth->shape.n_atoms * sizeof *truth->shape.site) == 0;
}

static deepstruc_status score_protocol(training *t, protocol_score score[2], deepstruc_diag *diag)
{
    deepstruc_status status = t->scored ? DEEPSTRUC_OK : place_scored(t, diag);
    real *kept = t->model->params.value;
    for (size_t first = 0, rows; first < t->n_scored && status == DEEPSTRUC_OK; first += rows) {
        rows = t->n_scored - first < LAYERS_ROWS ? t->n_scored - first : LAYERS_ROWS;
        for (size_t i = 0; i < rows && status == DEEPSTRUC_OK; i++) {
            double bond = t->scored_bond[first + i], off = 1 + 0.001 * ((double)(i % 5) - 2);
            status = layers_stream_show(t->samples, &t->scored[first + i], bond, bond * off,
                                        t->buffers->x + i * STREAM_INPUTS, diag);
        }
        if (status != DEEPSTRUC_OK)
            break;
        t->model->params.value = t->average;
        layers_forward(t->model, t->buffers, rows);
        t->model->params.value = kept;
        for (size_t i = 0; i < rows; i++) {
            layers_answer answer;
            layers_read(t->model, t->buffers, i, 1, &answer);
            const layers_structure *truth = &t->scored[first + i];
            add_score(&score[!t->allowed[truth->sequence]], truth, &answer.structure);
        }
    }
    return status;
}

static deepstruc_status write_log(training *t, deepstruc_diag *diag)
{
    protocol_score score[2] = {{0}};
    deepstruc_status status = score_protocol(t, score, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    FILE *file = fopen(t->log_path, t->step <= LOG_EVERY ? "w" : "a");
    if (!file)
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, t->log_path, 0, "cannot be opened for writing");
    if (t->step <= LOG_EVERY)
        fputs("step,seconds,rate,total,sites,sequence,facts,scale,exact_sequence,exact_sites,unseen_sequence,"
              "unseen_sites\n",
              file);
    const double n = (double)t->n_summed;
    const layers_loss *l = &t->loss;
    fprintf(file, "%ld,%.0f,%.2e,%.4f,%.3f,%.4f,%.4f,%.4f", t->step, t->seconds + clock_seconds() - t->started,
            averaged_rate(t->settings->learning_rate, t->settings->cooldown, t->step, t->settings->steps), l->total / n,
            l->sites / n, l->sequence / n, l->facts / n, l->scale / n);
    for (int unseen = 0; unseen < 2 && score[unseen].n > 0; unseen++)
        fprintf(file, ",%.4f,%.4f", score[unseen].sequences / score[unseen].n, score[unseen].sites / score[unseen].n);
    fputc('\n', file);
    t->loss = (layers_loss){0};
    t->n_summed = 0;
    return fclose(file) == 0 ? DEEPSTRUC_OK
                             : diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, t->log_path, 0, "cannot be written");
}

/* The covariance of the numbers' errors on fresh samples of a seed that no training draws, with a little on its
 * diagonal for what new sequences add. Weights are those in the arena. */
static deepstruc_status calibrate(training *t, deepstruc_diag *diag)
{
    enum { BATCHES = 40 };
    const uint64_t calibration_seed = 0x6c61796572731ull;
    const double floor = 0.003;
    double sum[LAYERS_NUMBERS][LAYERS_NUMBERS] = {{0}}, n = 0;
    deepstruc_status status = DEEPSTRUC_OK;
    for (uint64_t batch = 0; batch < BATCHES && status == DEEPSTRUC_OK; batch++) {
        status = layers_stream_draw(t->samples, calibration_seed, batch, LAYERS_ROWS, t->buffers->x, t->sample, diag);
        if (status != DEEPSTRUC_OK)
            break;
        layers_forward(t->model, t->buffers, LAYERS_ROWS);
        for (size_t i = 0; i < LAYERS_ROWS; i++) {
            const float *truth = t->set->sequence[t->sample[i].structure->sequence].number;
            const real *y = t->buffers->sequence + i * 2 * (size_t)LAYERS_NUMBERS;
            if (!t->sample[i].is_near)
                continue;
            n++;
            for (size_t k = 0; k < LAYERS_NUMBERS; k++)
                for (size_t j = 0; j < LAYERS_NUMBERS; j++)
                    sum[k][j] += (double)(y[2 * k] - truth[k]) * (double)(y[2 * j] - truth[j]);
        }
    }
    for (size_t k = 0; k < LAYERS_NUMBERS && status == DEEPSTRUC_OK; k++)
        for (size_t j = 0; j < LAYERS_NUMBERS; j++)
            t->model->covariance[k][j] = (float)(sum[k][j] / n + (j == k ? floor : 0));
    return status;
}

static deepstruc_status save(training *t, deepstruc_diag *diag)
{
    char facts[160];
    double seconds = t->seconds + clock_seconds() - t->started;
    snprintf(facts, sizeof facts, "%ld steps of %ld samples, seed %ld, %.2f hours", t->step, t->settings->batch,
             t->settings->seed, seconds / 3600);
    deepstruc_status status =
        averaged_save(&t->model->params, t->average, CHECKPOINT, t->step, seconds, t->checkpoint, diag);
    real *kept = t->model->params.value;
    t->model->params.value = t->average;
    if (status == DEEPSTRUC_OK && t->ending)
        status = calibrate(t, diag);
    t->model->params.value = kept;
    if (status == DEEPSTRUC_OK)
        status = layers_save(t->model, t->average, facts, t->path, t->force, diag);
    t->force = true; /* from now on it is this training's own file */
    return status;
}

/* ---- beginning and end ------------------------------------------------------------------------------------------ */

static void allow_sequences(training *t)
{
    bool held[STACKING_SEQUENCES];
    stacking_held_out(held);
    for (size_t i = 0; i < LAYERS_SEQUENCES; i++)
        t->allowed[i] = t->settings->all_sequences || i >= STACKING_SEQUENCES || !held[i];
}

static deepstruc_status prepare(training *t, deepstruc_diag *diag)
{
    const deepstruc_layers_training *s = t->settings;
    const layers_sizes sizes = {s->trunk, s->decoder, s->last};
    allow_sequences(t);
    deepstruc_status status = layers_set_create(&t->set, diag);
    if (status == DEEPSTRUC_OK)
        status = layers_stream_create(&t->samples, t->set, t->allowed, diag);
    if (status == DEEPSTRUC_OK)
        status = layers_model_create(&t->model, t->set, &sizes, true, diag);
    if (status == DEEPSTRUC_OK)
        status = layers_buffers_create(&t->buffers, t->model, LAYERS_ROWS, true, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    t->average = memory_aligned(t->model->params.n_values, sizeof *t->average);
    if (!t->average)
        return diag_no_memory(diag);
    nn_params_initialise(&t->model->params, (uint64_t)s->seed);
    memcpy(t->average, t->model->params.value, t->model->params.n_values * sizeof *t->average);
    if (s->resume) {
        t->force = true;
        status = averaged_load(&t->model->params, t->average, CHECKPOINT, &t->step, &t->seconds, t->checkpoint, diag);
    }
    return status;
}

static void training_free(training *t)
{
    layers_stream_destroy(t->samples);
    layers_buffers_destroy(t->buffers);
    layers_model_destroy(t->model);
    layers_set_destroy(t->set);
    free(t->scored);
    free(t->scored_bond);
    free(t->average);
    free(t);
}

static deepstruc_status run(training *t, const deepstruc_progress *progress, deepstruc_diag *diag)
{
    const deepstruc_layers_training *s = t->settings;
    double saved = clock_seconds();
    deepstruc_status status = DEEPSTRUC_OK;
    while (t->step < s->steps && status == DEEPSTRUC_OK) {
        status = one_step(t, diag);
        if (status == DEEPSTRUC_OK && t->step % LOG_EVERY == 0)
            status = write_log(t, diag);
        if (status == DEEPSTRUC_OK && clock_seconds() - saved > CHECKPOINT_EVERY_S) {
            status = save(t, diag);
            saved = clock_seconds();
        }
        if (progress && progress->report)
            progress->report(progress->user, "training", (double)t->step / (double)s->steps);
        if ((s->time_limit_s > 0 && clock_seconds() - t->started > s->time_limit_s) ||
            (progress && progress->cancelled && progress->cancelled(progress->user)))
            break;
    }
    t->ending = true;
    return status == DEEPSTRUC_OK ? save(t, diag) : status;
}

deepstruc_status deepstruc_layers_train(const char *path, const deepstruc_layers_training *settings, bool force,
                                        const deepstruc_progress *progress, deepstruc_diag *diag)
{
    deepstruc_status status = deepstruc_fields_check(deepstruc_layers_training_fields, settings, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    training *t = memory_zeroed(1, sizeof *t);
    if (!t)
        return diag_no_memory(diag);
    t->settings = settings;
    t->path = path;
    t->force = force;
    t->started = clock_seconds();
    snprintf(t->checkpoint, sizeof t->checkpoint, "%.4000s.checkpoint", path);
    snprintf(t->log_path, sizeof t->log_path, "%.4000s.csv", path);
    status = prepare(t, diag);
    if (status == DEEPSTRUC_OK)
        status = run(t, progress, diag);
    training_free(t);
    return status;
}
