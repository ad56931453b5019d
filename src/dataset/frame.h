/* Parent frames: the lattices (and the decahedron and icosahedron) about their centres of symmetry, each a fixed,
 * ordered table of sites. A cluster is then a frame and a set of occupied sites: bond lengths are exact, atoms are
 * counted, and every symmetry of the frame is a permutation of its sites. Lengths are in bond lengths (the distance of
 * nearest neighbours; for the icosahedron the radial one). */
#ifndef DATASET_FRAME_H
#define DATASET_FRAME_H

#include <deepstruc/cluster.h>

#define FRAME_FAMILY_LIST(X)                                                                                           \
    X(SC, "sc")                                                                                                        \
    X(BCC, "bcc")                                                                                                      \
    X(FCC, "fcc")                                                                                                      \
    X(HCP, "hcp")                                                                                                      \
    X(STACKING, "stacking")                                                                                            \
    X(DECAHEDRON, "decahedron")                                                                                        \
    X(ICOSAHEDRON, "icosahedron")

typedef enum {
#define X(name, text) FRAME_##name,
    FRAME_FAMILY_LIST(X)
#undef X
        FRAME_N_FAMILIES
} frame_family;

enum {
    FRAME_COUNT = 15,
    FRAME_NEIGHBOURS = 18, /* of a stacking's sites, three columns per layer; else up to 12 */
    FRAME_MAX_SITES = 2048,
    FRAME_MAX_FAR_SITES = 11000, /* of a parent drawn beyond its table, see stream_large.h */
    FRAME_NOWHERE = 0xffff
};

typedef struct {
    char name[32];
    frame_family family;
    double reach; /* every site of the parent up to this distance from the origin is in the table */
    size_t n_sites;
    double (*site)[3];      /* sorted by distance from the origin; ties by z, y, x */
    uint16_t *neighbour;    /* n_sites x FRAME_NEIGHBOURS, FRAME_NOWHERE behind the last */
    int8_t *layer, *letter; /* per site; stackings only (else 0): close-packed layer, and which of its 3 columns */
    size_t n_ops;
    uint16_t *image;    /* n_ops x n_sites: the site a symmetry takes each site to, or FRAME_NOWHERE */
    double *preference; /* per site: a generic function whose sum picks one of a shape's orientations */
    size_t n_centres;
    double (*centre)[3]; /* the other centres of symmetry near the origin: a shape belongs to the nearest one */
    size_t offset;       /* of the frame's first site among the sites of all frames */
    uint32_t *bucket;    /* hash table of sites by position */
    size_t n_buckets;
} frame;

typedef struct {
    frame frame[FRAME_COUNT];
    size_t n_sites;  /* of all frames */
    uint64_t digest; /* of all tables: a model trained on other tables is refused */
} frame_set;

deepstruc_status frame_set_create(frame_set **out, deepstruc_diag *diag);
void frame_set_destroy(frame_set *set);

const char *frame_family_name(frame_family family);
/* The family whose parent holds clusters of a type; FRAME_N_FAMILIES when there is none. */
frame_family frame_family_of(deepstruc_type type);

/* The site within 0.02 of a position, or FRAME_NOWHERE. */
size_t frame_find(const frame *f, const double position[3]);

/* A shape: occupied sites of one frame. */
typedef struct {
    int frame;
    size_t n_atoms;
    uint16_t site[FRAME_MAX_SITES];
} frame_shape;

/* Turns a shape by the symmetry of its frame that maximises the summed preference, and sorts its sites: equal shapes
 * become equal lists. */
void frame_canonical(const frame_set *set, frame_shape *shape);

/* The frame and sites of a cluster (coordinates times `unit` are in bond lengths), in canonical orientation: among all
 * frames of the family that hold every atom the one whose origin is nearest to the centroid. False: no frame does. */
bool frame_fit(const frame_set *set, frame_family family, const double *xyz, size_t n_atoms, double unit,
               frame_shape *out);

/* Is the frame's origin the centre of symmetry nearest to the shape's centroid? */
bool frame_is_centred(const frame_set *set, const frame_shape *shape);

#endif
