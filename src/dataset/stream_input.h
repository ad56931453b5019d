/* What the default model sees of a PDF: G(r) on a grid in units of a hypothesised bond length, which part of the grid
 * is measured, and the instrument. The same function prepares simulated and measured data. */
#ifndef DATASET_STREAM_INPUT_H
#define DATASET_STREAM_INPUT_H

#include <stdbool.h>
#include <stddef.h>

enum {
    STREAM_POINTS = 235, /* r / b = STREAM_FIRST + i * STREAM_STEP */
    STREAM_MASK = 47,    /* the measured share of each run of 5 points */
    STREAM_SCALARS = 5,
    STREAM_INPUTS = STREAM_POINTS + STREAM_MASK + STREAM_SCALARS
};
#define STREAM_FIRST 0.5
#define STREAM_STEP 0.045 /* the last point is at 11.03 bond lengths */

/* Instrument values as one believes them, and the measured range. */
typedef struct {
    double qmin, qmax, qdamp; /* 1/Å */
    double rmin, rmax;        /* Å */
} stream_instrument;

/* The measured points [*first, *end) of the grid at bond length `unit` (Å). */
void stream_measured(const stream_instrument *instrument, double unit, size_t *first, size_t *end);

/* x[STREAM_INPUTS] from g[STREAM_POINTS] (anything outside of the measured part is ignored): scaled to unit rms,
 * scale-free instrument values behind it. False when nothing is measured or g is flat or not finite. */
bool stream_input(const double *g, const stream_instrument *instrument, double unit, float *x);

#endif
