#include "dataset/layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"

static const double HEIGHT = 0.816496580927726; /* sqrt(2/3): of a layer above the next */

/* ---- sequences -------------------------------------------------------------------------------------------------- */

static void describe(layers_sequence *s)
{
    layers_alike alike;
    for (int i = 0; i < s->n_layers; i++)
        for (int j = i + 1; j < s->n_layers; j++)
            alike[i][j] = s->letters[i] == s->letters[j];
    layers_describe(s->n_layers, alike, s->number);
}

static void list_sequences(layers_set *set)
{
    for (int n_layers = LAYERS_FEWEST; n_layers <= LAYERS_MOST; n_layers++)
        for (int k = 0; sequence_spell(n_layers, k, set->sequence[set->n_sequences].letters); k++) {
            set->sequence[set->n_sequences].n_layers = n_layers;
            describe(&set->sequence[set->n_sequences++]);
            if (set->n_sequences == LAYERS_SEQUENCES)
                return;
        }
}

/* The letters spelled anew, A and B first; reversed if asked for. */
static void spell_anew(const char *letters, bool reversed, char out[SEQUENCE_TEXT])
{
    size_t n = strlen(letters);
    char name[3] = {0}, next = 'A';
    for (size_t i = 0; i < n; i++) {
        int letter = letters[reversed ? n - 1 - i : i] - 'A';
        if (!name[letter])
            name[letter] = next++;
        out[i] = name[letter];
    }
    out[n] = '\0';
}

int layers_find(const layers_set *set, const char *letters)
{
    char spelled[2][SEQUENCE_TEXT];
    if (strlen(letters) >= SEQUENCE_TEXT || strspn(letters, "ABC") != strlen(letters))
        return -1;
    for (int reversed = 0; reversed < 2; reversed++)
        spell_anew(letters, reversed, spelled[reversed]);
    for (size_t i = 0; i < set->n_sequences; i++)
        if (strcmp(set->sequence[i].letters, spelled[0]) == 0 || strcmp(set->sequence[i].letters, spelled[1]) == 0)
            return (int)i;
    return -1;
}

/* ---- the table -------------------------------------------------------------------------------------------------- */

/* How far a layer's sites reach: a body with a layer that high has at most so many atoms in each. */
static double reach_of(int layer)
{
    const double side = sqrt((double)LAYERS_MOST_ATOMS / (layer + 1)), widest = 6.8;
    return fmin(widest, sqrt(0.75) * (side - 1) + 1.85);
}

/* The first layer is A and the second B, so the third is not B. */
static bool may_be(int layer, int letter)
{
    return layer == 0 ? letter == 0 : layer == 1 ? letter == 1 : layer > 2 || letter != 1;
}

static double preference_at(const double r[3], int layer)
{
    double x = r[0], y = r[1], z = 0.3 * layer;
    return 0.53 * x * x + 0.21 * x * y + 0.31 * x + 0.17 * y + (0.13 * x + 0.29 * y) * z + 0.011 * x * x * x +
           0.007 * y * y * y + 0.019 * x * x * y + 0.023 * (x * x + y * y) * z;
}

static void find_neighbours(frame *f)
{
    for (size_t i = 0; i < f->n_sites; i++) {
        uint16_t *list = f->neighbour + i * FRAME_NEIGHBOURS;
        size_t n = 0;
        for (size_t j = 0; j < f->n_sites && n < FRAME_NEIGHBOURS; j++) {
            double x = f->site[i][0] - f->site[j][0], y = f->site[i][1] - f->site[j][1],
                   z = f->site[i][2] - f->site[j][2], d2 = x * x + y * y + z * z;
            if (d2 > 0.95 && d2 < 1.05)
                list[n++] = (uint16_t)j;
        }
        while (n < FRAME_NEIGHBOURS)
            list[n++] = FRAME_NOWHERE;
    }
}

static size_t walk_sites(layers_set *set, bool write)
{
    size_t n = 0;
    for (int layer = 0; layer < LAYERS_MOST; layer++)
        for (int u = -LAYERS_HALF; u <= LAYERS_HALF; u++)
            for (int v = -LAYERS_HALF; v <= LAYERS_HALF; v++) {
                int letter = ((u % 3) + 3) % 3;
                double r[3] = {(u + 0.5 * v) / 3, sqrt(0.75) * v / 3, layer * HEIGHT};
                if (((v % 3) + 3) % 3 != letter || !may_be(layer, letter) || hypot(r[0], r[1]) > reach_of(layer))
                    continue;
                if (write) {
                    memcpy(set->table.site[n], r, sizeof r);
                    set->table.layer[n] = (int8_t)layer;
                    set->table.letter[n] = (int8_t)letter;
                    set->preference[n] = preference_at(r, layer);
                    set->index[layer][u + LAYERS_HALF][v + LAYERS_HALF] = (uint16_t)n;
                    set->digest = (set->digest ^ (uint64_t)(u + 100 * v + 10000 * layer)) * 0x100000001b3u;
                }
                n++;
            }
    return n;
}

deepstruc_status layers_set_create(layers_set **out, deepstruc_diag *diag)
{
    layers_set *set = memory_zeroed(1, sizeof *set);
    if (!set)
        return diag_no_memory(diag);
    list_sequences(set);
    frame *f = &set->table;
    f->family = FRAME_STACKING;
    f->n_sites = walk_sites(set, false);
    f->site = memory_zeroed(f->n_sites, sizeof *f->site);
    f->layer = memory_zeroed(f->n_sites, 1);
    f->letter = memory_zeroed(f->n_sites, 1);
    f->neighbour = memory_zeroed(f->n_sites * FRAME_NEIGHBOURS, sizeof *f->neighbour);
    set->preference = memory_zeroed(f->n_sites, sizeof *set->preference);
    if (!f->site || !f->layer || !f->letter || !f->neighbour || !set->preference) {
        layers_set_destroy(set);
        return diag_no_memory(diag);
    }
    memset(set->index, 0xff, sizeof set->index); /* FRAME_NOWHERE */
    set->digest = 0xcbf29ce484222325u;
    walk_sites(set, true);
    find_neighbours(f);
    *out = set;
    return DEEPSTRUC_OK;
}

void layers_set_destroy(layers_set *set)
{
    if (!set)
        return;
    free(set->table.site);
    free(set->table.layer);
    free(set->table.letter);
    free(set->table.neighbour);
    free(set->preference);
    free(set);
}

/* ---- placing ---------------------------------------------------------------------------------------------------- */

/* Turned by `sixths` of a circle about an A column, mirrored at the line u = v or not: the twelve symmetries of one
 * layer. Turns by odd sixths change B with C. */
static layers_atom turned(layers_atom a, int sixths, bool mirrored)
{
    if (mirrored)
        a = (layers_atom){a.layer, a.v, a.u};
    for (; sixths > 0; sixths--)
        a = (layers_atom){a.layer, -a.v, a.u + a.v};
    return a;
}

/* The layers' letters; false unless each layer from 0 on has one. */
static bool read_letters(const layers_atom *atom, size_t n, char letters[SEQUENCE_TEXT])
{
    memset(letters, 0, SEQUENCE_TEXT);
    for (size_t i = 0; i < n; i++) {
        int u = ((atom[i].u % 3) + 3) % 3, v = ((atom[i].v % 3) + 3) % 3;
        if (u != v || atom[i].layer < 0 || atom[i].layer >= LAYERS_MOST)
            return false;
        char *letter = &letters[atom[i].layer];
        if (*letter && *letter != (char)('A' + u))
            return false;
        *letter = (char)('A' + u);
    }
    size_t n_layers = strlen(letters);
    for (size_t i = n_layers; i < SEQUENCE_TEXT; i++)
        if (letters[i])
            return false;
    return n_layers >= LAYERS_FEWEST;
}

/* Lattice steps that bring the first layer's middle nearest to the origin, in all ways that are equally near. */
enum { MOST_SHIFTS = 7 };
static size_t find_shifts(const layers_atom *atom, size_t n, int shift[MOST_SHIFTS][2])
{
    double u = 0, v = 0, in_first = 0, nearest = INFINITY;
    for (size_t i = 0; i < n; i++)
        if (atom[i].layer == 0) {
            u += atom[i].u;
            v += atom[i].v;
            in_first++;
        }
    u /= 3 * in_first;
    v /= 3 * in_first;
    size_t found = 0;
    for (int i = -1; i <= 1; i++)
        for (int j = -1; j <= 1; j++) {
            int a = (int)lround(u) + i, b = (int)lround(v) + j;
            double x = u - a, y = v - b, far = x * x + x * y + y * y;
            if (far > nearest + 1e-6)
                continue;
            found = far < nearest - 1e-6 ? 0 : found;
            nearest = fmin(far, nearest);
            if (found < MOST_SHIFTS) {
                shift[found][0] = -3 * a;
                shift[found++][1] = -3 * b;
            }
        }
    return found;
}

typedef struct {
    const layers_set *set;
    layers_structure best;
    double preference[LAYERS_MOST]; /* of the best's layers */
    bool any;
} placing;

/* Is the first layer in which they differ the larger? */
static bool preferred(const double a[LAYERS_MOST], const double b[LAYERS_MOST])
{
    for (int layer = 0; layer < LAYERS_MOST; layer++)
        if (fabs(a[layer] - b[layer]) > 1e-6)
            return a[layer] > b[layer];
    return false;
}

static void try_places(placing *p, const layers_atom *atom, size_t n)
{
    int shift[MOST_SHIFTS][2];
    size_t n_shifts = find_shifts(atom, n, shift);
    for (size_t s = 0; s < n_shifts; s++) {
        frame_shape trial = {.n_atoms = 0};
        double preference[LAYERS_MOST] = {0};
        for (size_t i = 0; i < n; i++) {
            int u = atom[i].u + shift[s][0] + LAYERS_HALF, v = atom[i].v + shift[s][1] + LAYERS_HALF;
            bool inside = u >= 0 && u <= 2 * LAYERS_HALF && v >= 0 && v <= 2 * LAYERS_HALF;
            uint16_t site = inside ? p->set->index[atom[i].layer][u][v] : FRAME_NOWHERE;
            if (site == FRAME_NOWHERE)
                break;
            trial.site[trial.n_atoms++] = site;
            preference[atom[i].layer] += p->set->preference[site];
        }
        if (trial.n_atoms == n && (!p->any || preferred(preference, p->preference))) {
            memcpy(p->preference, preference, sizeof preference);
            p->best.shape = trial;
            p->any = true;
        }
    }
}

static int by_number(const void *a, const void *b)
{
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

bool layers_place(const layers_set *set, const layers_atom *atom, size_t n, layers_structure *out)
{
    char letters[SEQUENCE_TEXT], spelled[SEQUENCE_TEXT];
    layers_atom moved[LAYERS_MOST_ATOMS];
    if (n == 0 || n > LAYERS_MOST_ATOMS || !read_letters(atom, n, letters))
        return false;
    placing p = {.set = set};
    p.best.sequence = layers_find(set, letters);
    if (p.best.sequence < 0)
        return false;
    int n_layers = (int)strlen(letters);
    for (int reversed = 0; reversed < 2; reversed++) {
        spell_anew(letters, reversed, spelled);
        if (strcmp(spelled, set->sequence[p.best.sequence].letters) != 0)
            continue;
        int first = letters[reversed ? n_layers - 1 : 0] - 'A';
        int second = letters[reversed ? n_layers - 2 : 1] - 'A';
        bool swaps = (second - first + 3) % 3 == 2; /* C follows A */
        for (int sixths = swaps; sixths < 6; sixths += 2)
            for (int mirrored = 0; mirrored < 2; mirrored++) {
                for (size_t i = 0; i < n; i++) {
                    layers_atom a = atom[i];
                    a.layer = reversed ? n_layers - 1 - a.layer : a.layer;
                    a.u -= first;
                    a.v -= first;
                    moved[i] = turned(a, sixths, mirrored);
                }
                try_places(&p, moved, n);
            }
    }
    if (!p.any)
        return false;
    qsort(p.best.shape.site, n, sizeof *p.best.shape.site, by_number);
    *out = p.best;
    return true;
}

bool layers_fit(const layers_set *set, const double *xyz, size_t n, double unit, layers_structure *out)
{
    const double near = 0.03;
    layers_atom atom[LAYERS_MOST_ATOMS];
    size_t lowest = 0;
    if (n == 0 || n > LAYERS_MOST_ATOMS)
        return false;
    for (size_t i = 1; i < n; i++)
        lowest = xyz[3 * i + 2] < xyz[3 * lowest + 2] ? i : lowest;
    for (size_t i = 0; i < n; i++) {
        double d[3];
        for (size_t c = 0; c < 3; c++)
            d[c] = (xyz[3 * i + c] - xyz[3 * lowest + c]) * unit;
        double layer = d[2] / HEIGHT, v = 3 * d[1] / sqrt(0.75), u = 3 * d[0] - v / 2;
        atom[i] = (layers_atom){(int)lround(layer), (int)lround(u), (int)lround(v)};
        if (!(fabs(layer - atom[i].layer) < near && fabs(u - atom[i].u) < near && fabs(v - atom[i].v) < near))
            return false;
    }
    return layers_place(set, atom, n, out);
}
