/* A generating model of small layers that was never trained, and a PDF for it. */
#ifndef TESTS_PROPOSE_UNTRAINED_H
#define TESTS_PROPOSE_UNTRAINED_H

#include "support.h"

#include "model/sites_decode.h"
#include <deepstruc/pdf.h>

/* Writes the model to `path`. */
static inline void untrained_save(const char *path)
{
    deepstruc_diag diag;
    frame_set *frames;
    sites_model *untrained;
    const sites_sizes sizes = {.n_latent = 4, .n_trunk = 16, .n_decoder = 16, .n_last = 16};
    assert_ok(frame_set_create(&frames, &diag), diag);
    assert_ok(sites_model_create(&untrained, frames, &sizes, false, &diag), diag);
    nn_params_initialise(&untrained->params, 1);
    assert_ok(sites_save(untrained, untrained->params.value, "untrained", path, true, &diag), diag);
    sites_model_destroy(untrained);
    frame_set_destroy(frames);
}

/* Of an icosahedron of 147 atoms. */
static inline deepstruc_pdf *untrained_pdf(void)
{
    deepstruc_diag diag;
    deepstruc_cluster *cluster;
    deepstruc_pdf *pdf;
    deepstruc_recipe recipe = deepstruc_recipe_icosahedron(3);
    deepstruc_pdf_settings settings = deepstruc_pdf_settings_default();
    assert_ok(deepstruc_cluster_build(&cluster, &recipe, 2.7, "X", &diag), diag);
    assert_ok(deepstruc_pdf_simulate(&pdf, cluster, &settings, DEEPSTRUC_MODE_EXACT, &diag), diag);
    deepstruc_cluster_destroy(cluster);
    return pdf;
}

#endif
