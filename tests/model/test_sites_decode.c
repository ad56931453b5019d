/* Reading shapes off the site logits, with the shipped weights. */
#include "support.h"

#include "dataset/stream_known.h"
#include "model/sites_decode.h"

#include "dataset/stream.h"

#define MODEL DEEPSTRUC_SOURCE_DIR "/models/default.safetensors"

/* The shape that the model gives for the clean PDF of the icosahedron of 55 atoms, when its count is believed to be
 * exp(mean) within a factor exp(sd). */
static size_t atoms_with(const sites_count *count)
{
    frame_set *frames;
    frame_shape *known, shape;
    stream *samples;
    sites_model *model;
    sites_buffers *b;
    size_t n;
    double g[STREAM_POINTS];
    const stream_instrument instrument = {0.7, 25, 0, 0, 30};
    stream_settings settings = stream_settings_default();
    settings.large_share = 0;
    deepstruc_diag diag;
    assert_ok(frame_set_create(&frames, &diag), diag);
    assert_ok(stream_known_shapes(&known, &n, frames, &diag), diag);
    for (size_t i = 0; i < n; i++)
        if (frames->frame[known[i].frame].family == FRAME_ICOSAHEDRON && known[i].n_atoms == 55)
            shape = known[i];
    assert_ok(stream_create(&samples, frames, &shape, 1, &settings, &diag), diag);
    assert_ok(sites_load(&model, frames, MODEL, &diag), diag);
    assert_ok(sites_buffers_create(&b, model, 1, false, &diag), diag);
    assert_ok(stream_published(samples, 0, 2.8, 2.8, g, &diag), diag);
    assert_true(stream_input(g, &instrument, 2.8, b->x));
    sites_condition(model, b, 1);
    memcpy(b->z, b->mean, (size_t)model->sizes.n_latent * sizeof *b->z);
    static sites_decoded decoded;
    sites_decode_shapes(model, b, 1, &(sites_choice){.count = count}, &decoded);
    n = decoded.shape.n_atoms;
    sites_buffers_destroy(b);
    sites_model_destroy(model);
    stream_destroy(samples);
    free(known);
    frame_set_destroy(frames);
    return n;
}

static void counts_and_sites_are_weighed(void **state)
{
    (void)state;
    assert_int_equal(atoms_with(NULL), 55);
    assert_int_equal(atoms_with(&(sites_count){log(50), 1e-4}), 50); /* the count is certain */
    assert_int_equal(atoms_with(&(sites_count){log(52), 0.05}), 55); /* the sites are sure of a closed shell */
    assert_int_equal(atoms_with(&(sites_count){log(300), 1e6}), 55); /* nothing is known of the count */
    /* The known closed shell is four standard deviations off: it is another shape, nearer to the count than to it. */
    assert_in_range(atoms_with(&(sites_count){log(47), 0.04}), 43, 51);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(counts_and_sites_are_weighed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
