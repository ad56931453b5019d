/* Method "library": catalogue shapes fitted to the PDF (the published work's cluster mining, made adaptive in size). */
#ifndef PROPOSE_LIBRARY_H
#define PROPOSE_LIBRARY_H

#include "propose/size.h"

typedef enum {
    LIBRARY_PAPER, /* the 197 published shapes, nothing else */
    LIBRARY_AUTO,  /* those, then rich shapes around the sizes that fit */
    LIBRARY_FULL   /* those, then rich shapes of every size */
} library_extent;

typedef struct {
    library_extent extent;
    const deepstruc_catalogue *published; /* the published shapes that may be tried: library_published */
    const size_finding *size;             /* where LIBRARY_AUTO looks; else NULL */
    const deepstruc_target *still;        /* the data freed of correlated motion, for rich shapes; else NULL */
    size_t max_atoms;
    bond_range bond;
    int threads;
    const char *cache;                   /* folder in which the full catalogue is kept; NULL: nowhere */
    const deepstruc_catalogue *left_out; /* rich shapes that are not to be tried; NULL: none */
} library_settings;

/* The published shapes without those that are left out. */
deepstruc_status library_published(deepstruc_catalogue **out, const deepstruc_catalogue *left_out,
                                   deepstruc_diag *diag);

/* Adds fitted catalogue shapes to the pool. */
deepstruc_status propose_library(candidate_pool *pool, const library_settings *settings, const deepstruc_target *target,
                                 const deepstruc_progress *progress, deepstruc_diag *diag);

#endif
