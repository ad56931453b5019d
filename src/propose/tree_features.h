/* What the trees see of a PDF: G(r) at 300 places in units of its own first strong peak, and the instrument in the same
 * units. How far order reaches is also given as the logarithm of the rms of G in 12 windows, over that in the first: a
 * ratio in which Biso and the Q range hardly matter. The instrument's damping is undone, since the decay that is left
 * tells the length of rods. The tallest peak is not always at the bond length (of simple cubic clusters it may be the
 * second shell), but it is the same one whenever a shape is seen, and that is all that a classifier of shapes wants. */
#ifndef PROPOSE_TREE_FEATURES_H
#define PROPOSE_TREE_FEATURES_H

#include "propose/generate_views.h"

enum {
    TREE_POINTS = 300,
    TREE_WINDOWS = 12,
    TREE_SCALARS = 3,
    TREE_FEATURES = TREE_POINTS + TREE_WINDOWS + TREE_SCALARS
};
#define TREE_FEATURES_VERSION                                                                                          \
    "tallest peak 1.8-4.0 A; undamped G at r/peak = 0.6 + 0.0365 i, i < 300; log rms in 12 windows; qmin qmax qdamp "  \
    "x peak"

/* x[TREE_FEATURES] of a PDF; not a number where it is not measured. *peak (may be NULL) is the unit, Å. False when the
 * PDF does not cover 2.2 to 4 Å or has no peak there. */
bool tree_features(float *x, double *peak, const fine_pdf *fine, double qmin, double qmax, double qdamp);

#endif
