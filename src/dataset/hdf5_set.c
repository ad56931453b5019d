/* Data sets as HDF5 files. Arrays, one row per structure: name, type, element (text), split (0 training, 1 validation,
 * 2 test), bond_length, n_atoms, pdf (float, n x points); xyz holds the atoms of all structures end to end. Attributes:
 * format, protocol, rmin, rstep, qmin, qmax, qdamp, biso, and sum, the fingerprint of all that; files without it, which
 * other programs write, are read unsummed. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "dataset/hdf5.h"
#include "dataset/set.h"

static const char FORMAT[] = "deepstruc data set 1";

/* ---- writing -------------------------------------------------------------------------------------------------- */

static void sum_text(char out[HDF5_TEXT], const deepstruc_dataset *dataset)
{
    snprintf(out, HDF5_TEXT, "fnv1a64:%016" PRIx64, dataset_sum(dataset));
}

static bool write_attributes(hid_t file, const deepstruc_dataset *dataset)
{
    char sum[HDF5_TEXT];
    sum_text(sum, dataset);
    return hdf5_write_text(file, "sum", sum) && hdf5_write_text(file, "format", FORMAT) &&
           hdf5_write_text(file, "protocol", dataset->protocol) && hdf5_write_number(file, "rmin", dataset->rmin) &&
           hdf5_write_number(file, "rstep", dataset->rstep) && hdf5_write_number(file, "qmin", dataset->qmin) &&
           hdf5_write_number(file, "qmax", dataset->qmax) && hdf5_write_number(file, "qdamp", dataset->qdamp) &&
           hdf5_write_number(file, "biso", dataset->biso);
}

/* A text of each item, read from it by `text_of`. */
static bool write_texts(hid_t file, const char *name, const deepstruc_dataset *dataset,
                        const char *(*text_of)(const dataset_item *))
{
    char(*texts)[HDF5_TEXT] = memory_zeroed(dataset->n, sizeof *texts);
    if (!texts)
        return false;
    for (size_t i = 0; i < dataset->n; i++)
        text_copy(texts[i], sizeof texts[i], text_of(&dataset->item[i]));
    hid_t type = hdf5_text_type();
    bool written = hdf5_write(file, name, type, type, 1, &dataset->n, texts);
    H5Tclose(type);
    free(texts);
    return written;
}

static const char *name_of(const dataset_item *item)
{
    return item->name;
}

static const char *type_of(const dataset_item *item)
{
    return deepstruc_type_name(item->type);
}

static const char *element_of(const dataset_item *item)
{
    return item->element;
}

static bool write_numbers(hid_t file, const deepstruc_dataset *dataset)
{
    size_t n = dataset->n;
    double *bond_length = memory_zeroed(n, sizeof *bond_length);
    uint32_t *n_atoms = memory_zeroed(n, sizeof *n_atoms);
    uint8_t *split = memory_zeroed(n, sizeof *split);
    bool written = bond_length && n_atoms && split;
    for (size_t i = 0; written && i < n; i++) {
        bond_length[i] = dataset->item[i].bond_length;
        n_atoms[i] = (uint32_t)dataset->item[i].n_atoms;
        split[i] = (uint8_t)dataset->item[i].split;
    }
    written =
        written && hdf5_write(file, "bond_length", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &n, bond_length) &&
        hdf5_write(file, "n_atoms", H5T_STD_U32LE, H5T_NATIVE_UINT32, 1, &n, n_atoms) &&
        hdf5_write(file, "split", H5T_STD_U8LE, H5T_NATIVE_UINT8, 1, &n, split) &&
        hdf5_write(file, "xyz", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2, (size_t[]){dataset->n_atoms, 3}, dataset->xyz) &&
        hdf5_write(file, "pdf", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, 2, (size_t[]){n, dataset->n_points}, dataset->pdf);
    free(bond_length);
    free(n_atoms);
    free(split);
    return written;
}

deepstruc_status deepstruc_dataset_write(const deepstruc_dataset *dataset, const char *path, bool force,
                                         deepstruc_diag *diag)
{
    file_writer writer;
    if (strcmp(path, "-") == 0)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a data set cannot go to standard output; name a file with -o");
    deepstruc_status status = file_writer_open(&writer, path, force, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    hid_t file;
    status = hdf5_create(&file, writer.temporary, diag); /* the same file by its name; commit renames it */
    if (status == DEEPSTRUC_OK) {
        bool written = write_attributes(file, dataset) && write_texts(file, "name", dataset, name_of) &&
                       write_texts(file, "type", dataset, type_of) &&
                       write_texts(file, "element", dataset, element_of) && write_numbers(file, dataset);
        written &= H5Fclose(file) >= 0;
        if (!written)
            status = diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, path, 0, "cannot be written; is the disk full?");
    }
    if (status == DEEPSTRUC_OK)
        return file_writer_commit(&writer, diag);
    file_writer_abandon(&writer);
    return status;
}

/* ---- reading -------------------------------------------------------------------------------------------------- */

typedef struct {
    char (*name)[HDF5_TEXT], (*type)[HDF5_TEXT], (*element)[HDF5_TEXT];
    uint8_t *split;
    double *bond_length, *xyz;
    uint32_t *n_atoms;
    float *pdf;
    size_t n, n_xyz, n_points;
} columns;

static void free_columns(columns *c)
{
    free(c->name), free(c->type), free(c->element), free(c->split);
    free(c->bond_length), free(c->xyz), free(c->n_atoms), free(c->pdf);
}

/* One column of c->n rows; the first column read gives n. */
static deepstruc_status read_column(void **out, columns *c, hid_t file, const char *name, hid_t type, size_t size,
                                    const char *path, deepstruc_diag *diag)
{
    size_t shape[HDF5_MAX_DIMS];
    deepstruc_status status = hdf5_read(out, shape, file, name, type, size, 1, DEEPSTRUC_MAX_STRUCTURES, path, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (c->n != 0 && shape[0] != c->n)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "array '%s' has %zu rows, others %zu", name, shape[0],
                            c->n);
    c->n = shape[0];
    return DEEPSTRUC_OK;
}

static deepstruc_status read_columns(columns *c, hid_t file, hid_t text, const char *path, deepstruc_diag *diag)
{
    const struct {
        void **out;
        const char *name;
        hid_t type;
        size_t size;
    } plain[] = {{(void **)&c->name, "name", text, HDF5_TEXT},
                 {(void **)&c->type, "type", text, HDF5_TEXT},
                 {(void **)&c->element, "element", text, HDF5_TEXT},
                 {(void **)&c->split, "split", H5T_NATIVE_UINT8, sizeof *c->split},
                 {(void **)&c->bond_length, "bond_length", H5T_NATIVE_DOUBLE, sizeof *c->bond_length},
                 {(void **)&c->n_atoms, "n_atoms", H5T_NATIVE_UINT32, sizeof *c->n_atoms}};
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = 0; status == DEEPSTRUC_OK && i < sizeof plain / sizeof *plain; i++)
        status = read_column(plain[i].out, c, file, plain[i].name, plain[i].type, plain[i].size, path, diag);
    size_t shape[HDF5_MAX_DIMS];
    if (status == DEEPSTRUC_OK)
        status = hdf5_read((void **)&c->xyz, shape, file, "xyz", H5T_NATIVE_DOUBLE, sizeof *c->xyz, 2, (size_t)1 << 30,
                           path, diag);
    if (status == DEEPSTRUC_OK && shape[1] != 3)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "array 'xyz' has not 3 columns");
    c->n_xyz = shape[0];
    if (status == DEEPSTRUC_OK)
        status = hdf5_read((void **)&c->pdf, shape, file, "pdf", H5T_NATIVE_FLOAT, sizeof *c->pdf, 2, (size_t)1 << 32,
                           path, diag);
    if (status == DEEPSTRUC_OK && shape[0] != c->n)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "array 'pdf' has %zu rows, others %zu", shape[0], c->n);
    c->n_points = shape[1];
    return status;
}

static bool all_finite(const columns *c)
{
    for (size_t i = 0; i < 3 * c->n_xyz; i++)
        if (!isfinite(c->xyz[i]))
            return false;
    for (size_t i = 0; i < c->n * c->n_points; i++)
        if (!isfinite(c->pdf[i]))
            return false;
    return true;
}

static deepstruc_status fill_items(deepstruc_dataset *dataset, const columns *c, const char *path, deepstruc_diag *diag)
{
    size_t n_atoms = 0;
    for (size_t i = 0; i < c->n; i++) {
        dataset_item *item = &dataset->item[i];
        if (c->n_atoms[i] == 0 || c->n_atoms[i] > DATASET_MAX_NODES || c->n_atoms[i] > c->n_xyz - n_atoms)
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "structure %zu: %u atoms do not fit the file's", i,
                                c->n_atoms[i]);
        if (c->split[i] >= DEEPSTRUC_N_SPLITS || !(c->bond_length[i] > 0 && c->bond_length[i] < 100))
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                                "structure %zu: split %u or bond length %g makes no sense", i, c->split[i],
                                c->bond_length[i]);
        c->name[i][HDF5_TEXT - 1] = c->type[i][HDF5_TEXT - 1] = c->element[i][HDF5_TEXT - 1] = '\0';
        *item = (dataset_item){.type = deepstruc_type_from_name(c->type[i]),
                               .split = (deepstruc_split)c->split[i],
                               .n_atoms = c->n_atoms[i],
                               .first_atom = n_atoms,
                               .bond_length = c->bond_length[i]};
        text_copy(item->name, sizeof item->name, c->name[i]);
        text_copy(item->element, sizeof item->element, c->element[i]);
        n_atoms += item->n_atoms;
    }
    if (n_atoms != c->n_xyz || !all_finite(c))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                            "its arrays do not agree or hold numbers that are not finite");
    return DEEPSTRUC_OK;
}

static deepstruc_status read_attributes(deepstruc_dataset *dataset, hid_t file, const char *path, deepstruc_diag *diag)
{
    char protocol[HDF5_TEXT];
    if (!hdf5_read_text(file, "protocol", protocol) || !hdf5_read_number(file, "rmin", &dataset->rmin) ||
        !hdf5_read_number(file, "rstep", &dataset->rstep) || !(dataset->rstep > 0) || !isfinite(dataset->rmin))
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                            "its attributes protocol, rmin and rstep cannot be read");
    text_copy(dataset->protocol, sizeof dataset->protocol, protocol);
    const struct {
        const char *name;
        double *out;
    } optional[] = {
        {"qmin", &dataset->qmin}, {"qmax", &dataset->qmax}, {"qdamp", &dataset->qdamp}, {"biso", &dataset->biso}};
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
        if (!hdf5_read_number(file, optional[i].name, optional[i].out))
            *optional[i].out = NAN;
    return DEEPSTRUC_OK;
}

static deepstruc_status check_sum(const deepstruc_dataset *dataset, hid_t file, const char *path, deepstruc_diag *diag)
{
    char stored[HDF5_TEXT], found[HDF5_TEXT];
    if (!hdf5_read_text(file, "sum", stored))
        return DEEPSTRUC_OK;
    sum_text(found, dataset);
    if (strcmp(stored, found) == 0)
        return DEEPSTRUC_OK;
    return diag_fail_at(
        diag, DEEPSTRUC_BAD_INPUT, path, 0,
        "its content is not what was summed when it was written: it is damaged; copy or make it anew (if "
        "you changed it on purpose, delete its attribute 'sum')");
}

static deepstruc_status read_own(deepstruc_dataset **out, hid_t file, const char *path, deepstruc_diag *diag)
{
    columns c = {0};
    deepstruc_dataset *dataset = NULL;
    hid_t text = hdf5_text_type();
    deepstruc_status status = read_columns(&c, file, text, path, diag);
    H5Tclose(text);
    if (status == DEEPSTRUC_OK)
        status = dataset_allocate(&dataset, c.n, c.n_xyz, c.n_points, diag);
    if (status == DEEPSTRUC_OK)
        status = read_attributes(dataset, file, path, diag);
    if (status == DEEPSTRUC_OK)
        status = fill_items(dataset, &c, path, diag);
    if (status == DEEPSTRUC_OK) {
        memcpy(dataset->xyz, c.xyz, 3 * c.n_xyz * sizeof *c.xyz);
        memcpy(dataset->pdf, c.pdf, c.n * c.n_points * sizeof *c.pdf);
        status = check_sum(dataset, file, path, diag);
    }
    if (status == DEEPSTRUC_OK)
        status = dataset_make_graphs(dataset, diag);
    free_columns(&c);
    if (status == DEEPSTRUC_OK)
        *out = dataset;
    else
        deepstruc_dataset_destroy(dataset);
    return status;
}

deepstruc_status deepstruc_dataset_read(deepstruc_dataset **out, const char *path, deepstruc_diag *diag)
{
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return dataset_read_originals(out, path, diag);
    hid_t file;
    deepstruc_status status = hdf5_open(&file, path, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    char format[HDF5_TEXT] = "";
    bool own = hdf5_read_text(file, "format", format), original = !own && hdf5_has(file, "Node Feature Matrix");
    if (own && strcmp(format, FORMAT) == 0)
        status = read_own(out, file, path, diag);
    else if (!original)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                              "is HDF5, but no data set of deepstruc; make one with deepstruc dataset -o FILE.h5");
    H5Fclose(file);
    return original ? dataset_read_originals(out, path, diag) : status;
}
