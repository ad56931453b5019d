/* PDFs on the latent map. */
#include <deepstruc/latent.h>

#include <math.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/memory.h"
#include "solve/locate.h"

void deepstruc_latent_map_clear(deepstruc_latent_map *map)
{
    free(map->x);
    free(map->y);
    free(map->type);
    free(map->n_atoms);
    *map = (deepstruc_latent_map){0};
}

deepstruc_status locate_points(deepstruc_latent_map *map, const generator *g, deepstruc_diag *diag)
{
    const float *point;
    size_t n = generator_map(g, &point);
    *map = (deepstruc_latent_map){.n_points = n,
                                  .x = memory_zeroed(n + 1, sizeof *map->x),
                                  .y = memory_zeroed(n + 1, sizeof *map->y),
                                  .type = memory_zeroed(n + 1, sizeof *map->type),
                                  .n_atoms = memory_zeroed(n + 1, sizeof *map->n_atoms)};
    if (!map->x || !map->y || !map->type || !map->n_atoms) {
        deepstruc_latent_map_clear(map);
        return diag_no_memory(diag);
    }
    for (size_t i = 0; i < n; i++, point += 4) {
        map->x[i] = point[0];
        map->y[i] = point[1];
        map->type[i] = point[2] >= 0 && point[2] < DEEPSTRUC_N_TYPES ? (unsigned char)point[2] : DEEPSTRUC_TYPE_UNKNOWN;
        map->n_atoms[i] = point[3] >= 0 && point[3] < DEEPSTRUC_MAX_ATOMS ? (int32_t)point[3] : 0;
    }
    return DEEPSTRUC_OK;
}

static deepstruc_status read_one(deepstruc_latent_reading *out, const generator *g, const deepstruc_pdf *pdf,
                                 const deepstruc_refine_settings *settings, deepstruc_diag *diag)
{
    deepstruc_target *target;
    deepstruc_status status = deepstruc_target_create(&target, pdf, settings, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    generate_settings ask = generate_settings_default();
    ask.n_samples = 1; /* the prior's mean under the best hypothesis */
    ask.qmin = target->qmin;
    ask.qmax = target->qmax;
    ask.qdamp = target->qdamp;
    deepstruc_target_destroy(target);
    generation *made;
    status = propose_generate(&made, g, pdf, &ask, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    const generate_view *v = &made->view[0];
    *out = (deepstruc_latent_reading){
        .place = {pdf->file, {v->map_mean[0], v->map_mean[1]}, {v->map_sigma[0], v->map_sigma[1]}},
        .type = made->n ? made->structure[0].cluster->type : DEEPSTRUC_TYPE_UNKNOWN,
        .n_atoms = v->n_atoms,
        .n_atoms_low = v->n_atoms_low,
        .n_atoms_high = v->n_atoms_high,
        .bond_length = v->bond_length,
        .bond_length_sd = v->bond_length_sd,
        .biso = v->biso};
    generation_destroy(made);
    return DEEPSTRUC_OK;
}

deepstruc_status deepstruc_latent_locate(deepstruc_latent_map *map, deepstruc_latent_reading *reading,
                                         const deepstruc_pdf *const *pdf, size_t n, const char *model_path,
                                         const deepstruc_refine_settings *settings, deepstruc_diag *diag)
{
    generator *g;
    deepstruc_status status = generator_create(&g, model_path, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    for (size_t i = 0; i < n && status == DEEPSTRUC_OK; i++)
        status = read_one(&reading[i], g, pdf[i], settings, diag);
    if (status == DEEPSTRUC_OK)
        status = locate_points(map, g, diag);
    generator_destroy(g);
    return status;
}
