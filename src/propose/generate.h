/* Structures generated from a PDF by the default model. */
#ifndef PROPOSE_GENERATE_H
#define PROPOSE_GENERATE_H

#include <deepstruc/pdf.h>

#include "dataset/frame.h"

/* A loaded model and its tables; read-only after creation, shared by any number of threads. */
typedef struct generator generator;
deepstruc_status generator_create(generator **out, const char *model_path, deepstruc_diag *diag);
void generator_destroy(generator *g);
/* "16 latent dimensions, ..., 48000 steps of 256 samples": for people. */
const char *generator_facts(const generator *g);

/* Of the bytes of its file: "fnv1a64:0123456789abcdef". */
const char *generator_hash(const generator *g);

/* What its sites are of; lives as long as it. */
const frame_set *generator_frames(const generator *g);

/* The model's latent map: n points in rows of 4, place on the two axes, deepstruc_type, number of atoms. */
size_t generator_map(const generator *g, const float **points);

typedef struct {
    size_t n_samples;  /* 1000 */
    double sigma;      /* 3: multiplies the prior's standard deviation along the map's two axes, for half of the samples
                          along all */
    double qmin, qmax; /* 1/Å, as the fit uses them */
    double qdamp;
    double bond_min, bond_max; /* Å: bond lengths that are tried; 1.9, 3.7 */
    size_t max_atoms;          /* larger structures are dropped */
    deepstruc_type focus;      /* UNKNOWN: none; else only frames of that type's family, and samples are
                                  led to the nearest region of that type */
    uint64_t seed;
    const double *place; /* NULL, or n_places pairs, places on the map taken in turn: samples are drawn there */
    size_t n_places;
} generate_settings;

generate_settings generate_settings_default(void);

/* What was seen of the PDF under one hypothesis of the bond length. */
typedef struct {
    double bond_length, bond_length_sd;        /* Å */
    double log_odds;                           /* that the hypothesis is right */
    double n_atoms, n_atoms_low, n_atoms_high; /* median and 68 % interval */
    double biso;                               /* Å² */
    double map_mean[2], map_sigma[2];          /* on the latent map */
} generate_view;

typedef struct {
    deepstruc_cluster *cluster; /* coordinates in Å at the read bond length; type read from its atoms; element "X" */
    size_t n_samples;           /* that gave it */
    double frame_probability;   /* of its frame, for its first sample */
    size_t view;                /* the hypothesis it came from */
} generated;

/* One valid sample: its place on the latent map and what it decoded to. */
typedef struct {
    double place[2];
    size_t i_structure;
} generated_sample;

typedef struct {
    size_t n_views;
    generate_view view[8]; /* the best first */
    size_t n;
    generated *structure; /* distinct; the first is the single answer: the prior's mean under the best hypothesis */
    size_t n_kept;
    generated_sample *kept; /* the samples that gave the structures, in the order of drawing */
    size_t n_valid;         /* samples without atoms closer than 0.8 bond lengths and with at least 5 atoms */
    size_t n_samples;
} generation;

/* Reads `pdf` (any grid) under a ladder of bond lengths, keeps the hypotheses that fit, and decodes n_samples latent
 * vectors. BAD_INPUT when the PDF covers too little. */
deepstruc_status propose_generate(generation **out, const generator *g, const deepstruc_pdf *pdf,
                                  const generate_settings *settings, deepstruc_diag *diag);
void generation_destroy(generation *done);

/* Times the decoding of n_samples latent vectors of a standard normal distribution, n times. */
deepstruc_status generator_pace(const generator *g, size_t n_samples, double *seconds, size_t n, deepstruc_diag *diag);

#endif
