#include "train/averaged.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/comm.h"
#include "base/diag.h"
#include "base/memory.h"
#include "nn/adam.h"
#include "nn/safetensors.h"

enum { WARM_UP = 500 };
static const double CHECKPOINT_EVERY_S = 120, CLIP = 2;

/* After a short rise the rate, over the last `cooldown` of the steps lowered along half a cosine to a hundredth. */
static double rate_of(const averaged_training *t)
{
    double rate = t->learning_rate, fall = (1 - t->cooldown) * (double)t->steps;
    if (t->step < WARM_UP)
        rate *= (double)(t->step + 1) / WARM_UP;
    if ((double)t->step > fall)
        rate *= 0.01 + 0.99 * (1 + cos(M_PI * ((double)t->step - fall) / ((double)t->steps - fall + 1))) / 2;
    return rate;
}

deepstruc_status averaged_step(averaged_training *t, deepstruc_diag *diag)
{
    double loss[AVERAGED_LOSSES] = {0};
    deepstruc_status status = t->kind->differentiate(t->user, t->step, loss, diag);
    status = comm_meet(t->ranks, status, NULL, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    nn_adam adam = nn_adam_default();
    adam.weight_decay = t->weight_decay;
    adam.clip = CLIP;
    status = shared_step(&t->shared, &adam, rate_of(t), t->step, loss, t->kind->n_losses, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < t->kind->n_losses; i++)
        t->loss[i] += loss[i];
    t->n_summed++;
    t->step++;
    return DEEPSTRUC_OK;
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

static double seconds_of(const averaged_training *t)
{
    return t->seconds + clock_seconds() - t->started;
}

/* By rank 0; the others give it their shares. */
static deepstruc_status write_log(averaged_training *t, deepstruc_diag *diag)
{
    char scores[AVERAGED_SCORES] = "";
    bool first = t->step <= t->kind->log_every;
    deepstruc_status status = shared_gather_average(&t->shared, diag);
    if (status != DEEPSTRUC_OK || !comm_leads(t->ranks))
        return status;
    real *kept = t->params->value;
    t->params->value = t->average;
    status = t->kind->score(t->user, scores, diag);
    t->params->value = kept;
    if (status != DEEPSTRUC_OK)
        return status;
    FILE *file = fopen(t->log_path, first ? "w" : "a");
    if (!file)
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, t->log_path, 0, "cannot be opened for writing");
    if (first)
        fprintf(file, "step,seconds,rate,%s\n", t->kind->columns);
    fprintf(file, "%ld,%.0f,%.2e", t->step, seconds_of(t), rate_of(t));
    for (size_t i = 0; i < t->kind->n_losses; i++) {
        fprintf(file, ",%.4f", t->loss[i] / (double)t->n_summed);
        t->loss[i] = 0;
    }
    fprintf(file, "%s\n", scores);
    t->n_summed = 0;
    return fclose(file) == 0 ? DEEPSTRUC_OK
                             : diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, t->log_path, 0, "cannot be written");
}

/* Weights, Adam's moments, running mean, steps done and seconds spent. */
static deepstruc_status write_checkpoint(const averaged_training *t, deepstruc_diag *diag)
{
    char number[64];
    safetensors_writer *writer = safetensors_writer_create();
    if (!writer)
        return diag_no_memory(diag);
    snprintf(number, sizeof number, "%ld %.3f", t->step, seconds_of(t));
    safetensors_add_metadata(writer, "format", t->kind->format);
    safetensors_add_metadata(writer, "step", number);
    safetensors_add_params(writer, t->params, "value.", t->params->value);
    safetensors_add_params(writer, t->params, "moment1.", t->params->moment1);
    safetensors_add_params(writer, t->params, "moment2.", t->params->moment2);
    safetensors_add_params(writer, t->params, "average.", t->average);
    deepstruc_status status = safetensors_write(writer, t->checkpoint, true, diag);
    safetensors_writer_destroy(writer);
    return status;
}

static deepstruc_status read_checkpoint(averaged_training *t, deepstruc_diag *diag)
{
    safetensors *file;
    deepstruc_status status = safetensors_read(&file, t->checkpoint, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    const nn_params *params = t->params;
    const struct {
        const char *prefix;
        float *block;
    } parts[] = {{"value.", params->value},
                 {"moment1.", params->moment1},
                 {"moment2.", params->moment2},
                 {"average.", t->average}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts && status == DEEPSTRUC_OK; i++)
        status = safetensors_load_params(file, params, parts[i].prefix, parts[i].block, diag);
    const char *number = safetensors_metadata(file, "step"), *format = safetensors_metadata(file, "format");
    if (status == DEEPSTRUC_OK &&
        (!number || !format || strcmp(format, t->kind->format) != 0 ||
         sscanf(number, "%ld %lf", &t->step, &t->seconds) != 2 || t->step < 0 || !(t->seconds >= 0)))
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, t->checkpoint, 0, "not a checkpoint of this training");
    safetensors_destroy(file);
    return status;
}

static deepstruc_status write_files(averaged_training *t, bool ending, deepstruc_diag *diag)
{
    char facts[160];
    snprintf(facts, sizeof facts, "%ld steps of %ld samples, seed %ld, %.2f hours", t->step, t->batch, t->seed,
             seconds_of(t) / 3600);
    deepstruc_status status = write_checkpoint(t, diag);
    real *kept = t->params->value;
    t->params->value = t->average;
    if (status == DEEPSTRUC_OK)
        status = t->kind->ship(t->user, facts, t->force, ending, diag);
    t->params->value = kept;
    t->force = true; /* from now on it is this training's own file */
    return status;
}

/* By rank 0; the others give it their shares and wait for it. */
static deepstruc_status save(averaged_training *t, bool ending, deepstruc_diag *diag)
{
    deepstruc_status status = shared_gather_average(&t->shared, diag);
    if (status == DEEPSTRUC_OK)
        status = shared_gather_moments(&t->shared, diag);
    if (status == DEEPSTRUC_OK && comm_leads(t->ranks))
        status = write_files(t, ending, diag);
    deepstruc_ranks_wait(t->ranks); /* the last ones take their time */
    return comm_meet(t->ranks, status, NULL, diag);
}

/* ---- a training ------------------------------------------------------------------------------------------------- */

deepstruc_status averaged_begin(averaged_training *t, deepstruc_diag *diag)
{
    nn_params *params = t->params;
    t->started = clock_seconds();
    snprintf(t->checkpoint, sizeof t->checkpoint, "%.4000s.checkpoint", t->path ? t->path : "");
    snprintf(t->log_path, sizeof t->log_path, "%.4000s.csv", t->path ? t->path : "");
    t->average = memory_aligned(params->n_values, sizeof *t->average);
    if (!t->average)
        return diag_no_memory(diag);
    nn_params_initialise(params, (uint64_t)t->seed);
    memcpy(t->average, params->value, params->n_values * sizeof *t->average);
    t->shared = (shared_state){t->ranks, params, t->average, t->weight};
    t->force = t->force || t->resume;
    return t->resume ? read_checkpoint(t, diag) : DEEPSTRUC_OK;
}

void averaged_end(averaged_training *t)
{
    free(t->average);
}

deepstruc_status averaged_run(averaged_training *t, const deepstruc_progress *progress, deepstruc_diag *diag)
{
    double saved = clock_seconds();
    bool leads = comm_leads(t->ranks), stop = false;
    deepstruc_status status = DEEPSTRUC_OK;
    while (t->step < t->steps && status == DEEPSTRUC_OK && !stop) {
        status = averaged_step(t, diag);
        if (status == DEEPSTRUC_OK && t->step % t->kind->log_every == 0)
            status = write_log(t, diag);
        if (progress && progress->report)
            progress->report(progress->user, "training", (double)t->step / (double)t->steps);
        stop = (t->time_limit_s > 0 && clock_seconds() - t->started > t->time_limit_s) ||
               (progress && progress->cancelled && progress->cancelled(progress->user));
        bool due = stop || (leads && clock_seconds() - saved > CHECKPOINT_EVERY_S);
        status = comm_meet(t->ranks, status, &due, diag);
        if (status != DEEPSTRUC_OK || !due)
            continue;
        status = comm_meet(t->ranks, status, &stop, diag);
        if (status == DEEPSTRUC_OK && !stop)
            status = save(t, false, diag);
        saved = clock_seconds();
    }
    return status == DEEPSTRUC_OK ? save(t, true, diag) : status;
}
