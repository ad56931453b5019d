/* Made-up measurements: PDFs of crystals, particles and molecules of several elements, from textbook structures, as an
 * instrument with noise would show them. What the verdict, the groups and the intervals of solve are tried on. */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include "base/random.h"
#include <deepstruc/pdf.h>

enum { SAMPLE_SPECIES = 4 };

/* Atoms of a few species. A crystal's are one cell about which all neighbours lie; a particle's are all there are. */
typedef struct {
    size_t n, capacity;
    double *xyz;            /* n x 3, Å */
    unsigned char *species; /* n */
    int n_species;
    char element[SAMPLE_SPECIES][4];
    double cell[3]; /* Å, edges of the orthogonal cell of a crystal; 0: none */
} sample_atoms;

void sample_clear(sample_atoms *atoms);
void sample_add(sample_atoms *atoms, const char *element, double x, double y, double z);

/* Names for sample_crystal ("NaCl", "CeO2", ...), NULL behind the last; those for sample_molecule end with NULL. */
const char *sample_crystal_name(size_t i);
extern const char *const sample_molecules[];
void sample_crystal(sample_atoms *out, const char *name);
void sample_molecule(sample_atoms *out, const char *name);
/* A ball of one element's atoms without order: random close packing. */
void sample_glass(sample_atoms *out, const char *element, double bond, double diameter, random_stream *stream);
/* A metal's crystal: "fcc", "bcc" or "hcp" with the given bond length. */
void sample_metal(sample_atoms *out, const char *lattice, const char *element, double bond);
/* The atoms of a crystal within a sphere of this diameter about a random point. */
void sample_sphere(sample_atoms *out, const sample_atoms *crystal, double diameter, random_stream *stream);
/* A cluster of the library's, with every atom moved by Gaussian steps of `disorder` Å. */
void sample_cluster(sample_atoms *out, const deepstruc_cluster *cluster, double disorder, random_stream *stream);
/* Sulphur outside a share of the surface atoms (those with less than nine neighbours within 1.2 bonds), 2.33 Å away. */
void sample_add_sulphur(sample_atoms *atoms, double bond, double share, random_stream *stream);

typedef struct {
    double qmin, qmax, qdamp, biso, delta2; /* 1/Å, Å², Å² */
    double rmin, rmax, rstep;               /* Å */
    double noise;                           /* rms of G's noise over that of G, both from 1.5 to 20 Å */
    double ripple;                          /* slow background at low r, the same way */
    bool neutron;
} sample_instrument;

/* A synchrotron's, a laboratory's (Qmax 8 to 17) or a neutron source's values. */
typedef enum { SAMPLE_SYNCHROTRON, SAMPLE_LABORATORY, SAMPLE_NEUTRON } sample_source;
sample_instrument sample_draw_instrument(sample_source source, random_stream *stream);

/* G of the parts, each with its share of the atoms, on the instrument's grid. */
typedef struct {
    const sample_atoms *atoms;
    double share;
} sample_part;
void sample_measure(double *g, size_t n_points, const sample_part *part, size_t n_parts,
                    const sample_instrument *instrument, random_stream *stream);
size_t sample_points(const sample_instrument *instrument);

/* As a file with this header text (it may be ""), read by the library's reader. */
deepstruc_pdf *sample_pdf(const double *g, size_t n_points, const sample_instrument *instrument, const char *header);
/* One kind of particle measured and read so, with a header that names element, qmin and qmax and nothing else. */
deepstruc_pdf *sample_measured(const sample_atoms *atoms, const char *element, const sample_instrument *instrument,
                               random_stream *stream);

/* Ends the program with the diagnosis. */
void sample_stop(const deepstruc_diag *diag);

#endif
