#ifndef NN_DOUBLE

#include <math.h>

#include "model/sites_beyond.h"

/* The core's share of the atoms of the largest body that the network knows: well within its sizes. */
static const double CORE = 0.75;

/* The diameter of the envelope of the densest body, a close-packed one, of n atoms. */
static double diameter_of(double n)
{
    return cbrt(6 / M_PI * n / M_SQRT2);
}

void sites_look(const sites_model *m, sites_buffers *b, size_t n, sites_sight *sight)
{
    bool any = false;
    sites_condition(m, b, n);
    for (size_t i = 0; i < n; i++) {
        sight[i] = (sites_sight){.read = sites_read_facts(m, b, i)};
        if (m->largest == 0 || sight[i].read.log_atoms < log((double)m->largest))
            continue;
        real *x = b->x + i * STREAM_INPUTS;
        envelope_size size = envelope_read(m->envelope, x);
        double whole = exp(size.log_diameter), core = diameter_of(CORE * (double)m->largest);
        if (whole <= core)
            continue;
        envelope_shorten(x, whole, core);
        sight[i].log_whole = envelope_log_ratio(whole, core);
        sight[i].whole_sd = 3 * size.sd;
        any = true;
    }
    if (!any)
        return;
    sites_condition(m, b, n);
    for (size_t i = 0; i < n; i++)
        sight[i].read = sites_read_facts(m, b, i);
}

#else
typedef int sites_beyond_is_float_only; /* a translation unit holds at least one declaration */
#endif
