/* Compositions as people write them. */
#ifndef PDF_GR_COMPOSITION_H
#define PDF_GR_COMPOSITION_H

#include <deepstruc/pdf.h>

/* Reads "Au144 S60 C180", "Cd Se", "C 10 H 8", "Na2.25Zr0.75Y0.25Cl6", "Au25(SC8H9)18", "5 H2O", "Fe3+" into at most
 * DEEPSTRUC_MAX_ELEMENTS elements, each once. Answers how many it has read; *complete is false when it met something
 * else then. */
size_t composition_read(const char *text, deepstruc_amount out[DEEPSTRUC_MAX_ELEMENTS], bool *complete);

/* The metal with the largest amount times squared atomic number, which is its share of the X-ray scattering, into
 * `out`;
 * "" when there is no metal. Answers how many different metals there are. */
size_t composition_metal(const deepstruc_amount *elements, size_t n, char out[4]);

#endif
