/* Clusters: atoms in space, the builders that make ideal ones, the catalogue that enumerates them, structure files. */
#ifndef DEEPSTRUC_CLUSTER_H
#define DEEPSTRUC_CLUSTER_H

#include <deepstruc/deepstruc.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- types --------------------------------------------------------------------------------------------------- */

#define DEEPSTRUC_TYPE_LIST(X)                                                                                         \
    X(SC, "sc")                                                                                                        \
    X(BCC, "bcc")                                                                                                      \
    X(FCC, "fcc")                                                                                                      \
    X(HCP, "hcp")                                                                                                      \
    X(ICOSAHEDRON, "icosahedron")                                                                                      \
    X(DECAHEDRON, "decahedron")                                                                                        \
    X(OCTAHEDRON, "octahedron")                                                                                        \
    X(STACKING, "stacking")                                                                                            \
    X(TWIN, "twin")                                                                                                    \
    X(UNKNOWN, "unknown")

typedef enum {
#define X(name, text) DEEPSTRUC_TYPE_##name,
    DEEPSTRUC_TYPE_LIST(X)
#undef X
        DEEPSTRUC_N_TYPES
} deepstruc_type;

const char *deepstruc_type_name(deepstruc_type type);      /* "sc", "bcc", ... */
deepstruc_type deepstruc_type_from_name(const char *name); /* DEEPSTRUC_TYPE_UNKNOWN for anything else */
const char *deepstruc_type_family(deepstruc_type type);    /* "fcc" for fcc and octahedron, else its own name */

/* ---- a cluster ----------------------------------------------------------------------------------------------- */

#define DEEPSTRUC_MAX_ATOMS 200000 /* cap on anything read or built */

typedef struct {
    size_t n_atoms;
    double *xyz;        /* n_atoms x 3, Å */
    double bond_length; /* Å: the one it was built with; mean nearest-neighbour distance of a file's atoms */
    deepstruc_type type;
    char element[4]; /* symbol of the (one) element; "X" when nobody knows it */
    char shape[48];  /* says more than the type: "truncated octahedron", "Marks decahedron", "ABCBC", "" */
    char name[80];   /* canonical: the builder and its parameters, e.g. "decahedron 5,1,0" */
} deepstruc_cluster;

deepstruc_status deepstruc_cluster_create(deepstruc_cluster **out, size_t n_atoms, deepstruc_diag *diag);
void deepstruc_cluster_destroy(deepstruc_cluster *cluster);

/* ---- recipes: ideal clusters as a few numbers ------------------------------------------------------------------ */

/* A recipe names one ideal cluster exactly; building it is cheap, so catalogues hold recipes and not atoms.
 * What the parameters mean stands in docs/theory-cluster.md. */
#define DEEPSTRUC_RECIPE_PARAMS 12
typedef struct {
    deepstruc_type type;
    int form;                              /* which construction within the type, an index into the builders' table */
    double param[DEEPSTRUC_RECIPE_PARAMS]; /* layers, sizes, shells, lengths, radii, centres: per form */
    char sequence[32];                     /* layer letters of a stacking, "" otherwise */
} deepstruc_recipe;

/* The seven types of the published work and close-packed stackings, by their ASE parameters (bond length 1). */
deepstruc_recipe deepstruc_recipe_sc(int h, int k, int l); /* layers along {100} {110} {111} */
deepstruc_recipe deepstruc_recipe_bcc(int h, int k, int l);
deepstruc_recipe deepstruc_recipe_fcc(int h, int k, int l);
deepstruc_recipe deepstruc_recipe_hcp(int a, int b, int c);  /* repeats of the 2-atom cell, c/a = 1.633 */
deepstruc_recipe deepstruc_recipe_icosahedron(int n_shells); /* 1: one atom, 2: 13, 3: 55 */
deepstruc_recipe deepstruc_recipe_decahedron(int p, int q, int r);
deepstruc_recipe deepstruc_recipe_octahedron(int length, int cutoff);
deepstruc_recipe deepstruc_recipe_layers(const char *sequence, int a, int b);

/* Builds a recipe: coordinates in Å as the published work places them (docs/theory-cluster.md), scaled to `bond_length`
 * (> 0). For bcc the argument is the cubic lattice constant over 1, as in the published data: the nearest neighbour
 * is sqrt(3)/2 of it. BAD_ARGUMENT for parameters that give no atoms, TOO_LARGE above DEEPSTRUC_MAX_ATOMS. */
deepstruc_status deepstruc_cluster_build(deepstruc_cluster **out, const deepstruc_recipe *recipe, double bond_length,
                                         const char *element, deepstruc_diag *diag);

/* The canonical name of a recipe: the builder and its parameters, "decahedron 5,1,0". */
void deepstruc_recipe_name(const deepstruc_recipe *recipe, char *out, size_t size);

/* Mean over atoms of the distance to the nearest neighbour, Å; 0 for fewer than two atoms. */
double deepstruc_cluster_mean_bond(const deepstruc_cluster *cluster);

/* The type read from the atoms themselves (neighbour shells and common-neighbour signatures); UNKNOWN also when memory
 * runs out. */
deepstruc_type deepstruc_cluster_classify(const deepstruc_cluster *cluster);

/* ---- catalogue ----------------------------------------------------------------------------------------------- */

typedef struct {
    deepstruc_recipe recipe;
    size_t n_atoms;
    double
        fingerprint[4]; /* (mean d^2k)^(1/2k) over all pairs, k = 1 to 4, for bond length 1: equal for equal shapes */
} deepstruc_catalogue_entry;

typedef struct {
    size_t n;
    deepstruc_catalogue_entry *entry; /* sorted by type, then n_atoms, then recipe; no two with one distance multiset */
} deepstruc_catalogue;

/* The 197 distinct shapes of 5 to 200 atoms of the published work. */
deepstruc_status deepstruc_catalogue_paper(deepstruc_catalogue **out, deepstruc_diag *diag);
/* Rich shapes of all types with n_min to n_max atoms (at most 20000), the published ones included: some 15,000 from 60
 * to 250 atoms in 0.2 s, 190,000 from 5 to 1500 in 4 s. */
deepstruc_status deepstruc_catalogue_rich(deepstruc_catalogue **out, size_t n_min, size_t n_max, deepstruc_diag *diag);
/* The same, kept in the file `path` (NULL: nowhere), which is written when it is absent, damaged, or of other builders
 * or another window; that it cannot be written is no error. `from_file` (may be NULL) hears whether it was read. */
deepstruc_status deepstruc_catalogue_open(deepstruc_catalogue **out, const char *path, size_t n_min, size_t n_max,
                                          bool *from_file, deepstruc_diag *diag);
void deepstruc_catalogue_destroy(deepstruc_catalogue *catalogue);

/* ---- elements ------------------------------------------------------------------------------------------------ */

bool deepstruc_element_known(const char *symbol);
bool deepstruc_element_is_metal(const char *symbol);
/* Metallic (single-bond) radius in Å as the published training set used it; NaN when not tabulated. */
double deepstruc_element_metallic_radius(const char *symbol);
/* Nearest-neighbour distance of the elemental metal at room temperature, Å; NaN when not tabulated (no metal). */
double deepstruc_element_bulk_bond(const char *symbol);

/* ---- structure files ----------------------------------------------------------------------------------------- */

/* Reads plain or extended XYZ (first frame, one element; type, shape and name where a comment of ours says them).
 * `path` "-" reads standard input. BAD_INPUT with line and mend otherwise. */
deepstruc_status deepstruc_cluster_read_xyz(deepstruc_cluster **out, const char *path, deepstruc_diag *diag);
/* The same from memory; `name` stands in diagnostics. */
deepstruc_status deepstruc_cluster_parse_xyz(deepstruc_cluster **out, const char *text, size_t size, const char *name,
                                             deepstruc_diag *diag);
/* PDFfit structures (.stru of diffpy and PDFgui) and CIF, its symmetry operations applied: the atoms of the cell as a
 * cluster. */
deepstruc_status deepstruc_cluster_parse_stru(deepstruc_cluster **out, const char *text, size_t size, const char *name,
                                              deepstruc_diag *diag);
deepstruc_status deepstruc_cluster_parse_cif(deepstruc_cluster **out, const char *text, size_t size, const char *name,
                                             deepstruc_diag *diag);
/* Any of the three, by the ending of `path`: .stru, .cif, else XYZ. */
deepstruc_status deepstruc_cluster_read(deepstruc_cluster **out, const char *path, deepstruc_diag *diag);
/* Writers. `comment` (may be NULL) is appended to the comment line as key=value text. */
deepstruc_status deepstruc_cluster_write_xyz(const deepstruc_cluster *cluster, const char *path, const char *comment,
                                             bool force, deepstruc_diag *diag);
deepstruc_status deepstruc_cluster_write_cif(const deepstruc_cluster *cluster, const char *path, bool force,
                                             deepstruc_diag *diag);
deepstruc_status deepstruc_cluster_write_stru(const deepstruc_cluster *cluster, const char *path, double biso,
                                              bool force, deepstruc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
