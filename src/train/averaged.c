#include "train/averaged.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "nn/safetensors.h"

enum { WARM_UP = 500, AVERAGE_EVERY = 4 };
static const double AVERAGE_DECAY = 0.995;

double averaged_rate(double rate, double cooldown, long step, long n_steps)
{
    double fall = (1 - cooldown) * (double)n_steps;
    if (step < WARM_UP)
        rate *= (double)(step + 1) / WARM_UP;
    if ((double)step > fall)
        rate *= 0.01 + 0.99 * (1 + cos(M_PI * ((double)step - fall) / ((double)n_steps - fall + 1))) / 2;
    return rate;
}

void averaged_update(const nn_params *params, real *average, long step, size_t first, size_t end)
{
    if (step % AVERAGE_EVERY != 0)
        return;
    double n = (double)(step / AVERAGE_EVERY), decay = fmin(AVERAGE_DECAY, (n + 1) / (n + 10));
    real keep = (real)decay, take = (real)(1 - decay);
#pragma omp parallel for schedule(static)
    for (size_t i = first; i < end; i++)
        average[i] = keep * average[i] + take * params->value[i];
}

deepstruc_status averaged_save(const nn_params *params, const real *average, const char *format, long step,
                               double seconds, const char *path, deepstruc_diag *diag)
{
    char number[64];
    safetensors_writer *writer = safetensors_writer_create();
    if (!writer)
        return diag_no_memory(diag);
    snprintf(number, sizeof number, "%ld %.3f", step, seconds);
    safetensors_add_metadata(writer, "format", format);
    safetensors_add_metadata(writer, "step", number);
    safetensors_add_params(writer, params, "value.", params->value);
    safetensors_add_params(writer, params, "moment1.", params->moment1);
    safetensors_add_params(writer, params, "moment2.", params->moment2);
    safetensors_add_params(writer, params, "average.", average);
    deepstruc_status status = safetensors_write(writer, path, true, diag);
    safetensors_writer_destroy(writer);
    return status;
}

deepstruc_status averaged_load(const nn_params *params, real *average, const char *format, long *step, double *seconds,
                               const char *path, deepstruc_diag *diag)
{
    safetensors *file;
    deepstruc_status status = safetensors_read(&file, path, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    const struct {
        const char *prefix;
        float *block;
    } parts[] = {
        {"value.", params->value}, {"moment1.", params->moment1}, {"moment2.", params->moment2}, {"average.", average}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts && status == DEEPSTRUC_OK; i++)
        status = safetensors_load_params(file, params, parts[i].prefix, parts[i].block, diag);
    const char *number = safetensors_metadata(file, "step"), *kind = safetensors_metadata(file, "format");
    if (status == DEEPSTRUC_OK &&
        (!number || !kind || strcmp(kind, format) != 0 || sscanf(number, "%ld %lf", step, seconds) != 2))
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "not a checkpoint of this training");
    safetensors_destroy(file);
    return status;
}
