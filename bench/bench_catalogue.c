/* The rich catalogue: building it for windows as `solve` wants them, and the whole one built against read from its
 * file. Beside it stands what telling shapes apart costs by sorting all distances instead of by moments. Medians of
 * seven, in seconds of one core. */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "processor.h"
#include <deepstruc/cluster.h>

enum { N_REPEATS = 7 };

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void must(deepstruc_status status, const deepstruc_diag *diag)
{
    if (status != DEEPSTRUC_OK) {
        fprintf(stderr, "%s\n", diag->message);
        exit(1);
    }
}

/* Median seconds to open (path) or enumerate (NULL) a window; how many shapes. */
static double measure(const char *path, size_t n_min, size_t n_max, size_t *n_shapes)
{
    double seconds[N_REPEATS];
    for (int i = 0; i < N_REPEATS; i++) {
        deepstruc_catalogue *catalogue = NULL;
        deepstruc_diag diag;
        double start = processor_seconds();
        deepstruc_status status = path ? deepstruc_catalogue_open(&catalogue, path, n_min, n_max, NULL, &diag)
                                       : deepstruc_catalogue_rich(&catalogue, n_min, n_max, &diag);
        must(status, &diag);
        seconds[i] = processor_seconds() - start;
        *n_shapes = catalogue->n;
        deepstruc_catalogue_destroy(catalogue);
    }
    qsort(seconds, N_REPEATS, sizeof *seconds, rising);
    return seconds[N_REPEATS / 2];
}

/* Seconds to build one in `stride` shapes of a window and sort its distances, times `stride`. */
static double sort_all_distances(size_t n_min, size_t n_max, size_t stride, double *building)
{
    deepstruc_catalogue *catalogue = NULL;
    deepstruc_diag diag;
    double *distance = malloc(n_max * n_max / 2 * sizeof *distance), built = 0;
    must(deepstruc_catalogue_rich(&catalogue, n_min, n_max, &diag), &diag);
    double start = processor_seconds();
    for (size_t i = 0; distance && i < catalogue->n; i += stride) {
        deepstruc_cluster *cluster;
        double begin = processor_seconds();
        if (deepstruc_cluster_build(&cluster, &catalogue->entry[i].recipe, 1, NULL, &diag) != DEEPSTRUC_OK)
            continue;
        built += processor_seconds() - begin;
        size_t n = 0;
        for (size_t a = 0; a < cluster->n_atoms; a++)
            for (size_t b = 0; b < a; b++) {
                const double *p = cluster->xyz + 3 * a, *q = cluster->xyz + 3 * b;
                double x = p[0] - q[0], y = p[1] - q[1], z = p[2] - q[2];
                distance[n++] = x * x + y * y + z * z;
            }
        qsort(distance, n, sizeof *distance, rising);
        deepstruc_cluster_destroy(cluster);
    }
    double all = (processor_seconds() - start) * (double)stride;
    *building = built * (double)stride / (double)catalogue->n;
    free(distance);
    deepstruc_catalogue_destroy(catalogue);
    return all;
}

int main(void)
{
    static const size_t windows[][2] = {{30, 80}, {60, 250}, {150, 300}, {5, 1500}};
    size_t n;
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        double seconds = measure(NULL, windows[i][0], windows[i][1], &n);
        printf("%4zu to %4zu atoms: %7zu shapes in %.3f s\n", windows[i][0], windows[i][1], n, seconds);
    }
    char path[] = "/tmp/deepstruc-bench-XXXXXX";
    int descriptor = mkstemp(path);
    if (descriptor < 0)
        return 1;
    close(descriptor);
    deepstruc_catalogue *catalogue = NULL;
    deepstruc_diag diag;
    must(deepstruc_catalogue_open(&catalogue, path, 5, 1500, NULL, &diag), &diag);
    deepstruc_catalogue_destroy(catalogue);
    printf("   5 to 1500 atoms from its file: %.3f s\n", measure(path, 5, 1500, &n));
    unlink(path);
    double building, sorting = sort_all_distances(60, 250, 10, &building);
    printf("  60 to  250 atoms, told apart by sorting their distances: %.2f s; one shape is built in %.1f us\n",
           sorting, 1e6 * building);
    return 0;
}
