/* Close-packed layers in any sequence: which sequences there are, a table of the sites that their atoms may stand on,
 * and random bodies cut from them. A structure is a sequence and the occupied sites of its columns; where an atom may
 * stand in a layer of letter A, B or C does not depend on the other layers' letters, so that shapes learned with some
 * sequences hold for others. Lengths are in bond lengths. */
#ifndef DATASET_LAYERS_H
#define DATASET_LAYERS_H

#include "base/random.h"
#include "cluster/sequence.h"
#include "dataset/frame.h"

enum {
    LAYERS_FEWEST = 3,
    LAYERS_MOST = 10,
    LAYERS_SEQUENCES = 285, /* of 3 to 10 layers, up to shifts, rotation and reversal */
    LAYERS_PROTOCOL = 77,   /* the first of them, of up to 8 layers: those of the protocol "stacking" */
    LAYERS_FEWEST_ATOMS = 20,
    LAYERS_MOST_ATOMS = 200,
    LAYERS_SUMS = 9,     /* numbers of a whole sequence */
    LAYERS_NUMBERS = 21, /* and of its ends */
    LAYERS_CUT = 256,    /* atoms of a body with layers of one letter, at most */
    LAYERS_SQUARES = 1024,
    LAYERS_HALF = 24 /* the table reaches that many thirds of a lattice step along each in-plane axis */
};

/* Which layers j > i are alike, that is of one letter. */
typedef bool layers_alike[LAYERS_MOST][LAYERS_MOST];

/* A sequence as sequence_spell writes it, and numbers that tell all of them apart: how many layers there are, how many
 * pairs of layers 2, 3, ... 9 apart are alike, and how many of the pairs that begin or end at the first, second, ...
 * layer from either end. A PDF is a sum over pairs, and so are the numbers: a network can learn to read them, and with
 * them a sequence that it never saw. */
typedef struct {
    int n_layers;
    char letters[SEQUENCE_TEXT];
    float number[LAYERS_NUMBERS];
} layers_sequence;

typedef struct {
    frame table; /* site, layer, letter, neighbour; layers from below, the first A, the second B */
    size_t n_sequences;
    layers_sequence sequence[LAYERS_SEQUENCES];
    double *preference; /* per site: whose sum picks one of a structure's orientations */
    uint16_t index[LAYERS_MOST][2 * LAYERS_HALF + 1][2 * LAYERS_HALF + 1];
    uint64_t digest;
} layers_set;

deepstruc_status layers_set_create(layers_set **out, deepstruc_diag *diag);
void layers_set_destroy(layers_set *set);

/* Sites of set->table, sorted. */
typedef struct {
    int sequence;
    frame_shape shape; /* its `frame` is not used */
} layers_structure;

/* An atom of layer `layer` at (u a + v b) / 3, a and b being lattice steps 60 degrees apart; A, B and C are the columns
 * with u = v = 0, 1, 2 modulo 3. */
typedef struct {
    int layer, u, v;
} layers_atom;

/* In canonical orientation: the sequence as it is spelled, the first layer's middle nearest to the origin, and of what
 * is left the orientation in which the first layer, or if that does not tell the next, has the largest preference: the
 * same for one shape in whatever sequence. False: some atom is beyond the table, or no layer has one letter.
 */
bool layers_place(const layers_set *set, const layers_atom *atom, size_t n, layers_structure *out);
/* A cluster whose layers are stacked along z, as the builders of the protocol lay them. */
bool layers_fit(const layers_set *set, const double *xyz, size_t n, double unit, layers_structure *out);
/* Which sequence the letters spell, in one direction or the other; -1: none of the set. */
int layers_find(const layers_set *set, const char *letters);

/* The numbers of n_layers layers. */
void layers_describe(int n_layers, const layers_alike alike, float number[LAYERS_NUMBERS]);

/* One body with every layer of letter A, of B, of C: layer l has the atoms [first[l], first[l + 1]). */
typedef struct {
    size_t first[LAYERS_MOST + 1];
    layers_atom atom[LAYERS_CUT];
} layers_cut;
typedef struct {
    layers_cut of_letter[3];
} layers_solid;

/* A random body in one of the sequences i with allowed[i]: parallelograms, hexagons, discs, triangles and spheres as in
 * the protocol, and some others. */
void layers_draw(const layers_set *set, const bool allowed[LAYERS_SEQUENCES], random_stream *random,
                 layers_structure *out, layers_solid *solid);

/* What a PDF is made of: pairs of atoms by three times their squared distance, an integer in close-packed layers; and
 * the numbers of the layers that they come from. */
typedef struct {
    float count[LAYERS_SQUARES], number[LAYERS_NUMBERS];
} layers_pairs;

/* The pairs of a drawn body: as they are, or (`mixed`) with each pair of layers made alike or not at will, as no
 * sequence need have them. Nothing mixed has the first LAYERS_SUMS numbers of a sequence that is not allowed. */
void layers_pair(const layers_set *set, const bool allowed[LAYERS_SEQUENCES], int sequence, const layers_solid *solid,
                 bool mixed, random_stream *random, layers_pairs *out);

/* Calls `visit` with every block, hexagon, disc, triangle and sphere about the protocol's axes in one sequence that the
 * table holds, LAYERS_FEWEST_ATOMS to LAYERS_MOST_ATOMS; some of them are the same. */
void layers_visit_bodies(const layers_set *set, int sequence, void (*visit)(void *user, const layers_structure *body),
                         void *user);

#endif
