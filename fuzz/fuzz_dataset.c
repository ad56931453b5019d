/* Data sets whose arrays are not what they should be: missing, of other shapes and types, with any values. The bytes
 * are a script that bends a good file of ours or of the original's; HDF5 writes it, so that the reader of deepstruc is
 * tried and not HDF5's own. What is read keeps the promises of dataset.h. */
#include "fuzz.h"

#include <math.h>
#include <string.h>

#include <hdf5.h>

#include <deepstruc/dataset.h>

enum { STRUCTURES = 3, ATOMS = 4, POINTS = 20, TEXT = 80, MOST = STRUCTURES * TEXT * 8 };

static char path[192];

/* ---- the script ---------------------------------------------------------------------------------------------------
 */

typedef struct {
    const uint8_t *next;
    size_t left;
} script;

static unsigned take(script *s)
{
    if (s->left == 0)
        return 0;
    s->left--;
    return *s->next++;
}

/* An array as it should be. */
typedef struct {
    const char *name;
    hid_t type;
    size_t size; /* of a value */
    int n_dims;
    hsize_t dims[2];
    void *value;
} array;

/* Bends the array as the script says; writes it. One byte says what is wrong: nothing for 0, so that the end of the
 * script leaves a good array. */
static void write_array(hid_t file, const array *good, script *s)
{
    static const size_t largest = MOST;
    uint8_t value[MOST] = {0};
    array a = *good;
    unsigned wrong = take(s);
    hsize_t dims[3] = {a.dims[0], a.dims[1], 1};
    size_t n = a.dims[0] * (a.n_dims > 1 ? a.dims[1] : 1);
    memcpy(value, a.value, n * a.size);
    if (wrong & 1) { /* values */
        size_t at = take(s) * a.size / 4, length = take(s);
        for (size_t i = 0; i < length && at + i < largest && s->left > 0; i++)
            value[at + i] = (uint8_t)take(s);
    }
    if (wrong & 2) {
        unsigned shape = take(s);
        a.n_dims = 1 + (int)(shape & 3) % 3;
        for (int d = 0; d < a.n_dims; d++)
            dims[d] = take(s) % 6;
    }
    static const size_t width[] = {8, 4, 8, 1};
    const hid_t types[] = {H5T_NATIVE_DOUBLE, H5T_NATIVE_FLOAT, H5T_NATIVE_INT64, H5T_NATIVE_UINT8};
    unsigned other = wrong & 4 ? take(s) % 4 : 0;
    hid_t type = wrong & 4 ? types[other] : a.type;
    size_t space_needed =
        (wrong & 4 ? width[other] : a.size) * dims[0] * (a.n_dims > 1 ? dims[1] : 1) * (a.n_dims > 2 ? dims[2] : 1);
    if (wrong & 8 || space_needed > largest)
        return;
    hid_t space = H5Screate_simple(a.n_dims, dims, NULL);
    hid_t made = H5Dcreate2(file, a.name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(made, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, value);
    H5Dclose(made);
    H5Sclose(space);
}

/* ---- the two kinds of file ------------------------------------------------------------------------------------------
 */

static void write_attribute(hid_t file, const char *name, hid_t type, const void *value, script *s)
{
    unsigned wrong = take(s);
    uint8_t bytes[TEXT] = {0};
    memcpy(bytes, value, H5Tget_size(type));
    if (wrong & 1)
        for (size_t i = 0, length = take(s); i < length && i < sizeof bytes && s->left > 0; i++)
            bytes[i] = (uint8_t)take(s);
    if (wrong & 2)
        return;
    hsize_t two = 2;
    hid_t space = wrong & 4 ? H5Screate_simple(1, &two, NULL) : H5Screate(H5S_SCALAR);
    hid_t kind = wrong & 8 ? H5T_NATIVE_UINT8 : type;
    hid_t made = H5Acreate2(file, name, kind, space, H5P_DEFAULT, H5P_DEFAULT);
    uint8_t both[2 * TEXT] = {0};
    memcpy(both, bytes, sizeof bytes);
    H5Awrite(made, kind, both);
    H5Aclose(made);
    H5Sclose(space);
}

static void write_own(hid_t file, script *s)
{
    char name[STRUCTURES][TEXT] = {"one", "two", "three"}, type[STRUCTURES][TEXT] = {"fcc", "sc", "hcp"},
         element[STRUCTURES][TEXT] = {"Au", "Po", "Ti"};
    char format[TEXT] = "deepstruc data set 1", protocol[TEXT] = "paper";
    uint8_t split[STRUCTURES] = {0, 1, 2};
    double bond[STRUCTURES] = {2, 2, 2}, xyz[STRUCTURES * ATOMS][3], numbers[] = {0, 0.01, 0.7, 25, 0, 0.3};
    uint32_t n_atoms[STRUCTURES] = {ATOMS, ATOMS, ATOMS};
    float pdf[STRUCTURES][POINTS] = {{0}};
    static const char *const number[] = {"rmin", "rstep", "qmin", "qmax", "qdamp", "biso"};
    for (size_t i = 0; i < STRUCTURES * ATOMS; i++)
        for (size_t d = 0; d < 3; d++)
            xyz[i][d] = 2.0 * (double)(i % ATOMS) * (d == 0) + (double)d;
    hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, TEXT);
    H5Tset_strpad(text, H5T_STR_NULLPAD);
    write_attribute(file, "format", text, format, s);
    write_attribute(file, "protocol", text, protocol, s);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        write_attribute(file, number[i], H5T_NATIVE_DOUBLE, &numbers[i], s);
    const array arrays[] = {{"n_atoms", H5T_NATIVE_UINT32, 4, 1, {STRUCTURES}, n_atoms},
                            {"xyz", H5T_NATIVE_DOUBLE, 8, 2, {STRUCTURES * ATOMS, 3}, xyz},
                            {"pdf", H5T_NATIVE_FLOAT, 4, 2, {STRUCTURES, POINTS}, pdf},
                            {"bond_length", H5T_NATIVE_DOUBLE, 8, 1, {STRUCTURES}, bond},
                            {"split", H5T_NATIVE_UINT8, 1, 1, {STRUCTURES}, split},
                            {"name", text, TEXT, 1, {STRUCTURES}, name},
                            {"type", text, TEXT, 1, {STRUCTURES}, type},
                            {"element", text, TEXT, 1, {STRUCTURES}, element}};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        write_array(file, &arrays[i], s);
    H5Tclose(text);
}

static void write_original(hid_t file, script *s)
{
    double xyz[ATOMS][3] = {{0, 0, 0}, {2, 0, 0}, {0, 2, 0}, {0, 0, 2}}, pdf[POINTS] = {0};
    int64_t edge[2][6] = {{0, 0, 0, 1, 2, 3}, {1, 2, 3, 0, 0, 0}};
    const array arrays[] = {{"Edge Directions", H5T_NATIVE_INT64, 8, 2, {2, 6}, edge},
                            {"Node Feature Matrix", H5T_NATIVE_DOUBLE, 8, 2, {ATOMS, 3}, xyz},
                            {"PDF label", H5T_NATIVE_DOUBLE, 8, 1, {POINTS}, pdf}};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        write_array(file, &arrays[i], s);
}

/* ---- reading ------------------------------------------------------------------------------------------------------
 */

static void check(deepstruc_dataset *set)
{
    char text[200];
    deepstruc_diag diag;
    promise(deepstruc_dataset_size(set) >= 1);
    deepstruc_dataset_describe(set, text, sizeof text);
    for (size_t i = 0; i < deepstruc_dataset_size(set); i++) {
        deepstruc_cluster *cluster = NULL;
        deepstruc_pdf *pdf = NULL;
        if (deepstruc_dataset_structure(set, i, &cluster, &diag) == DEEPSTRUC_OK)
            for (size_t k = 0; k < 3 * cluster->n_atoms; k++)
                promise(isfinite(cluster->xyz[k]));
        if (deepstruc_dataset_pdf(set, i, &pdf, &diag) == DEEPSTRUC_OK)
            for (size_t k = 0; k < pdf->n_points; k++)
                promise(isfinite(pdf->g[k]) && isfinite(pdf->r[k]));
        deepstruc_cluster_destroy(cluster);
        deepstruc_pdf_destroy(pdf);
    }
    deepstruc_dataset_destroy(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    script s = {bytes, size};
    deepstruc_dataset *set = NULL;
    deepstruc_diag diag;
    if (!path[0]) {
        snprintf(path, sizeof path, "%s/graph_FCC_h_1_k_1_l_1_atom_Au_lc_2.h5", fuzz_folder());
        H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    }
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    promise(file >= 0);
    if (take(&s) & 1)
        write_original(file, &s);
    else
        write_own(file, &s);
    H5Fclose(file);
    deepstruc_status status = deepstruc_dataset_read(&set, path, &diag);
    if (status == DEEPSTRUC_OK)
        check(set);
    else
        promise(set == NULL && diag.message[0] && !strchr(diag.message, '\n'));
    return 0;
}
