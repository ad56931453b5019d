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

#ifdef __cplusplus
}
#endif
#endif
