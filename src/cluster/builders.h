/* The constructions behind recipes. Each is one function that places the atoms of one form, the argument of
 * deepstruc_cluster_build taken as 1, in the order in which the published data have them; called without a place to
 * write, it only counts.
 *
 * docs/theory-cluster.md says what the parameters of each form mean and where the construction comes from. */
#ifndef CLUSTER_BUILDERS_H
#define CLUSTER_BUILDERS_H

#include <deepstruc/cluster.h>

enum {
    FORM_LAYERS,     /* sc, bcc, fcc: param h, k, l */
    FORM_CELLS,      /* hcp: a, b, c */
    FORM_SHELLS,     /* icosahedron: shells; missing corners; layer on top; hollow */
    FORM_WEDGES,     /* decahedron: p, q, r */
    FORM_OCTAHEDRON, /* length, cutoff */
    FORM_SEQUENCE,   /* close-packed layers: sequence; a, b */
    FORM_CARVED,     /* sites of a parent inside a scheme of faces: cluster/carve.h */
    N_FORMS
};

size_t build_layers(const deepstruc_recipe *recipe, double *xyz);
size_t build_cells(const deepstruc_recipe *recipe, double *xyz);
size_t build_shells(const deepstruc_recipe *recipe, double *xyz);
size_t build_wedges(const deepstruc_recipe *recipe, double *xyz);
size_t build_octahedron(const deepstruc_recipe *recipe, double *xyz);
size_t build_sequence(const deepstruc_recipe *recipe, double *xyz);

/* What the layers of a sequence say: fcc (no fault), hcp (every layer inverted), twin (one inverted layer), stacking.
 * UNKNOWN for a text that is no sequence of A, B and C with neighbours that differ. */
deepstruc_type sequence_type(const char *sequence);

/* Any recipe but a carved one by its form's construction; 0 when its parameters do not fit. */
size_t recipe_place(const deepstruc_recipe *recipe, double *xyz);

/* Writes atom n when there is a place to write; returns n + 1. */
static inline size_t put_atom(double *xyz, size_t n, double x, double y, double z)
{
    if (xyz) {
        xyz[3 * n] = x;
        xyz[3 * n + 1] = y;
        xyz[3 * n + 2] = z;
    }
    return n + 1;
}

#endif
