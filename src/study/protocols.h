/* Protocols: which structures are to be found, and how their PDFs are seen. A new one is a row of the table in
 * protocols.c. */
#ifndef STUDY_PROTOCOLS_H
#define STUDY_PROTOCOLS_H

#include <deepstruc/dataset.h>
#include <deepstruc/evaluate.h>

/* The structures of a protocol. */
typedef struct {
    deepstruc_structures *all;
    size_t n_test, *test;          /* to be found: indices into all */
    size_t n_known, *known;        /* what a method may have seen before */
    deepstruc_catalogue *left_out; /* shapes that no catalogue may hold; NULL: none */
} study_list;

void study_list_free(study_list *list);

/* One PDF and what it is of. */
typedef struct {
    deepstruc_cluster *truth; /* Å */
    deepstruc_pdf *pdf;
    double qmin, qmax, qdamp; /* as the methods are told */
    const char *sequence;     /* of its close-packed layers, where that is asked for; else NULL */
} test_case;

void test_case_drop(test_case *t);

typedef struct {
    const char *name, *summary;
    bool compares_atoms; /* coordinates are compared, not type and size alone */
    deepstruc_status (*list)(study_list *out, deepstruc_diag *diag);
    /* Case i of the list, with the settings' noise; the same for every method. */
    deepstruc_status (*make)(test_case *out, const study_list *list, size_t i,
                             const deepstruc_evaluate_settings *settings, deepstruc_diag *diag);
} study_protocol;

/* NULL when there is none of that name. */
const study_protocol *study_protocol_find(const char *name);
/* The names, for messages: "paper, shapes, ..." */
void study_protocol_names(char *out, size_t size);

#endif
