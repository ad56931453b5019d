#include "model/sites_decode.h"

#include <stdlib.h>
#include <string.h>

/* The calibrated standard deviation: the factor is interpolated, and held beyond the ends. */
static double calibrated(const sites_model *m, double sd)
{
    size_t n = m->n_calibration, i = 0;
    if (n == 0)
        return sd;
    double x = log(sd);
    while (i + 2 < n && x > (double)m->calibration[i + 1][0])
        i++;
    const float *a = m->calibration[i], *b = m->calibration[n > 1 ? i + 1 : i];
    double width = (double)b[0] - (double)a[0], t = width > 0 ? (x - (double)a[0]) / width : 0;
    t = fmax(0, fmin(1, t));
    return sites_atoms_sd(sd * exp((1 - t) * (double)a[1] + t * (double)b[1]));
}

/* What the network reads, kept to where logarithms and standard deviations still have meanings: a factor of 2 of the
 * bond length, 1 to some 10^7 atoms, any width. Only a damaged network gets there. */
static const double LOG_LOW[3] = {-0.7, 0, -10}, LOG_HIGH[3] = {0.7, 16, 3};

sites_read sites_read_row(const real *y)
{
    double value[3], sd[3];
    for (int k = 0; k < 3; k++) {
        value[k] = sites_units[k].centre + sites_units[k].scale * (double)y[2 * k];
        value[k] = fmax(LOG_LOW[k], fmin(LOG_HIGH[k], value[k]));
        sd[k] = sites_units[k].scale * exp(5 * tanh((double)y[2 * k + 1] / 5));
    }
    return (sites_read){value[0], sd[0], value[1], sd[1], value[2], sd[2], (double)y[FACT_SCALE_LOGIT]};
}

sites_read sites_read_facts(const sites_model *m, const sites_buffers *b, size_t i)
{
    sites_read read = sites_read_row(b->facts + i * SITES_FACTS);
    read.log_atoms_sd = calibrated(m, read.log_atoms_sd);
    return read;
}

/* The most probable frame of a family, or one drawn; *probability is its share of all frames. */
static int choose_frame(const frame_set *frames, const real *logits, int family, random_stream *random,
                        double *probability)
{
    real p[FRAME_COUNT], all[FRAME_COUNT], allowed[FRAME_COUNT];
    for (int k = 0; k < FRAME_COUNT; k++) {
        bool is_allowed = family == FRAME_N_FAMILIES || (int)frames->frame[k].family == family;
        allowed[k] = is_allowed ? logits[k] : logits[k] - 1000;
    }
    nn_softmax(all, logits, 1, FRAME_COUNT);
    nn_softmax(p, allowed, 1, FRAME_COUNT);
    int best = 0;
    for (int k = 1; k < FRAME_COUNT; k++)
        best = p[k] > p[best] ? k : best;
    if (random) {
        double left = random_uniform(random, 0, 1);
        for (int k = 0; k < FRAME_COUNT; k++) {
            left -= (double)p[k];
            if (left < 0) {
                best = k;
                break;
            }
        }
    }
    *probability = (double)all[best];
    return best;
}

enum { LAYERS = SITES_LAYERS };

/* The likeliest letters of a stacking's layers, no two neighbours alike: for each layer and letter the summed evidence
 * of its sites above the level, then the best path through the layers. */
static void choose_letters(const frame *f, const real *logit, real level, int letter[LAYERS])
{
    double score[LAYERS][3] = {{0}}, best[LAYERS][3];
    int from[LAYERS][3];
    for (size_t i = 0; i < f->n_sites; i++)
        if (logit[i] > level)
            score[f->layer[i] + LAYERS / 2][(int)f->letter[i]] += (double)(logit[i] - level);
    for (int l = 0; l < LAYERS; l++)
        for (int a = 0; a < 3; a++) {
            int b = (a + 1) % 3, c = (a + 2) % 3;
            from[l][a] = l && best[l - 1][c] > best[l - 1][b] ? c : b;
            best[l][a] = score[l][a] + (l ? best[l - 1][from[l][a]] : 0);
        }
    int a = 0;
    for (int k = 1; k < 3; k++)
        a = best[LAYERS - 1][k] > best[LAYERS - 1][a] ? k : a;
    for (int l = LAYERS - 1; l >= 0; l--) {
        letter[l] = a;
        a = from[l][a];
    }
}

enum { EMPTY, UNVISITED, FIRST_PART };

/* Whether each atom but the first has an occupied neighbour before it: then all hang together. Sites stand in order of
 * their distance from the middle and neighbours in order of their sites, so for most shapes one look per atom tells. */
static bool grows_from_its_first(const frame *f, const uint16_t *state, const frame_shape *shape)
{
    for (size_t i = 1; i < shape->n_atoms; i++) {
        uint16_t site = shape->site[i];
        const uint16_t *list = f->neighbour + (size_t)site * FRAME_NEIGHBOURS;
        size_t k = 0;
        while (k < FRAME_NEIGHBOURS && list[k] < site && state[list[k]] != UNVISITED)
            k++;
        if (k == FRAME_NEIGHBOURS || list[k] >= site)
            return false;
    }
    return true;
}

/* Marks everything that hangs together with `site` as `part`; how many sites that is. */
static size_t mark_part(const frame *f, uint16_t *state, uint16_t site, uint16_t part)
{
    uint16_t stack[FRAME_MAX_SITES];
    size_t depth = 0, size = 1;
    stack[depth++] = site;
    state[site] = part;
    while (depth > 0) {
        const uint16_t *list = f->neighbour + (size_t)stack[--depth] * FRAME_NEIGHBOURS;
        for (size_t k = 0; k < FRAME_NEIGHBOURS && list[k] != FRAME_NOWHERE; k++)
            if (state[list[k]] == UNVISITED) {
                state[list[k]] = part;
                stack[depth++] = list[k];
                size++;
            }
    }
    return size;
}

/* Leaves the largest connected part; ties go to the one with the site nearest to the origin. */
static void keep_largest_part(const frame *f, frame_shape *shape)
{
    uint16_t state[FRAME_MAX_FAR_SITES];
    memset(state, 0, f->n_sites * sizeof *state);
    for (size_t i = 0; i < shape->n_atoms; i++)
        state[shape->site[i]] = UNVISITED;
    if (grows_from_its_first(f, state, shape))
        return;
    size_t largest = 0;
    uint16_t part = FIRST_PART, chosen = FIRST_PART;
    for (size_t i = 0; i < shape->n_atoms && 2 * largest < shape->n_atoms; i++) { /* half or more: no other is larger */
        if (state[shape->site[i]] != UNVISITED)
            continue;
        size_t size = mark_part(f, state, shape->site[i], part);
        if (size > largest) {
            largest = size;
            chosen = part;
        }
        part++;
    }
    if (largest == shape->n_atoms)
        return;
    size_t n = 0;
    for (size_t i = 0; i < shape->n_atoms; i++)
        if (state[shape->site[i]] == chosen)
            shape->site[n++] = shape->site[i];
    shape->n_atoms = n;
}

/* What the sites' log-odds weigh beside the log-likelihood of the count. Where a shape is known, sites and count agree,
 * and the sites are sharper. Where it is new, the sites lean to the nearest known shape, and a count that is further
 * off than ACCORD standard deviations gives that away: then it is the count that is believed. Chosen on fresh random
 * cuts and on shapes held out of a training of their own, see docs/model-sites.md. */
static const double EVIDENCE = 2, EVIDENCE_OF_NEW = 0.1, ACCORD = 2;

typedef struct {
    real logit;
    uint16_t site;
} ranked_site;

static int by_logit(const void *va, const void *vb)
{
    const ranked_site *a = va, *b = vb;
    return a->logit != b->logit ? (a->logit > b->logit ? -1 : 1) : (int)a->site - (int)b->site;
}

/* How far a number of sites is from what is known of the count, in its standard deviations. */
static double count_off(const sites_count *count, size_t n)
{
    return (log((double)n) - count->mean) / count->sd;
}

/* The number of sites, the likeliest first, that is likeliest itself; 0 of none. */
static size_t likeliest_number(const ranked_site *ranked, size_t n, real level, const sites_count *count,
                               double evidence)
{
    size_t best_n = 0;
    double sum = 0, best = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        double off = count_off(count, i + 1);
        sum += evidence * (double)(ranked[i].logit - level);
        if (sum - off * off / 2 > best) {
            best = sum - off * off / 2;
            best_n = i + 1;
        }
    }
    return best_n;
}

/* The level that takes the likeliest number of sites, given their logits and what else is known of it. */
static real choose_level(const frame *f, const real *logit, const int *letter, real level, const sites_count *count)
{
    ranked_site ranked[FRAME_MAX_SITES];
    size_t n = 0;
    for (size_t i = 0; i < f->n_sites; i++)
        if (!letter || letter[f->layer[i] + LAYERS / 2] == f->letter[i])
            ranked[n++] = (ranked_site){logit[i], (uint16_t)i};
    qsort(ranked, n, sizeof *ranked, by_logit);
    size_t n_taken = likeliest_number(ranked, n, level, count, EVIDENCE);
    if (n_taken > 0 && fabs(count_off(count, n_taken)) > ACCORD)
        n_taken = likeliest_number(ranked, n, level, count, EVIDENCE_OF_NEW);
    return n_taken < n ? ranked[n_taken].logit : (real)-INFINITY;
}

void sites_read_shape(const frame *f, const real *logit, const int *letter, real level, const sites_count *count,
                      frame_shape *shape)
{
    if (count)
        level = choose_level(f, logit, letter, level, count);
    size_t n = 0;
    for (size_t i = 0; i < f->n_sites; i++) { /* writing always is quicker than a branch that nothing predicts */
        bool in = !letter || letter[f->layer[i] + LAYERS / 2] == f->letter[i];
        shape->site[n] = (uint16_t)i;
        n += in & (logit[i] > level);
    }
    shape->n_atoms = n;
    keep_largest_part(f, shape);
}

static void read_shape(const frame *f, const real *logit, real level, const sites_count *count, frame_shape *shape)
{
    int letter[LAYERS];
    bool stacked = f->family == FRAME_STACKING;
    if (stacked)
        choose_letters(f, logit, level, letter);
    sites_read_shape(f, logit, stacked ? letter : NULL, level, count, shape);
}

void sites_decode_shapes(const sites_model *m, sites_buffers *b, size_t n, const sites_choice *choice,
                         sites_decoded *out)
{
    size_t n_last = (size_t)m->sizes.n_last;
    sites_decode(m, b, n);
    for (size_t i = 0; i < n; i++)
        out[i].shape.frame = choose_frame(m->frames, b->frame_logits + i * FRAME_COUNT,
                                          choice->family ? choice->family[i] : FRAME_N_FAMILIES, choice->random,
                                          &out[i].frame_probability);
    for (int k = 0; k < FRAME_COUNT; k++) {
        const frame *f = &m->frames->frame[k];
        size_t rows = 0;
        for (size_t i = 0; i < n; i++)
            if (out[i].shape.frame == k)
                memcpy(b->sorted + rows++ * n_last, sites_last(b) + i * n_last, n_last * sizeof *b->sorted);
        if (rows == 0)
            continue;
        sites_frame_logits(m, k, b->sorted, b->site_logits, rows);
        size_t at = 0;
        for (size_t i = 0; i < n; i++)
            if (out[i].shape.frame == k) {
                double level = choice->random ? choice->level_spread * random_normal(choice->random) : 0;
                read_shape(f, b->site_logits + at++ * f->n_sites, (real)level, choice->count ? &choice->count[i] : NULL,
                           &out[i].shape);
            }
    }
}
