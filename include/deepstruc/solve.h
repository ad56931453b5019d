/* Solve: a PDF in, ranked refined structures and a verdict out. */
#ifndef DEEPSTRUC_SOLVE_H
#define DEEPSTRUC_SOLVE_H

#include <deepstruc/refine.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    deepstruc_refine_settings refine;
    const char *methods; /* comma-separated, of generate, library, tree, plain-cvae, climb; NULL: all that are there */
    const char *catalogue; /* "auto", "paper", "full" */
    const char *element;   /* NULL: from the header */
    const char *focus;     /* a type's name, or NULL */
    const char *model;     /* name or file, or NULL: the default */
    const char *tree;      /* file of the tree classifier, or NULL: none */
    const char *plain;     /* file of the plain CVAE, or NULL: none */
    long max_atoms;        /* 1500 */
    long samples;          /* 1000 */
    double sigma;          /* 3 */
    long top;              /* 100: xyz files written */
    long seed;             /* 0 */
    long threads;          /* 0: all */
    const char *cache;     /* a folder in which the full catalogue is kept between calls; NULL: it is built anew */
    const deepstruc_catalogue *left_out; /* shapes that no catalogue may propose, for evaluations; NULL: none */
} deepstruc_solve_settings;

deepstruc_solve_settings deepstruc_solve_settings_default(void);
extern const deepstruc_field deepstruc_solve_settings_fields[];

typedef struct {
    deepstruc_cluster *cluster; /* refined: coordinates times expansion, in the sample's element */
    deepstruc_fit fit;
    const char *method; /* static text: "library", "generate", ... */
    int group;          /* 1 holds rank 1, the most probable and what the data cannot tell from that */
    double weight;      /* evidence over that for rank 1 (deepstruc_refine_groups) */
    double *curve;      /* target->n: the fitted curve, where the fit has more terms than three; else NULL */
} deepstruc_candidate;

/* Diameter in Å of the sphere with the atoms' volume, each atom's being that of its lattice at this bond length. */
double deepstruc_candidate_diameter(const deepstruc_candidate *candidate);

typedef struct {
    double mean, low, high; /* the interval holds 68 % */
} deepstruc_interval;

typedef struct {
    deepstruc_type type; /* fcc stands for octahedra too */
    double probability;  /* within what was tried; all families together have 1 */
    size_t n_shapes;     /* fitted */
    size_t i_best;       /* candidate */
} deepstruc_family;

/* Structures whose atoms show no family: they take no part in the families' probabilities. */
typedef struct {
    size_t n_shapes, i_best; /* 0 shapes: there are none */
    double odds;             /* their mean weight over the sum of the families' mean weights */
} deepstruc_unnamed;

/* The two candidates whose curves together fit best, each as it was refined, scales free; one has five times the
 * other's atoms or more. */
typedef struct {
    double rw;            /* NaN where no two fit together */
    double gain;          /* misfit of the best single candidate over that of the two; 1: none */
    size_t first, second; /* candidates */
    double share;         /* of the second's fitted curve; NaN as rw */
} deepstruc_mixture;

/* Candidates of a group that are alike, of one family and about one size, and the best of them: what a group of
 * hundreds comes to. What separates a kind from rank 1 is the difference of their curves, and where that is largest. */
typedef struct {
    int group;
    deepstruc_type family;            /* UNKNOWN: no readable type */
    size_t i_best, n;                 /* candidate; how many are alike */
    size_t n_atoms_low, n_atoms_high; /* of these */
    double share;                     /* of the evidence of all families; NaN for an unknown one */
    double difference;                /* rms of the best one's curve less rank 1's, over that of the data */
    double r;                         /* Å: middle of the 2 Å that hold most of it; NaN for rank 1's own kind */
    double told_rw;                   /* once rank 1 fits that well, the data tell them apart; NaN as r */
} deepstruc_kind;

/* What the candidates say together. A family's evidence is the mean weight of its shapes, so that the family with most
 * shapes tried has no advantage; sizes are averaged over all candidates with these weights (docs/theory-refine.md). */
typedef struct {
    size_t n_families;
    deepstruc_family family[DEEPSTRUC_N_TYPES]; /* most probable first */
    deepstruc_unnamed unnamed;
    deepstruc_interval n_atoms, diameter; /* Å: of the equal-volume sphere; over what is not known of qdamp */
    double faults; /* evidence for twins and stacking faults over that for perfect fcc; NaN where one was not tried */
    deepstruc_mixture mixture;
} deepstruc_evidence;

typedef enum {
    DEEPSTRUC_VERDICT_CLUSTER,
    DEEPSTRUC_VERDICT_BULK,
    DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER,
    DEEPSTRUC_VERDICT_AMBIGUOUS
} deepstruc_verdict_kind;
const char *deepstruc_verdict_name(deepstruc_verdict_kind kind);

typedef struct {
    deepstruc_verdict_kind kind;
    char flags[96]; /* comma-separated: "mixture,too-large" */
    deepstruc_type type;
    size_t n_atoms;
    size_t i_best; /* candidate: of a cluster the most probable one, else that with the lowest Rw */
    char why[400]; /* one sentence */
} deepstruc_verdict;

/* Where the PDF lies on a model's two-dimensional map, and the training structures around it (colour by type, size by
 * atoms). Owned by the solution. */
typedef struct {
    double mean[2], sigma[2]; /* of this PDF on the map's axes */
    size_t n_points;
    float *x, *y;        /* n_points: the training structures' means */
    unsigned char *type; /* n_points: deepstruc_type */
    int32_t *n_atoms;    /* n_points */
} deepstruc_latent_map;

typedef struct {
    deepstruc_solve_settings settings; /* effective */
    char element[4];                   /* of the sample; "X" when nobody knows it */
    deepstruc_target *target;
    double *gcalc; /* n_fits x target->n: the curves of the first candidates */
    size_t n_fits;
    size_t n_candidates; /* distinct, ranked by rw */
    deepstruc_candidate *candidate;
    deepstruc_evidence evidence;
    size_t n_kinds;
    deepstruc_kind *kind; /* of groups 1 and 2, by group and rank */
    deepstruc_verdict verdict;
    deepstruc_latent_map *latent; /* NULL when no model was asked */
    char model_hash[32];          /* of the bytes of the model's file, "fnv1a64:..."; "" when none was asked */
    double seconds_read, seconds_propose, seconds_refine;
} deepstruc_solution;

deepstruc_status deepstruc_solve(deepstruc_solution **out, const deepstruc_pdf *pdf,
                                 const deepstruc_solve_settings *settings, const deepstruc_progress *progress,
                                 deepstruc_diag *diag);
/* Fits n structures that the caller brings, coordinates as they are within the expansion range, in place of proposals;
 * ranks and groups them the same way. All curves are kept (n_fits = n), the method is "given" and there is no verdict
 * beyond what fits best. */
deepstruc_status deepstruc_solve_given(deepstruc_solution **out, const deepstruc_pdf *pdf,
                                       const deepstruc_cluster *const *given, size_t n,
                                       const deepstruc_solve_settings *settings, deepstruc_diag *diag);
void deepstruc_solution_destroy(deepstruc_solution *solution);

#ifdef __cplusplus
}
#endif
#endif
