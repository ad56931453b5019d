#include "solve/over_qdamp.h"

#include <math.h>
#include <string.h>

/* What a sphere of diameter D and an instrument leave of the pairs at r. */
static double envelope(double r, double diameter, double qdamp)
{
    double x = r / diameter, damp = qdamp * r;
    return x < 1 ? (1 - 1.5 * x + 0.5 * x * x * x) * exp(-0.5 * damp * damp) : 0;
}

/* Of the envelopes, with the better scale: 0 when they are proportional, 1 when nothing is alike. */
static double unlikeness(double diameter, double qdamp, double wanted, const deepstruc_target *target)
{
    double both = 0, own = 0, all = 0;
    for (size_t i = 0; i < target->n; i++) {
        double r = target->rmin + (double)i * target->rstep, a = envelope(r, diameter, qdamp),
               b = envelope(r, wanted, target->qdamp);
        both += a * b;
        own += a * a;
        all += b * b;
    }
    return own > 0 && all > 0 ? 1 - both * both / (own * all) : 1;
}

double over_qdamp_diameter(double diameter, double qdamp, const deepstruc_target *target)
{
    static const double GOLDEN = 0.6180339887498949, SMALLEST = 0.4, LARGEST = 2.5, NEAR = 1e-3;
    double low = SMALLEST * diameter, high = LARGEST * diameter, a = high - GOLDEN * (high - low),
           b = low + GOLDEN * (high - low);
    double at_a = unlikeness(a, qdamp, diameter, target), at_b = unlikeness(b, qdamp, diameter, target);
    while (high - low > NEAR * diameter)
        if (at_a < at_b) {
            high = b, b = a, at_b = at_a;
            a = high - GOLDEN * (high - low);
            at_a = unlikeness(a, qdamp, diameter, target);
        } else {
            low = a, a = b, at_a = at_b;
            b = low + GOLDEN * (high - low);
            at_b = unlikeness(b, qdamp, diameter, target);
        }
    return 0.5 * (low + high);
}

/* Both half widths, each with its part of the change added in squares; `power`: 1 for a length, 3 for a volume. */
static void widen(deepstruc_interval *interval, double smaller, double larger, double power)
{
    double mean = interval->mean;
    interval->low = mean - hypot(mean - interval->low, mean * (1 - pow(smaller, power)));
    interval->high = mean + hypot(interval->high - mean, mean * (pow(larger, power) - 1));
}

static bool is_refined(const deepstruc_fit *fit)
{
    for (size_t i = 0; i < fit->n_terms; i++)
        if (strcmp(fit->term[i].name, "qdamp") == 0)
            return fit->term[i].free;
    return false;
}

void over_qdamp(deepstruc_evidence *evidence, const deepstruc_target *target, const deepstruc_fit *first)
{
    double diameter = evidence->diameter.mean, off = target->qdamp_esd;
    if (!(off > 0) || !(diameter > 0) || is_refined(first))
        return;
    double smaller = over_qdamp_diameter(diameter, fmax(0, target->qdamp - off), target) / diameter,
           larger = over_qdamp_diameter(diameter, target->qdamp + off, target) / diameter;
    widen(&evidence->diameter, fmin(smaller, 1), fmax(larger, 1), 1);
    widen(&evidence->n_atoms, fmin(smaller, 1), fmax(larger, 1), 3);
}
