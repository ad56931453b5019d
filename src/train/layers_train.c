#include <deepstruc/dataset.h>
#include <deepstruc/layers.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "dataset/layers_stream.h"
#include "dataset/stacking.h"
#include "model/layers_net.h"
#include "train/averaged.h"

deepstruc_layers_training deepstruc_layers_training_default(void)
{
    return (deepstruc_layers_training){.steps = 30000,
                                       .batch = 128,
                                       .learning_rate = 1e-3,
                                       .cooldown = 0.5,
                                       .weight_decay = 0.01,
                                       .mixed = 0.75,
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
    FIELD("steps", steps, LONG, 1, 1e9, "N", "training steps (30000)"),
    FIELD("batch", batch, LONG, 2, LAYERS_ROWS, "N", "simulated samples per step, an even number (128)"),
    FIELD("time-limit", time_limit_s, DOUBLE, 0, 1e7, "SECONDS", "stop after this time with a checkpoint (0: never)"),
    FIELD("learning-rate", learning_rate, DOUBLE, 1e-8, 1, "RATE", "Adam's step size until the cooldown (0.001)"),
    FIELD("cooldown", cooldown, DOUBLE, 0, 1, "SHARE", "last share of the steps, over which the step size falls (0.5)"),
    FIELD("weight-decay", weight_decay, DOUBLE, 0, 1, "X", "decoupled weight decay (0.01)"),
    FIELD("mixed", mixed, DOUBLE, 0, 1, "SHARE",
          "of the samples in which any two layers are alike or not at will, as in few structures (0.75)"),
    FIELD("spare", spare, FLAG, 0, 0, NULL,
          "leave out a fifth of the other sequences, too, and score them by themselves: to choose settings by"),
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
    averaged_training loop;
    layers_set *set;
    bool allowed[LAYERS_SEQUENCES], spared[LAYERS_SEQUENCES];
    layers_stream *samples;
    layers_model *model;
    layers_buffers *buffers;
    size_t n_scored; /* the protocol's structures, for the log */
    layers_structure *scored;
    double *scored_bond;
    layers_sample sample[LAYERS_ROWS];
    const layers_structure *structure[LAYERS_ROWS];
    bool right[LAYERS_ROWS], near[LAYERS_ROWS];
    float fact[3][LAYERS_ROWS], number[LAYERS_ROWS * LAYERS_NUMBERS];
} training;

static deepstruc_status differentiate(void *user, long step, double *loss, deepstruc_diag *diag)
{
    training *t = user;
    size_t rows = (size_t)t->settings->batch;
    deepstruc_status status = layers_stream_draw(t->samples, (uint64_t)t->settings->seed, (uint64_t)step, rows,
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
        memcpy(t->number + i * LAYERS_NUMBERS, s->number, sizeof s->number);
    }
    const layers_targets targets = {rows,     t->structure, t->right, t->near, {t->fact[0], t->fact[1], t->fact[2]},
                                    t->number};
    layers_loss of_batch;
    status = layers_train_batch(t->model, t->buffers, &targets, &of_batch, diag);
    if (status == DEEPSTRUC_OK)
        memcpy(loss, &of_batch, sizeof of_batch);
    return status;
}

/* ---- scores and files ------------------------------------------------------------------------------------------- */

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

enum { SEEN, UNSEEN, SPARED, GROUPS };

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

static deepstruc_status score_protocol(training *t, protocol_score score[GROUPS], deepstruc_diag *diag)
{
    deepstruc_status status = t->scored ? DEEPSTRUC_OK : place_scored(t, diag);
    for (size_t first = 0, rows; first < t->n_scored && status == DEEPSTRUC_OK; first += rows) {
        rows = t->n_scored - first < LAYERS_ROWS ? t->n_scored - first : LAYERS_ROWS;
        for (size_t i = 0; i < rows && status == DEEPSTRUC_OK; i++) {
            double bond = t->scored_bond[first + i], off = 1 + 0.001 * ((double)(i % 5) - 2);
            status = layers_stream_show(t->samples, &t->scored[first + i], bond, bond * off,
                                        t->buffers->x + i * STREAM_INPUTS, diag);
        }
        if (status != DEEPSTRUC_OK)
            break;
        layers_forward(t->model, t->buffers, rows);
        for (size_t i = 0; i < rows; i++) {
            layers_answer answer;
            layers_read(t->model, t->buffers, i, 1, &answer);
            const layers_structure *truth = &t->scored[first + i];
            int group = t->spared[truth->sequence] ? SPARED : t->allowed[truth->sequence] ? SEEN : UNSEEN;
            add_score(&score[group], truth, &answer.structure);
        }
    }
    return status;
}

static deepstruc_status write_scores(void *user, char out[AVERAGED_SCORES], deepstruc_diag *diag)
{
    protocol_score score[GROUPS] = {{0}};
    deepstruc_status status = score_protocol(user, score, diag);
    for (int group = 0; group < GROUPS; group++) {
        double n = score[group].n;
        if (n > 0)
            text_append(out, AVERAGED_SCORES, ",%.4f,%.4f", score[group].sequences / n, score[group].sites / n);
        else
            text_append(out, AVERAGED_SCORES, ",,");
    }
    return status;
}

static deepstruc_status ship(void *user, const char *facts, bool force, bool ending, deepstruc_diag *diag)
{
    training *t = user;
    (void)ending;
    return layers_save(t->model, t->model->params.value, facts, t->loop.path, force, diag);
}

_Static_assert(sizeof(layers_loss) <= AVERAGED_LOSSES * sizeof(double), "its columns fit");
static const averaged_kind kind = {
    .format = "deepstruc-layers-checkpoint-2",
    .log_every = 1000,
    .columns = "total,sites,sequence,facts,scale,exact_sequence,exact_sites,unseen_sequence,unseen_sites,"
               "spared_sequence,spared_sites",
    .n_losses = sizeof(layers_loss) / sizeof(double),
    .differentiate = differentiate,
    .score = write_scores,
    .ship = ship};

/* ---- beginning and end ------------------------------------------------------------------------------------------ */

static void allow_sequences(training *t)
{
    bool held[STACKING_SEQUENCES], spared[STACKING_SEQUENCES];
    stacking_held_out(held);
    stacking_spared(spared);
    for (size_t i = 0; i < LAYERS_SEQUENCES; i++) {
        t->spared[i] = t->settings->spare && i < STACKING_SEQUENCES && spared[i];
        t->allowed[i] = !t->spared[i] && (t->settings->all_sequences || i >= STACKING_SEQUENCES || !held[i]);
    }
}

static deepstruc_status prepare(training *t, const char *path, bool force, deepstruc_diag *diag)
{
    const deepstruc_layers_training *s = t->settings;
    const layers_sizes sizes = {s->trunk, s->decoder, s->last};
    allow_sequences(t);
    deepstruc_status status = layers_set_create(&t->set, diag);
    if (status == DEEPSTRUC_OK)
        status = layers_stream_create(&t->samples, t->set, t->allowed, s->mixed, diag);
    if (status == DEEPSTRUC_OK)
        status = layers_model_create(&t->model, t->set, &sizes, true, diag);
    if (status == DEEPSTRUC_OK)
        status = layers_buffers_create(&t->buffers, t->model, LAYERS_ROWS, true, diag);
    if (status != DEEPSTRUC_OK)
        return status;
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
                                  .params = &t->model->params};
    return averaged_begin(&t->loop, diag);
}

static void training_free(training *t)
{
    layers_stream_destroy(t->samples);
    layers_buffers_destroy(t->buffers);
    layers_model_destroy(t->model);
    layers_set_destroy(t->set);
    free(t->scored);
    free(t->scored_bond);
    averaged_end(&t->loop);
    free(t);
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
    status = prepare(t, path, force, diag);
    if (status == DEEPSTRUC_OK)
        status = averaged_run(&t->loop, progress, diag);
    training_free(t);
    return status;
}
