/* The size of a body from how its PDF fades. The pairs of a sphere of diameter D that are r apart are the share
 *     gamma0(r / D) = 1 - 3/2 r/D + 1/2 (r/D)^3
 * of those in the bulk (Guinier & Fournet 1955, eq. 10), the instrument damps them by exp(-(qdamp r)^2 / 2), and beyond
 * D there is noise alone: no training is needed to read that, nor does it end at a size. What is compared is how
 * strongly G(r) varies within windows of about a bond length, whatever the structure makes of it there. */
#ifndef DATASET_ENVELOPE_H
#define DATASET_ENVELOPE_H

#include <stdbool.h>

typedef struct envelope envelope;

bool envelope_create(envelope **out); /* false: no memory */
void envelope_destroy(envelope *e);

typedef struct {
    double log_diameter, sd; /* of the sphere with this envelope, in bond lengths */
} envelope_size;

/* Of what a model sees (dataset/stream_input.h): finite for whatever x holds, diameters between 1.6 and 14. */
envelope_size envelope_read(const envelope *e, const float *x);

/* Makes the input of a body with an envelope of diameter `from` that of its core, with one of diameter `to` < from. */
void envelope_shorten(float *x, double from, double to);

/* log of how many times more atoms a body has than its core, from their envelopes' diameters: a core so made is as
 * round as its envelope, a body has corners. */
double envelope_log_ratio(double whole, double core);

#endif
