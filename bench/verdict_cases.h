/* What the verdicts are tried on: made-up samples of every kind, each with the instrument that measures it. */
#ifndef BENCH_VERDICT_CASES_H
#define BENCH_VERDICT_CASES_H

#include <deepstruc/cluster.h>

#include "samples.h"

typedef enum {
    TRUTH_CLUSTER,    /* of one metal, or of like metals in one lattice; ligands or none */
    TRUTH_LARGE,      /* metal particles of 40 to 80 Å */
    TRUTH_BULK,       /* metal, data beyond 25 Å */
    TRUTH_BULK_SHORT, /* the same, data that end before: nothing can tell it from a large particle */
    TRUTH_NO_CLUSTER, /* salts, oxides, alloys of unlike metals, molecules */
    TRUTH_GLASS,      /* one metal's atoms without order */
    TRUTH_MIXTURE,    /* two sizes or types of cluster */
    TRUTH_SUPPORTED,  /* metal particles beside an oxide or a semiconductor */
    N_TRUTHS
} truth_kind;
extern const char *const truth_names[N_TRUTHS];

typedef struct {
    truth_kind truth;
    char label[200];
    char composition[100]; /* what a careful header says */
    char metal[4];         /* what a careless one says; "": it would name another sample, and is not written */
    bool header_needed;    /* nothing but the composition tells */
    sample_atoms atoms[2];
    double share[2]; /* of the atoms; 0: none */
    sample_instrument at;
} verdict_case;

/* The cases of a round in their order: case_count() of them. Each has its own random stream. */
size_t case_count(void);
void case_draw(verdict_case *out, size_t i, uint64_t round, const deepstruc_catalogue *rich, random_stream *stream);
void case_clear(verdict_case *c);

#endif
