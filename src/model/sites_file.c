#ifndef NN_DOUBLE

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/sites_decode.h"
#include "nn/safetensors.h"

static const char FORMAT[] = "deepstruc-sites-1", ENCODER[] = "encoder.", MAP[] = "map.points",
                  CALIBRATION[] = "calibration.atoms", DOUBT[] = "calibration.doubt",
                  NO_GRAPH[] = "frame, without the graph", LARGEST[] = "largest";
/* Of the logarithms in tables: e^15 is beyond any factor or spread that a training finds. */
static const float LARGEST_LOG = 15, LARGEST_PLACE = 1e6F;
enum { MOST_MAP_POINTS = 100000, DOUBT_COLUMNS = sizeof(sites_doubt_row) / sizeof(float) };

bool sites_is_shipped(const nn_tensor *tensor)
{
    return strncmp(tensor->name, ENCODER, sizeof ENCODER - 1) != 0;
}

static void sizes_text(const sites_sizes *sizes, char *out, size_t size)
{
    snprintf(out, size, "%ld %ld %ld %ld", sizes->n_latent, sizes->n_trunk, sizes->n_decoder, sizes->n_last);
}

static void digest_text(const frame_set *frames, char *out, size_t size)
{
    snprintf(out, size, "%016llx", (unsigned long long)frames->digest);
}

deepstruc_status sites_save(const sites_model *m, const float *block, const char *facts, const char *path, bool force,
                            deepstruc_diag *diag)
{
    char sizes[96], digest[32], largest[32];
    sizes_text(&m->sizes, sizes, sizeof sizes);
    digest_text(m->frames, digest, sizeof digest);
    safetensors_writer *writer = safetensors_writer_create();
    if (!writer)
        return diag_no_memory(diag);
    safetensors_add_metadata(writer, "format", FORMAT);
    safetensors_add_metadata(writer, "sizes", sizes);
    safetensors_add_metadata(writer, "frames", digest);
    if (m->sizes.no_graph)
        safetensors_add_metadata(writer, "encoder", NO_GRAPH);
    snprintf(largest, sizeof largest, "%ld", m->largest);
    safetensors_add_metadata(writer, LARGEST, largest);
    if (facts)
        safetensors_add_metadata(writer, "facts", facts);
    for (size_t i = 0; i < m->params.n_tensors; i++) {
        const nn_tensor *tensor = &m->params.tensor[i];
        size_t shape[2] = {tensor->n_rows, tensor->n_columns};
        if (sites_is_shipped(tensor))
            safetensors_add(writer, tensor->name, shape, tensor->n_columns ? 2 : 1, block + tensor->offset);
    }
    if (m->n_map)
        safetensors_add(writer, MAP, (size_t[]){m->n_map, SITES_MAP_COLUMNS}, 2, m->map);
    if (m->n_calibration)
        safetensors_add(writer, CALIBRATION, (size_t[]){m->n_calibration, 2}, 2, m->calibration[0]);
    if (m->has_doubt)
        safetensors_add(writer, DOUBT, (size_t[]){SITES_DOUBT_QUARTERS, DOUBT_COLUMNS}, 2, &m->doubt[0].log_sd);
    deepstruc_status status = safetensors_write(writer, path, force, diag);
    safetensors_writer_destroy(writer);
    return status;
}

static deepstruc_status read_map(sites_model *m, const safetensors_tensor *stored, const char *path,
                                 deepstruc_diag *diag)
{
    if (!stored)
        return DEEPSTRUC_OK;
    bool good = stored->n_dims == 2 && stored->shape[1] == SITES_MAP_COLUMNS && stored->shape[0] <= MOST_MAP_POINTS;
    for (size_t i = 0; good && i < stored->n; i += SITES_MAP_COLUMNS) {
        const float *point = stored->value + i;
        good = fabsf(point[0]) <= LARGEST_PLACE && fabsf(point[1]) <= LARGEST_PLACE && point[2] >= 0 &&
               point[2] < DEEPSTRUC_N_TYPES && point[3] >= 1 && point[3] <= DEEPSTRUC_MAX_ATOMS;
    }
    if (!good)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                            "tensor %s wants up to %d rows of %d numbers: a place, a type and a number of atoms", MAP,
                            MOST_MAP_POINTS, SITES_MAP_COLUMNS);
    m->map = memory_zeroed(stored->n, sizeof *m->map);
    if (!m->map)
        return diag_no_memory(diag);
    memcpy(m->map, stored->value, stored->n * sizeof *m->map);
    m->n_map = stored->shape[0];
    return DEEPSTRUC_OK;
}

static deepstruc_status read_calibration(sites_model *m, const safetensors_tensor *stored, const char *path,
                                         deepstruc_diag *diag)
{
    if (!stored)
        return DEEPSTRUC_OK;
    bool good = stored->n_dims == 2 && stored->shape[1] == 2 && stored->shape[0] <= SITES_CALIBRATION_POINTS;
    for (size_t i = 0; good && i < stored->n; i++)
        good = fabsf(stored->value[i]) <= LARGEST_LOG && (i < 2 || i % 2 || stored->value[i] > stored->value[i - 2]);
    if (!good)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                            "tensor %s wants up to %d rows of 2 numbers, the first rising", CALIBRATION,
                            SITES_CALIBRATION_POINTS);
    m->n_calibration = stored->shape[0];
    memcpy(m->calibration, stored->value, stored->n * sizeof *stored->value);
    return DEEPSTRUC_OK;
}

static deepstruc_status read_doubt(sites_model *m, const safetensors_tensor *stored, const char *path,
                                   deepstruc_diag *diag)
{
    if (!stored)
        return DEEPSTRUC_OK;
    bool good = stored->n_dims == 2 && stored->shape[0] == SITES_DOUBT_QUARTERS && stored->shape[1] == DOUBT_COLUMNS;
    for (size_t i = 0; good && i < stored->n; i++)
        good = fabsf(stored->value[i]) <= LARGEST_LOG;
    if (!good)
        return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0, "tensor %s wants %d rows of %d numbers", DOUBT,
                            SITES_DOUBT_QUARTERS, (int)DOUBT_COLUMNS);
    memcpy(m->doubt, stored->value, sizeof m->doubt);
    m->has_doubt = true;
    return DEEPSTRUC_OK;
}

static deepstruc_status fill_values(sites_model *m, const safetensors *file, const char *path, deepstruc_diag *diag)
{
    for (size_t i = 0; i < m->params.n_tensors; i++) {
        const nn_tensor *tensor = &m->params.tensor[i];
        if (!sites_is_shipped(tensor))
            continue;
        const safetensors_tensor *stored = safetensors_find(file, tensor->name);
        if (!stored || stored->n != tensor->n || stored->shape[0] != tensor->n_rows)
            return diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                                "tensor %s is missing or has another shape; use a model written by this version",
                                tensor->name);
        memcpy(m->params.value + tensor->offset, stored->value, tensor->n * sizeof *stored->value);
    }
    const char *facts = safetensors_metadata(file, "facts"), *largest = safetensors_metadata(file, LARGEST);
    if (!largest || sscanf(largest, "%ld", &m->largest) != 1 || m->largest < 0 || m->largest > DEEPSTRUC_MAX_ATOMS)
        m->largest = 0;
    text_copy(m->trained, sizeof m->trained, facts ? facts : "");
    text_make_line(m->trained);
    deepstruc_status status = nn_params_check(&m->params, path, diag);
    if (status == DEEPSTRUC_OK)
        status = read_calibration(m, safetensors_find(file, CALIBRATION), path, diag);
    if (status == DEEPSTRUC_OK)
        status = read_doubt(m, safetensors_find(file, DOUBT), path, diag);
    return status == DEEPSTRUC_OK ? read_map(m, safetensors_find(file, MAP), path, diag) : status;
}

/* A network of these widths has more numbers than its square layers: asked before memory is taken for what a file only
 * claims. */
static bool holds(const safetensors *file, const sites_sizes *sizes)
{
    double trunk = (double)sizes->n_trunk, decoder = (double)sizes->n_decoder;
    return trunk * trunk + decoder * decoder + decoder * (double)sizes->n_last < (double)safetensors_n_values(file);
}

deepstruc_status sites_load(sites_model **out, const frame_set *frames, const char *path, deepstruc_diag *diag)
{
    safetensors *file;
    deepstruc_status status = safetensors_read(&file, path, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    char digest[32];
    digest_text(frames, digest, sizeof digest);
    const char *format = safetensors_metadata(file, "format"), *sizes_read = safetensors_metadata(file, "sizes"),
               *made_for = safetensors_metadata(file, "frames"), *encoder = safetensors_metadata(file, "encoder");
    sites_sizes sizes = {.no_graph = encoder && strcmp(encoder, NO_GRAPH) == 0};
    sites_model *m = NULL;
    if (!format || strcmp(format, FORMAT) != 0 || !sizes_read ||
        sscanf(sizes_read, "%ld %ld %ld %ld", &sizes.n_latent, &sizes.n_trunk, &sizes.n_decoder, &sizes.n_last) != 4)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                              "not a generating model (metadata format %s is wanted); give another --model", FORMAT);
    else if (!made_for || strcmp(made_for, digest) != 0)
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                              "made for other site tables than this version's; use the model of this version");
    else if (!holds(file, &sizes))
        status = diag_fail_at(diag, DEEPSTRUC_BAD_INPUT, path, 0,
                              "has fewer numbers than layers of its sizes, %s; it is damaged", sizes_read);
    else
        status = sites_model_create(&m, frames, &sizes, false, diag);
    if (status == DEEPSTRUC_OK)
        status = fill_values(m, file, path, diag);
    safetensors_destroy(file);
    if (status != DEEPSTRUC_OK) {
        sites_model_destroy(m);
        return status;
    }
    *out = m;
    return DEEPSTRUC_OK;
}

#else
typedef int sites_file_is_float_only; /* a translation unit holds at least one declaration */
#endif
