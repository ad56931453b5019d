/* How much of a standard deviation of the number of atoms to believe. The network's own word is one curve for all kinds
 * of PDFs (calibration.atoms), too wide for shapes that it knows and too narrow for others. The sites tell the two
 * apart: where a shape is known their count agrees with the count that was read, and each of them is sure. */
#ifndef MODEL_SITES_DOUBT_H
#define MODEL_SITES_DOUBT_H

#include "model/sites_decode.h"

/* Of the conditioned rows [0, n): log of how far the sites' own count is from the one read, together with what their
 * probabilities leave open of it, both as parts of the count. Decodes the prior's means: b->z and what lies behind it
 * are overwritten. */
void sites_doubts(const sites_model *model, sites_buffers *b, size_t n, double *doubt);

/* The standard deviation of log(number of atoms) of row i of the facts at this doubt; that of sites_read_facts where
 * the model has no table for it. */
double sites_doubted_sd(const sites_model *model, const sites_buffers *b, size_t i, double doubt);

/* One sample whose count is known: the network's log standard deviation, its doubt, and |truth - mean| over that
 * standard deviation. */
typedef struct {
    double log_sd, doubt, off;
} sites_word;

/* Fills the model's table from n words (reordered), so that a share `within` of each cell's falls within one standard
 * deviation; no table of fewer than 16 for each cell. */
void sites_fit_doubt(sites_model *model, sites_word *word, size_t n, double within);

#endif
