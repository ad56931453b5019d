#include "train/sites_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "dataset/stream_shape.h"

enum { MAP_SEED = 20260000, FEWEST = 8, MOST = 300 };
static const double MAP_BOND = 2.7; /* Å; any would do: the model sees no scale */

static void add_cuts(const frame_set *frames, frame_shape *shape, size_t first, size_t n)
{
    random_stream random;
    random_seed(&random, MAP_SEED, 0);
    for (size_t i = first; i < n;) {
        frame_family family = (frame_family)(i % FRAME_N_FAMILIES);
        i += stream_shape_draw(frames, family, &random, FEWEST, MOST, &shape[i], NULL);
    }
}

static deepstruc_type type_of(const frame_set *frames, const frame_shape *shape)
{
    const frame *f = &frames->frame[shape->frame];
    deepstruc_cluster *cluster;
    deepstruc_type type = DEEPSTRUC_TYPE_UNKNOWN;
    if (deepstruc_cluster_create(&cluster, shape->n_atoms, NULL) != DEEPSTRUC_OK)
        return type;
    for (size_t i = 0; i < shape->n_atoms; i++)
        for (size_t c = 0; c < 3; c++)
            cluster->xyz[3 * i + c] = f->site[shape->site[i]][c] * MAP_BOND;
    cluster->bond_length = MAP_BOND;
    type = deepstruc_cluster_classify(cluster);
    deepstruc_cluster_destroy(cluster);
    return type;
}

static deepstruc_status locate(sites_model *m, sites_buffers *b, stream *samples, size_t n, float *point,
                               deepstruc_diag *diag)
{
    const stream_instrument instrument = {0.7, 25, 0, 0, 30};
    size_t latent = (size_t)m->sizes.n_latent;
    for (size_t first = 0, rows; first < n; first += rows) {
        rows = n - first < b->max_rows ? n - first : b->max_rows;
        for (size_t i = 0; i < rows; i++) {
            double g[STREAM_POINTS];
            deepstruc_status status = stream_published(samples, first + i, MAP_BOND, MAP_BOND, g, diag);
            if (status != DEEPSTRUC_OK)
                return status;
            stream_input(g, &instrument, MAP_BOND, b->x + i * STREAM_INPUTS);
        }
        sites_condition(m, b, rows);
        for (size_t i = 0; i < rows; i++) {
            const frame_shape *shape = stream_known(samples, first + i);
            float *to = point + SITES_MAP_COLUMNS * (first + i);
            to[0] = (float)b->mean[i * latent];
            to[1] = (float)b->mean[i * latent + 1];
            to[2] = (float)type_of(m->frames, shape);
            to[3] = (float)shape->n_atoms;
        }
    }
    return DEEPSTRUC_OK;
}

deepstruc_status sites_map_fill(sites_model *m, const frame_shape *known, size_t n_known, deepstruc_diag *diag)
{
    const size_t n = n_known > SITES_MAP_POINTS ? n_known : SITES_MAP_POINTS;
    stream_settings settings = stream_settings_default();
    settings.large_share = 0;
    frame_shape *shape = memory_zeroed(n, sizeof *shape);
    float *point = memory_zeroed(n, SITES_MAP_COLUMNS * sizeof *point);
    stream *samples = NULL;
    sites_buffers *buffers = NULL;
    deepstruc_status status = shape && point ? DEEPSTRUC_OK : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK) {
        memcpy(shape, known, n_known * sizeof *shape);
        add_cuts(m->frames, shape, n_known, n);
        status = stream_create(&samples, m->frames, shape, n, &settings, diag);
    }
    if (status == DEEPSTRUC_OK)
        status = sites_buffers_create(&buffers, m, STREAM_ROWS, false, diag);
    if (status == DEEPSTRUC_OK)
        status = locate(m, buffers, samples, n, point, diag);
    if (status == DEEPSTRUC_OK) {
        free(m->map);
        m->map = point;
        m->n_map = n;
        point = NULL;
    }
    free(point);
    free(shape);
    stream_destroy(samples);
    sites_buffers_destroy(buffers);
    return status;
}
