#include "train/sites_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "dataset/stream_shape.h"

enum { MAP_SEED = 20260000, FEWEST = 8, MOST = 300, N_LARGE = 200 };
static const double MAP_BOND = 2.7; /* Å; any would do: the model sees no scale */
static const float NEARLY = 0.01F;  /* of the bond length: as after `solve`'s corrections */

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

static void add_point(float *to, const sites_model *m, const sites_buffers *b, size_t row, const frame_shape *shape,
                      size_t n_atoms)
{
    const real *mean = b->mean + row * (size_t)m->sizes.n_latent;
    to[0] = (float)mean[0];
    to[1] = (float)mean[1];
    to[2] = (float)type_of(m->frames, shape);
    to[3] = (float)n_atoms;
}

static deepstruc_status locate(sites_model *m, sites_buffers *b, stream *samples, size_t n, float *point,
                               deepstruc_diag *diag)
{
    const stream_instrument instrument = {0.7, 25, 0, 0, 30};
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
            add_point(point + SITES_MAP_COLUMNS * (first + i), m, b, i, shape, shape->n_atoms);
        }
    }
    return DEEPSTRUC_OK;
}

/* Bodies beyond the tables, as they are trained on but clean: their type is that of the core that the table holds. */
static deepstruc_status locate_large(sites_model *m, sites_buffers *b, const frame_shape *known, size_t n_known,
                                     float *point, deepstruc_diag *diag)
{
    stream_settings settings = stream_settings_default();
    settings.known_share = settings.wrong_share = 0;
    settings.large_share = settings.published_share = 1;
    stream_sample *sample = memory_zeroed(STREAM_ROWS, sizeof *sample);
    stream *samples = NULL;
    deepstruc_status status = sample ? DEEPSTRUC_OK : diag_no_memory(diag);
    if (status == DEEPSTRUC_OK)
        status = stream_create(&samples, m->frames, known, n_known, &settings, diag);
    for (size_t batch = 0, n = 0; n < N_LARGE && status == DEEPSTRUC_OK; batch++) {
        status = stream_draw(samples, MAP_SEED, batch, STREAM_ROWS, b->x, sample, diag);
        if (status != DEEPSTRUC_OK)
            break;
        sites_condition(m, b, STREAM_ROWS);
        const stream_body *last = NULL; /* rows of a group share one body: once is enough */
        for (size_t i = 0; i < STREAM_ROWS && n < N_LARGE; i++) {
            const stream_body *body = sample[i].body;
            if (body == last || fabsf(sample[i].log_ratio) > NEARLY)
                continue;
            add_point(point + SITES_MAP_COLUMNS * n++, m, b, i, &body->shape, body->n_atoms);
            last = body;
        }
    }
    stream_destroy(samples);
    free(sample);
    return status;
}

deepstruc_status sites_map_fill(sites_model *m, const frame_shape *known, size_t n_known, deepstruc_diag *diag)
{
    const size_t n = n_known > SITES_MAP_POINTS ? n_known : SITES_MAP_POINTS;
    stream_settings settings = stream_settings_default();
    settings.large_share = 0;
    frame_shape *shape = memory_zeroed(n, sizeof *shape);
    float *point = memory_zeroed(n + N_LARGE, SITES_MAP_COLUMNS * sizeof *point);
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
    if (status == DEEPSTRUC_OK)
        status = locate_large(m, buffers, known, n_known, point + SITES_MAP_COLUMNS * n, diag);
    if (status == DEEPSTRUC_OK) {
        free(m->map);
        m->map = point;
        m->n_map = n + N_LARGE;
        point = NULL;
    }
    free(point);
    free(shape);
    stream_destroy(samples);
    sites_buffers_destroy(buffers);
    return status;
}
