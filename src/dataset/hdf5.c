#include "dataset/hdf5.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"

enum { MAX_TEXT = 4096 };

/* HDF5 prints its errors unless told not to, in each thread. And when the process ends it closes once more what a full
 * disk did not let it close, and crashes over it; all that we open we close ourselves, so it is told, before all other
 * calls, to leave the end alone. */
static void be_modest(void)
{
    H5dont_atexit();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

deepstruc_status hdf5_open(hid_t *out, const char *path, deepstruc_diag *diag)
{
    be_modest();
    htri_t is_hdf5 = H5Fis_hdf5(path);
    if (is_hdf5 < 0)
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_READ, path, 0, "cannot be opened; check the path");
    hid_t file = is_hdf5 > 0 ? H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT) : -1;
    if (file < 0)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                            "is not an HDF5 file or is damaged; make one with deepstruc dataset -o FILE.h5");
    *out = file;
    return DEEPSTRUC_OK;
}

deepstruc_status hdf5_create(hid_t *out, const char *path, deepstruc_diag *diag)
{
    be_modest();
    hid_t made = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_obj_track_times(made, false); /* the same data give the same bytes whatever the clock says */
    H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_LATEST); /* from HDF5 1.8 on headers carry sums */
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, made, access);
    H5Pclose(access);
    H5Pclose(made);
    if (file < 0)
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, path, 0, "cannot be created");
    *out = file;
    return DEEPSTRUC_OK;
}

bool hdf5_has(hid_t file, const char *name)
{
    return H5Lexists(file, name, H5P_DEFAULT) > 0;
}

/* Whole bytes of a number as processors have it, or text of a fixed length. libhdf5 would read and write beyond its
 * memory to convert numbers whose description a damaged file bends, so nothing else is handed to it. */
static bool is_plain(hid_t type)
{
    switch (H5Tget_class(type)) {
    case H5T_FLOAT:
        return H5Tequal(type, H5T_IEEE_F64LE) > 0 || H5Tequal(type, H5T_IEEE_F32LE) > 0 ||
               H5Tequal(type, H5T_IEEE_F64BE) > 0 || H5Tequal(type, H5T_IEEE_F32BE) > 0;
    case H5T_INTEGER:
        return H5Tget_size(type) <= sizeof(int64_t) && H5Tget_precision(type) == 8 * H5Tget_size(type) &&
               H5Tget_offset(type) == 0;
    case H5T_STRING:
        return H5Tis_variable_str(type) == 0 && H5Tget_size(type) <= MAX_TEXT;
    default:
        return false;
    }
}

static bool is_plain_array(hid_t array)
{
    hid_t type = H5Dget_type(array);
    bool plain = is_plain(type);
    H5Tclose(type);
    return plain;
}

/* ---- arrays --------------------------------------------------------------------------------------------------------
 */

/* The array's shape; false unless it has n_dims dimensions and at most cap elements. */
static bool read_shape(hid_t array, size_t shape[HDF5_MAX_DIMS], size_t *n, int n_dims, size_t cap)
{
    hsize_t dims[H5S_MAX_RANK] = {0};
    hid_t space = H5Dget_space(array);
    bool fine =
        space >= 0 && H5Sget_simple_extent_ndims(space) == n_dims && H5Sget_simple_extent_dims(space, dims, NULL) >= 0;
    H5Sclose(space);
    *n = 1;
    for (int d = 0; fine && d < n_dims; d++) {
        shape[d] = (size_t)dims[d];
        fine = !__builtin_mul_overflow(*n, shape[d], n);
    }
    return fine && *n > 0 && *n <= cap;
}

deepstruc_status hdf5_read(void **out, size_t shape[HDF5_MAX_DIMS], hid_t file, const char *name, hid_t type,
                           size_t size, int n_dims, size_t cap, const char *path, deepstruc_diag *diag)
{
    hid_t array = hdf5_has(file, name) ? H5Dopen2(file, name, H5P_DEFAULT) : -1;
    if (array < 0)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "has no array '%s'; is it a data set of deepstruc?",
                            name);
    size_t found[HDF5_MAX_DIMS] = {0}, n;
    deepstruc_status status = DEEPSTRUC_OK;
    void *values = NULL;
    if (!read_shape(array, found, &n, n_dims, cap))
        status =
            diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "array '%s' has another shape than a data set's", name);
    else if (!is_plain_array(array))
        status =
            diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                         "array '%s' has another type than a data set's: it is damaged or another program's", name);
    else if (!(values = memory_zeroed(n, size)))
        status = diag_no_memory(diag);
    else if (H5Dread(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                              "array '%s' cannot be read: the file is cut short or damaged", name);
    H5Dclose(array);
    if (status != DEEPSTRUC_OK) {
        free(values);
        return status;
    }
    memcpy(shape, found, sizeof found);
    *out = values;
    return DEEPSTRUC_OK;
}

bool hdf5_write(hid_t file, const char *name, hid_t stored, hid_t native, int n_dims, const size_t *shape,
                const void *values)
{
    hsize_t dims[HDF5_MAX_DIMS] = {0};
    for (int d = 0; d < n_dims; d++)
        dims[d] = shape[d];
    hid_t space = H5Screate_simple(n_dims, dims, NULL);
    hid_t made = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(made, false);
    hid_t array = H5Dcreate2(file, name, stored, space, H5P_DEFAULT, made, H5P_DEFAULT);
    H5Pclose(made);
    bool written = array >= 0 && H5Dwrite(array, native, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
    written &= H5Dclose(array) >= 0; /* what was kept back is written here */
    H5Sclose(space);
    return written;
}

/* ---- attributes ----------------------------------------------------------------------------------------------------
 */

static bool write_attribute(hid_t file, const char *name, hid_t stored, hid_t native, const void *value)
{
    hid_t space = H5Screate(H5S_SCALAR), attribute = H5Acreate2(file, name, stored, space, H5P_DEFAULT, H5P_DEFAULT);
    bool written = attribute >= 0 && H5Awrite(attribute, native, value) >= 0;
    written &= H5Aclose(attribute) >= 0;
    H5Sclose(space);
    return written;
}

/* False unless it is there and holds one value of the class. */
static bool read_attribute(hid_t file, const char *name, H5T_class_t class, hid_t native, void *value)
{
    if (H5Aexists(file, name) <= 0)
        return false;
    hid_t attribute = H5Aopen(file, name, H5P_DEFAULT), space = H5Aget_space(attribute), type = H5Aget_type(attribute);
    bool fine = H5Sget_simple_extent_npoints(space) == 1 && H5Tget_class(type) == class && is_plain(type) &&
                H5Aread(attribute, native, value) >= 0;
    H5Tclose(type);
    H5Sclose(space);
    H5Aclose(attribute);
    return fine;
}

bool hdf5_read_number(hid_t file, const char *name, double *out)
{
    return read_attribute(file, name, H5T_FLOAT, H5T_NATIVE_DOUBLE, out);
}

bool hdf5_write_number(hid_t file, const char *name, double value)
{
    return write_attribute(file, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

hid_t hdf5_text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, HDF5_TEXT);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    return type;
}

bool hdf5_read_text(hid_t file, const char *name, char out[HDF5_TEXT])
{
    hid_t type = hdf5_text_type();
    char text[HDF5_TEXT] = "";
    bool fine = read_attribute(file, name, H5T_STRING, type, text);
    H5Tclose(type);
    text[HDF5_TEXT - 1] = '\0';
    if (fine)
        text_copy(out, HDF5_TEXT, text);
    return fine;
}

bool hdf5_write_text(hid_t file, const char *name, const char *text)
{
    hid_t type = hdf5_text_type();
    char padded[HDF5_TEXT] = "";
    text_copy(padded, sizeof padded, text);
    bool written = write_attribute(file, name, type, type, padded);
    H5Tclose(type);
    return written;
}
