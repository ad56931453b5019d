/* The paper's claims about its latent map as numbers. */
#ifndef STUDY_MAP_CLAIMS_H
#define STUDY_MAP_CLAIMS_H

#include <jansson.h>

/* Of points [x, y, type, atoms, hexagonality]: an evaluation with one row `method`, as the table reads them.
 *   octahedra_beside_fcc   share of octahedra whose nearest point of another type is fcc; by chance it is `fcc_share`
 *   decahedra_between      share of decahedra between the middles of fcc and hcp, along the line that joins them
 *   size_correlation       multiple correlation of log(atoms) with the place: 1 when size runs along a straight axis */
json_t *map_claims_types(const json_t *points, const char *method);
/* Of stackings:
 *   hexagonality_correlation   of the hexagonality with the place
 *   few_faults_near_fcc        share of those with hexagonality in (0, 1/4] whose nearest pure stacking is fcc
 *   many_faults_near_hcp       with hexagonality in [3/4, 1) and hcp
 *   faulted_between            share of all faulted ones between the middles of fcc and hcp */
json_t *map_claims_stackings(const json_t *points, const char *method);

#endif
