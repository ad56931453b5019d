/* Structures as the published networks give them: rows of coordinates decoded from the latent space, atoms where a row
 * says so. For deepstruc-2023 and the plain CVAE, whose files say which they are. */
#ifndef PROPOSE_COORDINATES_H
#define PROPOSE_COORDINATES_H

#include <deepstruc/pdf.h>

typedef struct coordinates_model coordinates_model;
deepstruc_status coordinates_load(coordinates_model **out, const char *path, deepstruc_diag *diag);
void coordinates_destroy(coordinates_model *model);
/* "deepstruc-2023" or "plain-cvae"; static text. */
const char *coordinates_name(const coordinates_model *model);
size_t coordinates_n_latent(const coordinates_model *model);

/* The prior of a PDF: mean and standard deviation of each latent dimension. What the network reads and the PDF does not
 * cover is zero, as in the published work: it knows no other way. BAD_INPUT when that is more than half. */
deepstruc_status coordinates_prior(coordinates_model *model, const deepstruc_pdf *pdf, double qmax, double *mean,
                                   double *sigma, deepstruc_diag *diag);

/* Structures decoded from n samples of that prior, the first its mean, the others `sigma` times as wide. cluster[i] is
 * NULL where fewer than two rows are atoms, where one is nowhere near, or, but for the mean, atoms lie on one another;
 * else owned by the caller. */
deepstruc_status coordinates_sample(coordinates_model *model, const deepstruc_pdf *pdf, double qmax, double sigma,
                                    uint64_t seed, deepstruc_cluster **cluster, size_t n, deepstruc_diag *diag);

#endif
