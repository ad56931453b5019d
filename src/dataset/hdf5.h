/* A thin layer over HDF5: whole arrays in and out, nothing printed, every size checked before memory is taken. */
#ifndef DATASET_HDF5_H
#define DATASET_HDF5_H

#include <hdf5.h>

#include <deepstruc/deepstruc.h>

enum { HDF5_MAX_DIMS = 2, HDF5_TEXT = 80 };

/* Opens for reading; BAD_INPUT when it is not HDF5. */
deepstruc_status hdf5_open(hid_t *out, const char *path, deepstruc_diag *diag);
/* Creates or truncates. */
deepstruc_status hdf5_create(hid_t *out, const char *path, deepstruc_diag *diag);
bool hdf5_has(hid_t file, const char *name);

/* An array of n_dims dimensions. Reading converts to `type` (a native type of `size` bytes), refuses another number of
 * dimensions and more than `cap` elements; free() frees it. `path` stands in diagnostics. */
deepstruc_status hdf5_read(void **out, size_t shape[HDF5_MAX_DIMS], hid_t file, const char *name, hid_t type,
                           size_t size, int n_dims, size_t cap, const char *path, deepstruc_diag *diag);
/* False when HDF5 refused. */
bool hdf5_write(hid_t file, const char *name, hid_t stored, hid_t native, int n_dims, const size_t *shape,
                const void *values);

/* Attributes of the file's root: numbers and text of up to HDF5_TEXT bytes. */
bool hdf5_read_number(hid_t file, const char *name, double *out);
bool hdf5_write_number(hid_t file, const char *name, double value);
bool hdf5_read_text(hid_t file, const char *name, char out[HDF5_TEXT]);
bool hdf5_write_text(hid_t file, const char *name, const char *text);

/* The type of texts of exactly HDF5_TEXT bytes, padded with zeros; H5Tclose closes it. */
hid_t hdf5_text_type(void);

#endif
