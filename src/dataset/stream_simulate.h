/* The simulator behind the stream: Debye PDFs in units of the hypothesised bond length, for which the sine transforms
 * are two fixed matrices, so that a batch of PDFs costs two matrix products. */
#ifndef DATASET_STREAM_SIMULATE_H
#define DATASET_STREAM_SIMULATE_H

#include "dataset/stream.h"

enum { SIMULATE_BINS = 1520, SIMULATE_Q = 501 };
#define SIMULATE_BIN 0.0125 /* bond lengths; the longest published shape measures 18.2 */

typedef struct {
    float *to_q;   /* SIMULATE_BINS x SIMULATE_Q: sin(q r) */
    float *to_r;   /* SIMULATE_Q x STREAM_POINTS */
    double dq;     /* in 1 / bond length; q_k = (k + 1) dq */
    float *kernel; /* Gaussians by width and by shift within a bin */
} simulator;

bool simulator_create(simulator *s);
void simulator_free(simulator *s);

/* Everything of one PDF but the structure; lengths in hypothesised bond lengths. */
typedef struct {
    double ratio;    /* true over hypothesised bond length */
    double variance; /* of a pair's distance far away: 2 Uiso */
    double delta2;
    double strain; /* the width grows by strain x r */
} simulate_disorder;

/* The body's number of atoms and its list of distances, from a shape of `f`, often the body's own. */
bool simulate_distances(const frame *f, const frame_shape *shape, stream_body *body);
/* row[SIMULATE_BINS] += share times the sum over distances of 2 n / (N r) times a Gaussian. */
void simulate_smear(const simulator *s, const stream_body *body, const simulate_disorder *disorder, double share,
                    float *row);
/* Share of each q-bin that lies within [qmin, qmax]. */
void simulate_window(const simulator *s, double qmin, double qmax, float window[SIMULATE_Q]);

#endif
