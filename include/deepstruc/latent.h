/* The default model's latent map: where structures lie on it, and where given PDFs do. */
#ifndef DEEPSTRUC_LATENT_H
#define DEEPSTRUC_LATENT_H

#include <deepstruc/report.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the model reads off one PDF, under the hypothesis of the bond length that it believes most. */
typedef struct {
    deepstruc_latent_place place;              /* on the map; place.name is the PDF's file */
    deepstruc_type type;                       /* of the single structure it answers with */
    double n_atoms, n_atoms_low, n_atoms_high; /* median and 68 % interval */
    double bond_length, bond_length_sd;        /* Å */
    double biso;                               /* Å² */
} deepstruc_latent_reading;

/* Points of the model's map into *map, to be freed with deepstruc_latent_map_clear; n readings of n PDFs (n may be 0),
 * which must outlive them. */
deepstruc_status deepstruc_latent_locate(deepstruc_latent_map *map, deepstruc_latent_reading *reading,
                                         const deepstruc_pdf *const *pdf, size_t n, const char *model_path,
                                         const deepstruc_refine_settings *settings, deepstruc_diag *diag);
void deepstruc_latent_map_clear(deepstruc_latent_map *map);

/* ---- structures from the map ----------------------------------------------------------------------------------- */

/* A model loaded once for many questions; read-only, may be shared by threads. */
typedef struct deepstruc_latent_model deepstruc_latent_model;
deepstruc_status deepstruc_latent_open(deepstruc_latent_model **out, const char *model_path, deepstruc_diag *diag);
void deepstruc_latent_close(deepstruc_latent_model *model);

#define DEEPSTRUC_LATENT_MAX_SAMPLES 20000
#define DEEPSTRUC_LATENT_MAX_PLACES 1000

/* Which latent vectors are decoded. Without places: n_samples around the PDF's own place, their spread along the map's
 * axes multiplied by sigma, as solve does. With places: the map's axes take these in turn, the other axes are drawn as
 * before. */
typedef struct {
    size_t n_samples;     /* 1 to DEEPSTRUC_LATENT_MAX_SAMPLES */
    double sigma;         /* 0 to 20 */
    deepstruc_type focus; /* DEEPSTRUC_TYPE_UNKNOWN: none */
    size_t max_atoms;     /* larger structures are dropped */
    uint64_t seed;
    const double *place; /* n_places pairs, at most DEEPSTRUC_LATENT_MAX_PLACES; may be NULL when 0 */
    size_t n_places;
} deepstruc_latent_draw;

typedef struct {
    double place[2]; /* on the map */
    size_t i_structure;
} deepstruc_latent_sample;

typedef struct {
    size_t n_samples;
    deepstruc_latent_sample *sample; /* the valid ones, in the order of drawing */
    size_t n_structures;
    deepstruc_cluster **structure; /* distinct; at the bond length read from the PDF, not fitted; element "X" */
} deepstruc_latent_samples;

/* Decodes latent vectors for a PDF. That no structure came out is no error. */
deepstruc_status deepstruc_latent_sample_at(deepstruc_latent_samples **out, const deepstruc_latent_model *model,
                                            const deepstruc_pdf *pdf, const deepstruc_refine_settings *settings,
                                            const deepstruc_latent_draw *draw, deepstruc_diag *diag);
void deepstruc_latent_samples_destroy(deepstruc_latent_samples *samples);

/* How long decoding takes: seconds[i], of n, for n_samples latent vectors of a standard normal distribution, from the
 * first layer to the atoms' sites. */
deepstruc_status deepstruc_latent_decode_pace(const deepstruc_latent_model *model, size_t n_samples, double *seconds,
                                              size_t n, deepstruc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
