/* The paper's tree baseline: gradient-boosted trees (XGBoost) that name the published shape behind a PDF. XGBoost is
 * opened when first asked for; without it everything here answers UNAVAILABLE. */
#ifndef DEEPSTRUC_TREE_H
#define DEEPSTRUC_TREE_H

#include <deepstruc/deepstruc.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    long per_shape;       /* PDFs simulated for each of the 197 shapes; 100 */
    long rounds;          /* trees per shape; 40 */
    long depth;           /* of a tree; 3 */
    double learning_rate; /* 0.15 */
    double columns;       /* share of the inputs that one tree may look at; 0.3 */
    double noise_max;     /* rms of the noise over that of G, of half of the PDFs; 0.05 */
    long seed;            /* 0 */
} deepstruc_tree_training;

deepstruc_tree_training deepstruc_tree_training_default(void);
extern const deepstruc_field deepstruc_tree_training_fields[];

/* Simulates the PDFs, grows the trees and writes them to `path` in XGBoost's UBJSON format. A cancelled training writes
 * nothing. XGBoost runs on one thread, since its sums depend on their number. */
deepstruc_status deepstruc_tree_train(const char *path, const deepstruc_tree_training *settings, bool force,
                                      const deepstruc_progress *progress, deepstruc_diag *diag);

/* Whether XGBoost is installed. */
bool deepstruc_tree_available(void);

#ifdef __cplusplus
}
#endif
#endif
