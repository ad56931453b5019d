/* Simulated training samples, made on the fly: structure, bond length, instrument, disorder, noise and the error of the
 * hypothesised bond length are drawn for each. Sample i of a seed is the same for any number of threads and whatever
 * was drawn before, so that a training can stop and go on anywhere. */
#ifndef DATASET_STREAM_H
#define DATASET_STREAM_H

#include "dataset/frame.h"
#include "dataset/held_out.h"
#include "dataset/stream_input.h"

/* A shape and its distances, ready to be simulated at any bond length. */
typedef struct {
    frame_shape shape; /* of a body beyond its frame's table: the part within */
    size_t n_atoms;    /* of the whole */
    size_t n_distances;
    float *distance, *count; /* in bond lengths; pairs at that distance */
    size_t capacity;
} stream_body;

typedef struct {
    const stream_body *body;
    int known;           /* index among the known shapes; -1: a random cut */
    bool scale_is_right; /* the hypothesised bond length is within STREAM_SCALE_ERROR; the other targets count only then
                          */
    float log_ratio;     /* log(true / hypothesised bond length) */
    float log_atoms;
    float log_width; /* log of the relative rms width sqrt(2 Uiso) / true bond length */
    double unit;     /* Å: the hypothesised bond length */
    stream_instrument instrument;
} stream_sample;

#define STREAM_SCALE_ERROR 0.04

typedef struct {
    double known_share;     /* of samples from the known shapes; 0.5 */
    double variant_share;   /* of random cuts that are known shapes with a part missing; 0.2 */
    double large_share;     /* of random cuts that reach beyond the frames' tables; 0.1 */
    double published_share; /* of samples with the published labels' instrument, clean; 0.25 */
    double wrong_share;     /* of samples with a wrong bond length; 0.1 */
    double noise_max;       /* rms of the noise over that of G; 0.1 */
    size_t n_min, n_max;    /* atoms of random cuts within the tables; 8, 300 */
    const held_out *never;  /* no sample is one of these or near to one; NULL: none. Must outlive the stream */
} stream_settings;

stream_settings stream_settings_default(void);

typedef struct stream stream;

/* `known` shapes (n_known >= 1, copied) are drawn beside random cuts: half of the time by type evenly, half by shape.
 * Those that settings->never has are left out. */
deepstruc_status stream_create(stream **out, const frame_set *frames, const frame_shape *known, size_t n_known,
                               const stream_settings *settings, deepstruc_diag *diag);
void stream_destroy(stream *s);

enum { STREAM_ROWS = 256, STREAM_GROUP = 4 }; /* rows of a group share one random cut */

/* What one of several processes draws of a batch: every count-th group of rows, from group `index` on. */
typedef struct {
    size_t index, count;
} stream_part;
/* How many of a batch's rows are the part's, and which row of the batch the part's row i is. */
static inline size_t stream_part_rows(stream_part part, size_t rows)
{
    return (rows / STREAM_GROUP + part.count - 1 - part.index) / part.count * STREAM_GROUP;
}
static inline size_t stream_part_row(stream_part part, size_t i)
{
    return (i / STREAM_GROUP * part.count + part.index) * STREAM_GROUP + i % STREAM_GROUP;
}

/* Samples [rows * batch, rows * (batch + 1)) of `seed`, rows <= STREAM_ROWS and a multiple of 4: x[rows x
 * STREAM_INPUTS] and their targets, which point into the stream and hold until the next call. */
deepstruc_status stream_draw(stream *s, uint64_t seed, uint64_t batch, size_t rows, float *x, stream_sample *sample,
                             deepstruc_diag *diag);
/* The part's rows of such a batch, the first of them in x[0] and sample[0]. */
deepstruc_status stream_draw_part(stream *s, uint64_t seed, uint64_t batch, size_t rows, stream_part part, float *x,
                                  stream_sample *sample, deepstruc_diag *diag);

size_t stream_n_known(const stream *s);
/* Known shape i, in the stream's own order (by family). */
const frame_shape *stream_known(const stream *s, size_t i);

/* The published labels' PDFs (qmin 0.7, qmax 25, Biso 0.3, clean, 0 to 30 Å) of known shape k at a bond length, seen
 * with the hypothesis `unit`. For tests against the engine. */
deepstruc_status stream_published(stream *s, size_t known, double bond_length, double unit, double *g,
                                  deepstruc_diag *diag);

#endif
