/* deepstruc convert: structures, PDFs and training sets of the field's programs to ours and back. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <deepstruc/dataset.h>
#include <deepstruc/project.h>

#include "cli/cli.h"

typedef enum { PDF, STRUCTURE, SET, XYZ_FOLDER, PROJECT } kind;

typedef struct {
    double biso;
    deepstruc_pdf_settings pdf;
} options;

static const deepstruc_field structure_fields[] = {{"stru-biso", DEEPSTRUC_FIELD_DOUBLE, offsetof(options, biso), 0,
                                                    100, false, "Å^2", "Biso written into a .stru file"},
                                                   {0}};

static bool ends_with(const char *path, const char *ending)
{
    size_t n = strlen(path), m = strlen(ending);
    return n >= m && strcasecmp(path + n - m, ending) == 0;
}

static bool is_structure_name(const char *path)
{
    return ends_with(path, ".xyz") || ends_with(path, ".extxyz") || ends_with(path, ".stru") || ends_with(path, ".cif");
}

static int is_structure_entry(const struct dirent *entry)
{
    return is_structure_name(entry->d_name);
}

static int is_graph_entry(const struct dirent *entry)
{
    return ends_with(entry->d_name, ".h5");
}

static int count_entries(const char *folder, int (*wanted)(const struct dirent *))
{
    struct dirent **entry = NULL;
    int n = scandir(folder, &entry, wanted, alphasort);
    for (int i = 0; i < n; i++)
        free(entry[i]);
    free(entry);
    return n;
}

static kind kind_of(const char *path)
{
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return count_entries(path, is_graph_entry) > 0 ? SET : XYZ_FOLDER;
    return is_structure_name(path)                               ? STRUCTURE
           : ends_with(path, ".h5")                              ? SET
           : ends_with(path, ".ddp") || ends_with(path, ".ddp3") ? PROJECT
                                                                 : PDF;
}

/* ---- one file to one file --------------------------------------------------------------------------------------- */

static deepstruc_status convert_structure(const cli_call *call, const options *o, deepstruc_diag *diag)
{
    const char *output = call->common.output;
    bool force = call->common.force;
    deepstruc_cluster *cluster;
    deepstruc_status status = deepstruc_cluster_read(&cluster, call->operands[0], diag);
    if (status != DEEPSTRUC_OK)
        return status;
    if (ends_with(output, ".cif"))
        status = deepstruc_cluster_write_cif(cluster, output, force, diag);
    else if (ends_with(output, ".stru"))
        status = deepstruc_cluster_write_stru(cluster, output, o->biso, force, diag);
    else
        status = deepstruc_cluster_write_xyz(cluster, output, NULL, force, diag);
    deepstruc_cluster_destroy(cluster);
    return status;
}

static deepstruc_status convert_pdf(const cli_call *call, deepstruc_diag *diag)
{
    deepstruc_pdf *pdf;
    deepstruc_status status = deepstruc_pdf_read(&pdf, call->operands[0], diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = deepstruc_pdf_write(pdf, call->common.output, call->common.force, diag);
    for (size_t i = 0; status == DEEPSTRUC_OK && !call->common.quiet && i < pdf->notes.n; i++)
        printf("note: %s\n", pdf->notes.text[i]);
    deepstruc_pdf_destroy(pdf);
    return status;
}

/* ---- structures to a training set ------------------------------------------------------------------------------- */

typedef struct {
    char **path;
    size_t n;
} paths;

static void paths_clear(paths *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->path[i]);
    free(list->path);
}

static bool paths_add(paths *list, const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char **grown = realloc(list->path, (list->n + 1) * sizeof *grown);
    if (!grown)
        return false;
    list->path = grown;
    list->path[list->n] = malloc(size);
    if (!list->path[list->n])
        return false;
    snprintf(list->path[list->n++], size, "%s%s%s", folder, *folder ? "/" : "", name);
    return true;
}

/* Every structure file that the operands name, folders opened, in the order of their names. */
static bool paths_collect(paths *list, const cli_call *call)
{
    bool enough = true;
    for (int i = 0; i < call->n_operands; i++) {
        if (kind_of(call->operands[i]) != XYZ_FOLDER) {
            enough = enough && paths_add(list, "", call->operands[i]);
            continue;
        }
        struct dirent **entry = NULL;
        int n = scandir(call->operands[i], &entry, is_structure_entry, alphasort);
        for (int k = 0; k < n; k++) {
            enough = enough && paths_add(list, call->operands[i], entry[k]->d_name);
            free(entry[k]);
        }
        free(entry);
    }
    return enough;
}

static deepstruc_status out_of_memory(deepstruc_diag *diag)
{
    *diag = (deepstruc_diag){.status = DEEPSTRUC_NO_MEMORY, .message = "out of memory"};
    return DEEPSTRUC_NO_MEMORY;
}

static deepstruc_status simulate_set(deepstruc_dataset **set, const paths *list, const options *o, deepstruc_diag *diag)
{
    deepstruc_cluster **cluster = calloc(list->n + 1, sizeof *cluster);
    if (!cluster)
        return out_of_memory(diag);
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = 0; status == DEEPSTRUC_OK && i < list->n; i++)
        status = deepstruc_cluster_read(&cluster[i], list->path[i], diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_dataset_of_clusters(set, (const deepstruc_cluster *const *)cluster, list->n, &o->pdf, diag);
    for (size_t i = 0; i < list->n; i++)
        deepstruc_cluster_destroy(cluster[i]);
    free(cluster);
    return status;
}

static deepstruc_status read_set(deepstruc_dataset **set, const cli_call *call, const options *o, deepstruc_diag *diag)
{
    if (kind_of(call->operands[0]) == SET)
        return deepstruc_dataset_read(set, call->operands[0], diag);
    paths list = {0};
    deepstruc_status status = paths_collect(&list, call) ? DEEPSTRUC_OK : out_of_memory(diag);
    if (status == DEEPSTRUC_OK && list.n == 0) {
        *diag = (deepstruc_diag){.status = DEEPSTRUC_CANNOT_READ,
                                 .message = "is a folder without .h5, .xyz, .stru or .cif files"};
        snprintf(diag->file, sizeof diag->file, "%s", call->operands[0]);
        status = diag->status;
    }
    if (status == DEEPSTRUC_OK)
        status = simulate_set(set, &list, o, diag);
    paths_clear(&list);
    return status;
}

/* ---- a training set to files ------------------------------------------------------------------------------------ */

/* FOLDER/NAME.ENDING with what file names do not like replaced. */
static void file_name(char out[PATH_MAX], const char *folder, const char *name, const char *ending)
{
    size_t start = (size_t)snprintf(out, PATH_MAX, "%s/", folder);
    snprintf(out + start, PATH_MAX - start, "%s%s", name, ending);
    for (char *c = out + start; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("._-,", *c))
            *c = '-';
}

static deepstruc_status write_one(const deepstruc_dataset *set, size_t i, const char *folder, deepstruc_diag *diag)
{
    char path[PATH_MAX];
    deepstruc_cluster *cluster = NULL;
    deepstruc_pdf *pdf = NULL;
    deepstruc_status status = deepstruc_dataset_structure(set, i, &cluster, diag);
    if (status == DEEPSTRUC_OK)
        status = deepstruc_dataset_pdf(set, i, &pdf, diag);
    if (status == DEEPSTRUC_OK) {
        file_name(path, folder, cluster->name, ".xyz");
        status = deepstruc_cluster_write_xyz(cluster, path, NULL, false, diag);
    }
    if (status == DEEPSTRUC_OK) {
        file_name(path, folder, cluster->name, ".gr");
        status = deepstruc_pdf_write(pdf, path, false, diag);
    }
    deepstruc_pdf_destroy(pdf);
    deepstruc_cluster_destroy(cluster);
    return status;
}

static void remove_folder(const char *folder)
{
    struct dirent **entry = NULL;
    char path[PATH_MAX];
    int n = scandir(folder, &entry, NULL, NULL);
    for (int i = 0; i < n; i++) {
        if (snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name) < PATH_MAX)
            unlink(path);
        free(entry[i]);
    }
    free(entry);
    rmdir(folder);
}

static deepstruc_status folder_failed(deepstruc_diag *diag, deepstruc_status status, const char *folder,
                                      const char *why)
{
    *diag = (deepstruc_diag){.status = status};
    snprintf(diag->file, sizeof diag->file, "%s", folder);
    snprintf(diag->message, sizeof diag->message, "%s", why);
    return status;
}

/* The folder is filled under another name and appears when it is complete. */
static deepstruc_status write_folder(const deepstruc_dataset *set, const char *folder, deepstruc_diag *diag)
{
    char temporary[PATH_MAX];
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    if (access(folder, F_OK) == 0)
        return folder_failed(diag, DEEPSTRUC_EXISTS, folder, "exists already; choose another name for the folder");
    if (snprintf(temporary, sizeof temporary, "%.*s.tmp-XXXXXX", (int)length, folder) >= PATH_MAX ||
        !mkdtemp(temporary))
        return folder_failed(diag, DEEPSTRUC_CANNOT_WRITE, folder, strerror(errno));
    mode_t mask = umask(0);
    umask(mask);
    chmod(temporary, 0777 & ~mask);
    deepstruc_status status = DEEPSTRUC_OK;
    for (size_t i = 0; status == DEEPSTRUC_OK && i < deepstruc_dataset_size(set); i++)
        status = write_one(set, i, temporary, diag);
    if (status == DEEPSTRUC_OK && rename(temporary, folder) != 0)
        status = folder_failed(diag, DEEPSTRUC_CANNOT_WRITE, folder, strerror(errno));
    if (status != DEEPSTRUC_OK)
        remove_folder(temporary);
    return status;
}

static deepstruc_status convert_set(const cli_call *call, const options *o, deepstruc_diag *diag)
{
    const char *output = call->common.output;
    deepstruc_dataset *set = NULL;
    deepstruc_status status = read_set(&set, call, o, diag);
    if (status != DEEPSTRUC_OK)
        return status;
    status = ends_with(output, ".h5") ? deepstruc_dataset_write(set, output, call->common.force, diag)
                                      : write_folder(set, output, diag);
    if (status == DEEPSTRUC_OK && !call->common.quiet) {
        char text[256];
        deepstruc_dataset_describe(set, text, sizeof text);
        printf("%s: %s\n", output, text);
    }
    deepstruc_dataset_destroy(set);
    return status;
}

/* ---- a project of PDFgui's -------------------------------------------------------------------------------------- */

static deepstruc_status convert_project(const cli_call *call, deepstruc_diag *diag)
{
    deepstruc_notes notes = {0};
    deepstruc_status status = deepstruc_project_unpack(call->operands[0], call->common.output, &notes, diag);
    for (size_t i = 0; i < notes.n; i++) {
        if (status == DEEPSTRUC_OK && !call->common.quiet)
            printf("note: %s\n", notes.text[i]);
        free(notes.text[i]);
    }
    free(notes.text);
    if (status == DEEPSTRUC_OK && !call->common.quiet)
        printf("%s: project.json says what is there\n", call->common.output);
    return status;
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

static int run(cli_call *call)
{
    options o = {.biso = 0.3, .pdf = deepstruc_pdf_settings_default()};
    const cli_group groups[] = {{"Structures", structure_fields, &o},
                                {"PDFs of a training set made from structures", deepstruc_pdf_settings_fields, &o.pdf},
                                {0}};
    int code = cli_parse(call, groups, 1, INT_MAX);
    if (code != CLI_CONTINUE)
        return code;
    const char *output = call->common.output;
    if (!output)
        return cli_usage(call, "wants -o OUTPUT, whose ending says what to write");
    kind from = kind_of(call->operands[0]);
    bool to_set = ends_with(output, ".h5"), to_structure = is_structure_name(output), to_pdf = ends_with(output, ".gr");
    if (call->n_operands > 1 && !(to_set && from != SET))
        return cli_usage(call, "several inputs make a training set only: -o SET.h5");
    deepstruc_diag diag = {0};
    deepstruc_status status;
    if (from == STRUCTURE && to_structure)
        status = convert_structure(call, &o, &diag);
    else if (from == PDF && to_pdf)
        status = convert_pdf(call, &diag);
    else if (from == PROJECT && (to_set || to_structure || to_pdf))
        return cli_usage(call, "makes a folder of a project of PDFgui's: -o FOLDER, not %s", output);
    else if (from == PROJECT)
        status = convert_project(call, &diag);
    else if (from != PDF && !to_structure && !to_pdf && (to_set || from == SET))
        status = convert_set(call, &o, &diag);
    else
        return cli_usage(call,
                         "cannot make %s of %s; simulate makes a PDF of a structure, solve and refine the other way",
                         output, call->operands[0]);
    return status == DEEPSTRUC_OK ? CLI_OK : cli_fail(&diag);
}

const cli_command cli_command_convert = {
    .name = "convert",
    .operands = "INPUT... -o OUTPUT",
    .summary = "Files of DeepStruc, PDFgui and diffpy to ours and back",
    .details =
        "The endings say what is meant:\n\n"
        "  particle.stru -o particle.xyz         structures: .xyz, .cif, .stru (PDFfit), each to each\n"
        "  fit.fgr -o measured.gr                PDFs of any dialect; of a fit, the measured curve\n"
        "  graphs/ -o set.h5                     DeepStruc's graph files (one, or a folder) to a training set\n"
        "  structures/ -o set.h5                 structures (files or a folder) to a training set; PDFs simulated\n"
        "  set.h5 -o folder                      a training set, or graph files, to a .xyz and a .gr each\n"
        "  project.ddp -o folder                 PDFgui's projects: .stru, .xyz, .gr, a settings file for each .gr",
    .run = run,
};
