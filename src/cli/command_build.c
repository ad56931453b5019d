/* deepstruc build: one ideal nanoparticle. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <deepstruc/cluster.h>

#include "cli/cli.h"

typedef struct {
    const char *layers, *size, *pqr, *element;
    long shells, length, cut;
    double bond_length, biso;
} settings;

#define ROW(field, name, kind, ...)                                                                                    \
    {                                                                                                                  \
        name, kind, offsetof(settings, field), __VA_ARGS__                                                             \
    }
static const deepstruc_field shape_fields[] = {
    ROW(layers, "layers", DEEPSTRUC_FIELD_TEXT, 0, 0, true, "H,K,L", "sc, bcc, fcc: layers along {100}, {110}, {111}"),
    ROW(size, "size", DEEPSTRUC_FIELD_TEXT, 0, 0, true, "A,B[,C]",
        "hcp: repeats of the cell; layers: atoms along a layer's edges"),
    ROW(shells, "shells", DEEPSTRUC_FIELD_LONG, 0, 45, true, "N", "icosahedron: shells, the central atom counted"),
    ROW(pqr, "pqr", DEEPSTRUC_FIELD_TEXT, 0, 0, true, "P,Q,R",
        "decahedron: {100} faces P across and Q high, notches R deep"),
    ROW(length, "length", DEEPSTRUC_FIELD_LONG, 0, 100, true, "N", "octahedron: atoms along an edge"),
    ROW(cut, "cut", DEEPSTRUC_FIELD_LONG, 0, 50, true, "C", "octahedron: layers taken off each corner"),
    {0}};
static const deepstruc_field atom_fields[] = {
    ROW(element, "element", DEEPSTRUC_FIELD_TEXT, 0, 0, true, "SYMBOL", "element of the atoms"),
    ROW(bond_length, "bond-length", DEEPSTRUC_FIELD_DOUBLE, 0.1, 100, true, "Å",
        "bond length (sc, bcc: lattice constant); default: twice the metallic radius"),
    ROW(biso, "biso", DEEPSTRUC_FIELD_DOUBLE, 0, 100, false, "Å^2", "Biso written into a .stru file"),
    {0}};
#undef ROW

/* "1,2,3" as n whole numbers. */
static bool whole_numbers(const char *text, int n, int *out)
{
    for (int k = 0; k < n; k++) {
        char *end;
        long value = text ? strtol(text, &end, 10) : 0;
        if (!text || end == text || labs(value) > 1000000 || *end != (k + 1 < n ? ',' : '\0'))
            return false;
        out[k] = (int)value;
        text = end + 1;
    }
    return true;
}

/* The recipe that the words ask for; a usage error otherwise. */
static int read_recipe(const cli_call *call, const settings *s, deepstruc_recipe *recipe)
{
    static const struct {
        const char *name;
        deepstruc_recipe (*make)(int, int, int);
    } cubic[] = {{"sc", deepstruc_recipe_sc}, {"bcc", deepstruc_recipe_bcc}, {"fcc", deepstruc_recipe_fcc}};
    const char *type = call->operands[0];
    int p[3];
    if ((call->n_operands == 2) != (strcmp(type, "layers") == 0))
        return cli_usage(call, "wants one type, or layers and a sequence such as ABCABA");
    for (int i = 0; i < 3; i++)
        if (strcmp(type, cubic[i].name) == 0) {
            if (!whole_numbers(s->layers, 3, p))
                return cli_usage(call, "%s wants --layers H,K,L", type);
            *recipe = cubic[i].make(p[0], p[1], p[2]);
            return CLI_CONTINUE;
        }
    if (strcmp(type, "hcp") == 0) {
        if (!whole_numbers(s->size, 3, p))
            return cli_usage(call, "hcp wants --size A,B,C");
        *recipe = deepstruc_recipe_hcp(p[0], p[1], p[2]);
    } else if (strcmp(type, "icosahedron") == 0) {
        if (s->shells < 1)
            return cli_usage(call, "icosahedron wants --shells N");
        *recipe = deepstruc_recipe_icosahedron((int)s->shells);
    } else if (strcmp(type, "decahedron") == 0) {
        if (!whole_numbers(s->pqr, 3, p))
            return cli_usage(call, "decahedron wants --pqr P,Q,R");
        *recipe = deepstruc_recipe_decahedron(p[0], p[1], p[2]);
    } else if (strcmp(type, "octahedron") == 0) {
        if (s->length < 1)
            return cli_usage(call, "octahedron wants --length N");
        *recipe = deepstruc_recipe_octahedron((int)s->length, (int)s->cut);
    } else if (strcmp(type, "layers") == 0) {
        if (!whole_numbers(s->size, 2, p))
            return cli_usage(call, "layers wants --size A,B");
        *recipe = deepstruc_recipe_layers(call->operands[1], p[0], p[1]);
    } else {
        return cli_usage(
            call, "'%s' is no type; there are sc, bcc, fcc, hcp, icosahedron, decahedron, octahedron, layers", type);
    }
    return CLI_CONTINUE;
}

static bool ends_with(const char *path, const char *ending)
{
    size_t n = strlen(path), m = strlen(ending);
    return n >= m && strcmp(path + n - m, ending) == 0;
}

static int build_and_write(const cli_call *call, const settings *s, const deepstruc_recipe *recipe)
{
    deepstruc_cluster *cluster;
    deepstruc_diag diag;
    deepstruc_status status = deepstruc_cluster_build(&cluster, recipe, s->bond_length, s->element, &diag);
    if (status != DEEPSTRUC_OK)
        return status == DEEPSTRUC_BAD_ARGUMENT ? cli_usage(call, "%s", diag.message) : cli_fail(&diag);
    const char *path = call->common.output ? call->common.output : "-";
    if (ends_with(path, ".cif"))
        status = deepstruc_cluster_write_cif(cluster, path, call->common.force, &diag);
    else if (ends_with(path, ".stru"))
        status = deepstruc_cluster_write_stru(cluster, path, s->biso, call->common.force, &diag);
    else
        status = deepstruc_cluster_write_xyz(cluster, path, NULL, call->common.force, &diag);
    deepstruc_cluster_destroy(cluster);
    return status == DEEPSTRUC_OK ? CLI_OK : cli_fail(&diag);
}

static int run(cli_call *call)
{
    settings s = {.element = "Au", .bond_length = NAN, .biso = 0.3};
    const cli_group groups[] = {{"Shape", shape_fields, &s}, {"Atoms", atom_fields, &s}, {0}};
    deepstruc_recipe recipe;
    int code = cli_parse(call, groups, 1, 2);
    if (code == CLI_CONTINUE)
        code = read_recipe(call, &s, &recipe);
    if (code != CLI_CONTINUE)
        return code;
    if (strcmp(s.element, "X") != 0 && !deepstruc_element_known(s.element))
        return cli_usage(call, "'%s' is no element", s.element);
    if (isnan(s.bond_length))
        s.bond_length = 2 * deepstruc_element_metallic_radius(s.element);
    if (isnan(s.bond_length))
        return cli_usage(call, "the metallic radius of %s is not tabulated: say --bond-length", s.element);
    return build_and_write(call, &s, &recipe);
}

const cli_command cli_command_build = {
    .name = "build",
    .operands = "TYPE [SEQUENCE] [-o X.xyz]",
    .summary = "One ideal nanoparticle as atoms",
    .details = "Writes XYZ, CIF or PDFfit .stru by the ending of -o; XYZ on standard output without it.\n\n"
               "  deepstruc build fcc --layers 3,6,7 -o a.xyz          (sc and bcc alike)\n"
               "  deepstruc build hcp --size 4,4,4 --element Co\n"
               "  deepstruc build icosahedron --shells 4\n"
               "  deepstruc build decahedron --pqr 3,2,1 --bond-length 2.88\n"
               "  deepstruc build octahedron --length 6 --cut 1 -o a.cif\n"
               "  deepstruc build layers ABCABA --size 4,5",
    .run = run,
};
