#include "samples.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cluster/elements.h"

void sample_stop(const deepstruc_diag *diag)
{
    char text[1024];
    deepstruc_diag_text(diag, text, sizeof text);
    fprintf(stderr, "%s\n", text);
    exit(1);
}

static void *need(void *memory)
{
    if (!memory) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
    return memory;
}

/* ---- instruments --------------------------------------------------------------------------------------------------
 */

static double one_of(const double *value, size_t n, random_stream *stream)
{
    return value[random_below(stream, n)];
}

sample_instrument sample_draw_instrument(sample_source source, random_stream *stream)
{
    static const double step[] = {0.01, 0.01, 0.02, 0.05}, end[] = {20, 30, 30, 40, 50, 60};
    sample_instrument at = {.qmin = random_uniform(stream, 0.6, 1.5),
                            .qmax = random_uniform(stream, 18, 28),
                            .qdamp = random_uniform(stream, 0.02, 0.06),
                            .biso = random_uniform(stream, 0.3, 1.2),
                            .delta2 = random_uniform(stream, 0, 3),
                            .rstep = one_of(step, 4, stream),
                            .rmax = one_of(end, 6, stream),
                            .noise = random_uniform(stream, 0.01, 0.08),
                            .ripple = random_uniform(stream, 0, 0.08)};
    if (source == SAMPLE_LABORATORY) {
        at.qmax = random_uniform(stream, 9, 17);
        at.qmin = random_uniform(stream, 0.8, 2.2);
        at.qdamp = random_uniform(stream, 0.02, 0.07);
        at.noise = random_uniform(stream, 0.02, 0.15);
    }
    if (source == SAMPLE_NEUTRON) {
        at.neutron = true;
        at.qmax = random_uniform(stream, 20, 35);
        at.qdamp = random_uniform(stream, 0.015, 0.03);
    }
    return at;
}

size_t sample_points(const sample_instrument *at)
{
    return (size_t)floor((at->rmax - at->rmin) / at->rstep + 1e-6) + 1;
}

/* Bound coherent neutron scattering lengths in fm (V. F. Sears, Neutron News 3(3), 26, 1992); else the atomic number.
 */
static double power_of(const char *element, bool neutron)
{
    static const struct {
        char symbol[3];
        double length;
    } lengths[] = {{"H", -3.74}, {"C", 6.65},  {"N", 9.36},  {"O", 5.80},   {"Na", 3.63}, {"Mg", 5.38}, {"Si", 4.15},
                   {"P", 5.13},  {"S", 2.85},  {"Cl", 9.58}, {"Ti", -3.44}, {"Fe", 9.45}, {"Ni", 10.3}, {"Co", 2.49},
                   {"Cu", 7.72}, {"Zn", 5.68}, {"Se", 7.97}, {"Br", 6.80},  {"Sr", 7.02}, {"Zr", 7.16}, {"Mo", 6.72},
                   {"Pd", 5.91}, {"Ag", 5.92}, {"Cd", 4.87}, {"Cs", 5.42},  {"Ba", 5.07}, {"Ce", 4.84}, {"W", 4.86},
                   {"Ir", 10.6}, {"Pt", 9.60}, {"Au", 7.63}, {"Pb", 9.41},  {"Bi", 8.53}, {"Hf", 7.7},  {"Ru", 7.03},
                   {"Al", 3.45}, {"K", 3.67},  {"Ga", 7.29}, {"As", 6.58},  {"Te", 5.80}, {"I", 5.28},  {"U", 8.42},
                   {"Rh", 5.88}};
    for (size_t i = 0; neutron && i < sizeof lengths / sizeof *lengths; i++)
        if (strcmp(lengths[i].symbol, element) == 0)
            return lengths[i].length;
    return element_number(element);
}

/* ---- the curve ----------------------------------------------------------------------------------------------------
 */

enum { N_BINS = 9000, N_TYPES = SAMPLE_SPECIES * SAMPLE_SPECIES };
static const double BIN = 0.01, TAPER_BEGIN = 70, TAPER_END = 90; /* Å */

/* Every distance between a species and another: a crystal's from the atoms of one cell, faded out where no instrument
 * sees them, so that the mean density stays below every qmin. */
static void count_pairs(double *bins, const sample_atoms *atoms)
{
    bool crystal = atoms->cell[0] > 0;
    int reach[3] = {0, 0, 0};
    for (int k = 0; k < 3 && crystal; k++)
        reach[k] = (int)ceil(TAPER_END / atoms->cell[k]) + 1;
    for (int u = -reach[0]; u <= reach[0]; u++)
        for (int v = -reach[1]; v <= reach[1]; v++)
            for (int w = -reach[2]; w <= reach[2]; w++)
                for (size_t i = 0; i < atoms->n; i++)
                    for (size_t j = 0; j < atoms->n; j++) {
                        const double *a = atoms->xyz + 3 * i, *b = atoms->xyz + 3 * j;
                        double x = b[0] - a[0] + u * atoms->cell[0], y = b[1] - a[1] + v * atoms->cell[1],
                               z = b[2] - a[2] + w * atoms->cell[2], d = sqrt(x * x + y * y + z * z);
                        double t = (d - TAPER_BEGIN) / (TAPER_END - TAPER_BEGIN);
                        if (d < 0.5 || d >= TAPER_END)
                            continue;
                        bins[(atoms->species[i] * SAMPLE_SPECIES + atoms->species[j]) * N_BINS + (size_t)(d / BIN)] +=
                            crystal && t > 0 ? 0.5 + 0.5 * cos(M_PI * t) : 1;
                    }
}

/* Adds share * F(Q_k), Q_k = k dq, to f. */
static void add_scattering(double *f, size_t n_q, double dq, const sample_part *part, const sample_instrument *at)
{
    const sample_atoms *atoms = part->atoms;
    double *bins = need(calloc((size_t)N_TYPES * N_BINS, sizeof *bins)), mean = 0;
    double power[SAMPLE_SPECIES];
    for (int s = 0; s < atoms->n_species; s++)
        power[s] = power_of(atoms->element[s], at->neutron);
    for (size_t i = 0; i < atoms->n; i++)
        mean += power[atoms->species[i]] / (double)atoms->n;
    count_pairs(bins, atoms);
    for (int type = 0; type < N_TYPES; type++) {
        double weight = part->share * power[type / SAMPLE_SPECIES] * power[type % SAMPLE_SPECIES] /
                        (mean * mean * (double)atoms->n);
        for (size_t bin = 0; bin < N_BINS; bin++) {
            if (bins[type * N_BINS + bin] == 0)
                continue;
            double d = ((double)bin + 0.5) * BIN;
            double sigma2 = at->biso / (4 * M_PI * M_PI) * fmax(0.2, 1 - at->delta2 / (d * d));
            double c = 2 * cos(dq * d), now = 0, before = -sin(dq * d), amount = weight * bins[type * N_BINS + bin] / d;
            for (size_t k = 0; k < n_q; k++) {
                double q = (double)k * dq;
                f[k] += amount * now * exp(-0.5 * sigma2 * q * q);
                double next = c * now - before;
                before = now;
                now = next;
            }
        }
    }
    free(bins);
}

static void transform(double *g, size_t n_points, const double *f, size_t first, size_t n_q, double dq,
                      const sample_instrument *at)
{
    for (size_t i = 0; i < n_points; i++) {
        double r = at->rmin + (double)i * at->rstep, c = 2 * cos(dq * r), now = sin((double)first * dq * r),
               before = sin(((double)first - 1) * dq * r), sum = 0;
        for (size_t k = first; k < n_q; k++) {
            sum += f[k] * now;
            double next = c * now - before;
            before = now;
            now = next;
        }
        g[i] = 2 / M_PI * dq * sum;
    }
}

static double rms_of(const double *g, size_t n_points, const sample_instrument *at)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < n_points; i++) {
        double r = at->rmin + (double)i * at->rstep;
        if (r >= 1.5 && r <= 20)
            sum += g[i] * g[i], n++;
    }
    return sqrt(sum / fmax(n, 1));
}

/* Noise in F between the edges, white or rising with Q. */
static void add_noise(double *g, size_t n_points, size_t first, size_t n_q, double dq, const sample_instrument *at,
                      random_stream *stream)
{
    double *f = need(calloc(n_q, sizeof *f)), *extra = need(calloc(n_points, sizeof *extra));
    double rise = (double)random_below(stream, 3);
    for (size_t k = first; k < n_q; k++)
        f[k] = random_normal(stream) * pow((double)k * dq, rise);
    transform(extra, n_points, f, first, n_q, dq, at);
    double factor = at->noise * rms_of(g, n_points, at) / rms_of(extra, n_points, at);
    for (size_t i = 0; i < n_points; i++)
        g[i] += factor * extra[i];
    free(f);
    free(extra);
}

/* What corrections leave behind: a slow wave that decays with r. */
static void add_ripple(double *g, size_t n_points, const sample_instrument *at, random_stream *stream)
{
    double q = random_uniform(stream, at->qmin, at->qmin + 2), phase = random_uniform(stream, 0, 2 * M_PI);
    double *extra = need(calloc(n_points, sizeof *extra));
    for (size_t i = 0; i < n_points; i++) {
        double r = at->rmin + (double)i * at->rstep;
        extra[i] = exp(-r / 5) * sin(q * r + phase);
    }
    double factor = at->ripple * rms_of(g, n_points, at) / rms_of(extra, n_points, at);
    for (size_t i = 0; i < n_points; i++)
        g[i] += factor * extra[i];
    free(extra);
}

void sample_measure(double *g, size_t n_points, const sample_part *part, size_t n_parts, const sample_instrument *at,
                    random_stream *stream)
{
    const double dq = M_PI / 100;
    size_t first = (size_t)ceil(at->qmin / dq), n_q = (size_t)floor(at->qmax / dq) + 1;
    double *f = need(calloc(n_q, sizeof *f));
    for (size_t p = 0; p < n_parts; p++)
        add_scattering(f, n_q, dq, &part[p], at);
    transform(g, n_points, f, first, n_q, dq, at);
    add_noise(g, n_points, first, n_q, dq, at, stream);
    for (size_t i = 0; i < n_points; i++) {
        double r = at->rmin + (double)i * at->rstep;
        g[i] *= exp(-0.5 * at->qdamp * at->qdamp * r * r);
    }
    add_ripple(g, n_points, at, stream);
    free(f);
}

deepstruc_pdf *sample_pdf(const double *g, size_t n_points, const sample_instrument *at, const char *header)
{
    size_t size = strlen(header) + 40 * n_points + 64, used;
    char *text = need(malloc(size));
    used = (size_t)snprintf(text, size, "%s", header);
    for (size_t i = 0; i < n_points; i++)
        used += (size_t)snprintf(text + used, size - used, "%.6g %.6g\n", at->rmin + (double)i * at->rstep, g[i]);
    deepstruc_pdf *pdf;
    deepstruc_diag diag;
    if (deepstruc_pdf_parse(&pdf, text, used, "made-up.gr", &diag) != DEEPSTRUC_OK)
        sample_stop(&diag);
    free(text);
    return pdf;
}

deepstruc_pdf *sample_measured(const sample_atoms *atoms, const char *element, const sample_instrument *at,
                               random_stream *stream)
{
    size_t n_points = sample_points(at);
    double *g = need(calloc(n_points, sizeof *g));
    char header[200];
    sample_measure(g, n_points, &(sample_part){atoms, 1}, 1, at, stream);
    snprintf(header, sizeof header, "[DEFAULT]\ncomposition = %s\nqmin = %.2f\nqmax = %.2f\n#### start data\n", element,
             at->qmin, at->qmax);
    deepstruc_pdf *pdf = sample_pdf(g, n_points, at, header);
    free(g);
    return pdf;
}
