/* From latent vectors to shapes, and weight files. */
#ifndef MODEL_SITES_DECODE_H
#define MODEL_SITES_DECODE_H

#include "base/random.h"
#include "model/sites.h"

typedef struct {
    frame_shape shape;
    double frame_probability;
} sites_decoded;

/* A normal distribution of log(number of atoms). */
typedef struct {
    double mean, sd;
} sites_count;

/* How shapes are read off the logits. {0}: the most probable frame, sites with probability above 1/2. */
typedef struct {
    random_stream *random; /* not NULL: frames are drawn by their probability */
    double
        level_spread;  /* standard deviation of the logit above which sites are taken, drawn per row; needs `random` */
    const int *family; /* per row, only frames of this frame_family; FRAME_N_FAMILIES: of any. NULL: of any */
    const sites_count *count; /* per row, what else is known of the number of atoms; NULL: nothing */
} sites_choice;

enum { SITES_LAYERS = 32 }; /* layer l of a frame stands at l + 16 in a list of letters */

/* The likeliest sites of one row's logits: those above a level, or those that the count, where one is given, makes
 * likeliest; of the columns with letter[layer + 16] alone where letters are given; the largest connected part. At most
 * FRAME_MAX_SITES sites may have those letters. */
void sites_read_shape(const frame *f, const real *logit, const int *letter, real level, const sites_count *count,
                      frame_shape *shape);

/* Decodes buffers->z[n]: out[n]. A shape is the largest connected part; a stacking has one letter per layer. Empty
 * where no site is likely. */
void sites_decode_shapes(const sites_model *model, sites_buffers *buffers, size_t n, const sites_choice *choice,
                         sites_decoded *out);

/* The facts of row i, in their own units: value and standard deviation of log ratio, log atoms (calibrated), log width.
 */
typedef struct {
    double log_ratio, log_ratio_sd, log_atoms, log_atoms_sd, log_width, log_width_sd;
    double scale_logit;
} sites_read;
/* A standard deviation of log(number of atoms) after calibration, kept to where its interval is one of numbers,
 * whatever the tables say. */
static inline double sites_atoms_sd(double sd)
{
    return fmax(1e-6, fmin(20, sd));
}
sites_read sites_read_row(const real *y); /* of y[SITES_FACTS], not calibrated */
sites_read sites_read_facts(const sites_model *model, const sites_buffers *buffers, size_t i);

#ifndef NN_DOUBLE
/* All but the encoder's. */
bool sites_is_shipped(const nn_tensor *tensor);
/* Writes the tensors that solving uses (all but the encoder), values from `block`, with the sizes and the frames'
 * digest; `facts` (may be NULL) is kept as text for people. */
deepstruc_status sites_save(const sites_model *model, const float *block, const char *facts, const char *path,
                            bool force, deepstruc_diag *diag);
/* BAD_INPUT when the file is no such model or was made for other frames. */
deepstruc_status sites_load(sites_model **out, const frame_set *frames, const char *path, deepstruc_diag *diag);
#endif

#endif
