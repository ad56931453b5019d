#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"
#include "train/run_2023.h"

static const char FORMAT[] = "deepstruc-2023 checkpoint 1";
enum { FACTS = 512 };

deepstruc_status run_2023_note(run_2023 *run, deepstruc_diag *diag, const char *format, ...)
{
    char line[FACTS];
    va_list args;
    va_start(args, format);
    size_t length = (size_t)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (length >= sizeof line || !MEMORY_GROW(&run->history, &run->history_capacity, run->history_size + length + 1))
        return diag_no_memory(diag);
    memcpy(run->history + run->history_size, line, length + 1);
    run->history_size += length;
    return DEEPSTRUC_OK;
}

deepstruc_status run_2023_write_history(run_2023 *run, deepstruc_diag *diag)
{
    return file_write(run->log, run->history, run->history_size, true, diag);
}

/* What must be the same for a training to go on. */
static void describe_settings(const run_2023 *run, char *out, size_t size)
{
    const deepstruc_train_settings *s = &run->settings;
    snprintf(out, size, "epochs=%ld batch=%ld learning_rate=%.17g seed=%ld fresh=%d data=(%s)", s->epochs, s->batch,
             s->learning_rate, s->seed, s->fresh, run->data);
}

/* Numbers in hexadecimal: they come back bit for bit. */
static void describe_place(const run_2023 *run, double seconds, char *out, size_t size)
{
    const deepstruc_train_result *r = &run->result;
    snprintf(out, size, "%ld %ld %ld %a %a %a %a %a %a %a %a %a", run->epoch, run->batch, run->steps, run->beta,
             run->sums[0], run->sums[1], run->sums[2], run->sums[3], seconds, r->loss, r->error, r->exact_count);
}

static bool read_place(run_2023 *run, const char *text)
{
    deepstruc_train_result *r = &run->result;
    int n = sscanf(text, "%ld %ld %ld %la %la %la %la %la %la %la %la %la", &run->epoch, &run->batch, &run->steps,
                   &run->beta, &run->sums[0], &run->sums[1], &run->sums[2], &run->sums[3], &run->seconds, &r->loss,
                   &r->error, &r->exact_count);
    r->epochs = run->epoch;
    return n == 12 && run->epoch >= 0 && run->epoch <= run->settings.epochs && run->batch >= 0 &&
           run->batch <= (long)run_2023_n_batches(run) && run->steps >= 0;
}

deepstruc_status run_2023_save_checkpoint(const run_2023 *run, double seconds, deepstruc_diag *diag)
{
    char text[FACTS];
    const nn_params *params = &run->model->params;
    char *architecture = deepstruc_2023_json(&run->arch, &run->samples->scale);
    safetensors_writer *writer = safetensors_writer_create();
    if (!architecture || !writer) {
        free(architecture);
        safetensors_writer_destroy(writer);
        return diag_no_memory(diag);
    }
    safetensors_add_metadata(writer, "format", FORMAT);
    safetensors_add_metadata(writer, "architecture", architecture);
    describe_settings(run, text, sizeof text);
    safetensors_add_metadata(writer, "settings", text);
    describe_place(run, seconds, text, sizeof text);
    safetensors_add_metadata(writer, "place", text);
    safetensors_add_metadata(writer, "history", run->history);
    safetensors_add_params(writer, params, "", params->value);
    safetensors_add_params(writer, params, "moment1.", params->moment1);
    safetensors_add_params(writer, params, "moment2.", params->moment2);
    deepstruc_status status = safetensors_write(writer, run->checkpoint, true, diag);
    safetensors_writer_destroy(writer);
    free(architecture);
    return status;
}

static deepstruc_status check_same(const run_2023 *run, const safetensors *file, deepstruc_diag *diag)
{
    const struct {
        const char *key, *what;
    } rows[] = {{"format", "is no checkpoint of deepstruc-2023"},
                {"architecture", "is of another architecture or data set"},
                {"settings", "is of other settings"}};
    char settings[FACTS];
    describe_settings(run, settings, sizeof settings);
    char *architecture = deepstruc_2023_json(&run->arch, &run->samples->scale);
    const char *wanted[] = {FORMAT, architecture, settings};
    deepstruc_status status = architecture ? DEEPSTRUC_OK : diag_no_memory(diag);
    for (size_t i = 0; status == DEEPSTRUC_OK && i < sizeof rows / sizeof *rows; i++) {
        const char *found = safetensors_metadata(file, rows[i].key);
        if (!found || strcmp(found, wanted[i]) != 0)
            status =
                diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, run->checkpoint, 0, "%s: it says '%.150s', this call '%.150s'",
                             rows[i].what, found ? found : "", wanted[i]);
    }
    free(architecture);
    return status;
}

deepstruc_status run_2023_load_checkpoint(run_2023 *run, deepstruc_diag *diag)
{
    safetensors *file;
    deepstruc_status status = safetensors_read(&file, run->checkpoint, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    const nn_params *params = &run->model->params;
    const char *place = safetensors_metadata(file, "place"), *history = safetensors_metadata(file, "history");
    const struct {
        const char *prefix;
        float *block;
    } blocks[] = {{"", params->value}, {"moment1.", params->moment1}, {"moment2.", params->moment2}};
    status = check_same(run, file, diag);
    if (status == DEEPSTRUC_OK && (!place || !history || !read_place(run, place)))
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, run->checkpoint, 0,
                              "does not say where the training stands; it is damaged");
    for (size_t i = 0; status == DEEPSTRUC_OK && i < sizeof blocks / sizeof *blocks; i++)
        status = safetensors_load_params(file, params, blocks[i].prefix, blocks[i].block, diag);
    if (status == DEEPSTRUC_OK) {
        size_t length = strlen(history);
        if (MEMORY_GROW(&run->history, &run->history_capacity, length + 1)) {
            memcpy(run->history, history, length + 1);
            run->history_size = length;
        } else {
            status = diag_no_memory(diag);
        }
    }
    safetensors_destroy(file);
    return status;
}

deepstruc_status run_2023_save_model(const run_2023 *run, deepstruc_diag *diag)
{
    char settings[FACTS], facts[2 * FACTS];
    describe_settings(run, settings, sizeof settings);
    snprintf(facts, sizeof facts, "%ld of %ld epochs, %ld steps, %s", run->epoch, run->settings.epochs, run->steps,
             settings);
    return deepstruc_2023_save(run->model, &run->samples->scale, facts, run->path, true, diag);
}
