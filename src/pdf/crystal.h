/* Bulk standards: crystals whose PDF is a sum over shells of neighbours. */
#ifndef PDF_CRYSTAL_H
#define PDF_CRYSTAL_H

#include <deepstruc/deepstruc.h>

typedef struct {
    const char *name;    /* "CeO2" */
    const char *lattice; /* "fluorite" */
    double a;            /* Å at room temperature: where a fit starts */
    int n_species;       /* 1 or 2 */
    const char *species[2];
} crystal_standard;

/* The standard of that name, and the i-th one; NULL where there is none. */
const crystal_standard *crystal_find(const char *name);
const crystal_standard *crystal_nth(size_t i);

/* Neighbours at one distance, of all atoms on average. */
typedef struct {
    double distance; /* of a */
    double weight;   /* number of neighbours times f_i f_j over the mean of f, squared */
    int pair;        /* 0: both of the first species, 1: mixed, 2: both of the second */
} crystal_shell;

typedef struct {
    size_t n;
    crystal_shell *shell; /* by distance */
    double density;       /* atoms per a³ */
} crystal_shells;

/* All shells up to `reach` (in a, at most 60), for X-rays ('x': scattering as the atomic number, like PDFgui) or
 * neutrons
 * ('n'). */
deepstruc_status crystal_shells_make(crystal_shells *out, const crystal_standard *standard, char radiation,
                                     double reach, deepstruc_diag *diag);
void crystal_shells_clear(crystal_shells *shells);

#endif
