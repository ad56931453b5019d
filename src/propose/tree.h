/* Method "tree": the shapes that gradient-boosted trees name for a PDF, the paper's baseline. */
#ifndef PROPOSE_TREE_H
#define PROPOSE_TREE_H

#include "propose/pool.h"

/* A loaded classifier; one thread at a time. */
typedef struct tree_model tree_model;
/* UNAVAILABLE without XGBoost; BAD_INPUT for a file of something else. `shapes`: the published catalogue, which
 * outlives the model; NULL: it is built. */
deepstruc_status tree_load(tree_model **out, const char *path, const deepstruc_catalogue *shapes, deepstruc_diag *diag);
void tree_destroy(tree_model *model);

/* The published shapes, the classes in their order. */
const deepstruc_catalogue *tree_shapes(const tree_model *model);

typedef struct {
    size_t shape; /* index into tree_shapes */
    double probability;
} tree_guess;

/* The n most probable shapes, the best first (n at most that of the shapes). BAD_INPUT when the PDF covers too little.
 */
deepstruc_status tree_classify(tree_model *model, const deepstruc_pdf *pdf, double qmin, double qmax, double qdamp,
                               tree_guess *guess, size_t n, deepstruc_diag *diag);

/* Adds the n most probable shapes of up to max_atoms atoms to the pool, unfitted. */
deepstruc_status propose_tree(candidate_pool *pool, tree_model *model, const deepstruc_pdf *pdf,
                              const deepstruc_target *target, size_t n, size_t max_atoms, deepstruc_diag *diag);

#endif
