/* The terms of a refinement beyond scale, expansion and Biso: which there are, and what the settings ask of them. */
#ifndef REFINE_TERMS_H
#define REFINE_TERMS_H

#include <deepstruc/refine.h>

/* X(constant, name, unit, neutral value, start, low, high). A term that nobody asks for has its neutral value; a
 * shell's Biso is then that of all. A ligand peak starts sharp: a broad one among the ripples shrinks to nothing. */
#define TERMS_LIST(X)                                                                                                  \
    X(SCALE, "scale", "", 1, 1, 0, 1e6)                                                                                \
    X(EXPANSION, "expansion", "", 1, 1, 0.8, 1.25)                                                                     \
    X(BISO, "biso", "Å²", 0.6, 0.6, 0.001, 20)                                                                         \
    X(QDAMP, "qdamp", "1/Å", 0.03, 0.03, 0, 0.15)                                                                      \
    X(QBROAD, "qbroad", "1/Å", 0, 0.01, 0, 0.1)                                                                        \
    X(DELTA1, "delta1", "Å", 0, 0.3, 0, 5)                                                                             \
    X(DELTA2, "delta2", "Å²", 0, 1, 0, 20)                                                                             \
    X(AXIAL, "axial", "", 0, 0, -0.08, 0.08)                                                                           \
    X(SHELL1_RADIUS, "shell1-radius", "", 0, 0, -0.08, 0.08)                                                           \
    X(SHELL1_BISO, "shell1-biso", "Å²", NAN, 0.8, 0.001, 20)                                                           \
    X(SHELL2_RADIUS, "shell2-radius", "", 0, 0, -0.08, 0.08)                                                           \
    X(SHELL2_BISO, "shell2-biso", "Å²", NAN, 0.8, 0.001, 20)                                                           \
    X(PHASE2, "phase2", "", 0, 0.1, 0, 1)                                                                              \
    X(PHASE2_EXPANSION, "phase2-expansion", "", 1, 1, 0.93, 1.07)                                                      \
    X(SIZE, "size", "Å", NAN, NAN, 1, 1000)                                                                            \
    X(SIZE_SPREAD, "size-spread", "", 0.1, 0.1, 0.02, 0.6)                                                             \
    X(LIGAND, "ligand", "", 0, 0.1, 0, 10)                                                                             \
    X(LIGAND_R, "ligand-r", "Å", 2.33, 2.33, 1.6, 2.7)                                                                 \
    X(LIGAND_BISO, "ligand-biso", "Å²", 0.6, 0.2, 0.05, 3)

typedef enum {
#define X(constant, ...) TERM_##constant,
    TERMS_LIST(X)
#undef X
        TERM_N
} term_id;

typedef enum { TERM_OFF, TERM_FIXED, TERM_FREE, TERM_TIED } term_state;

typedef struct {
    term_state state;
    double value;     /* fixed: at; free: start, NaN where the structure decides */
    double low, high; /* free */
    bool bounded;     /* low and high were given */
    term_id to;       /* tied: value = factor * that of `to` */
    double factor;
} term;

typedef struct deepstruc_terms {
    term term[TERM_N];
    bool broad;                      /* the broad ligand term takes part */
    const deepstruc_cluster *phase2; /* not owned; NULL: none */
} refine_terms;

const char *term_name(term_id id);
const char *term_unit(term_id id);

/* What `settings` ask for, the instrument's values as the target has them; *out is NULL where that is scale, expansion
 * and Biso only. BAD_ARGUMENT names the setting and what is wrong with it. */
deepstruc_status terms_parse(refine_terms **out, const deepstruc_refine_settings *settings,
                             const deepstruc_target *target, deepstruc_diag *diag);

#endif
