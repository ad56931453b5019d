/* Periodic lattices under a spherical envelope: how far order reaches (is it bulk?), and whether a compound explains
 * the data better than any metal does: docs/theory-solve.md, equations S1 and S2. */
#ifndef SOLVE_LATTICE_H
#define SOLVE_LATTICE_H

#include <deepstruc/refine.h>

typedef enum {
    LATTICE_FCC,
    LATTICE_BCC,
    LATTICE_HCP,
    LATTICE_DIAMOND,
    LATTICE_ZINCBLENDE,
    LATTICE_WURTZITE,
    LATTICE_ROCKSALT,
    LATTICE_CSCL,
    LATTICE_FLUORITE,
    LATTICE_N
} lattice_kind;

const char *lattice_name(lattice_kind kind);
bool lattice_is_metal(lattice_kind kind); /* fcc, bcc, hcp: structures of elemental metals */

typedef struct {
    lattice_kind kind;
    double bond;     /* nearest-neighbour distance, Å; of ideal axes where they are not */
    double stretch;  /* c/a over the ideal one; 1 where there is none */
    double biso;     /* Å² */
    double diameter; /* of the envelope, Å */
    double qdamp;    /* the target's, 1/Å */
    double rw;       /* with that envelope */
    double rw_bulk;  /* without envelope, qdamp free up to 0.06 */
} lattice_fit;

typedef struct {
    double bond_low, bond_high; /* nearest-neighbour distances to try, Å */
    double anion_weight;        /* scattering power of the second species over the first's; 1 for equal ones */
} lattice_range;

/* The best fit of every lattice to a target (its whole grid: make the target over the full range of the data). Lattices
 * that a scan of bond length and size leaves far behind the best of their sort (metal, compound) keep the scan's
 * values. */
deepstruc_status lattice_search_all(lattice_fit out[LATTICE_N], const lattice_range *metal,
                                    const lattice_range *compound, const deepstruc_target *target,
                                    deepstruc_diag *diag);

#endif
