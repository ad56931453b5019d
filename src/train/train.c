#include <deepstruc/train.h>

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/blas.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "train/run_2023.h"

deepstruc_train_settings deepstruc_train_settings_default(void)
{
    return (deepstruc_train_settings){
        .arch = DEEPSTRUC_2023_NAME, .epochs = 100, .batch = 32, .learning_rate = 1e-3, .checkpoint_every_s = 60};
}

#define FIELD(label, kind, field, low, high, unit, help)                                                               \
    {                                                                                                                  \
        label, DEEPSTRUC_FIELD_##kind, offsetof(deepstruc_train_settings, field), low, high, false, unit, help         \
    }
const deepstruc_field deepstruc_train_settings_fields[] = {
    FIELD("arch", TEXT, arch, 0, 0, "NAME",
          "deepstruc-2023, deepstruc-2023-published, plain-cvae, sites, tree, or a JSON file"),
    FIELD("epochs", LONG, epochs, 1, 1000000, "N", "passes over the training structures"),
    FIELD("batch", LONG, batch, 1, 1024, "N", "structures per step"),
    FIELD("learning-rate", DOUBLE, learning_rate, 1e-8, 1, "RATE", "of Adam, at the start"),
    FIELD("time-limit", DOUBLE, time_limit_s, 0, 1e9, "SECONDS", "stop cleanly after this time; 0: never"),
    FIELD("checkpoint-every", DOUBLE, checkpoint_every_s, 0, 1e9, "SECONDS", "time between checkpoints"),
    FIELD("fresh", FLAG, fresh, 0, 0, NULL,
          "simulate each PDF anew, with bond length, instrument and noise drawn for it"),
    FIELD("resume", FLAG, resume, 0, 0, NULL, "go on from the checkpoint beside the output"),
    {"start", DEEPSTRUC_FIELD_TEXT, offsetof(deepstruc_train_settings, start), 0, 0, true, "MODEL",
     "begin with the weights of this file, to fine-tune it on the data given (its --arch is taken)"},
    {0}};
#undef FIELD

/* ---- a run from its settings ---------------------------------------------------------------------------------- */

static deepstruc_status check_output(const char *path, bool force, const deepstruc_train_settings *settings,
                                     deepstruc_diag *diag)
{
    if (strcmp(path, "-") == 0 || path[0] == '\0' || strlen(path) > RUN_PATH - 16)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a model goes to a file; name one with -o");
    if (!force && !settings->resume && access(path, F_OK) == 0)
        return diag_fail_at(diag, DEEPSTRUC_EXISTS, path, 0,
                            "exists already; choose another name, add --resume to go on or --force to replace it");
    return DEEPSTRUC_OK;
}

static void run_free(run_2023 *run)
{
    samples_2023_destroy(run->samples);
    deepstruc_2023_destroy(run->model);
    free(run->order);
    free(run->history);
    free(run);
}

static deepstruc_status run_create(run_2023 **out, const deepstruc_dataset *dataset, const char *path,
                                   const deepstruc_train_settings *settings, deepstruc_ranks *ranks,
                                   deepstruc_diag *diag)
{
    run_2023 *run = memory_zeroed(1, sizeof *run);
    if (!run)
        return diag_no_memory(diag);
    run->settings = *settings;
    run->ranks = ranks;
    run->result = (deepstruc_train_result){.loss = NAN, .error = NAN, .exact_count = NAN};
    text_copy(run->path, sizeof run->path, path);
    text_append(run->checkpoint, sizeof run->checkpoint, "%s.checkpoint", path);
    text_append(run->log, sizeof run->log, "%s.csv", path);
    deepstruc_dataset_describe(dataset, run->data, sizeof run->data);
    size_t n_ranks = deepstruc_ranks_count(ranks), batch = ((size_t)settings->batch + n_ranks - 1) / n_ranks;
    deepstruc_2023 *start = NULL;
    deepstruc_2023_scale scale;
    deepstruc_status status = settings->start ? deepstruc_2023_load(&start, &scale, settings->start, 1, diag)
                                              : deepstruc_2023_describe(&run->arch, settings->arch, diag);
    if (start)
        run->arch = start->settings;
    if (status == DEEPSTRUC_OK)
        status = samples_2023_create(&run->samples, dataset, &run->arch, batch, settings->fresh,
                                     (uint64_t)settings->seed, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_2023_create(&run->model, &run->arch, (uint64_t)settings->seed, batch,
                                       batch * run->samples->max_nodes, batch * run->samples->max_edges, true, diag);
    if (status == DEEPSTRUC_OK && start) { /* one architecture: one layout of the parameters */
        memcpy(run->model->params.value, start->params.value, start->params.n_values * sizeof *start->params.value);
        run->samples->scale = scale;
    }
    deepstruc_2023_destroy(start);
    if (status == DEEPSTRUC_OK && !(run->order = memory_zeroed(dataset->n, sizeof *run->order)))
        status = diag_no_memory(diag);
    if (status == DEEPSTRUC_OK && settings->resume)
        status = run_2023_load_checkpoint(run, diag);
    else if (status == DEEPSTRUC_OK)
        status = run_2023_note(run, diag,
                               "epoch,steps,rate,beta,loss,reconstruction,prior_reconstruction,kl,validation_mse,"
                               "validation_error,validation_exact_count,seconds\n");
    if (status != DEEPSTRUC_OK) {
        run_free(run);
        return status;
    }
    run_2023_shuffle(run);
    *out = run;
    return DEEPSTRUC_OK;
}

/* ---- the loop ------------------------------------------------------------------------------------------------- */

static void report(const run_2023 *run, const deepstruc_progress *progress, double elapsed, long steps_before)
{
    if (!progress || !progress->report)
        return;
    char stage[128] = "";
    long total = run->settings.epochs * (long)run_2023_n_batches(run), done = run->steps - steps_before;
    long epoch =
        run->epoch < run->settings.epochs ? run->epoch + 1 : run->epoch; /* the last report has none under way */
    text_append(stage, sizeof stage, "epoch %ld/%ld", epoch, run->settings.epochs);
    if (run->epoch > 0) /* constant within an epoch: the stage's text is a line where there is no terminal */
        text_append(stage, sizeof stage, ": loss %.3e, %.2f A, %.0f %% counts right, %.0f min left", run->result.loss,
                    run->result.error, 100 * run->result.exact_count,
                    ceil(elapsed / (double)(done > 0 ? done : 1) * (double)(total - run->steps) / 60));
    progress->report(progress->user, stage, (double)run->steps / (double)total);
}

/* The clock of any rank ends the training or lets it be saved: they meet at every step, and with them what failed. */
static deepstruc_status meet(const run_2023 *run, deepstruc_status status, bool *stop,
                             const deepstruc_progress *progress, double elapsed, deepstruc_diag *diag)
{
    *stop = (run->settings.time_limit_s > 0 && elapsed >= run->settings.time_limit_s) ||
            (progress && progress->cancelled && progress->cancelled(progress->user));
    return comm_meet(run->ranks, status, stop, diag);
}

static deepstruc_status loop(run_2023 *run, const deepstruc_progress *progress, deepstruc_diag *diag)
{
    double began = clock_seconds(), saved = began;
    long steps_before = run->steps;
    bool leads = comm_leads(run->ranks), stop;
    deepstruc_status status = run->steps == 0 && leads ? run_2023_save_checkpoint(run, 0, diag) : DEEPSTRUC_OK;
    for (;;) {
        double elapsed = clock_seconds() - began;
        status = meet(run, status, &stop, progress, elapsed, diag);
        if (status != DEEPSTRUC_OK || stop || run->epoch >= run->settings.epochs)
            break;
        if ((size_t)run->batch < run_2023_n_batches(run))
            status = run_2023_step(run, diag);
        else
            status = run_2023_end_epoch(run, run->seconds + elapsed, diag);
        report(run, progress, elapsed, steps_before);
        if (status == DEEPSTRUC_OK && leads && clock_seconds() - saved >= run->settings.checkpoint_every_s) {
            status = run_2023_save_checkpoint(run, run->seconds + clock_seconds() - began, diag);
            saved = clock_seconds();
        }
    }
    if (status == DEEPSTRUC_OK && leads)
        status = run_2023_save_checkpoint(run, run->seconds + clock_seconds() - began, diag);
    if (status == DEEPSTRUC_OK && leads)
        status = run_2023_save_model(run, diag);
    run->result.finished = run->epoch >= run->settings.epochs;
    run->result.steps = run->steps;
    return comm_meet(run->ranks, status, NULL, diag);
}

deepstruc_status deepstruc_train(const deepstruc_dataset *dataset, const char *path, bool force,
                                 const deepstruc_train_settings *settings, const deepstruc_progress *progress,
                                 deepstruc_train_result *result, deepstruc_diag *diag)
{
    run_2023 *run;
    int threads_before = omp_get_max_threads();
    deepstruc_status status = deepstruc_fields_check(deepstruc_train_settings_fields, settings, diag);
    if (status == DEEPSTRUC_OK)
        status = check_output(path, force, settings, diag);
    if (status == DEEPSTRUC_OK)
        status = run_create(&run, dataset, path, settings, comm_of(progress), diag);
    bool created = status == DEEPSTRUC_OK;
    status = comm_meet(comm_of(progress), status, NULL, diag);
    if (status != DEEPSTRUC_OK) {
        if (created)
            run_free(run);
        return status;
    }
    if (settings->threads > 0)
        omp_set_num_threads((int)settings->threads);
    status = loop(run, progress, diag);
    omp_set_num_threads(threads_before);
    if (status == DEEPSTRUC_OK && result)
        *result = run->result;
    run_free(run);
    return status;
}

deepstruc_status deepstruc_train_pace(const deepstruc_dataset *dataset, const deepstruc_train_settings *settings,
                                      double *epoch_s, double *product_s, size_t n, deepstruc_diag *diag)
{
    enum { SIDE = DEEPSTRUC_TRAIN_PRODUCT };
    run_2023 *run = NULL;
    float *product = memory_aligned(3 * (size_t)SIDE * SIDE, sizeof *product);
    if (!product)
        return diag_no_memory(diag);
    int threads_before = omp_get_max_threads();
    deepstruc_status status = run_create(&run, dataset, "pace", settings, NULL, diag);
    if (status != DEEPSTRUC_OK) {
        free(product);
        return status;
    }
    if (settings->threads > 0)
        omp_set_num_threads((int)settings->threads);
    size_t n_batches = run_2023_n_batches(run);
    for (size_t share = 0; share < n && status == DEEPSTRUC_OK; share++) {
        size_t first = share * n_batches / n, last = (share + 1) * n_batches / n;
        double began = clock_seconds();
        for (run->batch = (long)first; run->batch < (long)last && status == DEEPSTRUC_OK;)
            status = run_2023_step(run, diag);
        epoch_s[share] = (clock_seconds() - began) * (double)n_batches / (double)(last > first ? last - first : 1);
        began = clock_seconds();
        blas_sgemm(false, false, SIDE, SIDE, SIDE, product, SIDE, product + SIDE * SIDE, SIDE, 0,
                   product + 2 * SIDE * SIDE, SIDE);
        product_s[share] = clock_seconds() - began;
    }
    omp_set_num_threads(threads_before);
    free(product);
    run_free(run);
    return status;
}
