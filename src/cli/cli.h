/* The command line's own tools: one table of commands, options from the library's tables of settings, progress, errors.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <deepstruc/ranks.h>
#include <deepstruc/settings.h>

enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2, CLI_CONTINUE = -1 };

typedef struct cli_call cli_call;

typedef struct {
    const char *name;
    const char *operands; /* "FILE.gr... [-o DIR]" */
    const char *summary;  /* one line for the list of commands */
    const char *details;  /* shown by --help below the summary; may be "" */
    int (*run)(cli_call *call);
    bool shared; /* its work is shared by the ranks of mpirun */
} cli_command;

/* Options that every command has. */
typedef struct {
    const char *output; /* -o, --output; NULL: the command's default */
    bool force, quiet, help;
    long seed, threads;
} cli_common;

/* A table of settings and the struct it fills: each row is one option. The last group of an array has fields = NULL. */
typedef struct {
    const char *heading;
    const deepstruc_field *fields;
    void *settings;
} cli_group;

/* Hears a command's options in place of its run: what man page, completions and reference are made from. */
typedef struct {
    void (*visit)(void *user, const cli_command *command, const cli_group *groups);
    void *user;
} cli_visitor;

/* The files that a command takes its settings from: one of its groups. */
typedef struct {
    const char *settings, *instrument;
    bool print_settings;
} cli_files;
extern const deepstruc_field cli_files_fields[];

struct cli_call {
    const cli_command *command;
    const cli_visitor *visitor; /* NULL: the command is to run */
    int argc;                   /* arguments behind the command's name */
    char **argv;
    cli_common common;
    deepstruc_settings_file *settings; /* owns the text of what was read; NULL: nothing */
    int n_operands;                    /* filled by cli_parse */
    char **operands;
    deepstruc_ranks *ranks; /* NULL: one process */
};

/* Fills the groups' structs and call->common from the files that the arguments name and the arguments, checks ranges
 * and the number of operands. CLI_CONTINUE: go on. Anything else is the exit code (help was printed, or the one line
 * that says what is wrong). */
int cli_parse(cli_call *call, const cli_group *groups, int min_operands, int max_operands);

/* Every setting of the groups as a settings file on standard output; the exit code. */
int cli_print_settings(const cli_call *call, const cli_group *groups);
/* What cli_parse does first: settings and instrument files into the groups. */
int cli_read_files(cli_call *call, const cli_group *groups);
/* Those options of every command that a settings file keeps: seed and threads, of a cli_common. */
extern const deepstruc_field cli_kept_fields[];

/* Every command's options to the visitor, in the order of --help; a command may be heard more than once, when its
 * options depend on its arguments. */
void cli_visit(const cli_visitor *visitor);
/* The options that every command has, with their defaults; and the letter of an option, 0 where it has none. */
extern const cli_group cli_common_group;
char cli_letter(const char *name);
/* "(0.3)", the value of a field as help shows it; "" where nothing is set. */
void cli_default(char *out, size_t size, const deepstruc_field *field, const void *settings);

/* The known name that is nearest to a wrong one: fill `wanted`, try all names; `name` is NULL when none is near. */
typedef struct {
    const char *wanted, *name;
    int distance;
} cli_near;
void cli_near_try(cli_near *near, const char *name);

/* Prints the one line of a failure; answers CLI_FAILED. */
int cli_fail(const deepstruc_diag *diag);
/* The same for wrong usage; answers CLI_USAGE. */
int cli_usage(const cli_call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Joins the job of mpirun, if there is one, before a command runs. CLI_CONTINUE: go on. */
int cli_ranks_begin(cli_call *call);
/* Whether this process speaks for the job: rank 0 prints, the others work. */
bool cli_leads(const cli_call *call);
/* cli_fail by the rank that leads, of a failure that all ranks share. */
int cli_fail_together(const cli_call *call, const deepstruc_diag *diag);

/* The file of a model, given by name or path; NULL: the default model. False when there is none. */
bool cli_find_model(const char *name, char *out, size_t size);

/* Where what can be made again is kept between calls: deepstruc/ in $XDG_CACHE_HOME or in ~/.cache, made when it is not
 * there. False: nowhere, which costs time only. */
bool cli_cache_folder(char *out, size_t size);

/* EXISTS when there is something at `path` and no `force`: said before the work, not after it. NULL and "-" are free.
 */
deepstruc_status cli_refuse_existing(const char *path, bool force, deepstruc_diag *diag);

/* Progress on stderr: a bar on a terminal, plain lines elsewhere, nothing for what takes under a second or with
 * --quiet. SIGINT and SIGTERM make `cancelled` true. One at a time. */
const deepstruc_progress *cli_progress_begin(const cli_call *call);
void cli_progress_end(void);

/* Seconds of a clock that only goes forward; differences count. */
double cli_now(void);

/* Every command, in the order of --help; ends with a NULL. */
extern const cli_command *const cli_commands[];

#endif
