/* The original DeepStruc's training files: one structure each, type, element and size in the file's name, arrays
 * `Node Feature Matrix` (atoms x 3, Å), `Edge Directions` (2 x edges), `PDF label` (G(r) from 0 in steps of 0.01 Å). */
#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "dataset/hdf5.h"
#include "dataset/set.h"

static const double ORIGINAL_STEP = 0.01;
enum { MAX_EDGES = 1 << 24, MAX_PATH = 4096 };

typedef struct {
    double *xyz, *pdf;
    int64_t *edge; /* 2 x n_edges */
    size_t n_atoms, n_edges, n_points;
} original;

static void free_original(original *one)
{
    free(one->xyz);
    free(one->pdf);
    free(one->edge);
    *one = (original){0};
}

static deepstruc_status read_arrays(original *one, const char *path, deepstruc_diag *diag)
{
    hid_t file;
    size_t shape[HDF5_MAX_DIMS];
    deepstruc_status status = hdf5_open(&file, path, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = hdf5_read((void **)&one->xyz, shape, file, "Node Feature Matrix", H5T_NATIVE_DOUBLE, sizeof(double), 2,
                       3 * (size_t)DATASET_MAX_NODES, path, diag);
    if (status == DEEPSTRUC_OK && shape[1] != 3)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "'Node Feature Matrix' has not 3 columns");
    one->n_atoms = shape[0];
    if (status == DEEPSTRUC_OK)
        status = hdf5_read((void **)&one->edge, shape, file, "Edge Directions", H5T_NATIVE_INT64, sizeof(int64_t), 2,
                           2 * (size_t)MAX_EDGES, path, diag);
    if (status == DEEPSTRUC_OK && shape[0] != 2)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "'Edge Directions' has not 2 rows");
    one->n_edges = shape[1];
    if (status == DEEPSTRUC_OK)
        status = hdf5_read((void **)&one->pdf, shape, file, "PDF label", H5T_NATIVE_DOUBLE, sizeof(double), 1,
                           DEEPSTRUC_MAX_POINTS, path, diag);
    one->n_points = shape[0];
    H5Fclose(file);
    return status;
}

/* "graph_FCC_h_3_k_6_l_7_atom_Zn_lc_2.42.h5", "..._lc1_2.52_lc2_4.11516.h5": type, element and size. */
static bool read_name(dataset_item *item, const char *path)
{
    const struct {
        const char *word;
        deepstruc_type type;
    } types[] = {{"SC_", DEEPSTRUC_TYPE_SC},
                 {"BCC_", DEEPSTRUC_TYPE_BCC},
                 {"FCC_", DEEPSTRUC_TYPE_FCC},
                 {"HCP_", DEEPSTRUC_TYPE_HCP},
                 {"Icosahedron_", DEEPSTRUC_TYPE_ICOSAHEDRON},
                 {"Decahedron_", DEEPSTRUC_TYPE_DECAHEDRON},
                 {"Octahedron_", DEEPSTRUC_TYPE_OCTAHEDRON}};
    text_stem(path, item->name, sizeof item->name);
    if (strncmp(item->name, "graph_", 6) == 0)
        memmove(item->name, item->name + 6, strlen(item->name + 6) + 1);
    item->type = DEEPSTRUC_TYPE_UNKNOWN;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strncmp(item->name, types[i].word, strlen(types[i].word)) == 0)
            item->type = types[i].type;
    const char *atom = strstr(item->name, "_atom_"), *size = strstr(item->name, "_lc"), *end;
    size = size ? strchr(size + 1, '_') : NULL;
    if (!atom || !size || !text_read_double(size + 1, &end, &item->bond_length))
        return false;
    size_t length = strcspn(atom + 6, "_");
    if (length < sizeof item->element)
        memcpy(item->element, atom + 6, length);
    return item->bond_length > 0 && item->bond_length < 100;
}

static deepstruc_status make_graph(dataset_item *item, const original *one, const char *path, deepstruc_diag *diag)
{
    uint32_t *ends = memory_zeroed(2 * one->n_edges, sizeof *ends);
    if (!ends)
        return diag_no_memory(diag);
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t e = 0; status == DEEPSTRUC_OK && e < 2 * one->n_edges; e++) {
        if (one->edge[e] < 0 || (size_t)one->edge[e] >= one->n_atoms)
            status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "'Edge Directions' names atom %lld of %zu",
                                  (long long)one->edge[e], one->n_atoms);
        else
            ends[e] = (uint32_t)one->edge[e];
    }
    if (status == DEEPSTRUC_OK)
        status = dataset_graph_from_edges(&item->graph, one->n_atoms, ends, ends + one->n_edges, one->n_edges, diag);
    free(ends);
    return status;
}

/* Adds one structure behind the others; atoms and points are grown into `set` as they come. */
static deepstruc_status append(deepstruc_dataset *set, size_t capacity[2], const char *path, deepstruc_diag *diag)
{
    original one = {0};
    deepstruc_status status = read_arrays(&one, path, diag);
    dataset_item *item = &set->item[set->n];
    if (status == DEEPSTRUC_OK && !read_name(item, path))
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                              "its name does not give element and size like graph_FCC_h_3_k_6_l_7_atom_Zn_lc_2.42.h5");
    if (status == DEEPSTRUC_OK && set->n > 0 && one.n_points != set->n_points)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "its PDF has %zu points, the first file's %zu",
                              one.n_points, set->n_points);
    if (status == DEEPSTRUC_OK)
        status = make_graph(item, &one, path, diag);
    set->n_points = status == DEEPSTRUC_OK ? one.n_points : set->n_points;
    if (status == DEEPSTRUC_OK && (!MEMORY_GROW(&set->xyz, &capacity[0], 3 * (set->n_atoms + one.n_atoms)) ||
                                   !MEMORY_GROW(&set->pdf, &capacity[1], (set->n + 1) * set->n_points)))
        status = diag_no_memory(diag);
    for (size_t i = 0; status == DEEPSTRUC_OK && i < 3 * one.n_atoms; i++) {
        set->xyz[3 * set->n_atoms + i] = one.xyz[i];
        if (!isfinite(one.xyz[i]))
            status =
                diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "atom %zu has a coordinate that is not finite", i / 3);
    }
    for (size_t i = 0; status == DEEPSTRUC_OK && i < one.n_points; i++) {
        set->pdf[set->n * set->n_points + i] = (float)one.pdf[i];
        if (!isfinite(one.pdf[i]))
            status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "point %zu of its PDF is not finite", i);
    }
    if (status == DEEPSTRUC_OK) {
        item->n_atoms = one.n_atoms;
        item->first_atom = set->n_atoms;
        set->n_atoms += one.n_atoms;
    } else {
        dataset_graph_destroy(item->graph);
        item->graph = NULL;
    }
    set->n += status == DEEPSTRUC_OK;
    free_original(&one);
    return status;
}

static int is_graph_file(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 3 && strcmp(entry->d_name + length - 3, ".h5") == 0;
}

static deepstruc_status append_folder(deepstruc_dataset *set, const char *path, deepstruc_diag *diag)
{
    struct dirent **entries;
    int n = scandir(path, &entries, is_graph_file, alphasort);
    if (n <= 0) {
        if (n == 0)
            free(entries);
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_READ, path, 0, "is a folder without .h5 files");
    }
    size_t capacity[2] = {0};
    deepstruc_status status = DEEPSTRUC_OK;
    set->item = memory_zeroed((size_t)n, sizeof *set->item);
    if (!set->item)
        status = diag_no_memory(diag);
    for (int i = 0; i < n; i++) {
        char full[MAX_PATH] = "";
        text_append(full, sizeof full, "%s/%s", path, entries[i]->d_name);
        if (status == DEEPSTRUC_OK)
            status = append(set, capacity, full, diag);
        free(entries[i]);
    }
    free(entries);
    return status;
}

static deepstruc_status set_split(deepstruc_dataset *set, deepstruc_diag *diag)
{
    deepstruc_split *split = memory_zeroed(set->n, sizeof *split);
    if (!split)
        return diag_no_memory(diag);
    deepstruc_split_random(split, set->n);
    for (size_t i = 0; i < set->n; i++)
        set->item[i].split = split[i];
    free(split);
    return DEEPSTRUC_OK;
}

deepstruc_status dataset_read_originals(deepstruc_dataset **out, const char *path, deepstruc_diag *diag)
{
    struct stat info;
    deepstruc_dataset *set = memory_zeroed(1, sizeof *set);
    if (!set)
        return diag_no_memory(diag);
    text_copy(set->protocol, sizeof set->protocol, "original");
    set->rstep = ORIGINAL_STEP;
    set->qmin = set->qmax = set->qdamp = set->biso = NAN;
    deepstruc_status status;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        status = append_folder(set, path, diag);
    else if ((set->item = memory_zeroed(1, sizeof *set->item)))
        status = append(set, (size_t[2]){0}, path, diag);
    else
        status = diag_no_memory(diag);
    if (status == DEEPSTRUC_OK)
        status = set_split(set, diag);
    if (status == DEEPSTRUC_OK)
        *out = set;
    else
        deepstruc_dataset_destroy(set);
    return status;
}
