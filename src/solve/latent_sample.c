/* Structures decoded from places on the latent map, for one PDF. */
#include <deepstruc/latent.h>

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "propose/generate.h"

struct deepstruc_latent_model {
    generator *generator;
};

deepstruc_status deepstruc_latent_open(deepstruc_latent_model **out, const char *model_path, deepstruc_diag *diag)
{
    deepstruc_latent_model *model = memory_zeroed(1, sizeof *model);
    if (!model)
        return diag_no_memory(diag);
    deepstruc_status status = generator_create(&model->generator, model_path, diag);
    if (status == DEEPSTRUC_OK)
        *out = model;
    else
        free(model);
    return status;
}

void deepstruc_latent_close(deepstruc_latent_model *model)
{
    if (!model)
        return;
    generator_destroy(model->generator);
    free(model);
}

void deepstruc_latent_samples_destroy(deepstruc_latent_samples *samples)
{
    if (!samples)
        return;
    for (size_t i = 0; i < samples->n_structures; i++)
        deepstruc_cluster_destroy(samples->structure[i]);
    free(samples->structure);
    free(samples->sample);
    free(samples);
}

static deepstruc_status check_draw(const deepstruc_latent_draw *draw, deepstruc_diag *diag)
{
    if (draw->n_samples < 1 || draw->n_samples > DEEPSTRUC_LATENT_MAX_SAMPLES)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "%zu samples were asked for; wants 1 to %d", draw->n_samples,
                         DEEPSTRUC_LATENT_MAX_SAMPLES);
    if (!(draw->sigma >= 0 && draw->sigma <= 20))
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "sigma is %g; wants 0 to 20", draw->sigma);
    if (draw->n_places > DEEPSTRUC_LATENT_MAX_PLACES)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "%zu places were given; at most %d are taken", draw->n_places,
                         DEEPSTRUC_LATENT_MAX_PLACES);
    for (size_t i = 0; i < 2 * draw->n_places; i++)
        if (!isfinite(draw->place[i]))
            return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "place %zu on the map is not finite", i / 2 + 1);
    return DEEPSTRUC_OK;
}

/* Hands the clusters over. */
static deepstruc_status take_samples(deepstruc_latent_samples **out, generation *made, deepstruc_diag *diag)
{
    deepstruc_latent_samples *samples = memory_zeroed(1, sizeof *samples);
    if (!samples)
        return diag_no_memory(diag);
    samples->sample = memory_zeroed(made->n_kept + 1, sizeof *samples->sample);
    samples->structure = memory_zeroed(made->n + 1, sizeof *samples->structure);
    if (!samples->sample || !samples->structure) {
        deepstruc_latent_samples_destroy(samples);
        return diag_no_memory(diag);
    }
    for (; samples->n_samples < made->n_kept; samples->n_samples++) {
        const generated_sample *from = &made->kept[samples->n_samples];
        samples->sample[samples->n_samples] =
            (deepstruc_latent_sample){{from->place[0], from->place[1]}, from->i_structure};
    }
    for (; samples->n_structures < made->n; samples->n_structures++) {
        samples->structure[samples->n_structures] = made->structure[samples->n_structures].cluster;
        made->structure[samples->n_structures].cluster = NULL;
    }
    *out = samples;
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_latent_sample_at(deepstruc_latent_samples **out, const deepstruc_latent_model *model,
                                            const deepstruc_pdf *pdf, const deepstruc_refine_settings *settings,
                                            const deepstruc_latent_draw *draw, deepstruc_diag *diag)
{
    deepstruc_target *target;
    deepstruc_status status = check_draw(draw, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_target_create(&target, pdf, settings, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    generate_settings ask = generate_settings_default();
    ask.n_samples = draw->n_samples;
    ask.sigma = draw->sigma;
    ask.qmin = target->qmin;
    ask.qmax = target->qmax;
    ask.qdamp = target->qdamp;
    ask.max_atoms = draw->max_atoms;
    ask.focus = draw->focus;
    ask.seed = draw->seed;
    ask.place = draw->place;
    ask.n_places = draw->n_places;
    deepstruc_target_destroy(target);
    generation *made;
    status = propose_generate(&made, model->generator, pdf, &ask, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = take_samples(out, made, diag);
    generation_destroy(made);
    return status;
}

deepstruc_status deepstruc_latent_decode_pace(const deepstruc_latent_model *model, size_t n_samples, double *seconds,
                                              size_t n, deepstruc_diag *diag)
{
    return generator_pace(model->generator, n_samples, seconds, n, diag);
}
