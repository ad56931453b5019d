#include "solve/verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* ---- thresholds, each with its reason ---------------------------------------------------------------------------- */

static const double BOND_SHORTER = 0.92,
                    BOND_LONGER = 1.05;     /* of the bulk metal: contraction of small clusters, thermal expansion */
static const double POOR_RW = 0.45;         /* the worst right answers we know (protected Au144) stay below 0.40 */
static const double COMPOUND_BETTER = 0.85; /* a compound must beat every metal clearly: it has one atom kind more */
static const double BULK_RMAX = 25;         /* Å: shorter data cannot tell bulk from a cluster of the usual sizes */
static const double BULK_MARGIN = 1.30;     /* no envelope fits about as well as the best one; a 2 nm particle: 3 */
static const double BULK_RW = 0.40;         /* and the lattice explains the data at all */
static const double ANY_BOND_LOW = 2.0, ANY_BOND_HIGH = 3.8, COMPOUND_BOND_LOW = 1.7, COMPOUND_BOND_HIGH = 3.4; /* Å */

const char *deepstruc_verdict_name(deepstruc_verdict_kind kind)
{
    static const char *const names[] = {"cluster", "bulk", "not-a-metal-cluster", "ambiguous"};
    return names[kind];
}

/* ---- evidence ---------------------------------------------------------------------------------------------------- */

static deepstruc_status best_lattices(verdict_evidence *e, const deepstruc_target *target, double anion_weight,
                                      deepstruc_diag *diag)
{
    bool known = isfinite(e->bulk_bond);
    lattice_range metal = {known ? BOND_SHORTER * e->bulk_bond : ANY_BOND_LOW,
                           known ? BOND_LONGER * e->bulk_bond : ANY_BOND_HIGH, 1};
    lattice_range compound = {COMPOUND_BOND_LOW, COMPOUND_BOND_HIGH, anion_weight};
    lattice_fit fits[LATTICE_N];
    deepstruc_status status = lattice_search_all(fits, &metal, &compound, target, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    e->metal.rw = e->compound.rw = INFINITY;
    for (int kind = 0; kind < LATTICE_N; kind++) {
        lattice_fit *best = lattice_is_metal(kind) ? &e->metal : &e->compound;
        if (fits[kind].rw < best->rw)
            *best = fits[kind];
    }
    return DEEPSTRUC_OK;
}

deepstruc_status verdict_gather(verdict_evidence *out, const deepstruc_pdf *pdf, const deepstruc_solution *solution,
                                const deepstruc_target *whole, deepstruc_diag *diag)
{
    verdict_evidence e = {.composition = composition_classify(pdf),
                          .bulk_bond = deepstruc_element_bulk_bond(solution->element),
                          .data_rmax = pdf->r[pdf->n_points - 1]};
    for (size_t i = 0; i < solution->n_candidates; i++)
        if (solution->candidate[i].cluster->n_atoms > e.max_atoms)
            e.max_atoms = solution->candidate[i].cluster->n_atoms;
    deepstruc_status status = best_lattices(&e, whole, composition_anion_weight(pdf), diag);
    if (status == DEEPSTRUC_OK)
        *out = e;
    return status;
}

/* ---- rules ------------------------------------------------------------------------------------------------------- */

static void set(deepstruc_verdict *v, deepstruc_verdict_kind kind)
{
    v->kind = kind;
    v->why[0] = '\0';
}

static void flag(deepstruc_verdict *v, const char *name)
{
    text_append(v->flags, sizeof v->flags, "%s%s", v->flags[0] ? "," : "", name);
}

#define SAY(v, ...) text_append((v)->why, sizeof(v)->why, __VA_ARGS__)

static bool is_bulk(const verdict_evidence *e)
{
    return e->data_rmax >= BULK_RMAX && e->metal.rw_bulk <= BULK_RW &&
           e->metal.rw_bulk <= BULK_MARGIN * e->metal.rw;
}

static bool compound_wins(const verdict_evidence *e, double rw)
{
    return e->compound.rw < COMPOUND_BETTER * fmin(rw, e->metal.rw);
}

static bool bond_is_wrong(const verdict_evidence *e, double bond)
{
    return isfinite(e->bulk_bond) && !(bond >= BOND_SHORTER * e->bulk_bond && bond <= BOND_LONGER * e->bulk_bond);
}

/* Families of group 1 other than the first candidate's, as text. */
static void list_rivals(const deepstruc_solution *s, char *out, size_t size)
{
    bool seen[DEEPSTRUC_N_TYPES] = {false};
    const char *own = deepstruc_type_family(s->candidate[0].cluster->type);
    for (size_t i = 1; i < s->n_candidates; i++) {
        deepstruc_type type = s->candidate[i].cluster->type;
        const char *family = deepstruc_type_family(type);
        deepstruc_type head = deepstruc_type_from_name(family);
        if (s->candidate[i].group != 1 || strcmp(family, own) == 0 || seen[head] || head == DEEPSTRUC_TYPE_UNKNOWN)
            continue;
        seen[head] = true;
        text_append(out, size, "%s%s (%zu atoms, %.3f)", out[0] ? ", " : "", family, s->candidate[i].cluster->n_atoms,
                    s->candidate[i].fit.rw);
    }
}

static void decide_cluster(deepstruc_verdict *v, const verdict_evidence *e, const deepstruc_solution *s)
{
    const deepstruc_candidate *best = &s->candidate[0];
    char rivals[256] = "";
    set(v, DEEPSTRUC_VERDICT_CLUSTER);
    SAY(v, "%s of %zu atoms fits with Rw %.3f, bond length %.3f Å", deepstruc_type_name(best->cluster->type),
        best->cluster->n_atoms, best->fit.rw, best->fit.bond_length);
    if (isfinite(e->bulk_bond))
        SAY(v, " (bulk %s %.2f)", s->element, e->bulk_bond);
    list_rivals(s, rivals, sizeof rivals);
    if (rivals[0])
        SAY(v, "; the data do not tell it from %s", rivals);
}

static bool decide_no_metal(deepstruc_verdict *v, const verdict_evidence *e, const deepstruc_solution *s)
{
    const deepstruc_candidate *best = &s->candidate[0];
    bool wrong = bond_is_wrong(e, best->fit.bond_length), compound = compound_wins(e, best->fit.rw);
    bool poor = best->fit.rw > POOR_RW;
    set(v, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    if (e->composition == COMPOSITION_NO_METAL && (compound || poor || !isfinite(e->bulk_bond)))
        SAY(v, "the composition holds no metal, and the best metal cluster only reaches Rw %.3f", best->fit.rw);
    else if (e->composition == COMPOSITION_COMPOUND && (compound || wrong || poor))
        SAY(v, "the composition is a compound's; a %s lattice gives Rw %.3f, the best metal cluster %.3f",
            lattice_name(e->compound.kind), e->compound.rw, best->fit.rw);
    else if (compound && best->fit.rw > POOR_RW / 2 && e->composition != COMPOSITION_ONE_METAL)
        SAY(v, "a %s lattice (bond length %.2f Å) explains the data with Rw %.3f, the best metal cluster with %.3f",
            lattice_name(e->compound.kind), e->compound.bond, e->compound.rw, best->fit.rw);
    else if (wrong && poor)
        SAY(v, "no cluster fits (best Rw %.3f), and its bond length %.2f Å is not that of %s (%.2f)", best->fit.rw,
            best->fit.bond_length, s->element, e->bulk_bond);
    else
        return false;
    return true;
}

static bool decide_unclear(deepstruc_verdict *v, const verdict_evidence *e, const deepstruc_solution *s)
{
    const deepstruc_candidate *best = &s->candidate[0];
    set(v, DEEPSTRUC_VERDICT_AMBIGUOUS);
    if (best->fit.rw > POOR_RW)
        SAY(v, "nothing tried fits well: the best cluster reaches Rw %.3f; other phases, ligands or disorder?",
            best->fit.rw);
    else if (bond_is_wrong(e, best->fit.bond_length))
        SAY(v,
            "a cluster fits (Rw %.3f), but its bond length %.2f Å is not that of %s (%.2f): wrong composition in the "
            "header?",
            best->fit.rw, best->fit.bond_length, s->element, e->bulk_bond);
    else if (e->composition == COMPOSITION_COMPOUND || e->composition == COMPOSITION_NO_METAL)
        SAY(v, "a metal cluster fits (Rw %.3f), but the composition is not a metal's", best->fit.rw);
    else if (e->composition == COMPOSITION_ALLOY)
        SAY(v, "a one-metal cluster fits (Rw %.3f), but the composition holds several metals", best->fit.rw);
    else
        return false;
    return true;
}

static bool decide_bulk(deepstruc_verdict *v, const verdict_evidence *e)
{
    if (!is_bulk(e))
        return false;
    set(v, DEEPSTRUC_VERDICT_BULK);
    SAY(v, "order reaches to the end of the data: %s lattice without envelope, bond length %.3f Å, Rw %.3f; ",
        lattice_name(e->metal.kind), e->metal.bond, e->metal.rw_bulk);
    SAY(v, "bulk, or particles larger than %.0f Å", fmin(e->metal.diameter, e->data_rmax));
    return true;
}

void verdict_decide(deepstruc_verdict *out, const verdict_evidence *e, const deepstruc_solution *s)
{
    const deepstruc_candidate *best = &s->candidate[0];
    deepstruc_verdict v = {.type = best->cluster->type, .n_atoms = best->cluster->n_atoms};
    if (decide_no_metal(&v, e, s)) {
        v.type = DEEPSTRUC_TYPE_UNKNOWN;
    } else if (decide_bulk(&v, e)) {
        v.type = deepstruc_type_from_name(lattice_name(e->metal.kind));
        flag(&v, "too-large");
    } else if (!decide_unclear(&v, e, s)) {
        decide_cluster(&v, e, s);
        if ((double)best->cluster->n_atoms > 0.9 * (double)e->max_atoms && e->max_atoms > 200)
            flag(&v, "too-large");
    }
    if (e->composition == COMPOSITION_ALLOY)
        flag(&v, "alloy");
    if (bond_is_wrong(e, best->fit.bond_length))
        flag(&v, "header-contradicted");
    *out = v;
}
