/* Settings and instrument files: what they hold is in place before the options are read, which win. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <deepstruc/calibrate.h>
#include <deepstruc/settings.h>

#include "cli/cli.h"

#define ROW(name, kind, field, metavar, help)                                                                          \
    {                                                                                                                  \
        name, kind, offsetof(cli_files, field), 0, 0, true, metavar, help                                              \
    }
const deepstruc_field cli_files_fields[] = {
    ROW("settings", DEEPSTRUC_FIELD_TEXT, settings, "FILE.json",
        "settings as --print-settings writes them; options win"),
    ROW("instrument", DEEPSTRUC_FIELD_TEXT, instrument, "FILE.json",
        "qdamp and qbroad as calibrate writes them; options win"),
    ROW("print-settings", DEEPSTRUC_FIELD_FLAG, print_settings, NULL, "print every effective setting as JSON and stop"),
    {0}};
#undef ROW

enum { MOST_PARTS = 16 };

/* Every group but that of the files themselves, and the seed and threads. */
static void parts_of(deepstruc_settings_part *part, const cli_group *groups, const cli_common *common)
{
    size_t n = 0;
    for (; groups->fields && n + 2 < MOST_PARTS; groups++)
        if (groups->fields != cli_files_fields)
            part[n++] = (deepstruc_settings_part){groups->fields, groups->settings};
    part[n++] = (deepstruc_settings_part){cli_kept_fields, (void *)common};
    part[n] = (deepstruc_settings_part){0};
}

/* The last value of an option in the arguments; NULL where it is not there. */
static const char *value_of(const cli_call *call, const char *name)
{
    size_t length = strlen(name);
    const char *found = NULL;
    for (int i = 0; i < call->argc && strcmp(call->argv[i], "--") != 0; i++) {
        const char *argument = call->argv[i];
        if (strncmp(argument, name, length) != 0)
            continue;
        if (argument[length] == '=')
            found = argument + length + 1;
        else if (argument[length] == '\0' && i + 1 < call->argc)
            found = call->argv[++i];
    }
    return found;
}

static void set_number(const cli_group *groups, const char *name, double value)
{
    for (; groups->fields && isfinite(value); groups++)
        for (const deepstruc_field *field = groups->fields; field->name; field++)
            if (strcmp(field->name, name) == 0)
                *(double *)((char *)groups->settings + field->offset) = value;
}

int cli_read_files(cli_call *call, const cli_group *groups)
{
    bool reads = false;
    for (const cli_group *group = groups; group->fields; group++)
        reads |= group->fields == cli_files_fields;
    const char *settings = reads ? value_of(call, "--settings") : NULL;
    const char *instrument = reads ? value_of(call, "--instrument") : NULL;
    deepstruc_settings_part part[MOST_PARTS];
    deepstruc_diag diag = {0};
    parts_of(part, groups, &call->common);
    if (settings && deepstruc_settings_read(&call->settings, part, settings, &diag) != DEEPSTRUC_OK)
        return cli_fail(&diag);
    if (!instrument)
        return CLI_CONTINUE;
    deepstruc_instrument found;
    if (deepstruc_instrument_read(&found, instrument, &diag) != DEEPSTRUC_OK)
        return cli_fail(&diag);
    set_number(groups, "qdamp", found.qdamp);
    set_number(groups, "qdamp-esd", found.qdamp_esd);
    set_number(groups, "qbroad", found.qbroad);
    return CLI_CONTINUE;
}

int cli_print_settings(const cli_call *call, const cli_group *groups)
{
    deepstruc_settings_part part[MOST_PARTS];
    parts_of(part, groups, &call->common);
    char *text = deepstruc_settings_text(part);
    if (!text)
        return cli_fail(&(deepstruc_diag){.status = DEEPSTRUC_NO_MEMORY, .message = "out of memory"});
    puts(text);
    free(text);
    return CLI_OK;
}
