#include "dataset/envelope.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "dataset/stream_input.h"

enum {
    WINDOW = 22, /* points: 0.99 bond lengths */
    HOP = 11,
    FIRST = 5, /* the first window begins at 0.72 bond lengths, before the nearest neighbours */
    WINDOWS = (STREAM_POINTS - WINDOW - FIRST) / HOP + 1,
    DIAMETERS = 32,
    DAMPINGS = 7, /* 0 to 0.18 per bond length */
    FLOORS = 5,
    GUESSES = DIAMETERS * DAMPINGS * FLOORS
};
static const double DIAMETER_MIN = 1.6, DIAMETER_MAX = 14; /* bond lengths */
static const double DAMPING_STEP = 0.03;
/* Of noise and ripples, over the rms of G at small r. */
static const double FLOOR[FLOORS] = {0.003, 0.01, 0.03, 0.1, 0.3};
/* How far the logarithm of a window's variance is off: what the shells of a crystal make of it. And how far qdamp is
 * off what one believes: some 0.01 1/Å, in 1 / bond lengths. */
static const double SCATTER = 0.6, DAMPING_SPREAD = 0.03;
/* Random cuts of up to 200 atoms look larger than spheres of their volume by about this much, in bond lengths: they
 * have corners. And so much does the logarithm of the diameter scatter among them. */
static const double CORNERS = 0.5, SHAPES = 0.1;
/* A variance that ripples have where a clean simulation has nothing, G being scaled to unit rms. */
static const double RIPPLES = 1e-5;

struct envelope {
    double log_diameter[DIAMETERS];
    /* Guess (diameter, damping, floor), the last running fastest: log of the variance wanted in each window. */
    float wanted[WINDOWS][GUESSES];
};

static double middle_of(int window)
{
    return STREAM_FIRST + STREAM_STEP * (FIRST + HOP * window + (WINDOW - 1) / 2.0);
}

static double faded(double r, double diameter, double damping)
{
    double u = fmin(1, r / diameter), damped = damping * r;
    return (1 - 1.5 * u + 0.5 * u * u * u) * exp(-damped * damped / 2);
}

/* The mean square over a window of the fading amplitude, by Simpson's rule. */
static double mean_square(int window, double diameter, double damping)
{
    double half = STREAM_STEP * WINDOW / 2, r = middle_of(window), sum = 0;
    for (int i = -1; i <= 1; i++) {
        double y = faded(r + i * half, diameter, damping);
        sum += (i ? 1 : 4) * y * y / 6;
    }
    return sum;
}

bool envelope_create(envelope **out)
{
    envelope *e = memory_zeroed(1, sizeof *e);
    if (!e)
        return false;
    for (int d = 0, guess = 0; d < DIAMETERS; d++) {
        e->log_diameter[d] = log(DIAMETER_MIN) + log(DIAMETER_MAX / DIAMETER_MIN) * d / (DIAMETERS - 1);
        for (int q = 0; q < DAMPINGS; q++)
            for (int f = 0; f < FLOORS; f++, guess++)
                for (int w = 0; w < WINDOWS; w++) {
                    double square = mean_square(w, exp(e->log_diameter[d]), DAMPING_STEP * q);
                    e->wanted[w][guess] = (float)log(square + FLOOR[f] * FLOOR[f]);
                }
    }
    *out = e;
    return true;
}

void envelope_destroy(envelope *e)
{
    free(e);
}

/* Log of the variance about a straight line in a window; false where some of it is not measured. */
static bool log_variance(const float *x, int window, float *out)
{
    const int first = FIRST + HOP * window;
    const double wholly = 0.99;
    double sum = 0, slope = 0, squares = 0, own = 0;
    for (int i = first; i < first + WINDOW; i++) {
        double t = i - first - (WINDOW - 1) / 2.0, y = (double)x[i];
        if (!((double)x[STREAM_POINTS + i * STREAM_MASK / STREAM_POINTS] > wholly))
            return false;
        sum += y;
        slope += t * y;
        squares += y * y;
        own += t * t;
    }
    double variance = (squares - sum * sum / WINDOW - slope * slope / own) / WINDOW;
    *out = (float)log(fmax(variance, 0) + RIPPLES);
    return isfinite(*out);
}

/* Half the squared distance of each guess from the windows, at the best scale of G for each. */
static int compare(const envelope *e, const float *x, float apart[GUESSES])
{
    float sum[GUESSES] = {0}, squares[GUESSES] = {0}, seen;
    int n = 0;
    for (int w = 0; w < WINDOWS; w++) {
        if (!log_variance(x, w, &seen))
            continue;
        for (int guess = 0; guess < GUESSES; guess++) {
            float off = seen - e->wanted[w][guess];
            sum[guess] += off;
            squares[guess] += off * off;
        }
        n++;
    }
    float weight = (float)(1 / (2 * SCATTER * SCATTER));
    for (int guess = 0; guess < GUESSES && n > 0; guess++)
        apart[guess] = weight * (squares[guess] - sum[guess] * sum[guess] / (float)n);
    return n;
}

/* Mean and standard deviation over all guesses by their likelihoods, the damping near to what is believed of it. */
envelope_size envelope_read(const envelope *e, const float *x)
{
    const envelope_size unknown = {log(4), 0.5}; /* where less than three windows are measured */
    float apart[GUESSES], least = INFINITY;
    if (compare(e, x, apart) < 3)
        return unknown;
    /* As stream_input writes it: 10 qdamp - 0.8, in hypothesised bond lengths. */
    double believed = ((double)x[STREAM_POINTS + STREAM_MASK + 2] + 0.8) / 10;
    believed = fmax(0, fmin(DAMPING_STEP * (DAMPINGS - 1), believed));
    for (int guess = 0; guess < GUESSES; guess++) {
        double off = (DAMPING_STEP * (guess / FLOORS % DAMPINGS) - believed) / DAMPING_SPREAD;
        apart[guess] += (float)(off * off / 2);
        least = fminf(least, apart[guess]);
    }
    double all = 0, mean = 0, square = 0;
    for (int guess = 0; guess < GUESSES; guess++) {
        double share = apart[guess] < least + 16 ? exp((double)(least - apart[guess])) : 0,
               value = e->log_diameter[guess / (DAMPINGS * FLOORS)];
        all += share;
        mean += share * value;
        square += share * value * value;
    }
    mean /= all;
    return (envelope_size){mean, hypot(SHAPES, sqrt(fmax(0, square / all - mean * mean)))};
}

void envelope_shorten(float *x, double from, double to)
{
    double squares = 0, measured = 0;
    for (int i = 0; i < STREAM_POINTS; i++) {
        double r = STREAM_FIRST + STREAM_STEP * i, more = faded(r, from, 0);
        x[i] *= more > 0 ? (float)(faded(r, to, 0) / more) : 0;
        squares += (double)x[i] * (double)x[i];
    }
    for (int i = 0; i < STREAM_MASK; i++)
        measured += (double)x[STREAM_POINTS + i] * STREAM_POINTS / STREAM_MASK;
    double rms = sqrt(squares / fmax(1, measured));
    for (int i = 0; i < STREAM_POINTS && rms > 0; i++)
        x[i] /= (float)rms;
}

double envelope_log_ratio(double whole, double core)
{
    return 3 * log((whole - CORNERS) / core);
}
