/* Simulation on the fly: each structure of a batch at a bond length, with an instrument, displacements and noise of its
 * own, drawn from the random stream of its place in the training. */
#ifndef TRAIN_FRESH_2023_H
#define TRAIN_FRESH_2023_H

#include <deepstruc/pdf.h>

#include "base/random.h"

/* Ranges of what is drawn: bond length and Q in Å and 1/Å, Biso in Å², noise as a share of the rms of G. */
#define FRESH_BOND_MIN 2.2
#define FRESH_BOND_MAX 3.7

typedef struct fresh_2023 fresh_2023;

/* For PDFs of n_points from rmin in steps of rstep and batches of at most max_batch. The instruments (Q range, damping)
 * are a fixed set drawn from `seed`, since each needs its sine tables; a structure draws one of them. */
deepstruc_status fresh_2023_create(fresh_2023 **out, double rmin, double rstep, size_t n_points, size_t max_batch,
                                   uint64_t seed, deepstruc_diag *diag);
void fresh_2023_destroy(fresh_2023 *fresh);

/* One structure of a batch: its atoms as stored, and what was drawn for it. */
typedef struct {
    const double *xyz;
    size_t n_atoms;
    double bond_length; /* Å: as stored */
    double unit;        /* out: the stored coordinates are multiplied by this */
} fresh_structure;

/* Draws and simulates n structures; pdf[n x n_points]. Structure k uses stream `number` + k of `seed`. */
deepstruc_status fresh_2023_draw(fresh_2023 *fresh, fresh_structure *structure, float *pdf, size_t n, uint64_t seed,
                                 uint64_t number, deepstruc_diag *diag);

#endif
