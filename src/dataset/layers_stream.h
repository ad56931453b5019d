/* Simulated training samples of close-packed layers, as stream.h makes those of the default model: random bodies in
 * allowed sequences at any bond length of the protocol's metals, with the published labels' instrument, clean. Sample i
 * of a seed is the same for any number of threads and whatever was drawn before. In a share of the samples (`mixed`)
 * pairs of layers are alike or not at will: their PDFs, sums over pairs, are those of few structures, but teach what
 * each pair of layers adds, with whatever others. */
#ifndef DATASET_LAYERS_STREAM_H
#define DATASET_LAYERS_STREAM_H

#include "dataset/layers.h"
#include "dataset/stream_input.h"

/* Å: bond lengths that are drawn. */
#define LAYERS_BOND_MIN 2.4
#define LAYERS_BOND_MAX 3.1
/* Log of true over hypothesised bond length: within this the structure is asked for, too. */
#define LAYERS_NEAR 0.012
/* Standard deviation of what is added to a sample's numbers. */
#define LAYERS_BLUR 0.1

typedef struct {
    const layers_structure *structure;
    bool scale_is_right, is_near; /* the hypothesis is within STREAM_SCALE_ERROR; within LAYERS_NEAR */
    float log_ratio;              /* log(true / hypothesised bond length) */
    float log_atoms, log_width;   /* as in stream_sample */
    float number[LAYERS_NUMBERS]; /* of its layers, each off by LAYERS_BLUR: a precision that no training need exceed */
} layers_sample;

enum { LAYERS_ROWS = 256 };

typedef struct layers_stream layers_stream;

deepstruc_status layers_stream_create(layers_stream **out, const layers_set *set, const bool allowed[LAYERS_SEQUENCES],
                                      double mixed, deepstruc_diag *diag);
void layers_stream_destroy(layers_stream *s);

/* Samples [rows * batch, rows * (batch + 1)) of `seed`, rows <= LAYERS_ROWS and even: x[rows x STREAM_INPUTS] and their
 * targets, which point into the stream and hold until the next call. */
deepstruc_status layers_stream_draw(layers_stream *s, uint64_t seed, uint64_t batch, size_t rows, float *x,
                                    layers_sample *sample, deepstruc_diag *diag);

/* One PDF of a structure at a bond length (Å), seen with the hypothesis `unit`. */
deepstruc_status layers_stream_show(layers_stream *s, const layers_structure *structure, double bond_length,
                                    double unit, float *x, deepstruc_diag *diag);

#endif
