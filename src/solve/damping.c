#include "solve/damping.h"

#include <math.h>
#include <string.h>

#include "base/diag.h"
#include "refine/crew.h"
#include "solve/evidence.h"

static const double LARGE = 25;    /* Å: from this diameter on qdamp matters */
static const double CAPPED = 0.95; /* of the most atoms that are tried: such a particle may be larger, or bulk */
static const double LEAST = 0.005; /* 1/Å: no instrument damps less; a particle that is too small would have it so */
/* Rw: nothing measured is fitted so well. Of curves that were simulated qdamp shows at any size, and may be 0. */
static const double SIMULATED = 0.02;
static const double CLEARLY = 0.003, LEAST_ESD = 0.005; /* 1/Å */
static const double SHARPNESS = 24;                     /* shapes count by 1 / Rw to this power: twice that of groups */
enum { N_ASKED = 32 };

typedef struct {
    const candidate_pool *pool;
    deepstruc_fit fit[N_ASKED];
} asking;

static deepstruc_status ask(void *user, size_t i, deepstruc_refiner *refiner)
{
    asking *a = user;
    const pool_entry *entry = &a->pool->entry[i];
    a->fit[i] = entry->fit;
    return deepstruc_refine_terms(refiner, entry->cluster, entry->unit, &a->fit[i], NULL, NULL, NULL);
}

/* NaN where the fit has none: it failed and is as it was. */
static double qdamp_of(const deepstruc_fit *fit)
{
    for (size_t k = 0; k < fit->n_terms; k++)
        if (strcmp(fit->term[k].name, "qdamp") == 0)
            return fit->term[k].value;
    return NAN;
}

/* The best fit's qdamp; the others' spread about it is its uncertainty. */
static void conclude(damping *out, const deepstruc_fit *fit, size_t n)
{
    const deepstruc_fit *best = NULL;
    double sum = 0, square = 0, assumed = out->qdamp;
    for (size_t i = 0; i < n; i++)
        if (!isnan(qdamp_of(&fit[i])) && (!best || fit[i].rw < best->rw))
            best = &fit[i];
    if (!best)
        return;
    out->qdamp = qdamp_of(best);
    for (size_t i = 0; i < n; i++) {
        double off = qdamp_of(&fit[i]) - out->qdamp, weight = pow(best->rw / fit[i].rw, SHARPNESS);
        if (!isnan(off)) {
            sum += weight;
            square += weight * off * off;
        }
    }
    out->esd = fmax(LEAST_ESD, sqrt(square / sum));
    out->told = (out->qdamp >= LEAST || best->rw < SIMULATED) && fabs(out->qdamp - assumed) > CLEARLY;
}

static bool can_tell(const pool_entry *entry, size_t max_atoms)
{
    const deepstruc_candidate best = {.cluster = entry->cluster, .fit = entry->fit};
    return (deepstruc_candidate_diameter(&best) >= LARGE || entry->fit.rw < SIMULATED) &&
           (double)entry->cluster->n_atoms <= CAPPED * (double)max_atoms;
}

deepstruc_status damping_find(damping *out, candidate_pool *pool, const deepstruc_pdf *pdf,
                              const deepstruc_target *target, const deepstruc_solve_settings *settings, int threads,
                              const deepstruc_progress *progress, deepstruc_diag *diag)
{
    const deepstruc_refine_settings *refine = &settings->refine;
    *out = (damping){target->qdamp, target->qdamp_esd, false};
    pool_sort(pool);
    bool known = !isnan(refine->qdamp) || !isnan(pdf->qdamp) || target->terms;
    if (known || pool->n == 0 || !can_tell(&pool->entry[0], (size_t)settings->max_atoms))
        return DEEPSTRUC_OK;
    deepstruc_refine_settings whole = views_whole(refine, target, pdf, "delta2,qdamp");
    deepstruc_target *asked = NULL;
    whole.qdamp = target->qdamp;
    asking a = {.pool = pool};
    size_t n = pool->n < N_ASKED ? pool->n : N_ASKED;
    const crew_task task = {.work = ask, .user = &a};
    deepstruc_status status = deepstruc_target_create(&asked, pdf, &whole, diag);
    if (status == DEEPSTRUC_OK)
        status = crew_run(asked, n, threads, &task, "qdamp", 0, 1, progress, diag);
    deepstruc_target_destroy(asked);
    if (status == DEEPSTRUC_OK)
        conclude(out, a.fit, n);
    return status;
}

deepstruc_status damping_note(const damping *found, deepstruc_target *target)
{
    return notes_add(&target->assumed, "qdamp=%.3f: from the data, +- %.3f; not in the header", found->qdamp,
                     found->esd);
}
