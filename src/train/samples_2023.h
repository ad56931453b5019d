/* Data sets as deepstruc-2023 sees them: PDFs from 2 to 30 Å divided by their maxima, coordinates from 0 up in units of
 * the training set's extents, in the data set's order of atoms. */
#ifndef TRAIN_SAMPLES_2023_H
#define TRAIN_SAMPLES_2023_H

#include "dataset/set.h"
#include "model/deepstruc_2023_file.h"
#include "train/fresh_2023.h"

typedef struct {
    const deepstruc_dataset *dataset; /* not owned */
    deepstruc_2023_settings settings;
    deepstruc_2023_scale scale;
    size_t first_point, stride; /* which points of the data set's PDFs the network reads */
    size_t n_training, n_validation;
    uint32_t *training, *validation; /* items of the data set */
    size_t max_nodes, max_edges;     /* of one structure */
    float *shift;                    /* n x 3: smallest coordinates, Å */
    fresh_2023 *fresh;               /* NULL: the PDFs of the data set */
    fresh_structure *structure;      /* max_batch */
    /* the batch at hand */
    size_t max_batch;
    nn_graphs graphs;
    float *pdf, *nodes, *target, *weight, *noise;
} samples_2023;

/* With `fresh` the training batches are simulated when they are needed, from streams of `seed`. BAD_INPUT unless the
 * data set has training structures of at most n_atoms atoms and PDFs on the network's grid. */
deepstruc_status samples_2023_create(samples_2023 **out, const deepstruc_dataset *dataset,
                                     const deepstruc_2023_settings *settings, size_t max_batch, bool fresh,
                                     uint64_t seed, deepstruc_diag *diag);
void samples_2023_destroy(samples_2023 *samples);

/* The given items as a batch that holds until the next call, simulated anew (where samples were made so) or as stored.
 * Weights of rows without an atom are dummy_weight. What is drawn for the item at place k comes from stream
 * `number` + k of `seed`. */
deepstruc_status samples_2023_batch(samples_2023 *samples, const uint32_t *items, size_t n, bool fresh,
                                    double dummy_weight, uint64_t seed, uint64_t number, deepstruc_2023_batch *out,
                                    deepstruc_diag *diag);

/* Decoded rows against the structure: mean |difference| per coordinate in Å over the structure's atoms, rows in order,
 * both centred (the paper's MAE), and whether as many rows are atoms as the structure has. */
double samples_2023_error(const samples_2023 *samples, uint32_t item, const float *rows, bool *exact_count);

#endif
