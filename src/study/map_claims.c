#include "study/map_claims.h"

#include <math.h>
#include <string.h>

#include <deepstruc/cluster.h>

#include "base/json.h"

typedef struct {
    double x, y, atoms, hexagonality;
    const char *type;
} place;

static place place_at(const json_t *points, size_t i)
{
    const json_t *p = json_array_get(points, i);
    return (place){json_number_value(json_array_get(p, 0)), json_number_value(json_array_get(p, 1)),
                   json_number_value(json_array_get(p, 3)), json_number_value(json_array_get(p, 4)),
                   json_string_value(json_array_get(p, 2))};
}

static bool is(const place *p, deepstruc_type type)
{
    return p->type && strcmp(p->type, deepstruc_type_name(type)) == 0;
}

static double squared(const place *a, const place *b)
{
    return (a->x - b->x) * (a->x - b->x) + (a->y - b->y) * (a->y - b->y);
}

/* ---- statistics ------------------------------------------------------------------------------------------------- */

typedef bool which(const place *p);

static bool is_octahedron(const place *p)
{
    return is(p, DEEPSTRUC_TYPE_OCTAHEDRON);
}

static bool is_no_octahedron(const place *p)
{
    return !is_octahedron(p);
}

static bool is_decahedron(const place *p)
{
    return is(p, DEEPSTRUC_TYPE_DECAHEDRON);
}

static bool is_pure(const place *p)
{
    return is(p, DEEPSTRUC_TYPE_FCC) || is(p, DEEPSTRUC_TYPE_HCP);
}

static bool is_faulted(const place *p)
{
    return !is_pure(p);
}

static bool has_few(const place *p)
{
    return is_faulted(p) && p->hexagonality <= 0.25;
}

static bool has_many(const place *p)
{
    return is_faulted(p) && p->hexagonality >= 0.75;
}

/* Of the points `of`, the share whose nearest point `among` the others is of a type; NaN when there are none. */
static double share_beside(const json_t *points, which *of, which *among, deepstruc_type type)
{
    double n = 0, right = 0;
    for (size_t i = 0; i < json_array_size(points); i++) {
        place p = place_at(points, i), nearest = {0};
        double best = INFINITY;
        if (!of(&p))
            continue;
        for (size_t j = 0; j < json_array_size(points); j++) {
            place q = place_at(points, j);
            if (j != i && among(&q) && squared(&p, &q) < best) {
                best = squared(&p, &q);
                nearest = q;
            }
        }
        n++;
        right += is(&nearest, type);
    }
    return right / n;
}

static place middle_of(const json_t *points, deepstruc_type type)
{
    place sum = {0};
    double n = 0;
    for (size_t i = 0; i < json_array_size(points); i++) {
        place p = place_at(points, i);
        if (!is(&p, type))
            continue;
        sum.x += p.x;
        sum.y += p.y;
        n++;
    }
    return (place){.x = sum.x / n, .y = sum.y / n};
}

static double share_between(const json_t *points, which *of)
{
    place a = middle_of(points, DEEPSTRUC_TYPE_FCC), b = middle_of(points, DEEPSTRUC_TYPE_HCP);
    double n = 0, between = 0;
    for (size_t i = 0; i < json_array_size(points); i++) {
        place p = place_at(points, i);
        double along = ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / squared(&a, &b);
        if (!of(&p))
            continue;
        n++;
        between += along > 0 && along < 1;
    }
    return between / n;
}

static double share_of_fcc(const json_t *points)
{
    double n = 0, fcc = 0;
    for (size_t i = 0; i < json_array_size(points); i++) {
        place p = place_at(points, i);
        n += is_no_octahedron(&p);
        fcc += is(&p, DEEPSTRUC_TYPE_FCC);
    }
    return fcc / n;
}

/* Multiple correlation of a value with the two coordinates: of the value with its best linear prediction. */
static double correlation(const json_t *points, double (*value)(const place *p))
{
    double n = (double)json_array_size(points), mean[3] = {0}, s[3][3] = {{0}};
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < json_array_size(points); i++) {
            place p = place_at(points, i);
            double v[3] = {p.x, p.y, value(&p)};
            for (int a = 0; a < 3; a++)
                for (int b = 0; b < 3; b++)
                    if (pass == 1)
                        s[a][b] += (v[a] - mean[a]) * (v[b] - mean[b]) / n;
                    else if (b == 0)
                        mean[a] += v[a] / n;
        }
    double det = s[0][0] * s[1][1] - s[0][1] * s[0][1];
    double explained =
        (s[0][2] * (s[1][1] * s[0][2] - s[0][1] * s[1][2]) + s[1][2] * (s[0][0] * s[1][2] - s[0][1] * s[0][2])) / det;
    return sqrt(explained / s[2][2]);
}

static double log_atoms(const place *p)
{
    return log(p->atoms);
}

static double hexagonality(const place *p)
{
    return p->hexagonality;
}

/* ---- the rows --------------------------------------------------------------------------------------------------- */

static json_t *evaluation_of(const json_t *points, json_t *row)
{
    return json_pack("{s:I,s:[o]}", "n", (json_int_t)json_array_size(points), "rows", row);
}

json_t *map_claims_types(const json_t *points, const char *method)
{
    json_t *row = json_pack("{s:s}", "method", method);
    json_object_set_new(row, "octahedra_beside_fcc",
                        json_number(share_beside(points, is_octahedron, is_no_octahedron, DEEPSTRUC_TYPE_FCC)));
    json_object_set_new(row, "fcc_share", json_number(share_of_fcc(points)));
    json_object_set_new(row, "decahedra_between", json_number(share_between(points, is_decahedron)));
    json_object_set_new(row, "size_correlation", json_number(correlation(points, log_atoms)));
    return evaluation_of(points, row);
}

json_t *map_claims_stackings(const json_t *points, const char *method)
{
    json_t *row = json_pack("{s:s}", "method", method);
    json_object_set_new(row, "hexagonality_correlation", json_number(correlation(points, hexagonality)));
    json_object_set_new(row, "few_faults_near_fcc",
                        json_number(share_beside(points, has_few, is_pure, DEEPSTRUC_TYPE_FCC)));
    json_object_set_new(row, "many_faults_near_hcp",
                        json_number(share_beside(points, has_many, is_pure, DEEPSTRUC_TYPE_HCP)));
    json_object_set_new(row, "faulted_between", json_number(share_between(points, is_faulted)));
    return evaluation_of(points, row);
}
