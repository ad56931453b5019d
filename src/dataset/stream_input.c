#include "dataset/stream_input.h"

#include <math.h>
#include <string.h>

void stream_measured(const stream_instrument *instrument, double unit, size_t *first, size_t *end)
{
    double low = ceil((instrument->rmin / unit - STREAM_FIRST) / STREAM_STEP - 1e-9),
           high = floor((instrument->rmax / unit - STREAM_FIRST) / STREAM_STEP + 1e-9) + 1;
    *first = low > 0 ? (size_t)fmin(low, STREAM_POINTS) : 0;
    *end = high > 0 ? (size_t)fmin(high, STREAM_POINTS) : 0;
    if (*end < *first)
        *end = *first;
}

bool stream_input(const double *g, const stream_instrument *instrument, double unit, float *x)
{
    size_t first, end;
    double squares = 0;
    stream_measured(instrument, unit, &first, &end);
    for (size_t i = first; i < end; i++)
        squares += g[i] * g[i];
    double rms = sqrt(squares / (double)(end - first + (end == first)));
    if (!(rms > 0 && isfinite(rms)))
        return false;
    memset(x, 0, STREAM_INPUTS * sizeof *x);
    for (size_t i = first; i < end; i++) {
        x[i] = (float)(g[i] / rms);
        x[STREAM_POINTS + i * STREAM_MASK / STREAM_POINTS] += (float)STREAM_MASK / STREAM_POINTS;
    }
    /* Each shifted and scaled to be of order one over the range of real instruments. */
    float *scalar = x + STREAM_POINTS + STREAM_MASK;
    scalar[0] = (float)((instrument->qmin * unit - 3) / 2);
    scalar[1] = (float)((instrument->qmax * unit - 55) / 20);
    scalar[2] = (float)(instrument->qdamp * unit * 10 - 0.8);
    scalar[3] = (float)((STREAM_FIRST + STREAM_STEP * (double)end - 7) / 3);
    scalar[4] = (float)(2 * (STREAM_FIRST + STREAM_STEP * (double)first) - 1);
    return true;
}
