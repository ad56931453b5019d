/* What the composition in a header says about the sample. Headers lie (they may describe another sample), so this is
 * evidence for the verdict and never the verdict itself. */
#include <math.h>
#include <string.h>

#include "cluster/elements.h"
#include "solve/verdict.h"

/* Metals that ligands stabilise as bare metal cores; sulphur or phosphorus beside the others means a salt. */
static bool is_noble(const char *symbol)
{
    static const char *const noble[] = {"Au", "Ag", "Cu", "Pt", "Pd", "Ir", "Rh", "Ru", "Os"};
    for (size_t i = 0; i < sizeof noble / sizeof *noble; i++)
        if (strcmp(noble[i], symbol) == 0)
            return true;
    return false;
}

static double amount_of(const deepstruc_pdf *pdf, const char *symbol)
{
    for (size_t i = 0; i < pdf->n_elements; i++)
        if (strcmp(pdf->elements[i].symbol, symbol) == 0)
            return pdf->elements[i].amount;
    return 0;
}

/* Organic matter: ligands and solvent, no building block of a salt or an oxide by themselves. Oxygen is, where carbon
 * outnumbers it. */
static bool is_organic(const deepstruc_pdf *pdf, const char *symbol)
{
    if (strcmp(symbol, "O") == 0)
        return amount_of(pdf, "C") > amount_of(pdf, "O");
    return strcmp(symbol, "C") == 0 || strcmp(symbol, "H") == 0 || strcmp(symbol, "N") == 0;
}

typedef struct {
    size_t n_metals;
    double metal, organic, anion; /* amounts */
    bool noble;
} composition_sums;

static composition_sums sum(const deepstruc_pdf *pdf)
{
    composition_sums s = {.noble = true};
    for (size_t i = 0; i < pdf->n_elements; i++) {
        const deepstruc_amount *e = &pdf->elements[i];
        if (!(e->amount > 0))
            continue;
        if (deepstruc_element_is_metal(e->symbol)) {
            s.n_metals++;
            s.metal += e->amount;
            s.noble &= is_noble(e->symbol);
        } else if (is_organic(pdf, e->symbol)) {
            s.organic += e->amount;
        } else {
            s.anion += e->amount;
        }
    }
    return s;
}

/* Do metals that take part have sizes within 5 %, so that one lattice of mean atoms describes their alloy? Platinum and
 * palladium do, platinum and nickel do not. Those with less than a twentieth of the atoms are impurities. */
static bool are_alike(const deepstruc_pdf *pdf, double metal)
{
    static const double TAKES_PART = 0.05, ALIKE = 1.05;
    double shortest = INFINITY, longest = 0;
    for (size_t i = 0; i < pdf->n_elements; i++) {
        const deepstruc_amount *e = &pdf->elements[i];
        double bond = deepstruc_element_bulk_bond(e->symbol);
        if (!deepstruc_element_is_metal(e->symbol) || e->amount < TAKES_PART * metal || !isfinite(bond))
            continue;
        shortest = fmin(shortest, bond);
        longest = fmax(longest, bond);
    }
    return longest <= ALIKE * shortest;
}

composition_kind composition_classify(const deepstruc_pdf *pdf)
{
    composition_sums s = sum(pdf);
    if (pdf->n_elements == 0)
        return COMPOSITION_UNKNOWN;
    if (s.n_metals == 0)
        return COMPOSITION_NO_METAL;
    /* Au144 S60 C480: more metal than anchors, and a metal that makes such cores; or a metal and organic matter alone.
     */
    bool ligated = s.anion == 0 || (s.noble && s.metal > s.anion && (s.organic > 0 || s.metal > 2 * s.anion));
    if (!ligated)
        return COMPOSITION_COMPOUND;
    if (s.n_metals > 1)
        return are_alike(pdf, s.metal) ? COMPOSITION_LIKE_METALS : COMPOSITION_ALLOY;
    return s.anion == 0 && s.organic == 0 ? COMPOSITION_ONE_METAL : COMPOSITION_LIGATED_METAL;
}

bool composition_may_be_bcc(const char *symbol)
{
    static const char *const bcc[] = {"Fe", "Cr", "W",  "Mo", "V",  "Nb", "Ta", "Mn", "Li", "Na",
                                      "K",  "Rb", "Cs", "Ba", "Eu", "Ti", "Zr", "Hf", "U"};
    for (size_t i = 0; i < sizeof bcc / sizeof *bcc; i++)
        if (strcmp(bcc[i], symbol) == 0)
            return true;
    return false;
}

/* Atomic numbers stand in for the x-ray scattering power. */
double composition_anion_weight(const deepstruc_pdf *pdf)
{
    double metal = 0, other = 0, largest = 0;
    for (size_t i = 0; i < pdf->n_elements; i++) {
        double z = element_number(pdf->elements[i].symbol);
        if (strcmp(pdf->elements[i].symbol, pdf->element) == 0) {
            metal = z;
        } else if (pdf->elements[i].amount > largest) {
            largest = pdf->elements[i].amount;
            other = z;
        }
    }
    return metal > 0 && other > 0 ? other / metal : 1;
}
