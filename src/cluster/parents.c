#include "cluster/parents.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "cluster/builders.h"

/* ---- one site ------------------------------------------------------------------------------------------------- */

typedef struct {
    const parent *from;
    double reach2;
    site_list *out;
    bool failed;
} sink;

static void offer(sink *to, double x, double y, double z)
{
    x -= to->from->centre[0], y -= to->from->centre[1], z -= to->from->centre[2];
    site_list *out = to->out;
    if (!(x * x + y * y + z * z <= to->reach2))
        return;
    if (3 * out->n + 3 > out->capacity && !MEMORY_GROW(&out->xyz, &out->capacity, 3 * out->n + 3))
        to->failed = true;
    else
        out->n = put_atom(out->xyz, out->n, x, y, z);
}

/* ---- cubic lattices ------------------------------------------------------------------------------------------- */

/* Half of what a line through the ball is long, at this distance from the middle; 0 outside. */
static double half_chord(double reach2, double off2)
{
    return reach2 > off2 ? sqrt(reach2 - off2) : 0;
}

/* Each site of the cell makes a simple cubic lattice; its lines along z are entered where they enter the ball. */
static void offer_cubic(sink *to, double reach)
{
    static const double bases[3][4][3] = {{{0}}, {{0}, {.5, .5, .5}}, {{0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}}};
    static const int n_basis[3] = {1, 2, 4};
    int kind = to->from->kind;
    double edge = kind == PARENT_FCC ? sqrt(2) : 1;
    for (int s = 0; s < n_basis[kind]; s++) {
        double c[3]; /* the centre from this lattice's origin, in cells */
        for (int k = 0; k < 3; k++)
            c[k] = to->from->centre[k] / edge - bases[kind][s][k];
        double r2 = reach * reach / (edge * edge), r = sqrt(r2);
        for (int i = (int)ceil(c[0] - r); i <= (int)floor(c[0] + r); i++) {
            double x2 = (i - c[0]) * (i - c[0]), y = half_chord(r2, x2);
            for (int j = (int)ceil(c[1] - y); j <= (int)floor(c[1] + y); j++) {
                double z = half_chord(r2, x2 + (j - c[1]) * (j - c[1]));
                for (int k = (int)ceil(c[2] - z); k <= (int)floor(c[2] + z); k++)
                    offer(to, (i + bases[kind][s][0]) * edge, (j + bases[kind][s][1]) * edge,
                          (k + bases[kind][s][2]) * edge);
            }
        }
    }
}

/* ---- close-packed layers -------------------------------------------------------------------------------------- */

static const double layer_height = 0.81649658092772603; /* sqrt(2/3) */

/* 0, 1, 2 for A, B, C; -1 where there is no layer. */
static int letter(const parent *from, int layer)
{
    if (from->kind == PARENT_HCP)
        return layer & 1;
    if (from->kind == PARENT_TWIN)
        return (layer < 0 ? -layer : layer) % 3;
    return layer >= 0 && layer < (int)strlen(from->sequence) ? from->sequence[layer] - 'A' : -1;
}

static void offer_layers(sink *to, double reach)
{
    const double *c = to->from->centre, row = sqrt(3) / 2, h = layer_height;
    for (int layer = (int)ceil((c[2] - reach) / h); layer <= (int)floor((c[2] + reach) / h); layer++) {
        int shift = letter(to->from, layer);
        if (shift < 0)
            continue;
        double z = layer * h, x0 = shift * 0.5, y0 = shift * row / 3;
        double disc = half_chord(to->reach2, (z - c[2]) * (z - c[2])), disc2 = disc * disc;
        for (int j = (int)ceil((c[1] - y0 - disc) / row); j <= (int)floor((c[1] - y0 + disc) / row); j++) {
            double y = y0 + j * row, first = x0 + j * 0.5, half = half_chord(disc2, (y - c[1]) * (y - c[1]));
            for (int i = (int)ceil(c[0] - half - first); i <= (int)floor(c[0] + half - first); i++)
                offer(to, first + i, y, z);
        }
    }
}

/* ---- multiply twinned ----------------------------------------------------------------------------------------- */

static void offer_column(sink *to, double x, double y, double shift, double reach)
{
    double z = to->from->centre[2];
    for (int k = (int)floor(z - reach - shift); k <= (int)ceil(z + reach - shift); k++)
        offer(to, x, y, k + shift);
}

/* Column i of `ring` in each wedge, half a bond higher in odd rings. */
static void offer_decahedron(sink *to, double reach)
{
    const double *c = to->from->centre, spacing = sqrt(3) / 2;
    double inner = spacing * cos(M_PI / 5); /* from the axis to the middle of ring 1's sides */
    int n_rings = (int)((reach + sqrt(c[0] * c[0] + c[1] * c[1])) / inner) + 1;
    offer_column(to, 0, 0, 0, reach);
    for (int ring = 1; ring <= n_rings; ring++)
        for (int wedge = 0; wedge < 5; wedge++) {
            double u[2], v[2];
            decahedron_column(wedge + 4, u);
            decahedron_column(wedge, v);
            for (int i = 0; i < ring; i++)
                offer_column(to, spacing * ((ring - i) * u[0] + i * v[0]), spacing * ((ring - i) * u[1] + i * v[1]),
                             ring % 2 * 0.5, reach);
        }
}

static void offer_site(void *user, const double x[3], int corner)
{
    (void)corner;
    offer(user, x[0], x[1], x[2]);
}

static void offer_icosahedron(sink *to, double reach)
{
    const double *c = to->from->centre, inner = 0.7946544722917661; /* radius of the inscribed sphere of corners at 1 */
    int n_shells = (int)((reach + sqrt(c[0] * c[0] + c[1] * c[1] + c[2] * c[2])) / inner) + 1;
    offer(to, 0, 0, 0);
    for (int shell = 1; shell <= n_shells; shell++)
        icosahedron_shell(shell, offer_site, to);
}

bool parent_sites(const parent *from, double reach, site_list *out)
{
    double padded = reach + SITE_TOLERANCE, volume = 4.2 * padded * padded * padded;
    sink to = {.from = from, .reach2 = padded * padded, .out = out};
    if (!MEMORY_GROW(&out->xyz, &out->capacity, 3 * (out->n + (size_t)(volume * sqrt(2)) + 64))) /* as dense as fcc */
        return false;
    if (from->kind <= PARENT_FCC)
        offer_cubic(&to, padded);
    else if (from->kind <= PARENT_TWIN)
        offer_layers(&to, padded);
    else if (from->kind == PARENT_DECAHEDRON)
        offer_decahedron(&to, padded);
    else
        offer_icosahedron(&to, padded);
    return !to.failed;
}
