/* Stackings of close-packed layers read from a PDF by the model of stackings. */
#ifndef PROPOSE_STACKINGS_H
#define PROPOSE_STACKINGS_H

#include <deepstruc/pdf.h>

/* A loaded model and its tables; read-only after creation. */
typedef struct stacking_reader stacking_reader;
deepstruc_status stacking_reader_create(stacking_reader **out, const char *model_path, deepstruc_diag *diag);
void stacking_reader_destroy(stacking_reader *reader);

/* Instrument values as the fit uses them, 1/Å. */
typedef struct {
    double qmin, qmax, qdamp;
} stacking_instrument;

typedef struct {
    deepstruc_cluster *cluster;     /* at the read bond length; element "X"; type read from its atoms */
    double log_probability;         /* of its sequence, under its hypothesis of the bond length */
    double log_atoms, log_atoms_sd; /* read from the PDF beside the sites */
} stacking_answer;

typedef struct {
    size_t n;
    stacking_answer *answer; /* hypothesis by hypothesis, the likeliest first; of each the likeliest structure first */
    size_t n_views;
} stacking_answers;

/* The likeliest structure under each hypothesis of the bond length that the model takes for possible; and behind it the
 * `n_each` likeliest sequences, each with its likeliest sites and the `n_bodies` likeliest bodies of the protocol's
 * kinds. */
deepstruc_status propose_stackings(stacking_answers **out, const stacking_reader *reader, const deepstruc_pdf *pdf,
                                   const stacking_instrument *instrument, size_t n_each, size_t n_bodies,
                                   deepstruc_diag *diag);
void stacking_answers_destroy(stacking_answers *answers);

#endif
