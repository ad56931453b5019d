#include "solve/residual.h"

#include <math.h>

#include "base/text.h"

static const double FROM = 1.5, TO = 5.0; /* Å: where bonds and second neighbours lie */
static const double FAR = 8.0;            /* Å: behind it the difference curve is noise and misfit */
static const double STANDS_OUT = 3.5;     /* times the rms behind FAR */
static const double WORTH_SAYING = 0.2;   /* of the first peak's height; termination ripples of a misfit reach this */
static const double TOO_SHORT = 0.90;     /* of the bond length: no two metal atoms are that close */

static double at(const deepstruc_target *target, size_t i)
{
    return target->rmin + (double)i * target->rstep;
}

void residual_peaks(residual_peak *strongest, residual_peak *shortest, const deepstruc_target *target,
                    const double *gcalc, double bond)
{
    double first = 0, sum = 0, n = 0;
    *strongest = *shortest = (residual_peak){0};
    for (size_t i = 0; i < target->n; i++) {
        double r = at(target, i), rest = target->g[i] - gcalc[i];
        if (r > 0.9 * bond && r < 1.1 * bond)
            first = fmax(first, gcalc[i]);
        if (r > FAR)
            sum += rest * rest, n++;
    }
    double rms = n > 0 ? sqrt(sum / n) : 0;
    for (size_t i = 1; first > 0 && i + 1 < target->n; i++) {
        double r = at(target, i), before = target->g[i - 1] - gcalc[i - 1], rest = target->g[i] - gcalc[i],
               behind = target->g[i + 1] - gcalc[i + 1];
        if (r < FROM || r > TO || rest < before || rest < behind || rest < STANDS_OUT * rms)
            continue;
        double bend = before - 2 * rest + behind;
        residual_peak peak = {r + (bend < 0 ? 0.5 * target->rstep * (before - behind) / bend : 0), rest / first};
        if (peak.height > fmax(WORTH_SAYING, strongest->height))
            *strongest = peak;
        if (r < TOO_SHORT * bond && peak.height > fmax(WORTH_SAYING, shortest->height))
            *shortest = peak;
    }
}

/* Pauling's and Shannon's radii put these pairs there, for the metals that make clusters. */
static const char *guess(double r, double bond)
{
    static const struct {
        double from, to;
        const char *pair;
    } pairs[] = {{1.5, 1.75, "within ligands, or short metal-oxygen"},
                 {1.75, 2.2, "metal-oxygen or metal-nitrogen"},
                 {2.2, 2.45, "metal-sulfur, -phosphorus or -chlorine"},
                 {2.45, 2.7, "metal-bromine or -iodine"}};
    if (r >= 0.9 * bond)
        return r < 1.1 * bond ? "a second bond length" : "another phase or shell";
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (r >= pairs[i].from && r < pairs[i].to)
            return pairs[i].pair;
    return "not a bond of this metal";
}

void residual_describe(char *out, size_t size, const residual_peak *peak, double bond)
{
    if (peak->r > 0)
        text_append(out, size, "unexplained peak at %.2f Å, %.1f of the first one's height: %s?", peak->r, peak->height,
                    guess(peak->r, bond));
}
