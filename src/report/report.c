/* The folder of a result: every part in its turn into a folder under a temporary name, which takes its own at the end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "cluster/writers.h"
#include "report/parts.h"
#include "report/plots.h"

/* Ends `bytes`, saves them as folder/name and frees them. */
static deepstruc_status finish(report_bytes *bytes, const char *folder, const char *name, deepstruc_diag *diag)
{
    deepstruc_status status = bytes->stream ? report_bytes_end(bytes, diag) : DEEPSTRUC_OK;
    if (status == DEEPSTRUC_OK)
        status = report_bytes_save(bytes, folder, name, diag);
    report_bytes_free(bytes);
    return status;
}

static deepstruc_status write_csv(const deepstruc_solution *solution, const char *folder, deepstruc_diag *diag)
{
    report_bytes bytes;
    deepstruc_status status = report_bytes_begin(&bytes, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    report_candidates_csv(solution, bytes.stream);
    return finish(&bytes, folder, "candidates.csv", diag);
}

static deepstruc_status write_structure(const deepstruc_solution *solution, size_t i_candidate, const char *folder,
                                        deepstruc_diag *diag)
{
    char name[REPORT_XYZ_PATH], comment[800];
    report_bytes bytes;
    deepstruc_status status = report_bytes_begin(&bytes, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    report_xyz_path(solution, i_candidate, name);
    report_xyz_comment(solution, i_candidate, comment, sizeof comment);
    cluster_print_xyz(solution->candidate[i_candidate].cluster, comment, bytes.stream);
    return finish(&bytes, folder, name, diag);
}

static deepstruc_status write_structures(const deepstruc_solution *solution, const char *folder, deepstruc_diag *diag)
{
    char path[4400];
    snprintf(path, sizeof path, "%s/candidates", folder);
    if (mkdir(path, 0777) != 0)
        return diag_fail_at(diag, DEEPSTRUC_CANNOT_WRITE, path, 0, "cannot be made: %s", strerror(errno));
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = 0; i < solution->n_candidates && status == DEEPSTRUC_OK; i++)
        if (report_is_shown(solution, i))
            status = write_structure(solution, i, folder, diag);
    return status;
}

static deepstruc_status write_fits(const deepstruc_solution *solution, const deepstruc_pdf *pdf, const char *folder,
                                   deepstruc_diag *diag)
{
    for (size_t i = 0; i < solution->n_fits; i++) {
        char name[40];
        snprintf(name, sizeof name, "fit-%03zu.fgr", i + 1);
        report_bytes bytes;
        deepstruc_status status = report_bytes_begin(&bytes, diag);
        if (status != DEEPSTRUC_OK)
            return status;
        report_fgr(solution, pdf, i, bytes.stream);
        status = finish(&bytes, folder, name, diag);
        if (status != DEEPSTRUC_OK)
            return status;
    }
    return DEEPSTRUC_OK;
}

/* In all three formats; `png` (may be NULL) gets that one's bytes. */
static deepstruc_status write_plot(const char *folder, const char *stem, double width, double height, plot_draw *draw,
                                   const void *subject, report_bytes *png, deepstruc_diag *diag)
{
    static const char *const extension[] = {[PLOT_SVG] = "svg", [PLOT_PNG] = "png", [PLOT_PDF] = "pdf"};
    for (int format = PLOT_SVG; format <= PLOT_PDF; format++) {
        char name[40];
        snprintf(name, sizeof name, "%s.%s", stem, extension[format]);
        report_bytes bytes;
        deepstruc_status status = plot_render(&bytes, (plot_format)format, width, height, draw, subject, diag);
        if (status != DEEPSTRUC_OK)
            return status;
        status = report_bytes_save(&bytes, folder, name, diag);
        if (format == PLOT_PNG && png)
            *png = bytes;
        else
            report_bytes_free(&bytes);
        if (status != DEEPSTRUC_OK)
            return status;
    }
    return DEEPSTRUC_OK;
}

/* One candidate's curves; `calc` has room for them. */
static deepstruc_status make_fit(plot_fit_subject *fit, const deepstruc_solution *solution, size_t i_candidate,
                                 report_curves *curves, double *calc, deepstruc_diag *diag)
{
    *fit = (plot_fit_subject){.target = solution->target,
                              .candidate = &solution->candidate[i_candidate],
                              .n = curves->n,
                              .rmin = curves->rmin,
                              .rstep = curves->rstep,
                              .data = curves->data,
                              .calc = calc};
    return report_curves_evaluate(curves, fit->candidate, calc, diag);
}

static deepstruc_status write_fit_plots(const deepstruc_solution *solution, report_curves *curves, const char *folder,
                                        report_pictures *pictures, deepstruc_diag *diag)
{
    double *calc = memory_zeroed(2 * curves->n, sizeof *calc);
    if (!calc)
        return diag_no_memory(diag);
    size_t i_other = report_next_family(solution);
    plot_next_subject next;
    deepstruc_status status = make_fit(&next.best, solution, 0, curves, calc, diag);
    if (status == DEEPSTRUC_OK)
        status =
            write_plot(folder, "fit", PLOT_FIT_WIDTH, PLOT_FIT_HEIGHT, plot_draw_fit, &next.best, &pictures->fit, diag);
    if (status == DEEPSTRUC_OK && i_other < solution->n_candidates) {
        status = make_fit(&next.other, solution, i_other, curves, calc + curves->n, diag);
        if (status == DEEPSTRUC_OK)
            status =
                write_plot(folder, "next-family", PLOT_NEXT_WIDTH, PLOT_NEXT_HEIGHT, plot_draw_next, &next, NULL, diag);
    }
    free(calc);
    return status;
}

static deepstruc_status write_maps(const deepstruc_solution *solution, const deepstruc_pdf *pdf, const char *folder,
                                   report_pictures *pictures, deepstruc_diag *diag)
{
    size_t *shown = memory_zeroed(solution->n_candidates, sizeof *shown);
    if (!shown)
        return diag_no_memory(diag);
    plot_rw_size_subject sizes = {solution, shown, report_map_points(solution, shown)};
    deepstruc_status status =
        write_plot(folder, "rw-size", PLOT_MAP_WIDTH, PLOT_MAP_HEIGHT, plot_draw_rw_size, &sizes, &pictures->map, diag);
    free(shown);
    const deepstruc_latent_map *map = solution->latent;
    if (status != DEEPSTRUC_OK || !report_has_map(solution))
        return status;
    deepstruc_latent_place place = {
        text_basename(pdf->file), {map->mean[0], map->mean[1]}, {map->sigma[0], map->sigma[1]}};
    plot_latent_subject latent = {map, &place, 1};
    return write_plot(folder, "latent", PLOT_LATENT_WIDTH, PLOT_LATENT_HEIGHT, plot_draw_latent, &latent, NULL, diag);
}

static deepstruc_status write_page(const deepstruc_solution *solution, const deepstruc_pdf *pdf, report_curves *curves,
                                   const report_pictures *pictures, const char *folder, deepstruc_diag *diag)
{
    report_bytes page;
    json_t *result = report_result(solution, pdf, NAN);
    deepstruc_status status =
        result ? report_page(solution, curves, result, pictures, &page, diag) : diag_no_memory(diag);
    json_decref(result);
    return status == DEEPSTRUC_OK ? finish(&page, folder, "report.html", diag) : status;
}

/* What people look at: the plots, and the page that holds them. */
static deepstruc_status write_pictures(const deepstruc_solution *solution, const deepstruc_pdf *pdf, const char *folder,
                                       deepstruc_diag *diag)
{
    report_curves curves;
    report_pictures pictures = {0};
    deepstruc_status status = report_curves_create(&curves, solution->target, pdf, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = write_fit_plots(solution, &curves, folder, &pictures, diag);
    if (status == DEEPSTRUC_OK)
        status = write_maps(solution, pdf, folder, &pictures, diag);
    if (status == DEEPSTRUC_OK)
        status = write_page(solution, pdf, &curves, &pictures, folder, diag);
    report_curves_destroy(&curves);
    report_bytes_free(&pictures.fit);
    report_bytes_free(&pictures.map);
    return status;
}

/* Last, so that the time it states covers the rest. */
static deepstruc_status write_result(const deepstruc_solution *solution, const deepstruc_pdf *pdf, const char *folder,
                                     double start_s, deepstruc_diag *diag)
{
    report_bytes bytes;
    deepstruc_status status = report_bytes_begin(&bytes, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    json_t *result = report_result(solution, pdf, clock_seconds() - start_s);
    if (!result || json_dumpf(result, bytes.stream, JSON_INDENT(2) | JSON_REAL_PRECISION(10)) != 0) {
        report_bytes_free(&bytes);
        status = diag_no_memory(diag);
    } else {
        fputc('\n', bytes.stream);
        status = finish(&bytes, folder, "result.json", diag);
    }
    json_decref(result);
    return status;
}

deepstruc_status deepstruc_report_write(const deepstruc_solution *solution, const deepstruc_pdf *pdf, const char *dir,
                                        bool force, deepstruc_diag *diag)
{
    double start_s = clock_seconds();
    if (!solution || !pdf || !dir || !solution->target || solution->n_candidates == 0 ||
        solution->n_fits > solution->n_candidates)
        return diag_fail(diag, DEEPSTRUC_BAD_ARGUMENT, "a report needs a solution with at least one candidate");
    file_folder folder;
    deepstruc_status status = file_folder_open(&folder, dir, force, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = write_csv(solution, folder.temporary, diag);
    if (status == DEEPSTRUC_OK)
        status = write_structures(solution, folder.temporary, diag);
    if (status == DEEPSTRUC_OK)
        status = write_fits(solution, pdf, folder.temporary, diag);
    if (status == DEEPSTRUC_OK)
        status = write_pictures(solution, pdf, folder.temporary, diag);
    if (status == DEEPSTRUC_OK)
        status = write_result(solution, pdf, folder.temporary, start_s, diag);
    if (status == DEEPSTRUC_OK)
        return file_folder_commit(&folder, diag);
    file_folder_abandon(&folder);
    if (diag && diag->file[0]) /* the user knows the folder by its own name, not by the temporary one */
        text_copy(diag->file, sizeof diag->file, dir);
    return status;
}
