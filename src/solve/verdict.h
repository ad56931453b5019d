/* The verdict: is this a metal cluster at all, and what speaks for and against. Simple rules on evidence that does not
 * depend on Rw alone (docs/theory-solve.md, section "Verdict"). */
#ifndef SOLVE_VERDICT_H
#define SOLVE_VERDICT_H

#include <deepstruc/solve.h>

#include "solve/lattice.h"
#include "solve/residual.h"

/* What the composition in the header says. */
typedef enum {
    COMPOSITION_UNKNOWN,
    COMPOSITION_ONE_METAL,     /* nothing else in it */
    COMPOSITION_LIGATED_METAL, /* one metal, and ligands that leave it the majority of the heavy atoms */
    COMPOSITION_LIKE_METALS,   /* several metals of one size: one lattice of mean atoms */
    COMPOSITION_ALLOY,         /* several metals of different sizes */
    COMPOSITION_COMPOUND,      /* metal and non-metal in amounts of a salt, an oxide, a chalcogenide */
    COMPOSITION_NO_METAL
} composition_kind;

composition_kind composition_classify(const deepstruc_pdf *pdf);
/* Scattering power of the non-metals of a compound over that of its metal, per atom (by atomic number); 1 otherwise. */
double composition_anion_weight(const deepstruc_pdf *pdf);

/* Is bcc, or something between, a structure of this metal? Most are close packed; false for "X". */
bool composition_may_be_bcc(const char *symbol);

/* A metal's bond length lies between these times the bulk's: small clusters contract, crystals expand when warm. */
#define VERDICT_BOND_SHORTER 0.92
#define VERDICT_BOND_LONGER 1.05

/* Everything the rules look at. */
typedef struct {
    composition_kind composition;
    bool close_packed;              /* the sample's element is known, and never bcc or sc */
    double bulk_bond;               /* of the sample's element, Å; NaN when unknown */
    lattice_fit metal, compound;    /* best of each kind over the full range */
    double data_rmax;               /* Å */
    size_t max_atoms;               /* largest cluster that was tried */
    residual_peak peak, short_peak; /* what the best cluster leaves over; too short for a bond of the metal */
    bool q_contradicted;            /* the data end at another qmin or qmax than the header says */
    bool off_map;                   /* the model has seen nothing like it */
} verdict_evidence;

/* `whole`: the data over their whole range. */
deepstruc_status verdict_gather(verdict_evidence *out, const deepstruc_pdf *pdf, const deepstruc_solution *solution,
                                const deepstruc_target *whole, deepstruc_diag *diag);
void verdict_decide(deepstruc_verdict *out, const verdict_evidence *evidence, const deepstruc_solution *solution);

#endif
