/* Data sets: which structures a protocol is made of, and files of structures with their simulated PDFs. */
#ifndef DEEPSTRUC_DATASET_H
#define DEEPSTRUC_DATASET_H

#include <deepstruc/pdf.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One structure of a protocol: a shape in an element's size. */
typedef struct {
    deepstruc_recipe recipe;
    size_t n_atoms;
    double bond_length; /* Å: what deepstruc_cluster_build wants */
    char element[4];
    char name[80]; /* of the shape, then the element: "decahedron 5,1,0 Zr"; unique in the protocol */
} deepstruc_structure;

typedef struct {
    size_t n;
    deepstruc_structure *structure;
} deepstruc_structures;

/* "paper": the 197 published shapes in each of the 19 distinct bond lengths of its 28 metals, 3743 in all, shape by
 * shape. Of metals with equal radii the alphabetically first stands for all (docs/decisions).
 * "stacking": close-packed layers in all 77 sequences of 3 to 8 layers, each in up to 8 layer shapes. BAD_ARGUMENT for
 * an unknown protocol. */
deepstruc_status deepstruc_structures_of_protocol(deepstruc_structures **out, const char *protocol,
                                                  deepstruc_diag *diag);
void deepstruc_structures_destroy(deepstruc_structures *structures);

/* ---- data sets: structures, PDFs and split -------------------------------------------------------------------- */

#define DEEPSTRUC_MAX_STRUCTURES 1000000

typedef enum { DEEPSTRUC_TRAINING, DEEPSTRUC_VALIDATION, DEEPSTRUC_TEST, DEEPSTRUC_N_SPLITS } deepstruc_split;
const char *deepstruc_split_name(deepstruc_split split); /* "training", "validation", "test" */

/* The random split of n structures, 60/20/20: split[i] of structure i. Always the same for n; the paper protocol's
 * stands by name in models/splits/paper.tsv. */
void deepstruc_split_random(deepstruc_split *split, size_t n);

/* The split of the protocol "shapes": split[i] of entry i of a catalogue sorted by type. A fifth of each type's shapes,
 * at least one, is for test, the others for training, whatever the bond length; that of the published catalogue stands
 * by name in models/splits/shapes.tsv. */
void deepstruc_split_shapes(deepstruc_split *split, const deepstruc_catalogue *catalogue);

typedef struct deepstruc_dataset deepstruc_dataset;

/* Builds every structure of a protocol and simulates its PDF (exact mode). */
deepstruc_status deepstruc_dataset_simulate(deepstruc_dataset **out, const char *protocol,
                                            const deepstruc_pdf_settings *settings, const deepstruc_progress *progress,
                                            deepstruc_diag *diag);
/* An HDF5 file as docs/formats.md describes it. */
deepstruc_status deepstruc_dataset_write(const deepstruc_dataset *dataset, const char *path, bool force,
                                         deepstruc_diag *diag);
/* Reads such a file, one of the original's graph files (graph_*.h5), or a folder of those, in the order of their names.
 */
deepstruc_status deepstruc_dataset_read(deepstruc_dataset **out, const char *path, deepstruc_diag *diag);
void deepstruc_dataset_destroy(deepstruc_dataset *dataset);

/* Structures of your own with their simulated PDFs (exact mode, 2 to 20000 atoms each), split 60/20/20 at random. */
deepstruc_status deepstruc_dataset_of_clusters(deepstruc_dataset **out, const deepstruc_cluster *const *cluster,
                                               size_t n, const deepstruc_pdf_settings *settings, deepstruc_diag *diag);

/* Moves the structures of `more`, with their own split, behind those of `dataset`; `more` is then empty and still to be
 * destroyed. BAD_ARGUMENT unless both have their PDFs on one grid. */
deepstruc_status deepstruc_dataset_append(deepstruc_dataset *dataset, deepstruc_dataset *more, deepstruc_diag *diag);

size_t deepstruc_dataset_size(const deepstruc_dataset *dataset); /* structures in all */
size_t deepstruc_dataset_count(const deepstruc_dataset *dataset, deepstruc_split split);
/* Copies of structure i and of its PDF. */
deepstruc_status deepstruc_dataset_structure(const deepstruc_dataset *dataset, size_t i, deepstruc_cluster **out,
                                             deepstruc_diag *diag);
deepstruc_status deepstruc_dataset_pdf(const deepstruc_dataset *dataset, size_t i, deepstruc_pdf **out,
                                       deepstruc_diag *diag);
/* "paper, 3743 structures (2246 training, 749 validation, 748 test), 5 to 200 atoms, PDFs of 3000 points" */
void deepstruc_dataset_describe(const deepstruc_dataset *dataset, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
