#include "solve/verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "solve/evidence.h"

/* ---- thresholds, each with its reason ---------------------------------------------------------------------------- */

/* Rw: the worst right answers we know (protected Au144) stay below 0.40, made-up clusters with 15 % noise below 0.35;
 * the best cluster fits a compound with 0.5 and more but for a few. */
static const double CONVINCING_RW = 0.30, DOUBTFUL_RW = 0.42, HOPELESS_RW = 0.50, HOPELESS_LIGATED_RW = 0.60;
static const double DOUBTFUL_NAMELESS_RW = 0.36; /* without an element any bond length is tried */
static const double LONGEST_NAMELESS = 3.35;     /* Å: only lead, alkali, alkaline and rare earth metals have longer */
static const double SHORTEST_NAMELESS = 2.35;    /* Å: contracted clusters of nickel and iron have 2.4 */
static const double COMPOUND_BETTER = 0.85; /* a compound must beat every metal clearly: it has one atom kind more */
static const double COMPOUND_FAR_BETTER = 0.60; /* against a header that says a pure metal */
static const double STRONG_PEAK = 0.60;         /* of the first: ligands reach 0.5, the anions of a compound more */
static const double CLEAR_PEAK = 0.30;          /* enough where nothing fits anyway */
static const double WELL_FITTED_RW = 0.15;      /* better is no accident; salts that look like sc or bcc reach 0.2 */
static const double WELL_FITTED_NAMELESS_RW = 0.08;  /* and one without a header, whose ions are alike, 0.13 */
static const double TINY_ATOMS = 20, TINY_RW = 0.12; /* a badly fitted cluster that ends at its second shell */
static const double BULK_RMAX = 25;          /* Å: shorter data cannot tell bulk from a cluster of the usual sizes */
static const double BULK_MARGIN = 1.30;      /* no envelope fits about as well as the best one; a 2 nm particle: 3 */
static const double BULK_RW = 0.40;          /* and the lattice explains the data at all */
static const double BULK_NAMELESS_RW = 0.22; /* made-up metals with 14 % noise reach 0.19; ordered alloys 0.13 to 0.4 */
static const double BULK_BOND = 0.025;       /* of the tabulated one: what alloying, and no heating, exceeds */
static const double MIXTURE_GAIN = 1.35;     /* of two sizes; of 28 made-up single clusters one reached it */
static const double LARGE_DIAMETER = 20; /* Å: smaller ones were tried, and a lattice that fits better is no metal's */
static const double LATTICE_BETTER = 0.70; /* than every cluster: those that were tried are too small */

const char *deepstruc_verdict_name(deepstruc_verdict_kind kind)
{
    static const char *const names[] = {"cluster", "bulk", "not-a-metal-cluster", "ambiguous"};
    return names[kind];
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

static void say_peak(deepstruc_verdict *v, const residual_peak *peak, double bond)
{
    if (peak->r > 0)
        SAY(v, "; ");
    residual_describe(v->why, sizeof v->why, peak, bond);
}

/* Does a compound lattice beat the best cluster and every metal lattice by this factor? */
static bool compound_wins(const verdict_evidence *e, double rw, double factor)
{
    return e->compound.rw < factor * fmin(rw, e->metal.rw);
}

/* Nothing names a metal, and the distance is not one of metals that make clusters: a molecule's, or, unless a good fit
 * speaks for one of the metals with longer bonds, that of a salt's or an oxide's cations. */
static bool is_no_metals_bond(const verdict_evidence *e, double bond, double rw)
{
    return e->composition == COMPOSITION_UNKNOWN &&
           (bond < SHORTEST_NAMELESS || (bond > LONGEST_NAMELESS && rw > WELL_FITTED_RW));
}

/* Does this metal's lattice explain the data? */
static bool lattice_explains(const verdict_evidence *e, double rw)
{
    return rw <= (e->composition == COMPOSITION_UNKNOWN ? BULK_NAMELESS_RW : BULK_RW) &&
           !is_no_metals_bond(e, e->metal.bond, rw) && !compound_wins(e, rw, COMPOUND_BETTER);
}

/* Does a metal's lattice explain what no cluster that was tried does? */
static bool lattice_wins(const verdict_evidence *e, double rw)
{
    return e->metal.rw < LATTICE_BETTER * rw && lattice_explains(e, e->metal.rw);
}

static bool is_bulk(const verdict_evidence *e, double rw)
{
    return (e->data_rmax >= BULK_RMAX || lattice_wins(e, rw)) && e->metal.rw_bulk <= BULK_MARGIN * e->metal.rw &&
           lattice_explains(e, e->metal.rw_bulk);
}

static bool bond_is_wrong(const verdict_evidence *e, double bond)
{
    return isfinite(e->bulk_bond) &&
           !(bond >= VERDICT_BOND_SHORTER * e->bulk_bond && bond <= VERDICT_BOND_LONGER * e->bulk_bond);
}

/* sc is no metal's structure but polonium's, and bcc not that of a close-packed one: rock salts, fluorites and other
 * compounds whose ions scatter alike, or one kind hardly at all, look like that. */
static bool is_foreign(const verdict_evidence *e, deepstruc_type type)
{
    return type == DEEPSTRUC_TYPE_SC || (e->close_packed && type == DEEPSTRUC_TYPE_BCC);
}

/* Would anybody believe in a metal cluster, had the header said nothing? */
static bool is_convincing(const verdict_evidence *e, const deepstruc_candidate *best)
{
    const deepstruc_fit *fit = &best->fit;
    return !is_foreign(e, best->cluster->type) && fit->rw <= CONVINCING_RW && !bond_is_wrong(e, fit->bond_length) &&
           !compound_wins(e, fit->rw, 1) && e->short_peak.height < STRONG_PEAK;
}

static bool is_no_metal(composition_kind composition)
{
    return composition == COMPOSITION_COMPOUND || composition == COMPOSITION_NO_METAL;
}

/* What the composition rules out. */
static bool decide_by_composition(deepstruc_verdict *v, const verdict_evidence *e, const deepstruc_candidate *best)
{
    const deepstruc_fit *fit = &best->fit;
    set(v, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    if (e->composition == COMPOSITION_ALLOY)
        SAY(v,
            "an alloy of metals of different sizes, which clusters of one metal do not describe (the best reaches Rw "
            "%.3f with a mean bond length of %.3f Å)",
            fit->rw, fit->bond_length);
    else if (is_no_metal(e->composition) && !is_convincing(e, best)) {
        SAY(v, "the composition %s, and the best metal cluster reaches Rw %.3f",
            e->composition == COMPOSITION_NO_METAL ? "holds no metal" : "is a compound's", fit->rw);
        if (compound_wins(e, fit->rw, 1))
            SAY(v, ", a %s lattice %.3f (bond length %.2f Å)", lattice_name(e->compound.kind), e->compound.rw,
                e->compound.bond);
    } else
        return false;
    return true;
}

/* What the data rule out, whatever the header says. */
static bool decide_by_data(deepstruc_verdict *v, const verdict_evidence *e, const deepstruc_solution *s)
{
    const deepstruc_fit *fit = &s->candidate[0].fit;
    deepstruc_type type = s->candidate[0].cluster->type;
    bool ligated = e->composition == COMPOSITION_LIGATED_METAL, pure = e->composition == COMPOSITION_ONE_METAL;
    bool foreign = is_foreign(e, type) &&
                   fit->rw > (e->composition == COMPOSITION_UNKNOWN ? WELL_FITTED_NAMELESS_RW : WELL_FITTED_RW);
    double wanted = (pure || ligated) && !foreign ? COMPOUND_FAR_BETTER : COMPOUND_BETTER;
    set(v, DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER);
    double doubted = foreign ? WELL_FITTED_RW : pure || ligated ? CONVINCING_RW : 0.75 * CONVINCING_RW;
    if (fit->rw > doubted && compound_wins(e, fit->rw, wanted))
        SAY(v, "a %s lattice (bond length %.2f Å) explains the data with Rw %.3f, the best metal cluster with %.3f",
            lattice_name(e->compound.kind), e->compound.bond, e->compound.rw, fit->rw);
    else if (fit->rw > (ligated ? HOPELESS_LIGATED_RW : HOPELESS_RW)) {
        SAY(v, "no cluster of %s explains the data (best Rw %.3f)", strcmp(s->element, "X") ? s->element : "any metal",
            fit->rw);
        say_peak(v, e->short_peak.r > 0 ? &e->short_peak : &e->peak, fit->bond_length);
    } else if (foreign && type == DEEPSTRUC_TYPE_SC) {
        SAY(v,
            "no metal is simple cubic, and nothing else fits (Rw %.3f, distance %.2f Å): a rock salt or perovskite "
            "whose ions scatter alike?",
            fit->rw, fit->bond_length);
    } else if (fit->rw > DOUBTFUL_RW && !ligated && e->short_peak.height > CLEAR_PEAK) {
        SAY(v, "no cluster fits well (best Rw %.3f), and no metal has the first peak", fit->rw);
        say_peak(v, &e->short_peak, fit->bond_length);
    } else if (is_no_metals_bond(e, fit->bond_length, fit->rw)) {
        SAY(v, "no metal that makes clusters has bonds of %.2f Å (the best cluster reaches Rw %.3f)", fit->bond_length,
            fit->rw);
        say_peak(v, &e->peak, fit->bond_length);
    } else if (fit->rw > CONVINCING_RW && !ligated && e->short_peak.height > STRONG_PEAK) {
        SAY(v, "no metal has the first peak (the best cluster reaches Rw %.3f)", fit->rw);
        say_peak(v, &e->short_peak, fit->bond_length);
    } else
        return false;
    return true;
}

static bool decide_unclear(deepstruc_verdict *v, const verdict_evidence *e, const deepstruc_solution *s)
{
    const deepstruc_candidate *best = &s->candidate[0];
    set(v, DEEPSTRUC_VERDICT_AMBIGUOUS);
    if (best->fit.rw > (e->composition == COMPOSITION_UNKNOWN ? DOUBTFUL_NAMELESS_RW : DOUBTFUL_RW))
        SAY(v, "nothing tried fits well: the best cluster reaches Rw %.3f; other phases, ligands or disorder?",
            best->fit.rw);
    else if (bond_is_wrong(e, best->fit.bond_length))
        SAY(v,
            "a cluster fits (Rw %.3f), but its bond length %.2f Å is not that of %s (%.2f): wrong composition in the "
            "header?",
            best->fit.rw, best->fit.bond_length, s->element, e->bulk_bond);
    else if (is_foreign(e, best->cluster->type) && best->fit.rw > WELL_FITTED_RW)
        SAY(v, "a %s cluster fits best (Rw %.3f), which %s is not: a compound or an alloy?",
            deepstruc_type_name(best->cluster->type), best->fit.rw, s->element);
    else if ((double)best->cluster->n_atoms <= TINY_ATOMS && best->fit.rw > TINY_RW)
        SAY(v, "order ends within %.0f Å (%zu atoms fit with Rw %.3f): very small clusters, or no order at all",
            s->evidence.diameter.high, best->cluster->n_atoms, best->fit.rw);
    else if (is_no_metal(e->composition))
        SAY(v, "a metal cluster fits (Rw %.3f), but the composition is not a metal's", best->fit.rw);
    else
        return false;
    say_peak(v, &e->peak, best->fit.bond_length);
    return true;
}

static bool decide_bulk(deepstruc_verdict *v, const verdict_evidence *e, const deepstruc_solution *s)
{
    if (!is_bulk(e, s->candidate[0].fit.rw))
        return false;
    double larger = fmin(e->metal.diameter, e->data_rmax);
    bool wrong = isfinite(e->bulk_bond) && fabs(e->metal.bond / e->bulk_bond - 1) > BULK_BOND;
    set(v, wrong ? DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER : DEEPSTRUC_VERDICT_BULK);
    v->type = wrong ? DEEPSTRUC_TYPE_UNKNOWN : deepstruc_type_from_name(lattice_name(e->metal.kind));
    SAY(v, "order reaches to the end of the data: %s lattice (", lattice_name(e->metal.kind));
    if (e->metal.kind == LATTICE_HCP)
        SAY(v, "c/a %.3f, ", 1.633 * e->metal.stretch);
    else
        SAY(v, "lattice constant %.4f Å, ", e->metal.bond * (e->metal.kind == LATTICE_FCC ? sqrt(2) : 2 / sqrt(3)));
    SAY(v, "bond length %.3f Å) without envelope, Rw %.3f; ", e->metal.bond, e->metal.rw_bulk);
    if (wrong)
        SAY(v, "that is not %s, whose bonds are %.2f Å: an alloy, or another metal", s->element, e->bulk_bond);
    else
        SAY(v, "bulk, or particles larger than %.0f Å", larger);
    return true;
}

/* Families other than that of `first` in the first group, with their probability, as text. */
static void list_rivals(const deepstruc_solution *s, const deepstruc_candidate *first, char *out, size_t size)
{
    const deepstruc_evidence *e = &s->evidence;
    const char *own = deepstruc_type_family(first->cluster->type);
    for (size_t k = 0; k < e->n_families; k++) {
        const deepstruc_candidate *best = &s->candidate[e->family[k].i_best];
        const char *family = deepstruc_type_name(e->family[k].type);
        if (best->group != 1 || e->family[k].type == DEEPSTRUC_TYPE_UNKNOWN || strcmp(family, own) == 0)
            continue;
        text_append(out, size, "%s%s (%zu atoms, Rw %.3f, %.0f %%)", out[0] ? ", " : "", family, best->cluster->n_atoms,
                    best->fit.rw, 100 * e->family[k].probability);
    }
}

/* The most probable of the kinds of structure that differ by more than faults and twin planes. */
static double most_probable_kind(const deepstruc_evidence *e)
{
    static const deepstruc_type layers[] = {DEEPSTRUC_TYPE_FCC, DEEPSTRUC_TYPE_HCP, DEEPSTRUC_TYPE_STACKING,
                                            DEEPSTRUC_TYPE_TWIN},
                                fivefold[] = {DEEPSTRUC_TYPE_DECAHEDRON, DEEPSTRUC_TYPE_ICOSAHEDRON},
                                others[] = {DEEPSTRUC_TYPE_BCC, DEEPSTRUC_TYPE_SC, DEEPSTRUC_TYPE_UNKNOWN};
    double most = fmax(evidence_of(e, layers, 4), evidence_of(e, fivefold, 2));
    for (int i = 0; i < 3; i++)
        most = fmax(most, evidence_of(e, &others[i], 1));
    return most;
}

static bool is_mixture(const deepstruc_solution *s)
{
    return s->evidence.mixture.gain > MIXTURE_GAIN;
}

/* The candidate that the evidence is most for. Rank 1 is that of the 3-parameter fit, which correlated motion misleads.
 */
static const deepstruc_candidate *most_probable(const deepstruc_solution *s)
{
    const deepstruc_candidate *best = &s->candidate[0];
    for (size_t i = 1; i < s->n_candidates; i++)
        if (s->candidate[i].weight > best->weight)
            best = &s->candidate[i];
    return best;
}

static void decide_cluster(deepstruc_verdict *v, const verdict_evidence *e, const deepstruc_solution *s)
{
    static const double DECIDED = 0.5;
    const deepstruc_candidate *best = most_probable(s);
    const deepstruc_interval *size = &s->evidence.diameter;
    char rivals[256] = "";
    bool decided = s->evidence.n_families == 0 || most_probable_kind(&s->evidence) >= DECIDED;
    v->type = best->cluster->type;
    v->n_atoms = best->cluster->n_atoms;
    v->i_best = (size_t)(best - s->candidate);
    set(v, decided ? DEEPSTRUC_VERDICT_CLUSTER : DEEPSTRUC_VERDICT_AMBIGUOUS);
    if (!decided)
        SAY(v, "a metal cluster, of a structure that the data do not decide: ");
    SAY(v, "%s of %zu atoms ", deepstruc_type_name(best->cluster->type), best->cluster->n_atoms);
    if (best == &s->candidate[0])
        SAY(v, "fits with Rw %.3f", best->fit.rw);
    else
        SAY(v, "is the most probable (Rw %.3f, the lowest is %.3f)", best->fit.rw, s->candidate[0].fit.rw);
    SAY(v, ", bond length %.3f Å", best->fit.bond_length);
    if (isfinite(e->bulk_bond))
        SAY(v, " (bulk %s %.2f)", s->element, e->bulk_bond);
    if (size->high > size->low)
        SAY(v, ", diameter %.1f to %.1f Å", size->low, size->high);
    list_rivals(s, best, rivals, sizeof rivals);
    if (rivals[0])
        SAY(v, "; the data do not tell it from %s", rivals);
    const deepstruc_mixture *mixture = &s->evidence.mixture;
    if (is_mixture(s))
        SAY(v, "; %zu and %zu atoms together fit with %.3f: a mixture?", s->candidate[mixture->first].cluster->n_atoms,
            s->candidate[mixture->second].cluster->n_atoms, mixture->rw);
    say_peak(v, &e->peak, best->fit.bond_length);
}

/* Particles of a metal, but larger than what was tried. */
static bool decide_large(deepstruc_verdict *v, const verdict_evidence *e, double rw)
{
    if (!lattice_wins(e, rw) || e->metal.diameter < LARGE_DIAMETER || bond_is_wrong(e, e->metal.bond))
        return false;
    double volume = M_PI / 6 * pow(e->metal.diameter / e->metal.bond, 3);
    set(v, DEEPSTRUC_VERDICT_CLUSTER);
    v->type = deepstruc_type_from_name(lattice_name(e->metal.kind));
    v->n_atoms = (size_t)(volume * (e->metal.kind == LATTICE_BCC ? 1.299 : M_SQRT2)); /* atoms per cubic bond length */
    SAY(v,
        "%s particles of about %.0f Å (bond length %.3f Å, Rw %.3f), larger than the clusters that were tried (best "
        "Rw %.3f); see --max-atoms",
        lattice_name(e->metal.kind), e->metal.diameter, e->metal.bond, e->metal.rw, rw);
    flag(v, "too-large");
    return true;
}

static void add_flags(deepstruc_verdict *v, const verdict_evidence *e, const deepstruc_solution *s)
{
    const deepstruc_candidate *best = &s->candidate[0];
    bool largest = (double)v->n_atoms > 0.9 * (double)e->max_atoms && e->max_atoms > 200;
    if (v->kind == DEEPSTRUC_VERDICT_BULK || (v->kind == DEEPSTRUC_VERDICT_CLUSTER && largest && !v->flags[0]))
        flag(v, "too-large");
    if (v->type != DEEPSTRUC_TYPE_UNKNOWN && v->kind != DEEPSTRUC_VERDICT_BULK && is_mixture(s))
        flag(v, "mixture");
    if (e->composition == COMPOSITION_ALLOY || e->composition == COMPOSITION_LIKE_METALS)
        flag(v, "alloy");
    if (e->off_map || v->kind == DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER)
        flag(v, "outside-training");
    bool metal_expected = !is_no_metal(e->composition) && e->composition != COMPOSITION_UNKNOWN;
    if (e->q_contradicted || (metal_expected && bond_is_wrong(e, best->fit.bond_length)) ||
        (metal_expected && e->composition != COMPOSITION_ALLOY && v->kind == DEEPSTRUC_VERDICT_NOT_A_METAL_CLUSTER))
        flag(v, "header-contradicted");
}

void verdict_decide(deepstruc_verdict *out, const verdict_evidence *e, const deepstruc_solution *s)
{
    const deepstruc_candidate *best = &s->candidate[0];
    deepstruc_verdict v = {.type = best->cluster->type, .n_atoms = best->cluster->n_atoms};
    if (decide_by_composition(&v, e, best))
        v.type = DEEPSTRUC_TYPE_UNKNOWN;
    else if (decide_bulk(&v, e, s) || decide_large(&v, e, best->fit.rw))
        ;
    else if (decide_by_data(&v, e, s))
        v.type = DEEPSTRUC_TYPE_UNKNOWN;
    else if (!decide_unclear(&v, e, s))
        decide_cluster(&v, e, s);
    add_flags(&v, e, s);
    *out = v;
}
